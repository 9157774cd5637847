"""Templates of web pages are text of the program, as its modules are: a replay has those that there are today."""

from __future__ import annotations

from types import FrameType

_LOADERS = (
    *("/django/template/loaders/filesystem.py", "/django/template/utils.py", "/django/template/backends/django.py"),
    *("/jinja2/loaders.py", "/jinja2/utils.py"),
)
_FARTHEST = 10


def is_read_as_template(frame: FrameType | None) -> bool:
    """Does a library look for a template, or read one, in this frame or near it?"""
    for _ in range(_FARTHEST):
        if frame is None:
            return False
        if frame.f_code.co_filename.endswith(_LOADERS):
            return True
        frame = frame.f_back
    return False
