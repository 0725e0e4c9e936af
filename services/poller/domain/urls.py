"""Addresses: one spelling for each feed, and a form that is safe to log."""

from urllib.parse import SplitResult, quote, urldefrag, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
UNRESERVED = "%/:@!$&'()*+,;=~-._?"
"""Characters that a path or query keeps as written: RFC 3986, appendix A, and existing escapes."""
MAX_URL_CHARS = 4096
"""As long as `Article.url` may be."""


def canonical_url(url: str) -> str:
    """Return the one spelling under which a feed is known.

    Scheme and host in lower case, internationalised hosts in ASCII, no default port, no fragment,
    `/` for an empty path, unsafe characters escaped; `feed:` is read as `https:` (RFC 3986,
    section 6.2). Query, user and password are kept.

    Raises:
        ValueError: it is no address of a web server; the message says why.
    """
    parts = urlsplit(_without_feed_scheme(url.strip()))
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("it does not start with http:// or https://")
    host = _ascii_host(parts)
    port = parts.port
    userinfo, at, _ = parts.netloc.rpartition("@")
    netloc = f"{quote(userinfo, UNRESERVED)}{at}{host}"
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    path = quote(parts.path, UNRESERVED) or "/"
    canonical = urlunsplit((parts.scheme, netloc, path, quote(parts.query, UNRESERVED), ""))
    if len(canonical) > MAX_URL_CHARS:
        raise ValueError(f"it is longer than {MAX_URL_CHARS} characters")
    return canonical


def _without_feed_scheme(url: str) -> str:
    lowered = url[:5].lower()
    if lowered != "feed:":
        return url
    rest = url[5:]
    return f"https:{rest}" if rest.startswith("//") else rest


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname
    if not host:
        raise ValueError("it names no host")
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        host = host.encode("idna").decode()
    if any(character in host for character in " %<>\"'\\^`{|}"):
        raise ValueError("its host has characters that no host name has")
    return host


def without_fragment(url: str) -> str:
    """Return an address without what follows `#`."""
    return urldefrag(url).url


def host_of(url: str) -> str:
    """Return the host of an address, or the empty string."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def masked(url: str) -> str:
    """Return an address for logs: without user, password and the query, which may hold keys."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(no address)"
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, netloc, parts.path, "…" if parts.query else "", ""))
