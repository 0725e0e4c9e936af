"""Dry runs: what a replay would change."""

from collections.abc import AsyncIterator, Sequence

from schemas import Article, Stance, Statement, Topic
from services.extractor.ports import Failure
from services.replay.comparing import compare, rematch
from services.replay.domain.dry_run import EXAMPLES, Report
from services.replay.domain.tally import Tally
from tests.support.builders import article, hexadecimal, statement, statement_message
from tests.support.stored import FakeExtraction, FakeStored, as_json, batches, subscription

OPEN = statement("The road is open.")
SHUT = statement("The port is shut.", stance=Stance.RESTRICTING, topics=[Topic.IMPEDIMENT])
ONE, TWO = article("one"), article("two", outlet="Other")


def edited(body: Article, number: int) -> Article:
    """Return a later revision of an article."""
    revision = hexadecimal(f"{body.id} {number}", 16)
    return body.model_copy(update={"revision": revision, "revision_number": number})


def stored(**found: Sequence[Statement]) -> FakeStored:
    """Return a store that holds articles with their statements."""
    store = FakeStored()
    for name, statements in found.items():
        store.keep(ONE if name == "one" else TWO, *statements)
    return store


async def test_statements_are_compared_with_what_is_stored() -> None:
    denied = OPEN.model_copy(update={"stance": Stance.DENIAL})
    extraction = FakeExtraction({ONE.id: [denied, SHUT], TWO.id: []})
    store = stored(one=[OPEN], two=[SHUT])
    report = await compare(batches(as_json(ONE), as_json(TWO)), extraction, store, ())
    assert report.total == Tally(before=2, after=2, added=1, gone=1, changed=1)
    assert report.fields == {"stance": 1}
    assert report.stances["denial"] == Tally(before=0, after=1, changed=1)
    assert report.topics["impediment"] == Tally(before=1, after=1, added=1, gone=1)
    assert (report.old_versions, report.new_versions) == ({"old": 2}, {"new": 2})
    assert [each.old for each in report.examples["gone"]] == [SHUT]
    assert [each.article.outlet for each in report.examples["gone"]] == ["Other"]
    assert [(each.old, each.new) for each in report.examples["changed"]] == [(OPEN, denied)]


async def test_the_same_reading_changes_nothing() -> None:
    extraction = FakeExtraction({ONE.id: [OPEN, SHUT]})
    report = await compare(batches(as_json(ONE)), extraction, stored(one=[OPEN, SHUT]), ())
    assert report.total == Tally(before=2, after=2, unchanged=2)
    assert report.examples == {}


async def test_only_the_newest_revision_counts() -> None:
    first, second, third = ONE, edited(ONE, 2), edited(ONE, 3)
    store = stored()
    store.keep(second, OPEN)
    extraction = FakeExtraction({ONE.id: [OPEN]})
    report = await compare(batches(as_json(first), as_json(second)), extraction, store, ())
    assert report.articles.left_out == {"older_revision": 1}
    assert (report.articles.read, report.articles.compared) == (2, 1)
    assert extraction.articles == [ONE.id]
    # Nothing is stored of it, and the newer one comes in a later batch: the archive knows.
    fresh = FakeStored()
    fresh.archived[ONE.id] = 3
    report = await compare(batches(as_json(second), as_json(third)), extraction, fresh, ())
    assert report.articles.left_out == {"older_revision": 1}
    assert report.total == Tally(after=1, added=1)
    report = await compare(batches(as_json(first, third, second)), extraction, FakeStored(), ())
    assert (report.articles.left_out, report.total.added) == ({"older_revision": 2}, 1)


async def test_an_article_that_comes_twice_counts_once() -> None:
    extraction = FakeExtraction({ONE.id: [OPEN]})
    report = await compare(batches(as_json(ONE, ONE), as_json(ONE)), extraction, FakeStored(), ())
    assert (report.articles.left_out, report.total.added) == ({"came_twice": 2}, 1)


async def test_what_is_stored_of_articles_that_fail_stays() -> None:
    extraction = FakeExtraction({TWO.id: [OPEN]}, {ONE.id: Failure.TIMED_OUT})
    store = stored(one=[SHUT])
    found = batches([b"{", *as_json(ONE), b'{"id": 1}', *as_json(TWO)])
    report = await compare(found, extraction, store, ())
    assert report.articles.failed == {"unreadable": 2, "timed_out": 1}
    assert report.total == Tally(after=1, added=1)
    assert report.articles.read == 4


