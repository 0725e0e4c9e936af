"""`accesswatch audit`."""

import typer
from rich.markup import escape

from services.audit.domain import REPAIRABLE, Report
from services.audit.service import Audit
from services.cli.options import Config, moment, run_async, settings_for_command
from services.cli.output import Json, console, print_json, print_table
from services.cli.servers import open_database, open_kafka
from services.runtime.clock import SystemClock
from services.runtime.errors import ExitCode
from services.runtime.settings import Settings

SHOWN = 50


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Examples: `accesswatch audit --since 24h`, `accesswatch audit --repair`")
    def audit(
        config: Config = None,
        since: str | None = typer.Option(None, help="Start: 24h, 7d, 2026-11-24."),
        until: str | None = typer.Option(None, help="End; default: two minutes ago."),
        *,
        repair: bool = typer.Option(False, "--repair", help="Send what is missing through again."),
        json: Json = False,
    ) -> None:
        """Count each step's articles and name what is missing. Exit code 7 where something is."""
        start, end = moment(since, "--since"), moment(until, "--until")

        async def work(settings: Settings) -> Report:
            async with open_kafka(settings) as found, open_database(found) as engine:
                report = Audit(engine, found.kafka, SystemClock())
                return await report.run(start, end, repair=repair)

        report = run_async(work(settings_for_command(config)))
        if json:
            print_json(report)
        else:
            _print(report)
        if any(not repair or each.gap not in REPAIRABLE for each in report.missing):
            raise typer.Exit(ExitCode.GAPS)


def _print(report: Report) -> None:
    print_table(("step", "count"), report.counts.items(), "Nothing.")
    if not report.missing:
        console.print("Nothing is missing.", style="green")
        return
    print_table(
        ("gap", "id", "detail"),
        ((each.gap, each.id, each.detail) for each in report.missing[:SHOWN]),
        "",
    )
    if len(report.missing) > SHOWN:
        console.print(f"… and {len(report.missing) - SHOWN} more; --json names all.", style="dim")
    if report.repaired:
        console.print(f"{report.repaired} sent through again; audit once more in a few minutes.")
    else:
        console.print(
            f"{len(report.missing)} missing. {escape('--repair sends them through again.')}",
            style="red",
        )
