"""From names as people write them to what a subscription watches."""

from collections.abc import Iterable

from services.alerting.domain.folding import words as terms
from services.alerting.domain.subscription import Watch
from services.cli.words import languages as read_languages
from services.cli.words import stances as read_stances
from services.cli.words import topics as read_topics
from services.extractor.domain.gazetteer import load_gazetteer
from services.runtime.errors import UsageError


def watch_of(
    *,
    name: str = "",
    actors: Iterable[str] = (),
    routes: Iterable[str] = (),
    texts: Iterable[str] = (),
    topics: Iterable[str] = (),
    stances: Iterable[str] = (),
    languages: Iterable[str] = (),
) -> Watch:
    """Return what to watch; names that the gazetteer knows become its ids.

    Raises:
        UsageError: a topic, stance or language does not exist, or a name has no letters.
    """
    del name
    for written in (*actors, *routes, *texts):
        if not terms(written):
            raise UsageError(
                f"'{written}' has no letters or digits to watch for", "Write a name or a word."
            )
    return Watch(
        actors=actor_names(actors),
        routes=route_names(routes),
        texts=tuple(texts),
        topics=read_topics(topics),
        stances=read_stances(stances),
        languages=read_languages(languages),
    )


def actor_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return gazetteer ids for names that it knows, other names as they are."""
    gazetteer = load_gazetteer()
    found = ((name, gazetteer.find_actor(name)) for name in names)
    return tuple(actor.id if actor else name for name, actor in found)


def route_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return gazetteer ids for names that it knows, other names as they are."""
    gazetteer = load_gazetteer()
    found = ((name, gazetteer.find_route(name)) for name in names)
    return tuple(route.id if route else name for name, route in found)
