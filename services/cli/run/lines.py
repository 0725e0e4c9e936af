"""Events as plain lines, for pipes, log files and screen readers. Pure."""

from services.cli.run.events import Event


def line(event: Event) -> str | None:
    """Return the line that tells an event, or None for one that nobody needs to see."""
    text = _text(event)
    if text is None:
        return None
    clock = event.time[11:19]
    return f"{clock:8}  {text}"


def _text(event: Event) -> str | None:
    match event.name:
        case "feed.polled":
            new = int(event.facts.get("new") or 0) + int(event.facts.get("revised") or 0)
            return f"feed       {event.text('outlet')}: {new} new" if new else None
        case "feed.failed":
            return f"feed       {event.text('outlet')}: {event.text('message')}"
        case "article.archived":
            return f"article    {event.text('outlet')}: {event.text('title')}"
        case "statement.stored":
            return f"statement  {_statement(event)}"
        case "alert.created":
            return f"ALERT      [{event.text('subscription')}] {_statement(event)}"
        case "delivery.sent":
            return f"delivered  {event.text('alert_id')[:8]} by {event.text('channel')}"
        case "service.started" | "service.restarting" | "servers.started" | "run.ready":
            return f"{event.name.partition('.')[0]:10} {_facts(event)}"
        case "output":
            return None
    return f"{event.level:10} {event.name} {_facts(event)}" if event.is_trouble else None


def _statement(event: Event) -> str:
    speaker = event.text("speaker") or "the outlet"
    parts = [event.text("stance"), *event.names("topics")]
    routes = ", ".join(event.names("routes"))
    return (
        f"“{event.text('sentence')}” ({speaker}; {', '.join(parts)}"
        f"{'; routes: ' + routes if routes else ''})"
    )


def _facts(event: Event) -> str:
    hidden = {"service", "exception", "pid"}
    facts = [f"{name}={value}" for name, value in event.facts.items() if name not in hidden]
    return " ".join([event.service, *facts])
