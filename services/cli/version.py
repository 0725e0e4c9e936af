"""`accesswatch version`."""

import platform
from importlib.metadata import version as installed

import typer

from services.cli.options import Config, settings_for_command
from services.cli.output import Json, console, print_json
from services.extractor.domain.extractor import extractor_version


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Example: `accesswatch version --json`")
    def version(config: Config = None, *, json: Json = False) -> None:
        """Show the versions of accesswatch, of its extractor and of Python."""
        settings_for_command(config)
        versions = {
            "accesswatch": installed("accesswatch"),
            "extractor": extractor_version(),
            "python": platform.python_version(),
        }
        if json:
            print_json(versions)
        else:
            console.print(f"accesswatch {versions['accesswatch']}")
            console.print(f"extractor {versions['extractor']}, Python {versions['python']}")
