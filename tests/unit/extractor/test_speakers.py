"""Sentences are attributed to whoever speaks."""

import pytest

from schemas.statement import Speech
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.quotations import LONGEST, around, quotations
from services.extractor.domain.reading import read
from services.extractor.domain.speakers import speakers_of

LEXICON = load_lexicon()
ENGLISH = LEXICON.languages["en"]


def speakers(text: str) -> list[str | None]:
    found = speakers_of(text, read(text, ENGLISH, LEXICON, load_names()), ENGLISH, LEXICON)
    return [speaker.name if speaker else None for speaker in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The road is open.", [None]),
        ("Hajiyev said that the road is open.", ["Hajiyev"]),
        ("The road is open, said Marta Ferreira.", ["Marta Ferreira"]),
        (
            "The road is open, according to the Egyptian Red Crescent.",
            ["the Egyptian Red Crescent"],
        ),
        ("Marta Ferreira, who speaks for OCHA, said the road is open.", ["Marta Ferreira"]),
        ("Foreign Minister Jeyhun Bayramov said so.", ["Jeyhun Bayramov"]),
        ("Many aid agencies said so.", ["Many aid agencies"]),
        ("According to him, Marta Ferreira said so.", ["Marta Ferreira"]),
        ("According to, well.", [None]),
        ("That is all according to", [None]),
        ("And said so.", [None]),
        (
            "The man from the end of the long and dusty road by the old wall of a town said so.",
            [None],
        ),
        ("The road is open, said Jeyhun Bayramov.", ["Jeyhun Bayramov"]),
        ("Wind and waves, which rose, said nothing.", ["Wind and waves"]),
        ("The trucks were told to wait.", [None]),
        ("They were told to say so.", [None]),
        ("On Tuesday the ministry warned of that.", ["the ministry"]),
        ("Days later Save the Children warned of that.", ["Save the Children"]),
        ("Its head, the physician Marta Ferreira, spoke of danger.", ["Marta Ferreira"]),
        ("The road is open, said the agency's head, Marta Ferreira.", ["Marta Ferreira"]),
        ("UNICEF's Marta Ferreira said so.", ["Marta Ferreira"]),
        (
            "It opened, the State Minister for Trade and Civic Equality, Marta Ferreira, said.",
            ["Marta Ferreira"],
        ),
        (
            "Marta Ferreira, deputy head of the OSCE, who is in Baku until May 11, noted so.",
            ["Marta Ferreira"],
        ),
        ("It is moving, said its president, Mirjana Spoljaric.", ["Mirjana Spoljaric"]),
        ("It is open, the UN's envoy, Staffan de Mistura, said.", ["Staffan de Mistura"]),
        ("It was hit, said Lt.-Gen. Marta Ferreira, the army chief.", ["Marta Ferreira"]),
        ("There is no need for it, in UNICEF's view, since all have gone.", ["UNICEF"]),
        ("It is shut, in the United States' view.", ["the United States"]),
        ("It is shut, in other people's view.", [None]),
        ("WFP said that 3 trucks entered, contrary to UNICEF's count.", ["WFP"]),
        ("UNICEF said people died after Israel's account was closed.", ["UNICEF"]),
        ("The army shot Marta Ferreira, the UN, which runs the camp, said.", ["the UN"]),
        ("She went on that the road is shut.", ["She"]),
        ("The Ministry of Health and Marta Ferreira said so.", ["Marta Ferreira"]),
        ("Access is down, according to an update issued by UNICEF on Monday.", ["UNICEF"]),
        ("Talks on leave went on all night.", [None]),
        ("The road, she went on, is shut.", ["she"]),
        ("It stays, whatever the rumours say, the envoys declared.", ["the envoys"]),
        ("Survivors who got out say so.", ["Survivors"]),
        ("The UN blames Israel, which the Israeli government denies.", ["the Israeli government"]),
        ("Ships left for 11 states.", [None]),
        ("The army set up what it called corridors.", [None]),
        ("The closure was confirmed by UNICEF.", ["UNICEF"]),
        ("Fars quoted Marta Ferreira as saying so.", ["Marta Ferreira"]),
        ("That was said in a statement by UNICEF.", [None]),
        ("A statement by UNICEF said so.", ["UNICEF"]),
        ("The trucks left at noon and said nothing.", [None]),
        ("Aid agencies said so.", ["Aid agencies"]),
        ("By 5 o'clock 300 said so.", [None]),
    ],
)
def test_a_sentence_is_attributed_to_who_says_it(text: str, expected: list[str | None]) -> None:
    assert speakers(text) == expected


