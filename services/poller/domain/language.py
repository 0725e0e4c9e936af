"""Languages as feeds state them."""

import re

CODE = re.compile(r"[a-z]{2,3}")
NOT_A_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
"""ISO 639-2 codes that stand for "not known", "several", "no code" and "no language"."""
RENAMED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}
"""Withdrawn ISO 639-1 codes that feeds still carry, and what replaced them (IANA registry)."""


def language_code(stated: str | None) -> str | None:
    """Return the ISO 639 code of a language tag: `en-GB` and `en_us` give `en`.

    Args:
        stated: a language tag (BCP 47) as the feed writes it.

    Returns:
        Two or three lower-case letters, or None where the tag names no language.
    """
    code = re.split(r"[-_]", (stated or "").strip().lower(), maxsplit=1)[0]
    if not CODE.fullmatch(code) or code in NOT_A_LANGUAGE:
        return None
    return RENAMED.get(code, code)
