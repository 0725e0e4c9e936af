"""`accesswatch backtest`: what a subscription would have sent, by day."""

import contextlib
import difflib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from schemas import Stance, Topic
from services.alerting.adapters.subscriptions import SqlSubscriptions
from services.alerting.domain.subscription import Subscription, Watch
from services.cli import backtest_view
from services.cli.extract import errors, note
from services.cli.options import Config, moment, run_async, settings_for_command
from services.cli.output import Json, plain, print_json
from services.cli.report_file import write_report
from services.cli.servers import open_database
from services.cli.subscriptions import watched
from services.cli.watching import watch_of
from services.replay.adapters.backtest_html import backtest_page
from services.replay.adapters.stored_statements import SqlStored
from services.replay.backtesting import backtest as run_backtest
from services.replay.domain.backtest import Backtest
from services.runtime.clock import SystemClock
from services.runtime.errors import NotFoundError, UsageError
from services.runtime.settings import Settings

TRIAL = "a subscription to try"
"""What nobody has subscribed to is called."""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        epilog="Examples: `accesswatch backtest Lachin --from 30d`, "
        '`accesswatch backtest --route "Lachin road" --stance restricting --from 2026-01-01 '
        "--html backtest.html`"
    )
    def backtest(
        subscription: str | None = typer.Argument(
            None, help="Name or id; none: what the options below watch."
        ),
        config: Config = None,
        since: str = typer.Option("30d", "--from", help="Articles fetched from: 30d, 2026-11-24."),
        until: str | None = typer.Option(None, "--to", help="Articles fetched before. [now]"),
        actor: list[str] = typer.Option([], help="Watch an actor: name or gazetteer id."),
        route: list[str] = typer.Option([], help="Watch a route: name or gazetteer id."),
        text: list[str] = typer.Option([], help="Watch words in the sentence."),
        topic: list[str] = typer.Option([], help=f"Only these topics: {', '.join(Topic)}."),
        stance: list[str] = typer.Option([], help=f"Only these stances: {', '.join(Stance)}."),
        language: list[str] = typer.Option([], help="Only these languages: en, fr, …"),
        html: Path | None = typer.Option(None, metavar="FILE", help="Also write a page."),
        *,
        json: Json = False,
    ) -> None:
        """Show what a subscription would have sent, by day; nothing is sent or stored."""
        settings = settings_for_command(config)
        begin, end = stretch(since, until, datetime.now(UTC))
        watch = watch_of(
            actors=actor,
            routes=route,
            texts=text,
            topics=topic,
            stances=stance,
            languages=language,
        )
        check_asked(subscription, watch)
        found = run_async(_work(settings, subscription, watch, begin, end))
        _show(*found, html, json=json)


def stretch(since: str, until: str | None, now: datetime) -> tuple[datetime, datetime]:
    """Read the range.

    Raises:
        UsageError: one is no time, or the range ends before it begins.
    """
    begin, end = moment(since, "--from", now), moment(until, "--to", now) or now
    if begin is None or begin >= end:
        raise UsageError(
            f"--from {since} is not before {f'--to {until}' if until else 'the present'}",
            "Swap them, or begin earlier, such as with --from 30d.",
        )
    return begin, end


def check_asked(subscription: str | None, watch: Watch) -> None:
    """Refuse to guess what is to be watched.

    Raises:
        UsageError: a subscription is named and options say what to watch, or neither.
    """
    has_options = watch != Watch()
    if subscription is not None and has_options:
        raise UsageError(
            f"both the subscription '{subscription}' and options say what to watch",
            "Leave out one of them.",
        )
    if subscription is None and not has_options:
        raise UsageError(
            "nothing says what to watch",
            "Name a subscription, or use --route, --actor, --text, --topic, --stance, --language.",
        )


async def _work(
    settings: Settings, name: str | None, watch: Watch, since: datetime, until: datetime
) -> tuple[Subscription, Backtest]:
    async with open_database(settings) as engine:
        if name is None:
            subscription = Subscription("trial", TRIAL, watch, (), since, since)
        else:
            known = await SqlSubscriptions(engine, SystemClock()).list()
            subscription = the_one(name, known)
        with _progress(since, until) as reached:
            found = await run_backtest(
                SqlStored(engine),
                subscription,
                since,
                until,
                is_subscribed=name is not None,
                reached=reached,
            )
    return subscription, found


def the_one(wanted: str, known: list[Subscription]) -> Subscription:
    """Return a subscription by id or name.

    Raises:
        NotFoundError: there is none; the nearest name is suggested.
    """
    for each in known:
        if wanted in {each.id, each.name}:
            return each
    names = {each.name.casefold(): each.name for each in known}
    near = difflib.get_close_matches(wanted.casefold(), names, n=1)
    hint = f"Did you mean '{names[near[0]]}'? " if near else ""
    raise NotFoundError(
        f"there is no subscription '{wanted}'",
        f"{hint}'accesswatch subscriptions list' shows them all.",
    )


@contextlib.contextmanager
def _progress(since: datetime, until: datetime) -> Iterator[Callable[[datetime], None]]:
    columns = (TextColumn("Matching"), BarColumn(), TimeRemainingColumn())
    length = (until - since).total_seconds()
    with Progress(
        *columns, console=errors, transient=True, disable=not errors.is_terminal
    ) as progress:
        task = progress.add_task("", total=length)
        yield lambda at: progress.update(task, completed=(at - since).total_seconds())


def _show(subscription: Subscription, found: Backtest, html: Path | None, *, json: bool) -> None:
    said = watched(subscription)
    if html is not None:
        write_report(html, backtest_page(subscription.name, said, found))
    if json:
        about = {"name": subscription.name, "watch": plain(subscription.watch)}
        is_stored = found.alerted is not None
        print_json({"subscription": about if is_stored else {**about, "name": None}} | plain(found))
    else:
        backtest_view.show(subscription.name, said, found)
    if html is not None:
        note(f"the report is in {html}")
