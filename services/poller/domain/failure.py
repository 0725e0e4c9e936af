"""Why a poll failed, as a bounded set of reasons, and what a person can do about each."""

from enum import StrEnum


class FailureReason(StrEnum):
    """Reasons; also the value of a metric's label."""

    TIMEOUT = "timeout"
    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PRIVATE_ADDRESS = "private_address"
    BAD_URL = "bad_url"
    PROTOCOL = "protocol"
    GONE = "gone"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    HTTP_ERROR = "http_error"
    NOT_A_FEED = "not_a_feed"
    UNREADABLE = "unreadable"
    INTERNAL = "internal"


REMEDIES = {
    FailureReason.TIMEOUT: "Try again later, or raise ACCESSWATCH_HTTP__TIMEOUT.",
    FailureReason.DNS: "Check the host's name.",
    FailureReason.REFUSED: "Check host and port, and whether the site is up.",
    FailureReason.TLS: "Check the site's certificate.",
    FailureReason.TOO_LARGE: "Raise ACCESSWATCH_HTTP__MAX_BYTES if the feed is worth it.",
    FailureReason.TOO_MANY_REDIRECTS: "Open the address in a browser and use where it ends.",
    FailureReason.PRIVATE_ADDRESS: "If it is meant, add the address to "
    "ACCESSWATCH_HTTP__ALLOWED_PRIVATE.",
    FailureReason.BAD_URL: "Write the address as https://host/path.",
    FailureReason.PROTOCOL: "Check that a web server answers at that address.",
    FailureReason.GONE: "The feed was taken down: remove it, or look for its successor.",
    FailureReason.NOT_FOUND: "Look on the site for the feed's present address.",
    FailureReason.FORBIDDEN: "Ask the site to let ACCESSWATCH_HTTP__USER_AGENT in.",
    FailureReason.RATE_LIMITED: "Give the feed a longer interval.",
    FailureReason.SERVER_ERROR: "Try again later.",
    FailureReason.HTTP_ERROR: "Open the address in a browser to see what it is.",
    FailureReason.NOT_A_FEED: "Give the address of the feed itself.",
    FailureReason.UNREADABLE: "Open the address in a browser to see what it is.",
    FailureReason.INTERNAL: "Report it, with the log line that says feed.failed.",
}
"""What to do, for each reason."""


class PollError(Exception):
    """A feed could not be fetched or read.

    Args:
        reason: why, as one of a bounded set.
        message: why, for people; without credentials.
        status: the HTTP status, where there was one.
        retry_after: seconds that the server asks to be left alone.
    """

    def __init__(
        self,
        reason: FailureReason,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message
        self.status = status
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.message

    @property
    def remedy(self) -> str:
        """What a person can do about it."""
        return REMEDIES[self.reason]
