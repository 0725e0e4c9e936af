"""A backtest on the terminal: a bar for each day, what by, and the newest sentences."""

from collections.abc import Mapping
from datetime import date

from rich.bar import Bar
from rich.columns import Columns
from rich.table import Table
from rich.text import Text

from services.cli.output import console, printable
from services.cli.statement_view import STANCE_STYLES, statement_text
from services.replay.domain.backtest import Backtest, spans
from services.replay.domain.wording import plural

MOST_BARS = 45
"""Bars at the most; beyond, a bar stands for several days."""
BAR_WIDTH = 40
TOP = 8
"""Rows of a table; --json and --html have more."""
DAY = "%Y-%m-%d %H:%M"


def show(name: str, watched: str, found: Backtest) -> None:
    """Print what a subscription would have sent.

    Args:
        name: of the subscription.
        watched: what it watches, in words.
        found: what it would have sent.
    """
    console.print(_head(name, watched, found))
    if not found.alerts:
        return
    console.print(_bars(found.days))
    counts = {
        "stance": found.stances,
        "topic": found.topics,
        "outlet": found.outlets,
        "route": found.routes,
        "actor": found.actors,
    }
    tables = [_table(by, counted) for by, counted in counts.items() if counted]
    console.print()
    console.print(Columns(tables, padding=(1, 4)))
    console.print(Text("\nThe newest:\n", "bold"))
    for each in found.newest:
        console.print(statement_text(each.statement, each.article))


def _head(name: str, watched: str, found: Backtest) -> Text:
    text = Text()
    text.append(printable(name), "bold").append(f"  watches {printable(watched)}\n", "dim")
    text.append(f"{plural(found.alerts, 'alert')} would have been sent", "bold")
    text.append(f" from {found.since:{DAY}} to {found.until:{DAY}} UTC, of ")
    text.append(
        f"{plural(found.statements, 'statement')} in {plural(found.articles, 'article')}.\n"
    )
    text.append(_really_sent(found))
    return text


def _really_sent(found: Backtest) -> str:
    if found.alerted is None:
        return "Nobody is subscribed to this: 'accesswatch subscribe' takes the same options.\n"
    if not found.alerts:
        return ""
    made = plural(found.alerted, "alert")
    return f"Really made: {made}, of which {found.sent:,} reached a channel.\n"


def _bars(days: Mapping[date, int]) -> Table:
    bars = spans(days, MOST_BARS)
    size = (bars[1][0] - bars[0][0]).days if len(bars) > 1 else 1
    most = max(count for _, count in bars)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("day" if size == 1 else f"{size} days from", no_wrap=True)
    table.add_column("alerts", justify="right")
    table.add_column("", width=BAR_WIDTH)
    for day, count in bars:
        bar = Bar(most, 0, count, width=BAR_WIDTH, color="blue")
        table.add_row(Text(f"{day:%a %Y-%m-%d}"), Text(f"{count:,}", "" if count else "dim"), bar)
    return table


def _table(by: str, counts: Mapping[str, int]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(by, overflow="fold", max_width=36)
    table.add_column("alerts", justify="right")
    shown = list(counts.items())[:TOP]
    for label, count in shown:
        style = STANCE_STYLES.get(label, "") if by == "stance" else ""
        table.add_row(Text(printable(label.replace("_", " ")), style), Text(f"{count:,}"))
    if len(counts) > len(shown):
        table.add_row(Text(f"and {len(counts) - len(shown):,} more", "dim"), "")
    return table
