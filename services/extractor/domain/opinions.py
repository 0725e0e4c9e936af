"""What the reader makes of an article's sentences."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.extractor.domain.windows import Tokens, Window, cut, stretches

Floats = NDArray[np.float32]


class Reader(Protocol):
    """Reads a window of tokens."""

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text."""
        ...

    def read(
        self,
        title: Sequence[int],
        tokens: Sequence[Sequence[int]],
        wanted: range,
        concepts: Floats,
    ) -> Floats:
        """Return the answers for the wanted sentences, sentences by heads, as logits.

        Args:
            title: tokens of the title.
            tokens: those of each sentence of the window.
            wanted: which of the sentences to answer for.
            concepts: of these, sentences by concepts.
        """
        ...


def ask(
    reader: Reader,
    title: str,
    text: str,
    sentences: Sequence[tuple[int, int]],
    concepts: Floats,
    wanted: Callable[[int], bool],
) -> dict[int, Floats]:
    """Return what the reader says of sentences, as logits by the number of each.

    Args:
        reader: to ask.
        title: the article's.
        text: likewise.
        sentences: first character and one past the last of each.
        concepts: sentences by concepts, 0 or 1.
        wanted: says of a sentence's number whether to ask about it.
    """
    heading = reader.tokens(title).ids
    tokens = reader.tokens(text)
    opinions: dict[int, Floats] = {}
    for window in cut(stretches(tokens, sentences), len(heading), wanted):
        opinions |= _read(reader, heading, tokens, window, concepts)
    return opinions


def _read(
    reader: Reader, heading: Sequence[int], tokens: Tokens, window: Window, concepts: Floats
) -> dict[int, Floats]:
    parts = [window.shown[number] for number in window.read]
    answers = reader.read(
        heading,
        [tokens.ids[part.first : part.last] for part in window.shown],
        window.read,
        concepts[[part.sentence for part in parts]],
    )
    return {part.sentence: answer for part, answer in zip(parts, answers, strict=True)}
