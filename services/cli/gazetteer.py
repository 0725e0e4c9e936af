"""`accesswatch gazetteer`: routes and actors by name, ours and users' own."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from services.cli.options import Config, settings_for_command
from services.cli.output import Json, console, print_json, printable
from services.extractor.data_files import (
    gazetteer_documents,
    lexicon_documents,
    read_addition,
)
from services.extractor.domain.gazetteer_check import SECTIONS, Problem, check
from services.extractor.domain.gazetteer_names import ordinary_words
from services.runtime.errors import ExitCode

gazetteer = typer.Typer(no_args_is_help=True, help="Routes and actors, ours and your own.")

Documents = list[tuple[str, dict[str, Any]]]


@gazetteer.callback()
def _gazetteer() -> None:
    """Keep `check` a command of its own, though it is the only one."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(gazetteer, name="gazetteer")


@gazetteer.command(
    "check",
    epilog="Examples: `accesswatch gazetteer check`, `… check mine.yaml`, `… check --json`",
)
def check_files(
    file: list[Path] = typer.Argument(
        None, help="YAML files to check beside ours. Default: ours and those of the settings."
    ),
    config: Config = None,
    *,
    json: Json = False,
) -> None:
    """Find mistakes in files of routes and actors. Exit code 1: there are some.

    Finds names that mean two entries, duplicates, coordinates that cannot be, names that are
    ordinary words, unknown countries, empty and wrong fields.
    """
    settings = settings_for_command(config)
    documents = [(f"{name}.yaml", each) for name, each in gazetteer_documents().items()]
    documents += _read(path for path in settings.extractor.gazetteer if path not in (file or ()))
    given = _read(file or ())
    problems = [
        problem
        for problem in check([*documents, *given], ordinary_words(lexicon_documents().values()))
        if not given or problem.file in dict(given)
    ]
    counts = Counter(problem.kind for problem in problems)
    checked = given or documents
    if json:
        print_json({"entries": _entries(checked), "counts": counts, "problems": problems})
    else:
        _print(problems, counts, _entries(checked))
    if problems:
        raise typer.Exit(ExitCode.FAILURE)


def _read(paths: Iterable[Path]) -> Documents:
    return [(str(path), read_addition(path)) for path in paths]


def _entries(documents: Documents) -> dict[str, int]:
    """Return how many routes and actors the documents hold."""
    return {
        section: sum(len(document.get(section) or ()) for _, document in documents)
        for section in SECTIONS
    }


def _print(problems: Sequence[Problem], counts: Counter[str], entries: dict[str, int]) -> None:
    file = ""
    for problem in problems:
        if problem.file != file:
            file = problem.file
            console.print(f"[bold]{_shown(file)}[/]")
        console.print(
            f"  {_shown(problem.entry)}: [yellow]{problem.kind}[/]: {_shown(problem.what)}. "
            f"{_shown(problem.remedy)}",
            soft_wrap=True,
        )
    kinds = ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
    found = f"{len(problems)} problems ({kinds})" if problems else "No problems"
    console.print(f"{found} in {entries['routes']} routes and {entries['actors']} actors.")


def _shown(text: str) -> str:
    return escape(printable(text))
