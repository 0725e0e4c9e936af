"""`accesswatch evaluate`: how well the extractor does on articles that someone annotated."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.progress import track

from schemas import Article
from services.cli import evaluation_view
from services.cli.extract import errors, note
from services.cli.extraction import extract_all
from services.cli.options import Config, settings_for_command
from services.cli.output import Json, console, plain, print_json
from services.cli.reading.article import make_article
from services.cli.reading.lines import open_lines
from services.cli.report_file import write_report
from services.evaluation.figures import Evaluation, measured
from services.evaluation.figures import evaluate as figures_of
from services.evaluation.goldset import Annotated, read_annotated, read_goldset
from services.evaluation.held_back import is_held_back
from services.evaluation.matching import Judged, judge
from services.evaluation.mistakes import mistakes
from services.evaluation.report_html import report
from services.extractor.data_files import goldset_files
from services.extractor.domain.extractor import extractor_version
from services.runtime.errors import UsageError
from services.runtime.settings import Settings

HELD_BACK = "the crises held back from training"
"""What is measured on if no file is named."""
MOST_NAMED = 20
"""Bad lines that are named; more are counted."""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        epilog="Examples: `accesswatch evaluate`, `… annotated.jsonl`, `… --errors | less -R`, "
        "`… --html report.html`, `… --json > figures.json`"
    )
    def evaluate(
        file: str | None = typer.Argument(
            None,
            metavar="[FILE.jsonl|-]",
            help="Annotated articles, one a line, in the form of docs/evaluate.md; default: those "
            "of the packaged set whose crises the models were not trained on.",
        ),
        config: Config = None,
        html: Path | None = typer.Option(
            None, metavar="REPORT", help="Also write a page with every article, marked."
        ),
        workers: int = typer.Option(1, min=1, max=128, help="Processes that share the work."),
        *,
        list_errors: bool = typer.Option(
            False, "--errors", help="List what was missed, false alarms and wrong labels."
        ),
        all_languages: bool = typer.Option(
            False,
            "--all-languages",
            help="Count articles in languages that are not supported as missed.",
        ),
        json: Json = False,
    ) -> None:
        """Measure the extractor on annotated articles."""
        settings = settings_for_command(config)
        name = HELD_BACK if file is None else file
        judged = _judge(_held_back() if file is None else _read(file), workers, settings)
        evaluation = figures_of(judged, all_languages=all_languages)
        counted = measured(judged, all_languages=all_languages)
        if html is not None:
            write_report(html, report(Path(name).name, extractor_version(), evaluation, judged))
        if json:
            found = {"file": name, "extractor_version": extractor_version()}
            listed = {"errors": list(mistakes(counted))} if list_errors else {}
            print_json(found | plain(evaluation) | listed)
        else:
            _show(name, evaluation, counted, list_errors=list_errors)
        if html is not None:
            note(f"the report is in {html}")


def _held_back() -> list[Annotated]:
    return [each for each in read_goldset(goldset_files()) if is_held_back(each.group)]


def _read(file: str) -> list[Annotated]:
    """Return the articles of a file.

    Raises:
        UsageError: a line is none, or there are none; each bad line was named by then.
    """
    bad: list[tuple[int, str]] = []
    with open_lines(file) as lines:
        articles = list(read_annotated(lines, lambda number, why: bad.append((number, why))))
    for number, why in bad[:MOST_NAMED]:
        errors.print(f"line {number}: {why}", markup=False)
    if bad:
        raise UsageError(
            f"{file} has {len(bad)} lines that are no annotated article",
            "Correct them; docs/evaluate.md has the form.",
        )
    if not articles:
        raise UsageError(f"{file} has no article", "Write one a line, as docs/evaluate.md says.")
    return articles


def _judge(articles: Sequence[Annotated], workers: int, settings: Settings) -> list[Judged]:
    def article_of(each: Annotated) -> Article:
        return make_article(each.id, each.title, each.text, each.language)

    def failed(each: Annotated, reason: str) -> None:
        raise UsageError(f"article '{each.id}' cannot be read: {reason}", "Leave it out.")

    pairs = extract_all(articles, article_of, workers, settings.extractor, failed)
    shown = track(
        pairs,
        "Reading",
        total=len(articles),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    return [judge(annotated, outcome) for annotated, outcome in shown]


def _show(
    file: str, evaluation: Evaluation, judged: Sequence[Judged], *, list_errors: bool
) -> None:
    console.print(evaluation_view.evaluation_head(file, evaluation, extractor_version()))
    for table in evaluation_view.tables(evaluation):
        console.print(table)
    if list_errors:
        for each in evaluation_view.mistakes_list(list(mistakes(judged))):
            console.print(each)
