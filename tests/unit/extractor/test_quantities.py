"""Amounts of goods, vehicles and people are read in digits and in words."""

import pytest

from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.quantities import MOST, quantities_of
from services.extractor.domain.quantity_words import NO_QUANTITIES, read_quantities
from services.extractor.domain.reading import read
from services.runtime.errors import ConfigurationError

LEXICON = load_lexicon()
Found = list[tuple[str, float | None, str | None, str | None]]


def quantities(text: str, language: str = "en") -> Found:
    words = LEXICON.languages[language]
    return [
        (each.text, each.amount, each.unit, each.goods)
        for reading in read(text, words, LEXICON, load_names())
        for each in quantities_of(reading, words)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They sent 70 tonnes of flour.", [("70 tonnes of flour", 70, "tonne", "flour")]),
        ("They sent two trucks.", [("two trucks", 2, "truck", None)]),
        ("They sent 1,200 aid trucks.", [("1,200 aid trucks", 1200, "truck", None)]),
        ("They sent 1.5 million litres.", [("1.5 million litres", 1.5e6, "litre", None)]),
        ("Dozens of civilians left.", [("Dozens of civilians", None, "person", None)]),
        (
            "Ten tons of food and water came.",
            [("Ten tons of food and water", 10, "tonne", "food and water")],
        ),
        ("On 15 August 2023 they left.", []),
        ("By 15, trucks left.", []),
        ("100 detainees of whom 3 died.", [("100 detainees", 100, "person", None)]),
        ("5 tonnes of", [("5 tonnes", 5, "tonne", None)]),
        (
            "Bring 70 tonnes of flour along the road.",
            [("70 tonnes of flour", 70, "tonne", "flour")],
        ),
        ("70 tonnes of flour crossed.", [("70 tonnes of flour", 70, "tonne", "flour")]),
        ("Ten tons of food brought by sea.", [("Ten tons of food", 10, "tonne", "food")]),
        ("They gave 9 tonnes of it.", [("9 tonnes", 9, "tonne", None)]),
        (
            "Six tons of fuel and medical goods.",
            [("Six tons of fuel and medical goods", 6, "tonne", "fuel and medical goods")],
        ),
        ("Two tons of dried fish.", [("Two tons of dried fish", 2, "tonne", "dried fish")]),
        ("15 prisoners of war left.", [("15 prisoners", 15, "person", None)]),
        ("50 wounded civilians left.", [("50 wounded civilians", 50, "person", None)]),
        (
            "Hundreds of thousands of civilians left.",
            [("Hundreds of thousands of civilians", None, "person", None)],
        ),
        ("All through 2016 convoys ran.", []),
        ("They sent 2016 trucks.", [("2016 trucks", 2016, "truck", None)]),
        ("Food for 2000 people came.", [("2000 people", 2000, "person", None)]),
        ("They left with 2000 tonnes of food.", [("2000 tonnes of food", 2000, "tonne", "food")]),
        ("1,5 tonnes came.", [("1,5 tonnes", 1.5, "tonne", None)]),
        (
            "9 million million million million tonnes came.",
            [("9 million million million million tonnes", None, "tonne", None)],
        ),
        ("10 tons of animal feed left.", [("10 tons of animal feed", 10, "tonne", "animal feed")]),
        (
            "2 trucks with winter clothing.",
            [("2 trucks with winter clothing", 2, "truck", "winter clothing")],
        ),
        (
            "2 trucks with much needed aid.",
            [("2 trucks with much needed aid", 2, "truck", "much needed aid")],
        ),
        (
            "Two tons of rice and dried fish crossed.",
            [("Two tons of rice and dried fish", 2, "tonne", "rice and dried fish")],
        ),
        ("Of 166 hurt, 67 are civilians.", []),
        ("The 90-day visa.", []),
        ("12 were hurt.", []),
    ],
)
def test_amounts_are_found_in_english(text: str, found: Found) -> None:
    assert quantities(text) == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "30 000 tonnes de vivres", ("30 000 tonnes de vivres", 30000, "tonne", "vivres")),
        ("es", "siete camiones", ("siete camiones", 7, "truck", None)),
        ("de", "1.500 Tonnen Mehl", ("1.500 Tonnen", 1500, "tonne", None)),
        ("ru", "5 тонн муки", ("5 тонн муки", 5, "tonne", "муки")),
        ("uk", "346 людей", ("346 людей", 346, "person", None)),
        ("ar", "20 شاحنة", ("20 شاحنة", 20, "truck", None)),
        ("tr", "40 ton un", ("40 ton un", 40, "tonne", "un")),
        ("az", "9 avtomobili", ("9 avtomobili", 9, "vehicle", None)),
        ("hy", "70 տոննա", ("70 տոննա", 70, "tonne", None)),
        ("pt", "8 mil pessoas", ("8 mil pessoas", 8000, "person", None)),
    ],
)
def test_amounts_are_found_in_other_languages(
    language: str, text: str, found: tuple[str, float, str, str | None]
) -> None:
    assert quantities(text, language) == [found]


def test_only_so_many_amounts_are_given() -> None:
    assert len(quantities("2 trucks, " * (MOST + 5))) == MOST


def test_a_list_that_does_not_exist_is_reported() -> None:
    assert read_quantities({}, "xx.yaml") == NO_QUANTITIES
    with pytest.raises(ConfigurationError, match="unit"):
        read_quantities({"unit": {}}, "xx.yaml")


@pytest.mark.parametrize("document", [{"ends": [False]}, {"units": {"truck": [1]}}])
def test_a_word_that_is_no_text_is_reported(document: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="no text"):
        read_quantities(document, "xx.yaml")
