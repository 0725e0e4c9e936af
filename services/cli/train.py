"""`accesswatch train`: make the extractor's models anew."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from services.cli.output import console
from services.evaluation.goldset import read_goldset
from services.extractor.data_files import goldset_files
from services.runtime.errors import ConfigurationError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(train)


def train(
    goldset: Annotated[
        list[Path] | None,
        typer.Argument(help="Annotated files (JSON Lines); default: the packaged annotated set."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Folder for the model files; default: the package's own."),
    ] = None,
    epochs: Annotated[
        int, typer.Option(min=1, max=50, help="How often the reader sees each article.")
    ] = 5,
    seed: Annotated[int, typer.Option(help="Of all that is random.")] = 7,
) -> None:
    """Make the extractor's models from annotated articles: an hour on two cores.

    Needs the `train` extra (`make train` installs it), no download and no GPU. The same articles
    and seed give the same models on the same machine.

    Examples:
      accesswatch train
      accesswatch train services/extractor/goldset/*.jsonl my.jsonl --into my-model
    """
    try:
        from services.training.reader import Recipe  # noqa: PLC0415 - torch takes seconds to load
        from services.training.train import train as make  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"{error.name} is not installed", "Install the train extra: make train."
        ) from error
    folder = into or Path(str(files("services.extractor") / "model"))
    articles = read_goldset(goldset or goldset_files())
    make(articles, folder, Recipe(epochs=epochs, seed=seed), console.print)
    console.print(f"Written to {folder}.")
