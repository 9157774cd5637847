"""Hand-written characterization tests: a value, or a call with its effects, against an approved file.

The file lies beside the test and is named after it: `test_orders.test_total.approved.txt`. What is compared is the
notation of `legacy_seam.values`, so any value can be pinned, and a difference is told by its place.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

from legacy_seam.calls import MISSING, Difference
from legacy_seam.golden.approval import received_path, report
from legacy_seam.golden.directory import APPROVED
from legacy_seam.report.differences import shorten, shorten_both
from legacy_seam.values import differences, encode, encode_roots

P = ParamSpec("P")
R = TypeVar("R")


class NotApproved(AssertionError):
    """A value that is not the approved one, or that nobody has approved yet."""


class Characterize:
    """Compares values with approved files; given to tests as the fixture `characterize`.

    Args:
        test_file: the file of the test.
        test_name: its name, with parameters.
        root: the project's directory, for short names in messages.
        read_only: write no received file (in CI).
    """

    def __init__(self, test_file: Path, test_name: str, root: Path, *, read_only: bool) -> None:
        self._test_file = test_file
        self._name = f"{test_file.stem}.{re.sub(r'[^A-Za-z0-9_.=-]', '-', test_name)[:120]}"
        self._root = root
        self._read_only = read_only
        self._number = 0

    def __call__(self, value: object) -> None:
        """Compare a value with the approved one.

        Raises:
            NotApproved: with the places where it differs; the received file is left beside the approved one.

        >>> characterize({"total": 12})  # doctest: +SKIP
        """
        self._compare(encode(value))

    def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Call a function and compare what it returned or raised, printed, and did to its arguments.

        Returns:
            what the function returned; None where it raised (which is then part of what is compared).

        Raises:
            NotApproved: where that is not what was approved.

        >>> characterize.call(post, ledger, amount=3)  # doctest: +SKIP
        """
        roots: dict[str, object] = {str(place): value for place, value in enumerate(args)} | dict(kwargs)
        before = encode_roots(roots)
        printed = io.StringIO()
        outcome: dict[str, object] = {}
        returned: R | None = None
        with contextlib.redirect_stdout(printed):
            try:
                returned = function(*args, **kwargs)
                outcome["returned"] = returned
            except Exception as error:
                outcome["raised"] = error
        lines = [f"{kind} = {encode(value)}" for kind, value in outcome.items()]
        lines += _changes(before, encode_roots(roots))
        if printed.getvalue():
            lines.append(f"printed stdout = {encode(printed.getvalue())}")
        self._compare("\n".join(lines))
        return returned

    def _compare(self, text: str) -> None:
        self._number += 1
        name = self._name if self._number == 1 else f"{self._name}.{self._number}"
        approved = self._test_file.with_name(f"{name}{APPROVED}")
        text += "\n"
        expected = approved.read_text(encoding="utf-8") if approved.exists() else None
        if expected == text:
            received_path(approved).unlink(missing_ok=True)
            return
        if not self._read_only:
            report(approved, text, interactive=True)
        shown = approved.relative_to(self._root) if approved.is_relative_to(self._root) else approved
        if expected is None:
            raise NotApproved(
                f"nothing is approved yet as {shown}; got {shorten(text)}\n{self._what_next(approved)}"
            )
        places = [_place(one) for one in _differences(expected.rstrip("\n"), text.rstrip("\n"))]
        if len(places) > _MOST_PLACES:
            places[_MOST_PLACES:] = [f"  … and {len(places) - _MOST_PLACES} more places"]
        raise NotApproved("\n".join([f"differs from {shown}", *places, self._what_next(approved)]))

    def _what_next(self, approved: Path) -> str:
        if self._read_only:
            return "Nothing was written, since CI is set."
        received = received_path(approved)
        return f"To accept it: mv {received.name} {approved.name} (in {approved.parent})"


_MOST_PLACES = 20


def _place(one: Difference) -> str:
    expected, got = shorten_both(one.expected, one.got, 80)
    return f"  {one.path or 'value'}: expected {expected}, got {got}"


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [
        f"changed {one.path} = {one.got}"
        for name in before
        for one in differences(before[name], after[name], root=f"argument {name}")
    ]


def _differences(expected: str, got: str) -> list[Difference]:
    try:
        return list(differences(expected, got))
    except ValueError:
        old, new = expected.splitlines(), got.splitlines()
        pairs = [
            (number, a, b)
            for number, (a, b) in enumerate(
                zip(old + [MISSING] * (len(new) - len(old)), new + [MISSING] * (len(old) - len(new)), strict=True),
                1,
            )
            if a != b
        ]
        return [Difference(f"line {number}", a, b) for number, a, b in pairs]
