"""The bundled application runs one night, and each of its traps is really there."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

APP = Path(__file__).parents[2] / "examples" / "legacy_app"
LAST_YEAR = date.today().year - 1
NOT_CHASED = {"NONE", "THANK", "REFUND"}

THREE_KNOWN_ACCOUNTS = f"""
UPDATE accounts SET status = 'A', region = 'ML', tier = 'B', balance = 5000.0, due_y = {LAST_YEAR}, due_m = 2,
    disputed = 0, dd = 0, score = NULL, action = NULL, phone = '555-123-4567'
    WHERE acct_no IN ('H000001', 'H000002', 'H000003');
UPDATE accounts SET due_d = 30 WHERE acct_no = 'H000001';
UPDATE accounts SET due_d = 28 WHERE acct_no IN ('H000002', 'H000003');
UPDATE accounts SET disputed = 1 WHERE acct_no = 'H000003';
"""


def run(directory: Path, *command: str, hash_seed: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Python in `directory`, with a fixed hash seed and none of the app's variables but `env`."""
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("HALLORAN_", "BUREAU_", "PYTHON", "COVERAGE_"))
    }
    clean |= {"PYTHONHASHSEED": str(hash_seed), "PYTHONDONTWRITEBYTECODE": "1"} | env
    return subprocess.run(
        [sys.executable, *command], cwd=directory, env=clean, capture_output=True, text=True, timeout=120
    )


def generate(directory: Path, *options: str) -> Path:
    """Make a data directory."""
    directory.mkdir(exist_ok=True)
    done = run(directory, str(APP / "generate.py"), *options)
    assert done.returncode == 0, done.stderr
    return directory


