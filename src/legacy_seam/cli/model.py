"""`legacy-seam model`: models that stand in for legacy code, from training to retirement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from legacy_seam.cli.shared import console, json_option, open_workspace, print_json, progress

if TYPE_CHECKING:
    from legacy_seam.model.home import Home
    from legacy_seam.model.training import Trained
    from legacy_seam.workspace import Workspace

trust_option = click.option(
    "--trust", "trusted", multiple=True, metavar="TYPE", help="A type that skops may build."
)
pickle_option = click.option(
    "--allow-pickle", is_flag=True, help="Read models that can run code when they are read."
)


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
    from legacy_seam.dataset.loading import Dataset
    from legacy_seam.model.home import Home
    from legacy_seam.model.recipes import Recipe
    from legacy_seam.model.training import Training
    from legacy_seam.model.training import train as run

    workspace = open_workspace()
    home = Home.of(workspace.project, name or recipe.partition(":")[0].rpartition(".")[2])
    with progress() as bar:
        bar.add_task(f"training {home.name}", total=None)
        plan = Training(
            Recipe(recipe, _search_path(workspace)),
            Dataset(data),
            home,
            options["form"],
            options["trusted"],
            options["method"] or "",
            options["metric"] or "",
            options["margin"],
            options["seed"],
            options["allow_pickle"] or options["form"] != "skops",
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
