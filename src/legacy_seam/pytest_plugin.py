"""The pytest plugin: golden masters are test items, one per target; no test code is written.

Every pytest run on the machine loads this module, so it imports the standard library and pytest, and reads nothing
before a golden master is met. pytest only checks: accepting is the command line's.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from legacy_seam.characterize import Characterize
    from legacy_seam.golden.directory import GoldenDirectory
    from legacy_seam.golden.master import GoldenMaster
    from legacy_seam.golden.verify import Verification
    from legacy_seam.record.session import Recorder
    from legacy_seam.replay import Replayer
    from legacy_seam.workspace import Workspace

APPROVED = ".approved.txt"
_FIRST_WORDS = b"golden master "


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("legacy-seam", "golden masters of legacy code (legacy-seam)")
    group.addoption(
        "--seam",
        choices=("check", "record", "off"),
        default=None,
        help="check: verify golden masters (default); record: record the tests' calls as well; off: neither",
    )
    group.addoption(
        "--seam-report", metavar="PATH", default=None, help="write the result of the golden masters as JSON to PATH"
    )
    parser.addini("seam_mode", "check (default), record or off", default="check")
    parser.addini("seam_golden", "directory of the golden masters, below rootdir", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "seam(target): set on each golden master; its argument is the target it verifies"
    )
    mode = config.getoption("--seam") or config.getini("seam_mode")
    if mode not in ("check", "record", "off"):
        raise pytest.UsageError(f"seam_mode is {mode!r} in the configuration; it is check, record or off")
    net = Net(config, mode)
    config.pluginmanager.register(net, "legacy-seam-net")
    config.stash[_NET] = net


class Net:
    """The golden masters of one pytest session: what replays them, and how they fared."""

    def __init__(self, config: pytest.Config, mode: str) -> None:
        self.config = config
        self.mode = mode
        self.verified: list[dict[str, Any]] = []
        self.lines: dict[str, list[str]] = {}
        self.recorded: dict[str, list[int]] = {}
        self._workspace: Workspace | None = None
        self._replayer: Replayer | None = None
        self._recorder: Recorder | None = None

    # ------------------------------------------------------------------------------------------ rooms, when needed

    @property
    def workspace(self) -> Workspace:
        """The project around pytest's root directory."""
        if self._workspace is None:
            from dataclasses import replace

            from legacy_seam.settings import load_settings
            from legacy_seam.workspace import Workspace

            settings = load_settings(self.config.rootpath)
            if golden := self.config.getini("seam_golden"):
                settings = replace(settings, golden=golden)
            self._workspace = Workspace(self.config.rootpath, settings)
        return self._workspace

    @property
    def replayer(self) -> Replayer:
        """Runs calls; started with the first golden master, stopped with the session."""
        if self._replayer is None:
            self._replayer = self.workspace.replayer(keeps_workers=True).__enter__()
        return self._replayer

    # ------------------------------------------------------------------------------------------ hooks

    def pytest_sessionstart(self) -> None:
        if self.mode == "record":
            from legacy_seam.errors import SeamError

            try:
                self._record()
            except SeamError as error:
                pytest.exit(f"legacy-seam: {error}", returncode=pytest.ExitCode.USAGE_ERROR)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._replayer is not None:
            self._replayer.close()
            self._replayer = None
        self._end_recording()
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["legacy_seam"] = {"verified": self.verified, "lines": self.lines, "recorded": self.recorded}
        elif path := self.config.getoption("--seam-report"):
            self._write_report(Path(path))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take what a worker of pytest-xdist found."""
        found = getattr(node, "workeroutput", {}).get("legacy_seam")
        if found:
            self.verified += found["verified"]
            self.lines |= found["lines"]
            self._add(found["recorded"])

    def pytest_report_header(self, config: pytest.Config) -> str | None:
        if config.get_verbosity() < 0:
            return None
        from legacy_seam import __version__

        return f"legacy-seam {__version__}: mode={self.mode}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.verified:
            if self.mode == "record":
                terminalreporter.section("legacy-seam")
                terminalreporter.line(self._told_of_recording())
            return
        passed = sum(one["status"] == "passed" for one in self.verified)
        if passed == len(self.verified) and self.config.get_verbosity() < 0:
            return
        terminalreporter.section("legacy-seam")
        for one in self.verified:
            for note in one["notes"]:
                terminalreporter.line(f"note: {one['target']}: {note}")
        cases = sum(one["cases"] for one in self.verified)
        failed = sum(one["failed"] for one in self.verified)
        ways = sum(len(one["groups"]) for one in self.verified)
        hold = "golden master holds" if len(self.verified) == 1 else "golden masters hold"
        terminalreporter.line(
            f"{passed} of {len(self.verified)} {hold};"
            f" {failed} of {cases} {'case differs' if cases == 1 else 'cases differ'}"
            + (f", in {ways} {'way' if ways == 1 else 'ways'}" if ways else "")
        )
        if failed and not in_ci():
            terminalreporter.line("If this is what you want: legacy-seam accept [TARGET]...")
        elif failed:
            terminalreporter.line("Nothing was written, since CI is set. To see it again: legacy-seam verify")

    # ------------------------------------------------------------------------------------------ recording

    def _record(self) -> None:
        """Record this process; a worker of pytest-xdist, or of a recorded pytest, is being recorded already."""
        from legacy_seam.record.budget import GENEROUS
        from legacy_seam.record.process import current
        from legacy_seam.record.session import Recorder

        settings = self.workspace.settings
        if current() is not None:
            return
        self._recorder = Recorder(
            self.workspace.store,
            sources=settings.source,
            targets=settings.targets,
            exclude=settings.exclude,
            redaction=settings.redaction,
            most_characters=settings.most_characters,
            boundaries=settings.boundaries,
            savings=GENEROUS,
            command=("pytest", *self.config.invocation_params.args),
        )
        self._recorder.start()

    def _end_recording(self) -> None:
        if self.mode != "record":
            return
        from legacy_seam.record.process import current

        recorder = current()
        if recorder is not None:
            recorder.flush()  # workers may be ended without a warning
            self._add({str(target): [count.seen, count.kept] for target, count in recorder.counts().items()})
        if self._recorder is not None:
            self._recorder.stop()
            self._recorder = None

    def _add(self, recorded: dict[str, list[int]]) -> None:
        for target, (seen, kept) in recorded.items():
            before = self.recorded.get(target, [0, 0])
            self.recorded[target] = [before[0] + seen, before[1] + kept]

    def _told_of_recording(self) -> str:
        called = [one for one in self.recorded.values() if one[0]]
        if not called:
            return "No function below the source directories was called; see `source` in [tool.legacy-seam]"
        seen, kept = (sum(one[place] for one in called) for place in (0, 1))
        return (
            f"{seen:,} {'call' if seen == 1 else 'calls'} of"
            f" {len(called):,} {'function' if len(called) == 1 else 'functions'} seen, {kept:,} kept."
            " Next: legacy-seam pin"
        )

    # ------------------------------------------------------------------------------------------ results

    def verify(self, path: Path) -> Verification:
        """Verify one golden master, and leave a received file where it differs (not in CI)."""
        from legacy_seam.errors import SeamError
        from legacy_seam.golden.directory import GoldenDirectory
        from legacy_seam.golden.verify import verify
        from legacy_seam.report.machine import verification_data

        directory, replayer = self.workspace.golden, self.replayer
        if path.parent.parent != directory.path:
            directory = GoldenDirectory(path.parent.parent)
            replayer = self.workspace.replayer(directory.files, zygotes=replayer.zygotes)
        try:
            tolerances = self.workspace.settings.tolerances
            master = directory.load(path)
            (verification,) = verify([(path, master)], directory, replayer, tolerances=tolerances)
            _let_coverage_count(master, directory, replayer)
        finally:
            if replayer is not self._replayer:
                replayer.close()
        data = verification_data([verification])["targets"]
        self.verified += data
        try:
            self._leave_received(verification, directory)
        except OSError as error:
            data[0]["notes"].append(f"no received file could be left ({error.strerror or error})")
        except SeamError as error:
            data[0]["notes"].append(str(error))
        return verification

    def _leave_received(self, verification: Verification, directory: Any) -> None:
        if in_ci():
            return
        if verification.status == "passed":
            received = verification.path.with_name(verification.path.name.removesuffix(APPROVED) + ".received.txt")
            if received.exists():  # on a read-only disk even removing what is not there is an error
                received.unlink(missing_ok=True)
        elif verification.received is not None:
            from legacy_seam.golden.approval import report

            report(verification.path, directory.write(verification.received), interactive=True)

    def _write_report(self, path: Path) -> None:
        import json

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"version": 1, "targets": self.verified}, indent=2) + "\n")
        except OSError as error:
            raise pytest.UsageError(f"--seam-report: {path} cannot be written ({error.strerror})") from None


def _let_coverage_count(master: GoldenMaster, directory: GoldenDirectory, replayer: Replayer) -> None:
    """What a golden master runs counts for coverage.py (`--cov`, `coverage run`), where that measures this process.

    Cases run in processes of their own, in which nothing of the machine can be reached: in one more replay they say
    themselves what they run.
    """
    if "coverage" not in sys.modules:
        return
    from coverage import Coverage

    measuring = Coverage.current()
    if measuring is not None:
        from legacy_seam.golden.running import watch
        from legacy_seam.report.coverage_data import join

        join(measuring, watch([master], directory, replayer))


_NET = pytest.StashKey[Net]()


# ---------------------------------------------------------------------------------------------------- collecting


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> GoldenFile | None:
    if not file_path.name.endswith(APPROVED) or parent.config.stash[_NET].mode == "off":
        return None
    with file_path.open("rb") as file:
        is_ours = file.read(len(_FIRST_WORDS)) == _FIRST_WORDS
    if not is_ours and not (file_path.parent.parent / "_worlds").is_dir():  # there, it is one that was mangled
        return None
    return GoldenFile.from_parent(parent, path=file_path)


class GoldenFile(pytest.File):
    """One approved file."""

    def collect(self) -> Iterator[GoldenItem]:
        with self.path.open(encoding="utf-8", errors="replace") as file:
            first = file.readline().rstrip("\n")
        target = first.rpartition(" of ")[2] if first.startswith(_FIRST_WORDS.decode()) else ""
        target = target or f"{self.path.parent.name}:{self.path.name.removesuffix(APPROVED)}"
        item = GoldenItem.from_parent(self, name=target)
        item.add_marker(pytest.mark.seam(target))
        yield item


class GoldenItem(pytest.Item):
    """All cases of one golden master."""

    def runtest(self) -> None:
        from legacy_seam.errors import SeamError

        try:
            verification = self.config.stash[_NET].verify(self.path)
        except SeamError as error:
            raise CannotVerify(str(error)) from None
        if verification.status == "error":
            raise CannotVerify(f"{verification.target}: {verification.problem}")
        if verification.status == "failed":
            raise Departed(verification)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, (Departed, CannotVerify)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class CannotVerify(Exception):
    """A golden master that could not be replayed or read."""


class Departed(Exception):
    """Behaviour that departs from the golden master; the message tells it group by group."""

    def __init__(self, verification: Verification) -> None:
        from legacy_seam.report.differences import MOST_LINES, summarize

        lines = summarize([verification], most_lines=MOST_LINES)
        super().__init__("\n".join(lines))


def in_ci() -> bool:
    """Is this a machine that only checks, and writes nothing?"""
    from legacy_seam import settings

    return settings.in_ci()


# ---------------------------------------------------------------------------------------------------- fixture


@pytest.fixture
def characterize(request: pytest.FixtureRequest) -> Generator[Characterize]:
    """Pin a value, or a call with all its effects, by a golden master beside the test.

    >>> def test_invoice(characterize):
    ...     characterize(invoice(7))
    ...     characterize.call(post, ledger, amount=3)
    """
    from legacy_seam.characterize import Characterize

    characterization = Characterize(request.path, request.node.name, request.config.rootpath, read_only=in_ci())
    yield characterization
