"""`accesswatch extract`: the statements of one article, or of a file of many."""

from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from schemas import Article
from services.cli import article_view
from services.cli.extraction import extract_all, extract_one, supported_languages
from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console, print_json, print_json_line
from services.cli.reading import Line, open_lines, read_article, read_lines
from services.cli.words import languages
from services.extractor.domain.extractor import extractor_version
from services.extractor.domain.outcome import Outcome
from services.extractor.domain.sentences import split
from services.runtime.errors import ExitCode, UsageError
from services.runtime.settings import Settings

EXAMPLES = (
    "Examples: `accesswatch extract article.txt`, `… https://news.example/a-story --text`, "
    "`pdftotext report.pdf - | accesswatch extract -`, "
    "`accesswatch extract --jsonl articles.jsonl > statements.jsonl`"
)

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def extract(
        source: str = typer.Argument(
            metavar="FILE|URL|-",
            help="Plain text or HTML: a file, an address, or - for standard input. "
            "The first line of a text is its title if a blank line follows.",
        ),
        config: Config = None,
        language: str | None = typer.Option(
            None, metavar="CODE", help="Of the article, such as fr; recognised if not given."
        ),
        workers: int = typer.Option(1, min=1, max=128, help="Processes that share --jsonl's work."),
        *,
        text: bool = typer.Option(False, "--text", help="Show the whole text, statements marked."),
        jsonl: bool = typer.Option(
            False,
            "--jsonl",
            help="FILE has an article a line (id, title, text, lang); print a message a line.",
        ),
        json: Json = False,
    ) -> None:
        """Show the humanitarian-access statements of an article."""
        settings = settings_for_command(config)
        code = languages([language])[0] if language else None
        if jsonl:
            if text or json:
                raise UsageError("--jsonl prints JSON already", "Leave out --text and --json.")
            _extract_lines(source, code, workers, settings)
            return
        article = run_async(read_article(source, code, settings, note))
        outcome = extract_one(article)
        if json:
            print_json(_message(article.id, outcome) | {"article": article})
        else:
            _show(article, outcome, text=text)


def note(sentence: str) -> None:
    """Tell a user something beside the result."""
    errors.print(Text.assemble(("note:", "bold yellow"), " ", sentence))


def _show(article: Article, outcome: Outcome, *, text: bool) -> None:
    sentences = len(split(article.text, outcome.language))
    width = min(console.width, article_view.WIDTH)
    console.print(article_view.article_head(article, outcome, sentences), width=width)
    if outcome.skipped is not None:
        shown = article_view.skipped(outcome, supported_languages())
    elif text and outcome.statements:
        shown = article_view.marked_text(article, outcome.statements)
    else:
        shown = article_view.statements(outcome.statements)
    console.print(shown, width=width)


def _message(article_id: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "language": outcome.language,
        "skipped": outcome.skipped,
        "extractor_version": extractor_version(),
        "statements": outcome.statements,
    }


def _extract_lines(source: str, language: str | None, workers: int, settings: Settings) -> None:
    bad = 0

    def refuse(number: int, reason: str) -> None:
        nonlocal bad
        bad += 1
        errors.print(Text.assemble(("error:", "bold red"), f" line {number}: {reason}"))

    def failed(line: Line, reason: str) -> None:
        refuse(line.number, reason)

    with open_lines(source) as file:
        lines = read_lines(file, language, refuse)
        for line, outcome in extract_all(
            lines, lambda each: each.article, workers, settings.extractor, failed
        ):
            print_json_line(_message(line.id, outcome))
    if bad:
        errors.print(
            f"{article_view.counted(bad, 'line')} skipped. Correct what is named above, and run "
            "it again."
        )
        raise typer.Exit(ExitCode.FAILURE)
