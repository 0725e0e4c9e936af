"""To whom a sentence is attributed.

Attribution is looked for in this order: in the sentence itself, outside quotation marks; along
the quotation that the sentence belongs to; at whoever spoke just before, where a quotation stands
alone.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from schemas import Speaker
from schemas.statement import Speech
from services.extractor.domain.attribution import Attributor
from services.extractor.domain.clauses import tokens_of
from services.extractor.domain.coreference import Memory
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.lexicon import Language, Lexicon
from services.extractor.domain.naming import Attribution
from services.extractor.domain.own_words import author_of, in_first_person, labelled
from services.extractor.domain.persons import persons_of
from services.extractor.domain.quotations import around, quotations
from services.extractor.domain.reading import Reading
from services.extractor.domain.references import PERSON, References

_LONGEST = 90
"""Characters of a speaker's office."""
_ROLE = re.compile(r"\s?,\s([^,.;:“”\"\n]{5,120})(?:,|\s(?:said|told|who|says|added|wrote)\b|\.)")
_OF = re.compile(r"\s(?:of|from|de|du|von)\s")


def speakers_of(
    text: str,
    readings: Sequence[Reading],
    language: Language,
    lexicon: Lexicon,
) -> list[Speaker | None]:
    """Return the speaker of each sentence, None where the outlet itself speaks.

    Args:
        text: the article's.
        readings: all of its sentences, in order.
        language: whose small words and titles to go by.
        lexicon: whose reporting verbs and pronouns to look for.
    """
    return _Article(text, readings, language, lexicon).speakers()


class _Article:
    """Attributes the sentences of one article."""

    def __init__(
        self,
        text: str,
        readings: Sequence[Reading],
        language: Language,
        lexicon: Lexicon,
    ) -> None:
        self.text = text
        self.readings = readings
        self.language = language
        self.quotations = quotations(text)
        self.persons = persons_of(readings, language.grammar, language.titles)
        self.surnames = {text[p.start : p.end].rsplit(maxsplit=1)[-1] for p in self.persons}
        self.attributor = Attributor(language, lexicon, self.surnames)
        self.references = References(readings, language, self.attributor.naming, self.persons)
        self.known: dict[str, Speaker] = {}

    def speakers(self) -> list[Speaker | None]:
        own = self._own()
        quoted = self._of_quotations(own)
        labels = labelled(self.readings)
        ours = in_first_person(self.readings, self.quotations, self.language.grammar)
        author = author_of(self.readings, self.persons) if any(ours) else None
        answer: list[Speaker | None] = []
        last: Speaker | None = None
        for number, (reading, speaker) in enumerate(zip(self.readings, own, strict=True)):
            inside = self._inside(reading)
            found = speaker
            if found is None and inside is not None:
                found = quoted.get(inside) or self._beside(own, number, last)
            found = found or labels[number] or (author if ours[number] else None)
            last = found or last
            answer.append(found and self._in(found, reading))
        return answer

    def _in(self, speaker: Speaker, reading: Reading) -> Speaker:
        """Return a speaker with how the words of a sentence are given."""
        start, end, _ = reading.sentence
        last = bisect_left(self.quotations, end, key=lambda quotation: quotation.start) - 1
        direct = last >= 0 and self.quotations[last].end > start
        speech = Speech.DIRECT if direct else Speech.INDIRECT
        return speaker.model_copy(update={"speech": speech})

    def _own(self) -> list[Speaker | None]:
        """Return the attribution that stands in each sentence itself, pronouns resolved."""
        memory = Memory()
        answer: list[Speaker | None] = []
        open_ends: list[int] = []
        for number, reading in enumerate(self.readings):
            tokens = tokens_of(reading, self.quotations, self.language.titles)
            found = self.attributor.find(reading, tokens)
            if found is None:
                answer.append(None)
                continue
            reference = self.references.kind_of(reading, found)
            meant = self.references.meant(reading, found, reference, memory, number)
            speaker = meant or self._speaker(reading, found)
            if found.is_implied and meant is None:
                answer.append(None)
                continue
            answer.append(speaker)
            if meant is None and reference is None:
                memory.note(speaker, number, is_person=found.is_person)
                if found.is_person or self._is_capital(found):
                    for earlier in open_ends:
                        answer[earlier] = speaker
                    open_ends = []
            elif meant is None and reference is PERSON:
                open_ends.append(number)
        return answer

    def _is_capital(self, found: Attribution) -> bool:
        return self.text[found.start].isupper() and " " not in self.text[found.start : found.end]

    def _speaker(self, reading: Reading, found: Attribution) -> Speaker:
        written = self.text[found.start : found.end]
        surname = written.rsplit(maxsplit=1)[-1]
        known = self.known.get(surname) if found.is_person else None
        role, reach = self._role(found)
        if known is not None and (role is None or known.actor_id is not None):
            return known.model_copy(update={"name": written})
        first = found.phrase_start if found.phrase_start >= 0 else found.start
        actor = next(
            (
                name.entry.of
                for name in reading.names
                if isinstance(name.entry.of, Actor) and first <= name.start < reach
            ),
            None,
        )
        speaker = Speaker(name=written, role=role, actor_id=actor.id if actor else None)
        if found.is_person:
            self.known[surname] = speaker
            self.surnames.add(surname)
        return speaker

    def _role(self, found: Attribution) -> tuple[str | None, int]:
        """Return the office that stands beside a person's name, and where what tells it ends."""
        if not found.is_person:
            return None, found.end
        match = _ROLE.match(self.text, found.end, found.end + 2 * _LONGEST)
        if match is not None:
            return match[1], match.end()
        of = _OF.match(self.text, found.end)
        reach = found.end + _LONGEST // 2 if of else found.end
        if 0 <= found.phrase_start < found.start:
            return self.text[found.phrase_start : found.start].strip(" ,") or None, reach
        return None, reach

    # Quotations

    def _inside(self, reading: Reading) -> int | None:
        """Return the quotation that a sentence belongs to."""
        start, end, _ = reading.sentence
        number = around(self.quotations, start)
        if number is not None:
            return number
        number = around(self.quotations, end - 1)
        if number is None:
            return None
        covered = end - max(start, self.quotations[number].start)
        return number if 2 * covered > end - start else None

    def _of_quotations(self, own: Sequence[Speaker | None]) -> Mapping[int, Speaker]:
        """Return the speaker of each quotation: of a sentence that reaches out of it."""
        answer: dict[int, Speaker] = {}
        for reading, speaker in zip(self.readings, own, strict=True):
            if speaker is None:
                continue
            for number in self._touching(reading):
                answer.setdefault(number, speaker)
        return answer

    def _touching(self, reading: Reading) -> Iterator[int]:
        """Yield the quotations that begin or end in a sentence, or just after it (a colon)."""
        start, end, _ = reading.sentence
        for at in (start, end - 1, end + 2):
            number = around(self.quotations, at)
            if number is not None and (at < end or self.text[end - 1] == ":"):
                yield number

    def _beside(
        self, own: Sequence[Speaker | None], number: int, last: Speaker | None
    ) -> Speaker | None:
        """Return who spoke before a quotation that stands alone, or else who speaks after it."""
        if number and own[number - 1] is not None:
            return own[number - 1]
        if last is not None:
            return last
        return own[number + 1] if number + 1 < len(own) else None
