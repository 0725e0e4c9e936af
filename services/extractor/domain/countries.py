"""Whether a country's or capital's name means its government, or only the place."""

from collections.abc import Sequence

from services.extractor.domain.clauses import Token, index_at
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.names import Name
from services.extractor.domain.reading import Reading

_MOST_STEPS = 6
"""Names in a row that are looked back over: "between Russia, China and Iran"."""


def acts(name: Name, tokens: Sequence[Token], reading: Reading, grammar: Grammar) -> bool:
    """Say whether a country acts, speaks, or is addressed.

    Args:
        name: of the country or capital.
        tokens: those of the sentence.
        reading: the sentence.
        grammar: whose `locative` words make a mere place of a country.
    """
    at = index_at(tokens, name.start)
    last = index_at(tokens, name.end - 1)
    if at >= len(tokens) or _is_possessor(reading.text, name.end):
        return False
    if _is_compound(reading.text, name):
        return False
    before = _governor(tokens, at, reading, grammar)
    if before is None:
        return True
    if before.text == ",":
        following = tokens[last + 1] if last + 1 < len(tokens) else None
        return following is not None and (
            following.lower in grammar.auxiliaries or following.lower in grammar.passive
        )
    compound = "-" in before.text and before.text[0].islower()
    return not compound and before.lower not in grammar.locative


def _is_possessor(text: str, end: int) -> bool:
    return text[end : end + 2] in {"'s", "’s"} or text[end : end + 1] in {"'", "’"}


def _is_compound(text: str, name: Name) -> bool:
    """Say whether a hyphen ties the name to another word: "Israel-Gaza"."""
    return text[name.end : name.end + 1] == "-" or text[max(0, name.start - 1) : name.start] == "-"


def _governor(tokens: Sequence[Token], at: int, reading: Reading, grammar: Grammar) -> Token | None:
    """Return the word that a name depends on, past its article and the names joined to it."""
    starts = {name.start for name in reading.names}
    number = at - 1
    for _ in range(_MOST_STEPS):
        while number >= 0 and tokens[number].lower in grammar.determiners:
            number -= 1
        if number < 1:
            break
        joined = tokens[number].text == "," or tokens[number].lower in grammar.coordinators
        if not joined or tokens[number - 1].start not in starts:
            break
        number -= 2
    return tokens[number] if number >= 0 else None
