"""How Python is told what to run, and how it is told to run the same under a recorder.

`read` takes the words after the interpreter apart as Python does it; `command` puts them together again, with
`importlib_bootstrap` as the script and the settings as its first argument. The program finds nothing of that: the
launcher gives it the arguments that it would have had.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from json import dumps, loads  # by name: the program may patch the module
from typing import Any

from legacy_seam.plaindata import asdict, dataclass, replace
from legacy_seam.record.budget import SAVINGS
from legacy_seam.redaction import DEFAULT as NO_RULES
from legacy_seam.redaction import Rules
from legacy_seam.values.cutting import MOST_CHARACTERS

BOOTSTRAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "importlib_bootstrap.py")

_WITHOUT_EFFECT_ON_US = frozenset("bBEIOPqRsStu")
_WITH_VALUE = "WX"
_ONLY_TELLS = frozenset("hV?")
_LONG_WITH_VALUE = "--check-hash-based-pycs"
_LOUD = "importtime"
_HELPER = "from multiprocessing.resource_tracker import main"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is recorded, and where it goes.

    store:   directory of the store.
    sources: directories whose source files are watched; none: the working directory.
    targets: patterns of targets; none: all.
    exclude: patterns of source files and targets that are left out.
    parent:  the run that started this process; "" where a person did. A process with a parent that cannot be
             recorded runs as it would have run without us; a person is told.
    told:    a person is told of that in a line on stderr, and the program runs (see `startup`).
    command: what the parent runs, the program first.
    main:    the name under which functions of the parent's `__main__` are targets.
    given:   the words after the interpreter as they were, where `command` could not tell them from the program.
    redaction: what the project says about its secrets.
    most_characters: values with a longer text are cut.
    boundaries: patterns of targets that lie outside the program.
    savings: seconds that recording may cost before it is rationed.
    """

    store: str = ".legacy-seam"
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    parent: str = ""
    told: bool = False
    command: tuple[str, ...] = ()
    main: str = ""
    given: tuple[str, ...] = ()
    redaction: Rules = NO_RULES
    most_characters: int = MOST_CHARACTERS
    boundaries: tuple[str, ...] = ()
    savings: float = SAVINGS

    def to_json(self) -> str:
        """As text, without what is left to its default."""
        default = asdict(Settings())
        said = {name: value for name, value in asdict(self).items() if value != default[name]}
        if "redaction" in said:
            said["redaction"] = asdict(self.redaction)
        return dumps(said)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """From text.

        Raises:
            ValueError: where it is no JSON.
            TypeError: where it holds something else.

        >>> Settings.from_json('{"targets": ["shop"]}').targets
        ('shop',)
        """
        data = _with_tuples(loads(text))
        if "redaction" in data:
            data["redaction"] = Rules(**_with_tuples(data["redaction"]))
        return cls(**data)


def _with_tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if type(value) is list else value for name, value in data.items()}


@dataclass(frozen=True, slots=True)
class Invocation:
    """What Python is told to run.

    flags:   options of the interpreter.
    program: `script.py ARGS…`, `-m module ARGS…` or `-c CODE ARGS…`.
    """

    flags: tuple[str, ...]
    program: tuple[str, ...]


def read(words: Sequence[str]) -> Invocation | str:
    """Take the words after the name of the interpreter apart.

    Returns:
        The invocation, or why it cannot be run under a recorder; "" where it does not run any program.

    >>> read(["-Bm", "shop.nightly", "--all"])
    Invocation(flags=('-B',), program=('-m', 'shop.nightly', '--all'))
    >>> read(["-"])
    'its program comes from stdin'
    """
    flags: list[str] = []
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            if word != _LONG_WITH_VALUE or not rest:
                return ""
            flags += [word, rest.pop(0)]
            continue
        for place, letter in enumerate(word[1:], start=1):
            if letter in "cm":
                text = [word[place + 1 :]] if word[place + 1 :] else rest[:1]
                if not text:
                    return ""
                arguments = rest if word[place + 1 :] else rest[1:]
                before = [word[:place]] if place > 1 else []
                return Invocation((*flags, *before), (f"-{letter}", *text, *arguments))
            if letter in _WITH_VALUE:
                value = word[place + 1 :] or (rest[0] if rest else "")
                if letter == "X" and value.partition("=")[0] == _LOUD:
                    return f"it runs with -X {_LOUD}"
                flags += [word] if word[place + 1 :] else [word, *rest[:1]]
                rest = rest if word[place + 1 :] else rest[1:]
                break
            if letter in _ONLY_TELLS:
                return ""
            if letter not in _WITHOUT_EFFECT_ON_US:
                return f"it runs with -{letter}"
        else:
            flags.append(word)
    if not rest or rest[0] == "-":
        return "its program comes from stdin"
    return (
        "its script has the name of an option" if rest[0].startswith("-") else Invocation(tuple(flags), tuple(rest))
    )


def command(settings: Settings, program: Sequence[str]) -> list[str]:
    """The command line that runs a program under a recorder; for `subprocess`, with the environment as it is.

    Args:
        settings: what is recorded.
        program: `script.py ARGS…`, `-m package.module ARGS…` or `-c CODE ARGS…`.

    >>> command(Settings(), ["nightly.py", "--all"])[-3:]
    ['--', 'nightly.py', '--all']
    """
    from subprocess import _args_from_interpreter_flags  # type: ignore[attr-defined]

    return [sys.executable, *_args_from_interpreter_flags(), BOOTSTRAP, settings.to_json(), "--", *program]


def arguments(settings: Settings, words: Sequence[str]) -> list[str] | str:
    """The words after the interpreter that run under a recorder what `words` run.

    Returns:
        Them, or why there are none; see `read`. A helper of `multiprocessing` runs nothing of the program: "".

    >>> arguments(Settings(), ["-B", "nightly.py"])[0]
    '-B'
    """
    invocation = read(words)
    if isinstance(invocation, str):
        return invocation
    if invocation.program[0] == "-c" and invocation.program[1].startswith(_HELPER):
        return ""
    flags, program = invocation.flags, invocation.program
    if [*flags, *program] != list(words):
        settings = replace(settings, given=tuple(words))
    return [*flags, BOOTSTRAP, settings.to_json(), "--", *program]
