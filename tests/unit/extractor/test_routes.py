"""Routes are found by name and by form, and what is said of each is told apart."""

import pytest

from schemas import RouteMention
from schemas.statement import RouteStatus, Traffic
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.reading import Reading, read
from services.extractor.domain.routes import routes_of

LEXICON = load_lexicon()


def reading(text: str, language: str) -> Reading:
    (only,) = read(text, LEXICON.languages[language], LEXICON, load_names())
    return only


def routes(text: str, language: str = "en") -> tuple[RouteMention, ...]:
    return routes_of(reading(text, language), LEXICON.languages[language], LEXICON)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Food comes by the Lachin-Khankendi and Aghdam–Khankendi roads.",
            ["Lachin-Khankendi", "Aghdam–Khankendi"],
        ),
        ("The Lachin corridor is shut.", ["Lachin corridor"]),
        ("Aid trucks entered via Rafah.", ["Rafah"]),
        ("Nothing goes through Rafah.", ["Rafah"]),
        ("The border at Rafah stays closed.", ["Rafah"]),
        ("Rafah, on the border, stays closed.", ["Rafah"]),
        ("Strikes killed nine people in Rafah.", []),
        ("The Rafah and Kerem Shalom crossings are open.", ["Rafah", "Kerem Shalom"]),
        ("Ships left the port of Sampleville.", ["port of Sampleville"]),
        ("Ships left the ports of Sampleville and Testport.", ["Sampleville", "Testport"]),
        (
            "The Sampleville, Testport and Al Exam crossings opened.",
            ["Sampleville", "Testport", "Al Exam"],
        ),
        ("Bad roads slowed them.", []),
        ("They waited at a Turkish crossing.", []),
        ("The road was long.", []),
        ("Sampleville–Testport–Exam road is shut.", ["Sampleville–Testport–Exam road"]),
        ("They took the road from Sampleville to Testport.", ["road from Sampleville to Testport"]),
        ("The road between Sampleville and Testport.", ["road between Sampleville and Testport"]),
        ("The road between Sampleville and the rest of the island.", []),
        ("The road between Kabul and Kandahar.", ["road between Kabul and Kandahar"]),
        ("The road between Armenia and Azerbaijan is shut.", []),
        ("The Road From Sampleville To Testport.", ["Road From Sampleville To Testport"]),
        ("They took the road to Sampleville and Testport.", []),
        ("The road to Armenia is shut.", []),
        ("They were seized on the road to Sampleville.", []),
        ("A sea corridor to Sampleville opened.", ["sea corridor to Sampleville"]),
        ("They use the far crossing of al-Sampleville.", ["crossing of al-Sampleville"]),
        ("The camp lies near the “Sampleville” crossing.", ["Sampleville"]),
        ("They came to the “old” crossing.", []),
        ("They reached the “Israeli” crossing and the “Hamas” checkpoint.", []),
        ("The “Sampleville” and “Testport” crossings are shut.", []),
        ("They left by a Taliban-held crossing.", []),
        ("People barred the gate of the UN office.", []),
        ("They were stopped at an RSF checkpoint.", []),
        ("It is an old Maritime Silk Road city.", []),
        (
            "A humanitarian corridor at Sampleville opened.",
            ["humanitarian corridor at Sampleville"],
        ),
        ("Gunmen blocked NH 37 and the RN2.", ["NH 37", "RN2"]),
        ("The Wall Street Journal wrote.", []),
        ("The checkpoint at 12 closed.", []),
        ("The Sampleville (Testport) road is shut.", ["Sampleville (Testport) road"]),
        ("Crossings at Sampleville.", []),
        ("They barred the roads to Sampleville and Testport.", []),
        ("They barred the roads to Sampleville, and U.N. convoys waited.", []),
        (
            "The road linking Sample-au-Test to Testport is shut.",
            ["road linking Sample-au-Test to Testport"],
        ),
        (
            "They use the Exam Sample-Testport-El Ville route.",
            ["Exam Sample-Testport-El Ville route"],
        ),
        ("On the Juba-Testport route it costs more.", ["Juba-Testport route"]),
        ("The Sample-Testport trek route broke.", ["Sample-Testport trek route"]),
        ("The corridor Sample-Testport-Exam opened.", ["Sample-Testport-Exam"]),
        ("The Pan American Highway at Testport is shut.", ["Pan American Highway"]),
        ("Slides closed the Manila North Road.", ["Manila North Road"]),
        ("The Turkish Highway is shut.", []),
        ("It tied up in Monrovia harbour.", ["Monrovia harbour"]),
        ("It tied up in a Yemeni port.", []),
        ("He was found in a street of the al-Sample district.", []),
        ("At the airport of the Tigrayan capital families wept.", []),
        ("They opened the crossing points over Easter.", []),
        ("They opened the bridge over the Sample.", ["bridge over the Sample"]),
        ("The checkpoint in Sampleville is shut.", ["checkpoint in Sampleville"]),
        ("A checkpoint in Sampleville stopped them.", []),
        ("More people travel the A9 now.", ["A9"]),
        ("Nurses wore the N95 masks on the road.", []),
        ("Nurses wore the N95.", []),
        ("Gangs in Port-au-Test attacked checkpoint guards.", []),
        ("The road Jean-Pierre took was shut.", []),
        ("The port of Sampleville city is shut.", ["port of Sampleville"]),
        ("It lies in the South Sudanese port.", []),
        ("At the Yemen port it waits.", []),
        ("They wait at the port in Sierra Leone", []),
        ("They wait at a crossing beside the “Sierra” crossing of Sierra Leone", ["Sierra"]),
        ("The crossing in Turkey is shut.", []),
        ("The checkpoint in UNICEF's view is shut.", []),
        ("HODEIDAH – No tanker came in.", []),
        ("Fuel went from Aden to Sanaa International Airport.", ["Sanaa International Airport"]),
    ],
)
def test_routes_are_found_by_name_and_by_form(text: str, found: list[str]) -> None:
    assert [route.name for route in routes(text)] == found


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ar", "وصلت قافلة عبر معبر المثال أمس", ["معبر المثال"]),
        ("fr", "Le poste frontière de Sampleville est fermé.", ["poste frontière de Sampleville"]),
        (
            "fr",
            "Les routes de Sampleville et de Testville sont coupées.",
            ["Sampleville", "Testville"],
        ),
        ("es", "El paso fronterizo de Sampleville abrió.", ["paso fronterizo de Sampleville"]),
        ("es", "La carretera entre Villauno e Ibarra.", ["carretera entre Villauno e Ibarra"]),
        ("de", "Der Hafen von Musterstadt und Häuser.", ["Hafen von Musterstadt"]),
        ("de", "Die Straße zwischen Aldorf und Bedorf.", ["Straße zwischen Aldorf und Bedorf"]),
        ("pt", "Os aeroportos de Sampleville e Testport abriram.", ["Sampleville", "Testport"]),
        ("ru", "Блокпост «Пример» закрыт.", ["Пример"]),
        ("ru", "Они ехали по дороге Пример — Опыт.", ["Пример — Опыт"]),
        ("az", "Nümunə yolunun açılması.", []),
        ("az", "Bakıda Nümunə-Sınaq yolunun açılması.", ["Nümunə-Sınaq yolu"]),
        ("tr", "Bir konvoy Örnek Köprüsü’nden geçti.", ["Örnek Köprüsü"]),
    ],
)
def test_routes_are_found_in_other_languages(language: str, text: str, found: list[str]) -> None:
    assert [route.name for route in routes(text, language)] == found


