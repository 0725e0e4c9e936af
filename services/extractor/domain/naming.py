"""Whom a noun phrase names: a person without the office, a body, or somebody unnamed."""

from collections.abc import Sequence
from typing import NamedTuple

from services.extractor.domain.clauses import Token, index_at
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.noun_phrases import MOST_WORDS, Phrase
from services.extractor.domain.persons import is_title, name_of, persons_in
from services.extractor.domain.reading import Reading

_LONGEST_COMMON = 6
"""Words of an unnamed speaker without an article: "aid agencies"."""


class Attribution(NamedTuple):
    """Where a speaker is named: `text[start:end]`."""

    start: int
    end: int
    is_person: bool = False
    """Whether it is a person's name."""
    phrase_start: int = -1
    """Where the phrase begins that also holds the office: "OCHA spokesman"."""
    is_implied: bool = False
    """Whether it is no name, but words that mean whoever spoke last."""


class Naming:
    """Tells whom noun phrases name.

    Args:
        language: whose titles and small words to go by.
        lexicon: whose pronouns to look for.
        surnames: by which the article's persons go; may grow.
    """

    def __init__(self, language: Language, lexicon: Lexicon, surnames: set[str]) -> None:
        self.grammar: Grammar = language.grammar
        self.english = language.code == "en"
        self.titles = language.titles
        self.surnames = surnames
        self.pronouns = (lexicon.keys.index("pronouns"), lexicon.keys.index("body_pronouns"))

    def speaker(
        self, reading: Reading, tokens: Sequence[Token], phrase: Phrase | None
    ) -> Attribution | None:
        """Return who a noun phrase names, None where it cannot speak."""
        if phrase is None or phrase.last < phrase.first:
            return None
        pronoun = self._pronoun_in(reading, tokens, phrase)
        if pronoun is not None:
            return pronoun
        author = self._author(tokens, phrase)
        found = self.speaker(reading, tokens, author) if author is not None else None
        return found or self._named(reading, tokens, phrase)

    def _pronoun_in(
        self, reading: Reading, tokens: Sequence[Token], phrase: Phrase
    ) -> Attribution | None:
        """Return the pronoun that a phrase is, or that closes it."""
        end = tokens[phrase.last].end
        for start in (tokens[phrase.first].start, tokens[phrase.last].start):
            if self.pronoun(reading, start, end) is not None:
                return Attribution(start, end, phrase_start=start)
        return None

    def _named(
        self, reading: Reading, tokens: Sequence[Token], phrase: Phrase
    ) -> Attribution | None:
        """Return the person that a phrase is about, or else all of it where it may speak."""
        start, end = tokens[phrase.first].start, tokens[phrase.last].end
        person = self.person(reading, start, end)
        if person is not None and self._heads(tokens, phrase, person):
            return person._replace(phrase_start=start)
        if tokens[phrase.first].lower in self.grammar.at_bodies and phrase.first < phrase.last:
            start = tokens[phrase.first + 1].start
        words = phrase.last - phrase.first + 1
        if words > MOST_WORDS or not self._may_speak(reading, tokens, phrase):
            return None
        return Attribution(start, end, phrase_start=start)

    def _author(self, tokens: Sequence[Token], phrase: Phrase) -> Phrase | None:
        """Return whose utterance a phrase is: "a statement by X"."""
        for number in range(phrase.first, phrase.last):
            if tokens[number].lower in self.grammar.utterances:
                if not self.grammar.authored:
                    return Phrase(number + 1, phrase.last)
                authored = tokens[number + 1].lower in self.grammar.authored
                return Phrase(number + 2, phrase.last) if authored else None
        return None

    def _heads(self, tokens: Sequence[Token], phrase: Phrase, person: Attribution) -> bool:
        """Say whether a person is the head of a phrase, and not whom its head belongs to."""
        at = index_at(tokens, person.start)
        before = [
            token
            for token in tokens[phrase.first : at]
            if token.lower not in self.grammar.determiners and not is_title(token.text, self.titles)
        ]
        if before and before[-1].lower in self.grammar.coordinators:
            return not self._is_portfolio(tokens[phrase.first], before[:-1])
        return not (before and before[-1].lower in self.grammar.prepositions)

    def _is_portfolio(self, opening: Token, before: Sequence[Token]) -> bool:
        """Say whether words go on with "and" in an office: "Minister for Trade and Equality"."""
        at = len(before)
        while at and before[at - 1].is_capital:
            at -= 1
        linked = 0 < at < len(before) and before[at - 1].lower in self.grammar.prepositions
        return linked and opening.lower not in self.grammar.bodies

    def _may_speak(self, reading: Reading, tokens: Sequence[Token], phrase: Phrase) -> bool:
        grammar = self.grammar
        opening, words = tokens[phrase.first], phrase.last - phrase.first + 1
        if opening.lower in grammar.at_bodies and words > 1:
            return self._at_body(reading, tokens, phrase)
        barred = opening.lower in grammar.first_person | grammar.prepositions | grammar.objects
        if opening.lower in grammar.times or (barred and opening.lower not in grammar.determiners):
            return False
        end = tokens[phrase.last].end
        if any(opening.start <= name.start < end for name in reading.names):
            return opening.is_word
        if opening.lower in grammar.determiners or opening.text[0].isdigit():
            return words > 1
        if not opening.is_word or opening.is_capital:
            return opening.is_word
        closing = tokens[phrase.last].lower
        plural = closing.endswith("s") or opening.lower.endswith("s")
        plural = plural or closing in grammar.unnamed | grammar.armed | grammar.ruling
        plural = plural or not opening.text.isascii()
        return words <= _LONGEST_COMMON and (plural or is_title(opening.text, self.titles))

    def _at_body(self, reading: Reading, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Say whether a preposition stands before a body: "в министерстве"."""
        inner = tokens[phrase.first + 1]
        return (
            inner.lower in self.grammar.bodies
            or self.pronoun(reading, inner.start, inner.end) is not None
            or any(name.start == inner.start for name in reading.names)
        )

    def is_named(self, reading: Reading, tokens: Sequence[Token], found: Attribution) -> bool:
        """Say whether an attribution names a person, an actor, or something with an article."""
        if found.is_person or any(found.start <= n.start < found.end for n in reading.names):
            return True
        opening = tokens[index_at(tokens, found.start)]
        return opening.lower in self.grammar.determiners or opening.is_capital

    def has_office(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Say whether an office stands in a phrase."""
        words = tokens[phrase.first : phrase.last + 1]
        return any(is_title(token.text, self.titles) for token in words)

    def person(self, reading: Reading, start: int, end: int) -> Attribution | None:
        """Return the first person named in a stretch, without the office."""
        for match in persons_in(reading.text, start, end):
            span = name_of(reading, match.start(), match.end(), self.grammar, self.titles)
            if span is None:
                continue
            single = " " not in reading.text[span[0] : span[1]]
            word = reading.text[span[0] : span[1]]
            if not single or word in self.surnames or span[0] > match.start():
                return Attribution(*span, is_person=True)
        return self._surname(reading.text, start, end)

    def _surname(self, text: str, start: int, end: int) -> Attribution | None:
        """Return a person who goes by a surname that the article has given in full."""
        for word in text[start:end].split():
            bare = word.strip(",.’'\"”“")
            if bare in self.surnames:
                at = text.index(bare, start)
                return Attribution(at, at + len(bare), is_person=True)
        return None

    def pronoun(self, reading: Reading, start: int, end: int) -> int | None:
        """Return the word list of the pronoun that a stretch is, or None."""
        for cue in reading.cues:
            if cue.key in self.pronouns and cue.start <= start and cue.end >= end:
                return cue.key
        return None
