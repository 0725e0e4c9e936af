"""The sample outlet publishes over time, and the extractor finds what is in it."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest

from schemas import Article, Statement
from services.extractor.adapters.engine import load_extractor
from services.runtime.clock import FakeClock
from services.sample_outlet.articles import SampleArticle, sample_articles
from services.sample_outlet.server import SampleOutlet
from tests.support.builders import NOON, article

BY_SLUG = {each.slug: each for each in sample_articles()}


def as_polled(sample: SampleArticle) -> Article:
    return article(sample.slug, title=sample.title, text=sample.text, language=sample.language)


def found_in(sample: SampleArticle) -> dict[str, Statement]:
    outcome = load_extractor().extract(as_polled(sample))
    return {each.text: each for each in outcome.statements}


@pytest.mark.parametrize("slug", BY_SLUG)
def test_the_extractor_finds_every_statement(slug: str) -> None:
    sample = BY_SLUG[slug]
    found = found_in(sample)
    for expected in sample.expected:
        statement = found[expected["sentence"]]
        assert statement.stance == expected["stance"]
        assert set(expected["topics"]) <= set(statement.topics)
        assert {route.name for route in statement.routes} >= set(expected.get("routes", ()))
        assert {actor.name for actor in statement.actors} >= set(expected.get("actors", ()))
        if "speaker" in expected:
            assert statement.speaker
            assert expected["speaker"] in statement.speaker.name


def test_the_extractor_finds_hardly_anything_else() -> None:
    expected = {each["sentence"] for sample in BY_SLUG.values() for each in sample.expected}
    found = {text for sample in BY_SLUG.values() for text in found_in(sample)}
    assert len(found - expected) <= 0.2 * len(expected)


@pytest.mark.parametrize("slug", [slug for slug, each in BY_SLUG.items() if not each.expected])
def test_the_extractor_finds_nothing_in_other_news(slug: str) -> None:
    assert found_in(BY_SLUG[slug]) == {}


def asking(outlet: SampleOutlet) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(outlet.app), base_url="http://outlet")


async def titles(client: httpx.AsyncClient) -> list[str]:
    feed = ET.fromstring((await client.get("/feed.xml")).text)  # noqa: S314 - our own feed
    return [title.text or "" for title in feed.iterfind("channel/item/title")]


async def test_articles_are_published_one_after_the_other_newest_first() -> None:
    clock = FakeClock(NOON)
    async with asking(SampleOutlet("edition", clock, first=5, every=10)) as client:
        assert await titles(client) == []
        clock.at += timedelta(seconds=16)
        first, second = sample_articles()[:2]
        assert await titles(client) == [second.title, first.title]
        clock.at += timedelta(hours=1)
        assert len(await titles(client)) == len(sample_articles())


async def test_a_feed_that_has_not_changed_is_not_sent_again() -> None:
    async with asking(SampleOutlet("edition", FakeClock(NOON))) as client:
        etag = (await client.get("/feed.xml")).headers["etag"]
        again = await client.get("/feed.xml", headers={"if-none-match": etag})
    assert again.status_code == 304


async def test_an_article_can_be_read_once_it_is_published() -> None:
    first, last = sample_articles()[0], sample_articles()[-1]
    async with asking(SampleOutlet("edition", FakeClock(NOON))) as client:
        assert first.title in (await client.get(f"/articles/{first.slug}")).text
        assert (await client.get(f"/articles/{last.slug}")).status_code == 404
