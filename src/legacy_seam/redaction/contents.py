"""Secrets in files: text by what it says, databases by column, the rest by what stands out.

Contents keep their length, so that programs which jump to an offset find there what they expect. (Those of
databases change through SQL.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from legacy_seam.redaction.cleaned import Cleaned, Searches
from legacy_seam.redaction.databases import Innocents, clean_database
from legacy_seam.redaction.names import Weight
from legacy_seam.redaction.patterns import compiled
from legacy_seam.redaction.search import Place, Search

_CHUNK = 1 << 18
_LONGEST_HEADING = 4096
_SEPARATORS = (",", ";", "\t", "|")
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PAR1": "Parquet",
}
_DATABASE = b"SQLite format 3\0"
_LOGS_OF_DATABASES = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"\x00\x00\x01\x00", b"%PDF")
_PRINTABLE = r"[\x20-\x7e]{12,}"


def clean(content: bytes, search: Searches, may_hold: Callable[[bytes], bool], innocents: Innocents) -> Cleaned:
    """Take the secrets out of the content of a file.

    Args:
        content: the whole of it.
        search: makes a search.
        may_hold: a quick look whether there may be any.
        innocents: cells of databases that need not be searched again.
    """
    if content.startswith(_DATABASE):
        return clean_database(content, search, innocents)
    if content.startswith(_PICTURES):
        return Cleaned(content)
    packed = next((name for magic, name in _PACKED.items() if content.startswith(magic)), None)
    if packed is not None:
        return Cleaned(content, f"it was not examined for secrets: it is packed ({packed})")
    if not may_hold(content):
        return Cleaned(content)
    if content.startswith(_LOGS_OF_DATABASES):
        return _log_of_database(content, search(()))
    encoding = _encoding_of(content)
    if encoding is None:
        cleaned = _bytes(content, search(()))
    else:
        cleaned = _text(content.decode(encoding), search).encode(encoding)
    if len(cleaned) != len(content):
        return Cleaned(None, "it was left out: it holds secrets, and would not keep its length without them")
    return Cleaned(cleaned)


def _encoding_of(content: bytes) -> str | None:
    """How a text is encoded; None for what is no text."""
    if b"\0" in content:
        return None
    try:
        content.decode()
    except UnicodeDecodeError:
        return (
            "latin-1"
            if compiled(r"[\x01-\x08\x0e-\x1a]").search(content[:_CHUNK].decode("latin-1")) is None
            else None
        )
    return "utf-8"


def _text(text: str, search: Searches) -> str:
    first = search(())
    once = "".join(first.text(chunk) for chunk in _chunks(_columns(text, first)))
    if not first.met:
        return once
    second = search(first.met)
    return "".join(second.sub_known(chunk) for chunk in _chunks(once))


def _chunks(text: str) -> Iterator[str]:
    """A text in parts that end with a line."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _CHUNK) + 1 or len(text)
        yield text[start:end]
        start = end


def _bytes(content: bytes, search: Search) -> bytes:
    text = search.text(content.decode("latin-1"), strict=True)
    cleaned = compiled(_PRINTABLE).sub(lambda run: search.text(run[0]), text)
    return cleaned.encode("latin-1")


def _log_of_database(content: bytes, search: Search) -> Cleaned:
    """What is about to go into a database, page by page, with checksums: all or nothing."""
    if _bytes(content, search) == content and not search.met:
        return Cleaned(content)
    return Cleaned(None, "it was left out: changes that a database has not taken over yet hold secrets")


# --- tables -----------------------------------------------------------------------------------------------------


def _columns(text: str, search: Search) -> str:
    """A table with its secret columns covered; anything else as it is."""
    heading, line_end, rows = text.partition("\n")
    if not line_end or len(heading) > _LONGEST_HEADING:
        return text
    separator = max(_SEPARATORS, key=heading.count)
    names = [name.strip().strip('"') for name in heading.rstrip("\r").split(separator)]
    weights = [search.weigh(name) if compiled(r"[\w .-]{1,64}").fullmatch(name) else None for name in names]
    if len(names) < 2 or not any(weights):
        return text
    cell = compiled(rf'("(?:[^"]|"")*"|[^{re.escape(separator)}\r\n]*)({re.escape(separator)}|\r?\n|\Z)')
    pieces, at = [heading, line_end], 0
    for found in cell.finditer(rows):
        value, end = found.groups()
        pieces += [_cell(value, names[at], weights[at], search) if at < len(names) else value, end]
        at = at + 1 if end == separator else 0
    return "".join(pieces)


def _cell(value: str, name: str, weight: Weight | None, search: Search) -> str:
    if weight is None:
        return value
    if len(value) > 1 and value[0] == value[-1] == '"':
        return f'"{search.text(value[1:-1], Place(name, name, weight))}"'
    return search.text(value, Place(name, name, weight))
