"""How a digest reads."""

from datetime import date, datetime, timedelta

import pytest

from schemas import Alert, ArticleReference, Digest, Speaker
from schemas.digest import Count, Day
from services.alerting.domain import notice
from services.alerting.domain.digest_text import SHOWN, html, plain_text, subject
from tests.support.builders import NOON, article, hexadecimal, statement


def alert(number: int, fetched_at: datetime = NOON, **fields: object) -> Alert:
    body = article(f"article {number}", fetched_at=fetched_at, **fields)
    return Alert(
        id=hexadecimal(str(number), 32),
        subscription_id="one",
        subscription_name="Northern roads",
        created_at=NOON,
        matched=("actor:icrc",),
        article=ArticleReference.model_validate(body.model_dump()),
        statement=statement(f"Road {number} is open.", speaker=Speaker(name="Mira Sand")),
    )


def digest(*alerts: Alert, **fields: object) -> Digest:
    moments = [each.article.fetched_at for each in alerts]
    values = {
        "id": hexadecimal("digest", 32),
        "subscription_id": "one",
        "subscription_name": "Northern roads",
        "replay_id": "abc",
        "created_at": NOON,
        "since": min(moments),
        "until": max(moments),
        "total": len(alerts),
        "days": (Day(day=date(2026, 11, 24), alerts=len(alerts)),),
        "stances": (Count(name="enabling", alerts=len(alerts)),),
        "alerts": alerts,
    }
    return Digest.model_validate(values | fields)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "24 November 2026"),
        (20, "4 to 24 November 2026"),
        (40, "15 October to 24 November 2026"),
        (400, "20 October 2025 to 24 November 2026"),
    ],
)
def test_the_subject_says_that_it_is_a_backfill_and_of_which_days(days: int, said: str) -> None:
    found = subject(digest(alert(1), alert(2, NOON - timedelta(days=days))))
    assert found == f"[Northern roads] Backfill: 2 statements, {said}"


def test_sentences_stand_below_their_days_with_who_and_where() -> None:
    later, earlier = alert(1, url="https://outlet.example/1"), alert(2, NOON - timedelta(days=1))
    text = plain_text(digest(later, earlier))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert lines[lines.index("Tuesday, 24 November 2026") :] == [
        "Tuesday, 24 November 2026",
        "“Road 1 is open.”",
        "enabling, Mira Sand, Outlet",
        "https://outlet.example/1",
        "Monday, 23 November 2026",
        "“Road 2 is open.”",
        "enabling, Mira Sand, Outlet",
    ]


def test_what_does_not_fit_is_counted_and_findable() -> None:
    found = digest(*(alert(number) for number in range(60)), total=345)
    text = plain_text(found)
    assert text.count("is open.") == SHOWN
    assert "305 more are stored: accesswatch alerts list --subscription 'Northern roads'" in text


@pytest.mark.parametrize("most", [160, 700, 2_000, 3_000])
def test_whole_sentences_are_left_out_until_it_fits(most: int) -> None:
    found = digest(*(alert(number, url="https://outlet.example/1") for number in range(60)))
    text = notice.plain_text(found, most)
    assert len(text) <= most
    shown = text.count("is open.”\n  enabling, Mira Sand, Outlet\n  https://outlet.example/1\n")
    assert text.count("“Road") == shown
    if most > 160:
        assert f"{60 - shown} more are stored" in text
        assert shown == 0 or len(notice.plain_text(found, most + 200)) > len(text)


def test_no_more_is_left_out_than_has_to_be() -> None:
    found = digest(*(alert(number) for number in range(10)), total=11)
    whole = plain_text(found)
    assert plain_text(found, len(whole)) == whole
    assert plain_text(found, len(whole) - 1).count("is open.") == 9


def test_an_alert_is_cut_at_what_its_channel_holds() -> None:
    text = notice.plain_text(alert(1), 50)
    assert len(text) == 50
    assert text.startswith("“Road 1 is open.”")
    assert text.endswith("…")


def test_a_long_name_leaves_the_mark_and_the_days_in_the_subject() -> None:
    found = subject(digest(alert(1), subscription_name="Roads " * 50))
    assert found.endswith("…] Backfill: 1 statement, 24 November 2026")


def test_counts_are_told_where_there_are_any() -> None:
    several = [Day(day=date(2026, 11, day), alerts=day) for day in range(18, 25)]
    text = plain_text(digest(alert(1), days=several, actors=[Count(name="Relief", alerts=1_234)]))
    assert "Actors:    Relief (1,234)" in text
    assert "Busiest:   24 November 2026 (24), 23 November 2026 (23)," in text
    assert "18 November" not in text
    assert "Routes" not in text
    assert "Busiest" not in plain_text(digest(alert(1)))


def test_a_name_is_quoted_in_the_command_that_lists_the_rest() -> None:
    found = digest(alert(1), subscription_name="Anna's roads; rm", total=2)
    assert "1 more is stored" in plain_text(found)
    assert "--subscription 'Anna'\"'\"'s roads; rm' --replay abc" in plain_text(found)


def test_what_outlets_wrote_is_escaped() -> None:
    bad = alert(1, title="<script>x</script>", outlet="<b>", url="https://outlet.example/'>")
    page = html(digest(bad))
    assert "<script>" not in page
    assert "<b>" not in page
    assert "outlet.example/&#x27;&gt;" in page


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    assert "<a " not in html(digest(alert(1, url="javascript:alert(1)")))


def test_a_notice_is_an_alert_or_a_digest() -> None:
    one, many = alert(1), digest(alert(1))
    assert (notice.contract(one), notice.contract(many)) == ("alert.v1", "digest.v1")
    assert "Backfill" in notice.subject(many)
    assert "Backfill" not in notice.subject(one)
    assert notice.plain_text(many) == plain_text(many)
    assert notice.html(many) == html(many)
