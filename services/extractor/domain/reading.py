"""What stands in each sentence of an article: cues and names, with exact offsets."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.extractor.domain.folding import Folded
from services.extractor.domain.gazetteer import Route
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.names import Name, NameIndex
from services.extractor.domain.phrases import Hit
from services.extractor.domain.sentences import Sentence, split

_AGENCIES = frozenset({"un_body", "red_cross_red_crescent", "ngo"})
"""Kinds of actor that bring aid; peacekeepers escort it."""


MOST_CUES = 300
"""Cues that are looked at in a sentence, so that a text made of nothing else stays linear; no
sentence of the annotated set has more than 36."""
MOST_NAMES = 60
"""Names, likewise; no sentence there has more than 11."""


@dataclass(slots=True)
class Reading:
    """A sentence with what was found in it."""

    sentence: Sentence
    text: str
    """The whole article's."""
    cues: list[Hit] = field(default_factory=list)
    """Cues with their offsets into the article's text; keys are those of `Lexicon.keys`."""
    names: list[Name] = field(default_factory=list)
    concepts: int = 0
    """The concepts in it, as bits."""

    @property
    def words(self) -> str:
        """The sentence itself."""
        return self.text[self.sentence.start : self.sentence.end]

    def of(self, key: int) -> list[Hit]:
        """Return the cues of one key, in order."""
        return [cue for cue in self.cues if cue.key == key]


def read(text: str, language: Language, lexicon: Lexicon, names: NameIndex) -> list[Reading]:
    """Return every sentence of a text with its cues and names."""
    readings = [Reading(sentence, text) for sentence in split(text, language.code)]
    folded = Folded(text)
    bits = [lexicon.bit(key) for key in range(len(lexicon.keys))]
    _give_cues(readings, _cues(folded, language), bits)
    _give_names(readings, names.find(folded), lexicon)
    return readings


def _cues(folded: Folded, language: Language) -> Iterable[Hit]:
    hits = language.cues.hits(folded.text)
    if folded.identical:
        return hits
    return [Hit(*folded.span(hit.start, hit.end), hit.key) for hit in hits]


def _give_cues(readings: Sequence[Reading], cues: Iterable[Hit], bits: Sequence[int]) -> None:
    starts = [reading.sentence.start for reading in readings]
    for cue in cues:
        start, end, key = cue
        reading = readings[bisect_right(starts, start) - 1]
        if end <= reading.sentence.end and len(reading.cues) < MOST_CUES:
            reading.cues.append(cue)
            reading.concepts |= bits[key]


def _give_names(readings: Sequence[Reading], names: Iterable[Name], lexicon: Lexicon) -> None:
    agency, named_route = lexicon.bits["agency"], lexicon.bits["named_route"]
    starts = [reading.sentence.start for reading in readings]
    for name in names:
        reading = readings[bisect_right(starts, name.start) - 1]
        if name.end > reading.sentence.end or len(reading.names) == MOST_NAMES:
            continue
        reading.names.append(name)
        if isinstance(name.entry.of, Route):
            reading.concepts |= named_route if name.entry.use == "always" else 0
        elif name.entry.of.kind in _AGENCIES:
            reading.concepts |= agency
