"""What can go wrong with an outbound request."""

import re
from enum import StrEnum
from typing import Final

import httpx

from services.runtime.errors import AccesswatchError, ExitCode
from services.runtime.http.addresses import is_host

HIDDEN: Final = "…"
SECRET_SEGMENT: Final = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[\w~-]{16,}", re.ASCII)
"""What a token in a path looks like (Slack, Discord); an article's slug has no capitals."""


class HttpFailure(StrEnum):
    """Why there is no response; fit for a metric's label."""

    TIMEOUT = "timeout"
    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PRIVATE_ADDRESS = "private_address"
    BAD_URL = "bad_url"
    PROTOCOL = "protocol"


WHAT: Final = {
    HttpFailure.TIMEOUT: "did not answer in time",
    HttpFailure.DNS: "has a host name that cannot be resolved",
    HttpFailure.REFUSED: "cannot be connected to",
    HttpFailure.TLS: "does not offer a secure connection that can be trusted",
    HttpFailure.TOO_LARGE: "answers with more than is accepted",
    HttpFailure.TOO_MANY_REDIRECTS: "redirects too often",
    HttpFailure.PRIVATE_ADDRESS: "leads to an address that is not on the public Internet",
    HttpFailure.BAD_URL: "is not an address that can be requested",
    HttpFailure.PROTOCOL: "does not answer in valid HTTP",
}
REMEDY: Final = {
    HttpFailure.TIMEOUT: "Try again later, or raise ACCESSWATCH_HTTP__TIMEOUT.",
    HttpFailure.DNS: "Check the spelling of the host name, and this machine's DNS.",
    HttpFailure.REFUSED: "Try again later, or check host and port.",
    HttpFailure.TLS: "Tell the site's operator; for a CA of your own, set SSL_CERT_FILE.",
    HttpFailure.TOO_LARGE: "Raise ACCESSWATCH_HTTP__MAX_BYTES if that size is right.",
    HttpFailure.TOO_MANY_REDIRECTS: "Use the address that the redirects end at.",
    HttpFailure.PRIVATE_ADDRESS: "If it is meant, add it to ACCESSWATCH_HTTP__ALLOWED_PRIVATE.",
    HttpFailure.BAD_URL: "Write it as https://host/path.",
    HttpFailure.PROTOCOL: "Try again later, or open it in a browser to see what is there.",
}


class HttpError(AccesswatchError):
    """A request got no response.

    Args:
        reason: the kind of failure, kept as `reason`.
        url: what was requested, kept as `url` without what may be secret.
        detail: more about this case, kept as `detail`.
    """

    exit_code = ExitCode.UNAVAILABLE

    def __init__(self, reason: HttpFailure, url: str, detail: str = "") -> None:
        self.reason = reason
        self.url = mask_url(url)
        self.detail = " ".join(detail.split())
        addition = f" ({self.detail})" if self.detail else ""
        super().__init__(f"{self.url} {WHAT[reason]}{addition}", REMEDY[reason])

    def __reduce__(self) -> tuple[type["HttpError"], tuple[HttpFailure, str, str]]:
        return type(self), (self.reason, self.url, self.detail)


def mask_url(url: str) -> str:
    """Return a URL without what may be secret: user, password, query, fragment, tokens in the path.

    Text that is no URL is replaced as a whole, since nothing says which part of it is secret.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return HIDDEN
    if not is_host(parsed.raw_host.decode("ascii")):
        return HIDDEN
    path = "/".join(
        HIDDEN if SECRET_SEGMENT.fullmatch(segment) else segment
        for segment in parsed.path.split("/")
    )
    origin = f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"
    return _printable(origin + path + (f"?{HIDDEN}" if parsed.query else ""))


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else HIDDEN for character in text)
