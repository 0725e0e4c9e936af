"""Finds mistakes in files of the gazetteer: in single entries, and where entries meet."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from services.extractor.domain.gazetteer import (
    ACTOR_KINDS,
    ROUTE_KINDS,
    Actor,
    Route,
    entry_label,
    make_entry,
)
from services.extractor.domain.gazetteer_fields import FieldProblem, field_problems
from services.extractor.domain.gazetteer_names import Use, core, key_of, uses_of
from services.extractor.domain.gazetteer_places import place_problems

SECTIONS: dict[str, tuple[Any, frozenset[str]]] = {
    "routes": (Route, ROUTE_KINDS),
    "actors": (Actor, ACTOR_KINDS),
}
"""Section of a file → what its entries become, and the kinds they may have."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake."""

    file: str
    entry: str
    kind: str
    """`field`, `empty`, `country`, `coordinate`, `id`, `word`, `duplicate` or `clash`."""
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry that could be read."""

    file: str
    label: str
    entry: Route | Actor


def check(
    documents: Iterable[tuple[str, dict[str, Any]]], ordinary: Container[str]
) -> tuple[Problem, ...]:
    """Return what is wrong with files of the gazetteer, by file.

    Args:
        documents: name and content of each; a later one's entry replaces an earlier one's of the
            same id, as it does when statements are extracted.
        ordinary: folded words that people write without meaning an actor or route.
    """
    problems: set[Problem] = set()
    entries: dict[tuple[str, str], Checked] = {}
    for file, document in documents:
        problems.update(_file_problems(file, document, entries))
    for checked in entries.values():
        problems.update(_entry_problems(checked, ordinary))
    problems.update(_clashes(entries.values()))
    problems.update(_near_duplicates(entries.values()))
    return tuple(sorted(problems))


def _file_problems(
    file: str, document: dict[str, Any], entries: dict[tuple[str, str], Checked]
) -> Iterator[Problem]:
    """Yield the problems of single entries and add what can be read to `entries`."""
    for section, (model, kinds) in SECTIONS.items():
        seen: set[str] = set()
        for number, values in enumerate(document.get(section) or (), start=1):
            label = entry_label(section, number, values)
            found = list(field_problems(values, model, kinds))
            yield from (_problem(file, label, each) for each in found)
            if any(each.fatal for each in found):
                continue
            entry = make_entry(model, values)
            if entry.id in seen:
                yield Problem(file, label, "id", "the id stands twice", "Give it another id.")
            seen.add(entry.id)
            entries.pop((section, entry.id), None)  # so that what clashes is said of the later file
            entries[section, entry.id] = Checked(file, label, entry)


def _problem(file: str, label: str, found: FieldProblem) -> Problem:
    return Problem(file, label, found.kind, found.what, found.remedy)


def _entry_problems(checked: Checked, ordinary: Container[str]) -> Iterator[Problem]:
    place = checked.file, checked.label
    seen: dict[str, Use] = {}
    for use in uses_of(checked.entry):
        if use.generated:
            continue
        other = seen.setdefault(use.key, use)
        if other is not use:
            what = f"'{use.name}' ({use.field}) is '{other.name}' ({other.field}) again"
            yield Problem(*place, "duplicate", what, f"Remove it from {use.field}.")
        elif use.in_text and use.key in ordinary:
            what = f"'{use.name}' ({use.field}) is an ordinary word"
            yield Problem(*place, "word", what, "Use a longer name, or an acronym in capitals.")
    if isinstance(checked.entry, Route):
        yield from (_problem(*place, each) for each in place_problems(checked.entry))


def _clashes(entries: Collection[Checked]) -> Iterator[Problem]:
    """Yield names that mean two entries, said of the later one."""
    order = list(entries)
    uses = [(use, at) for at, each in enumerate(order) for use in uses_of(each.entry)]
    owners: dict[str, tuple[Use, int]] = {}
    for exact in (False, True):  # names found in any case first: acronyms must not be among them
        for use, at in uses:
            if use.exact is exact:
                key = key_of(use.name) if key_of(use.name) in owners else use.key
                owner = owners.setdefault(key, (use, at))
                if owner[1] != at:
                    (_, first), (named, last) = sorted([owner, (use, at)], key=itemgetter(1))
                    yield _clash(order[first], order[last], named)


def _clash(first: Checked, last: Checked, use: Use) -> Problem:
    what = f"'{use.name}' ({use.field}) also means {first.entry.id} ({first.file})"
    remedy = "Leave it to one of them; the first is what is found."
    return Problem(last.file, last.label, "clash", what, remedy)


def _near_duplicates(entries: Iterable[Checked]) -> Iterator[Problem]:
    """Yield entries of one kind and country that the same words name."""
    named: dict[tuple[str, str], list[Checked]] = defaultdict(list)
    for checked in entries:
        for name in {core(use.name) for use in uses_of(checked.entry) if use.always} - {""}:
            for other in named[checked.entry.kind, name]:
                if _share_a_country(checked.entry, other.entry):
                    what = f"seems to be {other.entry.id} ({other.file}): both are '{name}'"
                    remedy = "Make one entry of them, or name them more clearly."
                    yield Problem(checked.file, checked.label, "duplicate", what, remedy)
            named[checked.entry.kind, name].append(checked)


def _share_a_country(one: Route | Actor, other: Route | Actor) -> bool:
    return bool(set(one.countries) & set(other.countries)) or one.countries == other.countries
