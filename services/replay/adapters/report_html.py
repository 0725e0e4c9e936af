"""A dry run as one page that needs nothing else: no scripts, no fonts, no requests."""

from collections.abc import Iterable, Mapping
from html import escape

from services.replay.adapters.report_style import STYLE
from services.replay.adapters.sentence_html import differences, sentence, sentences
from services.replay.domain.comparison import Fate
from services.replay.domain.dry_run import Example, Report
from services.replay.domain.tally import Tally
from services.replay.domain.wording import FATES, facts
from services.runtime.page import cell, page, section, table, tile

TITLE = "Dry run of a replay"
SHOWN = 20
"""Rows of a table that are shown at once; the others are behind a fold."""
COLUMNS = ("", "before", "after", *Fate)


def report_page(report: Report, notes: Iterable[str] = ()) -> str:
    """Return the page.

    Args:
        report: what would change.
        notes: sentences on what was read, such as where from.
    """
    content = _head(report, notes) + _tiles(report)
    if report.extracts:
        content += _statements(report)
    return page(TITLE, content + _alerts(report), STYLE)


def _head(report: Report, notes: Iterable[str]) -> str:
    said = [*notes, *facts(report)]
    listed = "".join(f"<li>{escape(each)}</li>" for each in said)
    return (
        f'<h1>{TITLE}</h1><p class="quiet">Nothing of this is written yet.</p>'
        f'<ul class="notes">{listed}</ul>'
    )


def _tiles(report: Report) -> str:
    total = report.total
    tiles = [
        tile("added", f"{total.added:,}", FATES["added"]),
        tile("gone", f"{total.gone:,}", FATES["gone"]),
        tile("changed", f"{total.changed:,}", FATES["changed"]),
        tile("unchanged", f"{total.unchanged:,}", f"of {total.before:,} stored"),
    ]
    alerts = tile("new alerts", f"{report.new_alerts:,}", "that subscriptions have not had")
    shown = [*tiles, alerts] if report.extracts else [alerts]
    return f'<div class="tiles">{"".join(shown)}</div>'


def _statements(report: Report) -> str:
    fields = [(name, cell(f"{count:,}")) for name, count in report.fields.items()]
    parts = [
        section("By stance", _tallies(report.stances)),
        section("What changes in statements", table(("", "statements"), fields)) if fields else "",
        section("By topic", _tallies(report.topics)),
        section("By route", _tallies(report.routes)) if report.routes else "",
    ]
    examples = "".join(
        section(f"{fate.capitalize()}: {FATES[fate]}, for example", _examples(fate, found))
        for fate, found in report.examples.items()
    )
    return f'<div class="tables">{"".join(parts)}</div>{examples}'


def _tallies(tallies: Mapping[str, Tally]) -> str:
    rows = [_row(label.replace("_", " "), tally) for label, tally in tallies.items()]
    shown = table(COLUMNS, rows[:SHOWN])
    if len(rows) > SHOWN:
        rest = table(COLUMNS, rows[SHOWN:])
        summary = f"<summary>{len(rows) - SHOWN:,} more</summary>"
        shown += f'<details class="more">{summary}{rest}</details>'
    return shown


def _row(label: str, tally: Tally) -> tuple[str, ...]:
    counts = [(fate.value, int(getattr(tally, fate.value))) for fate in Fate]
    fates = [f'<td class="{name if n else "zero"}">{n:,}</td>' for name, n in counts]
    return (label, cell(f"{tally.before:,}"), cell(f"{tally.after:,}"), *fates)


def _examples(fate: str, examples: Iterable[Example]) -> str:
    return sentences(_example(fate, each) for each in examples)


def _example(fate: str, example: Example) -> str:
    statement = example.new or example.old
    if statement is None:
        return ""
    changes = (
        differences(example.old, example.new, example.fields)
        if example.old and example.new and example.fields
        else ""
    )
    return sentence(fate, example.article, statement, changes)


def _alerts(report: Report) -> str:
    if not report.alerts:
        return section("Alerts", '<p class="quiet">No active subscription is met.</p>')
    rows = [(each.name, cell(f"{each.new:,}"), cell(f"{each.had:,}")) for each in report.alerts]
    cards = [
        sentence("met", each.article, each.statement, f"<p>For {escape(each.subscription)}</p>")
        for each in report.alert_examples
    ]
    examples = section("New alerts, for example", sentences(cards)) if cards else ""
    return section("Alerts", table(("subscription", "new", "had before"), rows)) + examples
