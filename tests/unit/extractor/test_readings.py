"""What is read in one sentence: stance, commitment, routes, actors."""

import pytest

from schemas import RouteMention, Stance
from services.extractor.domain.actors import actors_of
from services.extractor.domain.commitment import is_commitment
from services.extractor.domain.gazetteer import load_gazetteer
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.reading import MOST_CUES, MOST_NAMES, Reading, read
from services.extractor.domain.routes import routes_of
from services.extractor.domain.stance import stance_of

LEXICON = load_lexicon()


def reading(text: str, language: str = "en") -> Reading:
    (only,) = read(text, LEXICON.languages[language], LEXICON, load_names())
    return only


def routes(text: str, language: str = "en") -> tuple[RouteMention, ...]:
    return routes_of(reading(text, language), LEXICON.languages[language], LEXICON)


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The army opened the road to aid convoys.", Stance.ENABLING),
        ("The army did not allow the convoy to pass.", Stance.RESTRICTING),
        ("Gunmen looted the warehouse.", Stance.RESTRICTING),
        ("MSF urged the government to open the road.", Stance.APPEAL),
        ("The ministry denied that there is a blockade.", Stance.DENIAL),
        ("The parties held talks on the matter.", Stance.NEUTRAL),
        ("Nine men sat there.", Stance.NEUTRAL),
    ],
)
def test_a_sentence_has_the_stance_of_its_cues(text: str, stance: Stance) -> None:
    assert stance_of(reading(text), LEXICON) is stance


@pytest.mark.parametrize(
    ("text", "speaker", "expected"),
    [
        ("Azerbaijan stands ready to let the wounded pass.", "gov-azerbaijan", True),
        ("The ICRC is ready to help the wounded.", "icrc", False),
        ("The convoy arrived.", None, False),
        ("The army will not allow the convoy to pass.", None, False),
    ],
)
def test_who_controls_access_commits_itself(
    text: str, speaker: str | None, *, expected: bool
) -> None:
    sentence = reading(text)
    actor = load_gazetteer().find_actor(speaker) if speaker else None
    assert is_commitment(sentence, stance_of(sentence, LEXICON), actor, LEXICON) is expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Food comes by the Lachin-Khankendi and Aghdam–Khankendi roads.",
            [("Lachin-Khankendi", "lachin-road"), ("Aghdam–Khankendi", "aghdam-khankendi-road")],
        ),
        ("The Lachin corridor is shut.", [("Lachin corridor", "lachin-road")]),
        ("Aid trucks entered via Rafah.", [("Rafah", "rafah-crossing")]),
        ("The border at Rafah stays closed.", [("Rafah", "rafah-crossing")]),
        ("Rafah, on the border, stays closed.", [("Rafah", "rafah-crossing")]),
        ("Strikes killed nine people in Rafah.", []),
        ("The Busra al-Harir crossing was opened.", [("Busra al-Harir crossing", None)]),
        ("Ships left the port of Sampleville.", [("port of Sampleville", None)]),
        ("Bad roads slowed them.", []),
        ("The Rafah checkpoint is shut.", [("Rafah checkpoint", "rafah-crossing")]),
        (
            "The crossing at Adam Bale Cora Dale Eve Fay Gil is shut.",
            [("crossing at Adam Bale Cora Dale Eve Fay Gil", None)],
        ),
        ("We saw Adam Bale Cora Dale Eve Fay bridge.", [("Bale Cora Dale Eve Fay bridge", None)]),
        ("They waited at a Turkish crossing.", []),
        ("The road was long.", []),
    ],
)
def test_routes_are_found_by_name_and_by_pattern(
    text: str, found: list[tuple[str, str | None]]
) -> None:
    assert [(route.name, route.id) for route in routes(text)] == found


def test_a_route_in_arabic_is_found_after_its_noun() -> None:
    assert [route.name for route in routes("وصلت قافلة عبر معبر المثال أمس", "ar")] == [
        "معبر المثال"
    ]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The Adre crossing reopened on Monday.", "reopened"),
        ("The Adre crossing is closed.", "closed"),
        ("The Adre crossing has 3 lanes.", None),
    ],
)
def test_a_route_has_the_status_that_the_sentence_gives(text: str, status: str | None) -> None:
    assert [route.status for route in routes(text)] == [status]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Israel said it let the UN pass.", ["Israel", "UN"]),
        ("They live in Israel.", []),
        ("An Israeli strike hit the convoy.", ["Israeli"]),
        ("The Georgian army stood by.", ["Georgian army"]),
        ("Israeli oranges are sweet.", []),
        ("Who said that? The WHO.", ["WHO"]),
        ("Then Lebanon's health ministry spoke.", ["Lebanon's health ministry"]),
        ("The police and the troops left.", ["police"]),
        ("The UN and the UN again.", ["UN"]),
    ],
)
def test_actors_are_found_where_they_act(text: str, names: list[str]) -> None:
    sentences = read(text, LEXICON.languages["en"], LEXICON, load_names())
    found = [actor.name for each in sentences for actor in actors_of(each, LEXICON)]
    assert found == names


def test_a_person_who_speaks_is_an_actor() -> None:
    sentence = reading("Marta Ferreira said so.")
    assert [a.name for a in actors_of(sentence, LEXICON, "Marta Ferreira")] == ["Marta Ferreira"]
    assert actors_of(sentence, LEXICON, "the woman") == ()
    assert actors_of(sentence, LEXICON, "Someone Else") == ()


def test_a_sentence_of_nothing_but_names_is_read_up_to_a_limit() -> None:
    assert len(reading("UNHCR " * 300).names) == MOST_NAMES


def test_a_sentence_of_nothing_but_cues_is_read_up_to_a_limit() -> None:
    assert len(reading("aid " * 490).cues) == MOST_CUES
