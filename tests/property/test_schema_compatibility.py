"""Compatibility of schemas: no harmful change goes unnoticed, no harmless one is refused."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.compatibility import incompatibilities
from schemas.json_schema import contracts

Schema = dict[str, Any]
Change = Callable[[Schema], None]

CONTRACTS = contracts()


def _nodes(schema: Any) -> Iterator[Schema]:
    """Yield every schema within a schema, itself included."""
    if not isinstance(schema, dict):
        return
    yield schema
    for group in ("properties", "$defs"):
        for child in schema.get(group, {}).values():
            yield from _nodes(child)
    yield from _nodes(schema.get("items"))
    for child in schema.get("anyOf", ()):
        yield from _nodes(child)


def _remove_property(node: Schema) -> None:
    name = next(iter(node["properties"]))
    del node["properties"][name]
    node["required"] = [each for each in node.get("required", []) if each != name]


def _require_new_property(node: Schema) -> None:
    node["properties"]["added"] = {"type": "string"}
    node["required"] = [*node.get("required", []), "added"]


def _swap_type(node: Schema) -> None:
    node["type"] = "boolean" if node["type"] != "boolean" else "string"


# What has to be in a schema for a change to apply, and the change.
HARMFUL: dict[str, tuple[str, Change]] = {
    "remove a property": ("properties", _remove_property),
    "require a new property": ("properties", _require_new_property),
    "require no property": ("required", lambda node: node.update(required=[])),
    "swap the type": ("type", _swap_type),
    "take any type": ("type", lambda node: node.pop("type")),
    "drop a value": ("enum", lambda node: node["enum"].pop()),
    "add a value": ("enum", lambda node: node["enum"].append("added")),
    "drop an alternative": ("anyOf", lambda node: node["anyOf"].pop()),
    "add an alternative": ("anyOf", lambda node: node["anyOf"].append({"type": "boolean"})),
    "change the pattern": ("pattern", lambda node: node.update(pattern="^[a-f]+$")),
    "drop the pattern": ("pattern", lambda node: node.pop("pattern")),
    "raise the minimum": ("minimum", lambda node: node.update(minimum=node["minimum"] + 1)),
    "lower the minimum": ("minimum", lambda node: node.update(minimum=node["minimum"] - 1)),
    "take fewer characters": ("maxLength", lambda node: node.update(maxLength=1)),
    "take longer texts": ("maxLength", lambda node: node.pop("maxLength")),
    "ask for more elements": ("minItems", lambda node: node.update(minItems=9)),
    "take other elements": ("items", lambda node: node.update(items={"type": "null"})),
    "change the default": ("default", lambda node: node.update(default="other")),
    "change the format": ("format", lambda node: node.update(format="date")),
    "close the object": ("properties", lambda node: node.update(additionalProperties=False)),
}
HARMLESS: dict[str, tuple[str, Change]] = {
    "add an optional property": (
        "properties",
        lambda node: node["properties"].update(added={"type": "string"}),
    ),
    "reword": ("type", lambda node: node.update(description="Better words.")),
    "retitle": ("properties", lambda node: node.update(title="Another name")),
    "give examples": ("type", lambda node: node.update(examples=["so"])),
    "reorder the values": ("enum", lambda node: node["enum"].reverse()),
    "reorder the requirements": ("required", lambda node: node["required"].reverse()),
}


@st.composite
def _changed(draw: st.DrawFn, changes: dict[str, tuple[str, Change]]) -> tuple[Schema, Schema]:
    """Return a contract and the same with one change somewhere."""
    old = CONTRACTS[draw(st.sampled_from(sorted(CONTRACTS)))]
    new = copy.deepcopy(old)
    possible = [
        (node, change)
        for node in _nodes(new)
        for needed, change in changes.values()
        if needed in node
    ]
    node, change = draw(st.sampled_from(possible))
    change(node)
    # What is a date already cannot become one.
    assume(new != old)
    return old, new


@given(_changed(HARMFUL))
def test_harmful_change_of_a_contract_is_noticed(pair: tuple[Schema, Schema]) -> None:
    old, new = pair

    assert incompatibilities(old, new)


@given(_changed(HARMLESS))
def test_harmless_change_of_a_contract_is_accepted(pair: tuple[Schema, Schema]) -> None:
    old, new = pair

    assert incompatibilities(old, new) == []


NAMES = ("a", "b")
TEXTS = st.builds(
    lambda low, high: {"type": "string", "minLength": low} | ({"maxLength": high} if high else {}),
    st.integers(0, 2),
    st.integers(0, 2),
)
LEAVES = st.one_of(
    TEXTS,
    st.builds(lambda low: {"type": "integer", "minimum": low}, st.integers(-1, 1)),
    st.sampled_from([{"type": "null"}, {"type": "boolean"}, {"type": "number"}, {}, {"const": 1}]),
    st.builds(
        lambda values: {"enum": values}, st.lists(st.sampled_from(["x", 1, None]), min_size=1)
    ),
)


def _composed(parts: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    objects = st.builds(
        lambda properties, required: {
            "type": "object",
            "properties": properties,
            "required": [name for name in required if name in properties],
        },
        st.dictionaries(st.sampled_from(NAMES), parts),
        st.sets(st.sampled_from(NAMES)),
    )
    lists = st.builds(lambda items: {"type": "array", "items": items}, parts)
    alternatives = st.builds(lambda *both: {"anyOf": list(both)}, parts, parts)
    return st.one_of(objects, lists, alternatives)


SCHEMAS = st.recursive(LEAVES, _composed, max_leaves=5)
VALUES = st.recursive(
    st.sampled_from([None, True, -1, 0, 1, 1.5, "", "x", "yy", "zzz"]),
    lambda parts: st.one_of(
        st.lists(parts, max_size=2), st.dictionaries(st.sampled_from(NAMES), parts)
    ),
    max_leaves=4,
)


@given(SCHEMAS)
def test_every_schema_is_compatible_with_itself(schema: Schema) -> None:
    assert incompatibilities(schema, copy.deepcopy(schema)) == []


@given(SCHEMAS, st.data())
def test_compatible_schemas_take_the_same_messages(old: Schema, data: st.DataObject) -> None:
    """A validator is the judge; only what the old schema did not name may differ."""
    new = data.draw(st.one_of(SCHEMAS, _variants(old)))
    value = data.draw(VALUES)
    if incompatibilities(old, new):
        return

    known = _without_unnamed(value, old)
    assert _accepts(old, known) == _accepts(new, known)
    if _accepts(new, value):
        assert _accepts(old, value)


def _variants(schema: Schema) -> st.SearchStrategy[Schema]:
    """Return schemas that differ from another in one keyword of one part."""
    count = len(list(_nodes(schema)))

    def vary(index: int, keyword: str, value: Any) -> Schema:
        new = copy.deepcopy(schema)
        node = list(_nodes(new))[index]
        if value is None:
            node.pop(keyword, None)
        elif keyword == "properties":
            node[keyword] = node.get(keyword, {}) | value
        else:
            node[keyword] = value
        return new

    changes = st.sampled_from(
        [
            ("minLength", 1),
            ("maxLength", 1),
            ("minimum", 0),
            ("type", "integer"),
            ("type", ["string", "null"]),
            ("type", None),
            ("enum", ["x"]),
            ("enum", None),
            ("const", 1),
            ("required", ["a"]),
            ("required", None),
            ("items", {"type": "string"}),
            ("items", None),
            ("properties", {"c": {"type": "string"}}),
            ("properties", {"a": {"type": "string"}}),
            ("anyOf", [{"type": "string"}, {"type": "null"}]),
            ("description", "words"),
        ]
    )
    return st.builds(lambda index, change: vary(index, *change), st.integers(0, count - 1), changes)


def _without_unnamed(value: Any, schema: Schema) -> Any:
    """Drop the properties that a schema does not name; no writer of its version sends them."""
    if isinstance(value, dict):
        named: set[str] = set()
        for node in _nodes(schema):
            named |= node.get("properties", {}).keys()
        return {name: _without_unnamed(v, schema) for name, v in value.items() if name in named}
    if isinstance(value, list):
        return [_without_unnamed(each, schema) for each in value]
    return value


def _accepts(schema: Schema, value: Any) -> bool:
    return Draft202012Validator(schema).is_valid(value)
