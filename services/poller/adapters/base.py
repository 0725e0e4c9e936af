"""What relative addresses in a feed are relative to."""

from urllib.parse import urljoin, urlsplit, urlunsplit

STAND_IN = "relative.invalid"
"""A host that no address has (RFC 2606, section 2)."""


class Base:
    """The address of a document, with a stand-in for its origin.

    feedparser makes addresses absolute, and takes a guid for one unless it says otherwise: a
    `<guid>123</guid>` would become another guid when the feed moves, even from http to https.
    With the stand-in, what was relative can be told from what was absolute.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._stand_in_origin = f"https://{STAND_IN}"
        self.stand_in = urlunsplit(("https", STAND_IN, parts.path or "/", parts.query, ""))
        """The address to resolve against."""
        self._folder = urljoin(self.stand_in, ".")

    def is_relative(self, resolved: str) -> bool:
        """Tell whether an address was relative before it was resolved."""
        return resolved.startswith(f"{self._stand_in_origin}/")

    def absolute(self, resolved: str) -> str:
        """Return a resolved address with the true origin."""
        if not self.is_relative(resolved):
            return resolved
        return self._origin + resolved.removeprefix(self._stand_in_origin)

    def relative(self, resolved: str) -> str:
        """Return what was resolved as it was written, as far as can be told."""
        if resolved.startswith(self._folder):
            return resolved.removeprefix(self._folder)
        return resolved.removeprefix(self._stand_in_origin)
