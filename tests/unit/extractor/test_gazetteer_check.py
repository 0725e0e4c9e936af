"""Mistakes in files of routes and actors are found, and said with what to do."""

from typing import Any

import pytest

from services.extractor.data_files import gazetteer_documents, lexicon_documents
from services.extractor.domain.gazetteer_check import Problem, check
from services.extractor.domain.gazetteer_names import ordinary_words

ORDINARY = frozenset({"goal"})
ROAD = {"id": "r", "kind": "road", "name": "Foo road", "countries": ["SS"]}
NGO = {"id": "n", "kind": "ngo", "name": "Xyzzy", "countries": ["SS"]}


def _check(
    *actors: dict[str, Any] | str, routes: tuple[dict[str, Any], ...] = ()
) -> tuple[Problem, ...]:
    document = {"actors": list(actors), "routes": list(routes)}
    return check([("mine.yaml", document)], ORDINARY)


def _only(problems: tuple[Problem, ...]) -> Problem:
    [problem] = problems
    return problem


def test_our_own_files_have_no_problems() -> None:
    documents = [(f"{name}.yaml", each) for name, each in gazetteer_documents().items()]
    assert check(documents, ordinary_words(lexicon_documents().values())) == ()


def test_right_entries_have_no_problems() -> None:
    road = {**ROAD, "between": [["Foo"], ["Bar"]], "points": [[4.85, 31.6], [5, 32]]}
    assert _check({**NGO, "acronyms": ["XY"], "nationality": ["xyzzyan*"]}, routes=(road,)) == ()


@pytest.mark.parametrize(
    ("change", "kind", "what"),
    [
        ({"colour": "red"}, "field", "unknown field 'colour'"),
        ({"kind": "river"}, "field", "unknown kind 'river'"),
        ({"name": 12}, "field", "12 in name is no text"),
        ({"countries": [False]}, "field", "False in countries is no text"),
        ({"aliases": "Foo"}, "field", "aliases is no list"),
        ({"aliases": []}, "empty", "aliases is empty"),
        ({"aliases": [" "]}, "empty", "a blank text in aliases"),
        ({"countries": ["ZZ"]}, "country", "unknown country 'ZZ'"),
    ],
)
def test_a_wrong_field_is_found(change: dict[str, Any], kind: str, what: str) -> None:
    problem = _only(_check({**NGO, **change}))
    assert (problem.kind, problem.what) == (kind, what)
    assert problem.entry == "actors entry 1 (n)"
    assert problem.remedy.endswith(".")


def test_a_missing_field_and_what_is_no_entry_are_found() -> None:
    found = {(each.entry, each.what) for each in _check({"id": "n", "kind": "ngo"}, "Oxfam")}
    assert found == {
        ("actors entry 1 (n)", "no name"),
        ("actors entry 2 (no entry)", "'Oxfam' is no entry"),
    }


@pytest.mark.parametrize(
    ("change", "kind", "what"),
    [
        ({"between": [["Foo"]]}, "field", "between does not hold two ends"),
        ({"between": [["Foo"], ["Bar", 3]]}, "field", "3 in between is no text"),
        ({"points": [[4.85]]}, "field", "[4.85] in points is no point"),
        ({"points": [[131.6, 4.85]]}, "coordinate", "[131.6, 4.85] is nowhere"),
        ({"points": [[95, 200]]}, "coordinate", "[95, 200] is nowhere"),
        ({"points": [[31.6, 4.85]]}, "coordinate", "km from SS"),
        ({"points": [[-50, -70]]}, "coordinate", "km from SS"),
    ],
)
def test_a_wrong_place_is_found(change: dict[str, Any], kind: str, what: str) -> None:
    problems = _check(routes=({**ROAD, **change},))
    assert all(problem.kind == kind for problem in problems)
    assert what in problems[0].what


def test_swapped_coordinates_are_told_from_wrong_ones() -> None:
    swapped = _only(_check(routes=({**ROAD, "points": [[31.6, 4.85]]},)))
    assert swapped.remedy == "Latitude comes first: write [4.85, 31.6]."
    wrong = _only(_check(routes=({**ROAD, "points": [[-50, -70]]},)))
    assert wrong.remedy == "Correct the point or the countries."


