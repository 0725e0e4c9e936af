"""Plain text: what may go into it, how it is laid out, and where it may be cut."""

import re

UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\ufeff]")
"""Control characters (PostgreSQL refuses NUL), and two that are invisible within a word: the soft
hyphen and the byte order mark. Joiners stay: Persian, Hindi and Burmese spell with them."""
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: neither PostgreSQL nor UTF-8 takes it."""
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
PARAGRAPH_END = re.compile(r"\n\s*\n")
SENTENCE_END = re.compile(
    "[.!?\u2026][\"'\u201d\u2019\u00bb)\\]]{0,3}\\s|[\u3002\uff01\uff1f\u061f\u06d4\u0964\u104b]"
)
"""Where a sentence probably ends, in the scripts that the lexicons know."""


def clean(text: str) -> str:
    """Return text without characters that no store or message may hold."""
    return SURROGATE.sub("\ufffd", UNWANTED.sub("", text))


def one_line(text: str, limit: int) -> str:
    """Return text on one line, words separated by single spaces, of at most `limit` characters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def lay_out(text: str) -> str:
    """Return text as paragraphs separated by one blank line.

    Within a paragraph a single line end stays one; all other whitespace becomes single spaces.
    """
    ends = LINE_ENDS.sub("\n", clean(text)).replace("\u2029", "\n\n")
    paragraphs = (_lines(paragraph) for paragraph in PARAGRAPH_END.split(ends))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _lines(paragraph: str) -> str:
    lines = (" ".join(line.split()) for line in paragraph.split("\n"))
    return "\n".join(line for line in lines if line)


def cut(text: str, limit: int) -> tuple[str, bool]:
    """Cut text that is too long.

    The cut falls after the last whole paragraph that fits, else after a sentence, else after a
    word, else anywhere; the first three only where they keep at least half of what fits.

    Args:
        text: as `lay_out` returns it.
        limit: characters that are kept at the most.

    Returns:
        The text, and whether it was cut.
    """
    if len(text) <= limit:
        return text, False
    fits = text[:limit]
    least = limit // 2
    for position in (_paragraph_end(text, limit), _sentence_end(fits), fits.rfind(" ")):
        if position >= least:
            return fits[:position].rstrip(), True
    return fits.rstrip(), True


def _paragraph_end(text: str, limit: int) -> int:
    return text.rfind("\n\n", 0, limit + 2)


def _sentence_end(fits: str) -> int:
    """Return the end of the last whole sentence in the second half of `fits`, or -1."""
    ends = [match.end() for match in SENTENCE_END.finditer(fits, len(fits) // 2)]
    return ends[-1] if ends else -1
