"""Record from within a program: `with legacy_seam.recording():`, in a script, a notebook or a service.

For programs whose code may be touched. Those whose code may not are recorded by `legacy-seam record`, by
`pytest --seam=record`, or by what `legacy-seam hook` prints.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from legacy_seam.record.process import current
from legacy_seam.record.session import Recorder
from legacy_seam.settings import find_project, load_settings
from legacy_seam.store.ledger import Finding


@contextmanager
def recording(
    targets: Sequence[str] = (),
    *,
    sources: Sequence[str | os.PathLike[str]] = (),
    exclude: Sequence[str] = (),
    store: str | os.PathLike[str] | None = None,
) -> Iterator[Recorder]:
    """Record the calls that are made within a `with` statement, or within a function that this decorates.

    Functions that exist already are watched as well as those of modules imported within. Afterwards all are as they
    were. What is not said here is taken from `[tool.legacy-seam]` of the project around the working directory.

    There is one recording in a process at a time. One that begins within another, or in another thread meanwhile,
    joins it: calls go where the first one said, and what that one watches is watched, until the last of them ends.
    The ledger says so.

    Args:
        targets: patterns of what is recorded (`shop.rules`, `shop.*:Account`); all functions where none is given.
        sources: directories whose functions are watched; by default those of the settings, else the current one.
        exclude: patterns of source files and targets that are left out.
        store: where recordings lie; by default the project's (`.legacy-seam`).

    Yields:
        The recorder; its `counts()` say how many calls of each target went where so far.

    Raises:
        StoreError: where nothing can be recorded.
        SettingsError: where the project's settings cannot be read.

    >>> with recording("shop.rules"):                                   # doctest: +SKIP
    ...     shop.nightly.main()
    >>> @recording(["shop"], store="/var/lib/shop/recordings")          # doctest: +SKIP
    ... def handle(request): ...
    """
    given = (targets,) if isinstance(targets, str) else tuple(targets)
    recorder = _join(given, sources, exclude, store)
    try:
        yield recorder
    finally:
        _leave(recorder)


_lock = threading.Lock()
_members: dict[Recorder, int] = {}
"""How many `with` statements share each recording that began with one of them."""


def _join(
    targets: Sequence[str],
    sources: Sequence[str | os.PathLike[str]],
    exclude: Sequence[str],
    store: str | os.PathLike[str] | None,
) -> Recorder:
    with _lock:
        running = current()
        if running is not None:
            if running in _members:
                _members[running] += 1
            why = f"joined the recording into {running.store} that ran already"
            running.find(Finding(None, "recording()", why))
            return running
        project = find_project(Path.cwd())
        settings = load_settings(project)
        recorder = Recorder(
            project / settings.store if store is None else Path(store),
            sources=sources or settings.source,
            targets=targets or settings.targets,
            exclude=exclude or settings.exclude,
            redaction=settings.redaction,
            most_characters=settings.most_characters,
            boundaries=settings.boundaries,
        )
        recorder.start()
        _members[recorder] = 1
        return recorder


def _leave(recorder: Recorder) -> None:
    with _lock:
        if recorder not in _members:  # it was begun by somebody else, who ends it
            return
        _members[recorder] -= 1
        if not _members[recorder]:
            del _members[recorder]
            recorder.stop()
