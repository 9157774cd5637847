"""Where the models of one name lie: a directory for each, and a file that says which is the champion.

models/propensity/
    champion.json           {"version_of_model": "20261127-110501-208-3fa9c1", "since": …, "why": …}
    20261127-110501-208-3fa9c1/
        model.json          the card: what it was made of and by, how good it is
        model.skops
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.model_files import CARD, CHAMPION, read_card
from legacy_seam.store.atomic import write_atomically


@dataclass(frozen=True, slots=True)
class Home:
    """The models of one name.

    directory: where they lie.
    """

    directory: Path

    @staticmethod
    def of(project: Path, name: str) -> Home:
        """The home of a name; a path stands for itself.

        >>> Home.of(Path("project"), "propensity").directory.as_posix()
        'project/models/propensity'
        """
        return Home(Path(name) if "/" in name else project / "models" / name)

    @property
    def name(self) -> str:
        """What its models are called."""
        return self.directory.resolve().name

    def versions(self) -> list[str]:
        """All models, the earliest first."""
        if not self.directory.is_dir():
            return []
        return sorted(path.parent.name for path in self.directory.glob(f"*/{CARD}"))

    def card(self, version: str) -> dict[str, Any]:
        """The card of a model.

        Raises:
            SeamError: there is none.
        """
        if not (self.directory / version / CARD).is_file():
            known = self.versions()
            more = f"; there are {', '.join(known[-3:])}" if known else ""
            raise SeamError(f"There is no model {version} in {self.directory}{more}.")
        return read_card(str(self.directory / version))

    def champion(self) -> str | None:
        """Which model is the champion.

        Raises:
            SeamError: the file that says so cannot be read.
        """
        path = self.directory / CHAMPION
        try:
            return str(json.loads(path.read_text(encoding="utf-8"))["version_of_model"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SeamError(f"{path} cannot be read ({error}): promote a model again.") from None

    def promote(self, version: str, why: str) -> None:
        """Make a model the champion.

        Raises:
            SeamError: there is no such model.
        """
        self.card(version)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        text = json.dumps({"version_of_model": version, "since": since, "why": why}, indent=2, ensure_ascii=False)
        write_atomically(self.directory / CHAMPION, f"{text}\n".encode())


def homes(project: Path) -> list[Home]:
    """All homes below `models/` of a project."""
    return [Home(place) for place in sorted((project / "models").glob("*")) if Home(place).versions()]
