"""Whether an actor in control promises, offers or agrees to something."""

from schemas import Stance
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.lexicon import Lexicon
from services.extractor.domain.reading import Reading
from services.extractor.domain.stance import is_negated

_WITHOUT_CONTROL = frozenset({"un_body", "red_cross_red_crescent", "ngo"})
"""An aid agency's own readiness is no commitment (codebook, decision 9)."""


def is_commitment(
    reading: Reading, stance: Stance, speaker: Actor | None, lexicon: Lexicon
) -> bool:
    """Say whether a sentence commits an actor that controls access.

    Args:
        reading: the sentence.
        stance: its stance; only enabling sentences commit.
        speaker: the gazetteer's actor that speaks, where it is known.
        lexicon: whose `promise` cues to look for.
    """
    if stance is not Stance.ENABLING:
        return False
    if speaker is not None and speaker.kind in _WITHOUT_CONTROL:
        return False
    negators = reading.of(lexicon.keys.index("negators"))
    promises = reading.of(lexicon.keys.index("promise"))
    return any(not is_negated(promise, negators) for promise in promises)
