"""Conditional GET of feeds, with a limit on requests to one host at a time."""

import asyncio
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from weakref import WeakValueDictionary

from services.poller.domain.entry import Fetched
from services.poller.domain.failure import FailureReason, PollError
from services.poller.domain.urls import host_of, masked
from services.runtime.clock import Clock
from services.runtime.http import GuardedClient, HttpError, Response

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
MAX_HEADER_CHARS = 1000
"""Longer validators are not sent back."""
OK, REDIRECTION, NOT_MODIFIED, SERVER_ERRORS = 200, 300, 304, 500
REASONS = {
    401: FailureReason.FORBIDDEN,
    403: FailureReason.FORBIDDEN,
    404: FailureReason.NOT_FOUND,
    410: FailureReason.GONE,
    429: FailureReason.RATE_LIMITED,
}
"""What statuses mean (RFC 9110, section 15; RFC 6585 for 429)."""
MEANINGS = {
    401: "asks for a login",
    403: "refuses to give it",
    404: "does not have it",
    410: "says that it is gone for good",
    429: "asks for fewer requests",
}


class HttpFetcher:
    """Gets feeds over HTTP."""

    def __init__(self, client: GuardedClient, clock: Clock, per_host: int) -> None:
        self._client = client
        self._clock = clock
        self._per_host = per_host
        # A host's limit lives as long as someone waits or works under it.
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def fetch(
        self, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """Get a feed, if it changed since the answer that had these validators.

        Raises:
            PollError: there was no answer, or one without a feed.
        """
        headers = {"Accept": ACCEPT}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        async with self._limit(host_of(url)):
            try:
                response = await self._client.request("GET", url, headers=headers)
            except HttpError as error:
                reason = FailureReason(error.reason.value)
                raise PollError(reason, error.what) from error
        asked = bool(etag or last_modified)
        if OK <= response.status < REDIRECTION or (response.status == NOT_MODIFIED and asked):
            return _fetched(response)
        raise self._refusal(url, response)

    def _limit(self, host: str) -> asyncio.Semaphore:
        return self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))

    def _refusal(self, url: str, response: Response) -> PollError:
        status = response.status
        reason = REASONS.get(status, FailureReason.HTTP_ERROR)
        if status >= SERVER_ERRORS:
            reason = FailureReason.SERVER_ERROR
        meaning = MEANINGS.get(status, "did not give it")
        return PollError(
            reason,
            f"the server {meaning} (HTTP {status} from {masked(url)})",
            status=status,
            retry_after=self._retry_after(response.headers.get("retry-after")),
        )

    def _retry_after(self, value: str | None) -> float | None:
        """Return the seconds of `Retry-After`, given as such or as a date (RFC 9110, 10.2.3)."""
        stated = (value or "").strip()
        if re.fullmatch(r"\d{1,9}", stated, re.ASCII):
            return float(stated)
        try:
            moment = parsedate_to_datetime(stated)
        except (ValueError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - self._clock.now()).total_seconds(), 0)


def _fetched(response: Response) -> Fetched:
    headers = response.headers
    max_age = MAX_AGE.search(headers.get("cache-control", ""))
    return Fetched(
        status=response.status,
        url=response.url,
        body=b"" if response.status == NOT_MODIFIED else response.body,
        content_type=headers.get("content-type"),
        etag=_validator(headers.get("etag")),
        last_modified=_validator(headers.get("last-modified")),
        max_age=float(max_age[1]) if max_age else None,
        moved_to=response.permanent_url,
    )


def _validator(value: str | None) -> str | None:
    """Return a validator, unless it could not be sent back as it came."""
    usable = value and len(value) <= MAX_HEADER_CHARS and value.isascii() and value.isprintable()
    return value if usable else None
