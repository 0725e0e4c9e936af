"""Which subscriptions a statement meets."""

from hypothesis import given
from hypothesis import strategies as st

from schemas import ActorMention, RouteMention, Speaker, Stance, Statement, Topic
from services.alerting.domain.channel import Channel, ChannelKind
from services.alerting.domain.folding import fold, words
from services.alerting.domain.matching import SubscriptionIndex
from services.alerting.domain.subscription import Subscription, Watch
from tests.support.builders import NOON, statement

CONSOLE = (Channel(ChannelKind.CONSOLE, ""),)


def subscription(identifier: str = "s", *, active: bool = True, **watch: object) -> Subscription:
    asked = Watch(**watch)  # type: ignore[arg-type]
    return Subscription(identifier, identifier, asked, CONSOLE, NOON, NOON, active=active)


def reasons(watching: Subscription, found: Statement, language: str | None = "en") -> list[str]:
    matches = SubscriptionIndex([watching]).match(found, language)
    return [reason for match in matches for reason in match.reasons]


LACHIN = statement(
    "The ICRC may use the Lachin road, he said.",
    actors=[ActorMention(name="ICRC", id="icrc")],
    routes=[RouteMention(name="Lachin–Khankendi", id="lachin-road")],
    topics=[Topic.ROUTE_STATUS, Topic.AID_DELIVERY],
)


def test_an_actor_is_met_by_its_id_or_its_name() -> None:
    assert reasons(subscription(actors=("icrc",)), LACHIN) == ["actor:icrc"]
    assert reasons(subscription(actors=("UNHCR",)), LACHIN) == []


def test_a_route_is_met_whatever_dash_and_case_it_is_written_with() -> None:
    assert reasons(subscription(routes=("LACHIN-KHANKENDI",)), LACHIN)
    assert reasons(subscription(routes=("lachin-road",)), LACHIN) == ["route:lachin-road"]


def test_one_watched_subject_is_enough() -> None:
    assert reasons(subscription(actors=("who",), routes=("lachin-road",)), LACHIN)


def test_an_actor_is_met_where_it_only_speaks() -> None:
    spoken = statement("The road is open.", speaker=Speaker(name="Egger", actor_id="icrc"))
    assert reasons(subscription(actors=("ICRC",)), spoken) == ["actor:ICRC"]


def test_apostrophes_are_alike() -> None:
    assert reasons(subscription(texts=("Sana'a",)), statement("Sana’a airport is shut."))


def test_a_phrase_is_met_on_word_boundaries() -> None:
    assert reasons(subscription(texts=("lachin road",)), LACHIN) == ["text:lachin road"]
    assert reasons(subscription(texts=("achin",)), LACHIN) == []


def test_every_filter_must_hold() -> None:
    watching = subscription(actors=("icrc",), stances=(Stance.RESTRICTING,))
    assert reasons(watching, LACHIN) == []
    watching = subscription(actors=("icrc",), stances=(Stance.ENABLING,), languages=("fr",))
    assert reasons(watching, LACHIN) == []
    assert reasons(watching, LACHIN, "fr") == ["actor:icrc", "stance:enabling", "language:fr"]


def test_a_subscription_without_subjects_watches_everything() -> None:
    assert reasons(subscription(), LACHIN) == ["everything"]
    assert reasons(subscription(topics=(Topic.AID_DELIVERY,)), LACHIN) == ["topic:aid_delivery"]


def test_a_paused_subscription_meets_nothing() -> None:
    assert reasons(subscription(active=False), LACHIN) == []


NAMES = ("ICRC", "Lachin road", "Laçın–Xankəndi", "OCHA", "Rafah crossing", "red cross")
few = st.lists(st.sampled_from(NAMES), max_size=3).map(tuple)
watches = st.builds(
    Watch,
    actors=few,
    routes=few,
    texts=few,
    topics=st.lists(st.sampled_from(Topic), max_size=2).map(tuple),
    stances=st.lists(st.sampled_from(Stance), max_size=2).map(tuple),
    languages=st.lists(st.sampled_from(["en", "fr"]), max_size=1).map(tuple),
)
statements = st.builds(
    lambda text, actors, routes, topics, stance: statement(
        text or "x",
        actors=[ActorMention(name=name) for name in actors],
        routes=[RouteMention(name=name) for name in routes],
        topics=topics,
        stance=stance,
    ),
    st.lists(st.sampled_from(NAMES), max_size=3).map(" and ".join),
    few,
    few,
    st.lists(st.sampled_from(Topic), min_size=1, max_size=3),
    st.sampled_from(Stance),
)


def naive(watch: Watch, found: Statement, language: str | None) -> bool:
    """Match one subscription the slow and obvious way."""
    actors = {fold(mention.name) for mention in found.actors}
    routes = {fold(mention.name) for mention in found.routes}
    padded = f" {' '.join(words(found.text))} "
    subjects = (
        [fold(name) in actors for name in watch.actors]
        + [fold(name) in routes for name in watch.routes]
        + [f" {' '.join(words(phrase))} " in padded for phrase in watch.texts]
    )
    return (
        (not subjects or any(subjects))
        and (not watch.topics or bool(set(watch.topics) & set(found.topics)))
        and (not watch.stances or found.stance in watch.stances)
        and (not watch.languages or language in watch.languages)
    )


@given(st.lists(watches, max_size=6), statements, st.sampled_from(["en", "fr", None]))
def test_the_index_finds_what_a_plain_loop_finds(
    asked: list[Watch], found: Statement, language: str | None
) -> None:
    all_of_them = [
        Subscription(str(n), str(n), watch, CONSOLE, NOON, NOON) for n, watch in enumerate(asked)
    ]
    matched = {
        each.subscription.id for each in SubscriptionIndex(all_of_them).match(found, language)
    }
    assert matched == {each.id for each in all_of_them if naive(each.watch, found, language)}
