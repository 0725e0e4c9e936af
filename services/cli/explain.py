"""`accesswatch explain`: why each sentence of an article is a statement, or is none."""

import typer

from schemas import Article
from services.cli import article_view, explanation_view
from services.cli.extract import note
from services.cli.extraction import explain_one, supported_languages
from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console, print_json
from services.cli.reading import read_article
from services.cli.words import languages
from services.extractor.domain.outcome import Explanation
from services.runtime.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        epilog="Examples: `accesswatch explain article.txt`, `… article.txt --sentence 3`, "
        "`… https://news.example/a-story --json`"
    )
    def explain(
        source: str = typer.Argument(
            metavar="FILE|URL|-",
            help="Plain text or HTML: a file, an address, or - for standard input.",
        ),
        config: Config = None,
        language: str | None = typer.Option(
            None, metavar="CODE", help="Of the article, such as fr; recognised if not given."
        ),
        sentence: int | None = typer.Option(
            None, min=1, metavar="N", help="Only the sentence of this number."
        ),
        *,
        json: Json = False,
    ) -> None:
        """Show why each sentence of an article is a statement, or is none."""
        settings = settings_for_command(config)
        code = languages([language])[0] if language else None
        article = run_async(read_article(source, code, settings, note))
        explanation = explain_one(article)
        numbers = _chosen(explanation, sentence)
        if json:
            print_json(_values(article, explanation, numbers))
        else:
            _show(article, explanation, numbers, whole=sentence is not None)


def _chosen(explanation: Explanation, sentence: int | None) -> range:
    """Return the numbers of the sentences to show.

    Raises:
        UsageError: there is no sentence of that number.
    """
    last = len(explanation.verdicts)
    if sentence is None or not last:
        return range(1, last + 1)
    if sentence > last:
        raise UsageError(
            f"there is no sentence {sentence}: the article has {last}",
            "Leave out --sentence to see all of them with their numbers.",
        )
    return range(sentence, sentence + 1)


def _values(article: Article, explanation: Explanation, numbers: range) -> dict[str, object]:
    sentences = []
    for number in numbers:
        verdict = explanation.verdicts[number - 1]
        sentences.append(
            {
                "number": number,
                "text": article.text[verdict.start : verdict.end],
                "start": verdict.start,
                "end": verdict.end,
                "probability": verdict.probability,
                "threshold": verdict.threshold,
                "statement": verdict.is_statement,
                "opinions": dict(verdict.opinions),
                "evidence": verdict.evidence,
            }
        )
    return {
        "title": article.title,
        "language": explanation.outcome.language,
        "skipped": explanation.outcome.skipped,
        "gate": explanation.gate,
        "gate_threshold": explanation.gate_threshold,
        "dropped_by_gate": explanation_view.dropped(explanation),
        "sentences": sentences,
    }


def _show(article: Article, explanation: Explanation, numbers: range, *, whole: bool) -> None:
    width = min(console.width, article_view.WIDTH)
    console.print(explanation_view.explanation_head(article, explanation), width=width)
    skipped = explanation.outcome.skipped is not None
    if skipped and not explanation_view.dropped(explanation):
        console.print(article_view.skipped(explanation.outcome, supported_languages()), width=width)
        return
    console.print(explanation_view.gate(explanation), width=width)
    console.print()
    shown = explanation_view.verdicts(article, explanation.verdicts, numbers, whole=whole)
    console.print(shown, width=width)
