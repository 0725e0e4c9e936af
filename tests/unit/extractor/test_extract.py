"""From article to statements."""

import re

from schemas import Topic
from services.extractor.domain.extract import EXTRACTOR_VERSION, extract, to_message
from services.extractor.domain.identity import statement_id
from tests.support.builders import article

TEXT = (
    "The World Food Programme suspended aid convoys through the Adre crossing.\n\n"
    "Humanitarian workers cannot reach besieged families, OCHA said."
)


def test_statements_are_exact_slices_in_order() -> None:
    body = article(text=TEXT)
    statements = extract(body)
    assert [statement.position for statement in statements] == [0, 1]
    assert all(body.text[s.start : s.end] == s.text for s in statements)
    assert Topic.AID_DELIVERY in statements[0].topics
    assert statements[0].evidence


def test_an_article_without_statements_gives_none() -> None:
    assert extract(article(text="The film opened on Friday. Critics liked it.")) == ()
    assert extract(article(text="")) == ()


def test_a_quiet_article_is_reported_too() -> None:
    body = article(text="Nothing.")
    message = to_message(body, ())
    assert message.article.id == body.id
    assert message.extractor_version == EXTRACTOR_VERSION
    assert message.statements == ()


def test_the_version_names_rules_and_data() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", EXTRACTOR_VERSION)


def test_an_id_depends_on_article_revision_version_and_position() -> None:
    ids = {
        statement_id("a", "r", "1", 0),
        statement_id("b", "r", "1", 0),
        statement_id("a", "s", "1", 0),
        statement_id("a", "r", "2", 0),
        statement_id("a", "r", "1", 1),
    }
    assert len(ids) == 5
    assert statement_id("a", "r", "1", 0) in ids


def test_a_sentence_on_funding_counts_beside_clear_ones() -> None:
    text = f"{TEXT} Aid agencies said that donors pay for the aid convoys to families."
    assert len(extract(article(text=text))) == 3


def test_a_funding_sentence_in_a_quiet_article_is_no_statement() -> None:
    text = "Donors gave two billion dollars. The budget for food rose. Shares closed higher."
    assert extract(article(text=text)) == ()
