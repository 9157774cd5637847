"""What reads and writes formats: CSV, packed structures, digests, headers of mails."""

from __future__ import annotations

from collections.abc import Callable
from gc import get_referents
from itertools import chain, repeat
from typing import Any, NoReturn

from legacy_seam.values.anatomy import attributes_of, getter
from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.layout import Draft

_DIALECT = (
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
)
_MOST_LINES = 10_000_000
_LONGEST_DIGEST = 32
"""Bytes of a digest of any length."""


def _struct(value: Any) -> Draft:
    from struct import Struct

    return call("Struct", vars(Struct)["format"].__get__(value))


def _make_struct(form: str) -> object:
    from struct import Struct

    return Struct(form)


def _dialect(value: Any) -> Draft:
    """What differs from the usual one."""
    usual = _make_dialect()
    settings = {key: getattr(value, key) for key in _DIALECT}
    return call("Dialect", **{key: held for key, held in settings.items() if held != getattr(usual, key)})


def _make_dialect(**settings: Any) -> Any:
    import _csv

    return _csv.Dialect(**settings)


def _csv_parts(value: Any) -> tuple[object, object]:
    """What a reader reads from, or a writer writes with; and the dialect."""
    held = [one for one in get_referents(value) if type(one) is not type]
    dialect = next((one for one in held if type(one).__name__ == "Dialect"), None)
    others = [one for one in held if one is not dialect and type(one) is not list]
    if dialect is None or len(others) != 1:
        raise Unreadable("a reader or writer of CSV in the middle of a row")
    return others[0], dialect


def _reader(value: Any) -> Draft:
    source, dialect = _csv_parts(value)
    lines = value.line_num
    return call("csv.reader", source, dialect, **({"line_num": lines} if lines else {}))


def _make_reader(source: Any, dialect: Any, line_num: int = 0) -> Any:
    import csv

    if not line_num:
        return csv.reader(source, dialect)
    if line_num > _MOST_LINES:
        raise ValueError("nobody has read so many lines")
    made = csv.reader(chain(repeat("", line_num), source), dialect)
    for _ in range(line_num):
        next(made)
    return made


def _writer(value: Any) -> Draft:
    write, dialect = _csv_parts(value)
    return call("csv.writer", write, dialect)


def _make_writer(write: Any, dialect: Any) -> Any:
    import csv

    return csv.writer(_Sink(write), dialect)


class _Sink:
    """What a writer of CSV asks of a file."""

    __slots__ = ("write",)

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write


def _digest(value: Any) -> NoReturn:
    """What was fed to it cannot be read, but what came of it can."""
    kind = type(value)
    so_far = kind.hexdigest(value, _LONGEST_DIGEST) if kind.__name__ in _ENDLESS else kind.hexdigest(value)
    name = getter(kind, "name")(value)
    raise Unreadable(f"{name}, so far {so_far}")


def _keyed_digest(value: Any) -> NoReturn:
    """Done by OpenSSL, or by two digests of which the inner one has all that was fed."""
    own = attributes_of(value)
    _digest(own.get("_hmac") or own["_inner"])


_ENDLESS = ("HASHXOF", "shake_128", "shake_256")

_SHA2 = ("sha224", "sha256", "sha384", "sha512", "SHA224Type", "SHA256Type", "SHA384Type", "SHA512Type")
_SHA3 = ("sha3_224", "sha3_256", "sha3_384", "sha3_512", "shake_128", "shake_256")
_DIGESTS = (
    "_hashlib:HASH",
    "_hashlib:HASHXOF",
    "_hashlib:HMAC",
    "_blake2:blake2b",
    "_blake2:blake2s",
    "_md5:md5",
    "_sha1:sha1",
    *[f"{module}:{name}" for module in ("_sha2", "_sha256", "_sha512") for name in _SHA2],
    *[f"_sha3:{name}" for name in _SHA3],
)


def _header(value: Any) -> Draft:
    """Its name and its text; the rest follows from them."""
    return call("email.Header", attributes_of(value)["_name"], str.__str__(value))


def _make_header(name: str, text: str) -> object:
    from email.policy import default

    return default.header_factory(name, text)


_HOOKS = {
    "object_hook": None,
    "object_pairs_hook": None,
    "parse_float": float,
    "parse_int": int,
    "strict": True,
}
"""What a JSON decoder is told, and what it takes where it is told nothing."""


def _json_decoder(value: Any) -> Draft:
    """What it was told; all else in it follows from that."""
    import json

    own = attributes_of(value)
    if type(value) is not json.JSONDecoder:
        raise Unreadable("a decoder of JSON with code of its own")
    told = {name: own[name] for name, default in _HOOKS.items() if own[name] is not default}
    constants = own["parse_constant"]
    if getattr(constants, "__self__", None) is not json.decoder._CONSTANTS:  # type: ignore[attr-defined]
        told["parse_constant"] = constants
    return call("json.JSONDecoder", **told)


def _make_json_decoder(**told: Any) -> object:
    import json

    return json.JSONDecoder(**told)


KINDS = (
    Kind(("json.decoder:JSONDecoder",), _json_decoder, "json.JSONDecoder", _make_json_decoder, has_identity=True),
    Kind(("email.headerregistry:BaseHeader",), _header, "email.Header", _make_header),
    Kind(("_struct:Struct",), _struct, "Struct", _make_struct),
    Kind(("_csv:Dialect",), _dialect, "Dialect", _make_dialect),
    Kind(("_csv:reader",), _reader, "csv.reader", _make_reader, has_identity=True),
    Kind(("_csv:writer",), _writer, "csv.writer", _make_writer, has_identity=True),
    Kind(_DIGESTS, _digest),
    Kind(("hmac:HMAC",), _keyed_digest),
)
