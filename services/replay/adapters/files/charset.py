"""The encoding of a text file: stated, by its byte order mark, or UTF-8; checked before use."""

import codecs
from dataclasses import dataclass

import charset_normalizer

from services.poller.adapters.decoding import BOMS
from services.replay.adapters.files.source import Source
from services.runtime.errors import UsageError

DEFAULT = "utf-8"
WIDE = {"utf-16": 2, "utf-32": 4}
"""Encodings whose byte order must be known → bytes of their units."""
GUESSED_BYTES = 16 * 1024
LEAST_LETTERS = 4
"""Characters beyond ASCII that must read as UTF-8 before another encoding is doubted."""

USUAL = ("cp1252", "cp1250", "cp1251", "cp1256", "koi8_r", "gb18030")
MOST_GUESSES = 2
MOST_ZEROS = 0.1
"""Share of zero bytes above which text is UTF-16, or none: there, Latin letters have one each."""


@dataclass(frozen=True, slots=True)
class Charset:
    """How bytes become text."""

    codec: str
    """As Python names it."""
    newline: bytes
    """What ends a line."""


@dataclass(frozen=True, slots=True)
class _Check:
    """How the lines of a file's beginning read."""

    good: int
    """Lines with characters beyond ASCII that can be read."""
    bad: int
    first: str
    """Where the first lies that cannot, and why."""
    sample: bytes
    """Of lines that cannot."""


def charset_of(source: Source, stated: str | None) -> Charset:
    """Return the encoding of a file, and make sure that its beginning can be read so.

    Lines here and there that cannot be read are refused one by one later on; where most cannot,
    the encoding is wrong.

    Raises:
        UsageError: there is no such encoding, or it is not the file's.
    """
    codec = _codec(source, stated)
    try:
        newline = "\n".encode(codec)
    except (LookupError, UnicodeError) as error:
        raise UsageError(
            f"there is no encoding '{stated}'", "Write it as utf-16, cp1252, windows-1251, gb18030."
        ) from error
    charset = Charset(codec, newline)
    if len(newline) == 1:
        _check(source, charset, stated)
    return charset


def _codec(source: Source, stated: str | None) -> str:
    mark = next((name for mark, name in BOMS if source.head.startswith(mark)), None)
    name = (stated or mark or DEFAULT).lower().replace("_", "-")
    if name not in WIDE:
        return name
    big = source.head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    return f"{name}-{'be' if big else 'le'}"


def _check(source: Source, charset: Charset, stated: str | None) -> None:
    if source.head.count(0) > MOST_ZEROS * len(source.head):
        raise UsageError(
            f"{source.name} is not text in {charset.codec}: it has bytes of zero",
            "If it is UTF-16, add --encoding utf-16; else save it as text.",
        )
    lines = source.head.split(b"\n")
    checked = _read(lines if source.whole else lines[:-1], charset.codec)
    if checked.bad > checked.good:
        guesses = _guesses(checked.sample)
        perhaps = f"It may be {' or '.join(guesses)}: add" if guesses else "Add"
        raise UsageError(
            f"{source.name} is not text in {charset.codec} ({checked.first})",
            f"{perhaps} --encoding {guesses[0] if guesses else 'NAME'}, or save it as UTF-8.",
        )
    if stated and charset.codec != DEFAULT and _is_utf8(source.head):
        raise UsageError(f"{source.name} is not in {stated} but in UTF-8", "Leave out --encoding.")


def _read(lines: list[bytes], codec: str) -> _Check:
    good = bad = 0
    first, sample = "", b""
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        try:
            line.decode(codec)
            good += 1
        except UnicodeError as error:
            bad += 1
            first = first or f"line {number}: {undecodable(error, codec)}"
            sample = sample if len(sample) > GUESSED_BYTES else sample + line + b"\n"
    return _Check(good, bad, first, sample[:GUESSED_BYTES])


def _guesses(sample: bytes) -> list[str]:
    """Return encodings that fit best, those first that are used most.

    Neighbours often fit alike: bytes alone do not tell French in cp1252 from cp1250.
    """
    found = list(charset_normalizer.from_bytes(sample))
    names = [_most_used(each) for each in found if each.chaos == found[0].chaos]
    return sorted(dict.fromkeys(names), key=_rank)[:MOST_GUESSES]


def _most_used(match: charset_normalizer.CharsetMatch) -> str:
    alike = match.could_be_from_charset
    return next((name for name in USUAL if name in alike), match.encoding)


def _rank(name: str) -> int:
    return USUAL.index(name) if name in USUAL else len(USUAL)


def _is_utf8(head: bytes) -> bool:
    try:
        # The head may end within a character.
        text, _ = codecs.utf_8_decode(head, "strict", False)  # noqa: FBT003 - positional only
    except UnicodeError:
        return False
    return len(text) - len(text.encode("ascii", "ignore")) >= LEAST_LETTERS


def undecodable(error: UnicodeError, codec: str) -> str:
    """Return why bytes are no text, for people."""
    if isinstance(error, UnicodeDecodeError):
        byte = error.object[error.start]
        return f"byte {error.start + 1} is 0x{byte:02x}, which is not {codec} there"
    return f"it is not {codec}"
