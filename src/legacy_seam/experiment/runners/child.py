"""The process that holds nothing but the candidate: started by `worker.py`, it ends with the legacy process."""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import threading
from typing import Any

from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.guard import audit
from legacy_seam.experiment.guard.notes import CANDIDATE, HERE_ALONE, Notes
from legacy_seam.experiment.guard.reach import coroutine_function
from legacy_seam.experiment.models import ModelLoadFailed, VersionMismatch, made_ready
from legacy_seam.experiment.runners.wire import Gone, Incoming, answer_of, send


def main() -> None:
    """Load the candidate, then answer until nobody asks any more."""
    incoming, outgoing = _take_over_the_pipes()
    if os.fork():  # so that the legacy system, should it wait for any child, never meets this one
        os._exit(0)
    os.setsid()
    _be_the_first_to_go()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    send(outgoing, pickle.dumps(os.getpid()))
    _end_with(incoming)
    try:
        _serve(Incoming(incoming), outgoing)
    except Gone:
        pass
    finally:
        os._exit(0)


def _be_the_first_to_go() -> None:
    """Where memory runs out, the kernel is to take this process and not the legacy one."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:  # no Linux, or not allowed
        pass


def _take_over_the_pipes() -> tuple[int, int]:
    """The pipes for ourselves, and nothing for whoever prints or reads."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return incoming, outgoing


def _end_with(incoming: int) -> None:
    """End when the legacy process does, even in the middle of a candidate that hangs."""

    def watch() -> None:
        poll = select.poll()
        poll.register(incoming, 0)
        poll.poll()  # only a hang-up wakes this
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _serve(incoming: Incoming, outgoing: int) -> None:
    CANDIDATE.set(Notes())  # whatever is loaded here and has an experiment in it is left alone
    try:
        candidate = _loaded(incoming.frame())
    except BaseException as error:
        reason = "version_mismatch" if isinstance(error, VersionMismatch) else "model_load_failed"
        send(outgoing, pickle.dumps((reason, told(error))))
        return
    audit.arm()
    HERE_ALONE.append(Notes())
    send(outgoing, pickle.dumps(("", "")))
    while True:
        request = incoming.frame()
        notes = HERE_ALONE[0] = Notes()
        send(outgoing, answer_of(lambda request=request: candidate(request), notes))


def _loaded(sent: bytes) -> Any:
    """The candidate, as a function of a request."""
    try:
        candidate = pickle.loads(sent)
        made_ready(candidate)
    except (ModelLoadFailed, VersionMismatch):
        raise
    except BaseException as error:
        raise ModelLoadFailed(told(error)) from error
    awaits = coroutine_function(candidate)

    def answer(request: bytes) -> Any:
        arguments, named = pickle.loads(request)
        if awaits:
            import asyncio

            return asyncio.run(candidate(*arguments, **named))
        return candidate(*arguments, **named)

    return answer


def path_of_this_process() -> list[str]:
    """Where this process finds modules, as its worker should."""
    return [os.path.abspath(entry) if entry else os.getcwd() for entry in sys.path]
