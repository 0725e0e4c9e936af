"""Which cues and names of a sentence spoke for or against it, for whoever asks why."""

from services.extractor.domain.lexicon import Lexicon
from services.extractor.domain.linear import CONCEPT, LinearModel
from services.extractor.domain.reading import Reading

MOST = 5
LEAST = 0.15
"""Logits below which a cue decided nothing."""


def evidence_of(reading: Reading, linear: LinearModel, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the cues of a sentence with what each adds to detection, in logits, strongest first.

    For example `route “crossing” +0.84`: the concept, its words in the sentence, its weight.
    """
    column = linear.heads.index("detection")
    concepts = tuple(lexicon.bits)
    words: dict[str, list[str]] = {}
    for cue in reading.cues:
        if cue.key < len(concepts):
            written = reading.text[cue.start : cue.end]
            known = words.setdefault(concepts[cue.key], [])
            if written not in known:
                known.append(written)
    weighed = [
        (float(linear.concepts[number, column]) * CONCEPT, name)
        for number, name in enumerate(concepts)
        if reading.concepts >> number & 1
    ]
    strongest = sorted(weighed, key=lambda each: (-abs(each[0]), each[1]))[:MOST]
    return tuple(
        f"{name} “{', '.join(words[name][:3])}” {weight:+.2f}"
        if name in words
        else f"{name} {weight:+.2f}"
        for weight, name in strongest
        if abs(weight) >= LEAST
    )
