"""Which language an article is read in."""

from collections.abc import Callable, Collection

from services.extractor.domain.lexicon import Lexicon

Recognise = Callable[[str], tuple[str, float]]
"""Returns the ISO 639-1 code of a text's language, and how sure that is, 0 to 1."""

SAMPLE = 600
"""Characters that are looked at."""
SURE = 0.7
"""From here on the text counts for more than what the feed says of it."""
SHORT = 40
"""Letters below which a text is no evidence against what the feed says."""


def language_of(
    stated: str | None, text: str, recognise: Recognise, supported: Collection[str]
) -> str:
    """Return the ISO 639-1 code of the language that a text is most likely in.

    Args:
        stated: code that the feed gives, or None.
        text: the article's.
        recognise: looks at a text of one line.
        supported: codes that can be read; of these the stated one is doubted only with reason.
    """
    sample = " ".join(text[:SAMPLE].split())
    if stated is not None and stated in supported and sum(map(str.isalpha, sample)) < SHORT:
        return stated
    code, sure = recognise(sample) if sample else (stated or "en", 0.0)
    if stated is not None and stated in supported and sure < SURE:
        return stated
    return code


def unsupported(code: str, lexicon: Lexicon) -> str:
    """Return why an article in a language is not read."""
    known = ", ".join(sorted(lexicon.languages))
    return f"The text is in a language that is not read ({code}). Read are {known}."
