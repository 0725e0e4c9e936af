"""The reader of annotated files."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from services.evaluation.goldset import read_annotated, read_goldset

STATEMENT = {
    "text": "The road is open.",
    "topics": ["route_status"],
    "stance": "enabling",
    "commitment": False,
    "speaker": None,
    "actors": ["ICRC"],
    "routes": [],
}
ARTICLE = {
    "id": "a",
    "lang": "en",
    "context": "sudan",
    "title": "Title",
    "text": "The road is open. It rains.",
    "statements": [STATEMENT],
}


def line(statement: dict[str, Any] | None = None, **fields: Any) -> bytes:
    """Return a line of the file."""
    article = {**ARTICLE, **fields}
    if statement is not None:
        article["statements"] = [{**STATEMENT, **statement}]
    return orjson.dumps(article)


def reasons(*lines: bytes) -> list[tuple[int, str]]:
    """Return what is wrong with lines."""
    found: list[tuple[int, str]] = []
    list(read_annotated(lines, lambda number, why: found.append((number, why))))
    return found


def refuse(number: int, why: str) -> None:
    """Accept no bad line."""
    pytest.fail(f"line {number}: {why}")


def test_an_article_is_read_with_its_statements() -> None:
    [article] = read_annotated([line()], refuse)
    assert (article.id, article.language, article.context) == ("a", "en", "sudan")
    [statement] = article.statements
    assert (statement.topics, statement.stance) == (("route_status",), "enabling")
    assert (statement.actors, statement.modality, statement.constraints) == (("ICRC",), None, None)


def test_modality_and_constraints_may_stand_in_the_statement() -> None:
    more = {"modality": "negated", "constraints": ["mines_uxo"]}
    [article] = read_annotated([line(more)], refuse)
    assert article.statements[0].modality == "negated"
    assert article.statements[0].constraints == ("mines_uxo",)


def test_articles_know_their_file(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(line({"modality": "negated"}))
    [article] = read_goldset([file])
    assert article.file == "some"


def test_empty_lines_and_a_byte_order_mark_do_not_matter() -> None:
    lines = [b"\xef\xbb\xbf" + line(), b"\n", line(id="b", context=None, title=None)]
    first, second = read_annotated(lines, refuse)
    assert (first.id, second.id, second.title) == ("a", "b", "")
    assert (first.group, second.group) == ("sudan", "none:b")


@pytest.mark.parametrize(
    ("bad", "part"),
    [
        (b"{", "it is not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"id": "a"}', "lang: field required"),
        (line(lang="english"), "lang: "),
        (line({"topics": ["aid"]}), "statements 1 topics 1: input should be 'aid_delivery'"),
        (line({"topics": []}), "topics"),
        (line({"stance": "good"}), "not 'good'"),
        (line({"commitment": "yes"}), "commitment"),
        (line({"modality": "maybe"}), "modality"),
        (line({"constraints": ["rain"]}), "constraints"),
        (line({"text": "The road was open."}), "statement 1 is not a part of the article's text"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(bad: bytes, part: str) -> None:
    [(number, why)] = reasons(line(id="good"), bad)
    assert number == 2
    assert part in why


def test_an_id_is_used_once() -> None:
    assert reasons(line(), line()) == [(2, "line 1 has an article with id 'a'")]


def test_the_first_bad_line_of_a_training_file_raises(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(b"{")
    with pytest.raises(ValueError, match=r"some\.jsonl, line 1: it is not JSON"):
        read_goldset([file])
