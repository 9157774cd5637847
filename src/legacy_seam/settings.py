"""Settings: what `[tool.legacy-seam]` in a project's pyproject.toml says. Every one has a default.

A key that does not exist or holds the wrong type is an error, never ignored: a setting that does nothing is worse
than none.
"""

from __future__ import annotations

import difflib
import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from legacy_seam.errors import SeamError
from legacy_seam.redaction import DEFAULT, RuleError, Rules
from legacy_seam.values.tolerance import Tolerance

FILE: Final = "pyproject.toml"
TABLE: Final = "[tool.legacy-seam]"
REDACTION: Final = "[tool.legacy-seam.redaction]"


class SettingsError(SeamError):
    """A pyproject.toml that cannot be read, or a setting in it that does not exist or is of the wrong type."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project has settled.

    source:       directories whose functions are watched, absolute; none means the current directory.
    targets:      patterns of what is watched there (see `legacy_seam.targets.Pattern`); none means everything.
    exclude:      shell-style patterns of files that are not watched, relative to the project.
    store:        the directory of recordings, relative to the project.
    golden:       the directory of golden masters, relative to the project.
    runs:         how many times a call is replayed before its outcome is trusted.
    max_cases:    the most cases that the golden master of one target holds.
    boundaries:   patterns of targets that lie outside the program: a replay takes their answers from the recording.
    allow:        modules, with all below them, of whose classes objects may be rebuilt, besides the watched ones.
    cpu_seconds:  processor time that one replayed call may take.
    wall_seconds: time by the clock on the wall that one replayed call may take.
    memory_mb:    memory that a process of replayed calls may take, in MiB.
    python:       the interpreter that the program runs under, if it is another one: edits must compile there.
    value_mb:     the largest value that is kept whole, as text, in MiB; of larger ones a digest and the beginning.
    tolerances:   how far numbers in outcomes may be apart, and where (see `Tolerance`).
    redaction:    what is secret, and what is not: the table [tool.legacy-seam.redaction].
    gate:         what the gates of candidates ask, by name: the tables [tool.legacy-seam.gate.NAME].
    canary:       by which steps candidates begin to answer, by name: the tables [tool.legacy-seam.canary.NAME].
    """

    source: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    store: str = ".legacy-seam"
    golden: str = "tests/golden"
    runs: int = 3
    max_cases: int = 200
    boundaries: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    cpu_seconds: float = 10.0
    wall_seconds: float = 30.0
    memory_mb: int = 2048
    python: str = ""
    value_mb: int = 64
    tolerances: tuple[Tolerance, ...] = ()
    redaction: Rules = DEFAULT
    gate: Mapping[str, object] = field(default_factory=dict)
    canary: Mapping[str, object] = field(default_factory=dict)

    @property
    def most_characters(self) -> int:
        """Of the text of one value that is kept whole."""
        return self.value_mb * 1024**2


def find_project(start: Path) -> Path:
    """The nearest directory at or above `start` that has a pyproject.toml; `start` itself where there is none.

    >>> find_project(Path("/")).as_posix()
    '/'
    """
    start = start.absolute()
    return next((place for place in (start, *start.parents) if (place / FILE).is_file()), start)


def load_settings(project: Path) -> Settings:
    """The settings of the project in a directory.

    Args:
        project: the directory with the pyproject.toml; where it has none, every setting is its default.

    Raises:
        SettingsError: naming the file, the key, and the nearest right key or the expected type with an example.
    """
    file = project / FILE
    given: dict[str, Any] = {key: _checked(file, key, value) for key, value in _table(file).items()}
    if "redaction" in given:
        given["redaction"] = _rules(file, given["redaction"])
    settings = replace(Settings(), **given)
    return replace(settings, source=tuple(str(project.absolute() / directory) for directory in settings.source))


def in_ci() -> bool:
    """Is this a machine that only checks, and on which nothing is written (`CI` is set, and not to no)?"""
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def _table(file: Path) -> Mapping[str, Any]:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror or error}): check its permissions.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} is not UTF-8 (byte {error.start}): save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not valid TOML: {str(error).rstrip('.')}.") from error
    tools = document.get("tool", {})
    table = tools.get("legacy-seam", {}) if isinstance(tools, dict) else {}
    if isinstance(tools, dict) and "legacy_seam" in tools:
        raise SettingsError(f"{file} has a table [tool.legacy_seam]: write {TABLE}.")
    if not isinstance(table, dict):
        raise SettingsError(
            f"{file}: legacy-seam must be a table, not {table!r}: write {TABLE} on a line of its own."
        )
    return table


def _rules(file: Path, table: Mapping[str, object]) -> Rules:
    """The rules in a table of their own.

    Raises:
        SettingsError: where one of them cannot be followed.
    """
    given: dict[str, Any] = {
        key: _checked(file, key, value, _REDACTION_FORMS, REDACTION) for key, value in table.items()
    }
    try:
        return Rules(**given).checked()
    except RuleError as error:
        raise SettingsError(f"{file}: {error}.") from None


