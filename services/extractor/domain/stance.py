"""What a sentence says of access: enabling, restricting, appeal, denial or neutral."""

from collections import defaultdict

from schemas import Stance
from services.extractor.domain.lexicon import Lexicon
from services.extractor.domain.reading import Cue, Reading

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
    negators = reading.of(lexicon.keys.index("negators"))
    settings = lexicon.settings
    scores: defaultdict[Stance, float] = defaultdict(float)
    for stance, weights in lexicon.polarity.items():
        seen: dict[int, float] = {}
        for cue in reading.cues:
            weight = weights.get(cue.key)
            if weight is None:
                continue
            if stance is Stance.ENABLING and is_negated(cue, negators):
                scores[Stance.RESTRICTING] += weight * settings["negated"]
                continue
            place = (cue.end - reading.sentence.start) / (
                reading.sentence.end - reading.sentence.start
            )
            value = weight * (1 + settings["last_cue"] * place)
            seen[cue.key] = max(seen.get(cue.key, 0.0), value)
        scores[stance] += sum(seen.values())
    return scores


def is_negated(cue: Cue, negators: list[Cue]) -> bool:
    """Say whether a negator stands shortly before a cue, or starts where it starts."""
    return any(0 <= cue.start - negator.start <= NEGATION_REACH for negator in negators)
