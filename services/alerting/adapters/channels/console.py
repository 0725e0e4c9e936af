"""Alerts on standard output."""

import re
import sys

from services.alerting.domain.channel import Channel
from services.alerting.domain.delivery import Outcome, Sent
from services.alerting.domain.notice import Notice, plain_text, subject

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class ConsoleNotifier:
    """Prints alerts: text for people, one JSON object a line for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    async def send(self, delivery_id: str, notice: Notice, channel: Channel) -> Outcome:
        """Print an alert or a digest."""
        del delivery_id, channel
        text = (
            notice.model_dump_json()
            if self._as_json
            else f"{subject(notice)}\n{plain_text(notice)}"
        )
        # What outlets write must not steer the terminal.
        sys.stdout.write(_CONTROL.sub("", text) + "\n")
        sys.stdout.flush()
        return Sent()
