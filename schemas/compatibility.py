"""Whether a schema may replace a published one of the same version.

Writers and readers are upgraded one at a time, and topics hold a month of messages, so a version
has to stay compatible both ways: new readers take what was sent before, and readers of the
published version take what is sent from now on. What is left is little: a new optional property
(readers ignore what they do not know) and better words. Everything else is a new version, on a
topic of its own.

A value added to an enumeration counts as incompatible too: a reader of the published version
knows no such value, refuses the message and sets it aside as a dead letter.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

ANNOTATIONS = frozenset({"title", "description", "examples", "deprecated", "$comment", "$schema"})
"""Keywords that say nothing about which messages are valid (JSON Schema 2020-12, part 9)."""
STRUCTURE = frozenset(
    {"$defs", "$ref", "properties", "required", "items", "prefixItems", "anyOf", "enum", "type"}
)
"""Keywords that are compared part by part; any other has to stay as it is."""
LOWER_BOUNDS = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
UPPER_BOUNDS = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})

SENT_BEFORE = "messages sent before would be refused"
READERS = "readers of the published version would refuse new messages"
BOTH = f"{SENT_BEFORE}, or {READERS}"
ANY_TYPE = ("array", "boolean", "integer", "null", "number", "object", "string")
_ABSENT = object()


def incompatibilities(published: Schema, proposed: Schema) -> list[str]:
    """Say why a schema may not replace the published one of the same version.

    Args:
        published: the schema that readers and writers were built with.
        proposed: the schema that is to take its place.

    Returns:
        One sentence for each reason, naming the place (`article.topics[]`) and who would break;
        empty where the schemas are compatible.
    """
    return list(_Comparison(published, proposed).differences("", published, proposed))


class _Comparison:
    """Walks two schemas side by side."""

    def __init__(self, old_root: Schema, new_root: Schema) -> None:
        self._old_root = old_root
        self._new_root = new_root
        self._seen: set[tuple[str, str]] = set()

    def differences(self, path: str, old: Any, new: Any) -> Iterator[str]:
        old, new = _as_schema(old), _as_schema(new)
        if "$ref" in old and "$ref" in new:
            pair = (_text(old), _text(new))
            if pair in self._seen:
                return
            self._seen.add(pair)
        old, new = _resolved(old, self._old_root), _resolved(new, self._new_root)
        if ("anyOf" in old) != ("anyOf" in new):
            yield from self._other_form(path, old, new)
            return
        yield from self._keywords(path, old, new)
        yield from _type_changes(path, old, new)
        yield from _enum_changes(path, old, new)
        yield from _required_changes(path, old, new)
        yield from self._properties(path, old, new)
        yield from self._elements(path, old, new)
        if "anyOf" in old:
            yield from self._alternatives(path, old, new)

    def _keywords(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        for keyword in sorted((old.keys() | new.keys()) - ANNOTATIONS - STRUCTURE):
            before = _inlined(old.get(keyword, _ABSENT), self._old_root)
            after = _inlined(new.get(keyword, _ABSENT), self._new_root)
            if _text(before) != _text(after):
                yield (
                    f"{_at(path)}: {keyword} changed from {_text(before)} to {_text(after)}: "
                    f"{_who_breaks(keyword, before, after)}"
                )

    def _properties(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, schema in before.items():
            place = _inside(path, name)
            if name in after:
                yield from self.differences(place, schema, after[name])
            else:
                yield f"{place} was removed: readers of the published version would miss it"
        if old.get("additionalProperties", True) is not True:
            for name in sorted(after.keys() - before.keys()):
                yield f"{_inside(path, name)} was added where nothing may be: {READERS}"

    def _elements(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        if "items" in old or "items" in new:
            yield from self.differences(f"{path}[]", old.get("items", {}), new.get("items", {}))
        before, after = old.get("prefixItems", []), new.get("prefixItems", [])
        if len(before) != len(after):
            yield f"{_at(path)} has {len(after)} places instead of {len(before)}: {BOTH}"
        for index, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from self.differences(f"{path}[{index}]", one, other)

    def _alternatives(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = self._kinds(old, self._old_root), self._kinds(new, self._new_root)
        if before is None or after is None:
            one = _text(_inlined(old.get("anyOf"), self._old_root))
            other = _text(_inlined(new.get("anyOf"), self._new_root))
            if one != other:
                yield f"{_at(path)}: anyOf changed from {one} to {other}: {BOTH}"
            return
        yield from _value_changes(path, before.keys(), after.keys())
        for kind in before.keys() & after.keys():
            yield from self.differences(path, before[kind], after[kind])

    def _other_form(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        """Compare a schema that has alternatives with one that has none."""
        before = self._kinds(old, self._old_root) or {}
        after = self._kinds(new, self._new_root) or {}
        changes = list(_value_changes(path, before.keys(), after.keys()))
        yield from changes or [f"{_at(path)} is described in another form: {BOTH}"]

    @staticmethod
    def _kinds(schema: Schema, root: Schema) -> dict[str, Schema] | None:
        """Return the alternatives by what tells them apart: a type, else a model's name.

        None where neither does.
        """
        alternatives = [_resolved(_as_schema(each), root) for each in schema.get("anyOf", [schema])]
        for name in ("type", "title"):
            kinds = {_text(each.get(name, "any")): each for each in alternatives}
            if len(kinds) == len(alternatives):
                return kinds
        return None


def _as_schema(schema: Any) -> Schema:
    """Return `true` and `false` as the objects that mean the same."""
    if isinstance(schema, Mapping):
        return schema
    return {} if schema else {"not": {}}


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Follow `#/$defs/…`; keywords beside the reference count as well."""
    while "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**_target(schema["$ref"], root), **beside}
    return schema


