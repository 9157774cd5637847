"""Whether a canary may go one step further, stays where it is, or goes back.

It goes on only while the gate is green, after the hold time, and where enough answers were served without falling
back. It goes back to nobody, at once, where the gate is red or the candidate fails in production.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from legacy_seam.errors import SeamError
from legacy_seam.experiment.serving.canary_file import FORMAT, VERSION
from legacy_seam.store.atomic import write_atomically

NOT_ITS_FAULT = frozenset({"not_in_canary", "legacy_raised", "killed"})
"""Reasons for which legacy is served that say nothing against the candidate."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Canary:
    """The table `[tool.legacy-seam.canary.NAME]` of a project's pyproject.toml.

    name:       of the gate that has to be green.
    log:        the prediction log: a file, relative to the project, or a URL.
    experiment: which rows of it.
    steps:      shares of the keys, ascending; 1 is all of them.
    hold:       how long each step is held at least: `24h`, `7d`.
    least:      answers that the candidate must have been asked for in a step, before the next.
    fallbacks:  the share of these that may have fallen back to legacy.
    file:       where the share is kept that production reads, relative to the project.
    """

    name: str
    log: str
    experiment: str
    steps: tuple[float, ...] = (0.01, 0.05, 0.25, 1.0)
    hold: timedelta = timedelta(days=1)
    least: int = 100
    fallbacks: float = 0.01
    file: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How far it has come: the share since an instant, why, and what was before."""

    share: float = 0.0
    since: datetime | None = None
    why: str = "not begun"
    history: tuple[Mapping[str, Any], ...] = ()

    @staticmethod
    def load(path: Path) -> State:
        """What a file says; the beginning where there is none.

        Raises:
            SeamError: it cannot be read.
        """
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found["format"] != FORMAT or found["version"] != VERSION:
                raise ValueError("it is no canary of this version")
            return State(found["share"], _instant(found["since"]), found["why"], tuple(found["history"]))
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SeamError(f"The canary {path} cannot be read: {error}. Delete it to begin anew.") from None

    def at(self, share: float, now: datetime, why: str) -> State:
        """The next state."""
        before = {"share": self.share, "since": _text(self.since) if self.since else None, "why": self.why}
        return State(share, now, why, (*self.history, before))

    def save(self, path: Path) -> None:
        """Write it down, for production to read."""
        assert self.since is not None
        document = {"format": FORMAT, "version": VERSION, **asdict(self), "since": _text(self.since)}
        write_atomically(path, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode())


class Logged(Protocol):
    """What is looked at of a row of a prediction log."""

    @property
    def at(self) -> str: ...  # noqa: D102
    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Service:
    """What the log says since an instant: answers that were asked of the candidate, and why some fell back."""

    asked: int = 0
    fell_back: Mapping[str, int] = field(default_factory=dict)

    @staticmethod
    def of(rows: Iterable[Logged], since: datetime) -> Service:
        """Count the rows of the canary."""
        begin, asked, reasons = _text(since), 0, Counter[str]()
        for row in rows:
            if row.at >= begin and row.stage != "shadow" and row.reason not in NOT_ITS_FAULT:
                asked += 1
                if row.reason:
                    reasons[row.reason] += 1
        return Service(asked, dict(reasons))

    @property
    def share(self) -> float:
        """Of the answers that fell back."""
        return sum(self.fell_back.values()) / self.asked if self.asked else 0.0

    def told(self) -> str:
        """In a few words."""
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in sorted(self.fell_back.items()))
        told = f"{self.asked:,} asked of it, {sum(self.fell_back.values()):,} fell back"
        return f"{told}: {reasons}" if reasons else told


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a canary: `on`, `hold`, `back` or `done`; the share, and why."""

    what: Literal["on", "hold", "back", "done"]
    share: float
    why: str


def decide(canary: Canary, state: State, verdict: str | None, service: Service, now: datetime) -> Decision:
    """The next step.

    Args:
        canary: what is asked.
        state: how far it has come.
        verdict: of its gate; None where that was not asked yet.
        service: what the log says since the last step.
        now: the instant.

    >>> canary = Canary("score", "log.db", "score", steps=(0.1, 1.0))
    >>> decide(canary, State(), "PASS", Service(), datetime.now(UTC)).share
    0.1
    """
    gate = f"the gate {canary.name} says {verdict}" if verdict else f"the gate {canary.name} was not asked yet"
    if state.share and verdict == "FAIL":
        return Decision("back", 0.0, gate)
    if state.share and service.share > canary.fallbacks and service.asked >= min(canary.least, 20):
        return Decision("back", 0.0, f"{service.told()}; {canary.fallbacks:.2%} may")
    later = [step for step in canary.steps if step > state.share]
    if not later:
        return Decision("done", state.share, f"all steps are done; {service.told()}")
    if verdict != "PASS":
        return Decision("hold", state.share, gate)
    if not state.share:
        return Decision("on", later[0], gate)
    assert state.since is not None
    until = state.since + canary.hold
    if now < until:
        return Decision("hold", state.share, f"held until {_text(until)}; {service.told()}")
    if service.asked < canary.least:
        return Decision("hold", state.share, f"{service.told()}; {canary.least:,} are needed")
    return Decision("on", later[0], f"{gate}; {service.told()}")


# --- settings


def canary_called(name: str, tables: Mapping[str, object]) -> Canary:
    """A canary by its name.

    Args:
        name: the name.
        tables: what is below `[tool.legacy-seam.canary]`.

    Raises:
        SeamError: there is none, or it says something that cannot be followed.

    >>> canary_called("score", {"score": {"log": "log.db", "experiment": "score", "hold": "12h"}}).hold
    datetime.timedelta(seconds=43200)
    """
    table, place = tables.get(name), f"[tool.legacy-seam.canary.{name}]"
    if not isinstance(table, dict):
        others = f"; there are {', '.join(sorted(tables))}" if tables else ""
        raise SeamError(f"There is no canary {name}: write a table {place} into pyproject.toml{others}.")
    known = [one.name for one in fields(Canary) if one.name != "name"]
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
            raise SeamError(f"{place} has no key {key!r}: did you mean {nearest!r}?")
        given[key] = _checked(place, key, value)
    for key in ("log", "experiment"):
        if key not in given:
            raise SeamError(f'{place} does not say which {key}: add `{key} = "…"`.')
    return Canary(name, **given)


def _checked(place: str, key: str, value: Any) -> Any:
    """A setting as it is used."""
    if key == "steps":
        if isinstance(value, list) and value and all(map(_is_share, value)) and value == sorted(set(value)):
            return tuple(map(float, value))
        raise SeamError(
            f"{place}: steps are shares above 0 and up to 1, ascending ([0.05, 0.25, 1.0]), not {value!r}."
        )
    if key == "hold":
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", value) if isinstance(value, str) else None
        if found:
            return timedelta(**{_UNITS[found[2]]: float(found[1])})
        raise SeamError(f"{place}: hold is a length of time (24h, 7d, 30m), not {value!r}.")
    if key == "least":
        if type(value) is int and value > 0:
            return value
        raise SeamError(f"{place}: least is a whole number from 1, not {value!r}.")
    if key == "fallbacks":
        if isinstance(value, (int, float)) and type(value) is not bool and 0 <= value <= 1:
            return float(value)
        raise SeamError(f"{place}: fallbacks is a share from 0 to 1, not {value!r}.")
    if isinstance(value, str) and value:
        return value
    raise SeamError(f"{place}: {key} is a text, not {value!r}.")


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and type(value) is not bool and 0 < value <= 1


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _text(instant: datetime) -> str:
    """An instant as the prediction log has it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
