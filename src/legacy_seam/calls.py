"""The nouns of the project: what a call was, what came of it, and where two outcomes part.

This module is the ground floor. It imports nothing of the project, and everything above speaks in its words.
Values inside these nouns are never live objects: they are *texts* in the notation of `legacy_seam.values`,
so that a noun can be stored, sent to another process and compared without running any code of the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from legacy_seam.plaindata import dataclass, field
from legacy_seam.targets import Target

Text: TypeAlias = str
"""A value in the notation of `legacy_seam.values`."""

Kind = Literal[
    "returned",
    "yielded",
    "raised",
    "changed",
    "printed",
    "logged",
    "warned",
    "wrote",
    "asked",
    "denied",
    "unanswered",
    "ended",
]
"""What sort of thing an effect is.

returned: the value given back (place is empty)
yielded:  the items of a generator, as a list (place is empty)
raised:   the exception that left the target (place is empty)
changed:  an argument or a global after the call, by path (place `acct.score`, `rules:CACHE['x']`)
printed:  text on a stream (place `stdout` or `stderr`)
logged:   one log record (place is its number, from 1)
warned:   one warning (place is its number, from 1)
wrote:    a file made, changed or removed (place is its path, relative to the working directory)
asked:    a question to the outside, which was answered from the recording (place is its number, from 1)
denied:   an act the controlled world refused (place is its number, from 1)
unanswered: a question to the outside that the recording has no answer to; the call ended there (place is empty)
ended:    the process did not survive the call (place is empty): time limit, memory limit, signal, `os._exit`
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a call did to the world, its answer included."""

    kind: Kind
    place: str
    text: Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything visible that came of one call, in a fixed order: the order of `Kind`, then of happening."""

    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when somebody opened it, or asked about it.

    path:     relative to the working directory of the program, with forward slashes; an absolute path stands for a
              file outside it. That of a directory ends in `/`.
    digest:   names its content in the blobs; None says that there was no such file, or that `size` is all that is
              known of its content.
    size:     bytes of a file whose content was not kept.
    mode:     its permissions (`0o640`), where they were asked for, or are such as to refuse its owner something.
    modified: when it was changed last, in nanoseconds since the epoch, where that was asked for.
    link:     where it leads, where it is a symbolic link: as it says, but `<directory>/` for the working directory.
              What lies there is told under its own path.
    """

    path: str
    digest: str | None
    size: int | None = None
    mode: int | None = None
    modified: int | None = None
    link: str | None = None

    @property
    def is_missing(self) -> bool:
        """Was nothing there?"""
        return self.digest is None and self.size is None and self.link is None and not self.path.endswith("/")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a caller did to a generator: take the next item, send a value, throw an exception, close it.

    text:  what was sent or thrown.
    times: how often it was done in a row (`next` only).
    """

    kind: Literal["next", "send", "throw", "close"]
    text: Text = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What something outside the program answered to one question of the code of a call.

    question: a call (`requests.api:get('https://bureau.example', timeout=5)`, `Response_1.json()`), or the name of
              an attribute (`Response_1.status_code`).
    form:     what the answer is: a value, an exception, or the value that came of awaiting it.
    text:     the answer.
    site:     file and line of the question.
    handles:  what the answer has that is no plain data: name that stands for it in texts (`*Response_1`) -> type
              (`requests.models:Response`).
    """

    question: Text
    form: Literal["returned", "raised", "awaited"]
    text: Text
    site: str
    handles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded invocation of a target: what it could depend on, and what was seen to come of it.

    arguments: parameter name -> text; `*args` and `**kwargs` parameters under their bare names (`args`, `kwargs`).
               A parameter that was left to its (immutable) default is absent. All texts of one call were written
               by one `encode_roots`, so that sharing between arguments and globals shows.
    closure:   free variable -> text, for functions defined inside others.
    state:     `module:name` or `module:Class.attribute` -> text, for module and class state which the target may
               read and which differed from its value right after import.
    instant:   seconds since the epoch (UTC) when the call began.
    files:     files opened during the call, as they were before it.
    observed:  what came of it in the wild (`returned`, `yielded`, `raised` and `changed` only); None where that was
               not seen.
    run:       the identifier of the `Run`.
    defaulted: names of parameters that were left to their defaults.
    driven:    what the caller did to the generator that it was given, in this order; empty where it took all items
               one after the other, and for all other functions.
    answers:   what it asked outside, and what it was answered, in this order.
    in_loop:   it was made by code that an event loop runs. (Told of functions that are no coroutines: those always
               are.)
    """

    target: Target
    identity: str
    arguments: Mapping[str, Text]
    closure: Mapping[str, Text]
    state: Mapping[str, Text]
    instant: float
    files: tuple[FileState, ...]
    observed: Outcome | None
    run: str
    defaulted: tuple[str, ...] = ()
    driven: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()
    in_loop: bool = False

    def texts(self) -> tuple[Text, ...]:
        """The texts of all its inputs."""
        if not (self.closure or self.state or self.driven or self.answers):
            return tuple(self.arguments.values())
        given = (*self.arguments.values(), *self.closure.values(), *self.state.values())
        sent = (step.text for step in self.driven if step.text)
        return (*given, *sent, *(answer.text for answer in self.answers))

    def asks(self) -> tuple[str, ...]:
        """Who it asks outside: `urllib.request:urlopen`, each once. What is done with handles is left out."""
        made = {name for answer in self.answers for name in answer.handles}
        asked = (answer.question.partition("(")[0] for answer in self.answers)
        return tuple(dict.fromkeys(name for name in asked if name.partition(".")[0] not in made))


