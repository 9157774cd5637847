"""A model trained, stored, measured on what was held out, and compared with the champion."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from legacy_seam import __version__
from legacy_seam.dataset.loading import Dataset, Split
from legacy_seam.errors import SeamError
from legacy_seam.experiment import ModelLoadFailed
from legacy_seam.experiment.foreign_models import as_word
from legacy_seam.experiment.model_files import CARD, FORMAT, VERSION, TrainedModel, digest_of, load_model
from legacy_seam.model.comparing import Comparison, compare
from legacy_seam.model.given import Given
from legacy_seam.model.home import Home
from legacy_seam.model.metrics import Metric, checked, scores
from legacy_seam.model.recipes import Recipe
from legacy_seam.model.storing import Form, libraries_of, read_again, store


@dataclass(frozen=True, slots=True)
class Training:
    """How a model is trained.

    recipe:  what makes it, or what was made elsewhere.
    dataset: what it is made of.
    project: the directory to which paths are relative in what is written down.
    home:    where it goes.
    form:    how it is stored.
    trusted: types that skops may build.
    method:  `predict`, `predict_proba`, or empty for what fits the labels.
    metric:  what is measured; empty for what fits the labels.
    margin:  see `compare`.
    seed:    of random numbers.
    allow_pickle: whether a champion may be read that can run code.
    """

    recipe: Recipe | Given
    dataset: Dataset
    project: Path
    home: Home
    form: Form = "skops"
    trusted: tuple[str, ...] = ()
    method: str = ""
    metric: str = ""
    margin: float = 0.05
    seed: int = 0
    allow_pickle: bool = False


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it.

    version:    of the model.
    card:       what is written down about it.
    champion:   the version that it was compared with; None where there is none.
    comparison: how it compares; None where there is no champion.
    """

    version: str
    card: dict[str, Any]
    champion: str | None
    comparison: Comparison | None

    @property
    def may_be_champion(self) -> bool:
        """Whether nothing speaks against it."""
        return self.comparison is None or self.comparison.may_replace


def train(plan: Training) -> Trained:
    """Train a model, and keep it; the champion stays what it is.

    Raises:
        SeamError: the recipe fails, or what it gave cannot be stored.
    """
    dataset = plan.dataset
    dataset.check()
    if not len(dataset.train):
        raise SeamError(f"The dataset {dataset.directory} has no rows for training.")
    begun = datetime.now(UTC)
    estimator = plan.recipe.cook(dataset, plan.seed) if isinstance(plan.recipe, Recipe) else None
    metric = checked(plan.metric or None, dataset.train.labels)
    plan.home.directory.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".training.", dir=plan.home.directory))
    try:
        if isinstance(plan.recipe, Given):
            estimator, file = plan.recipe.put_into(part, plan.trusted, allow_pickle=plan.allow_pickle)
        else:
            file = store(estimator, part, plan.form, plan.trusted)
        digest = digest_of(str(part / file))
        version = f"{begun:%Y%m%d-%H%M%S}-{begun.microsecond // 1000:03}-{digest[:6]}"
        card = _card(plan, estimator, version, file, digest, metric, begun)
        _write(part, card)
        model = _read(part, plan.trusted)
        card["metrics"] = {
            split.name: {"rows": len(split), **scores(metric, split.labels, model.predict(split.rows))}
            for split in (dataset.train, dataset.valid, dataset.test)
            if len(split)
        }
        champion, comparison = _against_champion(plan, model, metric)
        if comparison is not None:
            card["comparison"] = {"champion": champion, **asdict(comparison)}
        _write(part, card)
        part.chmod(0o755)
        part.rename(plan.home.directory / version)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Trained(version, card, champion, comparison)


