"""How an alert reads: subject, plain text, HTML."""

from html import escape

from schemas import Alert, Speaker, Statement
from services.runtime.quoting import quoted

SUBJECT_CHARS = 150


def subject(alert: Alert) -> str:
    """Return one line: stance, routes or topics, outlet. Never holds a line break."""
    statement = alert.statement
    about = [route.name for route in statement.routes] or [
        topic.replace("_", " ") for topic in statement.topics
    ]
    what = ", ".join(about)
    line = f"[{alert.subscription_name}] {statement.stance}: {what} ({alert.article.outlet})"
    return " ".join(line.split())[:SUBJECT_CHARS]


def facts(alert: Alert) -> list[tuple[str, str]]:
    """Return what there is to say of an alert's statement, as labels and values."""
    statement, article = alert.statement, alert.article
    pairs = [
        ("Speaker", _speaker(statement.speaker)),
        ("Stance", _stance(statement)),
        ("Topics", ", ".join(topic.replace("_", " ") for topic in statement.topics)),
        ("Routes", ", ".join(_route(name.name, name.status) for name in statement.routes)),
        ("Actors", ", ".join(actor.name for actor in statement.actors)),
        ("Outlet", article.outlet),
        ("Article", article.title),
        ("Published", f"{article.published_at:%Y-%m-%d %H:%M UTC}" if article.published_at else ""),
        ("Link", article.url or ""),
        ("Matched", ", ".join(alert.matched)),
    ]
    return [(label, value) for label, value in pairs if value]


def _stance(statement: Statement) -> str:
    parts = [str(statement.stance), *([str(statement.modality)] if statement.modality else [])]
    if statement.commitment:
        by = f" by {statement.promisor}" if statement.promisor else ""
        parts.append(f"a commitment{by}")
    return ", ".join(parts)


def _speaker(speaker: Speaker | None) -> str:
    if speaker is None:
        return ""
    return f"{speaker.name}, {speaker.role}" if speaker.role else speaker.name


def _route(name: str, status: str | None) -> str:
    return f"{name} ({status})" if status else name


def plain_text(alert: Alert) -> str:
    """Return an alert as text: the sentence as proof, then who, what and where."""
    lines = [quoted(alert.statement.text), ""]
    lines += [f"{label + ':':11}{value}" for label, value in facts(alert)]
    return "\n".join(lines) + "\n"


def html(alert: Alert) -> str:
    """Return an alert as an HTML document. What outlets wrote is escaped."""
    rows = "".join(
        f"<tr><th align='left'>{escape(label)}</th><td>{_value(label, value)}</td></tr>"
        for label, value in facts(alert)
    )
    return (
        "<!doctype html><html><body style='font-family:sans-serif'>"
        f"<blockquote><p>{escape(quoted(alert.statement.text))}</p></blockquote>"
        f"<table cellpadding='4'>{rows}</table></body></html>"
    )


def _value(label: str, value: str) -> str:
    if label == "Link" and value.startswith(("https://", "http://")):
        return f"<a href='{escape(value, quote=True)}'>{escape(value)}</a>"
    return escape(value)
