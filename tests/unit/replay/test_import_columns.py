"""Which column holds what."""

import pytest

from services.replay.domain.columns import (
    check_columns,
    match_columns,
    read_columns,
    sniff_delimiter,
)
from services.runtime.errors import UsageError


def test_columns_are_found_in_whatever_case_and_under_usual_names() -> None:
    names = ("Nr", "HEADLINE", "Body Text", "Publication_Date", "By-line", "link", "Source")
    assert match_columns(names, {}) == {
        "title": 1,
        "text": 2,
        "published_at": 3,
        "authors": 4,
        "url": 5,
        "outlet": 6,
    }


def test_the_surest_of_several_names_is_taken_and_the_first_of_two_alike() -> None:
    found = match_columns(("date", "content", "Text", "text", "published_at"), {})
    assert (found["text"], found["published_at"]) == (2, 4)


def test_what_the_user_says_goes_before_what_is_found() -> None:
    names = ("text", "summary", "date")
    assert match_columns(names, {"text": "summary"})["text"] == 1
    assert match_columns(names, {"text": "SUMMARY"})["text"] == 1


def test_a_column_that_the_user_names_serves_no_other_field() -> None:
    found = match_columns(("headline", "title", "body"), {"text": "title"})
    assert found == {"text": 1, "title": 0}


def test_a_column_that_the_user_names_and_is_not_there_is_not_replaced() -> None:
    assert "text" not in match_columns(("text", "title"), {"text": "Body"})


def test_columns_are_read_as_field_and_name() -> None:
    assert read_columns(["text=Body text", "URL = a=b"]) == {"text": "Body text", "url": "a=b"}


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (["text"], "names no field"),
        (["text="], "names no field"),
        (["body=Text"], "published_at"),
        (["text=a", "text=b"], "twice"),
    ],
)
def test_what_names_no_column_is_refused(given: list[str], part: str) -> None:
    with pytest.raises(UsageError, match=part):
        read_columns(given)


def test_missing_columns_are_told_with_those_that_are_there() -> None:
    with pytest.raises(UsageError, match=r"--column text=NAME; it has 'Nr', 'Inhalt'\."):
        check_columns(("Nr", "Inhalt"), {}, {}, "a.csv")
    names, given = ("text", "Datum"), {"published_at": "Date"}
    with pytest.raises(UsageError, match=r"no column 'Date'.* It has 'text', 'Datum'\."):
        check_columns(names, given, match_columns(names, given), "a.csv")
    many = tuple(f"column {number}" for number in range(500))
    with pytest.raises(UsageError, match="and 470 more"):
        check_columns(many, {}, {}, "a.csv")


@pytest.mark.parametrize(
    ("heading", "delimiter"),
    [
        ("id,title,text", ","),
        ('"a;b";text;url', ";"),
        ("id\ttext, whole\turl", "\t"),
        ("id|text", "|"),
        ("text", ","),
    ],
)
def test_the_delimiter_is_what_makes_most_columns(heading: str, delimiter: str) -> None:
    assert sniff_delimiter(heading) == delimiter
