"""Which technique frees code from a source that moves its outcome, and by which names code reads that source."""

from __future__ import annotations

import random
import secrets

from legacy_seam.plaindata import dataclass


@dataclass(frozen=True, slots=True)
class Cure:
    """A technique, and what it is applied to.

    technique: its name as `legacy-seam insert` takes it.
    calls:     full names of what reads the source.
    """

    technique: str
    calls: tuple[str, ...]

    @property
    def name(self) -> str:
        """The technique as people say it.

        >>> Cure("replace-global-reference-with-getter", ()).name
        'replace global reference with getter'
        """
        return self.technique.replace("-", " ")


GETTER = "replace-global-reference-with-getter"
"""It changes no signature, and so is what can be done where nothing else can."""
_PARAMETERIZE = "parameterize-method"
_CALL = "extract-and-override-call"


def _cure(technique: str, calls: str) -> Cure:
    return Cure(technique, tuple(calls.split()))


def _all_of(module: str, names: list[str]) -> str:
    return " ".join(f"{module}.{name}" for name in names if name[0].islower() or name.endswith("Random"))


CURES: dict[str, Cure] = {
    "clock": _cure(
        GETTER,
        """
        datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today
        time.time time.time_ns time.localtime time.gmtime time.ctime time.asctime time.strftime
        """,
    ),
    "running clock": _cure(
        GETTER,
        """
        time.perf_counter time.perf_counter_ns time.monotonic time.monotonic_ns time.process_time
        time.process_time_ns time.thread_time time.thread_time_ns time.sleep time.clock_gettime
        timeit.default_timer
        """,
    ),
    "random": _cure(
        _PARAMETERIZE,
        _all_of("random", random.__all__)
        + """
        numpy.random.rand numpy.random.randn numpy.random.randint numpy.random.random numpy.random.choice
        numpy.random.normal numpy.random.uniform numpy.random.shuffle numpy.random.permutation
        numpy.random.default_rng
        """,
    ),
    "uuid": _cure(_PARAMETERIZE, "uuid.uuid1 uuid.uuid4"),
    "randomness of the system": _cure(
        _PARAMETERIZE, f"os.urandom os.getrandom {_all_of('secrets', secrets.__all__)}"
    ),
    "temporary names": _cure(
        _CALL,
        """
        tempfile.mkstemp tempfile.mkdtemp tempfile.mktemp tempfile.NamedTemporaryFile tempfile.TemporaryDirectory
        """,
    ),
    "hash of text": _cure(GETTER, "builtins.hash"),
    "address": _cure(_CALL, "builtins.id"),
    "process": _cure(GETTER, "os.getpid os.getppid threading.get_ident threading.get_native_id"),
    "machine": _cure(
        GETTER,
        """
        os.uname os.cpu_count os.getlogin os.getloadavg os.statvfs platform.node platform.uname platform.platform
        socket.gethostname getpass.getuser uuid.getnode
        """,
    ),
    "working directory": _cure(_PARAMETERIZE, "os.getcwd os.getcwdb pathlib.Path.cwd"),
    "order of a directory": _cure(_CALL, "os.listdir os.scandir os.walk glob.glob glob.iglob"),
    "file times": _cure(
        _CALL, "os.stat os.lstat os.fstat os.path.getmtime os.path.getctime os.path.getatime os.path.getsize"
    ),
    "environment": _cure("encapsulate-global-reference", "os.environ os.getenv"),
    "locale": _cure(GETTER, "locale.getlocale locale.getdefaultlocale locale.getpreferredencoding"),
    "order of threads": _cure(
        "extract-and-override-factory-method", "threading.Thread concurrent.futures.ThreadPoolExecutor"
    ),
}
"""By source, as the tracer names it (`legacy_seam.replay.sources`)."""

OUTSIDE = _CALL
"""The technique for a question to the outside."""
