"""How the recorder gets into a program whose start cannot be changed: by way of its environment.

    LEGACY_SEAM_RECORD='shop.*'  PYTHONPATH=<directory of this package>/record/hook

Python runs the `sitecustomize` of that directory before anything else, and that calls `begin`. A process that runs
a program becomes, before it has run a line of it, one that runs the program under the launcher: then functions of
`__main__` are seen as well. A process that has Python within it (uWSGI, mod_wsgi) is recorded from here on.

| variable | what it says |
|---|---|
| `LEGACY_SEAM_RECORD` | patterns of targets, by commas or blanks; `all`; or what `legacy-seam hook` prints |
| `LEGACY_SEAM_STORE`  | directory of the store (`.legacy-seam` in the working directory) |
| `LEGACY_SEAM_SOURCE` | directories of sources, as in PATH (the working directory) |
| `LEGACY_SEAM_HIDE`   | set: the program finds none of these variables, nor our directory in its PYTHONPATH |
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from time import time_ns

from legacy_seam.plaindata import replace
from legacy_seam.record.invocation import BOOTSTRAP, Settings, arguments, read

RECORD, STORE, SOURCE, HIDE = (f"LEGACY_SEAM_{name}" for name in ("RECORD", "STORE", "SOURCE", "HIDE"))
HOOK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hook")
"""The directory to put on PYTHONPATH."""

_EVERYTHING = frozenset({"1", "all", "*"})
_OURSELVES = "legacy_seam"


def begin(hook: str) -> None:
    """Record this process, as its environment says.

    Args:
        hook: the directory on PYTHONPATH that led here.

    Raises:
        ValueError, TypeError: where the environment cannot be understood.
        OSError, SeamError: where nothing can be recorded.
    """
    words = sys.orig_argv[1:]
    if BOOTSTRAP in words or _is_our_own(words):
        return
    settings = replace(wished(os.environ), parent=f"{os.getpid()} {time_ns()}", told=True)
    if os.environ.get(HIDE):
        _hide(hook)
    changed = arguments(settings, words)
    if isinstance(changed, list) and _is_plain_python():
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.orig_argv[0], *changed])
    if changed:
        _record_from_here_on(settings)


def wished(environment: Mapping[str, str]) -> Settings:
    """What is to be recorded.

    Args:
        environment: the variables of the process.

    Raises:
        ValueError: where LEGACY_SEAM_RECORD begins like JSON and is none.
        TypeError: where it is JSON of another kind.

    >>> wished({"LEGACY_SEAM_RECORD": "shop.rules, shop.*:Account"}).targets
    ('shop.rules', 'shop.*:Account')
    """
    wish = environment.get(RECORD, "").strip()
    if wish.startswith("{"):
        return Settings.from_json(wish)
    targets = () if wish in _EVERYTHING else tuple(wish.replace(",", " ").split())
    sources = [os.path.abspath(place) for place in environment.get(SOURCE, "").split(os.pathsep) if place]
    return Settings(
        store=os.path.abspath(environment.get(STORE) or Settings().store),
        sources=tuple(sources or [os.getcwd()]),
        targets=targets,
    )


def _is_our_own(words: list[str]) -> bool:
    """Is this the command line of legacy-seam itself?"""
    invocation = read(words)
    if isinstance(invocation, str):
        return False
    first, *rest = invocation.program
    return os.path.basename(first) == "legacy-seam" or (first == "-m" and rest[0] == _OURSELVES)


def _is_plain_python() -> bool:
    """Was this process started as Python, and not as something that has Python within it?"""
    if not sys.executable or not sys.orig_argv:
        return False
    running = "/proc/self/exe"
    if os.path.exists(running):
        return os.path.realpath(running) == os.path.realpath(sys.executable)
    return os.path.basename(sys.orig_argv[0]).lower().startswith("python")


def _hide(hook: str) -> None:
    for name in (RECORD, STORE, SOURCE, HIDE):
        os.environ.pop(name, None)
    places = [
        place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.abspath(place) != hook
    ]
    if any(places):
        os.environ["PYTHONPATH"] = os.pathsep.join(places)
    else:
        os.environ.pop("PYTHONPATH", None)


def _record_from_here_on(settings: Settings) -> None:
    import atexit
    from pathlib import Path

    from legacy_seam.record.session import Recorder

    recorder = Recorder(
        Path(settings.store),
        sources=settings.sources,
        targets=settings.targets,
        exclude=settings.exclude,
        parent=settings.parent,
        redaction=settings.redaction,
        most_characters=settings.most_characters,
        boundaries=settings.boundaries,
        savings=settings.savings,
    )
    recorder.start()
    atexit.register(recorder.stop)
