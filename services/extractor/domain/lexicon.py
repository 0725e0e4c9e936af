"""The cue lexicon: which words hint at what, in each language, and how hints add up.

Concepts are numbered; the concepts of a sentence are kept as bits of one integer, so that asking
whether several stand together is one operation.
"""

from collections import defaultdict
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
GROUPS = 3
"""Groups of cues that a rule may have."""
ANY = -1
"""All bits: a group that every sentence with a cue satisfies."""
SAMPLE = 1500
"""Characters that are enough to tell the language."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Concepts that speak for a topic where they stand in one sentence."""

    topic: Topic
    first: int
    """Concepts, as bits, of which the sentence needs one."""
    second: int
    """Likewise; all bits where the rule has one group only."""
    third: int
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
    stopwords: tuple[str, ...]
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
    stopwords: Mapping[str, tuple[str, ...]]
    """Languages in which a word is one of the most frequent."""
    rules: tuple[Rule, ...]
    polarity: Mapping[int, tuple[tuple[Stance, float], ...]]
    """The stances that each concept, by key, speaks for, and how strongly."""
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
        votes = dict.fromkeys(self.languages, 0)
        if stated in votes:
            votes[stated] = 3
        for word in filter(self.stopwords.__contains__, text[:SAMPLE].lower().split()):
            for code in self.stopwords[word]:
                votes[code] += 1
        best = max(votes, key=lambda code: (votes[code], code == "en"))
        return self.languages[best]


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
    languages = {
        document["language"]: _language(document, name, keys)
        for name, document in documents.items()
        if name not in {"rules", "stance"}
    }
    return Lexicon(
        keys=keys,
        bits=bits,
        languages=languages,
        stopwords=_stopwords(languages.values()),
        rules=tuple(_rule(values, bits) for values in rules["rules"]),
        polarity=_polarity(stance["weights"], keys),
        settings={**rules["settings"], **stance["settings"]},
    )


def _polarity(
    document: Mapping[str, Mapping[str, float]], keys: tuple[str, ...]
) -> dict[int, tuple[tuple[Stance, float], ...]]:
    weights: defaultdict[int, list[tuple[Stance, float]]] = defaultdict(list)
    for stance, concepts in document.items():
        for concept, weight in concepts.items():
            if concept not in keys:
                raise ConfigurationError(
                    f"stance.yaml names a cue {concept!r} that en.yaml lacks", "Correct its name."
                )
            weights[keys.index(concept)].append((Stance(stance), weight))
    return {key: tuple(found) for key, found in weights.items()}


def _stopwords(languages: Iterable[Language]) -> dict[str, tuple[str, ...]]:
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for language in languages:
        for word in language.stopwords:
            codes[word].append(language.code)
    return {word: tuple(found) for word, found in codes.items()}


def _grouped_keys(document: Mapping[str, Any]) -> Iterator[str]:
    for group in ("status", "route_nouns"):
        for name in document[group]:
            yield f"{group}.{name}"


def _language(document: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> Language:
    numbers = {key: number for number, key in enumerate(keys)}
    return Language(
        code=document["language"],
        stopwords=tuple(document["stopwords"]),
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
    first, second, third = (*map(mask, groups), ANY, ANY)[:GROUPS]
    return Rule(
        topic=Topic(values["topic"]),
        first=first,
        second=second,
        third=third,
        absent=mask("|".join(values["not"])) if values.get("not") else 0,
        weight=values["weight"],
        name=f"{values['topic']}: {' + '.join(groups)}",
    )
