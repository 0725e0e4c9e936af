"""Noun phrases before and after a verb, told apart by the small words around them."""

from collections.abc import Container, Sequence
from typing import NamedTuple

from services.extractor.domain.clauses import STOPS, Token
from services.extractor.domain.grammar import Grammar

MOST_WORDS = 16
"""Words of a speaker's name and office."""
_REACH = 40
"""Tokens before a verb in which its subject is looked for."""
_LEAD_WORDS = 4
_KEPT = frozenset(
    (
        *("of", "for", "from", "with", "de", "du", "des", "d", "del", "do", "da", "dos", "das"),
        *("von", "vom", "der", "at", "à", "aux", "из", "по", "з", "від"),
    ),
)
"""Prepositions that go on with a noun phrase: "an official of the ministry"."""


class Phrase(NamedTuple):
    """A stretch of tokens, the last one included."""

    first: int
    last: int


class NounPhrases:
    """Finds noun phrases among the tokens of sentences in one language.

    Args:
        grammar: the language's small words.
        adverbs_end: how its adverbs end, "" where they have no such mark: "ly".
    """

    def __init__(self, grammar: Grammar, adverbs_end: str) -> None:
        self.grammar = grammar
        self._adverbs_end = adverbs_end

    def is_adverb(self, token: Token) -> bool:
        """Say whether a word may stand between a subject and its verb."""
        if token.lower in self.grammar.adverbs:
            return True
        return bool(self._adverbs_end) and token.lower.endswith(self._adverbs_end)

    def before_group(self, tokens: Sequence[Token], first: int) -> int | None:
        """Return the token before a verb and its auxiliaries, None where it is no finite verb."""
        grammar, at = self.grammar, first - 1
        while at >= 0 and (tokens[at].lower in grammar.auxiliaries or self.is_adverb(tokens[at])):
            at -= 1
        if self._is_unable(tokens[at + 1 : first]):
            return None
        at = self._past_times(tokens, at)
        if at < 0:
            return at
        word = tokens[at].lower
        if word[0].isdigit():
            return None
        passive = word in grammar.passive and tokens[first].lower not in grammar.quoting
        determined = word in grammar.determiners and (at > 0 or bool(self._adverbs_end))
        if passive or word in grammar.infinitives or determined:
            return None
        if word in grammar.prepositions and word not in grammar.subordinators:
            return None
        return at

    def _is_unable(self, auxiliaries: Sequence[Token]) -> bool:
        """Say whether somebody cannot say: "could not"."""
        words = [token.lower for token in auxiliaries]
        return any(
            word in self.grammar.unable or " ".join(words[at : at + 2]) in self.grammar.unable
            for at, word in enumerate(words)
        )

    def _past_times(self, tokens: Sequence[Token], at: int) -> int:
        """Return the stop before ", last month," or the token itself where there is none."""
        number = at
        while number > 0 and at - number < _LEAD_WORDS and tokens[number].is_word:
            token = tokens[number]
            timed = token.lower in self.grammar.times or token.text[0].isdigit()
            if not timed and (number == at or token.lower not in self.grammar.timed):
                return at
            number -= 1
        return number if number < at and tokens[number].text in STOPS else at

    def subject(
        self, tokens: Sequence[Token], at: int, verbs: Container[int] = ()
    ) -> Phrase | None:
        """Return the noun phrase that ends at a token, without what leads up to it.

        Args:
            tokens: the sentence's.
            at: number of the token.
            verbs: where verbs begin that end a clause before it.
        """
        found = self._bounded(tokens, at, verbs)
        if found is None:
            return None
        first, last = found
        if first > 0 and tokens[first - 1].lower in self.grammar.prepositions:
            inner = self._past_adjunct(tokens, Phrase(first - 1, last))
            if inner is not None:
                return inner
        return self._without_lead(tokens, found)

    def _bounded(self, tokens: Sequence[Token], at: int, verbs: Container[int]) -> Phrase | None:
        """Return the stretch up to a token that no clause boundary divides."""
        grammar, last, number = self.grammar, at, at
        limit = max(-1, at - _REACH)
        while number > limit:
            token = tokens[number]
            if token.text in STOPS or token.lower in grammar.subordinators:
                break
            if token.start in verbs and number < at:
                break
            if token.text in grammar.relatives:
                if number == at or self._opens(tokens, number + 1, at):
                    break
                last = number - 1
            elif token.lower in grammar.passive or (
                token.lower in grammar.auxiliaries and number < at
            ):
                if self._adverbs_end:
                    return None
                break
            number -= 1
        first = number + 1
        return Phrase(first, last) if first <= last else None

    def _opens(self, tokens: Sequence[Token], at: int, last: int) -> bool:
        """Say whether a subject follows a relative word: "which the government denies"."""
        if at > last:
            return False
        return tokens[at].is_capital or tokens[at].lower in self.grammar.determiners

    def _without_lead(self, tokens: Sequence[Token], phrase: Phrase) -> Phrase | None:
        """Return a phrase without "But", "Two days later" or "On Tuesday" before it."""
        first, last = phrase
        grammar = self.grammar
        while first <= last and (
            tokens[first].lower in grammar.leads or self.is_adverb(tokens[first])
        ):
            first += 1
        for number in range(min(last, first + _LEAD_WORDS) - 1, first - 1, -1):
            token = tokens[number]
            if token.lower in grammar.times and number < last:
                first = number + 1
                break
        if first > last:
            return None
        if tokens[first].lower in grammar.prepositions:
            return self._past_adjunct(tokens, Phrase(first, last))
        return Phrase(first, last)

    def _past_adjunct(self, tokens: Sequence[Token], phrase: Phrase) -> Phrase | None:
        """Return what follows "On Tuesday" or "In the capital": the next noun phrase."""
        grammar = self.grammar
        for at in range(phrase.first + 2, phrase.last + 1):
            token, before = tokens[at], tokens[at - 1]
            if before.lower in grammar.prepositions or before.lower in grammar.coordinators:
                continue
            if token.lower in grammar.times or token.lower in grammar.prepositions:
                continue
            if token.text[0].isdigit() or not token.is_word:
                continue
            timed = before.lower in grammar.times or before.text[0].isdigit()
            begins = token.lower in grammar.determiners and before.lower not in grammar.determiners
            capital = token.is_capital and not before.is_capital
            if timed or begins or (capital and before.lower not in grammar.determiners):
                return Phrase(at, phrase.last)
        return None

    def following(self, tokens: Sequence[Token], at: int) -> Phrase | None:
        """Return the noun phrase that begins at a token, None where a clause does."""
        grammar = self.grammar
        last = at - 1
        for number in range(at, min(len(tokens), at + MOST_WORDS)):
            token = tokens[number]
            if token.text in STOPS or token.lower in grammar.subordinators:
                break
            if token.text in grammar.relatives:
                break
            if token.lower in grammar.passive:
                return None
            if number > at and token.lower in grammar.times:
                break
            last = number
        while last >= at and (
            tokens[last].lower in grammar.prepositions or self.is_adverb(tokens[last])
        ):
            last -= 1
        return self._cut(tokens, Phrase(at, last)) if last >= at else None

    def _cut(self, tokens: Sequence[Token], phrase: Phrase) -> Phrase:
        """Return a phrase without "in a statement" or "to reporters" after it."""
        grammar = self.grammar
        away = grammar.prepositions - _KEPT
        linked = grammar.prepositions | grammar.coordinators | grammar.determiners
        for number in range(phrase.first + 1, phrase.last + 1):
            word = tokens[number].lower
            if word in grammar.authored and tokens[number - 1].lower in grammar.utterances:
                continue
            another = word in grammar.determiners and tokens[number - 1].lower not in linked
            if word in away or another:
                return Phrase(phrase.first, number - 1)
        return phrase

    def head(self, tokens: Sequence[Token], phrase: Phrase) -> Token:
        """Return the noun that a phrase is about: the last word before a preposition."""
        for number in range(phrase.first + 1, phrase.last + 1):
            if tokens[number].lower in self.grammar.prepositions:
                return tokens[number - 1]
        return tokens[phrase.last]

    def shared(self, tokens: Sequence[Token], at: int, verbs: Container[int]) -> Phrase | None:
        """Return the subject of an earlier verb that a token joins another to: "and said"."""
        grammar = self.grammar
        for number in range(1, at):
            token = tokens[number]
            if token.text in STOPS:
                return None
            if (
                token.lower in grammar.auxiliaries
                or token.lower in grammar.passive
                or token.start in verbs
            ):
                return self.subject(tokens, number - 1)
        return None

    def first_of(self, tokens: Sequence[Token], verb: int) -> Phrase | None:
        """Return the stretch that begins a sentence whose verb ends it, up to the first stop."""
        first = 0
        skipped = self.grammar.leads | self.grammar.coordinators
        while first < verb and tokens[first].lower in skipped:
            first += 1
        if first >= verb or tokens[first].text in STOPS:
            return None
        last = first
        while last + 1 < verb and tokens[last + 1].text not in STOPS and last - first < MOST_WORDS:
            last += 1
        return Phrase(first, last)

    def nominative(self, tokens: Sequence[Token], phrase: Phrase) -> Phrase:
        """Return the capitals that begin a stretch, and one noun more where they are few."""
        first, last = phrase
        at = first
        while at < last and tokens[at + 1].is_capital:
            at += 1
        return Phrase(first, at + 1 if at < last and at - first <= 1 else at)

    def back_to_stop(self, tokens: Sequence[Token], at: int, most: int) -> Phrase | None:
        """Return the last words up to a token that no stop divides."""
        if at < 0:
            return None
        first = at
        while first > max(0, at - most) and tokens[first - 1].text not in STOPS:
            first -= 1
        return Phrase(first, at)
