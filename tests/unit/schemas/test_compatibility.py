"""What may and what may not change within a version of a contract."""

from typing import Any

import pytest

from schemas.compatibility import READERS, SENT_BEFORE, incompatibilities

Schema = dict[str, Any]


def _object(required: tuple[str, ...] = (), **properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


TEXT: Schema = {"type": "string"}
NULL: Schema = {"type": "null"}
PERSON = _object(("name",), name=TEXT)


def test_schema_may_stay_as_it_is() -> None:
    assert incompatibilities(PERSON, PERSON) == []


def test_optional_property_may_be_added() -> None:
    assert incompatibilities(PERSON, _object(("name",), name=TEXT, role=TEXT)) == []


def test_words_may_be_bettered() -> None:
    new = PERSON | {"title": "Speaker", "description": "Who said it.", "examples": [{}]}

    assert incompatibilities(PERSON, new) == []


def test_definition_may_be_renamed() -> None:
    old = {"$ref": "#/$defs/A", "$defs": {"A": PERSON}}
    new = {"$ref": "#/$defs/B", "$defs": {"B": PERSON}}

    assert incompatibilities(old, new) == []
    assert incompatibilities(old, PERSON) == []


def test_order_of_values_and_alternatives_may_change() -> None:
    old = {"anyOf": [{"enum": [1, 2], "type": "integer"}, NULL]}
    new = {"anyOf": [NULL, {"enum": [2, 1], "type": "integer"}]}

    assert incompatibilities(old, new) == []


def test_definition_may_refer_to_itself() -> None:
    tree = {
        "$ref": "#/$defs/T",
        "$defs": {"T": _object(("kids",), kids={"items": {"$ref": "#/$defs/T"}})},
    }
    other = {
        "$ref": "#/$defs/T",
        "$defs": {"T": _object((), kids={"items": {"$ref": "#/$defs/T"}})},
    }

    assert incompatibilities(tree, tree) == []
    assert incompatibilities(tree, other)[0] == f"kids became optional: {READERS}"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            _object(name=TEXT), _object(), "name was removed: readers of the", id="removed"
        ),
        pytest.param(
            PERSON,
            _object(("name", "role"), name=TEXT, role=TEXT),
            f"role became required: {SENT_BEFORE}",
            id="new-and-required",
        ),
        pytest.param(
            _object(name=TEXT), PERSON, f"name became required: {SENT_BEFORE}", id="required"
        ),
        pytest.param(
            PERSON, _object(name=TEXT), f"name became optional: {READERS}", id="no-longer-required"
        ),
        pytest.param(
            {"required": ["name"]}, {}, f"name became optional: {READERS}", id="required-unlisted"
        ),
        pytest.param(
            TEXT,
            {"type": "integer"},
            f'the message: type changed from "string" to "integer": {SENT_BEFORE}',
            id="other-type",
        ),
        pytest.param(
            {"type": "number"},
            {"type": "integer"},
            f'the message: type changed from "number" to "integer": {SENT_BEFORE}',
            id="narrower-number",
        ),
        pytest.param(
            {"type": "integer"},
            {"type": "number"},
            f'the message: type changed from "integer" to "number": {READERS}',
            id="wider-number",
        ),
        pytest.param(
            TEXT, {}, f'the message: type changed from "string" to none: {READERS}', id="any-type"
        ),
        pytest.param(
            {"enum": ["a", "b"]},
            {"enum": ["a"]},
            f'the message may no longer be "b": {SENT_BEFORE}',
            id="value-removed",
        ),
        pytest.param(
            {"enum": ["a"]},
            {"enum": ["a", "b"]},
            f'the message may now be "b": {READERS}',
            id="value-added",
        ),
        pytest.param(
            TEXT,
            TEXT | {"enum": ["a"]},
            f'the message may only be one of ["a"]: {SENT_BEFORE}',
            id="listed",
        ),
        pytest.param(
            TEXT | {"enum": ["a"]},
            TEXT,
            f'the message may be other than ["a"]: {READERS}',
            id="no-longer-listed",
        ),
        pytest.param(
            TEXT | {"maxLength": 10},
            TEXT | {"maxLength": 5},
            f"the message: maxLength changed from 10 to 5: {SENT_BEFORE}",
            id="lower-upper-bound",
        ),
        pytest.param(
            TEXT | {"maxLength": 5},
            TEXT | {"maxLength": 10},
            f"the message: maxLength changed from 5 to 10: {READERS}",
            id="higher-upper-bound",
        ),
        pytest.param(
            TEXT | {"minLength": 1},
            TEXT | {"minLength": 2},
            f"the message: minLength changed from 1 to 2: {SENT_BEFORE}",
            id="higher-lower-bound",
        ),
        pytest.param(
            TEXT | {"minLength": 2},
            TEXT | {"minLength": 1},
            f"the message: minLength changed from 2 to 1: {READERS}",
            id="lower-lower-bound",
        ),
        pytest.param(
            TEXT,
            TEXT | {"maxLength": 5},
            f"the message: maxLength changed from none to 5: {SENT_BEFORE}",
            id="new-bound",
        ),
        pytest.param(
            TEXT | {"maxLength": 5},
            TEXT,
            f"the message: maxLength changed from 5 to none: {READERS}",
            id="bound-removed",
        ),
        pytest.param(
            TEXT | {"pattern": "^a"},
            TEXT | {"pattern": "^b"},
            'the message: pattern changed from "^a" to "^b"',
            id="pattern",
        ),
        pytest.param(
            TEXT, TEXT | {"format": "date-time"}, "the message: format changed", id="format"
        ),
        pytest.param({"const": 1}, {"const": 2}, "the message: const changed from 1", id="const"),
        pytest.param(
            {"default": False}, {"default": True}, "would be read differently", id="default"
        ),
        pytest.param({"$id": "urn:a"}, {"$id": "urn:b"}, "names another contract", id="identity"),
        pytest.param(
            {"items": TEXT},
            {"items": {"type": "integer"}},
            '[]: type changed from "string" to "integer"',
            id="element-type",
        ),
        pytest.param({}, {"items": False}, "[]: not changed from none", id="no-elements"),
        pytest.param(
            {"prefixItems": [TEXT]},
            {"prefixItems": [TEXT, TEXT]},
            "has 2 places instead of 1",
            id="places",
        ),
        pytest.param(
            {"prefixItems": [TEXT]},
            {"prefixItems": [NULL]},
            '[0]: type changed from "string"',
            id="place",
        ),
        pytest.param(
            {"anyOf": [TEXT, NULL]},
            {"anyOf": [TEXT]},
            f'the message may no longer be "null": {SENT_BEFORE}',
            id="no-longer-null",
        ),
        pytest.param(
            TEXT,
            {"anyOf": [TEXT, NULL]},
            f'the message may now be "null": {READERS}',
            id="null-as-well",
        ),
        pytest.param(
            {"anyOf": [TEXT, NULL]},
            TEXT,
            f'the message may no longer be "null": {SENT_BEFORE}',
            id="alternatives-gone",
        ),
        pytest.param(
            TEXT,
            {"anyOf": [TEXT | {"minLength": 3}]},
            "the message is described in another form",
            id="other-form",
        ),
        pytest.param(
            {"anyOf": [TEXT | {"maxLength": 5}, NULL]},
            {"anyOf": [TEXT | {"maxLength": 4}, NULL]},
            "the message: maxLength changed from 5 to 4",
            id="alternative-narrowed",
        ),
        pytest.param(
            {"anyOf": [TEXT, TEXT]},
            {"anyOf": [TEXT, TEXT | {"maxLength": 4}]},
            "the message: anyOf changed from",
            id="alternatives-alike",
        ),
        pytest.param(
            _object() | {"additionalProperties": False},
            _object(name=TEXT) | {"additionalProperties": False},
            f"name was added where nothing may be: {READERS}",
            id="added-to-a-closed-object",
        ),
        pytest.param(
            {"allOf": [{"$ref": "#/$defs/A"}], "$defs": {"A": TEXT}},
            {"allOf": [{"$ref": "#/$defs/A"}], "$defs": {"A": NULL}},
            "the message: allOf changed",
            id="definition-behind-another-keyword",
        ),
    ],
)
def test_change_is_refused_with_who_would_break(old: Schema, new: Schema, reason: str) -> None:
    [found, *_] = incompatibilities(old, new)

    assert reason in found


def test_reason_names_the_place_of_a_nested_change() -> None:
    def message(values: list[str]) -> Schema:
        statement = _object(topics={"type": "array", "items": {"$ref": "#/$defs/Topic"}})
        return _object(statements={"type": "array", "items": {"$ref": "#/$defs/S"}}) | {
            "$defs": {"S": statement, "Topic": {"enum": values}}
        }

    assert incompatibilities(message(["a"]), message(["a", "b"])) == [
        f'statements[].topics[] may now be "b": {READERS}'
    ]


def test_what_stands_beside_a_reference_counts() -> None:
    def message(default: str) -> Schema:
        return _object(
            one={"$ref": "#/$defs/T", "default": "a"}, two={"$ref": "#/$defs/T", "default": default}
        ) | {"$defs": {"T": TEXT}}

    [reason] = incompatibilities(message("a"), message("b"))

    assert reason.startswith('two: default changed from "a" to "b"')
