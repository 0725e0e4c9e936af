"""Subjects that stand after their verb: "…, said X", "сообщила в среду X", "informó el lunes X"."""

from collections.abc import Sequence

from services.extractor.domain.appositions import Appositions
from services.extractor.domain.clauses import STOPS, Token
from services.extractor.domain.naming import Attribution, Naming
from services.extractor.domain.noun_phrases import MOST_WORDS, NounPhrases, Phrase
from services.extractor.domain.reading import Reading


class Inversion:
    """Finds who stands after a verb of speech.

    Args:
        phrases: finds noun phrases.
        naming: tells whom they name.
        appositions: finds the person that an office stands before.
    """

    def __init__(self, phrases: NounPhrases, naming: Naming, appositions: Appositions) -> None:
        self.phrases = phrases
        self.naming = naming
        self.appositions = appositions
        self.grammar = naming.grammar
        self.english = naming.english

    def subject(
        self, reading: Reading, tokens: Sequence[Token], verb: Phrase
    ) -> Attribution | None:
        """Return the subject after a verb: "…, said X"."""
        grammar, at = self.grammar, verb.last + 1
        while at < len(tokens) and (
            self.phrases.is_adverb(tokens[at])
            or tokens[at].lower in grammar.auxiliaries
            or (not self.english and self._is_time(tokens, at))
        ):
            at += 1
        if at >= len(tokens) or tokens[verb.first].lower in grammar.transitive:
            return None
        opening = tokens[at].lower
        if opening in grammar.determiners:
            return self._subject_after(reading, tokens, at)
        if opening in grammar.objects:
            return None
        if opening in grammar.prepositions | grammar.at_bodies:
            return self._past_preposition(reading, tokens, at)
        return self._subject_after(reading, tokens, at)

    def _is_time(self, tokens: Sequence[Token], at: int) -> bool:
        """Say whether a word tells when: "lundi", or "в" of "в среду"."""
        grammar, token = self.grammar, tokens[at]
        if token.lower in grammar.times or token.text[0].isdigit():
            return True
        small = token.lower in grammar.prepositions or token.lower in grammar.determiners
        return small and at + 1 < len(tokens) and tokens[at + 1].lower in grammar.times

    def _past_preposition(
        self, reading: Reading, tokens: Sequence[Token], at: int
    ) -> Attribution | None:
        """Return the body or person after a preposition that follows a verb."""
        if tokens[at].lower in self.grammar.at_bodies:
            phrase = self.phrases.following(tokens, at)
            found = self.naming.speaker(reading, tokens, phrase)
            if found is not None:
                return found
        return None if self.english else self._person_soon(reading, tokens, at)

    def _subject_after(
        self, reading: Reading, tokens: Sequence[Token], at: int
    ) -> Attribution | None:
        """Return the subject that begins at a token, or the person in its apposition."""
        phrase = self.phrases.following(tokens, at)
        if phrase is None or self._has_verb(tokens, phrase):
            return None
        found = self.naming.speaker(reading, tokens, phrase)
        if found is None or found.is_person or not self.naming.has_office(tokens, phrase):
            return found
        apposed = self.appositions.person_after(reading, tokens, phrase.last + 1)
        return apposed._replace(phrase_start=found.start) if apposed is not None else found

    def _has_verb(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Say whether what follows a verb is a clause of its own: "said the UN had asked"."""
        if not self.english:
            return False
        words = tokens[phrase.first : phrase.last + 2]
        return any(token.lower in self.grammar.auxiliaries for token in words)

    def _person_soon(
        self, reading: Reading, tokens: Sequence[Token], at: int
    ) -> Attribution | None:
        """Return a person named shortly after a verb: "rekao je u Zagrebu Peter Kessler"."""
        stop = at
        while stop < min(len(tokens), at + MOST_WORDS) and tokens[stop].text not in STOPS:
            stop += 1
        if stop == at:
            return None
        return self.naming.person(reading, tokens[at].start, tokens[stop - 1].end)
