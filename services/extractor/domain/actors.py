"""Actors in a sentence: the gazetteer's, bodies by the form of their names, named officials."""

import re

from schemas import ActorMention, Speaker
from services.extractor.domain.actor_roles import SUFFERED, is_affected, kind_of, role_of
from services.extractor.domain.bodies import bodies_in
from services.extractor.domain.cast import Cast, cast_of
from services.extractor.domain.clauses import words_of
from services.extractor.domain.countries import acts
from services.extractor.domain.datelines import after_dateline
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.names import Name
from services.extractor.domain.persons import PARTICLES, Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.reading import Reading

__all__ = ["Cast", "actors_of", "cast_of"]

_POSSESSIVE = re.compile(r"(?:[^\W\d_][\w-]{2,25}['’]s?\s|[^\W\d_][\w-]{2,25}\s)$")
_WINDOW = 40


def actors_of(
    reading: Reading,
    language: Language,
    lexicon: Lexicon,
    speaker: Speaker | None = None,
    cast: Cast | None = None,
) -> tuple[ActorMention, ...]:
    """Return the actors that a sentence names, in order of appearance.

    Args:
        reading: the sentence.
        language: whose small words and titles to go by.
        lexicon: whose `actor_nouns` ("foreign ministry") to look for.
        speaker: who was found to speak in it, or None.
        cast: whom the article names.
    """
    finder = _Finder(reading, language, lexicon, cast or Cast())
    finder.gazetteer()
    finder.persons(speaker)
    finder.acronyms()
    finder.bodies()
    finder.nouns()
    return finder.mentions(speaker)


