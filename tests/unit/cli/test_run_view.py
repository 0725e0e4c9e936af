"""What a run shows: as lines and as a screen."""

import orjson
from rich.console import Console

from services.cli.run.events import Event, read_event
from services.cli.run.lines import Lines
from services.cli.run.picture import Picture
from services.cli.run.screen import draw

ALERT = Event(
    "alerting",
    "alert.created",
    time="2026-11-24T12:00:00Z",
    facts={
        "subscription": "Lachin",
        "sentence": "The road is open.",
        "speaker": "Hajiyev",
        "stance": "enabling",
        "topics": ["route_status"],
        "routes": ["Lachin road"],
        "outlet": "Outlet",
    },
)


def failed(outlet: str) -> Event:
    return Event("poller", "feed.failed", "warning", facts={"outlet": outlet, "reason": "dns"})


def test_a_log_line_becomes_an_event() -> None:
    line = orjson.dumps({"event": "feed.polled", "level": "info", "timestamp": "t", "new": 2})
    event = read_event("poller", line)
    assert (event.service, event.name, event.level, event.facts["new"]) == (
        "poller",
        "feed.polled",
        "info",
        2,
    )


def test_what_is_no_json_is_output() -> None:
    for line in (b"Traceback (most recent call last)\n", b"[1]", b"\xff"):
        assert read_event("poller", line).name == "output"


def test_an_alert_is_one_line_with_sentence_speaker_and_route() -> None:
    (line,) = Lines().of(ALERT)
    for part in ("12:00:00", "ALERT", "Lachin", "The road is open.", "Hajiyev", "Lachin road"):
        assert part in line


def test_feeds_that_cannot_be_reached_are_told_together_and_once() -> None:
    lines = Lines()
    for outlet in ("A", "B", "C"):
        assert lines.of(failed(outlet)) == []
    (told,) = lines.failing()
    assert "3 feeds not reached (dns)" in told
    lines.of(failed("A"))
    assert lines.failing() == []
    lines.of(Event("poller", "feed.polled", facts={"outlet": "A", "new": 0}))
    lines.of(failed("A"))
    assert "A not reached" in lines.failing()[0]


def test_a_poll_that_brought_nothing_is_not_told() -> None:
    assert Lines().of(Event("poller", "feed.polled", facts={"outlet": "A", "new": 0})) == []


def test_every_warning_is_told() -> None:
    warning = Event("alerting", "delivery.failed", "warning", facts={"error": "HTTP 503"})
    assert "HTTP 503" in Lines().of(warning)[0]


def test_the_screen_shows_alert_article_and_services() -> None:
    picture = Picture()
    for event in (
        Event("poller", "service.started"),
        Event("poller", "feed.polled", facts={"outlet": "Outlet"}),
        Event("poller", "article.archived", facts={"outlet": "Outlet", "title": "A title"}),
        Event("alerting", "statement.stored"),
        ALERT,
        Event("alerting", "delivery.sent"),
        failed("Elsewhere"),
    ):
        picture.tell(event)
    console = Console(width=140, height=40)
    with console.capture() as capture:
        console.print(draw(picture, 40), height=40)
    shown = capture.get()
    for part in ("The road is open.", "Hajiyev", "Lachin road", "A title", "poller", "Elsewhere"):
        assert part in shown
    assert (picture.articles, picture.statements, picture.alerts, picture.delivered) == (1, 1, 1, 1)
