"""What is said of a route is told apart in every language, and for whom it holds."""

import pytest

from schemas.statement import RouteStatus, Traffic
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.reading import read
from services.extractor.domain.route_claims import Claim, claims_of

LEXICON = load_lexicon()
OPEN, REOPENED, CLOSED = RouteStatus.OPEN, RouteStatus.REOPENED, RouteStatus.CLOSED
BLOCKED, LIMITED, DANGEROUS = RouteStatus.BLOCKED, RouteStatus.LIMITED, RouteStatus.DANGEROUS
AID, SICK = Traffic.HUMANITARIAN, Traffic.MEDICAL
PEOPLE, TRADE = Traffic.CIVILIAN, Traffic.COMMERCIAL


def claims(language: str, text: str, *names: str) -> list[Claim]:
    words = LEXICON.languages[language]
    (only,) = read(text, words, LEXICON, load_names())
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    found = claims_of(only, spans, words, LEXICON)
    return [found[span] for span in spans]


def status(language: str, text: str, name: str) -> RouteStatus | None:
    return claims(language, text, name)[0].status


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Sample crossing is in use.", OPEN),
        ("The Sample crossing is out of use.", CLOSED),
        ("The Sample crossing has been washed away.", BLOCKED),
        ("The Sample crossing is down to a single lane.", LIMITED),
        ("The Sample crossing opens only on Mondays.", LIMITED),
        ("The Sample crossing is open twice a week.", LIMITED),
        ("Aid came by the Sample crossing for the first time in years.", REOPENED),
        ("Gunmen ambushed a lorry near the Sample crossing.", DANGEROUS),
        ("Talks went on about opening the Sample crossing.", None),
        ("After talks they agreed to open the Sample crossing.", REOPENED),
        ("She demanded that the Sample crossing be opened.", None),
        ("He demanded that the Sample crossing stays open.", OPEN),
        ("Claims that the Sample crossing reopened are baseless.", None),
        ("Nobody may travel through the Sample crossing.", CLOSED),
        ("Nobody can travel through the Sample crossing after the floods.", BLOCKED),
        ("They did not let lorries on the Sample crossing.", BLOCKED),
        ("On the Sample crossing, gunmen looted a lorry.", DANGEROUS),
        ("Lorries began to pass the last post, at the Sample crossing.", OPEN),
        ("The Sample crossing to the north, shut since May, has reopened.", REOPENED),
        ("They do not permit lorries on the Sample crossing.", BLOCKED),
        ("The Sample crossing saw one refusal.", BLOCKED),
        ("Guards refuse many from old towns of the north; people use the Sample crossing.", OPEN),
        ("A flood hit the Sample crossing.", DANGEROUS),
        ("The Sample crossing was named after a river.", None),
    ],
)
def test_english_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("en", text, "Sample crossing") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le passage Exemple est ouvert.", OPEN),
        ("Le passage Exemple a été ouvert lundi.", REOPENED),
        ("Le passage Exemple n'est pas ouvert.", CLOSED),
        ("Le passage Exemple est fermé.", CLOSED),
        ("Le passage Exemple est partiellement fermé.", LIMITED),
        ("Le passage Exemple a été emporté par les eaux.", BLOCKED),
        ("Le passage Exemple n'est pas bloqué.", OPEN),
        ("Le passage Exemple a rouvert.", REOPENED),
        ("Un camion est tombé dans une embuscade au passage Exemple.", DANGEROUS),
        ("Trente camions ont traversé le passage Exemple.", OPEN),
        ("Ils négocient pour rouvrir le passage Exemple.", None),
        ("Il exige de rouvrir le passage Exemple.", None),
        ("Dire que le passage Exemple est fermé est un mensonge.", OPEN),
    ],
)
def test_french_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("fr", text, "passage Exemple") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("El paso Ejemplo está abierto.", OPEN),
        ("El paso Ejemplo fue abierto el lunes.", REOPENED),
        ("El paso Ejemplo no está abierto.", CLOSED),
        ("El paso Ejemplo fue clausurado.", CLOSED),
        ("El paso Ejemplo está parcialmente cerrado.", LIMITED),
        ("El paso Ejemplo quedó intransitable.", BLOCKED),
        ("El paso Ejemplo volvió a abrir.", REOPENED),
        ("Hubo un tiroteo junto al paso Ejemplo.", DANGEROUS),
        ("Treinta camiones cruzaron por el paso Ejemplo.", OPEN),
        ("Siguen las negociaciones para abrir el paso Ejemplo.", None),
        ("Pide que el paso Ejemplo siga abierto.", OPEN),
    ],
)
def test_spanish_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("es", text, "paso Ejemplo") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A passagem Exemplo está aberta.", OPEN),
        ("A passagem Exemplo foi aberta na segunda-feira.", REOPENED),
        ("A passagem Exemplo não está aberta.", CLOSED),
        ("A passagem Exemplo foi encerrada.", CLOSED),
        ("A passagem Exemplo está parcialmente fechada.", LIMITED),
        ("A passagem Exemplo ficou intransitável.", BLOCKED),
        ("A passagem Exemplo foi reaberta.", REOPENED),
        ("Houve um tiroteio perto da passagem Exemplo.", DANGEROUS),
        ("Trinta caminhões passaram pela passagem Exemplo.", OPEN),
        ("Seguem as negociações para abrir a passagem Exemplo.", None),
    ],
)
def test_portuguese_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("pt", text, "passagem Exemplo") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Der Übergang Muster ist offen.", OPEN),
        ("Der Übergang Muster ist für Hilfe geöffnet.", OPEN),
        ("Der Übergang Muster wurde geöffnet.", REOPENED),
        ("Der Übergang Muster ist nicht passierbar.", CLOSED),
        ("Der Übergang Muster ist gesperrt.", CLOSED),
        ("Der Übergang Muster ist teilweise gesperrt.", LIMITED),
        ("Der Übergang Muster ist überflutet.", BLOCKED),
        ("Der Übergang Muster ist wieder frei.", REOPENED),
        ("Ein Lastwagen geriet nahe dem Übergang Muster in einen Hinterhalt.", DANGEROUS),
        ("Dreißig Lastwagen fuhren über den Übergang Muster.", OPEN),
        ("Sie verhandeln darüber, den Übergang Muster zu öffnen.", None),
    ],
)
def test_german_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("de", text, "Übergang Muster") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Переход «Пример» открыт.", OPEN),
        ("Переход «Пример» был открыт в понедельник.", REOPENED),
        ("Переход «Пример» не открыт.", CLOSED),
        ("Переход «Пример» закрыт.", CLOSED),
        ("Переход «Пример» частично закрыт.", LIMITED),
        ("Переход «Пример» затоплен.", BLOCKED),
        ("Переход «Пример» не заблокирован.", OPEN),
        ("Переход «Пример» возобновил работу.", REOPENED),
        ("Переход «Пример» обстреляли.", DANGEROUS),
        ("Тридцать грузовиков проехали через переход «Пример».", OPEN),
        ("Переговоры об открытии перехода «Пример» продолжаются.", None),
        ("Заявления о том, что переход «Пример» закрыт, — ложь.", OPEN),
    ],
)
def test_russian_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("ru", text, "Пример") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Пункт пропуску «Приклад» відкритий.", OPEN),
        ("Пункт пропуску «Приклад» знову відкрито.", REOPENED),
        ("Пункт пропуску «Приклад» не працює.", CLOSED),
        ("Пункт пропуску «Приклад» закрито.", CLOSED),
        ("Пункт пропуску «Приклад» частково закрито.", LIMITED),
        ("Дорога «Приклад» розмита.", BLOCKED),
        ("Пункт пропуску «Приклад» відновив роботу.", REOPENED),
        ("Пункт пропуску «Приклад» обстріляли.", DANGEROUS),
        ("Тридцять вантажівок проїхали через «Приклад».", OPEN),
        ("Тривають переговори про відкриття пункту «Приклад».", None),
    ],
)
def test_ukrainian_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("uk", text, "Приклад") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("معبر المثال مفتوح.", OPEN),
        ("أعيد أمس افتتاح معبر المثال.", REOPENED),
        ("معبر المثال غير مفتوح.", CLOSED),
        ("معبر المثال مغلق.", CLOSED),
        ("معبر المثال مغلق جزئيا.", LIMITED),
        ("الشاحنات عالقة عند معبر المثال.", BLOCKED),
        ("تعرض معبر المثال للقصف.", DANGEROUS),
        ("دخلت ثلاثون شاحنة عبر معبر المثال.", OPEN),
        ("تتواصل المفاوضات حول فتح معبر المثال.", None),
    ],
)
def test_arabic_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("ar", text, "معبر المثال") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nümunə yolu açıqdır.", OPEN),
        ("Nümunə yolu açıldı.", REOPENED),
        ("Nümunə yolu bağlıdır.", CLOSED),
        ("Nümunə yolu ilə bağlı məlumat verildi.", None),
        ("Nümunə yolu qismən bağlıdır.", LIMITED),
        ("Nümunə yolu su altında qalıb.", BLOCKED),
        ("Nümunə yolu bərpa edildi.", REOPENED),
        ("Nümunə yolu minalanıb.", DANGEROUS),
        ("Otuz yük maşını Nümunə yolundan keçdi.", OPEN),
        ("Nümunə yolunun açılması tələb olunur.", None),
        ("Nümunə yolunun bağlandığı iddiası əsassızdır.", OPEN),
    ],
)
def test_azerbaijani_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("az", text, "Nümunə yolu") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Օրինակ ճանապարհը բաց է։", OPEN),
        ("Օրինակ ճանապարհը բացվել է։", REOPENED),
        ("Օրինակ ճանապարհը փակ է։", CLOSED),
        ("Օրինակ ճանապարհը մասամբ փակ է։", LIMITED),
        ("Օրինակ ճանապարհը արգելափակված է։", BLOCKED),
        ("Օրինակ ճանապարհը ականապատված է։", DANGEROUS),
        ("Երեսուն մեքենա անցավ Օրինակ ճանապարհով։", OPEN),
        ("Օրինակ ճանապարհի մասին, բացի այդ, հայտնեցին։", None),
    ],
)
def test_armenian_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("hy", text, "Օրինակ ճանապարհ") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Örnek kapısı açık.", OPEN),
        ("Örnek kapısı yeniden açıldı.", REOPENED),
        ("Örnek kapısı açık değil.", CLOSED),
        ("Örnek kapısı kapalı.", CLOSED),
        ("Örnek kapısı kısmen kapalı.", LIMITED),
        ("Örnek kapısı sular altında kaldı.", BLOCKED),
        ("Örnek kapısı bombalandı.", DANGEROUS),
        ("Otuz kamyon Örnek kapısı üzerinden geçti.", OPEN),
        ("Örnek kapısı hakkında açıklama yaptı.", None),
        ("Örnek kapısının açılması çağrısında bulundu.", None),
        ("Örnek kapısının kapatıldığı iddiası asılsız.", OPEN),
    ],
)
def test_turkish_tells_a_status(text: str, expected: RouteStatus | None) -> None:
    assert status("tr", text, "Örnek kapısı") is expected


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        ("en", "The Sample crossing is open to commercial lorries.", "Sample crossing", (TRADE,)),
        ("en", "Traders cross freely at the Sample crossing.", "Sample crossing", (TRADE,)),
        (
            "en",
            "The Sample crossing is closed to aid and trade.",
            "Sample crossing",
            (AID, TRADE),
        ),
        ("en", "The Sample crossing is open, an important step.", "Sample crossing", ()),
        ("en", "Food lorries passed through the Sample crossing.", "Sample crossing", (AID,)),
        ("en", "UNICEF lorries passed through the Sample crossing.", "Sample crossing", (AID,)),
        ("en", "The Sample crossing is closed to civilians.", "Sample crossing", (PEOPLE,)),
        ("en", "Angry residents closed the Sample crossing.", "Sample crossing", ()),
        ("en", "The evacuation by the Sample crossing goes on.", "Sample crossing", (PEOPLE,)),
        (
            "en",
            "Patients were evacuated through the Sample crossing.",
            "Sample crossing",
            (SICK,),
        ),
        (
            "en",
            "People and vehicles travel safely by the Sample crossing.",
            "Sample crossing",
            (PEOPLE,),
        ),
        ("fr", "Le passage Exemple est fermé aux commerçants.", "passage Exemple", (TRADE,)),
        ("es", "El paso Ejemplo abrió al comercio.", "paso Ejemplo", (TRADE,)),
        ("pt", "A passagem Exemplo abriu ao comércio.", "passagem Exemplo", (TRADE,)),
        ("de", "Der Übergang Muster ist für Händler offen.", "Übergang Muster", (TRADE,)),
        ("ru", "Переход «Пример» закрыт для торговли.", "Пример", (TRADE,)),
        ("uk", "Пункт «Приклад» закрито для торгівлі.", "Приклад", (TRADE,)),
        ("ar", "معبر المثال مفتوح أمام التجارة.", "معبر المثال", (TRADE,)),
        ("az", "Nümunə yolu ticarət üçün açıqdır.", "Nümunə yolu", (TRADE,)),
        ("hy", "Օրինակ ճանապարհը փակ է առևտրի համար։", "Օրինակ ճանապարհ", (TRADE,)),
        ("tr", "Örnek kapısı ticarete kapalı.", "Örnek kapısı", (TRADE,)),
    ],
)
def test_a_status_holds_for_the_traffic_that_is_named(
    language: str, text: str, name: str, expected: tuple[Traffic, ...]
) -> None:
    assert claims(language, text, name)[0].traffic == expected


