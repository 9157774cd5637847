"""One call, replayed: from texts to an outcome."""

from __future__ import annotations

from _thread import _count as thread_count
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from contextvars import Context, copy_context
from types import CellType, FunctionType
from typing import Any

from legacy_seam.boundary.answering import Departure
from legacy_seam.calls import MISSING, Effect
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.batch import Refused, SourceRead
from legacy_seam.replay.binding import Binding, bind
from legacy_seam.replay.ending import ending, has_just_returned, is_plain, numbered, told
from legacy_seam.replay.finding import Found
from legacy_seam.replay.inputs import Inputs
from legacy_seam.replay.neutral import neutral
from legacy_seam.replay.performing import Drive, Following, Performance, perform
from legacy_seam.replay.purity import can_only_compute
from legacy_seam.replay.reached import Reached, changed
from legacy_seam.replay.reading import Reader, data_ahead
from legacy_seam.replay.series import compute
from legacy_seam.replay.sheets import Sheet
from legacy_seam.replay.sources import SourceTracer
from legacy_seam.replay.stage import Stage
from legacy_seam.replay.steps import Step
from legacy_seam.replay.wire import Job
from legacy_seam.values import encode, encode_roots
from legacy_seam.values.anatomy import name_of
from legacy_seam.world.interpreter import Change, Looks
from legacy_seam.world.places import ABSENT
from legacy_seam.world.recursion import frames_above

_PATIENCE_SECONDS = 2.0
"""How long threads that a call started may go on after it."""


@dataclass(slots=True)
class Result:
    """What came of one call.

    departures: where it asked otherwise than it was recorded; told only of a call that differs.
    steps:      what it ran, by file; None where nobody wanted to know.
    is_just_that: just what was expected came of it, and nothing else is told here: it was asked for in brief.
    """

    effects: list[Effect]
    notes: tuple[str, ...] = ()
    sources: tuple[SourceRead, ...] = ()
    departures: tuple[Departure, ...] = ()
    steps: dict[str, list[Step]] | None = None
    is_just_that: bool = False


_JUST_THAT = Result([], is_just_that=True)