def test_a_point_across_the_date_line_is_near() -> None:
    fiji = {**ROAD, "countries": ["WS"], "points": [[-14, 179.9]]}
    assert "km from WS" in _only(_check(routes=(fiji,))).what
    assert _check(routes=({**fiji, "points": [[-14, -174]]},)) == ()


def test_points_of_a_country_without_known_extent_are_not_judged() -> None:
    assert _check(routes=({**ROAD, "countries": ["AQ"], "points": [[10, 10]]},)) == ()


def test_a_name_twice_in_one_entry_is_found() -> None:
    problem = _only(_check({**NGO, "aliases": ["Other"], "acronyms": ["XYZZY"]}))
    assert problem.kind == "duplicate"
    assert problem.what == "'XYZZY' (acronyms) is 'Xyzzy' (name) again"


def test_an_ordinary_word_is_found_unless_its_case_is_exact() -> None:
    problem = _only(_check({**NGO, "aliases": ["Goal"]}))
    assert (problem.kind, problem.what) == ("word", "'Goal' (aliases) is an ordinary word")
    assert _check({**NGO, "acronyms": ["GOAL"]}) == ()


@pytest.mark.parametrize(
    "other",
    [
        {"id": "m", "kind": "government", "name": "Xyzzy"},
        {"id": "m", "kind": "government", "name": "M", "aliases": ["XYZZY"]},
        {"id": "m", "kind": "government", "name": "M", "acronyms": ["XYZZY"]},
        {"id": "m", "kind": "government", "name": "M", "places": ["Xýzzy"]},
    ],
)
def test_a_name_of_two_actors_is_found(other: dict[str, Any]) -> None:
    problem = _only(_check(NGO, other))
    assert problem.kind == "clash"
    assert problem.entry == "actors entry 2 (m)"
    assert "also means n (mine.yaml)" in problem.what


def test_acronyms_that_differ_in_case_do_not_clash() -> None:
    one, other = {**NGO, "acronyms": ["AFD"]}, {**NGO, "id": "m", "name": "M", "acronyms": ["AfD"]}
    assert _check(one, other) == ()
    assert _only(_check(one, {**other, "acronyms": ["AFD"]})).kind == "clash"


def test_a_route_and_an_actor_of_one_name_are_found() -> None:
    road = {**ROAD, "name": "Xyzzy", "bare": ["Foo"]}
    assert _only(_check(NGO, routes=(road,))).kind == "clash"


def test_roads_with_the_same_ends_are_found_in_either_direction() -> None:
    one = {**ROAD, "between": [["Foo"], ["Bar"]]}
    other = {**ROAD, "id": "s", "name": "Baz way", "between": [["Bar"], ["Foo"]]}
    assert {each.kind for each in _check(routes=(one, other))} == {"clash"}


def test_entries_that_seem_to_be_one_are_found() -> None:
    other = {**ROAD, "id": "s", "name": "The highway of Foo"}
    problem = _only(_check(routes=(ROAD, other)))
    assert problem.kind == "duplicate"
    assert "seems to be r" in problem.what
    assert _check(routes=(ROAD, {**other, "countries": ["TD"]})) == ()
    assert _check(routes=(ROAD, {**other, "kind": "airport"})) == ()


def test_an_id_twice_in_one_file_is_found() -> None:
    problem = _only(_check(NGO, {**NGO, "name": "Other"}))
    assert (problem.kind, problem.entry) == ("id", "actors entry 2 (n)")


def test_an_entry_of_a_later_file_takes_the_place_of_ours() -> None:
    ours, mine = ("actors.yaml", {"actors": [NGO]}), {**NGO, "aliases": ["Goal"]}
    [problem] = check([ours, ("mine.yaml", {"actors": [mine]})], ORDINARY)
    assert (problem.file, problem.kind) == ("mine.yaml", "word")


def test_ordinary_words_are_the_lexicons_cues_but_not_its_names() -> None:
    lexicon = {"concepts": {"deny": ["refuse*", "road block", "no", "NATO"]}, "grammar": ["oxfam"]}
    words = ordinary_words([lexicon, [1]])
    assert "refuse" in words
    assert words.isdisjoint({"road block", "no", "nato", "oxfam"})
