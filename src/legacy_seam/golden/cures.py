"""Which technique frees a function from a source that moves its outcome, and the command that applies it."""

from __future__ import annotations

from legacy_seam.plaindata import dataclass
from legacy_seam.targets import Target


@dataclass(frozen=True, slots=True)
class Cure:
    """A technique, and what the code calls that it is applied to.

    technique: its name as `legacy-seam insert` takes it.
    call:      what is called, where one function stands for the source; "" where the place has to say.
    """

    technique: str
    call: str = ""

    @property
    def name(self) -> str:
        """The technique as people say it.

        >>> Cure("replace-global-reference-with-getter").name
        'replace global reference with getter'
        """
        return self.technique.replace("-", " ")


_GETTER = "replace-global-reference-with-getter"
_PARAMETERIZE = "parameterize-method"
_CALL = "extract-and-override-call"

CURES: dict[str, Cure] = {
    "clock": Cure(_GETTER, "datetime.datetime.now"),
    "running clock": Cure(_GETTER, "time.perf_counter"),
    "random": Cure(_PARAMETERIZE, "random.random"),
    "uuid": Cure(_PARAMETERIZE, "uuid.uuid4"),
    "randomness of the system": Cure(_PARAMETERIZE, "os.urandom"),
    "temporary names": Cure(_CALL, "tempfile.mkstemp"),
    "hash of text": Cure(_GETTER, "hash"),
    "address": Cure(_CALL, "id"),
    "process": Cure(_GETTER, "os.getpid"),
    "machine": Cure(_GETTER, "os.uname"),
    "working directory": Cure(_PARAMETERIZE, "os.getcwd"),
    "order of a directory": Cure(_CALL, "os.listdir"),
    "file times": Cure(_CALL, "os.stat"),
    "environment": Cure("encapsulate-global-reference", "os.environ"),
    "locale": Cure(_GETTER, "locale.getlocale"),
    "order of threads": Cure("extract-and-override-factory-method", "threading.Thread"),
}
"""By source, as the tracer names it (`legacy_seam.replay.sources`)."""

OUTSIDE = Cure(_CALL)
"""For a question to the outside: `call` is whoever is asked."""


def insert_command(target: Target, cure: Cure, call: str = "") -> str | None:
    """The command that applies a cure to a target; None where it is not known what is called.

    Args:
        target: the function that reads the source.
        cure: one of `CURES`, or `OUTSIDE`.
        call: what the code calls, where that is known better than by the source.

    >>> insert_command(Target.parse("shop.rules:score"), CURES["clock"])
    'legacy-seam insert replace-global-reference-with-getter shop.rules:score --call datetime.datetime.now'
    >>> insert_command(Target.parse("shop.rules:grade"), CURES["random"], "random.choice")
    'legacy-seam insert parameterize-function shop.rules:grade --call random.choice'
    """
    called = call or cure.call
    if not called:
        return None
    technique = cure.technique
    if technique == _PARAMETERIZE and "." not in target.qualname:
        technique = "parameterize-function"
    return f"legacy-seam insert {technique} {target} --call {called}"