def _checked(
    file: Path, key: str, value: object, forms: Mapping[str, tuple[_Form, str]] | None = None, table: str = TABLE
) -> object:
    forms = _FORMS if forms is None else forms
    if key not in forms:
        nearest = difflib.get_close_matches(key.lower().replace("-", "_"), forms, n=1, cutoff=0.0)
        raise SettingsError(f"{file}: {table} has no key {key!r}: did you mean {nearest[0]!r}?")
    form, example = forms[key]
    try:
        setting = form.read(value)
    except ValueError as error:
        raise SettingsError(f"{file}: {key} in {TABLE}: {error}.") from None
    if setting is None:
        raise SettingsError(
            f"{file}: {key} in {table} must be {form.what}, for example `{key} = {example}`, not {value!r}."
        )
    return setting


# --- the form that each setting has -----------------------------------------------------------------------------


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(value) if isinstance(value, list) and all(map(_text, value)) else None


def _whole(value: object) -> int | None:
    return value if type(value) is int and value > 0 else None


def _several(value: object) -> int | None:
    return value if type(value) is int and value > 1 else None


def _switch(value: object) -> bool | None:
    return value if type(value) is bool else None


def _subtable(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, dict) else None


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and type(value) is not bool and 0 < value < 1e9 else None


def _tolerances(value: object) -> tuple[Tolerance, ...] | None:
    """All of them, or None; a `ValueError` tells what is wrong with one."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    return tuple(_tolerance(number, one) for number, one in enumerate(value, 1))


def _tolerance(number: int, table: Mapping[str, object]) -> Tolerance:
    for key, given in table.items():
        if key not in _MEASURES:
            nearest = difflib.get_close_matches(key, _MEASURES, n=1, cutoff=0.0)[0]
            raise ValueError(f"number {number} has the key {key!r}; did you mean {nearest!r}?")
        if _MEASURES[key].read(given) is None:
            raise ValueError(f"{key} of number {number} must be {_MEASURES[key].what}, not {given!r}")
    if not table.keys() & {"abs", "rel", "ulp", "decimals"}:
        raise ValueError(f"number {number} does not say how much: give it abs, rel, ulp or decimals")
    return Tolerance(**table)  # type: ignore[arg-type]


def _distance(value: object) -> float | None:
    is_number = isinstance(value, (int, float)) and type(value) is not bool
    return float(value) if is_number and 0 <= value < math.inf else None  # type: ignore[arg-type, operator]


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1000 else None


@dataclass(frozen=True, slots=True)
class _Form:
    what: str
    read: Callable[[object], object | None]


_TEXT: Final = _Form("a string", _text)
_TEXTS: Final = _Form("a list of strings", _texts)
_WHOLE: Final = _Form("a whole number from 1", _whole)
_SEVERAL: Final = _Form("a whole number from 2", _several)
_SWITCH: Final = _Form("true or false", _switch)
_SUBTABLE: Final = _Form("a table", _subtable)
_SECONDS: Final = _Form("a number above 0", _seconds)
_TOLERANCES: Final = _Form("a list of tables", _tolerances)
_MEASURES: Final[Mapping[str, _Form]] = {
    "target": _TEXT,
    "path": _TEXT,
    "abs": _Form("a number from 0", _distance),
    "rel": _Form("a number from 0", _distance),
    "ulp": _Form("a whole number from 0", _count),
    "decimals": _Form("a whole number from 0", _count),
}

_FORMS: Final[dict[str, tuple[_Form, str]]] = {
    "source": (_TEXTS, '["src"]'),
    "targets": (_TEXTS, '["shop.rules", "shop.*:Account"]'),
    "exclude": (_TEXTS, '["migrations/*.py"]'),
    "store": (_TEXT, '".legacy-seam"'),
    "golden": (_TEXT, '"tests/golden"'),
    "runs": (_SEVERAL, "3"),
    "max_cases": (_WHOLE, "200"),
    "boundaries": (_TEXTS, '["erp.client:*"]'),
    "allow": (_TEXTS, '["pricing_models"]'),
    "cpu_seconds": (_SECONDS, "10"),
    "wall_seconds": (_SECONDS, "30"),
    "memory_mb": (_WHOLE, "2048"),
    "python": (_TEXT, '"python3.9"'),
    "value_mb": (_WHOLE, "64"),
    "tolerances": (_TOLERANCES, '[{ target = "shop.rates:*", path = "returned.vat", abs = 0.01 }]'),
    "redaction": (_SUBTABLE, '{names = ["employee_number"]}'),
    "gate": (_SUBTABLE, '{score = {target = "rules:score", candidate = "model:score"}}'),
    "canary": (_SUBTABLE, '{score = {log = "predictions.db", experiment = "score"}}'),
}

_REDACTION_FORMS: Final[dict[str, tuple[_Form, str]]] = {
    "enabled": (_SWITCH, "true"),
    "names": (_TEXTS, '["employee_number", "*_pin"]'),
    "patterns": (_TEXTS, "['EMP-[0-9]{6}']"),
    "keep": (_TEXTS, '["email", "shop.cards:*.token_count"]'),
}
