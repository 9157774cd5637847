"""Pages made of text, from files, with most of the extras."""

import re
from pathlib import Path

import markdown2

TEXT = """\
Title: A page
Tags: one, two

# A heading

Some *emphasis*, some **strength**, `code` and a <b>tag</b>, http://example.com/, <ann@example.com>.
A footnote[^1], a [link](http://example.com "there"), an ![image](a.png) and a [reference][ref].

- one
- two
    1. nested
    2. again

* [ ] to do
* [x] done

> quoted
> twice

```python
print("fenced")
```

| name | price |
|------|------:|
| Emma |  7.50 |

    indented code

<div markdown="1">
*within*
</div>

Term ~~struck~~ H^2^O -- "smart" 'quotes'...

---

[^1]: The note.
[ref]: http://example.com/ref 'A title'
"""
Path("page.md").write_text("\n".join(TEXT.split("\n")[3:]))
print(len(markdown2.markdown(TEXT)), len(markdown2.markdown_path("page.md")))
for extras in (
    ["metadata", "footnotes", "fenced-code-blocks", "tables", "header-ids", "toc"],
    ["cuddled-lists", "task_list", "strike", "smarty-pants", "markdown-in-html", "break-on-newline"],
    {"code-friendly": None, "html-classes": {"table": "wide", "code": "source"}, "tables": None},
    [
        "wiki-tables",
        "spoiler",
        "tg-spoiler",
        "nofollow",
        "target-blank-links",
        "numbering",
        "pyshell",
        "xml",
        "tag-friendly",
    ],
):
    page = markdown2.markdown(TEXT, extras=extras, safe_mode="escape" if "xml" in extras else None)
    print(len(page), getattr(page, "metadata", None), len(page.toc_html or ""))
linked = markdown2.Markdown(
    extras=["link-patterns"], link_patterns=[(re.compile(r"issue (\d+)"), r"http://example.com/\1")]
)
print(linked.convert("See issue 12."))
maker = markdown2.Markdown(extras=["header-ids"], html4tags=True, tab_width=2)
print(maker.convert("# Same\n\n# Same\n\n![x](y)"), maker.convert("plain\n=====\n\n1. a\n2. b"))
print(markdown2.markdown("<script>alert(1)</script> *a* [x](javascript:alert)", safe_mode="replace"))
