"""What a delivery carries, an alert or a digest, as text for people."""

from schemas import Alert, Digest
from services.alerting.domain import digest_text, message_text

Notice = Alert | Digest


def subject(notice: Notice) -> str:
    """Return one line. Never holds a line break."""
    if isinstance(notice, Digest):
        return digest_text.subject(notice)
    return message_text.subject(notice)


def plain_text(notice: Notice, most: int | None = None) -> str:
    """Return it as text.

    Args:
        notice: the alert or digest.
        most: characters that the channel holds; None: any number. A digest leaves out whole
            sentences and says how many, before anything is cut in the middle.
    """
    text = (
        digest_text.plain_text(notice, most)
        if isinstance(notice, Digest)
        else message_text.plain_text(notice)
    )
    if most is None or len(text) <= most:
        return text
    return text[: max(0, most - 1)] + "…"


def html(notice: Notice) -> str:
    """Return it as an HTML document. What outlets wrote is escaped."""
    return digest_text.html(notice) if isinstance(notice, Digest) else message_text.html(notice)


def contract(notice: Notice) -> str:
    """Return the name of its JSON Schema."""
    return "digest.v1" if isinstance(notice, Digest) else "alert.v1"
