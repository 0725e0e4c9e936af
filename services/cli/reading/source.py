"""Gets the bytes of a file, an address or standard input."""

import sys
from dataclasses import dataclass
from pathlib import Path

from services.poller.adapters.decoding import charset_of_type
from services.runtime.errors import NotFoundError, UnavailableError, UsageError
from services.runtime.http import GuardedClient, mask_url
from services.runtime.settings import HttpSettings

STANDARD_INPUT = "-"
ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
OK, REDIRECTION = 200, 300
GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403, 429})


@dataclass(frozen=True, slots=True)
class Source:
    """What was given."""

    name: str
    """As messages call it."""
    data: bytes
    url: str | None = None
    """Where it came from, after redirects."""
    charset: str | None = None
    """The encoding that its server states."""


def is_url(given: str) -> bool:
    """Tell whether an argument is an address rather than a file."""
    return given.lower().startswith(("http://", "https://"))


def read_file(given: str) -> Source:
    """Read a file, or standard input for `-`.

    Raises:
        UsageError: it cannot be read, or is empty.
    """
    name = "standard input" if given == STANDARD_INPUT else given
    try:
        data = sys.stdin.buffer.read() if given == STANDARD_INPUT else Path(given).read_bytes()
    except OSError as error:
        raise UsageError(
            f"{given} cannot be read ({error.strerror})",
            "Name a file, an address that begins with https://, or - for standard input.",
        ) from error
    if not data.strip():
        raise UsageError(f"{name} is empty", "Give it an article: text or HTML.")
    return Source(name, data)


async def fetch(url: str, settings: HttpSettings) -> Source:
    """Get a page.

    Raises:
        HttpError: there was no answer, or its address must not be reached.
        NotFoundError: the server does not have it.
        UnavailableError: it answers with anything else than a page.
        UsageError: the page is empty.
    """
    async with GuardedClient(settings) as client:
        response = await client.request("GET", url, headers={"Accept": ACCEPT})
    name = mask_url(response.url)
    if response.status in GONE:
        raise NotFoundError(f"{name} is not there (HTTP {response.status})", "Check the address.")
    if response.status in REFUSED:
        raise UnavailableError(
            f"{name} is not given to programs (HTTP {response.status})",
            "Open it in a browser, save it, and name the file.",
        )
    if not OK <= response.status < REDIRECTION:
        raise UnavailableError(
            f"{name} answers with an error (HTTP {response.status})", "Try again later."
        )
    if not response.body.strip():
        raise UsageError(f"{name} is an empty page", "Check the address in a browser.")
    charset = charset_of_type(response.headers.get("content-type", ""))
    return Source(name, response.body, response.url, charset)
