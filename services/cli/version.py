"""`accesswatch version`."""

import platform
from importlib.metadata import version as installed

import typer

from services.cli.output import Json, console, print_json
from services.extractor.domain.extract import EXTRACTOR_VERSION


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Example: `accesswatch version --json`")
    def version(*, json: Json = False) -> None:
        """Show the versions of accesswatch, of its extractor and of Python."""
        versions = {
            "accesswatch": installed("accesswatch"),
            "extractor": EXTRACTOR_VERSION,
            "python": platform.python_version(),
        }
        if json:
            print_json(versions)
        else:
            console.print(f"accesswatch {versions['accesswatch']}")
            console.print(f"extractor {versions['extractor']}, Python {versions['python']}")
