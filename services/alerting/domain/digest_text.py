"""How a digest reads: subject, plain text, HTML."""

from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import groupby
from shlex import quote

from schemas import Alert, Digest
from schemas.digest import Count, Day
from services.runtime.quoting import quoted

SUBJECT_CHARS = 150
NAME_CHARS = 80
"""Characters of a subscription's name, so that a long one leaves room for what the digest is."""
BUSIEST = 5
SHOWN = 40
"""Alerts that a text shows in full; a webhook's payload has more, and all are stored."""
WEB = ("https://", "http://")


def subject(digest: Digest) -> str:
    """Return one line, marked as a backfill. Never holds a line break."""
    name = digest.subscription_name
    if len(name) > NAME_CHARS:
        name = name[: NAME_CHARS - 1] + "…"
    line = (
        f"[{name}] Backfill: {_statements(digest.total)}, "
        f"{_span(digest.since.date(), digest.until.date())}"
    )
    return " ".join(line.split())[:SUBJECT_CHARS]


def _statements(count: int) -> str:
    return f"{count:,} statement{'' if count == 1 else 's'}"


def _span(first: date, last: date) -> str:
    """Return a span of days: `1 to 28 October 2026`."""
    if first == last:
        return f"{last:%-d %B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last:%-d %B %Y}"
    if first.year == last.year:
        return f"{first:%-d %B} to {last:%-d %B %Y}"
    return f"{first:%-d %B %Y} to {last:%-d %B %Y}"


def _facts(digest: Digest) -> list[tuple[str, str]]:
    pairs = [
        ("Stance", _counts(digest.stances)),
        ("Routes", _counts(digest.routes)),
        ("Actors", _counts(digest.actors)),
        ("Busiest", _busiest(digest.days)),
    ]
    return [(label, value) for label, value in pairs if value]


def _counts(counts: Sequence[Count]) -> str:
    return ", ".join(f"{each.name} ({each.alerts:,})" for each in counts)


def _busiest(days: Sequence[Day]) -> str:
    if len(days) == 1:
        return ""
    first = sorted(days, key=lambda each: (-each.alerts, each.day))[:BUSIEST]
    return ", ".join(f"{each.day:%-d %B %Y} ({each.alerts:,})" for each in first)


def _opening(digest: Digest) -> str:
    return (
        f"Backfill, no news: {_statements(digest.total)} met this subscription when earlier "
        "articles were read again. Days are those on which the articles were found."
    )


def _shown(digest: Digest, most: int) -> list[tuple[date, list[Alert]]]:
    """Return the alerts that are shown in full, by day, the latest first."""
    first = digest.alerts[:most]
    days = groupby(first, key=lambda alert: alert.article.fetched_at.date())
    return [(day, list(found)) for day, found in days]


def _rest(digest: Digest, shown: int) -> str:
    left = digest.total - min(shown, len(digest.alerts))
    if not left:
        return ""
    return (
        f"{left:,} more {'is' if left == 1 else 'are'} stored: accesswatch alerts list "
        f"--subscription {quote(digest.subscription_name)} --replay {quote(digest.replay_id)}"
    )


def _who(alert: Alert) -> str:
    statement = alert.statement
    speaker = statement.speaker.name if statement.speaker else None
    return ", ".join(filter(None, (str(statement.stance), speaker, alert.article.outlet)))


def plain_text(digest: Digest, most: int | None = None) -> str:
    """Return a digest as text: counts, then the sentences by day, each with who and where.

    Args:
        digest: the digest.
        most: characters that there is room for; sentences are left out until it fits, as long as
            there are any. None: there is room for all that is shown anywhere.
    """
    shown = min(SHOWN, len(digest.alerts))
    text = _text(digest, shown)
    while most is not None and len(text) > most and shown:
        shown -= 1
        text = _text(digest, shown)
    return text


def _text(digest: Digest, shown: int) -> str:
    lines = [_opening(digest), ""]
    lines += [f"{label + ':':11}{value}" for label, value in _facts(digest)]
    for day, found in _shown(digest, shown):
        lines += ["", f"{day:%A, %-d %B %Y}"]
        for alert in found:
            lines += ["", f"  {quoted(alert.statement.text)}", f"  {_who(alert)}"]
            lines += [f"  {alert.article.url}"] if alert.article.url else []
    rest = _rest(digest, shown)
    return "\n".join([*lines, *(["", rest] if rest else [])]) + "\n"


def html(digest: Digest) -> str:
    """Return a digest as an HTML document. What outlets wrote is escaped."""
    facts = "".join(
        f"<tr><th align='left'>{escape(label)}</th><td>{escape(value)}</td></tr>"
        for label, value in _facts(digest)
    )
    days = "".join(
        f"<h3>{day:%A, %-d %B %Y}</h3>{''.join(map(_entry, found))}"
        for day, found in _shown(digest, SHOWN)
    )
    return (
        "<!doctype html><html><body style='font-family:sans-serif'>"
        f"<p>{escape(_opening(digest))}</p><table cellpadding='4'>{facts}</table>"
        f"{days}<p>{escape(_rest(digest, SHOWN))}</p></body></html>"
    )


def _entry(alert: Alert) -> str:
    url = alert.article.url or ""
    title = escape(alert.article.title or url)
    link = f"<br><a href='{escape(url, quote=True)}'>{title}</a>" if url.startswith(WEB) else ""
    sentence = escape(quoted(alert.statement.text))
    source = f"<small>{escape(_who(alert))}{link}</small>"
    return f"<blockquote><p dir='auto'>{sentence}<br>{source}</p></blockquote>"
