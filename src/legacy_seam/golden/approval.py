"""Approved and received files, by way of approvaltests.

approvaltests is imported on the first comparison that needs a file or a person, and never before: its import takes
170 ms, makes a log directory below the current directory and looks for scripts to download. Both are kept away from
the user's project here.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from legacy_seam.errors import SeamError
from legacy_seam.golden.directory import APPROVED, RECEIVED
from legacy_seam.store.atomic import write_atomically

if TYPE_CHECKING:
    from approvaltests.core import Reporter


def received_path(approved: Path) -> Path:
    """Where the received text of an approved file is put."""
    return approved.with_name(approved.name.removesuffix(APPROVED) + RECEIVED)


def approve(approved: Path, text: str) -> None:
    """Take a text as approved: the received file is written, compared, and moved over the approved one.

    Raises:
        OSError: where the file cannot be written; the approved file is then as it was.
    """
    _approvaltests()
    from approvaltests.reporters.reporter_that_automatically_approves import ReporterThatAutomaticallyApproves

    approved.parent.mkdir(parents=True, exist_ok=True)
    try:
        _verify(approved, text, ReporterThatAutomaticallyApproves())
    except BaseException:  # an interrupt between writing and moving must leave no received file
        received_path(approved).unlink(missing_ok=True)
        raise


def withdraw(approved: Path) -> None:
    """Take away the received file of a golden master that holds again.

    Raises:
        OSError: where there is one that cannot be removed.
    """
    received = received_path(approved)
    if received.exists():  # on a read-only disk even removing what is not there is an error
        received.unlink(missing_ok=True)


def report(approved: Path, text: str, *, interactive: bool) -> Path:
    """Leave a received file beside the approved one, and show both in the person's own tool if they have one.

    Args:
        approved: the approved file.
        text: what was received instead.
        interactive: whether the tool that the person configured for approvaltests
            (`APPROVAL_TESTS_USE_REPORTER`, or a default reporter set in their `conftest.py`) may be opened.

    Returns:
        the received file.

    Raises:
        OSError: where it cannot be written.
        SeamError: where the tool cannot be opened; the received file is there.
    """
    _approvaltests()
    from approvaltests.reporters.default_reporter_factory import DEFAULT_REPORTER
    from approvaltests.reporters.environment_variable_reporter import EnvironmentVariableReporter
    from approvaltests.reporters.report_quietly import ReportQuietly

    reporter: Reporter = ReportQuietly()
    if interactive:
        if os.environ.get("APPROVAL_TESTS_USE_REPORTER"):
            reporter = EnvironmentVariableReporter()
        else:
            reporter = getattr(DEFAULT_REPORTER, "instance", None) or reporter
    approved.parent.mkdir(parents=True, exist_ok=True)
    try:
        _verify(approved, text, reporter)
    except (ImportError, AttributeError, ValueError) as error:  # the received file is there; only nobody shows it
        raise SeamError(
            f"APPROVAL_TESTS_USE_REPORTER is {os.environ.get('APPROVAL_TESTS_USE_REPORTER')!r}, which approvaltests"
            f" cannot use ({error}); write it as package.module.Reporter"
        ) from error
    return received_path(approved)


def _verify(approved: Path, text: str, reporter: Reporter) -> None:
    """One comparison through approvaltests' namer, writer and reporter; a mismatch is not an error here."""
    from approvaltests.core import Writer
    from approvaltests.core.namer import Namer
    from approvaltests.file_approver import FileApprover, FileComparator, ReporterNotWorkingException

    class Beside(Namer):
        def get_approved_filename(self) -> str:
            return str(approved)

        def get_received_filename(self) -> str:
            return str(received_path(approved))

    class Whole(Writer):
        def write_received_file(self, received_file: str) -> str:
            write_atomically(Path(received_file), text.encode("utf-8"))
            return received_file

    while str(approved) in FileApprover.previous_approved:  # a second look at one file is no mistake here
        FileApprover.previous_approved.remove(str(approved))
    with contextlib.suppress(ReporterNotWorkingException):
        FileApprover.verify(Beside(), Whole(), reporter, FileComparator())


@functools.cache
def _approvaltests() -> ModuleType:
    """Import approvaltests without traces in the current directory and without downloads."""
    with _environment("APPROVALTESTS_DISABLE_SCRIPT_DOWNLOADS", "1"), _away_from_the_project() as logs:
        import approvaltests
    for name in ("log_commons", "approved_file_log", "failed_comparison_log"):
        module = sys.modules.get(f"approvaltests.internals.logs.{name}")
        if module is not None and hasattr(module, "APPROVAL_TESTS_TEMP_DIRECTORY"):
            vars(module)["APPROVAL_TESTS_TEMP_DIRECTORY"] = logs
    return approvaltests


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextlib.contextmanager
def _away_from_the_project() -> Iterator[Path]:
    here = Path.cwd()
    logs = Path(tempfile.gettempdir()) / f"legacy-seam-approvaltests-{os.getuid()}"
    logs.mkdir(exist_ok=True)
    os.chdir(logs)
    try:
        yield logs / ".approval_tests_temp"
    finally:
        os.chdir(here)
