"""Routes and actors are found by any of their names."""

import re
from typing import Any

import pytest

from services.extractor.domain.folding import Folded
from services.extractor.domain.gazetteer import (
    ROUTE_KINDS,
    Actor,
    Gazetteer,
    Route,
    load_gazetteer,
    read_entries,
)
from services.extractor.domain.names import NameIndex, load_names
from services.runtime.errors import ConfigurationError


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lachin-road", "lachin-road"),
        ("Lachin corridor", "lachin-road"),
        ("the Laçın road", "lachin-road"),
        ("Berdzor", "lachin-road"),
        ("Khankendi–Lachin road", "lachin-road"),
        ("Stepanakert-Goris", "lachin-road"),
        ("AGHDAM", "aghdam-khankendi-road"),
        ("Akna road", "aghdam-khankendi-road"),
        ("Ağdam-Xankəndi", "aghdam-khankendi-road"),
        ("معبر رفح", "rafah-crossing"),
        ("Adré", "adre"),
    ],
)
def test_a_route_is_found_by_any_name(name: str, expected: str) -> None:
    route = load_gazetteer().find_route(name)
    assert route is not None
    assert route.id == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ICRC", "icrc"),
        ("icrc", "icrc"),
        ("Beynəlxalq Qırmızı Xaç Komitəsi", "icrc"),
        ("Azerbaijan", "gov-azerbaijan"),
        ("the World Food Program", "wfp"),
    ],
)
def test_an_actor_is_found_by_any_name(name: str, expected: str) -> None:
    actor = load_gazetteer().find_actor(name)
    assert actor is not None
    assert actor.id == expected


def test_an_unknown_name_is_not_found_but_near_ones_are_suggested() -> None:
    gazetteer = load_gazetteer()
    assert gazetteer.find_route("Lachim corridor") is None
    assert gazetteer.find_actor("Nobody in particular") is None
    assert "lachin-road" in gazetteer.suggest("Lachim corridor")
    assert "unicef" in gazetteer.suggest("UNICEV")
    assert gazetteer.suggest("zzzzqqqq") == ()


def test_every_entry_is_complete() -> None:
    gazetteer = load_gazetteer()
    assert len(gazetteer.routes) >= 80
    assert len(gazetteer.actors) >= 1000
    entries: list[Route | Actor] = [*gazetteer.routes, *gazetteer.actors]
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id)
        assert all(re.fullmatch("[A-Z]{2}", country) for country in entry.countries)
    for route in gazetteer.routes:
        assert route.countries
        assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in route.points)
        assert len(route.between) in {0, 2}


def test_an_id_names_one_entry_only() -> None:
    gazetteer = load_gazetteer()
    ids = [route.id for route in gazetteer.routes] + [actor.id for actor in gazetteer.actors]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([{"id": "x", "kind": "road"}], "entry 1 (x)"),
        ([{"id": "x", "kind": "road", "name": "X", "colour": "red"}], "colour"),
        ([{"id": "x", "kind": "river", "name": "X"}], "unknown kind 'river'"),
        ([{"id": "x", "kind": "road", "name": "X"}] * 2, "the id stands twice"),
    ],
)
def test_a_wrong_entry_is_named(entries: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(reason)):
        read_entries({"routes": entries}, "routes", Route, ROUTE_KINDS)


def test_an_actor_keeps_what_its_entry_says() -> None:
    entry = {"id": "x", "kind": "ngo", "name": "X", "acronyms": ["XX"]}
    (actor,) = read_entries({"actors": [entry]}, "actors", Actor, frozenset({"ngo"}))
    assert actor == Actor(id="x", kind="ngo", name="X", acronyms=("XX",))


def test_an_entry_with_a_mistake_that_does_no_harm_is_read() -> None:
    entry = {"id": "x", "kind": "ngo", "name": "X", "countries": ["QQ"]}
    (actor,) = read_entries({"actors": [entry]}, "actors", Actor, frozenset({"ngo"}))
    assert actor.countries == ("QQ",)


def test_adjectives_are_found_with_any_ending() -> None:
    actor = Actor(id="x", kind="government", name="X", nationality=("суданск*",))
    index = NameIndex(Gazetteer([], [actor]))
    [name] = index.find(Folded("заявление суданской армии"))
    assert (name.start, name.end, name.entry.use) == (10, 19, "nationality")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kizilay", "red-crescent"),
        ("Silvia Anyone", None),
        ("ЦАХАЛ", "idf"),
        ("قوات الدعم السريع", "rsf"),
        ("Clan du Golfe", "clan-del-golfo"),
        ("Gang Suppression Force", "mss-haiti"),
        ("DR Congo", "gov-drc"),
        ("Côte d'Ivoire", "gov-ivory-coast"),
        ("Сирии", "gov-syria"),
        ("Soudan du Sud", "gov-south-sudan"),
    ],
)
def test_actors_worldwide_are_found_in_their_languages(name: str, expected: str | None) -> None:
    actor = load_gazetteer().find_actor(name)
    assert (actor.id if actor else None) == expected


@pytest.mark.parametrize("text", ["People in need of aid", "They care about the goal", "mag"])
def test_ordinary_words_are_no_actors(text: str) -> None:
    assert load_names().find(Folded(text)) == []
