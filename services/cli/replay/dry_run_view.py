"""What a replay would change, on the terminal, as JSON, or as a page."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from schemas import ArticleReference, Statement
from services.cli.article_view import counted
from services.cli.extract import note
from services.cli.output import console, plain, print_json, printable
from services.cli.report_file import write_report
from services.cli.statement_view import STANCE_STYLES
from services.replay.adapters.report_html import report_page
from services.replay.domain.comparison import Fate
from services.replay.domain.dry_run import Example, Report, SubscriptionAlerts
from services.replay.domain.tally import Tally
from services.replay.domain.wording import FATES, NONE, differing, facts, worded
from services.runtime.quoting import quoted

TOP = 10
"""Rows of a table; --json and --html have more."""
EXAMPLES = 4
"""Examples of each kind; likewise."""
STYLES = {Fate.ADDED: "green", Fate.GONE: "red", Fate.CHANGED: "magenta", Fate.UNCHANGED: ""}


def show(
    report: Report, *, notes: Sequence[str] = (), json: bool = False, html: Path | None = None
) -> None:
    """Print a dry run.

    Args:
        report: what would change.
        notes: sentences on what was read, such as where from.
        json: whether to print JSON rather than tables.
        html: file to write a page to.

    Raises:
        UsageError: the page cannot be written.
    """
    if html is not None:
        write_report(html, report_page(report, notes))
    if json:
        print_json(plain(report) | {"new_alerts": report.new_alerts, "notes": list(notes)})
    else:
        _show(report, notes)
    if html is not None:
        note(f"the report is in {html}")


def _show(report: Report, notes: Sequence[str]) -> None:
    console.print(Text("Dry run: nothing of this is written yet.", "bold"))
    for sentence in (*notes, *facts(report)):
        console.print(Text(printable(sentence), "dim"))
    if report.extracts:
        _show_statements(report)
    _show_alerts(report)


def _show_statements(report: Report) -> None:
    if not (report.total.before or report.total.after):
        console.print("\nNo statement was stored, and none was found.")
        return
    console.print(_tallies("Statements", {"all": report.total}))
    console.print(_tallies("By stance", report.stances))
    console.print(_tallies("By topic", report.topics))
    if report.routes:
        console.print(_tallies("By route", report.routes))
    if report.fields:
        changes = ", ".join(f"{field} {count:,}" for field, count in report.fields.items())
        console.print(Text.assemble(("\nWhat changes in statements: ", "bold"), changes))
    for fate, examples in report.examples.items():
        console.print(Text(f"\n{fate.capitalize()}: {FATES[fate]}, for example", "bold"))
        for example in examples[:EXAMPLES]:
            console.print(_example(Fate(fate), example))


def _tallies(title: str, tallies: Mapping[str, Tally]) -> Table:
    table = Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    table.add_column("", overflow="fold", min_width=22, max_width=32)
    for column in ("before", "after", *Fate):
        table.add_column(column, justify="right", no_wrap=True)
    for label, tally in list(tallies.items())[:TOP]:
        table.add_row(Text(printable(label.replace("_", " "))), *_counts(tally))
    if len(tallies) > TOP:
        table.add_row(Text(f"and {len(tallies) - TOP:,} more", "dim"))
    return table


def _counts(tally: Tally) -> list[Text]:
    fates = [(int(getattr(tally, fate.value)), STYLES[fate]) for fate in Fate]
    counts = [(tally.before, ""), (tally.after, ""), *fates]
    return [Text(f"{number:,}", style if number else "dim") for number, style in counts]


def _example(fate: Fate, example: Example) -> Text:
    statement = example.new or example.old
    if statement is None:
        return Text()
    text = _sentence(example.article, statement, STYLES[fate])
    if example.old and example.new:
        for field in example.fields:
            before, after = map(printable, differing(example.old, example.new, field))
            text.append(f"\n    {field}: ", "dim").append(before, "red")
            text.append(" → ", "dim").append(after, "green")
    return text


def _sentence(article: ArticleReference, statement: Statement, style: str) -> Text:
    text = Text(f"\n  {printable(article.outlet)}, {article.fetched_at:%Y-%m-%d}: ", "dim")
    text.append(f"{printable(article.title)}\n", "dim")
    text.append(f"  {quoted(printable(statement.text))}\n", style)
    speaker = worded(statement, "speaker")
    text.append(f"    {statement.stance}", STANCE_STYLES.get(statement.stance, ""))
    text.append(f"  {worded(statement, 'topics')}", "dim")
    text.append(f"  {printable('the outlet itself' if speaker == NONE else speaker)}", "bold")
    return text


def _show_alerts(report: Report) -> None:
    if not report.alerts:
        console.print(Text("\nNo active subscription is met.", "dim"))
        return
    console.print(
        Text.assemble(
            (f"\n{counted(report.new_alerts, 'new alert')}", "bold"),
            " that subscriptions have not had:",
        )
    )
    console.print(_subscriptions(report.alerts))
    for each in report.alert_examples[:EXAMPLES]:
        text = _sentence(each.article, each.statement, "")
        console.print(text.append(f"\n    for {printable(each.subscription)}", "yellow"))


def _subscriptions(alerts: Sequence[SubscriptionAlerts]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("subscription", overflow="fold")
    for column in ("new", "had before"):
        table.add_column(column, justify="right")
    for each in alerts[:TOP]:
        table.add_row(Text(printable(each.name)), f"{each.new:,}", f"{each.had:,}")
    if len(alerts) > TOP:
        table.add_row(Text(f"and {len(alerts) - TOP:,} more", "dim"))
    return table
