"""News by mail, as a cron job sends them: feeds kept, fetched, mailed into a maildir, imported and exported."""

import os
import sys
from pathlib import Path

from rss2email.main import run

HERE = Path(__file__).resolve().parent
SETTINGS = Path("rss2email.cfg")

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Shop</title><link>http://shop.example/</link>
<description>What is new</description>{}</channel></rss>"""
ITEM = """<item><title>{n}. News &amp; more</title><link>http://shop.example/{n}</link><guid>id-{n}</guid>
<author>ann@shop.example (Ann)</author><pubDate>Sat, 0{n} Feb 2020 10:00:00 GMT</pubDate><category>tea</category>
<description>&lt;p&gt;Tea for &lt;b&gt;{n}&lt;/b&gt;, caf\u00e9&lt;/p&gt;&lt;img src="a.png"/&gt;</description></item>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Plain</title><id>urn:plain</id>
<updated>2020-02-29T12:00:00Z</updated><entry><title type="html">A &lt;i&gt;slanted&lt;/i&gt; one</title><id>urn:1</id>
<updated>2020-02-29T12:00:00Z</updated><author><name>Bob</name></author>
<link rel="enclosure" href="http://plain.example/a.mp3" type="audio/mpeg"/><content type="html">&lt;ul&gt;&lt;li&gt;
one&lt;/li&gt;&lt;/ul&gt;</content></entry><entry><title>No text</title><id>urn:2</id>
<updated>2020-03-01T12:00:00Z</updated><summary>short</summary></entry></feed>"""
OPML = """<?xml version="1.0"?><opml version="1.0"><head/><body><outline type="rss" text="From elsewhere"
xmlUrl="http://elsewhere.example/feed"/></body></opml>"""


def settings(**changed: str) -> None:
    text = SETTINGS.read_text()
    for name, value in changed.items():
        key = name.replace("_", "-")
        text = "\n".join(f"{key} = {value}" if line.startswith(f"{key} =") else line for line in text.split("\n"))
    SETTINGS.write_text(text)


def r2e(*words: str) -> None:
    print("$ r2e", *words)
    try:
        print(run(["-c", str(SETTINGS), "-d", "rss2email.json", *words]))
    except SystemExit as end:
        print("ended with", end.code)
    sys.stdout.flush()


os.chdir(HERE)
os.environ["XDG_RUNTIME_DIR"] = str(HERE)
shop = Path("shop.xml")
shop.write_text(RSS.format("".join(ITEM.format(n=n) for n in (1, 2))), encoding="utf-8")
Path("plain.atom").write_text(ATOM)
Path("other.opml").write_text(OPML)
r2e("new", "me@example.org")
settings(email_protocol="maildir", maildir_path="mail")
Path("mail").mkdir()
r2e("add", "shop", "shop.xml")
r2e("add", "plain", "plain.atom", "other@example.org")
r2e("add", "old", "plain.atom", "--only-new")
r2e("add", "shop", "shop.xml")
r2e("list")
r2e("run", "--no-send", "1")
r2e("-VVV", "run")
shop.write_text(RSS.format("".join(ITEM.format(n=n) for n in (2, 3))), encoding="utf-8")
settings(html_mail="True", multipart_html="True")
r2e("run")
settings(digest="True", use_publisher_email="True")
r2e("reset", "1")
r2e("run", "1", "2")
r2e("pause", "1")
r2e("list")
r2e("unpause")
r2e("opmlimport", "other.opml")
r2e("opmlexport", "export.opml")
print(Path("export.opml").read_text())
r2e("email", "new@example.org")
r2e("delete", "3")
r2e("run", "--clean", "0", "1")
shop.write_text("this is no feed")
r2e("run", "0")
r2e("run", "99")
r2e("list")
r2e()
print(sum(len(files) for _, _, files in os.walk("mail")))
