"""The small words of a language from which clauses are told apart."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from services.runtime.errors import ConfigurationError

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grammar:
    """Word lists of one language, all in lower case."""

    determiners: frozenset[str] = _NONE
    """What a noun phrase may begin with: "the", "several"."""
    definite: frozenset[str] = _NONE
    """Of these, the ones before what is known already: "the"."""
    prepositions: frozenset[str] = _NONE
    subordinators: frozenset[str] = _NONE
    """What begins another clause: "that", "while", "but"."""
    relatives: frozenset[str] = _NONE
    """What begins a clause that goes on about a noun: "who"."""
    auxiliaries: frozenset[str] = _NONE
    """What may stand between a subject and its verb: "has", "would"."""
    unable: frozenset[str] = _NONE
    """Of these, with "not", the ones after which nothing is said: "cannot"."""
    passive: frozenset[str] = _NONE
    """What makes a verb after it passive: "was" told."""
    adverbs: frozenset[str] = _NONE
    """What else may stand between a subject and its verb, or between a verb and its subject."""
    leads: frozenset[str] = _NONE
    """What may stand before a subject at the beginning: "but", "later"."""
    coordinators: frozenset[str] = _NONE
    infinitives: frozenset[str] = _NONE
    """What makes a verb after it an infinitive: "to" say."""
    quoting: frozenset[str] = _NONE
    """Verbs whose object is the speaker: "quoted" X as saying."""
    quoted_as: frozenset[str] = _NONE
    """What then follows the speaker: "as"."""
    transitive: frozenset[str] = _NONE
    """Verbs of speech that an object follows, never their subject: "told"."""
    resuming: frozenset[str] = _NONE
    """Verbs of speech only where nothing follows them: she "went on"."""
    denying: frozenset[str] = _NONE
    """Verbs that turn a claim down; whoever denies has the last word of a sentence."""
    hearsay: frozenset[str] = _NONE
    """Verbs that an infinitive after them makes passive: people "said" to be hurt."""
    objects: frozenset[str] = _NONE
    """Pronouns that are no subject: "him"."""
    possessives: frozenset[str] = _NONE
    """"his", "its": stand for a person or body before what it said or wrote."""
    utterances: frozenset[str] = _NONE
    """What is said or written: "statement"."""
    accounts: frozenset[str] = _NONE
    """What a claim is somebody's by: in X's "words"."""
    accountable: frozenset[str] = _NONE
    """What stands before whose account it is: "in" X's words."""
    authored: frozenset[str] = _NONE
    """What stands between it and its author: "by"."""
    modifiers: frozenset[str] = _NONE
    """Words in an office's name that make no office alone: "Foreign"."""
    organisations: frozenset[str] = _NONE
    """Of these, the ones in the name of a body that may act: no roads or towns."""
    links: frozenset[str] = _NONE
    """Small words within a body's name: "of", "for"."""
    locative: frozenset[str] = _NONE
    """What stands before a country that is only a place: "in", "southern"."""
    unnamed: frozenset[str] = _NONE
    """Words for people who go without a name: "officials"."""
    laity: frozenset[str] = _NONE
    """What people may be who hold no office: "resident"."""
    holding: frozenset[str] = _NONE
    """Verbs that tell of an office after "who": "heads"."""
    ruling: frozenset[str] = _NONE
    """Words for governments: "ministry"."""
    armed: frozenset[str] = _NONE
    """Words for a state's forces: "army"."""
    rebel: frozenset[str] = _NONE
    """Words for other armed groups: "militia"."""
    route_adjectives: frozenset[str] = _NONE
    """What tells a route's kind before its noun: "humanitarian" corridor."""
    route_words: frozenset[str] = _NONE
    """Words of bodies or titles that a route's name may hold: "Supply"."""
    plurals: frozenset[str] = _NONE
    """Nouns that several routes share: "crossings"."""
    noun_bases: frozenset[str] = _NONE
    """Route nouns without their case endings, where a language has them."""
    partly: frozenset[str] = _NONE
    """What weakens a status: "partly"."""
    becoming: frozenset[str] = _NONE
    """What makes "open" a verb: "to", "be"."""
    staying: frozenset[str] = _NONE
    """What makes "opened" a state: "remains"."""
    unfounded: frozenset[str] = _NONE
    """What turns down a claim wherever it stands: "baseless"."""
    planning: frozenset[str] = _NONE
    """What makes movement a prospect: "agreed"."""
    again: frozenset[str] = _NONE
    standing: frozenset[str] = _NONE
    """What stands before a route where somebody only is: "at"."""
    held: frozenset[str] = _NONE
    """What happens to those who may not go on: "stranded"."""
    along: frozenset[str] = _NONE
    """What stands between movement and its route: "along"."""
    along_endings: tuple[str, ...] = ()
    """How words end that follow a route on which something moves: "yolundan", "yolu ilə"."""
    standing_endings: tuple[str, ...] = ()
    """How words end that follow a route where somebody only is: "Köprüsü'nde"."""
    negotiating: frozenset[str] = _NONE
    """What is no agreement yet: "talks"."""
    case_endings: tuple[str, ...] = ()
    """Endings of a name that is no part of a route's name after it: "Bakıdan"."""
    caseless: bool = False
    """True where prefixes are written together with a noun, as in Arabic."""
    settlements: frozenset[str] = _NONE
    """What may stand between a route's noun and its name: "the town of"."""
    regions: frozenset[str] = _NONE
    """What after a name makes it no route's: "a street of the X district"."""
    way_links: frozenset[str] = _NONE
    """What may stand between a road and where it leads: "to"."""
    pair_links: frozenset[str] = _NONE
    """What may stand between a road and both of its ends: "between"."""
    spanning: frozenset[str] = _NONE
    """What stands between a bridge or road and what it crosses: "over"."""
    within: frozenset[str] = _NONE
    """What stands between a checkpoint and the town that it is in."""
    figurative: frozenset[str] = _NONE
    """How names of roads end that stand for something else: "Silk Road"."""
    ways: frozenset[str] = _NONE
    """What stands between the two ends of a road: "to"."""
    ships: frozenset[str] = _NONE
    """What calls at a port: "vessel"."""
    lorries: frozenset[str] = _NONE
    """What passes a crossing: "container"."""
    passing: frozenset[str] = _NONE
    """Words that make any place after them a way through: "via"."""
    agents: frozenset[str] = _NONE
    """What stands before who did what a passive tells: "by"."""
    what: frozenset[str] = _NONE
    """What makes words a mere name of something: "what" X called a corridor."""
    bodies: frozenset[str] = _NONE
    """Words in the name of a body, never in a person's: "Ministry", "Front"."""
    first_person: frozenset[str] = _NONE
    times: frozenset[str] = _NONE
    """Days, months and the like, which are no names of persons."""
    timed: frozenset[str] = _NONE
    """What stands before them: "last", "on"."""
    outlets: frozenset[str] = _NONE
    """Words for media, whose reports are no statements of their own."""
    enclitics: tuple[str, ...] = ()
    """Endings that are pronouns: "-t-il"."""
    at_bodies: frozenset[str] = _NONE
    """What stands before a body whose people speak: "в" министерстве сообщили."""
    pro_drop: bool = False
    """True where a verb needs no subject: "añadió" is "he added"."""
    small: frozenset[str] = _NONE
    """All small words that may stand with a capital and are no names."""
    subject_first: bool = False
    """True where the verb ends the sentence and its subject begins it, as in Turkish."""


NO_GRAMMAR = Grammar()
_ENDINGS = frozenset({"enclitics", "case_endings", "along_endings", "standing_endings"})
"""Lists of endings, which are kept in order."""


def read_grammar(document: Mapping[str, Any], where: str) -> Grammar:
    """Return the grammar that a language's file describes.

    Args:
        document: its `grammar` section.
        where: the file's name, for messages.

    Raises:
        ConfigurationError: the section has a list that does not exist.
    """
    known = {field.name for field in fields(Grammar)}
    for name in document:
        if name not in known:
            raise ConfigurationError(
                f"{where} has a list {name!r} under grammar that does not exist",
                f"Use one of {', '.join(sorted(known))}.",
            )
    values = {name: _value(name, value) for name, value in document.items()}
    small = ("determiners", "prepositions", "leads", "subordinators", "times", "adverbs")
    return Grammar(**values, small=frozenset().union(*(values.get(name, ()) for name in small)))


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    words = map(str.lower, value)
    return tuple(words) if name in _ENDINGS else frozenset(words)
