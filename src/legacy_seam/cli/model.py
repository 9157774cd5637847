"""`legacy-seam model`: models that stand in for legacy code, from training to retirement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from legacy_seam.cli.shared import (
    console,
    json_option,
    open_workspace,
    pickle_option,
    print_json,
    progress,
    seconds_of,
    trust_option,
)

if TYPE_CHECKING:
    from legacy_seam.model.given import Given
    from legacy_seam.model.home import Home
    from legacy_seam.model.recipes import Recipe
    from legacy_seam.model.training import Trained
    from legacy_seam.workspace import Workspace


@click.group()
def model() -> None:
    """Models in the place of legacy code: train, compare, promote, find stale."""


@model.command()
@click.argument("recipe", metavar="RECIPE")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), required=True, help="The dataset.")
@click.option("--name", metavar="NAME", help="What the model is called (the module of the recipe).")
@click.option(
    "--as", "form", type=click.Choice(["skops", "pickle", "joblib"]), default="skops", help="How it is stored."
)
@click.option("--method", type=click.Choice(["predict", "predict_proba"]), help="What gives its answers.")
@click.option(
    "--metric", type=click.Choice(["auc", "brier", "mae", "accuracy"]), help="What models are compared by."
)
@click.option(
    "--margin", type=click.FloatRange(0, 10), default=0.05, help="More error that is no worse, as a share (0.05)."
)
@click.option("--seed", type=int, default=0, help="Of random numbers (0).")
@click.option("--promote", is_flag=True, help="Make it the champion, unless it is worse than the present one.")
@trust_option
@pickle_option
@json_option
def train(recipe: str, data: Path, name: str | None, promote: bool, as_json: bool, **options: Any) -> None:
    """Train a model by RECIPE, a function (module:function) that takes a dataset and returns a fitted estimator.

    The model is stored with the digest of its data and the versions of its libraries, measured on the rows that
    were held out, and compared there with the champion, the model that answers today.

    Exits with 0 when it is trained and, where there is a champion, no worse; with 1 when it may be worse; with 2
    when nothing was trained.
    """
    from legacy_seam.model.recipes import Recipe

    workspace = open_workspace()
    options["allow_pickle"] |= options["form"] != "skops"
    made_by = Recipe(recipe, _search_path(workspace))
    name = name or recipe.partition(":")[0].rpartition(".")[2]
    _train(workspace, made_by, data, name, promote, as_json, options)


@model.command()
@click.argument("place", metavar="PATH", type=click.Path(exists=True, path_type=Path))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), required=True, help="The dataset.")
@click.option("--name", metavar="NAME", required=True, help="What the model is called.")
@click.option("--method", type=click.Choice(["predict", "predict_proba"]), help="What gives its answers.")
@click.option("--metric", type=click.Choice(["auc", "brier", "mae", "accuracy"]), help="To compare by.")
@click.option(
    "--margin", type=click.FloatRange(0, 10), default=0.05, help="How much more error is no worse (0.05)."
)
@click.option("--promote", is_flag=True, help="Make it the champion, unless it is worse than the present one.")
@trust_option
@pickle_option
@json_option
def add(place: Path, data: Path, name: str, promote: bool, as_json: bool, **options: Any) -> None:
    """Take in a model that was trained elsewhere: a file of skops, ONNX, pickle or joblib, or MLflow's directory.

    It is measured and compared like one that was trained here, on the same dataset whose columns it takes. ONNX
    needs onnxruntime, and each feature as an input of its own; MLflow needs mlflow, and can run code.

    Exits with 0 when it is taken in and, where there is a champion, no worse; with 1 when it may be worse; with 2
    when it was not.
    """
    from legacy_seam.model.given import Given

    _train(open_workspace(), Given(place), data, name, promote, as_json, {"form": "skops", "seed": 0, **options})


def _train(
    workspace: Workspace,
    recipe: Recipe | Given,
    data: Path,
    name: str,
    promote: bool,
    as_json: bool,
    options: dict[str, Any],
) -> None:
    """Train a model, or take it in; say what came of it."""
    from legacy_seam.dataset.loading import Dataset
    from legacy_seam.model.home import Home
    from legacy_seam.model.training import Training
    from legacy_seam.model.training import train as run

    home = Home.of(workspace.project, name)
    with progress() as bar:
        bar.add_task(f"training {home.name}", total=None)
        plan = Training(
            recipe,
            Dataset(data),
            workspace.project,
            home,
            options["form"],
            options["trusted"],
            options["method"] or "",
            options["metric"] or "",
            options["margin"],
            options["seed"],
            options["allow_pickle"],
        )
        trained = run(plan)
    is_promoted = promote and trained.may_be_champion
    if is_promoted:
        home.promote(trained.version, trained.comparison.told if trained.comparison else "the first one")
    if as_json:
        place = str(home.directory / trained.version)
        print_json({**trained.card, "version": 1, "promoted": is_promoted, "directory": place})
    else:
        _show_trained(trained, home, is_promoted)
    if not trained.may_be_champion:
        raise click.exceptions.Exit(1)


@model.command()
@click.argument("name", metavar="NAME")
@click.option("--max-age", type=seconds_of, metavar="TIME", help="How old it may be: 7d, 12h.")
@json_option
def stale(name: str, max_age: float | None, as_json: bool) -> None:
    """Say whether the champion of NAME, or a model by its path, should be trained again; for cron.

    It is stale when it is too old, when its dataset was exported anew, when other versions of its libraries are
    installed, or when its recipe or the legacy function was changed.

    Exits with 0 when it is fresh, with 1 when it is stale, with 2 where there is no such model.
    """
    from legacy_seam.dataset.origin import source_of
    from legacy_seam.model.staleness import reasons
    from legacy_seam.targets import Target

    workspace = open_workspace()
    directory, card = _one(workspace, name)
    source = source_of(workspace.program(), Target.parse(card["target"]), workspace.project)
    found = list(reasons(card, directory, workspace.project, source, max_age))
    version = card["version_of_model"]
    if as_json:
        told = [{"kind": reason.kind, "told": reason.told} for reason in found]
        print_json({"version": 1, "name": card["name"], "model": version, "stale": bool(found), "reasons": told})
    else:
        terminal = console()
        terminal.print(f"{card['name']} {version} is {'stale' if found else 'fresh'}", markup=False)
        for reason in found:
            terminal.print(f"  {reason.kind}: {reason.told}", markup=False)
    if found:
        raise click.exceptions.Exit(1)


@model.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the models of the project, those below models/."""
    from legacy_seam.model.home import homes

    found = [(home, home.champion()) for home in homes(open_workspace().project)]
    cards = [
        {**home.card(version), "is_champion": version == champion, "directory": str(home.directory / version)}
        for home, champion in found
        for version in home.versions()
    ]
    if as_json:
        print_json({"version": 1, "models": cards})
        return
    terminal = console()
    for card in cards:
        name = f"{'*' if card['is_champion'] else ' '} {card['name']} {card['version_of_model']}"
        metrics = "  ".join(f"{key} {value:.4g}" for key, value in _held_out(card).items() if key != "rows")
        terminal.print(f"{name}  {card['made'][:16]}  {metrics}", markup=False)
    if not cards:
        terminal.print("there is no model yet: legacy-seam model train", markup=False)


