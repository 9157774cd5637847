"""What is made of verdicts: scores, the gate, cards, and reports for others."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from legacy_seam.calls import Difference
from legacy_seam.errors import SeamError
from legacy_seam.grade import equivalents, gate, since
from legacy_seam.grade.arid import Aridity
from legacy_seam.grade.cards import cards
from legacy_seam.grade.mutants import Source
from legacy_seam.grade.operators import OPERATORS
from legacy_seam.grade.score import plain, weighted
from legacy_seam.grade.verdicts import Graded, Judged, Killer, Module, Noticed, State
from legacy_seam.report.grades import card_lines, percent, summary, table
from legacy_seam.report.machine import grade_data
from legacy_seam.report.mutation_exports import github, junit_xml, stryker_data

RULES = "def fee(days):\n    if days <= 15:\n        return 1\n    return 'x\\x00' if days == 2 else -1\n"


def graded_as(*states: State) -> Graded:
    """The mutants of a function in these states, one after the other; the rest are killed."""
    mutants = Source("rules", RULES, ast.parse(RULES)).mutants("fee", OPERATORS, Aridity([]))
    noticed = Noticed("rules:fee", "7", Difference("returned", "1", "2"))
    judged = []
    for number, mutant in enumerate(mutants):
        state = states[number] if number < len(states) else "killed"
        judged.append(Judged(mutant, state, 3, noticed if state == "killed" else None))
    return Graded(tuple(judged), {"rules": Module("rules", "/project/rules.py", RULES)}, cases=3)


def test_a_score_is_the_share_that_is_noticed() -> None:
    graded = graded_as("survived", "not-covered", "suppressed", "equivalent", "unstable", "timeout", "crash")
    counted = len(graded.judged) - 3
    assert plain(graded.judged) == pytest.approx((counted - 2) / counted)
    assert plain([one for one in graded.judged if one.state == "suppressed"]) is None


def test_a_mutant_that_says_much_weighs_more_than_one_that_dies_anyhow() -> None:
    graded = graded_as()
    by_operator = {one.mutant.operator: one for one in graded.judged}

    def score_without(operator: str) -> float:
        judged = [Judged(one.mutant, "survived") if one is by_operator[operator] else one for one in graded.judged]
        score = weighted(judged)
        assert score is not None
        return score

    assert weighted(graded.judged) == 1
    assert score_without("comparison-boundary") < score_without("comparison-negation") < 1


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert percent(0.99999) == "99.9 %"


def test_the_gate_names_what_does_not_hold() -> None:
    graded = graded_as("survived", "not-covered")
    assert gate.Gate().failures(graded) == []
    assert gate.Gate(at_least=0.0).failures(graded) == []
    (failure,) = gate.Gate(at_least=99).failures(graded)
    assert failure.startswith("the score is ") and failure.endswith("less than 99 %")
    first, second = (one.mutant.identity for one in graded.judged[:2])
    assert gate.Gate(known={first, second}).failures(graded) == []
    (failure,) = gate.Gate(known={first}).failures(graded)
    assert failure == "1 mutant goes unnoticed that the baseline does not have"


def test_a_baseline_is_written_and_read(tmp_path: Path) -> None:
    graded = graded_as("survived", "not-covered")
    gate.write_baseline(tmp_path / "baseline.json", graded)
    assert gate.read_baseline(tmp_path / "baseline.json") == {one.mutant.identity for one in graded.judged[:2]}
    with pytest.raises(SeamError, match="--write-baseline"):
        gate.read_baseline(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(SeamError, match="cannot be read"):
        gate.read_baseline(tmp_path / "bad.json")


def test_equivalents_are_kept_beside_golden_masters(tmp_path: Path) -> None:
    said = equivalents.Equivalent("ab", "rules:fee", "digest", "< -> <=", "why", "Ann")
    equivalents.add(tmp_path, said)
    equivalents.add(tmp_path, equivalents.Equivalent("aa", "rules:fee", "digest", "1 -> 0", "why", "Ann"))
    assert equivalents.load(tmp_path)["ab"] == said
    (tmp_path / equivalents.NAME).write_text("[")
    with pytest.raises(SeamError, match="restore it"):
        equivalents.load(tmp_path)


def test_a_line_has_one_card_and_a_found_input_comes_first() -> None:
    states: list[State] = ["survived"] * 40
    graded = graded_as(*states)
    made = cards(graded)
    assert sorted(card.line for card in made) == [2, 3, 4]
    assert {card.line: card.first.mutant.operator for card in made}[2] == "comparison-boundary"
    last = made[-1].survivors[-1].mutant
    found = cards(
        replace(graded, killers={last.identity: Killer("rules:fee", {"days": "2"}, "returned 1", "returned 2")})
    )
    assert found[0].first.mutant == last
    with_input, without = (
        [line.strip() for line in card_lines(card, Path("/project"), "accept")] for card in (found[0], made[0])
    )
    assert with_input[3] == "missing case: rules:fee(days=2)"
    assert with_input[5] == "to have such cases proposed: legacy-seam explore rules:fee"
    assert without[3].endswith("legacy-seam explore rules")


def test_a_card_says_which_of_several_that_are_alike_is_changed() -> None:
    written = "def f(x):\n    return x[5] + x[5] + 15\n"
    mutants = Source("m", written, ast.parse(written)).mutants("f", OPERATORS, Aridity([]))
    (second,) = [one for one in mutants if one.after == "4" and one.start == written.rindex("[5]") + 1]
    (card,) = cards(Graded((Judged(second, "survived", 1),), {"m": Module("m", "/m.py", written)}))
    said = [line.strip() for line in card_lines(card, Path("/"), "accept")]
    assert said[2] == "5 -> 4, the 2nd of 2 on this line: 1 case runs it unnoticed"


def test_a_card_shows_where_long_pieces_of_code_part() -> None:
    written = "def f(net, rate):\n    return (net * rate / 100).quantize(CENT, rounding=ROUND_HALF_UP)\n"
    mutants = Source("m", written, ast.parse(written)).mutants("f", OPERATORS, Aridity([]))
    (dropped,) = [one for one in mutants if one.after.endswith(".quantize(CENT)")]
    (card,) = cards(Graded((Judged(dropped, "survived", 1),), {"m": Module("m", "/m.py", written)}))
    said = [line.strip() for line in card_lines(card, Path("/"), "accept")]
    assert said[2].startswith("….quantize(CENT, rounding=ROUND_HALF_UP) -> ….quantize(CENT): ")


def test_a_long_input_is_told_by_what_is_other_than_in_a_case() -> None:
    states: list[State] = ["survived"] * 40
    graded = graded_as(*states)
    last = cards(graded)[-1].survivors[-1].mutant
    order = {"order": f"rules:Order(days=16, notes='{'x' * 200}')"}
    killer = Killer("rules:fee", order, "returned 1", "returned 2", "ab12", "order.days=16")
    (card, *_) = cards(replace(graded, killers={last.identity: killer}))
    said = [line.strip() for line in card_lines(card, Path("/project"), "accept")]
    assert said[3] == "missing case: as case ab12 of rules:fee, with order.days=16"


def test_a_file_has_a_few_cards_only() -> None:
    written = "def f(x):\n" + "".join(f"    y{n} = {n}\n" for n in range(20))
    mutants = Source("m", written, ast.parse(written)).mutants("f", OPERATORS, Aridity([]))
    graded = Graded(tuple(Judged(one, "survived", 1) for one in mutants), {"m": Module("m", "/m.py", written)})
    assert len(cards(graded)) == 7
    assert len(cards(graded, None)) == 20


def test_the_table_and_the_summary_add_up() -> None:
    graded = graded_as("survived", "not-covered", "suppressed")
    (row,) = table(graded)
    counted = len(graded.judged) - 1
    assert row[:5] == ("rules:fee", str(counted), str(counted - 2), "1", "1")
    said = "\n".join(summary(graded))
    assert f"{counted - 2} of {counted} mutants are noticed by 3 cases" in said
    assert "1 survived; 1 is run by no case; 1 says nothing by rule." in said


def test_without_controls_there_is_no_score() -> None:
    graded = Graded(graded_as().judged, {}, problems=("a control failed",))
    assert "There is no score" in summary(graded)[0]
    assert grade_data(graded, [], [])["score"] is None


def test_reports_for_others_name_every_mutant() -> None:
    graded = graded_as("survived", "not-covered", "suppressed", "timeout", "crash", "equivalent", "error")
    data = stryker_data(graded, Path("/project"))
    assert json.loads(json.dumps(data)) == data
    mutants = data["files"]["rules.py"]["mutants"]
    assert len(mutants) == len(graded.judged)
    assert [one["status"] for one in mutants[:8]] == [
        "Survived",
        "NoCoverage",
        "Ignored",
        "Timeout",
        "Killed",
        "Ignored",
        "Pending",
        "Killed",
    ]
    assert mutants[7]["killedBy"] == ["rules:fee#7"]
    lines = RULES.split("\n")
    for one, judged in zip(mutants, graded.judged, strict=True):
        start, end = one["location"]["start"], one["location"]["end"]
        if start["line"] == end["line"]:
            written = lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1]
            assert written == judged.mutant.before
    root = ElementTree.fromstring(junit_xml(graded, Path("/project")))
    (suite,) = root
    assert suite.get("failures") == "2" and suite.get("errors") == "1" and suite.get("skipped") == "2"
    assert len(suite) == len(graded.judged)
    (annotation,) = github(graded, Path("/project"))
    assert annotation.startswith("::warning file=rules.py,line=2,title=Mutant survived::")


def test_git_says_which_lines_were_changed(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        since._git(tmp_path, "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments)

    git("init", "--quiet")
    (tmp_path / "a.py").write_text("a = 1\nb = 2\nc = 3\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    (tmp_path / "a.py").write_text("a = 1\nb = 3\nc = 3\nd = 4\n")
    (tmp_path / "new.py").write_text("x = 1\n")
    changed = since.changed_lines(tmp_path, "HEAD")
    assert changed == {(tmp_path / "a.py").resolve(): {2, 4}, (tmp_path / "new.py").resolve(): {1}}
    with pytest.raises(SeamError, match="name a commit, branch or tag"):
        since.changed_lines(tmp_path, "nowhere")
