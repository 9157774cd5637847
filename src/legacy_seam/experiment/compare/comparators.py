"""The comparators that people name: how the results of control and candidate are compared.

>>> exact()(1, 1.0).reason
'int 1 is not float 1.0'
>>> tolerance(abs=0.01)(12.004, 12.0).match
True
>>> fields({"amount": tolerance(decimals=2), "note": ignored("free text", owner="ann", until="2099-12-31")})(
...     {"amount": 1.001, "note": "a", "days": 3}, {"amount": 1.0, "note": "b", "days": 3}
... ).match
True
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from legacy_seam.experiment.compare.numbers import Nearness, decimals_as_difference
from legacy_seam.experiment.compare.ranks import kendall_distance, overlap_distance
from legacy_seam.experiment.compare.samples import difference_of_samples
from legacy_seam.experiment.compare.verdict import SAME, Comparator, Verdict, departs, shown
from legacy_seam.experiment.compare.walk import Walk

if TYPE_CHECKING:
    import re

_EXACT = Nearness()


class Structural(Comparator):
    """Compares piece by piece, see `Walk`."""

    def __init__(self, nearness: Nearness, strict: bool) -> None:
        self.nearness, self.strict = nearness, strict

    def compare(self, control: object, candidate: object) -> Verdict:
        """The verdict on two results."""
        return Walk(self.nearness, self.strict).compare(control, candidate)


def exact() -> Comparator:
    """The same values of the same types; NaN is NaN, 0.0 is -0.0, and the order of a dictionary means nothing."""
    return Structural(_EXACT, strict=True)


def tolerance(
    *,
    abs: float = 0.0,  # noqa: A002 - as `math.isclose` and `pytest.approx` name it
    rel: float = 0.0,
    ulp: int = 0,
    decimals: int | None = None,
) -> Comparator:
    """Numbers may differ a little, and their types do not count; everything else is the same.

    Args:
        abs: The largest difference, in the unit of the numbers.
        rel: The largest difference as a share of the larger of both magnitudes.
        ulp: The most floating-point numbers that may lie between them.
        decimals: The decimal places that count: a difference of half of the last one is allowed.

    Any bound that holds is enough. Without arguments: `rel=1e-9, abs=1e-12`, which forgives rounding and no more.

    Raises:
        ValueError: A bound is negative or not finite.
    """
    if not abs and not rel and not ulp and decimals is None:
        abs, rel = 1e-12, 1e-9  # noqa: A001
    bounds = [abs, rel, float(ulp)]
    if any(bound < 0 or not math.isfinite(bound) for bound in bounds):
        raise ValueError("A tolerance is a number from 0 upwards.")
    absolute = max(abs, decimals_as_difference(decimals)) if decimals is not None else abs
    return Structural(Nearness(absolute, rel, ulp), strict=False)


class Ignored(Comparator):
    """See `ignored`."""

    def __init__(self, why: str, owner: str, until: str) -> None:
        import re

        if not (why and owner and re.fullmatch(r"\d{4}-\d{2}-\d{2}", until)):
            raise ValueError("Ignoring takes a reason, an owner, and a day (YYYY-MM-DD) until which it holds.")
        self.why, self.owner, self.until = why, owner, until

    @property
    def ignores(self) -> bool:
        """Whether it still does."""
        import time

        return time.strftime("%Y-%m-%d", time.gmtime()) <= self.until

    def compare(self, control: object, candidate: object) -> Verdict:
        """A match until the day is past; from then on as `exact`."""
        return SAME if self.ignores else exact()(control, candidate)


def ignored(why: str, *, owner: str, until: str) -> Comparator:
    """What need not match for now: with a reason, somebody who answers for it, and a day on which that ends.

    Args:
        why: The reason.
        owner: Who answers for it.
        until: The last day (`YYYY-MM-DD`, UTC); afterwards it is compared exactly.
    """
    return Ignored(why, owner, until)


class Fields(Comparator):
    """See `fields`."""

    def __init__(self, by_path: Mapping[str, Comparator], default: Comparator) -> None:
        self._default = default
        self._by_path = [(_pattern(path), comparator) for path, comparator in by_path.items()]

    def compare(self, control: object, candidate: object) -> Verdict:
        """The verdict on two results."""
        rest = self._default if isinstance(self._default, Structural) else Structural(_EXACT, strict=True)
        return Walk(rest.nearness, rest.strict, self._comparator_at).compare(control, candidate)

    def _comparator_at(self, path: str) -> Comparator | None:
        return next((comparator for pattern, comparator in self._by_path if pattern.fullmatch(path)), None)


def fields(by_path: Mapping[str, Comparator], default: Comparator | None = None) -> Comparator:
    """Certain places by comparators of their own, the rest by `exact` or `tolerance`.

    Args:
        by_path: Comparators by path: `amount`, `rows[*].amount`, `address.*`.
        default: `exact()` or a `tolerance()` for everything else.
    """
    return Fields(by_path, default or exact())


def _pattern(path: str) -> re.Pattern[str]:
    """A path with wildcards, as a pattern."""
    import re

    text = re.escape(path).replace(r"\[\*\]", r"\[[^\]]*\]").replace(r"\*", r"[^.\[\]]+")
    return re.compile(text)


class Unordered(Comparator):
    """See `unordered`."""

    def __init__(self, items: Structural) -> None:
        self._items = items

    def compare(self, control: Any, candidate: Any) -> Verdict:
        """The verdict on two collections."""
        walk = Walk(self._items.nearness, self._items.strict)
        if isinstance(control, (str, bytes)) or isinstance(candidate, (str, bytes)):
            return walk.compare(control, candidate)
        return walk.unordered(list(control), list(candidate), "")


def unordered(items: Comparator | None = None) -> Comparator:
    """Collections whose order means nothing; how often something occurs does.

    Args:
        items: `exact()` or a `tolerance()` for the items.

    Raises:
        ValueError: `items` is another kind of comparator.
    """
    chosen = items or exact()
    if not isinstance(chosen, Structural):
        raise ValueError("unordered() compares items by exact() or tolerance().")
    return Unordered(chosen)


class Ranking(Comparator):
    """See `ranking`."""

    def __init__(self, kind: Literal["kendall", "topk"], k: int, within: float) -> None:
        self._kind, self._k, self._within = kind, k, within

    def compare(self, control: Any, candidate: Any) -> Verdict:
        """The verdict on two rankings."""
        one, other = _ranked(control), _ranked(candidate)
        distance = (
            kendall_distance(one, other) if self._kind == "kendall" else overlap_distance(one, other, self._k)
        )
        if distance <= self._within:
            return Verdict(match=True, distance=distance)
        what = "pairs in another order" if self._kind == "kendall" else f"of the first {self._k} differ"
        return departs("", f"{distance:.1%} {what}", distance)


def ranking(kind: Literal["kendall", "topk"] = "kendall", *, k: int = 10, within: float = 0.0) -> Comparator:
    """Orders: lists of names from first to last, or dictionaries of names with their scores.

    Args:
        kind: `kendall` counts the pairs that stand the other way round (Kendall 1938), `topk` the share of the
            first `k` that the other one has not among its own.
        k: How many are at the top.
        within: The largest share that is still the same, from 0 to 1.

    >>> ranking(within=0.2)(["a", "b", "c", "d"], ["b", "a", "c", "d"]).match  # 1 of 6 pairs
    True
    """
    return Ranking(kind, k, within)


def _ranked(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return sorted(value, key=lambda name: (-value[name], str(name)))
    return list(value)


class Decision(Comparator):
    """See `decision`."""

    def __init__(self, policy: Callable[[Any], object], actions: Comparator) -> None:
        self._policy, self._actions = policy, actions

    def compare(self, control: object, candidate: object) -> Verdict:
        """The verdict on the two actions."""
        verdict = self._actions(self._policy(control), self._policy(candidate))
        return verdict if verdict.match else departs(verdict.path, f"decided: {verdict.reason}", verdict.distance)


def decision(policy: Callable[[Any], object], actions: Comparator | None = None) -> Comparator:
    """Not the results but what follows from them: `policy` turns a result into an action.

    >>> verdict = decision(lambda score: "call" if score > 500 else "letter")(520, 470)
    >>> verdict.match, verdict.reason
    (False, "decided: 'call' is not 'letter'")
    """
    return Decision(policy, actions or exact())


class Distribution(Comparator):
    """See `distribution`."""

    def __init__(self, within: float) -> None:
        self._within = within

    def compare(self, control: Any, candidate: Any) -> Verdict:
        """The verdict on two samples."""
        distance = difference_of_samples(list(control), list(candidate))
        if distance <= self._within:
            return Verdict(match=True, distance=distance)
        return departs("", f"the distributions are {distance:.3f} apart", distance)


def distribution(*, within: float) -> Comparator:
    """Samples as a whole, not item by item.

    Args:
        within: The largest distance, from 0 to 1: of numbers between their empirical distribution functions
            (the statistic of Kolmogorov and Smirnov), of anything else the total variation distance.
    """
    return Distribution(within)


class Custom(Comparator):
    """See `custom`."""

    def __init__(self, function: Callable[[Any, Any], object]) -> None:
        self._function = function

    def compare(self, control: object, candidate: object) -> Verdict:
        """What the function says."""
        said = self._function(control, candidate)
        if isinstance(said, Verdict):
            return said
        return SAME if bool(said) else departs("", f"{shown(control)} is not {shown(candidate)}")


def custom(function: Callable[[Any, Any], object]) -> Comparator:
    """A function of your own: it says True or False, or gives a `Verdict`."""
    return Custom(function)


class Frame(Comparator):
    """See `frame`."""

    def __init__(self, cells: Structural, by: tuple[str, ...]) -> None:
        self._cells, self._by = cells, by

    def compare(self, control: Any, candidate: Any) -> Verdict:
        """The verdict on two frames."""
        for frame in (control, candidate):
            if not hasattr(frame, "columns") or not hasattr(frame, "shape"):
                return departs("", f"{type(frame).__name__} is not a frame")
        walk = Walk(self._cells.nearness, self._cells.strict)
        return walk.compare(self._in_order(control), self._in_order(candidate))

    def _in_order(self, frame: Any) -> Any:
        if not self._by:
            return frame
        if hasattr(frame, "sort_values"):
            return frame.sort_values(list(self._by), kind="stable").reset_index(drop=True)
        return frame.sort(list(self._by), maintain_order=True)


def frame(cells: Comparator | None = None, *, by: str | tuple[str, ...] = ()) -> Comparator:
    """Frames of pandas or polars: columns, index, types and cells.

    Args:
        cells: `exact()` (types count) or a `tolerance()` for the cells.
        by: Columns to sort by before, where the order of rows means nothing.

    Raises:
        ValueError: `cells` is another kind of comparator.
    """
    chosen = cells or exact()
    if not isinstance(chosen, Structural):
        raise ValueError("frame() compares cells by exact() or tolerance().")
    return Frame(chosen, (by,) if isinstance(by, str) else tuple(by))


class Exceptions(Comparator):
    """See `exceptions`."""

    def __init__(self, message: Literal["exact", "template", "ignored"]) -> None:
        self._message = message

    def compare(self, control: Any, candidate: Any) -> Verdict:
        """The verdict on two exceptions, or on what `Raised` has noted of them."""
        (one, one_message), (other, other_message) = _raised(control), _raised(candidate)
        if one != other:
            return departs("", f"{one} is not {other}")
        if self._message == "ignored":
            return SAME
        if self._message == "template":
            one_message, other_message = template(one_message), template(other_message)
        if one_message == other_message:
            return SAME
        return departs("message", f"{shown(one_message)} is not {shown(other_message)}")


def exceptions(message: Literal["exact", "template", "ignored"] = "template") -> Comparator:
    """Exceptions: the same type, and the same message.

    Args:
        message: `exact`; `template`, in which numbers and quoted parts do not count; or `ignored`.

    >>> exceptions()(KeyError("account 137"), KeyError("account 138")).match
    True
    """
    return Exceptions(message)


def template(message: str) -> str:
    """A message without what changes from one to the next.

    >>> template("no account 'A-17' among 3 rows")
    'no account … among … rows'
    """
    import re

    return re.sub(r"'[^']*'|\"[^\"]*\"|0x[0-9a-fA-F]+|\d+(?:\.\d+)?", "…", message)


def _raised(value: Any) -> tuple[str, str]:
    if isinstance(value, BaseException):
        kind = type(value)
        home = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
        return home + kind.__qualname__, str(value)
    return str(value.type), str(value.message)
