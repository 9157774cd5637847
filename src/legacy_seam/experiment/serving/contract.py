"""What inputs and outputs were recorded to look like: types, ranges, categories. A JSON file that people edit.

    {
      "format": "legacy-seam contract",
      "version": 1,
      "target": "rules:score_points",
      "learnt_from": {"calls": 12000, "until": "2026-11-01"},
      "inputs": {
        "account.days_late": {"types": ["int"], "low": 0, "high": 400},
        "account.region": {"types": ["str"], "categories": ["HH", "MUC"], "optional": true}
      },
      "output": {"": {"types": ["int"], "low": 0, "high": 710}}
    }

A path begins with a parameter (of an output, it is empty for the value itself) and goes on through the keys and
attributes inside. What no path names is not looked at. The toolkit learns a contract from a recording.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.compare.numbers import is_number, native
from legacy_seam.plaindata import dataclass, field

_FORMAT, _VERSION = "legacy-seam contract", 1

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Field:
    """What was seen at one path.

    Args:
        types: Names of the types, as `type(value).__name__` gives them (`int`, `str`, `NoneType`, `Decimal`);
            numpy's scalars count as the plain ones. Empty: any.
        low: The lowest number.
        high: The highest number.
        categories: All values, where they are few. Empty: any.
        optional: Whether it may be missing altogether.
    """

    types: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    categories: tuple[Any, ...] = ()
    optional: bool = False

    def violation(self, path: str, value: Any) -> tuple[str, str] | None:
        """The reason (and the same in words) why a value is not like what was seen; None if it is."""
        where = path or "the result"
        if value is _MISSING:
            return None if self.optional else ("schema_violation", f"{where} is missing")
        value = native(value)
        if self.types and type(value).__name__ not in self.types:
            seen = " or ".join(self.types)
            return "schema_violation", f"{where} is of type {type(value).__name__}, which was always {seen}"
        if self.categories and not any(type(value) is type(one) and value == one for one in self.categories):
            return "unseen_category", f"{where} is {value!r}, which was never seen"
        if is_number(value):
            return self._out_of_range(where, value)
        return None

    def _out_of_range(self, where: str, value: Any) -> tuple[str, str] | None:
        if isinstance(value, complex) or (value != value and (self.low is not None or self.high is not None)):
            return "out_of_range", f"{where} is {value!r}"
        if self.low is not None and value < self.low:
            return "out_of_range", f"{where} is {value!r}, below {self.low!r}"
        if self.high is not None and value > self.high:
            return "out_of_range", f"{where} is {value!r}, above {self.high!r}"
        return None


@dataclass(frozen=True, slots=True)
class Contract:
    """What the calls of one function were recorded to look like.

    Args:
        target: The function, as `module:name`.
        inputs: What was seen in its arguments, by path.
        output: What was seen in its result, by path; the empty path is the result itself.
        learnt_from: Where this comes from, for people.

    >>> contract = Contract("rules:score", {"account.region": Field(("str",), categories=("HH", "MUC"))})
    >>> contract.check_inputs({"account": {"region": "BER"}})
    ('unseen_category', "account.region is 'BER', which was never seen")
    """

    target: str = ""
    inputs: dict[str, Field] = field(default_factory=dict)
    output: dict[str, Field] = field(default_factory=dict)
    learnt_from: dict[str, Any] = field(default_factory=dict)

    def check_inputs(self, inputs: dict[str, Any]) -> tuple[str, str] | None:
        """Why arguments (by parameter) are not like what was seen: a reason, and words; None if they are."""
        for path, seen in self.inputs.items():
            violation = seen.violation(path, _at(path.split("."), inputs))
            if violation is not None:
                return violation
        return None

    def check_output(self, value: Any) -> tuple[str, str] | None:
        """Why a result is not like what was seen: a reason, and words; None if it is."""
        for path, seen in self.output.items():
            violation = seen.violation(path, _at(path.split(".") if path else [], value))
            if violation is not None:
                return violation
        return None

    @property
    def output_types(self) -> tuple[str, ...]:
        """The types that were seen to be returned."""
        return self.output[""].types if "" in self.output else ()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file, all of it or nothing."""
        import json

        text = json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n"
        part = f"{os.fspath(path)}.part"
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Contract:
        """Read the file.

        Raises:
            SeamError: There is none, or it is not a contract that this version reads.
        """
        import json

        try:
            with open(path, encoding="utf-8") as file:
                found = json.load(file)
        except FileNotFoundError:
            raise SeamError(f"There is no contract {os.fspath(path)}: learn one from a recording.") from None
        except (OSError, ValueError) as error:
            raise SeamError(f"The contract {os.fspath(path)} cannot be read: {error}.") from None
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            raise SeamError(f"{os.fspath(path)} is not a contract: it does not say so under 'format'.")
        if found.get("version") != _VERSION:
            raise SeamError(
                f"The contract {os.fspath(path)} has version {found.get('version')!r}; this reads {_VERSION}."
            )
        try:
            return Contract(
                str(found.get("target", "")),
                {path: _field(one) for path, one in found.get("inputs", {}).items()},
                {path: _field(one) for path, one in found.get("output", {}).items()},
                dict(found.get("learnt_from", {})),
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise SeamError(f"The contract {os.fspath(path)} has a field that cannot be read: {error}.") from None

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file."""

        def written(fields: dict[str, Field]) -> dict[str, Any]:
            return {
                path: {
                    name: list(value) if isinstance(value, tuple) else value
                    for name in ("types", "low", "high", "categories", "optional")
                    if (value := getattr(one, name)) is not None and value != () and value is not False
                }
                for path, one in fields.items()
            }

        return {
            "format": _FORMAT,
            "version": _VERSION,
            "target": self.target,
            "learnt_from": self.learnt_from,
            "inputs": written(self.inputs),
            "output": written(self.output),
        }


def _field(found: dict[str, Any]) -> Field:
    unknown = set(found) - {"types", "low", "high", "categories", "optional"}
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is not known")
    for name in ("low", "high"):
        if found.get(name) is not None and not is_number(found[name]):
            raise ValueError(f"{name} is a number")
    return Field(
        tuple(map(str, found.get("types", ()))),
        found.get("low"),
        found.get("high"),
        tuple(found.get("categories", ())),
        bool(found.get("optional", False)),
    )


def _at(names: list[str], value: Any) -> Any:
    for name in names:
        if isinstance(value, Mapping):
            if name not in value:
                return _MISSING
            value = value[name]
        else:
            value = getattr(value, name, _MISSING)
    return value
