"""Goods, vehicles and people that a sentence counts: "70 tonnes of flour", "two trucks"."""

import re
from collections.abc import Sequence

from schemas.statement import Quantity
from services.extractor.domain.clauses import STOPS, Token, words_of
from services.extractor.domain.grammar import Grammar
from services.extractor.domain.lexicon import Language
from services.extractor.domain.quantity_words import QuantityWords
from services.extractor.domain.reading import Reading

MOST = 20
"""Quantities that are given of a sentence."""
_MEASURES = frozenset({"tonne", "kilogram", "litre", "pallet", "parcel"})
"""Units that goods follow at once in some languages: "70 Tonnen Mehl"."""
_CARRYING = _MEASURES | {"truck", "vehicle", "convoy", "ship", "aircraft", "shipment"}
"""Units that goods may be named of: never "15 prisoners of war"."""
_HIGHEST = 1e15
"""What is counted higher is no amount: "a million million million"."""
_YEARS = range(1900, 2100)
_BETWEEN = 3
"""Words between a number and what is counted: "70 heavily laden aid trucks"."""
_MOST_GOODS = 5
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}){1,4}(?![\d])")
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,3})?")
_SEPARATORS = re.compile(r"[.,'’\u00a0\u202f ]")


def quantities_of(reading: Reading, language: Language) -> tuple[Quantity, ...]:
    """Return the amounts that a sentence gives, in order of appearance.

    Args:
        reading: the sentence.
        language: whose number words and units to look for.
    """
    words = language.quantities
    if not words.units and not words.stems:
        return ()
    tokens = words_of(reading, language.titles)
    found: list[Quantity] = []
    at = 0
    while at < len(tokens) and len(found) < MOST:
        number = _number(reading.text, tokens, at, words)
        if number is None or _is_year(tokens, at, words):
            at += 1
            continue
        amount, after = number
        unit = _unit(tokens, after, words, language.grammar)
        if unit is None:
            at += 1
            continue
        name, last = unit
        goods = None
        if name in _CARRYING:
            direct = words.direct and name in _MEASURES
            goods = _goods(reading.text, tokens, last + 1, words, language.grammar, direct=direct)
        end = goods[1] if goods else tokens[last].end
        found.append(
            Quantity(
                text=reading.text[tokens[at].start : end],
                amount=amount,
                unit=name,
                goods=goods[0] if goods else None,
            )
        )
        at = last + 1
    return tuple(found)


def _number(
    text: str, tokens: Sequence[Token], at: int, words: QuantityWords
) -> tuple[float | None, int] | None:
    """Return the number that begins at a token, and the token after it, None where none does."""
    token = tokens[at]
    value: float | None
    after = at + 1
    if token.text[0].isdigit():
        grouped = _GROUPED.match(text, token.start)
        if grouped is not None:
            value = float(_SEPARATORS.sub("", grouped[0]))
            while after < len(tokens) and tokens[after].start < grouped.end():
                after += 1
        else:
            match = _NUMBER.match(text, token.start)
            if match is None or match.end() < token.end:
                return None
            value = float(match[0].replace(",", "."))
            while after < len(tokens) and tokens[after].start < match.end():
                after += 1
    elif token.lower in words.numbers:
        value = words.numbers[token.lower]
    else:
        return None
    value, after = _scaled(value, tokens, after, words)
    if value is None and after < len(tokens) and tokens[after].lower in words.links:
        after += 1
        if after < len(tokens) and words.numbers.get(tokens[after].lower, 0) is None:
            # "hundreds of thousands of civilians"
            return _number(text, tokens, after, words)
    return value, after


def _scaled(
    value: float | None, tokens: Sequence[Token], after: int, words: QuantityWords
) -> tuple[float | None, int]:
    """Return a number times "million" and the like, and the token after these."""
    while after < len(tokens) and tokens[after].lower in words.scales:
        value = None if value is None else value * words.scales[tokens[after].lower]
        after += 1
    return (None if value is not None and value > _HIGHEST else value), after


def _is_year(tokens: Sequence[Token], at: int, words: QuantityWords) -> bool:
    """Say whether a number is a year: "all through 2016 convoys ran"."""
    text = tokens[at].text
    return (
        at > 0 and text.isdecimal() and int(text) in _YEARS and tokens[at - 1].lower in words.dated
    )


def _unit(
    tokens: Sequence[Token], at: int, words: QuantityWords, grammar: Grammar
) -> tuple[str, int] | None:
    """Return the unit shortly after a number, and its token."""
    for number in range(at, min(len(tokens), at + _BETWEEN + 1)):
        token = tokens[number]
        unit = words.unit(token.lower)
        if unit is not None:
            following = tokens[number + 1 : number + 2]
            # "50 wounded civilians"
            whole = following and words.unit(following[0].lower) == unit
            return unit, number + 1 if whole else number
        if token.text in STOPS or not token.text[0].isalpha():
            return None
        if token.lower in grammar.small | grammar.auxiliaries | grammar.passive:
            return None
    return None


def _goods(
    text: str,
    tokens: Sequence[Token],
    at: int,
    words: QuantityWords,
    grammar: Grammar,
    *,
    direct: bool,
) -> tuple[str, int] | None:
    """Return the goods after a unit, and where they end."""
    if at >= len(tokens):
        return None
    if tokens[at].lower in words.links:
        at += 1
        direct = False
    elif not direct:
        return None
    first, last, begins = at, at - 1, True
    for number in range(at, min(len(tokens), at + _MOST_GOODS)):
        if tokens[number].lower in grammar.coordinators:
            begins = True
            continue
        if _ends_goods(tokens, number, words, grammar, begins=begins):
            break
        begins = False
        last = number
        if direct:
            break
    if last < first:
        return None
    return text[tokens[first].start : tokens[last].end], tokens[last].end


def _ends_goods(
    tokens: Sequence[Token], at: int, words: QuantityWords, grammar: Grammar, *, begins: bool
) -> bool:
    """Say whether a token is no part of the goods before it."""
    token = tokens[at]
    if not _may_be_goods(token, words, grammar):
        return True
    if begins or token.lower in words.kept or not token.lower.endswith(words.endings):
        return False
    # "flour crossed the bridge", but "much needed aid"
    return at + 1 == len(tokens) or not _may_be_goods(tokens[at + 1], words, grammar)


def _may_be_goods(token: Token, words: QuantityWords, grammar: Grammar) -> bool:
    return (
        token.text[0].isalpha()
        and not token.text[0].isupper()
        and token.lower not in grammar.small | grammar.objects | grammar.relatives
        and token.lower not in grammar.passive | grammar.auxiliaries
        and token.lower not in grammar.coordinators
        and token.lower not in words.ends
    )
