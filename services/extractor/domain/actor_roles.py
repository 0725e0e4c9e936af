"""What an actor is in a statement: who speaks, decides, fights, brings aid or suffers.

Groups of people ("the displaced") are no actors by the codebook. People are affected where the
sentence names them and tells what was done to them: an official who was seized or killed.
"""

from collections.abc import Sequence

from schemas import Speaker
from schemas.statement import ActorRole
from services.extractor.domain.clauses import Token, index_at
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit

SUFFERED = ("seize", "harm", "evacuate", "rescue", "trapped", "release", "treat")
"""Concepts for what is done to people who are affected."""
_NEAR = 3
"""Words between a name and what was done: "X and two others were", "release of the mayor"."""

_BY_KIND = {
    "un_body": ActorRole.HUMANITARIAN_ACTOR,
    "red_cross_red_crescent": ActorRole.HUMANITARIAN_ACTOR,
    "ngo": ActorRole.HUMANITARIAN_ACTOR,
    "government": ActorRole.CONTROLLING_AUTHORITY,
    "de_facto_authority": ActorRole.CONTROLLING_AUTHORITY,
    "armed_forces": ActorRole.ARMED_ACTOR,
    "armed_group": ActorRole.ARMED_ACTOR,
    "peacekeeper": ActorRole.ARMED_ACTOR,
}

_OF = frozenset({"of", "de", "du", "da", "do", "del", "des"})
"""What ties a deed to those who suffer it, and a word to its author alike."""


def role_of(
    name: str,
    actor: Actor | None,
    kind: str | None,
    speaker: Speaker | None,
    *,
    affected: bool = False,
) -> ActorRole | None:
    """Return what an actor is in a sentence, None where that cannot be told.

    Whoever speaks is the speaker, and a body is what its kind makes it, whatever it suffers.

    Args:
        name: as written.
        actor: the gazetteer's, where it is one.
        kind: of the actor, in the gazetteer's words.
        speaker: who speaks in the sentence.
        affected: whether something is done to it there that is done to people in need.
    """
    if speaker is not None:
        same = name in speaker.name or speaker.name in name
        if same or (actor is not None and actor.id == speaker.actor_id and not _titled(speaker)):
            return ActorRole.SPEAKER
    return _BY_KIND.get(kind or "", ActorRole.AFFECTED_PEOPLE if affected else None)


def is_affected(
    span: Span, tokens: Sequence[Token], suffered: Sequence[Hit], grammar: Grammar
) -> bool:
    """Say whether someone is the object of what is done to people: seized, hurt, evacuated.

    Args:
        span: where they are named.
        tokens: of the sentence.
        suffered: the cues of `SUFFERED` in it.
        grammar: whose small words to go by.
    """
    starts = {cue.start for cue in suffered if cue.end <= span[0] or cue.start >= span[1]}
    if not starts:
        return False
    first, after = index_at(tokens, span[0]), index_at(tokens, span[1])
    return _is_object(tokens[max(0, first - _NEAR - 1) : first], starts, grammar) or _is_passive(
        tokens[after : after + 2 * _NEAR], starts, grammar
    )


def _is_object(before: Sequence[Token], starts: set[int], grammar: Grammar) -> bool:
    """Say whether what was done stands just before a name: "freed the mayor", "release of"."""
    for token in reversed(before):
        if token.start in starts:
            return True
        if not token.is_word or token.lower in grammar.coordinators | grammar.authored - _OF:
            return False
    return False


def _is_passive(after: Sequence[Token], starts: set[int], grammar: Grammar) -> bool:
    """Say whether what was done stands after a name in the passive: "was seized"."""
    for number, token in enumerate(after[:_NEAR]):
        if not token.is_word or token.lower in grammar.subordinators | grammar.relatives:
            return False
        if token.lower in grammar.passive:
            return any(each.start in starts for each in after[number + 1 : number + _NEAR])
    return False


def _titled(speaker: Speaker) -> bool:
    """Say whether a speaker is a person, for whose body the role is another."""
    return speaker.role is not None


def kind_of(name: str, grammar: Grammar) -> str | None:
    """Return the kind of a body by the words of its name, None where they do not tell."""
    words = {word.strip("’'.,").lower() for word in name.split()}
    if words & grammar.armed:
        return "armed_forces"
    if words & grammar.rebel:
        return "armed_group"
    if words & grammar.ruling:
        return "government"
    return None
