"""`accesswatch subscriptions`."""

from typing import Any

import typer
from rich.markup import escape

from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.subscription import Subscription
from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console, plain, print_json, print_table
from services.cli.servers import open_database
from services.runtime.clock import SystemClock
from services.runtime.settings import Settings

subscriptions = typer.Typer(no_args_is_help=True, help="What is watched, and who is told.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(subscriptions, name="subscriptions")


def shown(subscription: Subscription) -> dict[str, Any]:
    """Return a subscription as anyone may see it."""
    return {
        "id": subscription.id,
        "name": subscription.name,
        "watch": plain(subscription.watch),
        "channels": [channel.masked for channel in subscription.channels],
        "active": subscription.active,
        "origin": subscription.origin,
        "created_at": subscription.created_at.isoformat(),
    }


def watched(subscription: Subscription) -> str:
    """Return what a subscription watches, in words."""
    watch = subscription.watch
    subjects = [*watch.actors, *watch.routes, *(f"“{each}”" for each in watch.texts)]
    filters = [*watch.topics, *watch.stances, *watch.languages]
    said = " or ".join(subjects) or "everything"
    return f"{said}; only {', '.join(filters)}" if filters else said


@subscriptions.command("list", epilog="Example: `accesswatch subscriptions list --json`")
def list_subscriptions(config: Config = None, *, json: Json = False) -> None:
    """List the subscriptions; secrets are masked."""

    async def work(settings: Settings) -> list[Subscription]:
        async with open_database(settings) as engine:
            return await SqlSubscriptions(engine, SystemClock()).list()

    found = run_async(work(settings_for_command(config)))
    if json:
        print_json([shown(each) for each in found])
        return
    print_table(
        ("id", "name", "watches", "channels", "state"),
        (
            (
                each.id,
                each.name,
                watched(each),
                [channel.masked for channel in each.channels],
                "active" if each.active else "paused",
            )
            for each in found
        ),
        "No subscription. Make one with 'accesswatch subscribe NAME --actor …'.",
    )


def _change(config: Config, name: str, verb: str) -> None:
    async def work(settings: Settings) -> Subscription:
        async with open_database(settings) as engine:
            stored = SqlSubscriptions(engine, SystemClock())
            if verb == "Removed":
                return await stored.remove(name)
            return await stored.set_active(name, active=verb == "Resumed")

    found = run_async(work(settings_for_command(config)))
    console.print(f"{verb} '{escape(found.name)}'.")


@subscriptions.command(epilog="Example: `accesswatch subscriptions remove Lachin`")
def remove(subscription: str, config: Config = None) -> None:
    """Remove a subscription, by id or name. Its alerts stay."""
    _change(config, subscription, "Removed")


@subscriptions.command(epilog="Example: `accesswatch subscriptions pause Lachin`")
def pause(subscription: str, config: Config = None) -> None:
    """Stop matching a subscription until it is resumed."""
    _change(config, subscription, "Paused")


@subscriptions.command(epilog="Example: `accesswatch subscriptions resume Lachin`")
def resume(subscription: str, config: Config = None) -> None:
    """Match a paused subscription again."""
    _change(config, subscription, "Resumed")
