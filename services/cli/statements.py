"""`accesswatch statements`."""

import typer

from services.alerting.adapters.queries import FoundStatement, Queries, StatementFilter
from services.cli.options import Config, moment, run_async, settings_for_command
from services.cli.output import Json, console, print_json
from services.cli.servers import open_database
from services.cli.statement_view import statement_text
from services.cli.watching import actor_names, route_names
from services.cli.words import languages, stances, topics
from services.runtime.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        epilog='Example: `accesswatch statements --route "Lachin road" --stance restricting '
        "--since 7d`"
    )
    def statements(
        config: Config = None,
        actor: str | None = typer.Option(None, help="Name or gazetteer id."),
        route: str | None = typer.Option(None, help="Name or gazetteer id."),
        topic: str | None = typer.Option(None),
        stance: str | None = typer.Option(None),
        language: str | None = typer.Option(None, help="Of the article: en, fr, …"),
        text: str | None = typer.Option(None, help="Words of the sentence: 'safe passage' -rain."),
        since: str | None = typer.Option(None, help="24h, 7d, 2026-11-24."),
        until: str | None = typer.Option(None, help="24h, 7d, 2026-11-24."),
        limit: int = typer.Option(50, min=1, max=10_000, help="How many at the most."),
        *,
        superseded: bool = typer.Option(
            False, "--superseded", help="Also of older revisions of articles."
        ),
        json: Json = False,
    ) -> None:
        """Search statements; every condition must hold. Newest article first."""
        settings = settings_for_command(config)
        wanted = StatementFilter(
            actor=actor_names([actor])[0] if actor else None,
            route=route_names([route])[0] if route else None,
            topic=topics([topic])[0] if topic else None,
            stance=stances([stance])[0] if stance else None,
            language=languages([language])[0] if language else None,
            text=text,
            since=moment(since, "--since"),
            until=moment(until, "--until"),
            superseded=superseded,
        )

        async def work(settings: Settings) -> list[FoundStatement]:
            async with open_database(settings) as engine:
                return await Queries(engine).statements(wanted, limit)

        found = run_async(work(settings))
        if json:
            print_json(found)
            return
        for each in found:
            console.print(statement_text(each.statement, each.article))
        console.print(f"{len(found)} statements." if found else "No statement found.", style="dim")