@dataclass(frozen=True, slots=True)
class Run:
    """One recorded run of a program: where it ran, under what, and what it took from its surroundings.

    directory:   its working directory at the start (absolute).
    command:     its arguments, the program first.
    main:        the module name under which functions of `__main__` are targets, and its file (relative to
                 `directory` where it lies below it), or None where nothing of `__main__` was recorded.
    search_path: directories from which project modules were imported, relative to `directory` where below it.
    imports:     project modules in the order in which their import began, for programs that work in one order only;
                 after them the functions that made what recorded values name (`shop:create_app()`).
    started:     seconds since the epoch (UTC).
    timezone:    the value of TZ, or the name of the zone of the machine.
    environment: variables that the program read -> value, None where it was not set.
    files:       files opened while project modules were being imported, as they were.
    boundaries:  patterns of targets that the user declared to lie outside; their answers were recorded.
    redacted:    pseudonyms stand in the place of secrets, in all its calls.
    answers:     what its modules asked outside while they were being imported, and what they were answered.
    project:     where the project lay then (absolute), empty where that is not known: programs and their settings
                 name files of theirs by paths that hold in one place only.
    """

    identity: str
    command: tuple[str, ...]
    directory: str
    main: tuple[str, str] | None
    search_path: tuple[str, ...]
    started: float
    timezone: str
    environment: Mapping[str, str | None]
    files: tuple[FileState, ...]
    python: str
    platform: str
    commit: str | None = None
    imports: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    redacted: bool = False
    answers: tuple[Answer, ...] = ()
    project: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many calls of one target went where. `seen` is the sum of all the others.

    kept:           written down, so that they can be replayed.
    duplicate:      with the same inputs as an earlier one.
    sampled_out:    passed over, because they promised nothing new or recording had taken its share of the time.
    unserialisable: written down but for something that cannot be, so that few of them can be replayed.
    failed:         calls that the recorder itself could not take.
    why:            the reasons why calls are among the last two, or were passed over to save time, with the number
                    of these calls.
    """

    seen: int = 0
    kept: int = 0
    duplicate: int = 0
    sampled_out: int = 0
    unserialisable: int = 0
    failed: int = 0
    why: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A call chosen for the golden master, with its approved outcome."""

    call: Call
    approved: Outcome


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where an outcome departs from what was expected: a path into it, and the two texts."""

    path: str
    expected: Text
    got: Text


MISSING: Text = "<missing>"
"""Stands in a `Difference` for the side on which there is nothing at that path."""
