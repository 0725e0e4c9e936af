"""`accesswatch subscribe`."""

import typer
from rich.markup import escape

from schemas import Stance, Topic
from services.alerting.adapters.channels.apprise import check_apprise_address
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.channel import Channel, ChannelKind, parse_channel
from services.alerting.domain.subscription import Subscription
from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console, print_json
from services.cli.servers import open_database
from services.cli.subscriptions import shown
from services.cli.watching import watch_of
from services.runtime.clock import SystemClock
from services.runtime.errors import UsageError
from services.runtime.settings import Settings


def read_channels(written: list[str], settings: Settings) -> list[Channel]:
    """Read channels; none given means the console.

    Raises:
        UsageError: one is none, or cannot work with these settings.
    """
    channels = [parse_channel(each) for each in written] or [Channel(ChannelKind.CONSOLE, "")]
    for channel in channels:
        if channel.kind is ChannelKind.APPRISE:
            check_apprise_address(channel.address)
        if channel.kind is ChannelKind.EMAIL and settings.smtp.host is None:
            raise UsageError(
                "no mail server is configured for mailto: channels",
                "Set ACCESSWATCH_SMTP__HOST where alerting runs, and here.",
            )
    return list({channel.id: channel for channel in channels}.values())


def checked_name(name: str) -> str:
    """Return a subscription's name without space around it.

    Raises:
        UsageError: nothing is left, or it would break the line in listings.
    """
    stripped = name.strip()
    if not stripped or not stripped.isprintable():
        raise UsageError(
            "the subscription's name is blank or has characters that cannot be printed",
            "Give it a name, such as 'accesswatch subscribe Lachin --actor ICRC'.",
        )
    return stripped


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        epilog='Example: `accesswatch subscribe "Lachin" --route "Lachin road" --actor ICRC '
        "--stance restricting --channel https://hooks.example/x`"
    )
    def subscribe(
        name: str = typer.Argument(help="What the subscription is called."),
        config: Config = None,
        actor: list[str] = typer.Option([], help="Watch an actor: name or gazetteer id."),
        route: list[str] = typer.Option([], help="Watch a route: name or gazetteer id."),
        text: list[str] = typer.Option([], help="Watch words in the sentence."),
        topic: list[str] = typer.Option([], help=f"Only these topics: {', '.join(Topic)}."),
        stance: list[str] = typer.Option([], help=f"Only these stances: {', '.join(Stance)}."),
        language: list[str] = typer.Option([], help="Only these languages: en, fr, …"),
        channel: list[str] = typer.Option(
            [],
            help="Where to tell: console:, https://… (signed webhook), mailto:name@example.org, "
            "apprise:<address>. Default: console.",
        ),
        *,
        json: Json = False,
    ) -> None:
        """Watch actors, routes or words; any of them is enough, and every filter must hold."""
        settings = settings_for_command(config)
        name = checked_name(name)
        watch = watch_of(
            actors=actor,
            routes=route,
            texts=text,
            topics=topic,
            stances=stance,
            languages=language,
        )
        channels = read_channels(channel, settings)

        async def work() -> Subscription:
            async with open_database(settings) as engine:
                return await SqlSubscriptions(engine, SystemClock()).add(name, watch, channels)

        _print(run_async(work()), json)


def _print(subscription: Subscription, json: bool) -> None:
    secrets = {each.address: each.secret for each in subscription.channels if each.secret}
    if json:
        # The only time that secrets are shown.
        print_json({**shown(subscription), "webhook_secrets": secrets})
        return
    console.print(f"Subscribed '{escape(subscription.name)}' as {subscription.id}.")
    for kind, names in (
        ("actors", subscription.watch.actors),
        ("routes", subscription.watch.routes),
    ):
        if names:
            console.print(f"  {kind}: {escape(', '.join(names))}")
    for address, secret in secrets.items():
        console.print(f"  {escape(address)} signs with {secret}")
        console.print("  Keep this secret: it is not shown again.", style="yellow")
