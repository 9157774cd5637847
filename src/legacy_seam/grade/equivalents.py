"""Mutants of which a person has said that nobody can tell them from the original.

They lie beside the golden masters, to be reviewed and committed: who said so, why, and of which function as it was
then. When the function changes, what was said of it counts no more.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from legacy_seam.errors import SeamError
from legacy_seam.store.atomic import write_atomically

NAME = "_equivalents.json"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """One such mutant.

    mutant:   its identity.
    function: `module:name` of the function; digest: of its text.
    change:   what it changes, for readers.
    """

    mutant: str
    function: str
    digest: str
    change: str
    reason: str
    author: str


def load(golden: Path) -> dict[str, Equivalent]:
    """Those beside the golden masters, by the identity of the mutant.

    Raises:
        SeamError: where the file cannot be read.
    """
    path = golden / NAME
    try:
        data = json.loads(path.read_text("utf-8"))
        return {one["mutant"]: Equivalent(**one) for one in data["equivalents"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SeamError(f"{path} cannot be read ({error}); restore it from version control, or delete it") from None


def stale(held: Iterable[Equivalent], digests: Mapping[tuple[str, str], str]) -> list[str]:
    """What a person should know of those that count no more, since the function is another one now.

    Args:
        held: what was said.
        digests: of the functions that were graded, by module and name.
    """
    notes = []
    for one in held:
        module, _, label = one.function.partition(":")
        now = digests.get((module, label))
        if now is not None and now != one.digest:
            notes.append(
                f"{one.function} has changed since {one.author} accepted {one.change!r} in it as equivalent"
                f" ({one.reason}): that counts no more; accept the mutant again, or delete {one.mutant} from {NAME}"
            )
    return notes


def author(project: Path) -> str:
    """Who works here, by git; by the system where git does not know."""
    with contextlib.suppress(OSError):
        said = subprocess.run(
            ["git", "config", "user.name"], cwd=project, capture_output=True, text=True, check=False
        )
        if name := said.stdout.strip():
            return name
    return getpass.getuser()


def add(golden: Path, new: Equivalent) -> Path:
    """Write one more; gives the file."""
    held = load(golden) | {new.mutant: new}
    path = golden / NAME
    data = {
        "equivalents": [asdict(held[name]) for name in sorted(held, key=lambda name: (held[name].function, name))]
    }
    write_atomically(path, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())
    return path
