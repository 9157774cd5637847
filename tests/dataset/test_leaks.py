"""What a model must not know is found before it is trained."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dataset.collections_calls import BEGIN, DAY, samples
from legacy_seam.dataset.exporting import Exported, Plan, export
from legacy_seam.dataset.labels import Labels
from legacy_seam.dataset.loading import Dataset
from legacy_seam.dataset.samples import Sample
from legacy_seam.errors import SeamError
from legacy_seam.redaction.pseudonyms import Pseudonyms
from legacy_seam.values.flat import Value

Change = Callable[[Sample], dict[str, Value]]


def exported(place: Path, calls: Iterator[Sample], **options: object) -> Exported:
    return export(replace(Plan("rules:score", place / "data"), **options), calls, Counter())  # type: ignore[arg-type]


def with_features(calls: Iterator[Sample], more: Change) -> Iterator[Sample]:
    return (replace(sample, features=sample.features | more(sample)) for sample in calls)


def labels(place: Path, calls: list[Sample], *, days: float = 0.0) -> Path:
    """Whether somebody paid: mostly the less late ones do; known so many days after the call."""
    chance = random.Random(3)
    path = place / "labels.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["account.id", "account.days", "label", "at"])
        for sample in calls:
            late = sample.features["account.days"]
            assert isinstance(late, int)
            at = datetime.fromtimestamp(sample.at + days * DAY + 1, UTC).isoformat()
            writer.writerow([sample.features["account.id"], late, int(chance.random() < 1 - late / 150), at])
    return path


def names(done: Exported) -> set[str]:
    return {leak.name for leak in done.leaks}


def test_a_dataset_without_leaks_says_so(tmp_path: Path) -> None:
    done = exported(tmp_path, samples(400))
    assert done.written and not done.leaks


def test_the_label_in_disguise_is_refused(tmp_path: Path) -> None:
    calls = with_features(samples(400), lambda sample: {"account.last_score": sample.answer["call:legacy"]})
    done = exported(tmp_path, calls)
    assert names(done) >= {"outcome:account.last_score"} and not done.written
    assert not (tmp_path / "data").exists()
    calls = with_features(samples(400), lambda sample: {"account.last_score": sample.answer["call:legacy"]})
    assert exported(tmp_path, calls, leave_out=("*.last_score",)).written


@pytest.mark.parametrize(
    "leak",
    [
        lambda label, chance: label * 40 + chance.random(),
        lambda label, chance: "written off" if not label else chance.choice(["paid", "settled"]),
        lambda label, chance: chance.random() if label else None,
    ],
    ids=["a number", "a text", "missing or not"],
)
def test_a_column_that_alone_foretells_what_happened_is_refused(
    tmp_path: Path, leak: Callable[[int, random.Random], Value]
) -> None:
    calls, chance = list(samples(400)), random.Random(9)
    known = Labels(labels(tmp_path, calls))
    label_of = {sample.id: known.of(sample.features, sample.at) for sample in calls}

    def leaking(sample: Sample) -> dict[str, Value]:
        label = label_of[sample.id]
        assert label is not None and isinstance(label.value, int)
        return {"account.closing": leak(label.value, chance)}

    done = exported(tmp_path, with_features(iter(calls), leaking), labels=known)
    assert names(done) == {"foresees:account.closing"} and not done.written


def test_a_name_that_is_different_in_each_row_foretells_nothing(tmp_path: Path) -> None:
    calls = list(samples(400))
    done = exported(tmp_path, iter(calls), labels=Labels(labels(tmp_path, calls)), accept=("group",))
    assert done.written and not done.leaks


def test_a_heuristic_of_one_column_is_told_and_not_refused(tmp_path: Path) -> None:
    calls = (replace(one, answer={"call:legacy": one.features["account.days"] * 2}) for one in samples(400))  # type: ignore[operator]
    done = exported(tmp_path, calls)
    assert done.written and names(done) == {"foresees:account.days"}


def test_labels_known_only_after_the_next_split_began_are_refused_or_purged(tmp_path: Path) -> None:
    calls = list(samples(400))
    known = Labels(labels(tmp_path, calls, days=2))
    done = exported(tmp_path, iter(calls), labels=known)
    assert names(done) == {"future"} and not done.written
    purged = exported(tmp_path, iter(calls), labels=known, purge=True)
    assert purged.written and purged.manifest.left_out == {
        "its label was known only when the next split had begun": 2 * 48
    }
    dataset = Dataset(tmp_path / "data")
    assert len(dataset.train) == 280 - 48 and len(dataset.test) == 60


def test_groups_stay_together_where_that_is_asked_for(tmp_path: Path) -> None:
    refused = exported(tmp_path, samples(400, accounts=50), group="account.id")
    assert names(refused) == {"group"} and not refused.written
    done = exported(tmp_path, samples(400, accounts=50), group="account.id", split_by="group")
    assert done.written and not done.leaks
    dataset = Dataset(tmp_path / "data")
    groups = [set(split.groups) for split in (dataset.train, dataset.valid, dataset.test)]
    assert groups[0] and groups[2] and not groups[0] & groups[1] and not groups[0] & groups[2]


def test_columns_with_stand_ins_of_secrets_are_left_out(tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(b"a key")
    calls = with_features(samples(400), lambda sample: {"account.mail": pseudonyms.of(f"{sample.id}-mail-address")})
    done = exported(tmp_path, calls)
    assert done.written and names(done) == {"redacted:account.mail"}
    assert "account.mail" not in Dataset(tmp_path / "data").features


def test_what_the_call_itself_writes_is_told(tmp_path: Path) -> None:
    calls = (replace(one, written=frozenset({"account.open"})) for one in samples(400))
    done = exported(tmp_path, calls)
    assert done.written and names(done) == {"written:account.open"}


def test_the_same_inputs_in_a_later_split_are_told(tmp_path: Path) -> None:
    calls = list(samples(300))
    again = [replace(one, id=f"again {one.id}", at=one.at + 400 * 3600) for one in calls]
    done = exported(tmp_path, iter([*calls, *again]))
    assert done.written and names(done) >= {"repeated"}


def test_a_leak_that_is_meant_is_accepted_by_name_and_kept_in_the_manifest(tmp_path: Path) -> None:
    calls = with_features(samples(400), lambda sample: {"account.last_score": sample.answer["call:legacy"]})
    assert exported(tmp_path, calls, accept=("outcome:account.last_score",)).written
    (leak,) = [one for one in Dataset(tmp_path / "data").manifest.leaks if one["refused"]]
    assert leak["accepted"] and leak["column"] == "account.last_score"


def test_the_day_of_a_call_may_stand_in_a_feature(tmp_path: Path) -> None:
    def day(sample: Sample) -> dict[str, Value]:
        return {"today": f"2026-01-{1 + int((sample.at - BEGIN) // DAY):02}"}

    mixed = sorted(with_features(samples(400), day), key=lambda sample: sample.id)
    assert exported(tmp_path, iter(mixed), time="today").written
    dataset = Dataset(tmp_path / "data")
    days = [[row["today"] for row in split.rows] for split in (dataset.train, dataset.valid, dataset.test)]
    assert max(map(str, days[0])) < min(map(str, days[1])) < min(map(str, days[2]))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("account.id,paid\nA-1,1\n", "need a column label"),
        ("label\n1\n", "what they are joined by"),
        ("key,label\nA-1,1\n", "--key account.id"),
        ("account.id,label\nA-1,1\nA-1,0\n", "2 labels of A-1"),
        ("account.id,label\nA-1,\n", "row 2, cannot be read"),
        ("account.id,label,at\nA-1,1,soon\n", "row 2, cannot be read"),
    ],
)
def test_labels_that_cannot_be_joined_are_said(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(SeamError, match=told):
        Labels(path)


def test_a_label_counts_when_it_is_known_after_the_call_and_within_the_horizon(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = '{"key": 7, "label": true, "at": "2026-01-10"}', '{"key": 7, "label": false, "at": "2026-02-01"}'
    path.write_text("\n".join(rows))
    found = Labels(path, "account.id", horizon=20 * DAY)
    day = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    first, second = found.of({"account.id": 7}, day), found.of({"account.id": "7"}, day + 12 * DAY)
    assert first is not None and first.value is True
    assert second is not None and second.value is False
    assert all(found.of({"account.id": 7}, day + days * DAY) is None for days in (40, -30))
