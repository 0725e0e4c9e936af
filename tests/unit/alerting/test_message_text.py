"""How an alert reads."""

from email import message_from_bytes

from schemas import Alert, ArticleReference, RouteMention, Speaker
from services.alerting.adapters.channels.email import compose
from services.alerting.domain.message_text import html, plain_text, subject
from tests.support.builders import NOON, article, hexadecimal, statement


def alert(title: str = "Title", outlet: str = "Outlet") -> Alert:
    body = article(title=title, outlet=outlet, url="https://outlet.example/1")
    return Alert(
        id=hexadecimal("alert", 32),
        subscription_id="s",
        subscription_name="Lachin",
        created_at=NOON,
        matched=("route:lachin-road",),
        article=ArticleReference.model_validate(body.model_dump()),
        statement=statement(
            "The <b>road</b> is open.",
            speaker=Speaker(name="Hajiyev", role="aide"),
            routes=[RouteMention(name="Lachin road", status="open")],
        ),
    )


def test_the_sentence_comes_first_then_who_what_and_where() -> None:
    text = plain_text(alert())
    assert text.startswith("“The <b>road</b> is open.”")
    for part in ("Hajiyev, aide", "Lachin road (open)", "enabling", "https://outlet.example/1"):
        assert part in text


def test_html_shows_what_outlets_wrote_as_text() -> None:
    page = html(alert(title="<script>x</script>"))
    assert "<script>" not in page
    assert "<b>" not in page


def test_no_header_can_be_smuggled_in() -> None:
    mail = compose("d1", alert(outlet="O\r\nBcc: x@y.org"), "from@z.org", "to@z.org")
    read = message_from_bytes(bytes(mail))
    assert read["Bcc"] is None
    assert read["Message-ID"] == "<d1@z.org>"
    assert "\n" not in subject(alert(outlet="a\nb"))
