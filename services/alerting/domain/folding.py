"""Comparing names as people write them: case, diacritics, dashes and spaces aside."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-_/\u2010-\u2015\u2212]+")  # every dash, as in 'Lachin-Khankendi'
_WORDS = re.compile(r"\w+")
_SPECIAL = str.maketrans(
    {"\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "\u0259": "e", "ß": "ss", "æ": "ae"}
    | dict.fromkeys("‘’ʼʹ`´", "'")
)


def fold(text: str) -> str:
    """Return text for comparison: lower case, no combining marks, single spaces."""
    if text.isascii():
        return _SEPARATORS.sub(" ", text.lower().replace("`", "'")).strip()
    # Compatibility forms (𝐔𝐍, ™) unfold into capitals, hence casefold once more.
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_SPECIAL)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SEPARATORS.sub(" ", bare).strip()


def words(text: str) -> tuple[str, ...]:
    """Return the words of folded text."""
    return tuple(_WORDS.findall(fold(text)))
