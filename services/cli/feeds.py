"""`accesswatch feeds`: the feeds that are polled."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console, print_json, print_table
from services.cli.servers import open_database
from services.poller.adapters.fetcher import HttpFetcher
from services.poller.adapters.parser import ProcessParser
from services.poller.adapters.registry import SqlFeedRegistry
from services.poller.checks import CheckReport, FeedCheck
from services.poller.domain.feed import Feed
from services.poller.domain.lists import read_feed_list, write_yaml
from services.poller.domain.opml import write_opml
from services.poller.domain.urls import masked
from services.runtime.clock import SystemClock
from services.runtime.errors import UsageError
from services.runtime.http import GuardedClient
from services.runtime.settings import Settings

feeds = typer.Typer(no_args_is_help=True, help="The feeds that are polled.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(feeds, name="feeds")


def shown(feed: Feed) -> dict[str, Any]:
    """Return a feed as the listing shows it, without secrets in its address."""
    return {
        "id": feed.id,
        "outlet": feed.outlet,
        "url": masked(feed.url),
        "language": feed.language,
        "interval": feed.interval,
        "tags": list(feed.tags),
        **{key: value for key, value in asdict(feed.state).items() if key != "moved_to"},
        "moved_to": masked(feed.state.moved_to) if feed.state.moved_to else None,
    }


@feeds.command("list", epilog="Examples: `accesswatch feeds list`, `… --failing`, `… --json`")
def list_feeds(
    config: Config = None,
    *,
    failing: bool = typer.Option(False, "--failing", help="Only feeds whose last poll failed."),
    json: Json = False,
) -> None:
    """List the feeds and how their last poll went."""

    async def work(settings: Settings) -> tuple[Feed, ...]:
        async with open_database(settings) as engine:
            return await SqlFeedRegistry(engine, SystemClock()).list()

    found = [
        feed
        for feed in run_async(work(settings_for_command(config)))
        if feed.state.failure_reason or not failing
    ]
    if json:
        print_json([shown(feed) for feed in found])
        return
    print_table(
        ("id", "outlet", "url", "articles", "last poll", "state"),
        (
            (
                feed.id,
                feed.outlet,
                masked(feed.url),
                feed.state.articles,
                feed.state.last_polled_at,
                _state(feed),
            )
            for feed in found
        ),
        "No feed. Add one with 'accesswatch feeds add URL'.",
    )


def _state(feed: Feed) -> str:
    if feed.state.failure_reason:
        return f"{feed.state.failure_reason}: {feed.state.failure_message}"
    return "ok" if feed.state.last_success_at else "not polled yet"


@feeds.command(epilog="Example: `accesswatch feeds add https://news.example/rss --language fr`")
def add(
    url: str,
    config: Config = None,
    title: str | None = typer.Option(None, help="Name of the outlet, instead of the feed's own."),
    language: str | None = typer.Option(None, help="Language of entries that state none: 'fr'."),
    interval: float | None = typer.Option(None, help="Seconds between polls."),
    tag: list[str] = typer.Option([], help="A word to sort feeds by; may be repeated."),
    *,
    json: Json = False,
) -> None:
    """Add a feed; it is polled at once where a poller runs."""

    async def work(settings: Settings) -> Feed:
        async with open_database(settings) as engine:
            registry = SqlFeedRegistry(engine, SystemClock())
            return await registry.add(url, title, language, interval, tuple(tag))

    feed = run_async(work(settings_for_command(config)))
    if json:
        print_json(shown(feed))
    else:
        console.print(f"Added {escape(masked(feed.url))} as {feed.id}.")


@feeds.command(epilog="Example: `accesswatch feeds remove https://news.example/rss`")
def remove(feed: str, config: Config = None) -> None:
    """Stop polling a feed, named by its id or address. Its articles stay."""

    async def work(settings: Settings) -> Feed:
        async with open_database(settings) as engine:
            return await SqlFeedRegistry(engine, SystemClock()).remove(feed)

    gone = run_async(work(settings_for_command(config)))
    console.print(f"Removed {escape(masked(gone.url))}. Its articles stay in the archive.")


@feeds.command("import", epilog="Example: `accesswatch feeds import subscriptions.opml`")
def import_feeds(
    file: Path = typer.Argument(help="OPML or YAML; - reads standard input."),
    config: Config = None,
) -> None:
    """Add the feeds of a list; known ones take over what it says of them."""
    specs = read_feed_list(_read(file), str(file))

    async def work(settings: Settings) -> tuple[int, int]:
        async with open_database(settings) as engine:
            imported = await SqlFeedRegistry(engine, SystemClock()).add_all(specs)
            return len(imported.added), len(imported.updated)

    added, updated = run_async(work(settings_for_command(config)))
    console.print(f"{added} feeds added, {updated} known before.")


def _read(file: Path) -> str:
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read ({error.strerror})", "Check the path and its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text", "Save it as UTF-8.") from error


@feeds.command(epilog="Example: `accesswatch feeds export --format opml > feeds.opml`")
def export(
    config: Config = None,
    form: str = typer.Option("yaml", "--format", help="yaml or opml."),
) -> None:
    """Print the feeds as a list that `import` and feed readers take."""
    writers = {"yaml": write_yaml, "opml": write_opml}
    if form not in writers:
        raise UsageError(f"'{form}' is no format of feed lists", "Use --format yaml or opml.")

    async def work(settings: Settings) -> tuple[Feed, ...]:
        async with open_database(settings) as engine:
            return await SqlFeedRegistry(engine, SystemClock()).list()

    sys.stdout.write(writers[form](run_async(work(settings_for_command(config)))))


@feeds.command(epilog="Example: `accesswatch feeds check https://news.example/rss`")
def check(url: str, config: Config = None, *, json: Json = False) -> None:
    """Fetch a feed and say what it holds, without storing anything. Exit code 7: unreadable."""

    async def work(settings: Settings) -> CheckReport:
        clock = SystemClock()
        async with (
            GuardedClient(settings.http) as client,
            ProcessParser(settings.poller.max_text_chars) as parser,
        ):
            fetcher = HttpFetcher(client, clock, settings.poller.per_host)
            return await FeedCheck(fetcher, parser, clock, settings.poller).check(url)

    report = run_async(work(settings_for_command(config)))
    if json:
        print_json(report)
        return
    console.print(f"[bold]{escape(report.title or report.url)}[/] ({report.format})")
    console.print(f"{report.entries} entries, newest {report.newest or 'without date'}")
    if report.languages:
        console.print(f"languages: {', '.join(report.languages)}")
    if report.moved_to:
        console.print(f"moved to {escape(report.moved_to)}")
    for problem in report.problems:
        console.print(f"[yellow]{escape(problem)}[/]")
