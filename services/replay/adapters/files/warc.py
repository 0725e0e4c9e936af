"""WARC, as crawlers store the web: the HTML pages among what servers answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from warcio.recordloader import ArcWarcRecord

from services.poller.adapters.decoding import charset_of_type
from services.poller.adapters.page import Page, is_page
from services.poller.domain.urls import host_of
from services.replay.adapters.files.entries import read_entry
from services.replay.adapters.files.options import Options
from services.replay.adapters.files.pages import Body, Outcome, PagePool
from services.replay.adapters.files.source import Source
from services.replay.adapters.files.web_records import check_whole, records_of
from services.replay.domain.imports import Found
from services.replay.domain.imports_dates import read_date

OK = "200"
HTML = frozenset({"text/html", "application/xhtml+xml"})
MAX_PAGE_BYTES = 5 * 1024 * 1024
"""As much as is fetched of a page elsewhere."""
SNIFFED_BYTES = 4096


@dataclass(frozen=True, slots=True)
class _Stored:
    """A record, before its page is read."""

    number: int
    url: str
    stored_at: str | None
    """`WARC-Date`."""
    trouble: str | None = None


class WebArchive:
    """Reads the pages of a WARC; pictures, scripts, redirects and errors are left out."""

    def __init__(self, source: Source, options: Options, now: datetime) -> None:
        self._source = source
        self._options = options
        self._now = now

    def read(self, skip: int) -> Iterator[Found]:
        """Yield what each record holds, without the first `skip`."""
        with PagePool(self._options.workers) as pool:
            for stored, outcome in pool.read_all(self._records(skip)):
                yield self._found(stored, outcome)

    def _records(self, skip: int) -> Iterator[tuple[_Stored, Body | None]]:
        for number, record in enumerate(records_of(self._source.stream), start=1):
            if number > skip:
                yield self._record(number, record)

    def _record(self, number: int, record: ArcWarcRecord | str) -> tuple[_Stored, Body | None]:
        if isinstance(record, str):
            return _Stored(number, "", None, record), None
        headers = record.rec_headers
        stored = _Stored(
            number,
            headers.get_header("WARC-Target-URI") or "",
            headers.get_header("WARC-Date"),
        )
        try:
            body = _body(record)
            check_whole(record)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - bad chunks, bad compression, bad headers
            trouble = f"it cannot be unpacked ({type(error).__name__}: {error})"
            return _Stored(number, stored.url, stored.stored_at, trouble), None
        return stored, body

    def _found(self, stored: _Stored, outcome: Outcome) -> Found:
        number = stored.number
        if outcome is None:
            return Found(number, number, trouble=stored.trouble)
        if isinstance(outcome, str):
            return Found(number, number, trouble=f"{stored.url}: {outcome}")
        values = {
            "title": outcome.title,
            "text": outcome.text,
            "url": stored.url.strip("<>"),
            "published_at": self._date(outcome, stored),
            "authors": outcome.author,
            "outlet": None if self._options.outlet else host_of(stored.url),
        }
        try:
            read = read_entry(values, self._now, self._options)
        except ValueError as error:
            return Found(number, number, trouble=f"{stored.url}: {error}")
        return Found(number, number, read.entry, read.outlet, read.undated)

    def _date(self, shown: Page, stored: _Stored) -> str | None:
        """Return the page's own date, unless it lies after the day on which it was stored."""
        try:
            own = read_date(shown.date, self._now)
            crawled = read_date(stored.stored_at, self._now)
        except ValueError:
            return stored.stored_at
        if own is None or (crawled and own > crawled + timedelta(days=1)):
            return stored.stored_at
        return shown.date


def _body(record: ArcWarcRecord) -> Body | None:
    """Return the page of a record, or None where it holds something else."""
    answer = record.http_headers
    if record.rec_type != "response" or answer is None or answer.get_statuscode() != OK:
        return None
    stated = answer.get_header("Content-Type") or ""
    kind = stated.partition(";")[0].strip().lower()
    if kind and kind not in HTML:
        return None
    content = record.content_stream().read(MAX_PAGE_BYTES)
    if not kind and not is_page(content[:SNIFFED_BYTES].decode("latin-1")):
        return None
    return Body(content, charset_of_type(stated))