class _Finder:
    """Finds the actors of one sentence."""

    def __init__(self, reading: Reading, language: Language, lexicon: Lexicon, cast: Cast) -> None:
        self.reading = reading
        self.language = language
        self.cast = cast
        self.tokens = words_of(reading, language.titles)
        self.noun_hits = reading.of(lexicon.keys.index("actor_nouns"))
        self.vague = {cue.start for cue in reading.of(lexicon.keys.index("vague_actor_nouns"))}
        pronouns = {lexicon.keys.index(name) for name in ("pronouns", "body_pronouns")}
        self.pronouns = {cue.start for cue in reading.cues if cue.key in pronouns}
        suffered = {lexicon.keys.index(name) for name in SUFFERED}
        self.suffered = [cue for cue in reading.cues if cue.key in suffered]
        self.found: dict[Span, Actor | None] = {}
        self.people: set[Span] = set()

    def add(self, span: Span, actor: Actor | None) -> bool:
        """Note a mention, unless another stands in its place or has its name."""
        if span[0] == span[1] or any(
            start < span[1] and span[0] < end for start, end in self.found
        ):
            return False
        name = self.reading.text[span[0] : span[1]]
        if any(self.reading.text[start:end] == name for start, end in self.found):
            return False
        self.found[span] = actor
        return True

    def gazetteer(self) -> None:
        """Note the gazetteer's names."""
        begins = after_dateline(self.reading)
        for name in self.reading.names:
            actor = name.entry.of
            if isinstance(actor, Actor) and name.start >= begins:
                span = self._span(name)
                if span is not None and not self._is_of_last(span, name):
                    self.add(span, actor)

    def _is_of_last(self, span: Span, name: Name) -> bool:
        """Add an acronym to the name just before it, whose owner it tells: "программа ООН"."""
        if self.language.code == "en" or not self.reading.text[slice(*span)].isupper():
            return False
        last = next((found for found in self.found if found[1] == span[0] - 1), None)
        if last is None or self.reading.text[last[1]] != " ":
            return False
        if self.found[last] is name.entry.of:
            return False
        self.found[last[0], span[1]] = self.found.pop(last)
        return True

    def _span(self, name: Name) -> Span | None:
        """Return what a name covers, None where it is only a place or an adjective."""
        if name.entry.use in {"always", "exact"}:
            return name.start, self._named_end(name)
        after = [
            noun.end
            for noun in self.noun_hits
            if self.reading.text[name.end : noun.start] in _POSSESSED
        ]
        if after:
            return name.start, max(after)
        if name.entry.use == "nationality":
            return None
        grammar = self.language.grammar
        return (name.start, name.end) if acts(name, self.tokens, self.reading, grammar) else None

    def _named_end(self, name: Name) -> int:
        """Return where a name ends without who goes unnamed in it: "UN" of "UN officials"."""
        words = self.reading.text[name.start : name.end].split()
        unnamed = self.language.grammar.unnamed | self.language.grammar.rebel
        if words[-1].lower() not in unnamed or not words[0].isupper():
            return name.end
        kept = [word for word in words if word.isupper()]
        return name.start + len(kept[0]) if len(kept) == 1 and len(words) <= 4 else name.end  # noqa: PLR2004

    def persons(self, speaker: Speaker | None) -> None:
        """Note the officials that the sentence names, and a person who speaks in it."""
        start, end, _ = self.reading.sentence
        for person in self.cast.persons:
            if person.is_official and start <= person.start < end:
                self._person((person.start, person.end))
        for number, token in enumerate(self.tokens):
            word = token.text.removesuffix("'s").removesuffix("’s")
            if self.cast.surnames.get(word):
                self._person((self._past_particles(number), token.start + len(word)))
        if speaker is not None and _is_person(speaker.name, self.language):
            at = self.reading.words.find(speaker.name)
            lay = self.cast.surnames.get(speaker.name.split()[-1]) is False
            if at >= 0 and not lay and start + at not in self.pronouns:
                self._person((start + at, start + at + len(speaker.name)))

    def _past_particles(self, number: int) -> int:
        """Return where a surname begins with the particles before it: "de Mul"."""
        first = number
        while first and self.tokens[first - 1].text in PARTICLES:
            first -= 1
        return self.tokens[first].start

    def _person(self, span: Span) -> None:
        if self.add(span, None):
            self.people.add(span)

    def acronyms(self) -> None:
        """Note the acronyms that the article has explained."""
        for token in self.tokens:
            if token.text in self.cast.acronyms:
                self.add((token.start, token.end), self.cast.acronyms[token.text])

    def bodies(self) -> None:
        """Note bodies by the form of their names."""
        for span in bodies_in(self.tokens, self.language.grammar, self.language.titles):
            inside = [s for s in self.found if span[0] <= s[0] and s[1] <= span[1]]
            if self.people.intersection(inside):
                self._before_person(span[0], min(self.people.intersection(inside))[0])
            elif len(inside) == 1 and _swallows(self.reading.text, span, inside[0]):
                actor = self.found.pop(inside[0])
                self.add(span, actor)
            elif not inside:
                self.add(span, None)

    def _before_person(self, start: int, end: int) -> None:
        """Note the body before a person's name, where it is one: "Генштаба" Сергей Рудской."""
        words = self.reading.text[start:end].lower().split()
        if words and words[-1] in self.language.grammar.organisations:
            self.add((start, end - 1), None)

    def nouns(self) -> None:
        """Note bodies that act under a common name: "the army", "Lebanon's health ministry"."""
        for noun in self.noun_hits:
            start = self._possessor(noun)
            if start < noun.start or (noun.start not in self.vague and self._stands_alone(noun)):
                self.add((start, noun.end), None)

    def _possessor(self, noun: Hit) -> int:
        """Return where "Lebanon's health ministry" or "Frontier Corps" begins."""
        first = self.reading.sentence.start
        start = max(first, noun.start - _WINDOW)
        match = _POSSESSIVE.search(self.reading.text[start : noun.start])
        if match is None or not match[0][0].isupper():
            return noun.start
        at = start + match.start()
        word = match[0].split()[0].lower()
        grammar = self.language.grammar
        possessed = match[0].rstrip().endswith(("'s", "’s", "'", "’"))
        if word in grammar.small or (at == first and not possessed):
            return noun.start
        return at

    def _stands_alone(self, noun: Hit) -> bool:
        """Say whether a common name has an article before it and is no part of another noun."""
        text, grammar = self.reading.text, self.language.grammar
        before = text[max(self.reading.sentence.start, noun.start - _WINDOW) : noun.start].split()
        if before and grammar.determiners and before[-1].lower() not in grammar.determiners:
            return before[-1][-1] in ',;:(“"«'
        after = text[noun.end : noun.end + 1]
        follows = text[noun.end : noun.end + _WINDOW].split()
        return not (after == " " and follows and follows[0].lower() in _HEADED)

    def mentions(self, speaker: Speaker | None) -> tuple[ActorMention, ...]:
        """Return what was found as mentions, in order of appearance."""
        answer = []
        for span in sorted(self.found):
            actor, name = self.found[span], self.reading.text[span[0] : span[1]]
            kind = actor.kind if actor else None
            if actor is None and span not in self.people:
                kind = kind_of(name, self.language.grammar)
            answer.append(
                ActorMention(
                    name=name,
                    id=actor.id if actor else None,
                    kind=kind,
                    role=role_of(name, actor, kind, speaker, affected=self._suffers(span)),
                )
            )
        return tuple(answer)

    def _suffers(self, span: Span) -> bool:
        return is_affected(span, self.tokens, self.suffered, self.language.grammar)


_POSSESSED = frozenset({" ", "'s ", "’s ", "' ", "’ ", "-"})
"""What ties a country's name to the body that is its own."""
_HEADED = frozenset(
    (
        *("attacks", "attack", "operations", "operation", "vehicles", "vehicle", "zone", "objects"),
        *("action", "offensive", "commander", "chief", "bases", "base", "checkpoint", "council"),
        *("troops", "forces", "territory", "areas", "soldiers", "control", "officials", "hands"),
        *("airport", "hospital", "hospitals", "camp", "ends", "terms", "post", "posts", "aircraft"),
    ),
)
"""Nouns before which a common name is no actor: "military zone"."""


def _swallows(text: str, span: Span, inside: Span) -> bool:
    """Say whether a body's name goes on after a gazetteer's within it, without "of"."""
    rest = text[span[0] : inside[0]] + text[inside[1] : span[1]]
    return bool(rest.strip()) and not any(word.islower() for word in rest.split())


def _is_person(name: str, language: Language) -> bool:
    """Say whether a speaker's name is a person's: capitals, and no body's word."""
    words = name.split()
    grammar = language.grammar
    return (
        all(word[0].isupper() or word in {"al", "de", "bin", "van", "von"} for word in words)
        and len(name) > 3  # noqa: PLR2004 - "The"
        and not any(word.lower() in grammar.bodies | grammar.determiners for word in words)
        and not any(word.lower() in grammar.outlets for word in words)
    )
