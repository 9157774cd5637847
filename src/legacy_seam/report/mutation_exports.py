"""Grading, told in the formats of others: Stryker's schema, JUnit, annotations of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from legacy_seam.grade.text import Text
from legacy_seam.grade.verdicts import DETECTED, SCORED, Graded, Judged, State
from legacy_seam.report.grades import change_of, relative

_STRYKER: dict[State, str] = {
    "killed": "Killed",
    "survived": "Survived",
    "not-covered": "NoCoverage",
    "timeout": "Timeout",
    "crash": "RuntimeError",
    "unstable": "Ignored",
    "suppressed": "Ignored",
    "equivalent": "Ignored",
    "error": "Pending",
}


def stryker_data(graded: Graded, project: Path) -> dict[str, Any]:
    """The report in the schema of mutation-testing-elements (version 2), which has viewers and dashboards.

    A crash is told as killed: the schema does not count its `RuntimeError` as noticed.
    """
    files: dict[str, Any] = {}
    for name, module in graded.modules.items():
        text = Text(module.source)
        mutants = [_stryker_mutant(one, text) for one in graded.judged if one.mutant.module == name]
        files[relative(module.file, project)] = {"language": "python", "source": module.source, "mutants": mutants}
    return {
        "schemaVersion": "2",
        "thresholds": {"high": 80, "low": 60},
        "projectRoot": str(project),
        "files": files,
        "framework": {"name": "legacy-seam"},
    }


def _stryker_mutant(judged: Judged, text: Text) -> dict[str, Any]:
    mutant = judged.mutant
    places = [text.position(offset) for offset in (mutant.start, mutant.end)]
    start, end = ({"line": line, "column": column} for line, column in places)
    made: dict[str, Any] = {
        "id": mutant.identity,
        "mutatorName": mutant.operator,
        "replacement": mutant.after,
        "location": {"start": start, "end": end},
        "status": "Killed" if judged.state == "crash" else _STRYKER[judged.state],
    }
    if judged.noticed is not None:
        made["killedBy"] = [f"{judged.noticed.target}#{judged.noticed.case}"]
    if reason := _reason(judged):
        made["statusReason"] = reason
    return made


def _reason(judged: Judged) -> str:
    if judged.noticed is not None:
        difference = judged.noticed.difference
        return f"{difference.path}: {difference.expected} became {difference.got}"
    return judged.reason


def junit_xml(graded: Graded, project: Path) -> bytes:
    """The report as JUnit's XML: a suite for each function, a test for each mutant; survivors are failures."""
    root = ElementTree.Element("testsuites", name="legacy-seam grade")
    for (module, function), judged in graded.by_function().items():
        counted = [one for one in judged if one.state in SCORED]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=f"{module}:{function}",
            tests=str(len(judged)),
            failures=str(sum(one.state not in DETECTED for one in counted)),
            skipped=str(sum(one.state in ("suppressed", "equivalent", "unstable") for one in judged)),
            errors=str(sum(one.state == "error" for one in judged)),
        )
        for one in judged:
            _junit_case(suite, one, relative(graded.modules[module].file, project))
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _junit_case(suite: ElementTree.Element, judged: Judged, file: str) -> None:
    mutant = judged.mutant
    name = _without_controls(f"{file}:{mutant.line} {change_of(judged)} [{mutant.identity}]")
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=f"{mutant.module}:{mutant.function}",
        name=name,
        file=file,
        line=str(mutant.line),
    )
    reason = _without_controls(_reason(judged))
    if judged.state == "survived":
        ElementTree.SubElement(case, "failure", message=f"survived: {judged.cases} cases run it and none notices")
    elif judged.state == "not-covered":
        ElementTree.SubElement(case, "failure", message="no case runs it")
    elif judged.state == "error":
        ElementTree.SubElement(case, "error", message=reason)
    elif judged.state not in DETECTED:
        ElementTree.SubElement(case, "skipped", message=f"{judged.state}: {reason}".rstrip(": "))


def _without_controls(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign if sign in "\t\n\r" or " " <= sign < "\ud800" or sign > "\udfff" else "?" for sign in text)


def github(graded: Graded, project: Path) -> Iterator[str]:
    """Survivors as annotations of GitHub Actions."""
    for one in graded.survivors():
        file = relative(graded.modules[one.mutant.module].file, project)
        message = f"{change_of(one)}: {one.cases} cases run this line and none notices"
        yield f"::warning file={_escaped(file)},line={one.mutant.line},title=Mutant survived::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
