"""References: "he", "the agency", "its statement", "the official", and whom they stand for."""

from collections.abc import Sequence

from schemas import Speaker
from services.extractor.domain.coreference import Memory
from services.extractor.domain.datelines import after_dateline
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.lexicon import Language
from services.extractor.domain.naming import Attribution, Naming
from services.extractor.domain.persons import Person, is_title
from services.extractor.domain.reading import Reading

_LONGEST_NOUN = 4
"""Words of a general noun that stands for whoever spoke: "the Azerbaijani minister"."""
PERSON, BODY, ANYONE, OFFICE = "person", "body", "anyone", "office"
"""For whom a reference may stand."""


class References:
    """Resolves references in one article.

    Args:
        readings: its sentences.
        language: whose small words and titles to go by.
        naming: knows the pronouns.
        persons: named in the article.
    """

    def __init__(
        self,
        readings: Sequence[Reading],
        language: Language,
        naming: Naming,
        persons: Sequence[Person],
    ) -> None:
        self.text = readings[0].text if readings else ""
        self.readings = readings
        self.language = language
        self.naming = naming
        self.persons = persons

    def kind_of(self, reading: Reading, found: Attribution) -> str | None:
        """Return what kind of reference an attribution is, None where it names somebody."""
        if found.is_implied:
            return ANYONE
        pronoun = self.naming.pronoun(reading, found.start, found.end)
        if pronoun is not None:
            return PERSON if pronoun == self.naming.pronouns[0] else BODY
        words = self.text[found.start : found.end].lower().split()
        if found.is_person or not 1 < len(words) <= _LONGEST_NOUN:
            return None
        return self._of_phrase(reading, found, words)

    def _of_phrase(self, reading: Reading, found: Attribution, words: Sequence[str]) -> str | None:
        """Return what kind of reference a phrase is: "its statement", "the official"."""
        grammar = self.language.grammar
        said = words[-1] in grammar.utterances
        if said and words[0] in grammar.possessives:
            owner = self.naming.pronoun(reading, found.start, found.start + len(words[0]))
            return {None: ANYONE, self.naming.pronouns[0]: PERSON}.get(owner, BODY)
        if words[0] not in grammar.definite:
            return None
        if said:
            named = any(found.start <= name.start < found.end for name in reading.names)
            return None if named else ANYONE
        return OFFICE if is_title(words[-1], self.language.titles) else None

    def meant(
        self,
        reading: Reading,
        found: Attribution,
        reference: str | None,
        memory: Memory,
        number: int,
    ) -> Speaker | None:
        """Return whom a reference stands for, None where that cannot be told."""
        if reference is None:
            return None
        written = self.text[found.start : found.end].lower()
        if reference == OFFICE:
            return memory.person(number, near=True)
        if reference == ANYONE:
            return memory.anyone()
        if reference == PERSON:
            person = memory.person(number, near=False)
            return person or self._person_before(found) or memory.anyone()
        head = written.rsplit(maxsplit=1)[-1]
        grammar = self.language.grammar
        if head in grammar.ruling | grammar.armed:
            return memory.named_like(head, number)
        return memory.body(written, number) or self._body_before(reading, found, number)

    def _person_before(self, found: Attribution) -> Speaker | None:
        """Return the person whom the text last named before a place."""
        before = [person for person in self.persons if person.start < found.start]
        return Speaker(name=self.text[before[-1].start : before[-1].end]) if before else None

    def _body_before(self, reading: Reading, found: Attribution, number: int) -> Speaker | None:
        """Return the first body that a sentence, or else the one before, names before a place."""
        for near in (reading, self.readings[number - 1]) if number else (reading,):
            for name in near.names:
                if name.start < after_dateline(near):
                    continue
                if name.end < found.start and isinstance(name.entry.of, Actor):
                    return Speaker(name=self.text[name.start : name.end], actor_id=name.entry.of.id)
        return None
