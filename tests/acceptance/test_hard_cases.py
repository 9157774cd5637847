"""Every hard case of a legacy program: pinned, green while it behaves as it did, red when it does not.

A line that ends with `# becomes: ...` reads so in the second version of the program; indentation stays. One change
is made per function. A change outside of a function says whose behaviour it changes: `# becomes, for NAME: ...`.
What cannot be pinned says why behind its `def`: `# unstable: ...` names the source, `# cut short: ...` what a
replay may not do.
"""

from __future__ import annotations

import ast
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from shop_project import run_seam

CASES = Path(__file__).with_name("hard_cases")
UNPINNED = re.compile(
    r"^ *(?:async )?def (?P<name>\w+)\(.*  # (?P<state>unstable|cut short): (?P<why>.+)$", re.MULTILINE
)
MARK = re.compile(r"^(?P<indent> *)(?P<before>.*?)  # becomes(?:, for (?P<owner>[^:]+))?: (?P<after>.*)$")


def outermost_functions(source: str, module: str) -> Iterator[tuple[range, str]]:
    """The lines of each function that is not inside another one, and its target."""
    waiting: list[tuple[ast.stmt, str]] = [(node, "") for node in ast.parse(source).body]
    for node, scope in waiting:
        if isinstance(node, ast.ClassDef):
            waiting += [(inner, f"{scope}{node.name}.") for inner in node.body]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno
            accessor = "".join(f".{name}" for name in map(accessor_name, node.decorator_list) if name)
            yield range(node.lineno, node.end_lineno + 1), f"{module}:{scope}{node.name}{accessor}"


def accessor_name(decorator: ast.expr) -> str:
    match decorator:
        case ast.Attribute(attr="setter" | "deleter" as name):
            return name
    return ""


def changed_targets() -> dict[str, int]:
    """The functions whose behaviour the second version changes, and how many changes each has."""
    found: dict[str, int] = {}
    for path in sorted(CASES.glob("*.py")):
        source = path.read_text()
        functions = list(outermost_functions(source, path.stem))
        for number, line in enumerate(source.splitlines(), 1):
            if match := MARK.match(line):
                owner = match["owner"] and f"{path.stem}:{match['owner']}"
                target = owner or next(name for lines, name in functions if number in lines)
                found[target] = found.get(target, 0) + 1
    return found


def unpinned_targets() -> dict[str, tuple[str, str]]:
    """The functions that cannot be pinned, or not to their end: in which state they are, and what is to be said."""
    return {
        f"{path.stem}:{match['name']}": (match["state"], match["why"])
        for path in sorted(CASES.glob("*.py"))
        for match in UNPINNED.finditer(path.read_text())
    }


CHANGED = changed_targets()
UNPINNED_TARGETS = unpinned_targets()
CALLERS = {
    *("drive:visits", "functions:repeated.<locals>.decorate.<locals>.repeating", "drive_state:call"),
    *("loops:main", "loops:run", "loops:serves", "loops:waits"),
}
"""What gives back what a changed function gave them, or does what it did."""


def second_version(source: str) -> str:
    return "".join(
        f"{match['indent']}{match['after']}\n" if (match := MARK.match(line)) else f"{line}\n"
        for line in source.splitlines()
    )


@dataclass(frozen=True)
class Story:
    """What came of the whole journey: record, pin, verify the same code elsewhere, verify the changed code."""

    states: Mapping[str, str]
    alarms: list[str]
    verdicts: Mapping[str, str]

    def verdict(self, target: str) -> str:
        """The verdict on a function, those inside it included: red if one of them is."""
        verdicts = {
            verdict for name, verdict in self.verdicts.items() if name == target or name.startswith(f"{target}.<")
        }
        return next((one for one in ("failed", "error", "passed") if one in verdicts), "not pinned")


def verify(place: Path, **environment: str) -> dict[str, str]:
    done = run_seam(place, "verify", "--json", **environment)
    assert done.returncode in (0, 1, 2), done.stderr
    return {one["target"]: one["status"] for one in json.loads(done.stdout)["targets"]}


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """One journey for all processes of a test run."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    told = place / "hard_cases.json"
    with (place / "hard_cases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(asdict(journey(place / "hard_cases"))))
        return Story(**json.loads(told.read_text()))


def journey(place: Path) -> Story:
    shutil.copytree(CASES, place, ignore=shutil.ignore_patterns("__pycache__"))
    for program in ("drive.py", "drive_tables.py", "drive_state.py"):
        recorded = run_seam(place, "record", "--", program)
        assert recorded.returncode == 0, recorded.stderr
    pinned = run_seam(place, "pin", "--runs", "2", "--json")
    targets = json.loads(pinned.stdout)["targets"]
    states = {one["target"]: f"{one['state']} {one['reason'] or ''} {one['site'] or ''}".strip() for one in targets}
    elsewhere = verify(place, PYTHONHASHSEED="11", TZ="Asia/Tokyo", LC_ALL="C")
    for path in place.glob("*.py"):
        path.write_text(second_version(path.read_text()))
    return Story(
        states=states,
        alarms=sorted(name for name, verdict in elsewhere.items() if verdict != "passed"),
        verdicts=verify(place),
    )


def test_each_function_is_changed_once() -> None:
    assert len(CHANGED) > 400
    assert {name: times for name, times in CHANGED.items() if times > 1} == {}


@pytest.mark.parametrize("target", UNPINNED_TARGETS)
def test_what_cannot_be_pinned_is_said_with_its_reason(story: Story, target: str) -> None:
    state, why = UNPINNED_TARGETS[target]

    told = story.states[target]

    assert told.startswith(
        "unstable" if state == "unstable" else "pinned every call: pinned up to what a replay may"
    )
    assert why in told


@pytest.mark.parametrize("target", CHANGED)
def test_the_changed_function_is_told(story: Story, target: str) -> None:
    assert story.verdict(target) in {"failed", "error"}, story.states.get(target)


def test_nothing_is_told_of_code_that_has_not_changed(story: Story) -> None:
    assert story.alarms == []


def test_nothing_is_told_of_functions_that_have_not_changed(story: Story) -> None:
    told = {name for name, verdict in story.verdicts.items() if verdict != "passed"}

    assert {name for name in told if name.split(".<")[0] not in CHANGED} == CALLERS
