"""The cue lexicon: which words hint at what, in each language, and how hints add up.

Concepts are numbered; the concepts of a sentence are kept as bits of one integer, so that asking
whether several stand together is one operation.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas import Stance, Topic
from services.extractor.data_files import lexicon_documents
from services.extractor.domain.phrases import PhraseIndex
from services.runtime.errors import ConfigurationError

SPECIAL = (
    "reporting",
    "according_to",
    "pronouns",
    "body_pronouns",
    "negators",
    "actor_nouns",
    "vague_actor_nouns",
    "by_way_of",
)
"""Word lists beside the concepts that are found in the same pass."""
FOUND = ("agency", "named_route")
"""Concepts that come from the gazetteer."""
SAMPLE = 1500
"""Characters that are enough to tell the language."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Concepts that speak for a topic where they stand in one sentence."""

    topic: Topic
    all: tuple[int, ...]
    """Sets of concepts, as bits; the sentence needs one of each."""
    absent: int
    """Concepts, as bits, of which it must have none."""
    weight: float
    """Evidence, 0 to 1."""
    name: str
    """How the rule is shown to whoever asks why."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language."""

    code: str
    stopwords: frozenset[str]
    titles: frozenset[str]
    """Offices that stand before a person's name, in lower case."""
    after_route_noun: frozenset[str]
    """Words between a route's noun and its name: "of" in "port of Odesa"."""
    cues: PhraseIndex
    """Every word list of the language; keys are those of `Lexicon.keys`."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All languages, and the rules that hold in every one."""

    keys: tuple[str, ...]
    """Concept or word list of each key: concepts first, then `SPECIAL`, `status.…`, `route.…`."""
    bits: Mapping[str, int]
    """Bit of each concept."""
    languages: Mapping[str, Language]
    rules: tuple[Rule, ...]
    polarity: Mapping[Stance, Mapping[int, float]]
    """How strongly each concept, by key, speaks for a stance."""
    settings: Mapping[str, float]
    """Thresholds and factors of `rules.yaml` and `stance.yaml`."""

    def bit(self, key: int) -> int:
        """Return the bit of a key, 0 where it is no concept."""
        return 1 << key if key < len(self.bits) else 0

    def mask(self, *concepts: str) -> int:
        """Return the bits of concepts, together."""
        return sum(self.bits[concept] for concept in concepts)

    def language_of(self, stated: str | None, text: str) -> Language:
        """Return the language that a text is most likely in.

        Args:
            stated: ISO 639-1 code that the feed gives, or None; counts for as much as three words.
            text: the text, of which the beginning is looked at.
        """
        words = text[:SAMPLE].lower().split()
        best, most = self.languages["en"], 0
        for code, language in self.languages.items():
            votes = sum(word in language.stopwords for word in words) + 3 * (code == stated)
            if votes > most:
                best, most = language, votes
        return best


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon, read once per process.

    Raises:
        ConfigurationError: a file names a concept, topic or stance that does not exist.
    """
    return build_lexicon(lexicon_documents())


def build_lexicon(documents: Mapping[str, Any]) -> Lexicon:
    """Return the lexicon that the documents describe.

    Args:
        documents: `rules`, `stance` and any number of languages; `en` says which concepts exist.

    Raises:
        ConfigurationError: a document names a concept, topic or stance that does not exist.
    """
    rules, stance = documents["rules"], documents["stance"]
    concepts = (*documents["en"]["concepts"], *FOUND)
    keys = (*concepts, *SPECIAL, *_grouped_keys(documents["en"]))
    bits = {name: 1 << number for number, name in enumerate(concepts)}
    return Lexicon(
        keys=keys,
        bits=bits,
        languages={
            document["language"]: _language(document, name, keys)
            for name, document in documents.items()
            if name not in {"rules", "stance"}
        },
        rules=tuple(_rule(values, bits) for values in rules["rules"]),
        polarity={
            Stance(name): {keys.index(concept): weight for concept, weight in weights.items()}
            for name, weights in stance["weights"].items()
        },
        settings={**rules["settings"], **stance["settings"]},
    )


def _grouped_keys(document: Mapping[str, Any]) -> Iterator[str]:
    for group in ("status", "route_nouns"):
        for name in document[group]:
            yield f"{group}.{name}"


def _language(document: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> Language:
    numbers = {key: number for number, key in enumerate(keys)}
    return Language(
        code=document["language"],
        stopwords=frozenset(document["stopwords"]),
        titles=frozenset(title.lower() for title in document.get("titles", ())),
        after_route_noun=frozenset(document.get("after_route_noun", ())),
        cues=PhraseIndex(_phrases(document, f"{name}.yaml", numbers)),
    )


def _phrases(
    document: Mapping[str, Any], where: str, numbers: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    lists: dict[str, Iterable[str]] = dict(document.get("concepts", {}))
    lists |= {name: document.get(name, ()) for name in SPECIAL}
    for group in ("status", "route_nouns"):
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


def _rule(values: Mapping[str, Any], bits: Mapping[str, int]) -> Rule:
    def mask(names: str) -> int:
        try:
            return sum({bits[name] for name in names.split("|")})
        except KeyError as error:
            raise ConfigurationError(
                f"rules.yaml names a cue {error} that en.yaml lacks", "Correct its name."
            ) from error

    groups = values["all"]
    return Rule(
        topic=Topic(values["topic"]),
        all=tuple(mask(group) for group in groups),
        absent=mask("|".join(values["not"])) if values.get("not") else 0,
        weight=values["weight"],
        name=f"{values['topic']}: {' + '.join(groups)}",
    )
