"""The nouns of replaying: what is run again, under which conditions and limits, and what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Literal

from legacy_seam.calls import Call, Outcome, Run
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.steps import Step
from legacy_seam.targets import Target
from legacy_seam.values.cutting import MOST_CHARACTERS

WAITS_FOR_EVER = "it waits for ever, for what nothing in the call brings"
"""How a call ended that would have had to be brought on by somebody else: another thread, a signal."""
NO_ANSWER = "killed: no answer within"
"""What the end of a call begins with that took more than it may."""

NO_STEPS: Mapping[str, Collection[Step]] = MappingProxyType({})

Isolation = Literal["shared", "fresh"]
RefusalKind = Literal[
    "stand-in",
    "type-gone",
    "not-allowed",
    "unreadable",
    "target-gone",
    "import-failed",
    "signature",
    "file-gone",
    "unanswered",
    "endless",
    "lost",
]
"""Why a call could not be replayed.

stand-in:      it used a value that could not be recorded (an open file, a socket).
type-gone:     a class or function that a recorded value names is not there any more.
not-allowed:   a recorded value names a class or function that is not code under test.
unreadable:    a recorded value is not in the notation.
target-gone:   there is no such function any more.
import-failed: its module cannot be imported.
signature:     it no longer takes the arguments that were recorded.
file-gone:     the content of a file that it opened is not in the blobs.
unanswered:    it asked something outside of which the recording has no answer.
endless:       it does not come to an end when it is replayed, or not within the limits.
lost:          the worker could not be started, or ended for a reason outside the call.
"""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What of the world is varied in a replay. The default is the world in which golden masters are made.

    clock_shift:   seconds by which all instants are moved.
    random_seed:   seeds all randomness.
    hash_seed:     PYTHONHASHSEED.
    isolation:     `shared`: all calls of a batch in one process, state being put back before each;
                   `fresh`: each in a process of its own.
    order:         the calls of a batch as given, reversed, or shuffled by a seed.
    timezone:      TZ of the surroundings (the recorded zone is set on top of it).
    locale:        LANG of the surroundings (what was recorded is set on top of it).
    directory:     name part of the private directory, so that its path varies.
    padding:       bytes allocated beforehand, so that addresses move.
    thread_turn:   seconds for which a thread goes on while others wait for their turn (Python's own: 0.005).
    trace_sources: find out which sources of nondeterminism are read, and where (slow).
    trace_steps:   find out which lines of the program are run, one after which (slow).
    instead:       texts of modules that are taken for what is in their files, by the paths of these.
    """

    clock_shift: float = 0.0
    random_seed: int = 0
    hash_seed: int = 0
    isolation: Isolation = "shared"
    order: Literal["given", "reversed"] | int = "given"
    timezone: str | None = None
    locale: str | None = None
    directory: str | None = None
    padding: int = 0
    thread_turn: float = 0.125
    trace_sources: bool = False
    trace_steps: bool = False
    instead: tuple[tuple[str, str], ...] = ()

    def replace(self, **changes: Any) -> Conditions:
        """These conditions with some of them changed.

        >>> Conditions().replace(random_seed=1).random_seed
        1
        """
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one call may take.

    cpu_seconds:  of processor time.
    wall_seconds: of real time.
    memory_bytes: of address space, beyond what the process has when the program is imported.
    items:        taken from a generator at most.
    disk_bytes:   in the private directory; also the largest file.
    characters:   of the text of one value; longer ones are cut (see `legacy_seam.values.cutting`).
    """

    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    memory_bytes: int = 2 * 1024**3
    items: int = 1000
    disk_bytes: int = 1024**3
    characters: int = MOST_CHARACTERS


@dataclass(frozen=True, slots=True)
class Batch:
    """Calls of one target in one run.

    approved: identity of a call -> what is expected to come of it. Of a call of which just that comes, a worker
              says no more, and `Replayed.outcome` is the very outcome that is given here.
    """

    target: Target
    calls: tuple[Call, ...]
    run: Run
    approved: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A source of nondeterminism (`clock`, `random`, `hash`, …) and where it is read (`rules.py:33`)."""

    source: str
    site: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of replaying one call.

    identity:     that of the call.
    outcome:      everything visible; None where it could not be replayed.
    refusal:      one sentence: why it could not be.
    refusal_kind: the sort of reason.
    site:         where in the code, if there is such a place (`collect.py:212`).
    sources:      with `Conditions.trace_sources`: what it read that may differ next time.
    notes:        what a person should know though nothing is wrong (`parameter x was added since`).
    target:       the target of the call.
    steps:        with `Conditions.trace_steps`: what it ran (see `legacy_seam.replay.steps`), by file.
    at_import:    likewise, what was run when its program was imported; told with the first call after that.
    """

    identity: str
    outcome: Outcome | None = None
    refusal: str | None = None
    refusal_kind: RefusalKind | None = None
    site: str | None = None
    sources: tuple[SourceRead, ...] = ()
    notes: tuple[str, ...] = ()
    target: Target | None = None
    steps: Mapping[str, Collection[Step]] = NO_STEPS
    at_import: Mapping[str, Collection[Step]] = NO_STEPS


@dataclass(frozen=True, slots=True)
class Setting:
    """What a worker is told before it begins.

    project: directory of the project; directory: the private one; search_path: looked through before all others.
    readable: files elsewhere that the calls opened when they were recorded.
    asks: some of the calls asked something outside, or the imports did; they are answered from the recording.
    seal: what each message of the worker begins with.
    """

    run: Run
    conditions: Conditions
    limits: Limits
    project: str
    directory: str
    search_path: tuple[str, ...]
    allow: tuple[str, ...]
    readable: tuple[str, ...] = ()
    asks: bool = False
    seal: bytes = b""


class Refused(Exception):
    """A call cannot be replayed (raised within workers)."""

    def __init__(self, kind: RefusalKind, sentence: str, site: str | None = None) -> None:
        super().__init__(sentence)
        self.kind: RefusalKind = kind
        self.sentence = sentence
        self.site = site
