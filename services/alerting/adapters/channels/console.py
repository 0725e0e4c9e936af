"""Alerts on standard output."""

import re
import sys

from schemas import Alert
from services.alerting.domain.channel import Channel
from services.alerting.domain.delivery import Outcome, Sent
from services.alerting.domain.message_text import plain_text, subject

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class ConsoleNotifier:
    """Prints alerts: text for people, one JSON object a line for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    async def send(self, delivery_id: str, alert: Alert, channel: Channel) -> Outcome:
        """Print an alert."""
        del delivery_id, channel
        text = (
            alert.model_dump_json() if self._as_json else f"{subject(alert)}\n{plain_text(alert)}"
        )
        # What outlets write must not steer the terminal.
        sys.stdout.write(_CONTROL.sub("", text) + "\n")
        sys.stdout.flush()
        return Sent()
