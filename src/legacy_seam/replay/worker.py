"""A worker: replays batches of one run, one after the other, and tells of each call as soon as it is done.

It talks to the replayer by two pipes. What it says first is `["ready"]`, once the program is imported; then
`["batch", number]` when it begins with a batch, `["case", number, index, …]` for each call (or `["same", …]` where
all of it has the digest that was expected), `["done", number]`.
When the process dies, what was not told has not been done.
"""

from __future__ import annotations

import mmap
import os
import random
import resource
import signal
import struct
import sys
import time
from collections.abc import Mapping
from typing import NoReturn

from legacy_seam.calls import Call
from legacy_seam.replay import wire
from legacy_seam.replay.batch import Refused, Setting
from legacy_seam.replay.case import Replay, Result
from legacy_seam.replay.finding import find
from legacy_seam.replay.frames import receive, send
from legacy_seam.replay.reading import Reader
from legacy_seam.replay.stage import Stage
from legacy_seam.replay.zygote import die_with_parent
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import BlobDamaged
from legacy_seam.targets import Target
from legacy_seam.values import Allow

_process_time = time.process_time  # bound before the clock is replaced
_fork, _waitpid, _exit = os.fork, os.waitpid, os._exit
_COUNTER = struct.Struct("=Q")
_BROKEN = 70
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
    send(results, ["ready"])
    while (message := receive(jobs)) is not None:
        number, target, calls, expected = message
        worker.replay(number, Target.parse(target), [wire.call_from_data(call) for call in calls], expected)


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
        self._get = blobs.get
        self._stage = Stage(setting, blobs.get)
        self._cpu_until = 0.0
        self._expected: Mapping[str, str] = {}

    def set_up(self) -> None:
        """Make the world, import the program, set the limits."""
        self._padding = bytearray(self._setting.conditions.padding)
        self._stage.set_up()
        _limit_memory(self._setting.limits.memory_bytes)

    def replay(self, number: int, target: Target, calls: list[Call], expected: Mapping[str, str]) -> None:
        """Replay a batch and tell of each call.

        Args:
            number: that of the first call, in the words of the replayer.
            target: what to call.
            calls: with which inputs.
            expected: identity of a call -> digest of the effects that are expected of it.
        """
        self._expected = expected
        try:
            replay = self._ready_to_replay(target)
        except Refused as refused:
            send(self._results, ["batch", number])
            for index in range(len(calls)):
                self._tell_refusal(number, index, refused)
        else:
            send(self._results, ["batch", number])
            at_once = 1 if self._setting.conditions.isolation == "fresh" else len(calls)
            index = 0
            while index < len(calls):
                index += self._in_child(replay, number, index, calls[index : index + at_once])
        send(self._results, ["done", number])

    def _ready_to_replay(self, target: Target) -> Replay:
        stage = self._stage
        with stage.importing():
            found = find(target, stage.importer.module)
        if stage.importer.took_more():
            stage.settle()
        reader = Reader(self._code_under_test(target), stage.places, self._get)
        replay = Replay(stage, found, reader, trace=self._setting.conditions.trace_sources)
        replay.get_ready()
        return replay

    def _code_under_test(self, target: Target) -> Allow:
        """What recorded values may name: the program's own modules, and what the settings add."""
        package = target.module.partition(".")[0]
        return Allow.for_modules(package, *self._stage.places.modules(), *self._setting.allow)

    def _in_child(self, replay: Replay, number: int, index: int, calls: list[Call]) -> int:
        """Replay calls in a process of its own, so that whatever comes next finds this process untouched.

        Returns:
            how many calls were dealt with; the last of them may have been the end of the process.
        """
        finished = mmap.mmap(-1, _COUNTER.size)
        go, say_go = os.pipe()
        child = _fork()
        if child == 0:
            os.close(say_go)
            self._be_child(replay, number, index, calls, finished, go)
        os.close(go)
        send(self._results, ["child", number, index, child])
        os.close(say_go)
        _, status = _waitpid(child, 0)
        self._stage.disturb()
        (done,) = _COUNTER.unpack(finished[:])
        finished.close()
        if done < len(calls):
            send(self._results, ["ended", number, index + done, status])
            done += 1
        return int(done)

    def _be_child(
        self, replay: Replay, number: int, index: int, calls: list[Call], finished: mmap.mmap, go: int
    ) -> NoReturn:
        status = _BROKEN
        try:
            die_with_parent()
            os.setpgid(0, 0)
            os.read(go, 1)  # returns when the parent has told of us: our messages come after that
            os.close(go)
            self._cpu_until = 0.0
            for offset, call in enumerate(calls):
                self._one(replay, number, index + offset, call)
                finished[:] = _COUNTER.pack(offset + 1)
            status = 0
        finally:
            _exit(status)

    def _one(self, replay: Replay, number: int, index: int, call: Call) -> None:
        self._limit_cpu()
        try:
            result = replay.run(call)
        except Refused as refused:
            self._tell_refusal(number, index, refused)
        except BlobDamaged:
            sentence = "the content of a file that it opened is missing, or was altered"
            self._tell_refusal(number, index, Refused("file-gone", sentence))
        except Exception as failure:  # ours: what the program raises is an outcome
            sentence = f"legacy-seam itself failed on it ({type(failure).__name__}: {failure}); please report that"
            self._tell_refusal(number, index, Refused("lost", sentence))
        else:
            self._tell(number, index, call, result)

    def _tell(self, number: int, index: int, call: Call, result: Result) -> None:
        expected = self._expected.get(call.identity)
        if expected is not None and not result.sources and expected == wire.digest_of(result.effects):
            send(self._results, ["same", number, index, result.notes])
            return
        effects = [(effect.kind, effect.place, effect.text) for effect in result.effects]
        sources = [(read.source, read.site) for read in result.sources]
        send(self._results, ["case", number, index, effects, result.notes, sources])

    def _tell_refusal(self, number: int, index: int, refused: Refused) -> None:
        send(self._results, ["refused", number, index, refused.kind, refused.sentence, refused.site])

    def _limit_cpu(self) -> None:
        """Let the kernel end this process when a call takes too long. Whole seconds: set anew once a second."""
        used = _process_time()
        if used >= self._cpu_until:
            self._cpu_until = used + 1.0
            until = int(used) + 1 + self._setting.limits.cpu_seconds
            _setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


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
