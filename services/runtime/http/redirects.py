"""How a redirect changes a request (RFC 9110, 15.4), without taking credentials elsewhere."""

import base64
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote_to_bytes

import httpx

from services.runtime.http.addresses import is_host

FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT: Final = frozenset({301, 308})
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
HARMLESS_HEADERS: Final = frozenset(
    {
        *("accept", "accept-language", "user-agent"),
        *("if-none-match", "if-modified-since"),
    }
)
"""What another host may see; all else may be a credential."""
PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Hop:
    """One request of a chain.

    Args:
        method: in capitals.
        url: absolute, without user and password.
        headers: what the caller gave.
        content: body, None for none.
        login: `user:password` of the URL that was asked for, while it concerns this host.
    """

    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes | None = None
    login: bytes = b""

    def request(self) -> httpx.Request:
        """Return it as a request, with Host and Content-Length."""
        headers = self.headers.copy()
        if self.login and "authorization" not in headers:
            encoded = base64.b64encode(unquote_to_bytes(self.login)).decode("ascii")
            headers["authorization"] = f"Basic {encoded}"
        return httpx.Request(self.method, self.url, headers=headers, content=self.content)

    def url_with_login(self) -> str:
        """Return the URL as the caller would ask for it."""
        return str(self.url.copy_with(userinfo=self.login) if self.login else self.url)


def absolute_url(text: str, base: httpx.URL | None = None) -> httpx.URL:
    """Parse a URL.

    Args:
        text: the URL.
        base: what it is relative to, if it is.

    Raises:
        ValueError: it is not an http or https URL with a host and a valid port.
    """
    try:
        url = httpx.URL(text) if base is None else base.join(text)
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from error
    if url.scheme not in PORTS:
        raise ValueError(f"its scheme is {url.scheme[:20] or 'missing'}, not http or https")
    if not is_host(url.raw_host.decode("ascii")):
        raise ValueError("it has no valid host")
    if url.port is not None and not 0 < url.port < 65536:  # noqa: PLR2004 - the range of ports
        raise ValueError(f"{url.port} is no port")
    return url.copy_with(fragment=None)


def first_hop(method: str, url: str, headers: httpx.Headers, content: bytes | None) -> Hop:
    """Return the request that the caller asks for.

    Raises:
        ValueError: the URL cannot be requested.
    """
    parsed = absolute_url(url)
    bare = parsed.copy_with(userinfo=b"")
    return Hop(method.upper(), bare, headers, content, parsed.userinfo)


def next_hop(hop: Hop, status: int, location: str | None) -> Hop | None:
    """Return the request that a response redirects to.

    Returns:
        None where the response is to be taken as it is: it is no redirect, would turn a POST into
        a GET that delivers nothing, or would take a body to another host.

    Raises:
        ValueError: the location cannot be requested.
    """
    if status not in FOLLOWED or location is None:
        return None
    if hop.method not in SAFE_METHODS and status not in {307, 308}:
        return None
    url = absolute_url(location, hop.url).copy_with(userinfo=b"")
    if _same_place(hop.url, url):
        return replace(hop, url=url)
    if hop.content is not None:
        return None
    harmless = {k: v for k, v in hop.headers.items() if k.lower() in HARMLESS_HEADERS}
    return replace(hop, url=url, headers=httpx.Headers(harmless), login=b"")


def _same_place(one: httpx.URL, other: httpx.URL) -> bool:
    """Tell whether both are one origin, or the second is the first's secure form."""
    if one.host != other.host:
        return False
    ports = (_port(one), _port(other))
    upgraded = (one.scheme, other.scheme) == ("http", "https") and ports == (80, 443)
    return upgraded or (one.scheme == other.scheme and ports[0] == ports[1])


def _port(url: httpx.URL) -> int:
    return url.port or PORTS[url.scheme]