@dataclass(slots=True)
class Replay:
    """Replays calls of one target, one after the other, on a stage.

    Args:
        stage: the world.
        found: the function.
        reader: reads recorded values.
        trace: find out which sources of nondeterminism are read.
        watcher: entered whenever code of the program may run, and left after it.
        above: how many calls deep we are when it is called; 0 until that is known.
    """

    stage: Stage
    found: Found
    reader: Reader
    trace: bool = False
    watcher: AbstractContextManager[object] | None = None
    above: int = 0
    _bindings: dict[tuple[tuple[str, ...], tuple[str, ...]], Binding] = field(default_factory=dict)
    _reached: Reached | None = None
    _looks: Looks = field(default_factory=Looks)
    _ambient: list[Change] = field(default_factory=list)
    _is_calm: bool = False
    _is_closed: bool = False
    _is_quiet: bool = False
    _is_pure: bool = False
    _apart: Context = field(default_factory=Context)
    _changes_data: bool = False
    _above_computing: int = 0
    _above_series: int = 0

    def get_ready(self) -> None:
        """Put all state back and note what the function can reach; before its first call."""
        watched, self._looks = self.stage.reach([self.found.code])
        self._reached = Reached(self.stage, watched, self.found.module.__name__) if watched.names else None

    def judge_code(self) -> None:
        """Find out whether the function can do nothing but compute: then no call that is given mere numbers and
        strings is looked at for anything else. To be told once, where nobody is going to exchange its code."""
        function, is_watched = self.found.function, self.trace or self.watcher or self.stage.steps
        if function is not None and self.found.note is None and not is_watched:
            self._is_pure = can_only_compute(function)

    @property
    def reached(self) -> tuple[str, ...]:
        """The places of state that the function can reach."""
        return self._reached.names if self._reached else ()

    def put_back(self) -> None:
        """Put all state back that the function can reach, where somebody has only glanced at it."""
        self.stage.state.put_back(self._reached.disturbed() if self._reached else [])

    def read(self, call: Job) -> Inputs | None:
        """The inputs of a call, to be given to `run` as long as they stay as they are; None where they may be of
        use once only.

        Raises:
            Refused: where they cannot be read.
        """
        if call.closure or call.state or call.driven or call.answers:
            return None
        texts = self.reader.whole(call.arguments)
        inputs = Inputs(texts, self.reader.read(texts))
        return inputs if inputs.are_lasting else None

    def run(self, call: Job, inputs: Inputs | None = None, is_next: bool = False, is_brief: bool = False) -> Result:
        """Replay one call.

        Args:
            call: the call.
            inputs: what `read` gave, and nothing has changed since; read anew where there are none.
            is_next: nothing was done since the last time, and nothing held that came of it.
            is_brief: that just the expected came is all that is to be told of it.

        Raises:
            Refused: where that cannot be done.
        """
        if self._is_pure and (computed := self._computed(call, is_brief)) is not None:
            return computed
        was_pure, self._is_pure = self._is_pure, False
        stage = self.stage
        stage.begin(call, is_next and self._is_closed, is_next and self._is_quiet)
        self._is_closed = self._is_quiet = False
        gone: list[str] = []
        if inputs is None and call.atoms is not None:
            inputs = Inputs.of_atoms(call.arguments, call.atoms)
        if inputs is None:
            texts = call.arguments
            if call.closure or call.state:
                texts = {**texts, **call.closure, **call.state}
            texts = self.reader.whole(texts)
            roots = self._roots(texts)
        try:
            if inputs is None:
                gone = stage.state.take(roots, call.state) if call.state else []
                inputs = Inputs(texts, roots)
            return self._run(call, inputs, gone, is_brief)
        finally:
            if not stage.loop.is_untouched:
                self._end_loop()
            if stage.calm.is_over:
                stage.handed.end()
            if self._reached or call.state:
                disturbed = self._reached.disturbed() if self._reached else []
                stage.state.put_back(disturbed)
                self._is_closed = self._is_closed and not disturbed
                self._is_quiet = self._is_quiet and not disturbed
            self._is_pure = was_pure and self._is_closed  # else code that was not judged may have run, or may yet

    def compute(self, sheet: Sheet, start: int, is_in_time: Callable[[], bool]) -> None:
        """Replay calls of a sheet one right after the other, as long as just the expected comes of each.

        Args:
            sheet: the calls.
            start: the number of the first.
            is_in_time: told of each of these; False where there is to be a break.
        """
        function, columns = self.found.function, sheet.columns
        if not self._is_pure or function is None or not columns:
            return
        try:
            binding = self.binding(function, sheet.names, sheet.defaulted)
        except Refused:
            return
        if binding.notes or not binding.is_by_position:
            return
        given = zip(*[columns[sheet.names.index(name)][start:] for name in binding.positions], strict=True)
        limit = self.stage.interpreter.recursion
        self._above_series = limit.above = self._above_series or frames_above() + 1
        try:
            self._apart.run(
                compute, function, zip(given, sheet.returned[start:], strict=True), limit, self._reached, is_in_time
            )
        finally:
            if self._reached and not self._reached.is_still():
                self.stage.state.put_back(self._reached.disturbed())

    def _computed(self, call: Job, is_brief: bool) -> Result | None:
        """What came of a call which can do nothing but compute; None where it is none of these after all.

        What it is given is built-in data. It needs no world, and does nothing to it: only state is put back. Who
        changes what it is given is looked at as any other, from then on.
        """
        is_bare = not (call.files or call.driven or call.answers or call.in_loop or call.closure or call.state)
        function = self.found.function
        if not is_bare or function is None or (inputs := self._data(call)) is None:
            return None
        binding = self.binding(function, call.arguments, call.defaulted)
        if binding.notes:
            return None
        limits, limit = self.stage.setting.limits, self.stage.interpreter.recursion
        following = Following(limits.items, inputs.names, self.stage.loop)
        self._above_computing = limit.above = self._above_computing or frames_above() + 1
        try:
            done = self._apart.run(perform, function, *binding.spread(inputs.given), following, limit)
            self._is_calm, self._ambient = True, []
            if not inputs.are_unchanged():
                self._changes_data = True
                return None
            if is_brief and has_just_returned(call, done, inputs.names) and self._is_still():
                return _JUST_THAT
            return Result(self._effects(call, inputs, inputs.given, done))
        finally:
            if self._reached:
                self.stage.state.put_back(self._reached.disturbed())

    def _data(self, call: Job) -> Inputs | None:
        """What a call is given, where that is nothing but built-in data, without bytes."""
        if call.atoms is not None:
            return Inputs.of_atoms(call.arguments, call.atoms)
        if self._changes_data:
            return None
        given = data_ahead(call.arguments)
        return None if given is None else Inputs(call.arguments, given)

    def _roots(self, texts: Mapping[str, str]) -> dict[str, object]:
        if self.watcher is None or not self.reader.may_run_code(texts):
            return self.reader.read(texts)
        with self.watcher:
            return self.reader.read(texts)

    def _run(self, call: Job, inputs: Inputs, gone: list[str], is_brief: bool) -> Result:
        stage, roots = self.stage, inputs.given
        function = self.found.make(roots)
        binding = self.binding(function, call.arguments, call.defaulted)
        positional, keywords = binding.spread(roots)
        tracer = SourceTracer(stage.sites) if self.trace else None
        steps = self._steps(call) if call.driven else ()
        following = Following(stage.setting.limits.items, inputs.names, stage.loop, steps)
        stage.answering.begin(call.answers, self.reader.answer)
        watcher = tracer or stage.steps or self.watcher
        what = function, positional, keywords, following, watcher
        if call.in_loop:
            with stage.loop.running():
                done = self._perform(*what)
        else:
            done = self._perform(*what)
        if done.returned is None or not self._is_calm:
            self._refuse_what_tells_nothing(call, done, function, roots)
        is_quiet = inputs.are_plain and is_plain(done)
        self._is_closed = self._is_calm and is_quiet
        self._is_quiet = is_quiet and inputs.are_unchanged() and not (call.closure or call.state)
        is_watched = tracer is not None or stage.steps is not None
        if is_brief and not is_watched and not self._notes(binding, gone) and self._gave(call, inputs, done):
            return _JUST_THAT
        effects = self._effects(call, inputs, self._as_it_is_now(call, roots, function), done)
        reads = tracer.reads() if tracer else ()
        run = stage.steps.take() if stage.steps else None
        return Result(effects, self._notes(binding, gone), reads, tuple(stage.answering.departures), run)

    def _gave(self, call: Job, inputs: Inputs, done: Performance) -> bool:
        """Did the call return what is expected of it, and do nothing else? False may be said in vain."""
        if not self._is_calm or call.closure or call.state or self._ambient or not inputs.are_unchanged():
            return False
        return has_just_returned(call, done, inputs.names) and self._is_still()

    def _is_still(self) -> bool:
        return self._reached is None or self._reached.is_still()

    def _refuse_what_tells_nothing(
        self, call: Job, done: Performance, function: FunctionType, roots: Mapping[str, object]
    ) -> None:
        """Where the call used what the recording does not have, what came of it counts for nothing.

        Raises:
            Refused: it is so.
        """
        if done.used is not None:
            place = self.stage.sites.line_of_traceback(done.used.__traceback__)
            raise Refused("stand-in", str(done.used), place)
        missed = _missed(done.raised, function, roots)
        if missed is not None:
            raise Refused(
                "signature", f"the function now uses {missed} of its enclosing function, not recorded then"
            )
        lost = self.stage.lost(call) or _not_loaded(done.raised)
        if lost is not None:
            raise Refused("stand-in", lost)

    def _notes(self, binding: Binding, gone: list[str]) -> tuple[str, ...]:
        if self._is_calm and not (binding.notes or self.reader.has_moved or self.found.note or gone):
            return ()
        notes = [*binding.notes, *self.reader.notes()]
        if self.found.note:
            notes.append(self.found.note)
        notes += [f"state {name} is not there any more" for name in gone]
        if not self._is_calm:
            unknown = self.stage.redirection.unknown()
            notes += [f"{path} was looked up on this machine: the recording does not know it" for path in unknown]
        return tuple(notes)

    def binding(self, function: FunctionType, names: Iterable[str], defaulted: tuple[str, ...]) -> Binding:
        """How what was recorded of a call goes into the parameters of a function.

        Args:
            function: the function.
            names: of the recorded arguments.
            defaulted: parameters that were left to their defaults.

        Raises:
            Refused: where that cannot be done.
        """
        key = (tuple(names), defaulted)
        binding = self._bindings.get(key)
        if binding is None:
            binding = self._bindings[key] = bind(function, *key)
        return binding

    def _perform(
        self,
        function: FunctionType,
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        following: Following,
        watcher: AbstractContextManager[object] | None,
    ) -> Performance:
        stage = self.stage
        limit = stage.interpreter.recursion
        limit.above = self.above = self.above or frames_above() + 1
        what = function, arguments, keywords, following, limit
        context = copy_context()
        stage.output.active = stage.sandbox.armed = True
        try:
            if watcher is None:
                done = context.run(perform, *what)
            else:
                with watcher:
                    done = context.run(perform, *what)
            stage.loop.rest()
            if thread_count():
                stage.waiting.until_threads_end(_PATIENCE_SECONDS)
            return done
        finally:
            stage.output.active = stage.sandbox.armed = False
            self._ambient = stage.interpreter.changes(context, self._looks) + stage.thread_locals.changes()
            self._is_calm = stage.is_untouched()

    def _end_loop(self) -> None:
        """What waits in the loop ends, which may run code of the program: what comes of that is nobody's."""
        stage = self.stage
        self._is_closed = self._is_quiet = False
        stage.output.active = stage.sandbox.armed = True
        try:
            stage.loop.end()
        finally:
            stage.output.active = stage.sandbox.armed = False

    def _steps(self, call: Job) -> tuple[Drive, ...]:
        texts = {str(n): step.text for n, step in enumerate(call.driven) if step.text}
        values = {n: self.reader.read({n: text})[n] for n, text in self.reader.whole(texts).items()}
        return tuple(Drive(step.kind, values.get(str(n)), step.times) for n, step in enumerate(call.driven))

    # --- what is visible ------------------------------------------------------------------------------------

    def _as_it_is_now(self, call: Job, roots: Mapping[str, object], function: FunctionType) -> Mapping[str, object]:
        """The roots after the call: places and variables of enclosing functions may hold other objects."""
        if not (call.state or call.closure):
            return roots
        now = dict(roots)
        for name in call.state:
            place = self.stage.places.place(name)
            if place is not None:
                now[name] = place.read()
        if call.closure:
            for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
                if name in call.closure:
                    now[name] = _content(cell)
        return now

    def _effects(self, call: Job, inputs: Inputs, now: Mapping[str, object], done: Performance) -> list[Effect]:
        said = [] if self._is_calm else self._said()
        effects = ending(done, inputs.names)
        if not inputs.are_unchanged(now):
            effects += self._changed_roots(inputs, now)
        if self._reached:
            effects += self._reached.changes(call, inputs.names)
        if self._ambient:
            effects += [told(change) for change in self._ambient]
        effects += said
        if not self._is_calm:
            effects += self._wrote_and_asked()
        setting, elsewhere = self.stage.setting, self.stage.elsewhere
        return [
            neutral(effect, setting.directory, elsewhere, setting.project, setting.run.project)
            for effect in effects
        ]

    def _said(self) -> list[Effect]:
        """What was printed, logged and warned of."""
        output = self.stage.output
        printed = zip(("stdout", "stderr"), output.printed(), strict=True)
        effects = [Effect("printed", name, encode(text)) for name, text in printed if text]
        return effects + numbered("logged", output.logged) + numbered("warned", output.warned)

    def _wrote_and_asked(self) -> list[Effect]:
        """What was written, asked, and denied."""
        stage = self.stage
        effects = [Effect("wrote", path, text) for path, text in stage.files_changed()]
        if stage.answering.asked:
            effects += [Effect("changed", one.path, one.got) for one in stage.answering.changed()]
            effects += numbered("asked", stage.answering.asked)
        return effects + numbered("denied", [encode(denial) for denial in stage.sandbox.denials])

    def _changed_roots(self, inputs: Inputs, now: Mapping[str, object]) -> Iterable[Effect]:
        """Arguments, variables of enclosing functions, and state that came with the call, where they changed."""
        after = encode_roots({name: value for name, value in now.items() if value is not ABSENT})
        suspects = [name for name in now if after.get(name) != inputs.texts[name]]
        if not suspects:
            return
        self.stage.handed.compare()
        before = encode_roots(self.reader.read(_with_what_they_share(inputs.texts, suspects)))
        for name in suspects:
            if after.get(name) != before[name]:
                yield from changed(name, before[name], after.get(name, MISSING))


def _with_what_they_share(texts: Mapping[str, str], names: list[str]) -> Mapping[str, str]:
    """Some of the texts, where none of these refers to an object of another; else all of them."""
    some = {name: texts[name] for name in names if name in texts}
    return texts if any(mark in text for text in some.values() for mark in "&*") else some


def _not_loaded(raised: BaseException | None) -> str | None:
    """What the call used of an object of SQLAlchemy that is loaded when it is used; None where there is none."""
    if raised is None or name_of(type(raised)) != "sqlalchemy.orm.exc:DetachedInstanceError":
        return None
    return (
        "it uses an attribute that SQLAlchemy loads when it is used, of an object that it was handed or answered:"
        " that is not in the recording. Load it with the object (selectinload, refresh), or record its caller"
    )


def _missed(raised: BaseException | None, function: FunctionType, roots: Mapping[str, object]) -> str | None:
    """The variable of an enclosing function that the call asked for, and of which the recording knows no value."""
    if type(raised) is not NameError or raised.name not in function.__code__.co_freevars:
        return None
    return None if raised.name in roots else raised.name


def _content(cell: CellType) -> object:
    try:
        content: object = cell.cell_contents
    except ValueError:  # the variable was deleted
        return ABSENT
    return content
