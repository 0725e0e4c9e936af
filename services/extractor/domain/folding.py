"""Folds text so that spellings of one name look alike, and keeps the way back to the original.

Case, accents, kinds of dash, quotation mark and space, zero-width characters and presentation
forms differ between outlets and mean nothing to a gazetteer.
"""

import re
import unicodedata
from bisect import bisect_right

_DELETED = "\ue000"
_EXPANDED = "\ue001"
_IRREGULAR = re.compile(f"{_DELETED}|{_EXPANDED}|(?<= ) ")
_WRAP = re.compile(r"(?<!\n)\n(?!\n)")
"""A line break within a paragraph: a space. Those between paragraphs keep phrases apart."""
_MARKS = 16
"""Combining marks that a name may end in; more are no spelling."""

_SINGLES = {
    **dict.fromkeys("‘’ʼʹ`´′＇՚", "'"),
    **dict.fromkeys("“”„‟«»″＂〝〞", '"'),
    **dict.fromkeys("əƏ", "e"),
    **dict.fromkeys("ıİ", "i"),
    **dict.fromkeys("øØ", "o"),
    **dict.fromkeys("đĐ", "d"),
    **dict.fromkeys("łŁ", "l"),
    "ة": "ه",
    "ى": "ي",
    "ک": "ك",
    "ی": "ي",
    "ـ": _DELETED,
    "−": "-",
}


class _Table(dict[int, str]):
    """What each character becomes; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = fold_character(char)
        if len(folded) != 1:
            folded = _EXPANDED if folded else _DELETED
        self[code] = folded
        return folded


_TABLE = _Table()


def fold_character(char: str) -> str:
    """Return what one character folds to: usually one character, sometimes none or several."""
    category = unicodedata.category(char)
    if char in _SINGLES:
        return _SINGLES[char].replace(_DELETED, "")
    if category in {"Mn", "Me", "Cf", "Co"}:
        return ""
    if char == "\n" or "\uac00" <= char <= "\ud7a3":
        return char  # paragraphs stay apart; Hangul syllables would fall apart into letters
    if category == "Pd":
        return "-"
    parts = unicodedata.normalize("NFKD", char.casefold())
    kept = "".join(c for c in parts if not unicodedata.combining(c)).casefold()
    return " " if category in {"Cc", "Cs"} or not kept.strip() else kept


def _skeleton(original: str) -> str:
    """Return the text with one character for each of the original's."""
    skeleton = original.translate(_TABLE)
    return _WRAP.sub(" ", skeleton) if "\n" in skeleton else skeleton


class Folded:
    """A folded text that knows where each of its characters came from.

    Args:
        original: any text; lone surrogates are allowed.
    """

    __slots__ = ("_origins", "_starts", "_steps", "original", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        self._starts, self._origins, self._steps = [0], [0], [1]
        self.text = self._straighten(_skeleton(original))

    def _straighten(self, skeleton: str) -> str:
        """Drop and expand what is not one character, noting where the count changes."""
        pieces: list[str] = []
        at, length = 0, 0
        for match in _IRREGULAR.finditer(skeleton):
            index = match.start()
            pieces.append(skeleton[at:index])
            length += index - at
            at = index + 1
            if skeleton[index] == _EXPANDED:
                expansion = fold_character(self.original[index])
                self._note(length, index, 0)
                pieces.append(expansion)
                length += len(expansion)
            self._note(length, at, 1)
        if not pieces:
            return skeleton
        pieces.append(skeleton[at:])
        return "".join(pieces)

    def _note(self, start: int, origin: int, step: int) -> None:
        if self._starts[-1] == start:
            self._origins[-1], self._steps[-1] = origin, step
            return
        self._starts.append(start)
        self._origins.append(origin)
        self._steps.append(step)

    @property
    def identical(self) -> bool:
        """True where folded and original text have the same offsets."""
        return len(self._starts) == 1 and self._origins[0] == 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the original, combining marks included.

        Args:
            start: first character of a non-empty stretch of `text`.
            end: one past its last character.
        """
        last = self._origin(end - 1) + 1
        limit = min(len(self.original), last + _MARKS)
        while last < limit and unicodedata.combining(self.original[last]):
            last += 1
        return self._origin(start), last

    def _origin(self, position: int) -> int:
        at = bisect_right(self._starts, position) - 1
        return self._origins[at] + (position - self._starts[at]) * self._steps[at]


def fold(text: str) -> str:
    """Return the folded text alone."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.lower().replace("`", "'")
    skeleton = _skeleton(text)
    return Folded(text).text if _IRREGULAR.search(skeleton) else skeleton