@pytest.mark.parametrize(
    ("text", "status", "traffic"),
    [
        ("The Adre crossing reopened on Monday.", RouteStatus.REOPENED, ()),
        (
            "The Adre crossing was opened to aid trucks.",
            RouteStatus.REOPENED,
            (Traffic.HUMANITARIAN,),
        ),
        ("The Adre crossing remains open.", RouteStatus.OPEN, ()),
        ("The Adre crossing will open tomorrow.", RouteStatus.REOPENED, ()),
        ("The Adre crossing is closed.", RouteStatus.CLOSED, ()),
        ("The Adre crossing is not open.", RouteStatus.CLOSED, ()),
        ("The Adre crossing is not blocked.", RouteStatus.OPEN, ()),
        ("They denied that the Adre crossing is closed.", RouteStatus.OPEN, ()),
        ("The Adre crossing is largely shut.", RouteStatus.LIMITED, ()),
        ("Patients passed through the Adre crossing.", RouteStatus.OPEN, (Traffic.MEDICAL,)),
        (
            "Soldiers refused the convoy at the Adre crossing.",
            RouteStatus.BLOCKED,
            (Traffic.HUMANITARIAN,),
        ),
        ("They must open the Adre crossing.", None, ()),
        ("The Adre crossing has 3 lanes.", None, ()),
    ],
)
def test_a_route_has_the_status_that_is_said_of_it(
    text: str, status: RouteStatus | None, traffic: tuple[Traffic, ...]
) -> None:
    assert [(route.status, route.traffic) for route in routes(text)] == [(status, traffic)]


def test_each_route_has_its_own_status() -> None:
    text = "The Adre crossing is closed, but the Tine crossing remains open."
    assert [route.status for route in routes(text)] == [RouteStatus.CLOSED, RouteStatus.OPEN]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ships were kept away from Hodeidah.", ["Hodeidah"]),
        ("People live in Hodeidah.", []),
        ("The first 143 containers are to cross at Torkham and Chaman.", ["Torkham", "Chaman"]),
        ("Aid came by way of Rafah.", ["Rafah"]),
        ("Ships called at Hodeidah Hospital.", []),
    ],
)
def test_a_bare_name_is_a_route_where_something_calls_at_it(text: str, found: list[str]) -> None:
    assert [route.name for route in routes(text)] == found


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Claims that Azerbaijan is blocking the Lachin corridor are baseless.", RouteStatus.OPEN),
        ("The Lachin road has been blocked neither by us nor by them.", RouteStatus.OPEN),
        ("The Adre crossing, shut for months, is open again.", RouteStatus.REOPENED),
        ("They agreed to bring food along the Lachin road.", RouteStatus.REOPENED),
        ("Lorries can no longer deliver aid through the Rafah crossing.", RouteStatus.CLOSED),
        ("Lorries were stranded at the Rafah crossing.", RouteStatus.BLOCKED),
        ("An official stood at the Rafah crossing.", None),
        ("The officers took the Lachin road.", RouteStatus.OPEN),
    ],
)
def test_a_clause_turns_what_is_said_of_a_route(text: str, status: RouteStatus | None) -> None:
    assert [route.status for route in routes(text)] == [status]
