"""For whom a pronoun stands: the last fitting speaker, or the body that its sentence is about."""

from dataclasses import dataclass, field

from schemas import Speaker

_FAR = 6
"""Sentences after which a pronoun no longer reaches back to a body."""
_NEAR = 4
"""Sentences after which "the official" no longer reaches back to a person."""


@dataclass(slots=True)
class Memory:
    """Who has spoken so far in an article."""

    persons: list[tuple[int, Speaker]] = field(default_factory=list)
    """Sentence and speaker."""
    bodies: list[tuple[int, Speaker]] = field(default_factory=list)

    def note(self, speaker: Speaker, sentence: int, *, is_person: bool) -> None:
        """Remember who spoke in a sentence."""
        (self.persons if is_person else self.bodies).append((sentence, speaker))

    def person(self, sentence: int, *, near: bool) -> Speaker | None:
        """Return the person who spoke last before a sentence, or not long before it."""
        if not self.persons:
            return None
        at, speaker = self.persons[-1]
        return speaker if not near or sentence - at <= _NEAR else None

    def body(self, noun: str, sentence: int) -> Speaker | None:
        """Return the body that a pronoun or general noun stands for, None where none fits.

        Args:
            noun: as written, in lower case.
            sentence: number of the sentence it stands in.
        """
        like = self.named_like(noun.rsplit(maxsplit=1)[-1], sentence)
        if like is not None:
            return like
        return self.bodies[-1][1] if self.bodies else None

    def named_like(self, head: str, sentence: int) -> Speaker | None:
        """Return the body near a sentence that has a word in its name: "the ministry"."""
        for at, speaker in reversed(self.bodies):
            name = speaker.name.lower()
            if sentence - at <= _FAR and head in name.split() and name != f"the {head}":
                return speaker
        return None

    def anyone(self) -> Speaker | None:
        """Return who spoke last, a person or a body."""
        last = [spoken[-1] for spoken in (self.persons, self.bodies) if spoken]
        return max(last, key=lambda entry: entry[0])[1] if last else None
