"""Events as plain lines, for pipes, log files and screen readers. Pure."""

from collections.abc import Callable, Mapping

from services.cli.run.events import Event
from services.runtime.quoting import quoted


class Lines:
    """Turns events into lines. Feeds that cannot be reached are told together, not one by one."""

    def __init__(self) -> None:
        self._failing: dict[str, str] = {}
        self._told: set[str] = set()

    def of(self, event: Event) -> list[str]:
        """Return the lines that tell an event; none for one that nobody needs to see."""
        outlet = event.text("outlet")
        if event.name == "feed.failed":
            if outlet not in self._told:
                self._failing[outlet] = event.text("reason")
            return []
        if event.name == "feed.polled":
            self._told.discard(outlet)
            self._failing.pop(outlet, None)
        text = _text(event)
        return [] if text is None else [f"{event.time[11:19]:8}  {text}"]

    def failing(self) -> list[str]:
        """Return a line on the feeds that have failed since this was last asked."""
        if not self._failing:
            return []
        reasons = ", ".join(sorted(set(self._failing.values())))
        names = list(self._failing)
        self._told.update(names)
        self._failing.clear()
        which = names[0] if len(names) == 1 else f"{len(names)} feeds"
        later = "tried again later; 'accesswatch feeds list --failing' says why"
        return [f"{'':8}  feeds      {which} not reached ({reasons}), {later}"]


def _text(event: Event) -> str | None:
    tell = LINES.get(event.name)
    if tell:
        return tell(event)
    return f"{event.level:10} {event.name} {_facts(event)}" if event.is_trouble else None


def _polled(event: Event) -> str | None:
    new = int(event.facts.get("new") or 0) + int(event.facts.get("revised") or 0)
    return f"feed       {event.text('outlet')}: {new} new" if new else None


def _of_the_run(event: Event) -> str:
    return f"{event.name.partition('.')[0]:10} {event.name.partition('.')[2]} {_facts(event)}"


def _statement(event: Event) -> str:
    speaker = event.text("speaker") or "the outlet"
    parts = [event.text("stance"), *event.names("topics")]
    routes = ", ".join(event.names("routes"))
    return (
        f"{quoted(event.text('sentence'))} ({speaker}; {', '.join(parts)}"
        f"{'; routes: ' + routes if routes else ''})"
    )


def _facts(event: Event) -> str:
    hidden = {"service", "exception", "pid"}
    facts = [f"{name}={value}" for name, value in event.facts.items() if name not in hidden]
    return " ".join([event.service, *facts])


LINES: Mapping[str, Callable[[Event], str | None]] = {
    "feed.polled": _polled,
    "article.archived": (lambda event: f"article    {event.text('outlet')}: {event.text('title')}"),
    "statement.stored": lambda event: f"statement  {_statement(event)}",
    "alert.created": (
        lambda event: f"ALERT      [{event.text('subscription')}] {_statement(event)}"
    ),
    "delivery.sent": (
        lambda event: f"delivered  {event.text('alert_id')[:8]} by {event.text('channel')}"
    ),
    "service.started": _of_the_run,
    "service.restarting": _of_the_run,
    "service.stopping": _of_the_run,
    "servers.starting": _of_the_run,
    "servers.started": _of_the_run,
    "run.ready": _of_the_run,
    "output": lambda _: None,
}
"""How each event reads; events that are not here are told only where they are trouble."""
