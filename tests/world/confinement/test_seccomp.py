"""The program that the kernel runs before each system call, run here by an interpreter of our own."""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forked import status_of
from legacy_seam.world.confinement import seccomp
from legacy_seam.world.confinement.kernel import NUMBERS
from legacy_seam.world.confinement.seccomp import Condition, Rule, assemble

HERE = 0xC000_003E
KILLED, ALLOWED = "killed", "allowed"
CALLS = {"one": 1, "two": 2, "three": 300}
HALF = st.sampled_from([0, 1, 2, 0x0001_0000, 0x7FFF_FFFF, 0xFFFF_FFFF])
WHOLE = st.builds(lambda high, low: high << 32 | low, HALF, HALF)
CONDITIONS = st.builds(
    Condition, st.integers(0, 5), st.sampled_from(["is", "is not", "has", "lacks", "given"]), HALF
)
RULES = st.lists(
    st.builds(
        Rule,
        st.sampled_from([*CALLS, "unknown here"]),
        st.sampled_from([None, errno.EPERM, errno.ENOSYS]),
        st.lists(CONDITIONS, max_size=4).map(tuple),
    ),
    max_size=8,
)


def run(code: bytes, number: int, arguments: list[int], architecture: int = HERE) -> str | int:
    """What the kernel would do, after its own documentation of the machine."""
    program = list(struct.iter_unpack("=HBBI", code))
    data = struct.pack("=IIQ6Q", number, architecture, 0, *arguments)
    accumulator = index = at = 0
    while True:
        operation, if_true, if_false, value = program[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, value)
            case 0x07:
                index = accumulator
            case 0x4C:
                accumulator |= index
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case 0x06:
                outcomes: dict[int, str | int] = {0x8000_0000: KILLED, 0x7FFF_0000: ALLOWED}
                return outcomes.get(value, int(value & 0xFFFF))
            case _:
                raise AssertionError(f"no instruction: {operation:#x}")


def expected(rules: list[Rule], number: int, arguments: list[int]) -> str | int:
    for rule in rules:
        if CALLS.get(rule.name) == number and all(holds(condition, arguments) for condition in rule.conditions):
            return KILLED if rule.error is None else rule.error
    return ALLOWED


def holds(condition: Condition, arguments: list[int]) -> bool:
    whole = arguments[condition.argument]
    low = whole & 0xFFFF_FFFF
    relations: dict[str, Any] = {
        "is": low == condition.value,
        "is not": low != condition.value,
        "has": bool(low & condition.value),
        "lacks": not low & condition.value,
        "given": whole != 0,
    }
    return bool(relations[condition.relation])


@given(RULES, st.sampled_from([*CALLS.values(), 7]), st.lists(WHOLE, min_size=6, max_size=6))
def test_the_first_rule_that_fits_decides(rules: list[Rule], number: int, arguments: list[int]) -> None:
    assert run(assemble(rules, CALLS, HERE), number, arguments) == expected(rules, number, arguments)


@given(RULES)
def test_calls_in_another_architecture_end_the_process(rules: list[Rule]) -> None:
    code = assemble(rules, CALLS, HERE)
    assert run(code, 1, [0] * 6, 0x4000_0003) == KILLED
    assert run(code, 0x4000_0000 + 59, [0] * 6) == KILLED


def test_every_rule_names_a_call_that_we_know() -> None:
    if not NUMBERS:
        pytest.skip("the numbers of this machine are not known")
    rules = [*seccomp.program_rules(2), *seccomp.call_rules(3)]
    unknown = {rule.name for rule in rules} - NUMBERS.keys()
    assert unknown <= {"fork", "vfork", "iopl", "ioperm"}


@pytest.mark.parametrize(
    ("name", "arguments", "outcome"),
    [
        ("sendto", [3, 0, 1, 0, 0, 0], ALLOWED),
        ("sendto", [3, 0, 1, 0, 1 << 40, 16], errno.EPERM),
        ("socket", [1, 1, 0, 0, 0, 0], ALLOWED),
        ("socket", [17, 3, 0, 0, 0, 0], errno.EPERM),
        ("clone", [0x3D0F00, 0, 0, 0, 0, 0], ALLOWED),
        ("clone", [17, 0, 0, 0, 0, 0], errno.EPERM),
        ("clone", [0x3D0F00 | 0x1000_0000, 0, 0, 0, 0, 0], errno.EPERM),
        ("kill", [42, 9, 0, 0, 0, 0], ALLOWED),
        ("kill", [0, 9, 0, 0, 0, 0], ALLOWED),
        ("kill", [43, 9, 0, 0, 0, 0], errno.EPERM),
        ("kill", [0xFFFF_FFFF, 9, 0, 0, 0, 0], errno.EPERM),
        ("prctl", [1, 0, 0, 0, 0, 0], errno.EPERM),
        ("prctl", [15, 0, 0, 0, 0, 0], ALLOWED),
        ("execve", [0, 0, 0, 0, 0, 0], KILLED),
    ],
)
def test_what_a_replayed_call_may_do(name: str, arguments: list[int], outcome: str | int) -> None:
    rules = [*seccomp.program_rules(7), *seccomp.call_rules(42)]
    numbers = {rule.name: number for number, rule in enumerate(rules)}
    assert run(assemble(rules, numbers, HERE), numbers[name], arguments) == outcome


@pytest.mark.skipif(not seccomp.is_available(), reason="this kernel has no seccomp")
def test_the_kernel_takes_the_rules() -> None:
    def confined() -> int:
        seccomp.install(seccomp.program_rules(os.getppid()))
        seccomp.install(seccomp.call_rules(os.getpid()))
        with contextlib.suppress(PermissionError):
            os.kill(os.getppid(), 0)
            return 1
        return 0

    assert status_of(confined) == 0