def test_a_quotation_has_one_speaker_over_all_its_sentences() -> None:
    text = (
        "“The road is shut. Nobody passes.\n\n“We wait for help,” said Marta Ferreira. It rained."
    )
    assert speakers(text) == ["Marta Ferreira"] * 3 + [None]


def test_a_quotation_after_a_colon_is_the_speakers() -> None:
    assert (
        speakers("Marta Ferreira said: “The road is shut. Nobody passes.”")
        == ["Marta Ferreira"] * 2
    )


def test_a_pronoun_stands_for_the_last_person_and_it_for_the_last_body() -> None:
    text = "Marta Ferreira said so. UNICEF said no. She added more. It warned again."
    assert speakers(text) == ["Marta Ferreira", "UNICEF", "Marta Ferreira", "UNICEF"]


def test_a_pronoun_without_anyone_before_is_given_as_written() -> None:
    assert speakers("He said so.") == ["He"]


def test_a_pronoun_without_anyone_before_is_the_person_named_next() -> None:
    text = "The aide said so. Marta Ferreira added more."
    assert speakers(text) == ["Marta Ferreira", "Marta Ferreira"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Minister Marta Ferreira said so. Her post said no.", "Marta Ferreira"),
        ("Minister Marta Ferreira said so. The official added more.", "Marta Ferreira"),
        ("UNICEF said so. Its statement said no.", "UNICEF"),
        ("UNICEF said so. The statement said no.", "UNICEF"),
        ("UNICEF said so. In its view nobody can pass.", "UNICEF"),
        (
            "The health ministry said so. Israel said no. The ministry added more.",
            "The health ministry",
        ),
        ("The aid of Minister Marta Ferreira came. He said so.", "Marta Ferreira"),
        ("UNICEF brought aid. It said so.", "UNICEF"),
    ],
)
def test_a_reference_stands_for_who_fits_it(text: str, expected: str) -> None:
    assert speakers(text)[-1] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "La route est ouverte, a déclaré jeudi Marta Ferreira.", "Marta Ferreira"),
        (
            "fr",
            "Marta Ferreira est là, dit Marta Ferreira. Rien ne passe, a-t-elle ajouté.",
            "Marta Ferreira",
        ),
        ("fr", "Selon l'UNICEF, rien ne passe.", "l'UNICEF"),
        ("es", "El CICR dijo que no. Añadió que nada pasa.", "El CICR"),
        ("es", "Nada pasa, según denunció el CICR.", "el CICR"),
        ("pt", "Nada passa, disse Marta Ferreira.", "Marta Ferreira"),
        ("de", "Nichts kommt durch, sagte Marta Ferreira.", "Marta Ferreira"),
        ("ru", "Дорога закрыта, сообщили в министерстве.", "министерстве"),
        ("ru", "Анна Иванова заявила, что дорога закрыта.", "Анна Иванова"),
        ("uk", "За словами Ганни Іваненко, дорога закрита.", "Ганни Іваненко"),
        ("tr", "Marta Ferreira, yolun kapalı olduğunu söyledi.", "Marta Ferreira"),
        ("tr", "UNICEF'e göre yol kapalı.", "UNICEF'e"),
        ("az", "Marta Ferreira yolun bağlı olduğunu bildirib.", "Marta Ferreira"),
        ("ar", "قالت اليونيسف إن الطريق مغلق.", "اليونيسف"),
        ("tr", "Ve söyledi.", None),
    ],
)
def test_other_languages_have_their_own_order(
    language: str, text: str, expected: str | None
) -> None:
    words = LEXICON.languages[language]
    found = speakers_of(text, read(text, words, LEXICON, load_names()), words, LEXICON)
    assert (found[-1].name if found[-1] else None) == expected


