"""Where a parser of XML stands, as its handlers are told: the same once it is made again."""

from __future__ import annotations

import io
import xml.sax
from typing import Any
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from legacy_seam.values import Allow, decode, encode


class Titles(ContentHandler):
    """Notes each element, and itself as it is then."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str, tuple[object, ...]]] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        locator: Any = self._locator  # type: ignore[attr-defined]
        where = locator.getLineNumber(), locator.getColumnNumber(), locator.getSystemId(), locator.getPublicId()
        self.seen.append((encode(locator), encode(attrs), where))


def test_handlers_are_told_where_the_parser_stands() -> None:
    handler = Titles()
    xml.sax.parse(io.StringIO("<books>\n  <book id='1'/></books>"), handler)
    assert [text for text, _, _ in handler.seen] == [
        "xml.locator(1, 0, None, None)",
        "xml.locator(2, 2, None, None)",
    ]
    for text, attributes, where in handler.seen:
        made: Any = decode(text)
        assert (made.getLineNumber(), made.getColumnNumber(), made.getSystemId(), made.getPublicId()) == where
        assert encode(made) == text
        assert encode(decode(attributes)) == attributes
    last: Any = decode(handler.seen[-1][1])
    assert last.getValue("id") == "1"


def test_a_parser_that_is_gone_stands_nowhere() -> None:
    handler = Titles()
    xml.sax.parse(io.StringIO("<books/>"), handler)
    text = encode(handler)
    assert "_locator=xml.locator()" in text
    again: Any = decode(text, allow=Allow.for_modules(__name__))
    assert encode(again) == text