def night(directory: Path, *options: str, hash_seed: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one night on a data directory."""
    done = run(directory, str(APP / "collect.py"), *options, hash_seed=hash_seed, **env)
    assert done.returncode == 0, done.stderr
    return done


def probe(directory: Path, code: str, hash_seed: int = 0) -> Any:
    """Run `code` with the app's modules importable; give back what it assigns to `out`."""
    code = f"import sys, json; sys.path.insert(0, {str(APP)!r})\n{code}\nprint('\\n' + json.dumps(out))"
    done = run(directory, "-c", code, hash_seed=hash_seed)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def rows(directory: Path, sql: str) -> list[Any]:
    """The rows of a query on the data directory's database."""
    with closing(sqlite3.connect(directory / "halloran.db")) as connection:
        return connection.execute(sql).fetchall()


def change(directory: Path, script: str) -> None:
    """Run an SQL script on the data directory's database."""
    with closing(sqlite3.connect(directory / "halloran.db")) as connection:
        connection.executescript(script)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of 150 accounts, on which no night has run (copy it before changing it)."""
    directory = generate(tmp_path_factory.mktemp("halloran") / "fresh", "--accounts", "150")
    change(directory, THREE_KNOWN_ACCOUNTS)
    return directory


@pytest.fixture
def data(fresh: Path, tmp_path: Path) -> Path:
    """A private copy of the fresh data directory."""
    return Path(shutil.copytree(fresh, tmp_path / "data"))


@pytest.fixture(scope="module")
def after(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory after one night."""
    directory = Path(shutil.copytree(fresh, tmp_path_factory.mktemp("halloran") / "after"))
    night(directory)
    return directory


# ---------------------------------------------------------------- the night


def test_generator_is_seeded(tmp_path: Path) -> None:
    def dump(name: str, seed: str) -> list[str]:
        directory = generate(tmp_path / name, "--accounts", "60", "--seed", seed, "--as-of", "2026-03-10")
        files = [p.read_text() for p in sorted((directory / "in").iterdir())]
        with closing(sqlite3.connect(directory / "halloran.db")) as connection:
            return [*connection.iterdump(), *files]

    assert dump("a", "1") == dump("b", "1")
    assert dump("c", "2") != dump("a", "1")


def test_a_night_writes_its_files_and_changes_the_database(after: Path) -> None:
    day = date.today().strftime("%Y%m%d")
    out = after / "out"
    assert (out / f"report_{day}.txt").read_text().startswith("HALLORAN RECEIVABLES")
    assert (out / f"bank_{day}.txt").read_text().startswith(f"H{day}HALLORAN\n")
    assert (out / "calls.txt").exists()
    assert (after / "bureau_cache.pkl").exists()
    assert len(list((out / "letters").iterdir())) > 20
    assert len(list((after / "in").glob("pay_*.txt.done"))) == 3
    open_accounts = rows(after, "SELECT count(*) FROM accounts WHERE status <> 'C'")[0][0]
    assert rows(after, "SELECT count(*) FROM accounts WHERE days_late IS NOT NULL")[0][0] == open_accounts
    assert rows(after, "SELECT count(*) FROM contacts")[0][0] > 50
    assert rows(after, "SELECT min(score) >= 0 AND max(score) > 100 AND max(score) <= 710 FROM accounts") == [(1,)]


def test_the_source_directory_is_left_alone(data: Path) -> None:
    before = {p.name: p.read_bytes() for p in APP.iterdir() if p.is_file()}
    night(data)
    assert {p.name: p.read_bytes() for p in APP.iterdir() if p.is_file()} == before


def test_limit(data: Path) -> None:
    night(data, "--limit", "10")
    assert rows(data, "SELECT count(*) FROM accounts WHERE days_late IS NOT NULL") == [(10,)]


def test_home_may_be_elsewhere(data: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    shutil.copy(data / "halloran.ini", home)
    night(home, "--limit", "5", HALLORAN_HOME=str(data))
    assert sorted(p.name for p in home.iterdir()) == ["halloran.ini"]
    assert (data / "nightly.log").exists()


def test_what_the_bureau_answered_decides_the_rest(fresh: Path, tmp_path: Path) -> None:
    def outcome(name: str) -> list[Any]:
        directory = Path(shutil.copytree(fresh, tmp_path / name))
        night(directory)
        return rows(
            directory,
            "SELECT acct_no, score, balance, action, days_late FROM accounts WHERE bsrc = 'F' ORDER BY acct_no",
        )

    assert outcome("once") == outcome("again")


def test_shell_script_goes_on_with_the_export(data: Path) -> None:
    subprocess.run(
        ["sh", str(APP / "nightly.sh"), "--limit", "20"],
        cwd=data,
        env=os.environ | {"PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        timeout=120,
    )
    assert (data / "nightly.out").read_text().rstrip().endswith("scores")
    assert (data / "out" / "scores.dat").stat().st_size % 9 == 0


def test_many_functions_run_in_a_night(data: Path) -> None:
    executed = probe(
        data,
        f"""
names = set()
def see(frame, event, arg):
    code = frame.f_code
    if event == "call" and code.co_filename.startswith({str(APP)!r}) and "<" not in code.co_qualname:
        names.add(code.co_filename + ":" + code.co_qualname)
sys.setprofile(see)
import collect
collect.main([])
sys.setprofile(None)
out = len(names)
""",
    )
    assert executed >= 70


# ---------------------------------------------------------------- the traps, by their number in the answer key


def test_only_one_import_order_works(data: Path) -> None:
    assert probe(data, "import collect, rules; out = rules.LADDER == collect.LADDER") is True
    path = f"import sys; sys.path.insert(0, {str(APP)!r}); "
    assert "ImportError" in run(data, "-c", path + "import rules").stderr


def test_01_dates_are_read_at_import(data: Path) -> None:
    assert probe(data, "import util; out = [str(util.TODAY), str(util.days_late.__defaults__[0])]") == [
        str(date.today()),
        str(date.today()),
    ]
    night(data, "--limit", "5")
    started, updated = rows(data, "SELECT started, (SELECT max(updated) FROM accounts) FROM runs")[0]
    assert len(started) == len(updated) == len("2026-01-01 00:00:00")


def test_02_one_more_random_draw_changes_the_courtesy_calls(data: Path, tmp_path: Path) -> None:
    ini = data / "halloran.ini"
    ini.write_text(ini.read_text().replace("courtesy_rate = 0.05", "courtesy_rate = 0.5"))
    other = Path(shutil.copytree(data, tmp_path / "other"))
    extra = """
import random, collect
get_score = collect.bureau.get_score
def draw(acct):
    if acct["no"] == "H000001":
        random.random()
    return get_score(acct)
collect.bureau.get_score = draw
out = collect.main([])
"""
    night(data)
    probe(other, extra)
    chosen = "SELECT acct_no FROM accounts WHERE action = 'THANK' ORDER BY acct_no"
    assert rows(data, chosen)
    assert rows(data, chosen) != rows(other, chosen)


def test_03_letters_and_report_depend_on_the_hash_seed(data: Path) -> None:
    variants = "import letters; out = ''.join(letters.pick_variant('H%06d' % i) for i in range(100))"
    assert probe(data, variants, hash_seed=1) == probe(data, variants, hash_seed=1)
    assert probe(data, variants, hash_seed=1) != probe(data, variants, hash_seed=2)
    regions = (
        "import report; from decimal import Decimal; out = report.region_rows("
        "[{'region': r, 'balance': Decimal(1), 'score': 1} for r in ('NE', 'NW', 'SE', 'SW', 'HH', 'ML')])"
    )
    orders = [probe(data, regions, hash_seed=seed) for seed in range(6)]
    assert len({tuple(o) for o in orders}) > 1
    assert len({tuple(sorted(o)) for o in orders}) == 1


def test_04_the_first_question_decides_the_second_answer(data: Path) -> None:
    change(
        data,
        "DELETE FROM hist WHERE acct_no = 'H000004';"
        "INSERT INTO hist (acct_no, dt, kind) VALUES ('H000004', '2020-06-01', 'BRK');"
        "INSERT INTO hist (acct_no, dt, kind) VALUES ('H000004', '2020-06-02', 'BRK');",
    )
    ask = (
        "import dbx; from datetime import date; "
        "out = [dbx.promise_count('H000004', date(y, 1, 1)) for y in ({}, {})]"
    )
    assert probe(data, ask.format(2020, 2021)) == [2, 2]
    assert probe(data, ask.format(2021, 2020)) == [0, 0]
    refs = probe(data, "import letters; out = [letters.nextRef('L') for _ in range(2)]")
    assert refs[0] != refs[1]


def test_05_arguments_are_changed_and_history_is_consumed(data: Path) -> None:
    out = probe(
        data,
        """
import collect, rules, letters, dbx, util
acct = dbx.load_account(dbx.q("SELECT * FROM accounts WHERE acct_no = 'H000002'")[0])
acct["late"] = 40
before = acct["balance"]
dbx.conn.execute("INSERT INTO hist (acct_no, dt, kind) VALUES ('H000002', '2024-01-05', 'LTR')")
hist = dbx.history("H000002")
first = letters.last_contact(hist)
out = [rules.applyFees(acct, util.TODAY) is acct, acct["balance"] > before, first is not None,
       letters.last_contact(hist)]
""",
    )
    assert out == [True, True, True, None]


def test_05_no_letter_knows_of_an_earlier_contact(after: Path) -> None:
    assert not [p for p in (after / "out" / "letters").iterdir() if "last contacted" in p.read_text()]


def test_06_the_thirtieth_of_february_is_never_late(after: Path) -> None:
    accounts = {
        no: (late, action) for no, late, action in rows(after, "SELECT acct_no, days_late, action FROM accounts")
    }
    assert accounts["H000001"][0] == 0
    assert accounts["H000001"][1] in NOT_CHASED
    assert accounts["H000002"][0] > 200
    assert accounts["H000002"][1] not in NOT_CHASED


def test_07_only_exact_tiers_count(data: Path) -> None:
    scores = probe(
        data,
        """
import collect, rules, util
from decimal import Decimal
def score(tier):
    acct = {"late": 10, "tier": tier, "balance": Decimal(500), "opened": None, "bscore": 600}
    return rules.score_account(acct, [], util.TODAY)
out = [score(t) for t in ("G", " G", "g", "", None)]
""",
    )
    assert scores[0] == scores[1] + 90
    assert len(set(scores[1:])) == 1
    assert rows(data, "SELECT count(*) FROM accounts WHERE tier IN (' G', 'g')")[0][0] > 0


def test_08_region_hh_never_falls_below_580(after: Path) -> None:
    lowest = dict(
        rows(after, "SELECT region, min(score) FROM accounts WHERE days_late IS NOT NULL GROUP BY region")
    )
    assert lowest.pop("HH") == 580
    assert min(lowest.values()) < 400


def test_09_disputed_accounts_are_on_hold(after: Path) -> None:
    assert rows(after, "SELECT DISTINCT action FROM accounts WHERE disputed = 1 AND status <> 'C'") == [("HOLD",)]
    assert not list((after / "out" / "letters").glob("*_H000003_*"))


def test_10_two_roundings_and_a_control_total(tmp_path: Path) -> None:
    data = generate(tmp_path / "many")
    night(data, HALLORAN_ENV="test")
    lines = next((data / "out").glob("bank_*.txt")).read_text().splitlines()
    debits, trailer = [line for line in lines if line[0] == "D"], lines[-1]
    assert int(trailer[1:7]) == len(debits)
    assert 0 < abs(sum(int(line[-9:]) for line in debits) - int(trailer[7:])) < 1000
    out = probe(
        data,
        "import report, util; from decimal import Decimal; d = ['H1', 'X', Decimal('61.125')];"
        "out = [report.bank_line(*d)[-4:], str(report.control_total([d]))]",
    )
    assert out == ["6113", "61.12"]


def test_11_a_bad_note_ends_the_night_half_committed_with_exit_code_0(after: Path, tmp_path: Path) -> None:
    assert rows(after, "SELECT count(*), max(acct_no) FROM notes_out") == [(100, "H000100")]
    assert rows(after, "SELECT finished, ok FROM runs") == [(None, 0)]
    log = (after / "nightly.log").read_text()
    assert "nightly died" in log
    assert "UnicodeDecodeError" in log
    small = generate(tmp_path / "small", "--accounts", "136")
    night(small)
    assert rows(small, "SELECT ok FROM runs") == [(1,)]


def test_12_overrides_are_code_in_the_database(data: Path) -> None:
    change(
        data,
        "DELETE FROM rule_overrides;"
        "INSERT INTO rule_overrides (prio, cond, effect, active) VALUES"
        " (1, 'a[\"no\"] == \"H1\"', 'score * 2 + 1', 1), (2, 'no_such_name', '0', 1);",
    )
    code = "import collect, rules; out = [rules.apply_overrides({'no': n}, 100, None)[0] for n in ('H1', 'H2')]"
    assert probe(data, code) == [201, 100]


def test_13_logging_is_configured_at_import(after: Path, data: Path) -> None:
    assert "run 1 started" in (after / "nightly.log").read_text()
    probe(data, "import logging; logging.basicConfig(); import collect; collect.util.log('x'); out = 0")
    assert not (data / "nightly.log").exists()


def test_13_progress_is_printed_over_itself(data: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(APP)!r}); import util; util.progress(25, 50); util.progress(26, 50)"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], cwd=data, capture_output=True, check=True)
    assert done.stdout == b"\r    25 / 50  (50%)"


def test_14_the_order_of_the_directory_decides(data: Path, tmp_path: Path) -> None:
    for file in (data / "in").glob("pay_*"):
        file.unlink()
    (data / "in" / "pay_1.txt").write_text("H00000120260101000001000P\n")
    (data / "in" / "pay_2.txt").write_text("H00000120260202000001000P\n")
    code = "import os, collect; listed = os.listdir; os.listdir = lambda d: sorted(listed(d), reverse={})\n"
    code += "collect.load_payments(); out = 0"
    other = Path(shutil.copytree(data, tmp_path / "other"))
    probe(data, code.format(False))
    probe(other, code.format(True))
    last_paid = "SELECT last_paid FROM accounts WHERE acct_no = 'H000001'"
    assert rows(data, last_paid) == [("2026-02-02",)]
    assert rows(other, last_paid) == [("2026-01-01",)]


def test_14_the_cache_names_a_class(after: Path) -> None:
    pickled = (after / "bureau_cache.pkl").read_bytes()
    assert b"bureau" in pickled
    assert b"BureauReply" in pickled


@pytest.mark.parametrize(("score", "works"), [("612", True), ("612.5", False), ("x'6402'", False)])
def test_15_another_script_needs_whole_scores(data: Path, score: str, works: bool) -> None:
    change(data, f"UPDATE accounts SET score = {score} WHERE acct_no = 'H000001'")
    assert (run(data, str(APP / "export_scores.py")).returncode == 0) is works


def test_16_dry_run_writes(data: Path) -> None:
    night(data, "--dry-run", "--limit", "30")
    assert rows(data, "SELECT count(*) FROM contacts")[0][0] > 0
    assert list((data / "out" / "letters").iterdir())


def test_16_the_old_tests_pass_without_the_program(tmp_path: Path) -> None:
    shutil.copy(APP / "test_collect.py", tmp_path)
    done = run(tmp_path, "test_collect.py")
    assert done.returncode == 0
    assert done.stderr.rstrip().endswith("OK")


def test_17_a_bureau_that_is_down_is_made_up(data: Path) -> None:
    assert "url = http://127.0.0.1:9/" in (data / "halloran.ini").read_text()
    scores, undisturbed = probe(
        data,
        """
import random, bureau
state = random.getstate()
out = [[bureau.fetch("H%06d" % i).score for i in range(20)], random.getstate() == state]
""",
    )
    assert len(set(scores)) > 1
    assert all(430 <= score <= 690 for score in scores)
    assert undisturbed