async def test_articles_in_a_language_that_is_not_read_lose_their_statements() -> None:
    body = ONE.model_copy(update={"language": "hu"})
    report = await compare(batches(as_json(body)), FakeExtraction({}), stored(one=[OPEN]), ())
    assert (report.articles.unsupported, report.total.gone) == (1, 1)


async def test_articles_recognised_in_a_language_not_asked_for_are_left_out() -> None:
    extraction = FakeExtraction({ONE.id: [OPEN], TWO.id: [OPEN]})
    french = TWO.model_copy(update={"language": "fr"})
    found = batches(as_json(ONE, french))
    report = await compare(found, extraction, FakeStored(), (), languages=("fr",))
    assert (report.articles.left_out, report.total.added) == ({"other_language": 1}, 1)


async def test_a_limit_ends_the_dry_run_and_says_so() -> None:
    several = [article(str(n)) for n in range(6)]
    groups = [as_json(*several[:2]), as_json(*several[2:4]), as_json(*several[4:])]
    extraction = FakeExtraction({})
    report = await compare(batches(*groups), extraction, FakeStored(), (), 3)
    assert (report.articles.read, report.articles.is_all) == (3, False)
    assert extraction.articles == [each.id for each in several[:3]]
    report = await compare(batches(*groups), extraction, FakeStored(), (), 4)
    assert (report.articles.read, report.articles.is_all) == (4, False)
    report = await compare(batches(*groups), extraction, FakeStored(), (), 6)
    assert (report.articles.read, report.articles.is_all) == (6, True)


async def test_alerts_that_somebody_has_had_are_not_new() -> None:
    watching, shut = subscription("all"), subscription("shut", stances=(Stance.RESTRICTING,))
    paused = subscription("paused", active=False)
    store = stored(one=[OPEN])
    store.alerted(watching, ONE, OPEN.text)
    extraction = FakeExtraction({ONE.id: [OPEN, SHUT, SHUT], TWO.id: [SHUT]})
    report = await compare(batches(as_json(ONE, TWO)), extraction, store, [watching, shut, paused])
    counts = [(each.name, each.new, each.had) for each in report.alerts]
    assert counts == [("all", 2, 1), ("shut", 2, 0)]
    assert report.new_alerts == 4
    assert {each.subscription for each in report.alert_examples} == {"all", "shut"}


async def test_statements_are_matched_anew_without_extraction() -> None:
    watching = subscription("shut", stances=(Stance.RESTRICTING,))
    store = stored(one=[SHUT])
    store.alerted(watching, ONE, SHUT.text)
    old = statement_message(ONE, SHUT).model_copy(update={"extractor_version": "old"})
    foreign = old.model_copy(update={"extractor_version": "older"})
    messages = [old, statement_message(TWO, SHUT, OPEN), foreign]
    raw = [each.model_dump_json().encode() for each in messages]
    report = await rematch(batches(raw), store, [watching])
    assert [(each.new, each.had) for each in report.alerts] == [(1, 1)]
    assert report.articles.left_out == {"other_reading": 1}
    assert (report.total, report.new_versions, report.extracts) == (Tally(), {}, False)


async def many(count: int) -> AsyncIterator[list[bytes]]:
    for start in range(0, count, 100):
        yield as_json(
            *(article(str(n), outlet=f"Outlet {n % 20}") for n in range(start, start + 100))
        )


async def test_examples_are_few_and_the_same_however_the_stretch_is_cut() -> None:
    async def look(found: AsyncIterator[Sequence[bytes]], seed: int = 0) -> Report:
        extraction = FakeExtraction(
            {article(str(n)).id: [statement(f"Road {n} is open.")] for n in range(1000)}
        )
        return await compare(found, extraction, FakeStored(), [subscription()], seed=seed)

    whole = await look(many(1000))
    singly = await look(batches(*[[raw] async for batch in many(1000) for raw in batch]))
    assert whole == singly
    assert len(whole.examples["added"]) == len(whole.alert_examples) == EXAMPLES
    assert len({each.article.outlet for each in whole.examples["added"]}) == EXAMPLES
    assert (await look(many(1000), seed=1)).examples != whole.examples
