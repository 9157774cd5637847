"""What stands between a recording and the disk: nothing goes there before its secrets are covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from legacy_seam.calls import Call, Run
from legacy_seam.plaindata import replace
from legacy_seam.record.counting import Journal
from legacy_seam.redaction import Redactor
from legacy_seam.store.ledger import Finding
from legacy_seam.store.wire import finding_to_data


class Discretion:
    """A journal that passes on nothing secret; calls and files are covered before they come to it.

    Args:
        journal: where things go.
        redactor: covers secrets.
    """

    def __init__(self, journal: Journal, redactor: Redactor) -> None:
        self._journal = journal
        self._redactor = redactor
        self._told: set[tuple[str, str]] = set()

    def append(self, kind: str, data: Mapping[str, object]) -> None:
        """Write one frame: what people are told is covered here, wherever it came from."""
        if kind == "finding":
            data = {**data, "what": self._text(data["what"]), "why": self._text(data["why"])}
        elif kind == "count" and data.get("why"):
            reasons = cast("Mapping[str, int]", data["why"])
            data = {**data, "why": {self._text(reason): number for reason, number in reasons.items()}}
        self._journal.append(kind, data)

    def call(self, call: Call) -> Call:
        """A call as it may be kept."""
        return self._redactor.call(call)

    def run(self, run: Run) -> Run:
        """A run as it may be kept."""
        return replace(self._redactor.run(run), redacted=self._redactor.rules.enabled)

    def file(self, path: str, content: bytes) -> bytes | None:
        """The content of a file as it may be kept; None where it may not. What was not examined is told, once."""
        cleaned = self._redactor.content(content)
        if cleaned.problem and (path, cleaned.problem) not in self._told:
            self._told.add((path, cleaned.problem))
            self.append("finding", finding_to_data(Finding(None, path, cleaned.problem)))
        return cleaned.content

    def learn(self, named: Mapping[str, object], command: Sequence[str] = ()) -> None:
        """Take note of secrets by their names, so that they are known wherever they turn up."""
        self._redactor.learn(named, command)

    def _text(self, text: object) -> str:
        return self._redactor.text(str(text))
