"""What is read in one sentence: cues and names, and who promises."""

import pytest

from schemas import ActorMention, ActorRole, Speaker
from services.extractor.domain.commitment import promisor_of
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.reading import MOST_CUES, MOST_NAMES, Reading, read

LEXICON = load_lexicon()
AGENCY = ("The ICRC", ActorRole.HUMANITARIAN_ACTOR)


def reading(text: str, language: str = "en") -> Reading:
    (only,) = read(text, LEXICON.languages[language], LEXICON, load_names())
    return only


@pytest.mark.parametrize(
    ("text", "language", "concepts"),
    [
        ("The army reopened the road to aid convoys.", "en", ("route", "aid")),
        ("L’armée a rouvert la route aux convois d’aide.", "fr", ("route", "aid")),
        ("The ICRC left on Monday.", "en", ("agency",)),
        ("The Lachin corridor is quiet.", "en", ("named_route",)),
    ],
)
def test_a_sentence_has_the_concepts_of_its_words_and_names(
    text: str, language: str, concepts: tuple[str, ...]
) -> None:
    wanted = LEXICON.mask(*concepts)
    assert reading(text, language).concepts & wanted == wanted


def test_a_sentence_of_neither_cues_nor_names_has_no_concepts() -> None:
    assert reading("Nine men sat there.").concepts == 0


def test_cues_and_names_stand_where_they_were_found() -> None:
    found = reading("The ICRC’s convoys wait at the Lachin corridor.")
    written = [found.text[name.start : name.end] for name in found.names]
    assert written == ["ICRC", "Lachin corridor"]
    assert "convoys" in {found.text[cue.start : cue.end] for cue in found.cues}


@pytest.mark.parametrize(
    ("actors", "speaker", "promisor"),
    [
        ((AGENCY, ("Baku", ActorRole.CONTROLLING_AUTHORITY)), None, "Baku"),
        ((AGENCY, ("the rebels", ActorRole.ARMED_ACTOR)), "Mr. Smith", "the rebels"),
        ((AGENCY,), "Mr. Smith", "Mr. Smith"),
        ((), None, None),
    ],
)
def test_an_authority_or_armed_actor_promises_before_whoever_speaks(
    actors: tuple[tuple[str, ActorRole], ...], speaker: str | None, promisor: str | None
) -> None:
    mentions = [ActorMention(name=name, role=role) for name, role in actors]
    assert promisor_of(Speaker(name=speaker) if speaker else None, mentions) == promisor


def test_a_sentence_of_nothing_but_names_is_read_up_to_a_limit() -> None:
    assert len(reading("UNHCR " * 300).names) == MOST_NAMES


def test_a_sentence_of_nothing_but_cues_is_read_up_to_a_limit() -> None:
    assert len(reading("aid " * 490).cues) == MOST_CUES
