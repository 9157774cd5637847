"""Where a parser of XML stands: each handler of `xml.sax` is told it, and most never ask.

It leads to the parser, which stands in the middle of a document. What it says there is all that anybody learns.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from legacy_seam.values.anatomy import attributes_of, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.layout import Draft


class _Standing:
    """A parser as far as it is asked where it stands."""

    def __init__(self, line: int, column: int, system: Any, public: Any) -> None:
        from xml.sax.xmlreader import InputSource

        self._parser = SimpleNamespace(ErrorLineNumber=line, ErrorColumnNumber=column)
        self._source = InputSource(system)
        self._source.setPublicId(public)


_PARSERS = ("xml.sax.expatreader:ExpatParser", name_of(_Standing))


def _locator(value: Any) -> Draft:
    parser: Any = attributes_of(value)["_ref"]  # a proxy
    try:
        if name_of(parser.__class__) not in _PARSERS:
            raise Unreadable("where a parser of its own kind stands")
        where = value.getLineNumber(), value.getColumnNumber(), value.getSystemId(), value.getPublicId()
    except ReferenceError:
        return call("xml.locator")
    return call("xml.locator", *where)


def _make(*where: Any) -> object:
    """With no place, one whose parser is gone."""
    from xml.sax.expatreader import ExpatLocator

    standing: Any = _Standing(*(where or (1, 0, None, None)))
    made: Any = ExpatLocator(standing)
    if where:
        made.standing = standing  # nobody else holds it
    return made


KINDS = (Kind(("xml.sax.expatreader:ExpatLocator",), _locator, "xml.locator", _make, has_identity=True),)
