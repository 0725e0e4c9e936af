"""The grammar reads any text, in time that grows with its length."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.extractor.domain.actors import actors_of, cast_of
from services.extractor.domain.grammar import NO_GRAMMAR, read_grammar
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.place_index import PlaceIndex, pack
from services.extractor.domain.places import countries_of, places_of
from services.extractor.domain.quantities import quantities_of
from services.extractor.domain.reading import read
from services.extractor.domain.routes import routes_of
from services.extractor.domain.speakers import speakers_of
from services.runtime.errors import ConfigurationError

LEXICON = load_lexicon()
NAMES = load_names()
PLACES = PlaceIndex(pack(()))
PIECES = [
    *(
        "said",
        " ",
        "X",
        "Marta",
        "Ferreira",
        ",",
        ".",
        "“",
        "”",
        '"',
        "(",
        ")",
        ":",
        "-",
        "–",
        "'s",
    ),
    *("the", "of", "and", "who", "which", "was", "to", "according to", "he", "its", "statement"),
    *("Rafah", "crossing", "roads", "UNICEF", "Israel", "(ABC)", "70", "tonnes", "1,200", "\n\n"),
    *(
        "قال",
        "معبر",
        "сообщили",
        "в",
        "göre",
        "a-t-il",
        "\ud800",
        "\u0301",
        "MR X: ",
        "we",
        "«",
        "»",
    ),
]


def analyse(text: str, code: str) -> None:
    language = LEXICON.languages[code]
    readings = read(text, language, LEXICON, NAMES)
    cast, countries = cast_of(readings, language), countries_of(readings)
    speakers = speakers_of(text, readings, language, LEXICON)
    assert len(speakers) == len(readings)
    for reading, speaker in zip(readings, speakers, strict=True):
        actors = actors_of(reading, language, LEXICON, speaker, cast)
        routes = routes_of(reading, language, LEXICON)
        assert all(actor.name in reading.words for actor in actors)
        assert all(route.name in reading.words for route in routes)
        for quantity in quantities_of(reading, language):
            assert quantity.text in reading.words
        places_of(reading, language, PLACES, countries, [route.name for route in routes])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.text(max_size=80),
    st.sampled_from(sorted(LEXICON.languages)),
)
def test_no_text_makes_the_grammar_fail(text: str, code: str) -> None:
    analyse(text, code)


@pytest.mark.parametrize(
    "piece",
    [
        "said ",
        "Marta ",
        "X, ",
        "“a” ",
        "(",
        "Rafah crossing and ",
        "70 tonnes of ",
        "who ",
        "the of ",
    ],
)
def test_time_grows_with_length(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        start = time.process_time()
        analyse(text, "en")
        return time.process_time() - start

    seconds(100)
    short, long = seconds(500), seconds(5000)
    assert long < 40 * short + 0.5


def test_a_list_that_does_not_exist_is_reported() -> None:
    assert read_grammar({}, "xx.yaml") == NO_GRAMMAR
    with pytest.raises(ConfigurationError, match="determiner"):
        read_grammar({"determiner": []}, "xx.yaml")
