"""Archives and compressed files that are open for reading: by the file that they lie in.

    zipfile.ZipFile(open('january.zip', 'rb'))
    tarfile.TarFile(gzip.GzipFile(open('logs.tar.gz', 'rb')), read=12)
    gzip.GzipFile(open('orders.csv.gz', 'rb'), position=4096)

Where they stand in that file is theirs to know, and is left out. What is being written is in the middle of its
work, and cannot be made again.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BufferedReader, BytesIO
from typing import Any, TypeAlias

from legacy_seam.values.anatomy import attributes_of, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.kinds.open_files import written
from legacy_seam.values.layout import Draft

_READING = (1, "rb")
"""The `mode` of compressed files; what it is differs by the version of Python."""

_How: TypeAlias = tuple[Any, dict[str, Any]]
"""The file in which it lies, and where it stands."""


def _zip(value: Any) -> Draft:
    own: dict[str, Any] = attributes_of(value)
    _refuse_unless_reading(own.get("fp"), own.get("mode") == "r")
    if own["_fileRefCnt"] > 1:
        raise Unreadable("an open archive of which a member is open")
    if own["pwd"]:
        raise Unreadable("an open archive with a password")
    return call("zipfile.ZipFile", _from_its_start(own["fp"]))


def _open_zip(made: Any, how: _How) -> None:
    file, _ = how
    made.__init__(file)
    if _is_its_own(file):
        made.filename, made._filePassed = file.name, 0


def _tar(value: Any) -> Draft:
    own: dict[str, Any] = attributes_of(value)
    _refuse_unless_reading(own.get("fileobj"), own.get("mode") == "r" and not own.get("closed"))
    how: dict[str, object] = {"read": len(own["members"])} if len(own["members"]) > 1 else {}
    if own["firstmember"] is None:
        how["begun"] = True
    if own["_loaded"]:
        how["loaded"] = True
    return call("tarfile.TarFile", _from_its_start(own["fileobj"]), **how)


def _open_tar(made: Any, how: _How) -> None:
    file, state = how
    file.seek(0)
    made.__init__(fileobj=file)
    made._extfileobj = not _is_its_own(file)
    if state.get("loaded"):
        made.getmembers()
    while len(made.members) < state.get("read", 0) and made.next() is not None:
        pass
    if state.get("begun"):
        made.firstmember = None


def _compressed(value: Any, *, with_position: bool = True) -> Draft:
    """A compressed file that is read."""
    name = name_of(type(value))
    file, mode = _COMPRESSED[name]
    own: dict[str, Any] = attributes_of(value)
    _refuse_unless_reading(own.get(file), own.get(mode) in _READING)
    position = BufferedReader.tell(own["_buffer"]) if with_position else 0
    how = {"position": position} if position else {}
    return call(name.replace(":", "."), _from_its_start(own[file]), **how)


def _open_gzip(made: Any, how: _How) -> None:
    file, state = how
    file.seek(0)
    made.__init__(fileobj=file, mode="rb")
    made.myfileobj = file if _is_its_own(file) else None
    made.seek(state.get("position", 0))


def _open_bz2_or_lzma(made: Any, how: _How) -> None:
    file, state = how
    file.seek(0)
    made.__init__(file)
    made._closefp = _is_its_own(file)
    made.seek(state.get("position", 0))


def _how(file: Any, **state: Any) -> _How:
    return file, state


def _blank(cls: Any) -> object:
    return cls.__new__(cls)


def _is_its_own(file: Any) -> bool:
    """Was the file opened by its name, and is closed with what reads it?"""
    return not isinstance(file, BytesIO)


def _refuse_unless_reading(file: object, is_reading: bool) -> None:
    if file is None:
        raise Unreadable("an archive or compressed file that was closed")
    if not is_reading:
        raise Unreadable("an archive or compressed file that is being written")


def _from_its_start(file: Any) -> object:
    if type(file) is BufferedReader:
        return written(file, with_position=False)
    return _compressed(file, with_position=False) if name_of(type(file)) in _COMPRESSED else file


_COMPRESSED = {
    "gzip:GzipFile": ("fileobj", "mode"),
    "bz2:BZ2File": ("_fp", "_mode"),
    "lzma:LZMAFile": ("_fp", "_mode"),
}
"""By type: the attribute that is the file below, and the one that says whether it is read."""


def _kind(name: str, take: Callable[[Any], Draft], pour: Callable[[Any, Any], None]) -> Kind:
    def take_plain(value: Any) -> Draft:
        if name_of(type(value)) != name:  # it holds more, made by an `__init__` of its own
            raise Unreadable("an open archive or compressed file of a class of its own")
        return take(value)

    return Kind((name,), take_plain, name.replace(":", "."), _how, blank=_blank, pour=pour, has_identity=True)


KINDS = (
    _kind("zipfile:ZipFile", _zip, _open_zip),
    _kind("tarfile:TarFile", _tar, _open_tar),
    _kind("gzip:GzipFile", _compressed, _open_gzip),
    _kind("bz2:BZ2File", _compressed, _open_bz2_or_lzma),
    _kind("lzma:LZMAFile", _compressed, _open_bz2_or_lzma),
)
