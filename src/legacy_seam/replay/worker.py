"""A worker: replays batches of one run, one after the other, and tells of each call as soon as it is done.

It talks to the replayer by two pipes. What it says first is `["ready"]`, once the program is imported; then
`["batch", number]` when it begins with a batch, `["case", number, index, …]` for each call (or `["same", …]` for
many of which just the expected came: see `telling`), `["done", number]`.
When the process dies, what was not told has not been done.
"""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from typing import NoReturn

from legacy_seam.calls import Answer, Effect, FileState, Run
from legacy_seam.replay import wire
from legacy_seam.replay.batch import Conditions, Limits, Refused, Setting
from legacy_seam.replay.binding import Binding, Parameters
from legacy_seam.replay.case import Replay, Result
from legacy_seam.replay.finding import find
from legacy_seam.replay.frames import receive, receive_unread, send
from legacy_seam.replay.jobs import Jobs
from legacy_seam.replay.mutation.asked import MUTATE
from legacy_seam.replay.mutation.job import serve_mutation
from legacy_seam.replay.performing import Drive, Following, Performance
from legacy_seam.replay.reading import Reader
from legacy_seam.replay.sheets import Sheet
from legacy_seam.replay.stage import Stage
from legacy_seam.replay.steps import Step
from legacy_seam.replay.telling import Telling
from legacy_seam.replay.wire import Job
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import BlobDamaged
from legacy_seam.targets import Target
from legacy_seam.values import Allow, keep_at_most
from legacy_seam.world.confinement import confine_call
from legacy_seam.world.confinement.kernel import die_with_parent
from legacy_seam.world.trees import Tree

_process_time = time.process_time  # bound before the clock is replaced
_fork, _waitpid, _exit = os.fork, os.waitpid, os._exit
_BROKEN = 70
_LEFT = 71
_WORTH_WHILE = 4
"""Calls in one go: where it is fewer, the one at which it ended is made in vain too often."""
_TOO_LARGE = "what came of it is too large to be told within the memory that a call may take"
_OF_CALLS = Answer, Binding, Drive, Effect, FileState, Following, Job, Parameters, Performance, Result
NOUNS = (*_OF_CALLS, Conditions, Limits, Run, Setting, Target, Tree)
"""What most workers and processes in which calls run make instances of."""
_MEMORY_OF_IMPORTS = 4
"""How many times the memory of one call all imports may take: libraries are large."""
_setrlimit = resource.setrlimit


def serve(jobs: int, results: int) -> None:
    """Do what comes through the pipe `jobs` until it ends.

    Args:
        jobs: file descriptor to read from.
        results: file descriptor to write to.
    """
    os.setpgid(0, 0)
    random.seed(0)
    _take_descriptors(jobs, results)
    message = receive(jobs)
    if message is None:
        return
    setting, blobs = wire.setting_from_data(message)
    worker = Worker(setting, blobs, results)
    worker.set_up()
    send(results, ["ready"], setting.seal)
    while (message := receive(jobs)) is not None:
        if message[0] == MUTATE:
            serve_mutation(worker, jobs, message)
            continue
        number, name, count, messages, one_by_one = message
        portions = [portion for _ in range(messages) if (portion := receive_unread(jobs)) is not None]
        if len(portions) < messages:
            return
        target = Target.parse(name)
        worker.replay(number, target, Jobs(count, portions), one_by_one)


