"""Statements per second against many subscriptions, against a loop over all of them."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from benchmarks.load import Load
from benchmarks.report import Result
from benchmarks.stage import Servers
from benchmarks.texts import SEED, made_up_articles
from schemas import Stance, Statement, Topic
from services.alerting.domain.folding import fold, words
from services.alerting.domain.matching import SubscriptionIndex
from services.alerting.domain.subscription import Subscription, Watch
from services.extractor.adapters.engine import load_extractor

SIZES = (10, 1_000, 10_000)
STATEMENTS = 300
LOOP_PAIRS = 300_000
"""Statements times subscriptions that the plain loop goes through."""
BODIES = ("ICRC", "OCHA", "World Food Programme", "Red Crescent")
SECONDS = 1.0

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def matching(servers: Servers, *, quick: bool) -> Result:
    """Measure 10, 1,000 and 10,000 subscriptions."""
    del servers
    statements = _statements()
    load = Load()
    rows = []
    for size in SIZES:
        subscriptions = made_up_subscriptions(size)
        index, loop = SubscriptionIndex(subscriptions), Loop(subscriptions)
        few = statements[: max(3, LOOP_PAIRS // size)]
        matches = [[each.subscription.id for each in index.match(one, "en")] for one in few]
        if matches != [loop.match(one, "en") for one in few]:
            raise AssertionError("index and plain loop disagree")
        seconds = SECONDS / 5 if quick else SECONDS
        fast = _rate(partial(index.match, language="en"), statements, seconds)
        slow = _rate(partial(loop.match, language="en"), statements, seconds)
        hits = sum(map(len, matches)) / len(few)
        rows.append((f"{size:,}", hits, slow, fast, fast / slow))
    return Result(
        name="matching",
        title="Matching: statements per second against all subscriptions",
        columns=("subscriptions", "matches each", "plain loop /s", "index /s", "ratio"),
        rows=tuple(rows),
        notes=(
            (
                "Most subscriptions watch names of their own; 1 in 100 watches an organisation "
                "that the statements name."
            ),
            (
                "Peer: a plain loop over all subscriptions, names folded beforehand, in the same "
                "process; both find the same."
            ),
        ),
        others_cores=load.others(),
        quick=quick,
    )


def made_up_subscriptions(number: int, seed: int = SEED) -> list[Subscription]:
    """Return subscriptions that watch actors, routes, phrases, some with filters."""
    rng = random.Random(seed)
    return [
        Subscription(f"{n:012x}", f"Desk {n}", _watch(n, rng), (), LONG_AGO, LONG_AGO)
        for n in range(number)
    ]


def _watch(number: int, rng: random.Random) -> Watch:
    known = (rng.choice(BODIES),) if number % 100 == 0 else ()
    return Watch(
        actors=(f"Relief Body {number}", *known),
        routes=(f"Road {number}-{number + 1}",),
        texts=(f"village number {number}",) if number % 5 == 0 else (),
        topics=(rng.choice(list(Topic)),) if number % 3 == 1 else (),
        stances=(Stance.RESTRICTING,) if number % 7 == 1 else (),
    )


class Loop:
    """The obvious way: look at each subscription in turn."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self._known = [
            (
                each,
                {("actor", fold(name)) for name in each.watch.actors}
                | {("route", fold(name)) for name in each.watch.routes},
                [f" {' '.join(words(phrase))} " for phrase in each.watch.texts],
            )
            for each in subscriptions
        ]

    def match(self, statement: Statement, language: str | None) -> list[str]:
        """Return the ids of the subscriptions that a statement meets, in order."""
        keys, text = _keys(statement), f" {' '.join(words(statement.text))} "
        return [
            each.id
            for each, names, phrases in self._known
            if (not keys.isdisjoint(names) or any(phrase in text for phrase in phrases))
            and (not each.watch.topics or not set(each.watch.topics).isdisjoint(statement.topics))
            and (not each.watch.stances or statement.stance in each.watch.stances)
            and (not each.watch.languages or language in each.watch.languages)
        ]


def _keys(statement: Statement) -> set[tuple[str, str]]:
    pairs = [("actor", name) for each in statement.actors for name in (each.id, each.name)]
    pairs += [("route", name) for each in statement.routes for name in (each.id, each.name)]
    if statement.speaker:
        pairs += [("actor", statement.speaker.actor_id), ("actor", statement.speaker.name)]
    return {(kind, fold(name)) for kind, name in pairs if name}


def _statements() -> list[Statement]:
    extract = load_extractor().extract
    found = [
        each for one in made_up_articles(STATEMENTS // 4, 1.0) for each in extract(one).statements
    ]
    return found[:STATEMENTS]


def _rate(
    match: Callable[[Statement], object], statements: Sequence[Statement], seconds: float
) -> float:
    """Return the statements per second of a matcher that works for about so many seconds."""
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        match(statements[done % len(statements)])
        done += 1
    return done / spent
