"""The cue lexicon: which words hint at what, in each language.

Concepts are numbered; the concepts of a sentence are kept as bits of one integer, so that asking
whether several stand together is one operation.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from services.extractor.data_files import lexicon_documents
from services.extractor.domain.grammar import NO_GRAMMAR, Grammar, read_grammar
from services.extractor.domain.phrases import PhraseIndex
from services.extractor.domain.quantity_words import (
    NO_QUANTITIES,
    QuantityWords,
    read_quantities,
)
from services.runtime.errors import ConfigurationError

SPECIAL = (
    "reporting",
    "according_to",
    "according_after",
    "own_account",
    "pronouns",
    "body_pronouns",
    "negators",
    "actor_nouns",
    "vague_actor_nouns",
    "by_way_of",
    "travel",
)
"""Word lists beside the concepts that are found in the same pass."""
GROUPS = ("status", "traffic", "route_nouns")
"""Word lists within which several names each have their own words."""
FOUND = ("agency", "named_route")
"""Concepts that come from the gazetteer."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language."""

    code: str
    titles: frozenset[str]
    """Offices that stand before a person's name, in lower case."""
    after_route_noun: frozenset[str]
    """Words between a route's noun and its name: "of" in "port of Odesa"."""
    cues: PhraseIndex
    """Every word list of the language; keys are those of `Lexicon.keys`."""
    grammar: Grammar = NO_GRAMMAR
    """Small words from which clauses are told apart."""
    quantities: QuantityWords = NO_QUANTITIES
    """Number words, and words for what is counted."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All languages, with the concepts that they share."""

    keys: tuple[str, ...]
    """Concept or word list of each key: concepts first, then `SPECIAL`, then `GROUPS`."""
    bits: Mapping[str, int]
    """Bit of each concept."""
    languages: Mapping[str, Language]

    def bit(self, key: int) -> int:
        """Return the bit of a key, 0 where it is no concept."""
        return 1 << key if key < len(self.bits) else 0

    def mask(self, *concepts: str) -> int:
        """Return the bits of concepts, together."""
        return sum(self.bits[concept] for concept in concepts)


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon, read once per process.

    Raises:
        ConfigurationError: a file names a concept that does not exist.
    """
    return build_lexicon(lexicon_documents())


def build_lexicon(documents: Mapping[str, Any]) -> Lexicon:
    """Return the lexicon that the documents describe.

    Args:
        documents: any number of languages; `en` says which concepts exist.

    Raises:
        ConfigurationError: a document names a concept that does not exist.
    """
    concepts = (*documents["en"]["concepts"], *FOUND)
    keys = (*concepts, *SPECIAL, *_grouped_keys(documents["en"]))
    bits = {name: 1 << number for number, name in enumerate(concepts)}
    languages = {
        document["language"]: _language(document, name, keys)
        for name, document in documents.items()
    }
    return Lexicon(
        keys=keys,
        bits=bits,
        languages=languages,
    )


def _grouped_keys(document: Mapping[str, Any]) -> Iterator[str]:
    for group in GROUPS:
        for name in document[group]:
            yield f"{group}.{name}"


def _language(document: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> Language:
    numbers = {key: number for number, key in enumerate(keys)}
    return Language(
        code=document["language"],
        titles=frozenset(title.lower() for title in document.get("titles", ())),
        after_route_noun=frozenset(document.get("after_route_noun", ())),
        cues=PhraseIndex(_phrases(document, f"{name}.yaml", numbers)),
        grammar=read_grammar(document.get("grammar", {}), f"{name}.yaml"),
        quantities=read_quantities(document.get("quantities", {}), f"{name}.yaml"),
    )


def _phrases(
    document: Mapping[str, Any], where: str, numbers: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    lists: dict[str, Iterable[str]] = dict(document.get("concepts", {}))
    lists |= {name: document.get(name, ()) for name in SPECIAL}
    for group in GROUPS:
        lists |= {f"{group}.{name}": words for name, words in document.get(group, {}).items()}
    for name, words in lists.items():
        if name not in numbers:
            raise ConfigurationError(
                f"{where} has a concept {name!r} that en.yaml lacks", "Correct its name."
            )
        for word in words or ():
            if not isinstance(word, str):
                raise ConfigurationError(
                    f"{where}: {word!r} under {name} is no text", "Put it in quotation marks."
                )
            yield word, numbers[name]