def test_a_transcript_goes_by_its_labels() -> None:
    text = "MR PRICE: It is shut.\n\nQUESTION: Is it?\n\nMR PRICE: It is."
    assert speakers(text) == ["MR PRICE", None, "MR PRICE"]


def test_a_statement_in_the_first_person_is_its_authors() -> None:
    text = "UNICEF works here. We want to help. I ask all to let us in."
    assert speakers(text)[1:] == ["UNICEF", "UNICEF"]


def test_a_quotation_alone_is_whoever_spoke_before() -> None:
    text = "Marta Ferreira said so.\n\n“Nobody passes the road.”"
    assert speakers(text) == ["Marta Ferreira"] * 2


def test_words_in_quotation_marks_are_direct_speech() -> None:
    text = "Marta Ferreira said so. “No,” said Marta Ferreira."
    readings = read(text, ENGLISH, LEXICON, load_names())
    found = speakers_of(text, readings, ENGLISH, LEXICON)
    assert [speaker and speaker.speech for speaker in found] == [Speech.INDIRECT, Speech.DIRECT]


def test_a_surname_keeps_what_is_known_of_the_person() -> None:
    text = "Marta Ferreira, spokeswoman for UNICEF, said so. Ferreira added more."
    readings = read(text, ENGLISH, LEXICON, load_names())
    first, second = speakers_of(text, readings, ENGLISH, LEXICON)
    assert first is not None
    assert second is not None
    assert first.role == "spokeswoman for UNICEF"
    assert (second.name, second.role, second.actor_id) == ("Ferreira", first.role, "unicef")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “one” and «two».", ["“one”", "«two»"]),
        ('A "b" c "d"', ['"b"', '"d"']),
        ('"One.\n\n"Two." x', ['"One.\n\n"Two."']),
        ('"One.\n\nTwo. "Three" x', ['"Three"']),
        ("„Eins“ zwei", ["„Eins“"]),
        ("“" + "x" * (LONGEST + 1) + " “a”", ["“a”"]),
    ],
)
def test_quotations_are_found_over_paragraphs(text: str, found: list[str]) -> None:
    assert [text[q.start : q.end] for q in quotations(text)] == found


def test_a_place_is_inside_a_quotation_or_not() -> None:
    found = quotations("a “b” c")
    assert [around(found, at) for at in (0, 2, 4, 6)] == [None, 0, 0, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DUBAI: The road is shut. Nobody came.", [None, None]),
        ("DUBAI, Oct 13 - Hamas said so. It added more.", ["Hamas", "Hamas"]),
        ("There is no other way, residents said to him.", ["residents"]),
        ("The WHO is worried that patients cannot leave.", ["The WHO"]),
        ("The agencies could not say more.", [None]),
        ("Marta Ferreira of the ICRC said so. The Post quoted her as saying so.", None),
    ],
)
def test_what_stands_around_speech_is_told_apart(
    text: str, expected: list[str | None] | None
) -> None:
    assert speakers(text) == (expected or ["Marta Ferreira", "Marta Ferreira"])


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (
            "ru",
            "Дорога закрыта, сообщила в среду Всемирная продовольственная программа.",
            "Всемирная",
        ),
        ("es", "La ruta está cerrada, informó el lunes Marta Ferreira.", "Marta Ferreira"),
        ("de", "Das sagte Marta Ferreira.", "Marta Ferreira"),
    ],
)
def test_a_subject_may_follow_its_verb_after_a_time(code: str, text: str, expected: str) -> None:
    language = LEXICON.languages[code]
    (speaker,) = speakers_of(text, read(text, language, LEXICON, load_names()), language, LEXICON)
    assert speaker is not None
    assert speaker.name.startswith(expected)
