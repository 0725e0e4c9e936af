"""`accesswatch alerts`."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import typer
from rich.markup import escape

from schemas import Alert
from services.alerting.adapters.alert_queries import (
    AlertQueries,
    AlertStatus,
    DigestStatus,
    ListedAlert,
)
from services.cli.alert_view import print_alert, print_digest
from services.cli.options import Config, moment, run_async, settings_for_command
from services.cli.output import (
    Json,
    console,
    plain,
    print_json,
    print_json_line,
    print_table,
)
from services.cli.servers import open_database
from services.cli.statement_view import statement_text
from services.runtime.settings import Settings

FOLLOW_SECONDS = 0.5
OVERLAP = timedelta(seconds=120)
"""An alert is dated before it is committed, so it may show up after one with a later date; within
the time that a transaction may take, `follow` looks again at what it has passed."""

alerts = typer.Typer(no_args_is_help=True, help="Statements that met a subscription.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(alerts, name="alerts")


@alerts.command("list", epilog="Examples: `accesswatch alerts list --since 24h`, `… --json`")
def list_alerts(
    config: Config = None,
    subscription: str | None = typer.Option(None, help="Only of this one: id or name."),
    since: str | None = typer.Option(None, help="Only from then on: 24h, 7d, 2026-11-24."),
    replay: str | None = typer.Option(None, help="Only what came of this one, by its id."),
    limit: int = typer.Option(50, min=1, max=10_000, help="How many at the most."),
    *,
    json: Json = False,
) -> None:
    """List alerts, newest first."""
    start = moment(since, "--since")

    async def work(settings: Settings) -> list[ListedAlert]:
        async with open_database(settings) as engine:
            return await AlertQueries(engine).alerts(limit, subscription, start, replay)

    found = run_async(work(settings_for_command(config)))
    if json:
        print_json([_flat(each) for each in found])
        return
    print_table(
        ("alert", "when", "subscription", "stance", "speaker", "routes", "delivery", "sentence"),
        (
            (
                each.id[:8],
                each.created_at,
                each.subscription_name,
                each.statement.stance,
                each.statement.speaker.name if each.statement.speaker else None,
                [route.name for route in each.statement.routes],
                listed.delivery,
                each.statement.text,
            )
            for listed in found
            for each in [listed.alert]
        ),
        "No alert yet.",
    )


def _flat(listed: ListedAlert) -> dict[str, object]:
    about = {"replay_id": listed.replay_id, "delivery": listed.delivery}
    return dict(plain(listed.alert)) | about


@alerts.command("digests", epilog="Example: `accesswatch alerts digests`")
def list_digests(
    config: Config = None,
    limit: int = typer.Option(50, min=1, max=1000, help="How many at the most."),
    *,
    json: Json = False,
) -> None:
    """List what replays told subscriptions, one digest each, with its deliveries."""

    async def work(settings: Settings) -> list[DigestStatus]:
        async with open_database(settings) as engine:
            return await AlertQueries(engine).digests(limit)

    found = run_async(work(settings_for_command(config)))
    if json:
        print_json(found)
        return
    print_table(
        ("digest", "when", "subscription", "replay", "alerts", "from", "to", "deliveries"),
        (
            (
                each.digest.id[:8],
                each.digest.created_at,
                each.digest.subscription_name,
                each.digest.replay_id,
                each.digest.total,
                each.digest.since,
                each.digest.until,
                [f"{sent.channel} {sent.state}" for sent in each.deliveries],
            )
            for each in found
        ),
        "No digest yet.",
    )


@alerts.command(epilog="Example: `accesswatch alerts show 1a2b3c4d`")
def show(alert: str, config: Config = None, *, json: Json = False) -> None:
    """Show one alert or digest with its deliveries, by its id or the beginning of it."""

    async def work(settings: Settings) -> AlertStatus | DigestStatus:
        async with open_database(settings) as engine:
            return await AlertQueries(engine).show(alert)

    found = run_async(work(settings_for_command(config)))
    if json:
        print_json(found)
    elif isinstance(found, DigestStatus):
        print_digest(found)
    else:
        print_alert(found)


@alerts.command(epilog="Examples: `accesswatch alerts follow`, `… --json | jq .statement.text`")
def follow(
    config: Config = None,
    since: str | None = typer.Option(None, help="Begin with alerts from then on: 1h."),
    *,
    json: Json = False,
) -> None:
    """Print alerts as they come, until Ctrl-C; what a replay finds is left out."""
    start = moment(since, "--since") or datetime.now(UTC)
    run_async(_follow(settings_for_command(config), start, json=json))


async def _follow(settings: Settings, start: datetime, *, json: bool) -> None:
    told: dict[str, datetime] = {}
    async with open_database(settings) as engine:
        while True:
            async for alert in _alerts_from(AlertQueries(engine), start):
                if alert.id not in told:
                    told[alert.id] = alert.created_at
                    _tell(alert, json=json)
            start = max(start, max(told.values(), default=start) - OVERLAP)
            told = {each: at for each, at in told.items() if at >= start}
            await asyncio.sleep(FOLLOW_SECONDS)


async def _alerts_from(queries: AlertQueries, start: datetime) -> AsyncIterator[Alert]:
    last = ""
    while page := await queries.alerts_after(start, last):
        for alert in page:
            yield alert
        start, last = page[-1].created_at, page[-1].id


def _tell(alert: Alert, *, json: bool) -> None:
    if json:
        print_json_line(alert)
    else:
        console.print(f"[bold yellow]{escape(alert.subscription_name)}[/]")
        console.print(statement_text(alert.statement, alert.article))
