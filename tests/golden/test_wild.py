"""What a replay is compared with, of what was seen in the wild: only what the recorder looks at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from legacy_seam.calls import Call, Effect, Outcome, Run
from legacy_seam.golden.trial import Trial
from legacy_seam.golden.wild import cut_short, departures
from legacy_seam.redaction.pseudonyms import Pseudonyms
from legacy_seam.targets import Target

SCORE = Target("rules", "score")
RUN = Run("r", ("a.py",), "/p", None, (".",), 0.0, "UTC", {}, (), "3.11", "linux")
RETURNED = Effect("returned", "", "7")


def replayed(*effects: Effect) -> Trial:
    """A call that was seen to return 7, and what came of its replay."""
    call = Call(SCORE, "c", {"rows": "[1]"}, {"total": "3"}, {}, 0.0, (), Outcome((RETURNED,)), "r", ("os",))
    return Trial(SCORE, [call], {"r": RUN}, outcomes={"c": Outcome(effects)})


@pytest.mark.parametrize("place", ["rows[0]", "total", "os.name", "rules:CACHE['a']", "shop.rules:Cart.count"])
def test_another_input_or_state_is_told(place: str) -> None:
    assert departures(replayed(RETURNED, Effect("changed", place, "2"))) == (1, f"changed {place}")


@pytest.mark.parametrize(
    "place",
    [
        "sys.umask()",
        "sys.path['/a:b']",
        "locale.setlocale(LC_ALL)",
        "answered[1].rows",
        "logging.getLogger('a:b').level",
    ],
)
def test_what_nobody_looks_at_in_the_wild_is_no_departure_from_it(place: str) -> None:
    assert departures(replayed(RETURNED, Effect("changed", place, "2"), Effect("printed", "stdout", "'x'"))) is None


def test_a_generator_that_was_returned_is_no_departure_though_its_replay_follows_it() -> None:
    trial = replayed(Effect("yielded", "", "[1, 2]"), Effect("changed", "rows[0]", "2"))
    [call] = trial.calls
    handed_back = Effect("returned", "", "opaque('builtins:generator', 'a generator: it stands ..')")
    trial.calls = [replace(call, observed=Outcome((handed_back, Effect("changed", "rows[0]", "2"))))]
    assert departures(trial) is None
    trial.calls = [replace(call, observed=Outcome((handed_back,)))]
    assert departures(trial) == (1, "changed rows[0]")


@pytest.mark.parametrize(
    ("seen", "swayed", "is_told"),
    [
        ("datetime(2026, 11, 28, 8, 59, 31, 363701)", True, False),  # the clock had gone on
        ("datetime(2026, 11, 28, 17, 59, 31, 363654)", True, True),  # another zone
        ("datetime(2026, 11, 28, 8, 59, 31, 363701)", False, True),
        ("'a token'", True, False),
    ],
)
def test_what_the_clock_and_chance_move_is_no_departure_unless_it_is_hours_away(
    seen: str, swayed: bool, is_told: bool
) -> None:
    trial = replayed(Effect("returned", "", "datetime(2026, 11, 28, 8, 59, 31, 363654)"))
    [call] = trial.calls
    trial.calls = [replace(call, observed=Outcome((Effect("returned", "", seen),)))]
    trial.swayed = {call.identity: frozenset({"returned"} if swayed else ())}
    assert departures(trial) == ((1, "returned") if is_told else None)


def test_secrets_are_the_same_under_the_key_of_the_recording_and_under_the_public_one() -> None:
    rules = Pseudonyms(b"of the store"), Pseudonyms(b"of everybody")
    seen, told = (
        Effect(
            "returned", "", f"shop:Mail(to={one.of_email('ann@example.org')!r}, token={one.of('Tr0ub4dor&3')!r})"
        )
        for one in rules
    )
    trial = replayed(told)
    [call] = trial.calls
    trial.calls = [replace(call, observed=Outcome((seen,)))]
    assert seen != told
    assert departures(trial) is None
    trial.calls = [replace(call, observed=Outcome((replace(seen, text=seen.text.replace("to=", "cc=")),)))]
    assert departures(trial) is not None


def test_a_denial_is_told_of_calls_which_end_otherwise_for_it() -> None:
    denied = Effect("denied", "1", "'network: socket.connect'")

    assert cut_short(replayed(RETURNED, denied)) == []
    assert cut_short(replayed(Effect("raised", "", "OSError()"), denied)) == ["network: socket.connect"]


@pytest.mark.parametrize(
    ("directory", "seen"),
    [
        ("", "<project>/out.csv"),
        ("data", "<project>/data/out.csv"),
        ("/p", "/p/out.csv"),
    ],
)
def test_the_working_directory_has_one_name_wherever_the_program_ran(directory: str, seen: str) -> None:
    trial = replayed(Effect("returned", "", "'<directory>/out.csv'"))
    trial.runs = {"r": replace(RUN, directory=directory)}
    [call] = trial.calls
    trial.calls = [replace(call, observed=Outcome((Effect("returned", "", repr(seen)),)))]
    assert departures(trial) is None
    trial.calls = [replace(call, observed=Outcome((Effect("returned", "", repr(f"{seen} of the data")),)))]
    assert departures(trial) == (1, "returned")
