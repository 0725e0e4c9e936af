"""Actors are found by name, by form and by office, where they act."""

import pytest

from schemas.statement import ActorRole
from services.extractor.domain.actors import actors_of, cast_of
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.reading import read
from services.extractor.domain.speakers import speakers_of

LEXICON = load_lexicon()


def actors(text: str, language: str = "en") -> list[tuple[str, ActorRole | None]]:
    words = LEXICON.languages[language]
    readings = read(text, words, LEXICON, load_names())
    cast = cast_of(readings, words)
    speakers = speakers_of(text, readings, words, LEXICON)
    return [
        (actor.name, actor.role)
        for each, speaker in zip(readings, speakers, strict=True)
        for actor in actors_of(each, words, LEXICON, speaker, cast)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Israel said it let the UN pass.", ["Israel", "UN"]),
        ("They live in Israel.", []),
        ("They live in southern Israel and in Lebanon.", []),
        ("Talks between Israel and Lebanon failed.", ["Israel", "Lebanon"]),
        ("After the talks, Israel has left.", ["Israel"]),
        ("Israel's towns were hit.", []),
        ("The Israel-Gaza war goes on.", []),
        ("The Georgian army stood by.", ["Georgian army"]),
        ("Israeli oranges are sweet.", []),
        ("Who said that? The WHO.", ["WHO"]),
        ("Then Lebanon's health ministry spoke.", ["Lebanon's health ministry"]),
        ("The police and the troops left.", ["police"]),
        ("A military zone was set up.", []),
        ("The UN and the UN again.", ["UN"]),
        ("UN officials left.", ["UN"]),
        (
            "The Sampleville Regional Administration gave in.",
            ["Sampleville Regional Administration"],
        ),
        ("They met Ruritania's Sample Relief Commission.", ["Sample Relief Commission"]),
        ("President of the Sample Relief Commission.", ["Sample Relief Commission"]),
        ("The road, the Sample Street, is shut.", []),
    ],
)
def test_actors_are_found_where_they_act(text: str, names: list[str]) -> None:
    assert [name for name, _ in actors(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Marta Ferreira said so.", ["Marta Ferreira"]),
        ("The woman said so.", []),
        ("Minister Marta Ferreira came. They saw Ferreira again.", ["Marta Ferreira", "Ferreira"]),
        ("Marta Ferreira, who heads the office, came.", ["Marta Ferreira"]),
        ("Marta Ferreira of UNICEF came.", ["Marta Ferreira", "UNICEF"]),
        ("UNICEF's Marta Ferreira came.", ["UNICEF", "Marta Ferreira"]),
        ("His mother, Marta Ferreira, came.", []),
        ("His mother Marta Ferreira said so.", []),
        ("Marta Ferreira came.", []),
    ],
)
def test_officials_are_actors(text: str, names: list[str]) -> None:
    assert [name for name, _ in actors(text)] == names


def test_an_acronym_is_an_actor_once_the_article_explains_it() -> None:
    text = "The Sample Relief Commission (SRC) came. Then SRC left."
    assert [name for name, _ in actors(text)] == ["Sample Relief Commission", "SRC", "SRC"]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("UNICEF said so.", ActorRole.SPEAKER),
        ("They met UNICEF.", ActorRole.HUMANITARIAN_ACTOR),
        ("They met the Georgian army.", ActorRole.ARMED_ACTOR),
        ("They met the Georgian government.", ActorRole.CONTROLLING_AUTHORITY),
        ("They met the Sample Militia Front.", ActorRole.ARMED_ACTOR),
        ("They met the Sample Film Society.", None),
    ],
)
def test_an_actor_has_a_role(text: str, role: ActorRole | None) -> None:
    assert [found for _, found in actors(text)] == [role]


@pytest.mark.parametrize(
    ("language", "text", "role"),
    [
        ("en", "Minister Marta Ferreira was seized.", ActorRole.AFFECTED_PEOPLE),
        ("en", "Minister Marta Ferreira and others were evacuated.", ActorRole.AFFECTED_PEOPLE),
        (
            "en",
            "They called for the release of Minister Marta Ferreira.",
            ActorRole.AFFECTED_PEOPLE,
        ),
        ("en", "Gunmen wounded Minister Marta Ferreira.", ActorRole.AFFECTED_PEOPLE),
        ("en", "Minister Marta Ferreira said she was evacuated.", ActorRole.SPEAKER),
        ("en", "Minister Marta Ferreira was there.", None),
        ("en", "Minister Marta Ferreira saw seized goods.", None),
        ("en", "Minister Marta Ferreira evacuated them.", None),
        ("en", "Many were killed, Minister Marta Ferreira among them.", None),
        ("en", "People were evacuated by Minister Marta Ferreira.", None),
        ("en", "Minister Marta Ferreira, who was wounded, left.", None),
        ("en", "Gunmen killed and Minister Marta Ferreira left.", None),
        ("en", "Lorries of UNICEF were seized.", ActorRole.HUMANITARIAN_ACTOR),
        ("en", "UNICEF patients were evacuated.", ActorRole.HUMANITARIAN_ACTOR),
        ("fr", "Le ministre Marta Ferreira a été enlevé.", ActorRole.AFFECTED_PEOPLE),
        ("de", "Ministerin Marta Ferreira wurde evakuiert.", ActorRole.AFFECTED_PEOPLE),
        ("es", "La liberación de la ministra Marta Ferreira tardó.", ActorRole.AFFECTED_PEOPLE),
    ],
)
def test_named_people_are_affected_by_what_is_done_to_them(
    language: str, text: str, role: ActorRole | None
) -> None:
    assert [found for _, found in actors(text, language)] == [role]


@pytest.mark.parametrize(
    "text",
    [
        "The displaced people of Sampleville were evacuated.",
        "Residents of Sampleville and 12,000 refugees were trapped.",
        "They freed the prisoners of war.",
    ],
)
def test_groups_of_people_are_no_actors(text: str) -> None:
    assert actors(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SANAA, Yemen (AP) — The UN came.", ["UN"]),
        ("The army said it in Doha. They left war-torn Yemen.", ["army"]),
        ("Doha: The coalition let the UN pass.", ["coalition", "UN"]),
        ("M23 rebels stopped the UN.", ["M23", "UN"]),
        ("The NH-2 (NH-2) and every NGO (NGO) stood still.", []),
    ],
)
def test_datelines_places_and_roads_are_no_actors(text: str, names: list[str]) -> None:
    assert [name for name, _ in actors(text)] == names


def test_a_particle_belongs_to_a_surname() -> None:
    text = "Minister Erick de Mul said so. The UN met de Mul."
    assert [name for name, _ in actors(text)] == ["Erick de Mul", "UN", "de Mul"]


def test_a_body_ends_where_a_person_begins() -> None:
    found = [name for name, _ in actors("Министр Минобороны Игорь Петров сказал это.", "ru")]
    assert "Игорь Петров" in found


def test_an_acronym_belongs_to_the_name_before_it() -> None:
    found = [name for name, _ in actors("Всемирная продовольственная программа ООН ждёт.", "ru")]
    assert found == ["Всемирная продовольственная программа ООН"]
