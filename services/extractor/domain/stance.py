"""What a sentence says of access: enabling, restricting, appeal, denial or neutral."""

from collections import defaultdict

from schemas import Stance
from services.extractor.domain.lexicon import Lexicon
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading

NEGATION_REACH = 30
"""Characters between a negator and the end of its reach: some four words."""


def stance_of(reading: Reading, lexicon: Lexicon) -> Stance:
    """Return the stance that the cues of a sentence speak for most strongly."""
    scores = _scores(reading, lexicon)
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return Stance.NEUTRAL
    return next(stance for stance in Stance if scores.get(stance, 0.0) == best)


def _scores(reading: Reading, lexicon: Lexicon) -> dict[Stance, float]:
    settings, polarity = lexicon.settings, lexicon.polarity
    negators = reading.of(lexicon.keys.index("negators"))
    asked_from = min((cue.end for cue in reading.of(lexicon.keys.index("appeal"))), default=None)
    last_cue = settings["last_cue"] / len(reading.words)
    strongest: dict[tuple[Stance, int], float] = {}
    scores: defaultdict[Stance, float] = defaultdict(float)
    for cue in reading.cues:
        for stance, weight in polarity.get(cue.key, ()):
            if stance is Stance.ENABLING and is_negated(cue, negators):
                scores[Stance.RESTRICTING] += weight * settings["negated"]
                continue
            counts_for = stance
            if stance is Stance.ENABLING and asked_from is not None and cue.start >= asked_from:
                counts_for, weight = Stance.APPEAL, weight * settings["asked"]  # noqa: PLW2901 - what is asked for
            value = weight * (1 + last_cue * (cue.end - reading.sentence.start))
            if value > strongest.get((counts_for, cue.key), 0.0):
                strongest[counts_for, cue.key] = value
    for (stance, _), value in strongest.items():
        scores[stance] += value
    return scores


def is_negated(cue: Hit, negators: list[Hit]) -> bool:
    """Say whether a negator stands shortly before a cue, or starts where it starts."""
    return any(0 <= cue.start - negator.start <= NEGATION_REACH for negator in negators)
