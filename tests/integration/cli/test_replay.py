"""`accesswatch replay` as a user runs it, on real servers and with the real extractor."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.runtime.database import create_engine
from services.runtime.settings import DatabaseSettings, KafkaSettings
from tests.integration.cli.conftest import Command
from tests.support.builders import article
from tests.support.history import History

YESTERDAY = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
SENTENCE = "The Red Cross said on Monday that the Lachin road was open to aid convoys again."
PAST = [
    article(str(number), text=SENTENCE, fetched_at=YESTERDAY + timedelta(minutes=number))
    for number in range(5)
]


@pytest.fixture
def past(database: str, broker: KafkaSettings) -> None:
    """Five articles that went the whole live path yesterday."""

    async def make() -> None:
        engine = create_engine(DatabaseSettings(), database)
        await History(engine, broker).live(PAST)
        await engine.dispose()

    asyncio.run(make())


def test_articles_are_replayed_and_listed_and_shown(accesswatch: Command, past: None) -> None:
    answer = accesswatch("replay", "articles", "--from", "2d", "--name", "again")
    assert answer.code == 0, answer.err
    assert "5 from topic" in answer.out
    assert "Replay again finished: 5 of 5 read; 5 statements new, 0 alerts new." in answer.out
    (listed,) = accesswatch("replay", "list", "--json").json
    assert (listed["name"], listed["state"], listed["counts"]["read"]) == ("again", "finished", 5)
    shown = accesswatch("replay", "show", "again", "--json").json
    assert sum(part["counts"]["read"] for part in shown["parts"]) == 5
    assert "finished" in accesswatch("replay", "show", "again").out
    found = accesswatch("statements", "--json").json
    assert {each["statement"]["text"] for each in found} == {SENTENCE}


def test_a_new_subscription_hears_of_last_month_in_one_digest(
    accesswatch: Command, past: None
) -> None:
    accesswatch("replay", "articles", "--from", "2d", "--name", "first")
    accesswatch("subscribe", "roads", "--route", "Lachin road")
    answer = accesswatch("replay", "statements", "--from", "2d", "--notify", "--name", "tell")
    assert "5 alerts new" in answer.out
    (digest,) = accesswatch("alerts", "digests", "--json").json
    assert digest["digest"]["total"] == 5
    assert {each["state"] for each in digest["deliveries"]} == {"pending"}


def test_a_dry_run_writes_nothing(accesswatch: Command, past: None) -> None:
    before = accesswatch("statements", "--json").json
    report = accesswatch("replay", "articles", "--from", "2d", "--dry-run", "--json").json
    total = report["total"]
    assert (report["articles"]["read"], total["changed"] + total["unchanged"]) == (5, 5)
    assert accesswatch("replay", "list", "--json").json == []
    assert accesswatch("statements", "--json").json == before


def test_a_replay_waits_for_workers_rests_and_ends(accesswatch: Command, past: None) -> None:
    made = accesswatch("replay", "statements", "--from", "2d", "--name", "later", "--detach")
    assert "ready for 'accesswatch replay work later'" in made.out
    again = accesswatch("replay", "statements", "--from", "2d", "--name", "later")
    assert again.is_one_error(6, "'later' is not finished yet", "replay resume later")
    assert accesswatch("replay", "pause", "later").code == 0
    assert accesswatch("replay", "work", "later").is_one_error(6, "is paused", "replay resume")
    assert accesswatch("replay", "resume", "later").code == 0
    assert "finished: 5 of 5" in accesswatch("replay", "work", "later").out
    assert accesswatch("replay", "cancel", "later").is_one_error(6, "'later' is finished")


def test_a_worker_joins_a_replay_that_wants_the_same(accesswatch: Command, past: None) -> None:
    wanted = ("replay", "statements", "--from", "2d", "--name", "shared", "--join")
    assert "5 of 5" in accesswatch(*wanted).out
    assert "finished" in accesswatch(*wanted).out
    other = ("replay", "statements", "--from", "2d", "--language", "fr", "--name", "shared")
    assert accesswatch(*other, "--join").is_one_error(6, "'shared' wants something else")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("articles",), 2, "nothing says which stretch to replay"),
        (("articles", "--from", "soon"), 2, "'soon' for --from is no time"),
        (("articles", "--from", "1h", "--to", "2h"), 2, "--to is not after --from"),
        (("articles", "--from", "0=1", "--to", "1h"), 2, "--from and --to mix times and offsets"),
        (("articles", "--from", "0=1", "--source", "archive"), 2, "the archive has no offsets"),
        (("articles", "--from", "77=1"), 2, "has no partition 77"),
        (("articles", "--from", "0=999"), 5, "is beyond its end"),
        (("articles", "--from", "30d", "--to", "20d"), 5, "there are no articles from"),
        (("articles", "--feed", "nowhere"), 5, "there is no feed 'nowhere'"),
        (("articles", "--from", "2d", "--language", "english"), 2, "is not an ISO 639 code"),
        (("articles", "--from", "2d", "--name", "No Name"), 2, "is no name"),
        (("articles", "--from", "2d", "--limit", "5"), 2, "go with --dry-run"),
        (("articles", "--from", "2d", "--join"), 2, "--join needs to know which replay"),
        (("show", "nothing"), 5, "there is no replay 'nothing'"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    accesswatch: Command, past: None, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert accesswatch("replay", *arguments).is_one_error(code, said)
