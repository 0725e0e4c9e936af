"""An alert or a digest on the terminal, with its deliveries."""

from collections.abc import Iterable

from rich.markup import escape
from rich.text import Text

from services.alerting.adapters.alert_queries import AlertStatus, DeliveryStatus, DigestStatus
from services.alerting.domain.digest_text import plain_text
from services.cli.output import console, print_table, printable
from services.cli.statement_view import statement_text


def print_alert(found: AlertStatus) -> None:
    """Print an alert, where it came from and its deliveries."""
    console.print(f"[bold yellow]{escape(found.alert.subscription_name)}[/]  {found.alert.id}")
    console.print(statement_text(found.alert.statement, found.alert.article))
    console.print(f"matched: {escape(', '.join(found.alert.matched))}")
    if found.replay_id:
        where = f"told of in digest {found.digest_id[:8]}" if found.digest_id else "not sent"
        console.print(escape(f"found by replay {found.replay_id}, {where}"))
    if found.deliveries or not found.replay_id:
        _print_deliveries(found.deliveries)


def print_digest(found: DigestStatus) -> None:
    """Print a digest as its receivers read it, and its deliveries."""
    digest = found.digest
    console.print(f"[bold yellow]{escape(digest.subscription_name)}[/]  {digest.id}")
    console.print(Text(printable(plain_text(digest))))
    _print_deliveries(found.deliveries)


def _print_deliveries(deliveries: Iterable[DeliveryStatus]) -> None:
    print_table(
        ("delivery", "channel", "state", "attempts", "next try", "reason"),
        (
            (each.id[:8], each.channel, each.state, each.attempts, each.due_at, each.detail)
            for each in deliveries
        ),
        "No delivery.",
    )
