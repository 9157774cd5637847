"""What a comparator says: a verdict. And what every comparator promises: to say it, whatever it is given."""

from __future__ import annotations

from collections.abc import Iterable

from legacy_seam.plaindata import dataclass

INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two results are the same for the purpose at hand.

    `distance` says how far apart they are at the worst place, in the unit of the comparator (a difference of
    numbers, a share, a rank distance); it is infinite where no number says it. `path` names the first place that
    departs (`rows[3].amount`), or is empty for the whole value.

    >>> Verdict(match=False, distance=2.0, path="total", reason="12 is not 14")
    Verdict(match=False, distance=2.0, path='total', reason='12 is not 14')
    """

    match: bool
    distance: float = 0.0
    path: str = ""
    reason: str = ""


SAME = Verdict(match=True)


def departs(path: str, reason: str, distance: float = INFINITY) -> Verdict:
    """A verdict of no match."""
    return Verdict(match=False, distance=distance, path=path, reason=reason)


class Comparator:
    """Compares the result of the control with the result of the candidate, and never raises.

    A subclass says how in `compare`. Whatever that raises becomes a verdict of no match which says so.
    """

    def __call__(self, control: object, candidate: object) -> Verdict:
        """The verdict on two results."""
        try:
            return self.compare(control, candidate)
        except Exception as error:
            return departs("", f"the comparator failed: {told(error)}")

    def compare(self, control: object, candidate: object) -> Verdict:
        """The verdict on two results; may raise."""
        raise NotImplementedError


def told(error: BaseException) -> str:
    """An exception in one line, even one that cannot be shown.

    >>> told(ValueError("no such account"))
    'ValueError: no such account'
    """
    try:
        message = str(error)
    except Exception:
        message = "(which cannot be shown)"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def shown(value: object, limit: int = 60) -> str:
    """A value in a few characters, even one that cannot be shown.

    >>> shown(list(range(100)), limit=12)
    '[0, 1, 2, 3…'
    """
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """All verdicts on the pieces as one: the first place that departs, and the largest distance."""
    first: Verdict | None = None
    distance, place = 0.0, ""
    for verdict in verdicts:
        if not verdict.match and first is None:
            first = verdict
        if verdict.distance > distance:
            distance, place = verdict.distance, verdict.path
    if first is not None:
        return Verdict(match=False, distance=distance, path=first.path, reason=first.reason)
    return Verdict(match=True, distance=distance, path=place) if distance else SAME
