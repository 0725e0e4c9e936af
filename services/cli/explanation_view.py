"""Why sentences are statements or not, on the terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas import Article
from services.cli.article_view import counted, head
from services.cli.language_names import language_name
from services.cli.output import printable
from services.extractor.domain.outcome import Explanation, Verdict
from services.runtime.quoting import quoted

BAR = 30
"""Columns of a probability's bar; the threshold is marked in it."""
FULL, EMPTY, THRESHOLD = "█", "░", "┃"
SENTENCE_CHARS = 300
"""Of a sentence that are shown where all are; one that is asked for is shown whole."""


def explanation_head(article: Article, explanation: Explanation) -> RenderableType:
    """Return the head: title, language, and what the gate made of the article."""
    facts = [language_name(explanation.outcome.language)]
    if explanation.outcome.skipped is None:
        facts.append(
            f"{counted(len(explanation.outcome.statements), 'statement')} in "
            f"{counted(len(explanation.verdicts), 'sentence')}"
        )
    return head(article, facts)


def gate(explanation: Explanation) -> Text:
    """Say whether the gate let the article through."""
    scores = f"{explanation.gate:+.2f}, threshold {explanation.gate_threshold:+.2f}"
    if dropped(explanation):
        return Text.assemble(
            ("The gate dropped the article ", "bold yellow"),
            (f"({scores})", "yellow"),
            ": its words as a whole are not those of news about access, so its sentences were "
            "not read one by one.",
        )
    return Text(f"The gate let the article through ({scores}).", "dim")


def dropped(explanation: Explanation) -> bool:
    """Tell whether the gate dropped the article."""
    low = explanation.gate < explanation.gate_threshold
    return low and not explanation.verdicts and explanation.outcome.skipped is None


def verdicts(
    article: Article, given: Sequence[Verdict], numbers: Iterable[int], *, whole: bool
) -> RenderableType:
    """Return sentences with probability, threshold, the models' opinions and the evidence.

    Args:
        article: that they are from.
        given: of every sentence.
        numbers: of those to show, from 1.
        whole: show long sentences in full.
    """
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="bold dim", no_wrap=True)
    table.add_column(overflow="fold")
    for number in numbers:
        each = given[number - 1]
        sentence = " ".join(printable(article.text[each.start : each.end]).split())
        if not whole and len(sentence) > SENTENCE_CHARS:
            sentence = sentence[:SENTENCE_CHARS].rstrip() + "…"
        shown = Text(quoted(sentence), "" if each.is_statement else "dim")
        table.add_row(str(number), Group(bar(each), shown, _reasons(each)))
        table.add_row("", "")
    return table


def bar(verdict: Verdict) -> Text:
    """Return a probability as a bar with its threshold, its number, and what follows from it."""
    filled = round(verdict.probability * BAR)
    mark = min(round(verdict.threshold * BAR), BAR - 1)
    style = "green" if verdict.is_statement else "red"
    line = Text()
    for column in range(BAR):
        if column == mark:
            line.append(THRESHOLD, "bold")
        elif column < filled:
            line.append(FULL, style)
        else:
            line.append(EMPTY, "dim")
    line.append(f" {verdict.probability:.2f}", f"bold {style}")
    line.append(f" {'≥' if verdict.is_statement else '<'} {verdict.threshold:.2f}", "dim")
    line.append("  statement" if verdict.is_statement else "  no statement", style)
    return line


def _reasons(verdict: Verdict) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    opinions = " · ".join(f"{printable(name)} {value:.2f}" for name, value in verdict.opinions)
    if opinions:
        table.add_row("models", Text(opinions))
    if verdict.evidence:
        table.add_row("evidence", Text(printable(" · ".join(verdict.evidence)), "cyan"))
    return table
