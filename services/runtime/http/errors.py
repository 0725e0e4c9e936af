"""What can go wrong with an outbound request."""

from enum import StrEnum
from urllib.parse import urlsplit


class HttpFailure(StrEnum):
    """Why there was no usable answer; a metric label, so bounded."""

    TIMEOUT = "timeout"
    DNS = "dns"
    REFUSED = "refused"
    """No connection, or one that broke."""
    TLS = "tls"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PRIVATE_ADDRESS = "private_address"
    BAD_URL = "bad_url"
    PROTOCOL = "protocol"
    """What came back is not HTTP."""


def masked_url(url: str) -> str:
    """Return an address without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that cannot be read)"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


class HttpError(Exception):
    """A request had no usable answer.

    Args:
        reason: the kind of failure.
        url: what was asked for; shown without its secrets.
        detail: in words.
    """

    def __init__(self, reason: HttpFailure, url: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.url = masked_url(url)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.url}: {self.detail}"