def test_routes_of_one_list_share_what_is_said_of_it() -> None:
    text = (
        "From Monday on and with no end date the points at Nauseri-Sample, Chakhti-Sample, "
        "Hajipur-Sample and Rawalakot-Sample are closed."
    )
    names = ("Nauseri-Sample", "Chakhti-Sample", "Hajipur-Sample", "Rawalakot-Sample")
    assert [claim.status for claim in claims("en", text, *names)] == [CLOSED] * 4


def test_routes_in_clauses_of_their_own_share_nothing() -> None:
    text = (
        "The Sample crossing is closed to all who come, while the Testing crossing over the hills "
        "to the south remains open."
    )
    found = claims("en", text, "Sample crossing", "Testing crossing")
    assert [claim.status for claim in found] == [CLOSED, OPEN]


def test_people_far_away_are_no_traffic() -> None:
    text = (
        "The Sample crossing is closed, as the ministry of the interior let it be known in a long "
        "note last week that nobody read, and civilians complain."
    )
    assert claims("en", text, "Sample crossing") == [Claim(CLOSED)]


def test_a_cue_far_away_says_nothing_of_a_route() -> None:
    text = f"The Sample crossing lies by the river {'very ' * 50}far from a school that is closed."
    assert status("en", text, "Sample crossing") is None


def test_a_sentence_without_routes_claims_nothing() -> None:
    assert claims("en", "The Sample crossing is closed.") == []
