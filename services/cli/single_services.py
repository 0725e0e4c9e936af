"""`accesswatch poller|extractor|alerting`: one service each, as a container runs it."""

from enum import StrEnum

import typer

from services.alerting import app as alerting_app
from services.cli.options import Config
from services.extractor import app as extractor_app
from services.poller import app as poller_app
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
        raise typer.Exit(run_service("poller", poller_app.run, load_settings(config)))

    @app.command(epilog="Example: `ACCESSWATCH_EXTRACTOR__WORKERS=4 accesswatch extractor`")
    def extractor(config: Config = None) -> None:
        """Extract access statements from articles on Kafka. Several may run at once."""
        raise typer.Exit(run_service("extractor", extractor_app.run, load_settings(config)))

    @app.command(epilog="Example: `accesswatch alerting --role delivering`")
    def alerting(
        config: Config = None,
        role: Role = typer.Option(Role.ALL, help="Store statements, deliver alerts, or both."),
    ) -> None:
        """Store statements, match subscriptions and deliver alerts. Several may run at once."""
        service = {
            Role.ALL: alerting_app.run,
            Role.STORING: alerting_app.run_storing,
            Role.DELIVERING: alerting_app.run_delivering,
        }[role]
        raise typer.Exit(run_service("alerting", service, load_settings(config)))
