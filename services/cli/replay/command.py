"""`accesswatch replay articles|statements`, and what can be done with replays."""

import typer

from services.cli.replay import importing, jobs, starting
from services.cli.replay.manifest import register as register_manifest

replay = typer.Typer(no_args_is_help=True, help="Send history through the system again.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    starting.register(replay)
    importing.register(replay, starting.replay_import)
    jobs.register(replay)
    register_manifest(replay)
    app.add_typer(replay, name="replay")
