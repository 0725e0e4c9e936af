"""From article to statements."""

import re

from schemas import Article, Statement, Topic
from services.extractor.adapters.engine import load_extractor
from services.extractor.domain.extractor import extractor_version
from services.extractor.domain.identity import statement_id
from tests.support.builders import article

TEXT = (
    "The World Food Programme suspended aid convoys through the Adre crossing.\n\n"
    "Humanitarian workers cannot reach besieged families, OCHA said."
)


def extract(body: Article) -> tuple[Statement, ...]:
    return load_extractor().extract(body).statements


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
    extractor = load_extractor()
    message = extractor.message(body, extractor.extract(body))
    assert message.article.id == body.id
    assert message.extractor_version == extractor_version()
    assert message.statements == ()
    assert message.language == "en"
    assert message.skipped is None


def test_an_article_in_a_language_that_is_not_read_is_skipped_with_a_reason() -> None:
    swedish = "Konvojen med nödhjälp stoppades vid gränsen på måndagen, sade ortens borgmästare."
    extractor = load_extractor()
    outcome = extractor.extract(article(text=swedish, language="sv"))
    assert outcome.language == "sv"
    assert outcome.statements == ()
    assert "not read (sv)" in (outcome.skipped or "")
    assert extractor.explain(article(text=swedish, language="sv")).verdicts == ()


def test_what_is_explained_is_what_was_extracted() -> None:
    explanation = load_extractor().explain(article(text=TEXT))
    assert explanation.outcome.statements == extract(article(text=TEXT))
    assert explanation.gate >= explanation.gate_threshold
    assert [verdict.is_statement for verdict in explanation.verdicts] == [True, True]
    assert {name for name, _ in explanation.verdicts[0].opinions} == {"reader", "linear"}


def test_the_extractor_is_loaded_once() -> None:
    assert load_extractor() is load_extractor()
    assert load_extractor().version == extractor_version()


def test_the_version_names_rules_and_data() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", extractor_version())


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
