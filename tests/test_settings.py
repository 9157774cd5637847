"""Settings: all have defaults, and none is misread in silence."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from legacy_seam import settings
from legacy_seam.settings import Settings, SettingsError, find_project, load_settings
from legacy_seam.values.tolerance import Tolerance


def write(project: Path, text: str) -> Path:
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    return project


def complaint(project: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(project)
    return str(caught.value)


def test_the_project_is_the_nearest_directory_with_a_pyproject(tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    write(tmp_path, "")
    write(tmp_path / "a" / "b", "")
    assert find_project(tmp_path / "a" / "b" / "c") == tmp_path / "a" / "b"
    assert find_project(tmp_path / "a") == tmp_path
    assert find_project(tmp_path) == tmp_path


def test_without_a_pyproject_the_start_is_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_project(Path()) == tmp_path
    assert load_settings(tmp_path) == Settings()


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'x'\n", "[tool.black]\n", "tool = 3", "[tool.legacy-seam]\n"]
)
def test_without_a_table_everything_is_as_by_default(tmp_path: Path, text: str) -> None:
    assert load_settings(write(tmp_path, text)) == Settings()


def test_every_key_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        [tool.legacy-seam]
        source = ["src", "/opt/rules"]
        targets = ["shop.rules"]
        exclude = ["migrations/*"]
        store = "recordings"
        golden = "golden"
        runs = 5
        max_cases = 12
        allow = ["pricing"]
        cpu_seconds = 2
        wall_seconds = 2.5
        memory_mb = 512
        """,
    )
    assert load_settings(tmp_path) == Settings(
        source=(str(tmp_path / "src"), "/opt/rules"),
        targets=("shop.rules",),
        exclude=("migrations/*",),
        store="recordings",
        golden="golden",
        runs=5,
        max_cases=12,
        allow=("pricing",),
        cpu_seconds=2.0,
        wall_seconds=2.5,
        memory_mb=512,
    )


def test_every_setting_has_a_form_whose_example_is_right(tmp_path: Path) -> None:
    assert [field.name for field in fields(Settings)] == list(settings._FORMS)
    for key, (_, example) in settings._FORMS.items():
        load_settings(write(tmp_path, f"[tool.legacy-seam]\n{key} = {example}\n"))


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("target", "targets"),
        ("goldens", "golden"),
        ("max-cases", "max_cases"),
        ("Memory_MB", "memory_mb"),
        ("sauce", "source"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_right_one(tmp_path: Path, key: str, nearest: str) -> None:
    write(tmp_path, f"[tool.legacy-seam]\n{key} = 1\n")
    expected = f"{tmp_path}/pyproject.toml: [tool.legacy-seam] has no key '{key}': did you mean '{nearest}'?"
    assert complaint(tmp_path) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("runs = 'three'", "runs in [tool.legacy-seam] must be a whole number from 2, for example `runs = 3`"),
        ("runs = true", "a whole number from 2"),
        ("runs = 0", "a whole number from 2"),
        ("runs = 1", "a whole number from 2"),
        ("source = 'src'", "a list of strings, for example `source = [\"src\"]`, not 'src'."),
        ("targets = [1]", "a list of strings"),
        ("targets = ['']", "a list of strings"),
        ("golden = ['tests']", "a string"),
        ("store = ''", "a string"),
        ("cpu_seconds = 'ten'", "a number above 0"),
        ("cpu_seconds = nan", "a number above 0"),
        ("wall_seconds = inf", "a number above 0"),
        ("wall_seconds = false", "a number above 0"),
    ],
)
def test_a_wrong_type_is_told_with_the_right_one(tmp_path: Path, line: str, expected: str) -> None:
    message = complaint(write(tmp_path, f"[tool.legacy-seam]\n{line}\n"))
    assert message.startswith(f"{tmp_path}/pyproject.toml: ")
    assert expected in message


def test_malformed_toml_is_told_with_its_line(tmp_path: Path) -> None:
    message = complaint(write(tmp_path, "[tool.legacy-seam]\nruns 3\n"))
    assert message.startswith(f"{tmp_path}/pyproject.toml is not valid TOML: ")
    assert "line 2" in message
    assert "\n" not in message


def test_a_table_with_an_underscore_is_told(tmp_path: Path) -> None:
    assert "write [tool.legacy-seam]" in complaint(write(tmp_path, "[tool.legacy_seam]\nruns = 3\n"))


def test_something_else_than_a_table_is_told(tmp_path: Path) -> None:
    assert "must be a table, not 3" in complaint(write(tmp_path, "[tool]\nlegacy-seam = 3\n"))


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"# caf\xe9\n")
    assert "is not UTF-8 (byte 5)" in complaint(tmp_path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert "cannot be read" in complaint(tmp_path)


def test_tolerances_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        [tool.legacy-seam]
        tolerances = [
          { target = "shop.rates:*", path = "returned.vat", abs = 0.01, rel = 1e-9 },
          { decimals = 2 },
        ]
        """,
    )
    assert load_settings(tmp_path).tolerances == (
        Tolerance(target="shop.rates:*", path="returned.vat", abs=0.01, rel=1e-9),
        Tolerance(decimals=2),
    )


@pytest.mark.parametrize(
    ("tolerances", "words"),
    [
        ("3", "must be a list of tables, for example `tolerances = [{ target ="),
        ("[3]", "must be a list of tables"),
        ("[{ path = 'returned' }]", "number 1 does not say how much: give it abs, rel, ulp or decimals."),
        ("[{ abs = 1 }, { abz = 1 }]", "number 2 has the key 'abz'; did you mean 'abs'?"),
        ("[{ abs = -1 }]", "abs of number 1 must be a number from 0, not -1"),
        ("[{ abs = inf }]", "abs of number 1 must be a number from 0, not inf"),
        ("[{ ulp = 1.5 }]", "ulp of number 1 must be a whole number from 0, not 1.5"),
        ("[{ rel = true }]", "rel of number 1 must be a number from 0, not True"),
        ("[{ abs = 1, target = 3 }]", "target of number 1 must be a string, not 3"),
    ],
)
def test_a_tolerance_that_says_nothing_is_told(tmp_path: Path, tolerances: str, words: str) -> None:
    said = complaint(write(tmp_path, f"[tool.legacy-seam]\ntolerances = {tolerances}\n"))
    assert words in said
    assert "\n" not in said


def test_rules_about_secrets_stand_in_a_table_of_their_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        [tool.legacy-seam.redaction]
        enabled = false
        names = ["employee_*"]
        patterns = ["EMP-[0-9]+"]
        keep = ["email"]
        """,
    )
    rules = load_settings(tmp_path).redaction
    assert (rules.enabled, rules.names, rules.patterns, rules.keep) == (
        False,
        ("employee_*",),
        ("EMP-[0-9]+",),
        ("email",),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "patterns = ['EMP-[0-9']",
            "the pattern 'EMP-[0-9' in [tool.legacy-seam.redaction] is not a regular expression",
        ),
        ("patterns = ['x*']", "matches the empty text"),
        ("pattern = ['x']", "has no key 'pattern': did you mean 'patterns'?"),
        ("enabled = 1", "enabled in [tool.legacy-seam.redaction] must be true or false"),
        ("names = 'x'", "names in [tool.legacy-seam.redaction] must be a list of strings"),
    ],
)
def test_rules_that_cannot_be_followed_are_told_in_one_sentence(tmp_path: Path, line: str, words: str) -> None:
    told = complaint(write(tmp_path, f"[tool.legacy-seam.redaction]\n{line}\n"))
    assert words in told
    assert "\n" not in told
