"""The live terminal view, drawn from a picture."""

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.cli.run.events import Event
from services.cli.run.picture import Picture
from services.cli.statement_view import STANCE_STYLES
from services.runtime.quoting import quoted

STATE_STYLES = {"running": "green", "starting": "yellow", "restarting": "red", "stopping": "yellow"}
ALERT_LINES = 4
"""Lines that one alert takes at the least; what does not fit is cut by the panel."""


def draw(picture: Picture, height: int) -> RenderableType:
    """Return the whole screen."""
    layout = Layout()
    layout.split_column(
        Layout(_head(picture), size=4),
        Layout(name="middle", ratio=1),
        Layout(_troubles(picture), size=min(5, max(3, len(picture.troubles) + 2))),
    )
    rows = max(3, height - 12)
    layout["middle"].split_row(
        Layout(_alerts(picture, rows // ALERT_LINES), ratio=3),
        Layout(_articles(picture, rows), ratio=2),
    )
    return layout


def _head(picture: Picture) -> RenderableType:
    services = Text("  ")
    for name, state in sorted(picture.services.items()):
        services.append("● ", STATE_STYLES.get(state, "dim"))
        services.append(f"{name} {'' if state == 'running' else state}   ")
    counts = Text("  ")
    for word, count in (
        ("feeds reached", len(picture.feeds_reached)),
        ("articles", picture.articles),
        ("statements", picture.statements),
        ("alerts", picture.alerts),
        ("delivered", picture.delivered),
    ):
        counts.append(f"{word} ")
        counts.append(f"{count:,}   ", "bold")
    if picture.feeds_failing:
        counts.append(f"feeds not reached {len(picture.feeds_failing)}", "dim")
    return Panel(
        Group(services, counts),
        title="accesswatch",
        title_align="left",
        subtitle="Ctrl-C stops",
        subtitle_align="right",
    )


def _alerts(picture: Picture, most: int) -> RenderableType:
    if not picture.recent_alerts:
        empty = Text(
            "No alert yet. The sample outlet publishes its first article in seconds.", "dim"
        )
        return Panel(empty, title="Alerts", title_align="left")
    shown = [_alert(event) for event in list(picture.recent_alerts)[: max(1, most)]]
    return Panel(Group(*shown), title="Alerts", title_align="left", border_style="yellow")


def _alert(event: Event) -> Text:
    stance = event.text("stance")
    text = Text(overflow="fold")
    text.append(f"{event.time[11:19]} ", "dim")
    text.append(event.text("subscription"), "bold yellow")
    text.append(f"  {event.text('outlet')}\n", "dim")
    text.append(f"{quoted(event.text('sentence'))}\n")
    text.append(event.text("speaker") or "the outlet itself", "bold")
    text.append("  ")
    text.append(stance, STANCE_STYLES.get(stance, ""))
    text.append(f"  {', '.join(event.names('topics')).replace('_', ' ')}", "dim")
    routes = event.names("routes")
    if routes:
        text.append("  ▸ ", "dim")
        text.append(", ".join(routes), "bold blue")
    text.append("\n")
    return text


def _articles(picture: Picture, most: int) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True, min_width=8)
    table.add_column(style="cyan", no_wrap=True, min_width=13, max_width=18)
    table.add_column(no_wrap=True, overflow="ellipsis")
    for event in list(picture.recent_articles)[:most]:
        table.add_row(event.time[11:19], event.text("outlet"), event.text("title"))
    return Panel(table, title="Articles", title_align="left")


def _troubles(picture: Picture) -> RenderableType:
    lines = [
        Text(f"{each.service}: {each.text('error') or each.text('reason') or each.name}", "red")
        for each in list(picture.troubles)[:3]
    ]
    if not lines and picture.feeds_failing:
        names = ", ".join(f"{name} ({why})" for name, why in picture.feeds_failing.items())
        lines = [Text(f"not reached, tried again later: {names}", "dim", no_wrap=True)]
    return Panel(
        Group(*lines) if lines else Text("all well", "dim"), title="Notices", title_align="left"
    )