def _card(
    plan: Training, estimator: Any, version: str, file: str, digest: str, metric: Metric, begun: datetime
) -> dict[str, Any]:
    """What is written down about a model."""
    manifest = plan.dataset.manifest
    kinds = {column.name: column.kind for column in manifest.features}
    by_word = {as_word(name): name for name in kinds}
    names = [str(name) for name in getattr(estimator, "feature_names_in_", ())]
    learnt_from = [name if name in kinds else by_word.get(name, name) for name in names]
    strange = sorted(set(learnt_from) - set(kinds))
    if strange:
        raise SeamError(
            f"{plan.recipe.name} was fitted on {', '.join(strange[:5])}, which the dataset has not: make such"
            " columns within the estimator, so that they are made in production as well."
        )
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": plan.home.name,
        "version_of_model": version,
        "made": begun.isoformat(timespec="seconds"),
        "file": file,
        "stored_as": plan.recipe.form if isinstance(plan.recipe, Given) else plan.form,
        "sha256": digest,
        "trusted": list(plan.trusted),
        "estimator": type(estimator).__name__,
        "method": plan.method or _method(estimator, plan.dataset.train),
        "takes": "frame" if learnt_from else "rows",
        "features": {name: kinds[name] for name in learnt_from or kinds},
        "parameters": list(manifest.parameters),
        "defaults": manifest.defaults,
        "metric": metric,
        "recipe": {
            "name": plan.recipe.name,
            "file": _within(plan.project, Path(plan.recipe.file)) if plan.recipe.file else "",
            "sha256": plan.recipe.digest,
        },
        "seed": plan.seed,
        "target": manifest.target,
        "source": manifest.source,
        "dataset": {
            "directory": _within(plan.project, plan.dataset.directory),
            "sha256": manifest.sha256,
            "made": manifest.made,
            "rows": manifest.rows,
            "label": manifest.label,
            "splits": [asdict(split) for split in manifest.splits],
        },
        "libraries": libraries_of(estimator),
        "python": platform.python_version(),
        "tool": __version__,
    }


def _within(project: Path, path: Path) -> str:
    """A path relative to the project, where it lies there."""
    path = path.resolve()
    return (path.relative_to(project.resolve()) if path.is_relative_to(project.resolve()) else path).as_posix()


def _method(estimator: Any, split: Split) -> str:
    """Labels that are 0 and 1 happen or not: how probable that is, is asked for where it can be."""
    is_event = set(split.labels) == {0, 1} and callable(getattr(estimator, "predict_proba", None))
    return "predict_proba" if is_event else "predict"


def _read(directory: Path, trusted: tuple[str, ...]) -> TrainedModel:
    try:
        model = read_again(directory, trusted)
    except ModelLoadFailed as error:
        raise SeamError(f"The model cannot be read again: {error}.") from None
    assert isinstance(model, TrainedModel)
    return model


def _against_champion(plan: Training, model: TrainedModel, metric: Metric) -> tuple[str | None, Comparison | None]:
    """The champion, and how the model compares with it on the rows that were held out."""
    version = plan.home.champion()
    if version is None:
        return None, None
    held_out = plan.dataset.test
    known = _known_to(plan.home.card(version), held_out.at)
    place = plan.home.directory / version
    try:
        champion = load_model(place, trusted=plan.trusted, allow_pickle=plan.allow_pickle).load()
        assert isinstance(champion, TrainedModel)
        answers: Sequence[Any] = champion.predict(held_out.rows) if len(held_out) else []
    except Exception as error:
        told = f"the champion {version} cannot answer any more: {error}"
        return version, Comparison("INSUFFICIENT", metric, 0, 0, 0, 0, 0, len(held_out), told)
    challenger = model.predict(held_out.rows) if len(held_out) else []
    found = compare(metric, held_out.labels if len(held_out) else [], answers, challenger, plan.margin)
    if known:
        found = replace(
            found, told=f"{found.told}; the champion has learnt from calls as late as {known:,} of these"
        )
    return version, found


def _known_to(card: Mapping[str, Any], instants: Sequence[Any]) -> int:
    """How many of the calls held out now are no later than those that a model was trained on: it may know these."""
    last = next((str(split["last"]) for split in card["dataset"]["splits"] if split["name"] == "train"), "")
    return sum(str(at) <= last for at in instants)


def _write(directory: Path, card: Mapping[str, Any]) -> None:
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (directory / CARD).write_text(text, encoding="utf-8", errors="backslashreplace")
