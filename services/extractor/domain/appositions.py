"""Appositions: "X, spokesman for Y, said", "its head, X"."""

from collections.abc import Container, Sequence

from services.extractor.domain.clauses import STOPS, Token, index_at
from services.extractor.domain.naming import Attribution, Naming
from services.extractor.domain.noun_phrases import MOST_WORDS, NounPhrases, Phrase
from services.extractor.domain.persons import is_title
from services.extractor.domain.reading import Reading

_REACH = 40
"""Tokens between the commas of an apposition."""
_AFTER_PHRASE = 5
"""Tokens between a phrase and the comma after which its person stands."""
_COMMAS = frozenset({",", "–", "—"})
_MOST_COMMAS = 3
"""Commas of an apposition that are looked back over."""


class Appositions:
    """Finds who stands before or in an apposition.

    Args:
        phrases: finds noun phrases.
        naming: tells whom they name.
    """

    def __init__(self, phrases: NounPhrases, naming: Naming) -> None:
        self.phrases = phrases
        self.naming = naming

    def subject_before(
        self,
        reading: Reading,
        tokens: Sequence[Token],
        comma: int,
        verbs: Container[int],
        most: int = _MOST_COMMAS,
    ) -> Attribution | None:
        """Return the subject before an apposition that closes at a comma: "X, of Y, said".

        Args:
            reading: the sentence.
            tokens: its tokens.
            comma: number of the comma.
            verbs: where verbs begin that end a clause before it.
            most: commas that are looked back over.
        """
        if tokens[comma].text not in _COMMAS:
            return None
        opening = comma
        for left in range(most - 1, -1, -1):
            opening = self._comma_before(tokens, opening)
            if opening <= 0 or self._is_clause(tokens, opening + 1, comma):
                return None
            found = self._before_comma(reading, tokens, opening, verbs)
            if found is not None:
                return self._whose_office(reading, tokens, opening, verbs, found, left)
        return None

    def _whose_office(
        self,
        reading: Reading,
        tokens: Sequence[Token],
        comma: int,
        verbs: Container[int],
        found: Attribution,
        most: int,
    ) -> Attribution:
        """Return who begins the clause and holds the office that was found, or what was found.

        "Marta Ferreira, deputy head of the mission, who is in Yerevan, said".
        """
        first, last = index_at(tokens, found.start), index_at(tokens, found.end - 1)
        if found.is_person or not self.naming.has_office(tokens, Phrase(first, last)):
            return found
        person = self.subject_before(reading, tokens, comma, verbs, most)
        if person is None or not person.is_person:
            return found
        at = index_at(tokens, person.start)
        while at and is_title(tokens[at - 1].text, self.naming.titles):
            at -= 1
        return person if at == 0 or tokens[at - 1].text in STOPS else found

    def _is_clause(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Say whether a verb of its own stands between commas, and no relative word before it."""
        grammar = self.phrases.grammar
        if first < last and tokens[first].lower in grammar.relatives:
            return False
        return any(
            token.lower in grammar.passive or token.lower in grammar.auxiliaries
            for token in tokens[first:last]
        )

    def _comma_before(self, tokens: Sequence[Token], at: int) -> int:
        """Return the comma before a token, 0 where another stop or nothing comes first."""
        for number in range(at - 1, max(0, at - _REACH), -1):
            if tokens[number].text in _COMMAS:
                return number
            if tokens[number].text in STOPS:
                return 0
        return 0

    def _before_comma(
        self, reading: Reading, tokens: Sequence[Token], comma: int, verbs: Container[int]
    ) -> Attribution | None:
        """Return the subject that ends at a comma, where it is one that an apposition follows."""
        phrase = self.phrases.subject(tokens, comma - 1, verbs)
        found = self.naming.speaker(reading, tokens, phrase) if phrase else None
        if phrase is None or found is None or not self.naming.is_named(reading, tokens, found):
            return None
        before = tokens[phrase.first - 1] if phrase.first else None
        person = self.person_after(reading, tokens, comma)
        if person is not None and not found.is_person and self.naming.has_office(tokens, phrase):
            return person._replace(phrase_start=found.start)
        listed = before is not None and before.text == "," and not found.is_person
        if listed and not self._is_told_of(tokens, phrase.last, comma):
            return None
        if phrase.last - phrase.first > MOST_WORDS // 2:
            return None
        return found

    def _is_told_of(self, tokens: Sequence[Token], last: int, comma: int) -> bool:
        """Say whether "the" or "who" after a comma goes on about a single capital before it."""
        grammar = self.phrases.grammar
        following = tokens[comma + 1].lower if comma + 1 < len(tokens) else ""
        return tokens[last].is_capital and following in grammar.determiners | grammar.relatives

    def person_after(
        self, reading: Reading, tokens: Sequence[Token], comma: int
    ) -> Attribution | None:
        """Return the person that an apposition names: "its head, Marta Ferreira"."""
        stop = comma
        while stop < min(len(tokens), comma + _AFTER_PHRASE) and tokens[stop].text not in STOPS:
            stop += 1
        comma = stop
        if comma + 1 >= len(tokens) or tokens[comma].text != ",":
            return None
        last = comma
        while last + 1 < len(tokens) and tokens[last + 1].text not in STOPS:
            last += 1
        if last == comma or last - comma > MOST_WORDS:
            return None
        first = tokens[comma + 1]
        person = self.naming.person(reading, first.start, tokens[last].end)
        if person is None:
            return None
        whole = person.end >= tokens[last].end - 1
        return person if whole or first.is_capital else None
