"""What an actor is in a statement: who speaks, who decides, who fights, who brings aid."""

from schemas import Speaker
from schemas.statement import ActorRole
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.grammar import Grammar

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


def role_of(
    name: str, actor: Actor | None, kind: str | None, speaker: Speaker | None
) -> ActorRole | None:
    """Return what an actor is in a sentence, None where that cannot be told.

    Args:
        name: as written.
        actor: the gazetteer's, where it is one.
        kind: of the actor, in the gazetteer's words.
        speaker: who speaks in the sentence.
    """
    if speaker is not None:
        same = name in speaker.name or speaker.name in name
        if same or (actor is not None and actor.id == speaker.actor_id and not _titled(speaker)):
            return ActorRole.SPEAKER
    return _BY_KIND.get(kind or "")


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
