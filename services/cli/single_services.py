"""`accesswatch poller|extractor|alerting`: one service each, as a container runs it."""

from enum import StrEnum
from importlib import import_module

import typer

from services.cli.options import Config
from services.runtime.lifecycle import run_service
from services.runtime.settings import load_settings


class Role(StrEnum):
    """Parts of alerting that can run apart."""

    ALL = "all"
    STORING = "storing"
    DELIVERING = "delivering"


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command(epilog="Example: `ACCESSWATCH_HEALTH__PORT=8080 accesswatch poller`")
    def poller(config: Config = None) -> None:
        """Poll feeds and publish new articles to Kafka. Several may run at once."""
        raise typer.Exit(_run("poller", "run", config))

    @app.command(epilog="Example: `ACCESSWATCH_EXTRACTOR__WORKERS=4 accesswatch extractor`")
    def extractor(config: Config = None) -> None:
        """Extract access statements from articles on Kafka. Several may run at once."""
        raise typer.Exit(_run("extractor", "run", config))

    @app.command(epilog="Example: `accesswatch alerting --role delivering`")
    def alerting(
        config: Config = None,
        role: Role = typer.Option(Role.ALL, help="Store statements, deliver alerts, or both."),
    ) -> None:
        """Store statements, match subscriptions and deliver alerts. Several may run at once."""
        service = "run" if role is Role.ALL else f"run_{role}"
        raise typer.Exit(_run("alerting", service, config))


def _run(name: str, service: str, config: Config) -> int:
    # Loaded here, since each service brings libraries that no other command needs.
    app = import_module(f"services.{name}.app")
    return run_service(name, getattr(app, service), load_settings(config))
