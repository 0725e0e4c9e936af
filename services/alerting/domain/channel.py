"""Channels: where a subscriber is reached, and how that is written."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from services.alerting.domain.identity import channel_id
from services.runtime.errors import UsageError

SYNTAX = "console:, https://… (webhook), mailto:name@example.org or apprise:<Apprise address>"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""Fewer addresses than RFC 5322 allows, and no way to write a second recipient or a comment."""


class ChannelKind(StrEnum):
    """How a channel is reached."""

    CONSOLE = "console"
    WEBHOOK = "webhook"
    EMAIL = "email"
    APPRISE = "apprise"


@dataclass(frozen=True)
class Channel:
    """Where a subscriber is reached."""

    kind: ChannelKind
    address: str = field(repr=False)
    """Web address, mail address or Apprise address; empty for the console. May hold secrets."""
    secret: str | None = field(default=None, repr=False)
    """What a webhook's deliveries are signed with: `whsec_` and base64."""

    @property
    def id(self) -> str:
        """The channel's id."""
        return channel_id(f"{self.kind}:{self.address}")

    @property
    def masked(self) -> str:
        """The channel as anyone may see it."""
        match self.kind:
            case ChannelKind.CONSOLE:
                return "console:"
            case ChannelKind.EMAIL:
                return f"mailto:{self.address}"
            case ChannelKind.WEBHOOK:
                parts = urlsplit(self.address)
                return f"{parts.scheme}://{parts.hostname}{_port(parts.port)}/…"
        return f"apprise:{self.address.partition('://')[0]}://…"


def _port(port: int | None) -> str:
    return f":{port}" if port else ""


def parse_channel(text: str) -> Channel:
    """Read a channel as a person writes it; a webhook has no secret yet.

    Raises:
        UsageError: it is none.
    """
    scheme, _, rest = text.strip().partition(":")
    match scheme.lower():
        case "console" if not rest:
            return Channel(ChannelKind.CONSOLE, "")
        case "mailto" if _ADDRESS.fullmatch(rest):
            return Channel(ChannelKind.EMAIL, rest)
        case "apprise" if "://" in rest:
            return Channel(ChannelKind.APPRISE, rest)
        case "http" | "https" if _is_web_address(text.strip()):
            return Channel(ChannelKind.WEBHOOK, text.strip())
    # What was written may hold a token: only its scheme is repeated.
    raise UsageError(f"channel '{scheme}:…' is not one that accesswatch reaches", f"Use {SYNTAX}.")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
