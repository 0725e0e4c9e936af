"""A backtest as one page that needs nothing else."""

from collections.abc import Mapping
from html import escape

from services.replay.adapters.report_style import STYLE
from services.replay.adapters.sentence_html import sentence, sentences
from services.replay.domain.backtest import Backtest, spans
from services.runtime.page import cell, page, section, table, tile

MOST_BARS = 62
"""Bars at the most; beyond, a bar stands for several days."""
SHOWN = 20
"""Rows of a table."""


def backtest_page(name: str, watched: str, found: Backtest) -> str:
    """Return the page.

    Args:
        name: of the subscription, or what it would be called.
        watched: what it watches, in words.
        found: what it would have sent.
    """
    head = (
        f"<h1>What “{escape(name)}” would have sent</h1>"
        f'<p class="quiet">{escape(watched)} · {found.since:%Y-%m-%d %H:%M} to '
        f"{found.until:%Y-%m-%d %H:%M} UTC · {found.articles:,} articles with "
        f"{found.statements:,} statements</p>"
    )
    counts = (
        _table("By stance", found.stances),
        _table("By topic", found.topics),
        _table("By outlet", found.outlets),
        _table("By route", found.routes),
        _table("By actor", found.actors),
    )
    cards = [sentence("met", each.article, each.statement) for each in found.newest]
    newest = section("The newest", sentences(cards)) if cards else ""
    content = f'{_days(found)}<div class="tables">{"".join(counts)}</div>{newest}'
    return page(f"Backtest of {name}", head + _tiles(found) + content, STYLE)


def _tiles(found: Backtest) -> str:
    days = max(1, len(found.days))
    busiest = max(found.days.values(), default=0)
    tiles = [
        tile("alerts", f"{found.alerts:,}", "that would have been sent"),
        tile("a day", f"{found.alerts / days:,.1f}", f"{busiest:,} on the busiest"),
    ]
    if found.alerted is not None:
        tiles.append(tile("really sent", f"{found.sent:,}", f"of {found.alerted:,} alerts made"))
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _days(found: Backtest) -> str:
    bars = spans(found.days, MOST_BARS)
    most = max((count for _, count in bars), default=0) or 1
    rows = [
        (
            f"{day:%a %Y-%m-%d}",
            f'<td class="share" style="--share:{100 * count / most:.1f}%">{count:,}</td>',
        )
        for day, count in bars
    ]
    size = (bars[1][0] - bars[0][0]).days if len(bars) > 1 else 1
    title = "By day" if size == 1 else f"By {size} days"
    return (
        f'<div class="days">{section(title, table(("from" if size > 1 else "", ""), rows))}</div>'
    )


def _table(title: str, counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    rows = [(label.replace("_", " "), cell(f"{n:,}")) for label, n in list(counts.items())[:SHOWN]]
    more = len(counts) - len(rows)
    rest = f'<p class="quiet">and {more:,} more</p>' if more else ""
    return section(title, table(("", "alerts"), rows) + rest)
