"""An article on the terminal: its head, its statements one by one, or the text with them marked."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas import Article, Statement
from services.cli.language_names import language_name, listed
from services.cli.output import printable
from services.cli.statement_view import STANCE_STYLES
from services.extractor.domain.outcome import Outcome
from services.runtime.quoting import quoted

WIDTH = 100
"""Columns at the most: longer lines are hard to read."""
MARKS = {"routes": "bold blue", "actors": "bold", "quantities": "underline", "places": "italic"}
"""How names are shown within their sentence, by field."""
CONFIDENCE_DOTS = 5


def head(article: Article, facts: Sequence[str]) -> RenderableType:
    """Return the head of an article: title, outlet and what there is to say of it on a line."""
    title = Text(printable(article.title) or "Article without a title", "bold")
    line = Text(" · ".join(facts), "dim")
    body = Text("\n").join([title, line])
    return Panel(body, border_style="blue", padding=(0, 1))


def article_head(article: Article, outcome: Outcome, sentences: int) -> RenderableType:
    """Return the head of an article whose statements were looked for."""
    found = counted(len(outcome.statements), "statement")
    facts = [language_name(outcome.language), f"{found} in {counted(sentences, 'sentence')}"]
    if outcome.skipped is not None:
        facts = facts[:1]
    return head(article, facts + [printable(article.outlet)] * bool(article.outlet))


def counted(number: int, noun: str) -> str:
    """Return a number with what it counts."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def skipped(outcome: Outcome, supported: Iterable[str]) -> RenderableType:
    """Say why an article was not read."""
    return Text.assemble(
        (f"Not read: it is in {language_name(outcome.language)}. ", "yellow"),
        f"Statements are found in {listed(supported)}.\n",
        ("If that is not its language, say so with --language CODE.", "dim"),
    )


def statements(found: Sequence[Statement]) -> RenderableType:
    """Return statements one below the other, numbered, each with its sentence as proof."""
    if not found:
        return Text.assemble(
            "No humanitarian-access statement found. ",
            ("'accesswatch explain' shows how likely each sentence was.", "dim"),
        )
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="bold dim", no_wrap=True)
    table.add_column(overflow="fold")
    for number, each in enumerate(found, start=1):
        table.add_row(str(number), Group(quotation(each), labels(each), _details(each)))
        table.add_row("", "")
    return table


def quotation(statement: Statement) -> Text:
    """Return the sentence in quotation marks, the names in it marked."""
    text = Text(quoted(statement.text))
    names = [
        (name, MARKS[field])
        for field, values in (
            ("places", [each.name for each in statement.places]),
            ("quantities", [each.text for each in statement.quantities]),
            ("actors", [each.name for each in statement.actors]),
            ("routes", [each.name for each in statement.routes]),
        )
        for name in values
    ]
    for name, style in names:
        at = text.plain.find(name)
        if at >= 0:
            text.stylize(style, at, at + len(name))
    return _without_controls(text)


def _without_controls(text: Text) -> Text:
    """Return text that cannot steer the terminal; styles keep their places."""
    shown = "".join(c if printable(c) or c == "\n" else " " for c in text.plain)
    return Text(shown, spans=text.spans)


def labels(statement: Statement) -> Text:
    """Return the compact line of labels: stance, modality, commitment, topics, confidence."""
    style = STANCE_STYLES.get(statement.stance, "")
    line = Text()
    line.append(
        f" {statement.stance.upper()} ", f"bold black on {style}" if style else "bold reverse"
    )
    if statement.modality:
        line.append(f"  {statement.modality}", style)
    if statement.commitment:
        by = f" by {printable(statement.promisor)}" if statement.promisor else ""
        line.append(f"  ✔ commitment{by}", "bold green")
    line.append(f"  {' · '.join(_words(topic) for topic in statement.topics)}")
    dots = round(statement.confidence * CONFIDENCE_DOTS)
    line.append(f"  {'●' * dots}{'○' * (CONFIDENCE_DOTS - dots)} ", "dim")
    line.append(f"{statement.confidence:.2f}", "dim")
    return line


def _details(statement: Statement) -> RenderableType:
    """Return who, where and how much, a line each; what is not there has no line."""
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, values in _fields(statement):
        if values:
            table.add_row(name, Text(" · ").join(values))
    return table


def _fields(statement: Statement) -> Iterator[tuple[str, list[Text]]]:
    yield "speaker", [_speaker(statement)]
    yield (
        "routes",
        [
            _with_notes(
                each.name,
                [
                    each.status or "",
                    f"for {', '.join(each.traffic)} traffic" if each.traffic else "",
                ],
                "bold blue",
            )
            for each in statement.routes
        ],
    )
    yield (
        "actors",
        [_with_notes(each.name, [_words(each.role or "")], "bold") for each in statement.actors],
    )
    yield "places", [_with_notes(each.name, [each.country or ""]) for each in statement.places]
    yield "amounts", [Text(printable(each.text)) for each in statement.quantities]
    yield "constraints", [Text(_words(each), "red") for each in statement.constraints]


def _speaker(statement: Statement) -> Text:
    if statement.speaker is None:
        return Text("the outlet itself", "dim")
    notes = [statement.speaker.role or "", f"{statement.speaker.speech or ''} speech".lstrip()]
    return _with_notes(
        statement.speaker.name, notes if statement.speaker.speech else notes[:1], "bold"
    )


def _with_notes(name: str, notes: Iterable[str], style: str = "") -> Text:
    said = ", ".join(printable(note) for note in notes if note)
    return Text.assemble((printable(name), style), (f" ({said})" if said else "", "dim"))


def _words(label: str) -> str:
    return label.replace("_", " ")


def marked_text(article: Article, found: Sequence[Statement]) -> RenderableType:
    """Return the whole text with each statement in its stance's colour, and its number."""
    text, at = Text(), 0
    for number, each in enumerate(found, start=1):
        style = STANCE_STYLES.get(each.stance, "")
        text.append(article.text[at : each.start])
        text.append(f"[{number}] ", f"bold {style}")
        text.append(article.text[each.start : each.end], style)
        at = each.end
    text.append(article.text[at:])
    return Group(_without_controls(text), Padding(_key(found), (1, 0, 0, 0)))


def _key(found: Sequence[Statement]) -> RenderableType:
    """Return what each number stands for."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for number, each in enumerate(found, start=1):
        line = labels(each)
        line.append(f"  {printable(each.speaker.name)}" if each.speaker else "", "bold")
        table.add_row(Text(f"[{number}]", STANCE_STYLES.get(each.stance, "")), line)
    return table