class Worker:
    """Replays batches of calls of one run.

    Args:
        setting: the run, and where and how it is replayed.
        blobs: directory of the contents of files.
        results: file descriptor to which results are written.
    """

    def __init__(self, setting: Setting, blobs: Blobs, results: int) -> None:
        self._setting = setting
        self._results = results
        self._seal = setting.seal
        self._get = blobs.get
        self._stage = Stage(setting, blobs.get)
        self._cpu_until = 0.0
        self._at_import: dict[str, list[Step]] = {}

    def set_up(self) -> None:
        """Make the world, import the program, set the limits."""
        limits = self._setting.limits
        keep_at_most(limits.characters)
        self._padding = bytearray(self._setting.conditions.padding)
        _limit(resource.RLIMIT_FSIZE, limits.disk_bytes)
        _limit(resource.RLIMIT_DATA, _MEMORY_OF_IMPORTS * limits.memory_bytes)
        reader = Reader(self._code_under_test(), self._stage.places, self._get, self._setting.project)
        self._stage.set_up(reader.answer)
        _limit_memory(limits.memory_bytes)

    @property
    def stage(self) -> Stage:
        """The world that it has made."""
        return self._stage

    @property
    def seal(self) -> bytes:
        """What its messages begin with."""
        return self._seal

    def say(self, *message: object) -> None:
        """Tell the replayer."""
        send(self._results, message, self._seal)

    def replay(self, number: int, target: Target, jobs: Jobs, one_by_one: bool) -> None:
        """Replay a batch and tell of each call.

        Args:
            number: that of the first call, in the words of the replayer.
            target: what to call.
            jobs: the calls.
            one_by_one: tell of each call at once.
        """
        try:
            replay = self.ready_to_replay(target)
        except Refused as refused:
            self.say("batch", number)
            for index in range(len(jobs)):
                self.say("refused", number, index, refused.kind, refused.sentence, refused.site)
        else:
            replay.judge_code()
            self.say("batch", number)
            self._at_import = self._stage.steps.take() if self._stage.steps else {}
            at_once = 1 if self._setting.conditions.isolation == "fresh" else len(jobs)
            index = 0
            while index < len(jobs):
                telling = Telling(self._results, self._seal, number, index, one_by_one)
                count = min(at_once, len(jobs) - index)
                self._in_child(replay, telling, jobs.in_portions(index, count), count)
                self._at_import = {}
                index += telling.done
                telling.close()
        self.say("done", number)

    def ready_to_replay(self, target: Target) -> Replay:
        """What replays calls of a target.

        Raises:
            Refused: where it cannot be found or imported.
        """
        stage = self._stage
        with stage.importing():
            found = find(target, stage.importer.module)
        if stage.importer.took_more():
            stage.settle()
        allow, project = self._code_under_test(target.module), self._setting.project
        reader = Reader(allow, stage.places, self._get, project, stage.answering.stand_in)
        replay = Replay(stage, found, reader, trace=self._setting.conditions.trace_sources)
        replay.get_ready()
        return replay

    def _code_under_test(self, *modules: str) -> Allow:
        """What recorded values may name: the program's own modules, and what the settings add."""
        packages = [module.partition(".")[0] for module in modules]
        script = (self._setting.run.main or ("",))[0]
        return Allow.for_modules(*packages, script, *self._stage.places.modules(), *self._setting.allow)

    def _in_child(self, replay: Replay, telling: Telling, portions: Iterable[Sequence[Job]], count: int) -> None:
        """Replay so many calls in a process of its own, so that whatever comes next finds this process untouched.

        Those that were dealt with are `telling.done`; the last of them may have been the end of the process.
        """
        go, say_go = os.pipe()
        child = _fork()
        if child == 0:
            os.close(say_go)
            self._be_child(replay, telling, portions, go)
        os.close(go)
        telling.begun(child)
        os.close(say_go)
        _, status = _waitpid(child, 0)
        self._stage.disturb()
        telling.tell()
        if telling.done < count and not (telling.done and status == _LEFT << 8):
            telling.ended(status)

    def _be_child(self, replay: Replay, telling: Telling, portions: Iterable[Sequence[Job]], go: int) -> NoReturn:
        status = _BROKEN
        try:
            die_with_parent()
            os.setpgid(0, 0)
            os.read(go, 1)  # returns when the parent has told of us: our messages come after that
            os.close(go)
            confine_call()
            self._cpu_until = 0.0
            is_next = False
            for some in portions:
                self._some(replay, telling, some, is_next)
                is_next = True
            status = 0
        finally:
            _exit(status)

    def _some(self, replay: Replay, telling: Telling, jobs: Sequence[Job], is_next: bool) -> None:
        """Replay calls that came together: many in one go, where they are such that this can be done."""
        sheet = jobs if isinstance(jobs, Sheet) else None
        at = 0
        while at < len(jobs):
            if telling.is_due():
                if not telling.can_be_told():
                    _exit(_LEFT)
                telling.tell()
                self._limit_cpu()
            if sheet is not None:
                before = telling.done
                replay.compute(sheet, at, telling.same_in_time)
                count = telling.done - before
                at += count
                if count < _WORTH_WHILE:
                    sheet = None
                if at == len(jobs):
                    return
            self._one(replay, telling, jobs[at], is_next)
            at += 1
            is_next = True
            if self._stage.has_other_threads():  # one outlives its call: what follows must not meet it
                _exit(_LEFT)

    def _one(self, replay: Replay, telling: Telling, job: Job, is_next: bool) -> None:
        try:
            result = replay.run(job, is_next=is_next, is_brief=True)
        except Refused as refused:
            self._tell_refusal(telling, refused)
        except BlobDamaged:
            sentence = "the content of a file that it opened is missing, or was altered"
            self._tell_refusal(telling, Refused("file-gone", sentence))
        except MemoryError:
            self._tell_refusal(telling, Refused("lost", _TOO_LARGE))
        except Exception as failure:  # ours: what the program raises is an outcome
            if isinstance(failure, OSError) and failure.errno == errno.EBADF:  # it has closed what we work with
                _exit(_BROKEN)
            sentence = f"legacy-seam itself failed on it ({type(failure).__name__}: {failure}); please report that"
            self._tell_refusal(telling, Refused("lost", sentence))
        else:
            try:
                self._tell(telling, job, result)
            except MemoryError:
                self._tell_refusal(telling, Refused("lost", _TOO_LARGE))

    def _tell(self, telling: Telling, job: Job, result: Result) -> None:
        if result.is_just_that:
            telling.same()
            return
        is_same = job.expected is not None and not result.sources and job.expected == wire.gist_of(result.effects)
        if is_same and not result.notes and result.steps is None:
            telling.same()
            return
        effects = None if is_same else [(effect.kind, effect.place, effect.text) for effect in result.effects]
        departures = () if is_same else [(one.place, one.asked, one.recorded, one.now) for one in result.departures]
        traced = () if result.steps is None else (result.steps, self._at_import)
        reads = [(read.source, read.site) for read in result.sources]
        telling.other("case", effects, result.notes, departures, reads, *traced)
        self._at_import = {}

    def _tell_refusal(self, telling: Telling, refused: Refused) -> None:
        telling.other("refused", refused.kind, refused.sentence, refused.site)

    def _limit_cpu(self) -> None:
        """Let the kernel end this process when a call takes too long. Whole seconds: set anew once a second."""
        used = _process_time()
        if used >= self._cpu_until:
            self._cpu_until = used + 1.0
            until = int(used) + 1 + self._setting.limits.cpu_seconds
            _setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit(what: int, most: int) -> None:
    """Set a limit of the kernel, unless a lower one is in force."""
    soft, hard = resource.getrlimit(what)
    lower = [most, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)]
    _setrlimit(what, (min(lower), hard))


def _limit_memory(more: int) -> None:
    try:
        with open("/proc/self/statm", "rb") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    _setrlimit(
        resource.RLIMIT_AS, (used + more if hard == resource.RLIM_INFINITY else min(used + more, hard), hard)
    )


def _take_descriptors(jobs: int, results: int) -> None:
    """Standard input is empty; 1 and 2 are files of our own, from which output below Python is taken."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    for descriptor in (1, 2):
        taken = _memory_file()
        os.dup2(taken, descriptor)
        os.close(taken)
    os.close(nothing)
    for descriptor in (jobs, results):
        os.set_inheritable(descriptor, False)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def _memory_file() -> int:
    if sys.platform == "linux":
        return os.memfd_create("output")
    import tempfile

    descriptor, name = tempfile.mkstemp()
    os.unlink(name)
    return descriptor