@model.command()
@click.argument("name", metavar="NAME")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show what is written down about the champion of NAME, or about a model by its path."""
    directory, card = _one(open_workspace(), name)
    if as_json:
        print_json({**card, "version": 1, "directory": str(directory)})
        return
    terminal = console()
    data = card["dataset"]
    for what, told in (
        ("model", f"{card['name']} {card['version_of_model']}"),
        ("made", f"{card['made']} by {card['recipe']['name']}, {card['estimator']}, stored as {card['stored_as']}"),
        ("in the place of", card["target"]),
        ("data", f"{data['rows']:,} rows in {data['directory']}, label {data['label']['kind']}"),
        ("features", ", ".join(card["features"])),
        ("libraries", ", ".join(f"{key} {value}" for key, value in card["libraries"].items())),
        *((f"on {split}", ", ".join(f"{key} {value:.4g}" for key, value in found.items()))
          for split, found in card["metrics"].items()),
        ("beside the champion", card.get("comparison", {}).get("told", "")),
    ):  # fmt: skip
        if told:
            terminal.print(f"{what:<20} {told}", markup=False)


@model.command()
@click.argument("name", metavar="NAME")
@click.argument("version", metavar="VERSION")
@click.option("--why", default="by hand", metavar="TEXT", help="Is kept beside it.")
@json_option
def promote(name: str, version: str, why: str, as_json: bool) -> None:
    """Make VERSION the champion of NAME, whatever speaks against it; with an earlier one, that is a rollback."""
    from legacy_seam.model.home import Home

    home = Home.of(open_workspace().project, name)
    before = home.champion()
    home.promote(version, why)
    if as_json:
        print_json({"version": 1, "name": home.name, "champion": version, "before": before})
    else:
        instead = f" instead of {before}" if before else ""
        console().print(f"{version} is the champion of {home.name} now{instead}", markup=False)


def _one(workspace: Workspace, name: str) -> tuple[Path, dict[str, Any]]:
    """The champion of a name, or the model at a path: its directory and its card."""
    from legacy_seam.experiment.model_files import champion_of, read_card
    from legacy_seam.model.home import Home

    directory = champion_of(str(Home.of(workspace.project, name).directory))
    return Path(directory), read_card(directory)


def _held_out(card: dict[str, Any]) -> dict[str, float]:
    metrics: dict[str, dict[str, float]] = card["metrics"]
    return metrics.get("test") or metrics["train"]


def _search_path(workspace: Workspace) -> list[Path]:
    return [Path.cwd(), workspace.project / "src", workspace.project]


def _show_trained(trained: Trained, home: Home, is_promoted: bool) -> None:
    terminal = console()

    def say(line: str) -> None:
        terminal.print(line, markup=False)

    card = trained.card
    what = f"{card['estimator']} of {len(card['features'])} features, by {card['method']}"
    say(f"{home.name} {trained.version}: {what}")
    for split, found in card["metrics"].items():
        numbers = "  ".join(f"{name} {value:.4g}" for name, value in found.items() if name != "rows")
        say(f"  {split:<5} {found['rows']:>9,} rows  {numbers}")
    if trained.comparison is not None:
        say(f"  beside the champion {trained.champion}: {trained.comparison.state}")
        say(f"  {trained.comparison.told}")
    state = "the champion now" if is_promoted else "no champion yet" if trained.champion is None else "a challenger"
    say(f"kept in {home.directory / trained.version}, {state}")
