"""`accesswatch dead-letters`."""

from typing import Any

import typer
from rich.text import Text

from schemas import Topics
from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json, console, print_json, print_table, printable
from services.cli.servers import open_kafka
from services.runtime.errors import UsageError
from services.runtime.kafka.dead_letters import DeadLetter, DeadLetters
from services.runtime.settings import Settings

PREVIEW_BYTES = 2000

dead_letters = typer.Typer(no_args_is_help=True, help="Messages that could not be worked on.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(dead_letters, name="dead-letters")


def _letters(settings: Settings) -> DeadLetters:
    return DeadLetters(settings.kafka, Topics(settings.kafka.namespace).dead)


def _shown(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "reason": letter.reason,
        "error": letter.error,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "group": letter.group,
        "recorded_at": letter.recorded_at.isoformat(),
        "failed_at": letter.failed_at.isoformat(),
        "key": _text(letter.key),
        "headers": {name: _text(value) for name, value in letter.headers},
        "bytes": None if letter.value is None else len(letter.value),
        "truncated": letter.truncated,
    }


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(errors="backslashreplace")


@dead_letters.command("list", epilog="Example: `accesswatch dead-letters list --json`")
def list_letters(config: Config = None, *, json: Json = False) -> None:
    """List the dead letters that nobody retried, oldest first."""

    async def work(settings: Settings) -> list[DeadLetter]:
        async with open_kafka(settings) as found:
            return await _letters(found).list()

    letters = run_async(work(settings_for_command(config)))
    if json:
        print_json([_shown(each) for each in letters])
        return
    print_table(
        ("id", "when", "topic", "partition", "offset", "reason", "error"),
        (
            (
                each.id,
                each.failed_at,
                each.topic,
                each.partition,
                each.offset,
                each.reason,
                each.error,
            )
            for each in letters
        ),
        "No dead letters.",
    )


@dead_letters.command(epilog="Example: `accesswatch dead-letters show 1a2b3c`")
def show(letter: str, config: Config = None, *, json: Json = False) -> None:
    """Show a dead letter with its headers and the beginning of its value."""

    async def work(settings: Settings) -> DeadLetter:
        async with open_kafka(settings) as found:
            return await _letters(found).get(letter)

    found = run_async(work(settings_for_command(config)))
    facts = _shown(found) | {"value": _text((found.value or b"")[:PREVIEW_BYTES])}
    if json:
        print_json(facts)
        return
    for name, value in facts.items():
        console.print(Text.assemble((name, "bold"), ": ", printable(str(value))))


@dead_letters.command(epilog="Examples: `accesswatch dead-letters retry 1a2b3c`, `… retry --all`")
def retry(
    letter: list[str] = typer.Argument(None, help="Ids, or beginnings of them."),
    config: Config = None,
    *,
    everything: bool = typer.Option(False, "--all", help="Retry all dead letters."),
) -> None:
    """Send the original messages again; headers that no reader takes are left out."""
    if bool(letter) == everything:
        raise UsageError("nothing or too much to retry", "Name dead letters, or give --all.")

    async def work(settings: Settings) -> int:
        async with open_kafka(settings) as found:
            letters = _letters(found)
            chosen = (
                await letters.list() if everything else [await letters.get(each) for each in letter]
            )
            return await letters.retry(chosen)

    console.print(f"{run_async(work(settings_for_command(config)))} sent again.")