def _target(reference: str, root: Schema) -> Schema:
    return _as_schema(root["$defs"][reference.removeprefix("#/$defs/")])


def _inlined(value: Any, root: Schema, inside: frozenset[str] = frozenset()) -> Any:
    """Put the definitions in the place of references, so that texts can be compared."""
    if isinstance(value, list):
        return [_inlined(each, root, inside) for each in value]
    if not isinstance(value, Mapping):
        return value
    kept = {key: _inlined(each, root, inside) for key, each in value.items()}
    reference = value.get("$ref")
    if reference and reference not in inside:
        kept["$ref"] = _inlined(_target(reference, root), root, inside | {reference})
    return kept


def _at(path: str) -> str:
    return path or "the message"


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _who_breaks(keyword: str, before: Any, after: Any) -> str:
    if keyword == "$id":
        return "it names another contract"
    if keyword == "default":
        return "messages sent before without it would be read differently"
    if before is _ABSENT or after is _ABSENT:
        return SENT_BEFORE if before is _ABSENT else READERS
    if keyword not in LOWER_BOUNDS | UPPER_BOUNDS:
        return BOTH
    return SENT_BEFORE if (after > before) == (keyword in LOWER_BOUNDS) else READERS


def _type_changes(path: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = _types(old), _types(new)
    change = (
        f"{_at(path)}: type changed from {_text(old.get('type', _ABSENT))} to "
        f"{_text(new.get('type', _ABSENT))}"
    )
    if before - after:
        yield f"{change}: {SENT_BEFORE}"
    if after - before:
        yield f"{change}: {READERS}"


def _types(schema: Schema) -> frozenset[str]:
    types = schema.get("type", ANY_TYPE)
    names = frozenset([types] if isinstance(types, str) else types)
    return names | {"integer"} if "number" in names else names


def _enum_changes(path: str, old: Schema, new: Schema) -> Iterator[str]:
    if "enum" in old and "enum" in new:
        before, after = ([_text(value) for value in schema["enum"]] for schema in (old, new))
        yield from _value_changes(path, before, after)
    elif "enum" in new:
        yield f"{_at(path)} may only be one of {_text(new['enum'])}: {SENT_BEFORE}"
    elif "enum" in old:
        yield f"{_at(path)} may be other than {_text(old['enum'])}: {READERS}"


def _value_changes(path: str, before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    for value in sorted(set(before) - set(after)):
        yield f"{_at(path)} may no longer be {value}: {SENT_BEFORE}"
    for value in sorted(set(after) - set(before)):
        yield f"{_at(path)} may now be {value}: {READERS}"


def _required_changes(path: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    removed = old.get("properties", {}).keys() - new.get("properties", {}).keys()
    for name in sorted(after - before):
        yield f"{_inside(path, name)} became required: {SENT_BEFORE}"
    for name in sorted(before - after - removed):
        yield f"{_inside(path, name)} became optional: {READERS}"


def _text(value: Any) -> str:
    return "none" if value is _ABSENT else json.dumps(value, ensure_ascii=False, sort_keys=True)
