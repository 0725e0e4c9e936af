"""Who a sentence says is speaking: "X said", "said X", "according to X", and what stands between.

Each cue of speech gives at most one candidate; of several the outermost wins, which is the one
between commas or quotation marks, then the first clause's.
"""

from collections.abc import Iterator, Sequence

from services.extractor.domain.appositions import Appositions
from services.extractor.domain.clauses import QUOTE, STOPS, Token, index_at, owner_in
from services.extractor.domain.inversion import Inversion
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.naming import Attribution, Naming
from services.extractor.domain.noun_phrases import NounPhrases, Phrase
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading

_MOST_CUES = 12
"""Cues of speech that are looked at in a sentence."""
_AFTER_NAME = 5
"""Words before "'s words" or "göre" in which the name stands."""
_DENIAL, _OUTER, _MAIN, _INNER = range(4)
_ENCLOSING = frozenset({",", QUOTE, "-", "–", "—", "،", ";"})

Ranked = tuple[int, Attribution]


class Attributor:
    """Finds attributions in the sentences of one article.

    Args:
        language: whose words tell clauses apart.
        lexicon: whose reporting verbs to look for.
        surnames: persons that the article has named; grows as more are found.
    """

    def __init__(self, language: Language, lexicon: Lexicon, surnames: set[str]) -> None:
        keys = lexicon.keys
        self.grammar = language.grammar
        self.english = language.code == "en"
        self.phrases = NounPhrases(language.grammar, "ly" if self.english else "")
        self.naming = Naming(language, lexicon, surnames)
        self.appositions = Appositions(self.phrases, self.naming)
        self.inversion = Inversion(self.phrases, self.naming, self.appositions)
        self.according = keys.index("according_to")
        self.after = keys.index("according_after")
        self.reporting = keys.index("reporting")
        self.own = keys.index("own_account")
        self.cues = {self.reporting, self.according, self.after, self.own}
        self._verbs: set[int] = set()

    def find(self, reading: Reading, tokens: Sequence[Token]) -> Attribution | None:
        """Return the outermost attribution of a sentence, None where it has none."""
        best: Ranked | None = None
        self._verbs = set(self._finite(reading, tokens))
        for cue in [cue for cue in reading.cues if cue.key in self.cues][:_MOST_CUES]:
            first = index_at(tokens, cue.start)
            if first == len(tokens) or tokens[first].text == QUOTE:
                continue
            if tokens[first].start > cue.start or (first and tokens[first].is_capital):
                continue
            last = index_at(tokens, cue.end - 1)
            for candidate in self._candidates(reading, tokens, cue, Phrase(first, last)):
                if best is None or candidate[0] < best[0]:
                    best = candidate
        for candidate in self._accounts(reading, tokens):
            if best is None or candidate[0] < best[0]:
                best = candidate
        return best[1] if best else None

    def _accounts(self, reading: Reading, tokens: Sequence[Token]) -> Iterator[Ranked]:
        """Yield whose account a sentence gives: "in Goren's view", "by the UN's count"."""
        grammar = self.grammar
        for number in range(2, len(tokens)):
            owner = tokens[number - 1]
            name = owner_in(owner.text)
            if tokens[number].lower not in grammar.accounts or name is None:
                continue
            first = number - 1
            while first and (
                tokens[first - 1].is_capital or tokens[first - 1].lower in grammar.determiners
            ):
                first -= 1
            if not owner.is_capital or not first:
                continue
            if tokens[first - 1].lower not in grammar.accountable:
                continue
            end = owner.start + len(name)
            bare = [*tokens[: number - 1], Token(name, owner.start, end, name.lower())]
            found = self.naming.speaker(reading, bare, Phrase(first, number - 1))
            if found is not None:
                enclosed = first == 1 or tokens[first - 2].text in STOPS
                yield _OUTER if enclosed else _INNER, found

    def _finite(self, reading: Reading, tokens: Sequence[Token]) -> Iterator[int]:
        """Yield where the reporting verbs of a sentence begin that a clause may end before."""
        for cue in [cue for cue in reading.cues if cue.key == self.reporting][:_MOST_CUES]:
            first = index_at(tokens, cue.start)
            if first < len(tokens) and self.phrases.before_group(tokens, first) is not None:
                yield cue.start

    def _candidates(
        self, reading: Reading, tokens: Sequence[Token], cue: Hit, at: Phrase
    ) -> Iterator[Ranked]:
        if cue.key == self.own:
            yield _OUTER, _somebody(tokens, at)
        elif cue.key == self.according:
            yield from self._according(reading, tokens, at)
        elif cue.key == self.after:
            phrase = self.phrases.back_to_stop(tokens, at.first - 1, _AFTER_NAME)
            found = self.naming.speaker(reading, tokens, phrase)
            if found is not None:
                yield _OUTER, found
        elif self.grammar.subject_first:
            yield from self._subject_first(reading, tokens, at)
        else:
            yield from self._of_verb(reading, tokens, at)

    def _according(self, reading: Reading, tokens: Sequence[Token], at: Phrase) -> Iterator[Ranked]:
        """Yield who follows "according to"; an outlet there gives way to whoever speaks."""
        if at.last + 1 < len(tokens) and tokens[at.last + 1].start in self._verbs:
            return
        phrase = self._past_issued(tokens, self.phrases.following(tokens, at.last + 1))
        found = self.naming.speaker(reading, tokens, phrase)
        if found is None or phrase is None:
            return
        apposed = self.appositions.person_after(reading, tokens, phrase.last + 1)
        if apposed is not None and not found.is_person and self.naming.has_office(tokens, phrase):
            found = apposed._replace(phrase_start=found.start)
        enclosed = at.first == 0 or tokens[at.first - 1].text in STOPS
        known = at.first == 0 or self._is_known(reading, found)
        lower = not tokens[phrase.first].is_capital
        outlet = self._is_outlet(tokens, phrase)
        yield (_OUTER if enclosed and (known or lower) and not outlet else _INNER), found

    def _past_issued(self, tokens: Sequence[Token], phrase: Phrase | None) -> Phrase | None:
        """Return whoever follows "an update issued by"; the phrase itself where nobody does."""
        grammar = self.grammar
        if phrase is None or phrase.last + 1 >= len(tokens):
            return phrase
        if not self._tells(tokens, phrase) or tokens[phrase.last + 1].lower not in grammar.agents:
            return phrase
        return self.phrases.following(tokens, phrase.last + 2) or phrase

    def _subject_first(
        self, reading: Reading, tokens: Sequence[Token], at: Phrase
    ) -> Iterator[Ranked]:
        phrase = self.phrases.first_of(tokens, at.first)
        if phrase is None:
            return
        start, end = tokens[phrase.first].start, tokens[phrase.last].end
        person = self.naming.person(reading, start, end)
        found = person or self.naming.speaker(
            reading, tokens, self.phrases.nominative(tokens, phrase)
        )
        if found is not None:
            yield _MAIN, found._replace(phrase_start=start)

    # Reporting verbs with their subject beside them

    def _of_verb(self, reading: Reading, tokens: Sequence[Token], at: Phrase) -> Iterator[Ranked]:
        quoted = self._quoted(reading, tokens, at)
        if quoted is not None:
            yield _OUTER, quoted
            return
        if self._is_enclitic(tokens, at):
            yield _OUTER, _somebody(tokens, at)
            return
        if self._is_hearsay(tokens, at) or self._only_goes_on(tokens, at):
            return
        before = self.phrases.before_group(tokens, at.first)
        if before is None:
            yield from self._agent(reading, tokens, at)
            return
        if before >= 0 and tokens[before].text not in STOPS:
            yield from self._with_subject(reading, tokens, at, before)
            return
        apposed = (
            self.appositions.subject_before(reading, tokens, before, self._verbs)
            if before > 0
            else None
        )
        after = None if apposed and self.english else self.inversion.subject(reading, tokens, at)
        if after is not None and (apposed is None or self._is_known(reading, after)):
            yield _OUTER if before >= 0 else _MAIN, after
        elif apposed is not None:
            yield _MAIN, apposed
        elif self.grammar.pro_drop:
            yield _MAIN, _somebody(tokens, at)

    def _only_goes_on(self, tokens: Sequence[Token], at: Phrase) -> bool:
        """Say whether something goes on in a sentence, and not a speaker: "went on using"."""
        words = " ".join(token.lower for token in tokens[at.first : at.last + 1])
        following = tokens[at.last + 1 : at.last + 2]
        return (
            words in self.grammar.resuming
            and bool(following)
            and following[0].text not in STOPS
            and following[0].lower not in self.grammar.subordinators
        )

    def _is_hearsay(self, tokens: Sequence[Token], at: Phrase) -> bool:
        """Say whether a verb is passive by its infinitive: "said to be", not "said to him"."""
        grammar = self.grammar
        following = tokens[at.last + 1 : at.last + 3]
        if tokens[at.first].lower not in grammar.hearsay or not following:
            return False
        if following[0].lower not in grammar.infinitives:
            return False
        addressed = following[-1]
        return not (
            addressed.lower in grammar.objects | grammar.determiners or addressed.is_capital
        )

    def _quoted(self, reading: Reading, tokens: Sequence[Token], at: Phrase) -> Attribution | None:
        """Return whom a verb quotes: "quoted X as saying", "quoted him"."""
        if tokens[at.first].lower not in self.grammar.quoting:
            return None
        found = self.naming.speaker(reading, tokens, self.phrases.following(tokens, at.last + 1))
        if found is None and self._is_object(tokens, at.last + 1):
            return _somebody(tokens, at)
        return found

    def _is_object(self, tokens: Sequence[Token], at: int) -> bool:
        """Say whether a token is a pronoun that is no subject: "him"."""
        return at < len(tokens) and tokens[at].lower in self.grammar.objects

    def _is_outlet(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Say whether a phrase names a news outlet, which passes on what others say."""
        words = tokens[phrase.first : phrase.last + 1]
        return any(
            token.lower in self.grammar.outlets or "." in token.text.strip(".") for token in words
        )

    def _is_known(self, reading: Reading, found: Attribution) -> bool:
        """Say whether an attribution names a person, or an actor of the gazetteer."""
        named = any(found.start <= name.start < found.end for name in reading.names)
        return found.is_person or named

    def _is_enclitic(self, tokens: Sequence[Token], at: Phrase) -> bool:
        """Say whether a pronoun hangs on a verb or its auxiliary: "a-t-il dit"."""
        endings = self.grammar.enclitics
        near = tokens[max(0, at.first - 1) : at.last + 1]
        return bool(endings) and any(token.lower.endswith(endings) for token in near)

    def _agent(self, reading: Reading, tokens: Sequence[Token], at: Phrase) -> Iterator[Ranked]:
        """Yield by whom something was said: "confirmed by X"."""
        grammar, by = self.grammar, at.last + 1
        if at.first == 0 or by >= len(tokens) or tokens[by].lower not in grammar.agents:
            return
        passive = tokens[at.first - 1].lower in grammar.passive or self.phrases.is_adverb(
            tokens[at.first - 1]
        )
        if passive and tokens[at.first].lower not in grammar.transitive:
            phrase = self.phrases.following(tokens, by + 1)
            found = self.naming.speaker(reading, tokens, phrase)
            told = phrase is not None and self._tells(tokens, phrase)
            if found is not None and not told:
                yield _MAIN, found

    def _tells(self, tokens: Sequence[Token], phrase: Phrase) -> bool:
        """Say whether a phrase is about something said or written."""
        words = tokens[phrase.first : phrase.last + 1]
        return any(token.lower in self.grammar.utterances for token in words)

    def _with_subject(
        self, reading: Reading, tokens: Sequence[Token], at: Phrase, before: int
    ) -> Iterator[Ranked]:
        if tokens[before].lower in self.grammar.coordinators:
            shared = self.phrases.shared(tokens, before, self._verbs)
            found = self.naming.speaker(reading, tokens, shared)
            if found is not None:
                yield _MAIN, found
            return
        phrase = self.phrases.subject(tokens, before, self._verbs)
        found = self.naming.speaker(reading, tokens, phrase) if phrase else None
        agrees = phrase is None or not self.english or self._agrees(tokens, at, phrase)
        told_of = phrase and phrase.first and tokens[phrase.first - 1].lower in self.grammar.what
        if phrase is not None and found is not None and agrees and not told_of:
            outlet = not found.is_person and self._is_outlet(tokens, phrase)
            yield _INNER if outlet else self._rank(tokens, phrase, at), found
        elif not self.english:
            after = self.inversion.subject(reading, tokens, at)
            if after is not None:
                yield _INNER, after
            elif self.grammar.pro_drop and phrase is None:
                yield _INNER, _somebody(tokens, at)

    def _agrees(self, tokens: Sequence[Token], at: Phrase, phrase: Phrase) -> bool:
        """Say whether an English verb in -s can have a noun before it as its subject."""
        verb, noun = tokens[at.first].lower, self.phrases.head(tokens, phrase)
        if not verb.endswith("s") or at.first != phrase.last + 1:
            return True
        return noun.is_capital or not noun.lower.endswith("s") or noun.lower.endswith("ss")

    def _rank(self, tokens: Sequence[Token], phrase: Phrase, at: Phrase) -> int:
        """Say how far out a clause stands that has its subject before its verb."""
        before = phrase.first - 1
        if tokens[at.first].lower in self.grammar.denying and before > 0:
            return _DENIAL
        following = tokens[at.last + 1] if at.last + 1 < len(tokens) else None
        if (before >= 0 and tokens[before].text in _ENCLOSING) and (
            following is None
            or following.text in STOPS
            or following.lower in self.grammar.prepositions
            or following.lower in self.grammar.times
            or following.lower in self.grammar.adverbs
        ):
            return _OUTER
        head = tokens[max(0, before - 1) : phrase.first]
        inside = any(token.lower in self.grammar.subordinators for token in head)
        return _INNER if inside else _MAIN


def _somebody(tokens: Sequence[Token], at: Phrase) -> Attribution:
    """Return an attribution to whoever spoke last: "in his words", "añadió"."""
    return Attribution(tokens[at.first].start, tokens[at.last].end, is_implied=True)
