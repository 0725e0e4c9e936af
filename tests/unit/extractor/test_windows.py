"""Windows read every wanted sentence once, with its neighbours, and never grow too long."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.extractor.domain.windows import (
    LONGEST,
    MARKS,
    NEIGHBOUR,
    SENTENCE,
    TITLE,
    Stretch,
    Tokens,
    Window,
    cut,
    stretches,
)


def _stretches(lengths: list[int]) -> list[Stretch]:
    first, found = 0, []
    for number, length in enumerate(lengths):
        found.append(Stretch(number, first, first + length))
        first += length
    return found


def _read(window: Window) -> list[int]:
    return [window.shown[number].sentence for number in window.read]


def test_tokens_of_a_sentence_are_those_that_begin_in_it() -> None:
    tokens = Tokens([7, 8, 9, 10], [0, 4, 9, 12], [3, 8, 11, 15])

    assert stretches(tokens, [(0, 8), (9, 15)]) == [Stretch(0, 0, 2), Stretch(1, 2, 4)]


def test_a_sentence_without_tokens_has_an_empty_stretch() -> None:
    tokens = Tokens([7], [10], [12])

    assert stretches(tokens, [(0, 5), (9, 12)]) == [Stretch(0, 0, 0), Stretch(1, 0, 1)]


def test_a_long_sentence_is_read_from_its_beginning() -> None:
    many = SENTENCE + 50
    tokens = Tokens(range(many), range(many), range(1, many + 1))

    assert stretches(tokens, [(0, many)]) == [Stretch(0, 0, SENTENCE)]


def test_a_short_article_is_one_window() -> None:
    (window,) = cut(_stretches([10, 20, 30]), 5)

    assert _read(window) == [0, 1, 2]


def test_neighbours_are_shown_and_not_read() -> None:
    first, second = cut(_stretches([60, 60, 60, 20]), 5)

    assert _read(first) == [0, 1]
    assert _read(second) == [2, 3]
    assert second.shown[0].sentence == 1


def test_a_long_neighbour_is_not_shown() -> None:
    windows = list(cut(_stretches([NEIGHBOUR + 1] * 4), 5))

    assert all(len(window.shown) == len(window.read) or window.shown[0] for window in windows)
    assert windows[1].shown[0].sentence in _read(windows[1])


def test_sentences_that_nobody_wants_are_left_out() -> None:
    windows = list(cut(_stretches([20] * 30), 5, wanted=lambda number: number in {3, 25}))

    assert [_read(window) for window in windows] == [[3], [25]]


@given(
    st.lists(st.integers(0, SENTENCE), max_size=60),
    st.integers(0, 80),
    st.floats(0.4, 1.0),
)
def test_every_sentence_is_read_once_in_windows_that_fit(
    lengths: list[int], title: int, share: float
) -> None:
    windows = list(cut(_stretches(lengths), title, first_share=share))

    read = [number for window in windows for number in _read(window)]
    assert [number for number in read if lengths[number]] == [
        number for number, length in enumerate(lengths) if length
    ]
    assert read == sorted(set(read))
    for window in windows:
        shown = sum(part.length for part in window.shown)
        assert shown + min(title, TITLE) + MARKS <= LONGEST + NEIGHBOUR


def test_wanted_sentences_are_all_read_whatever_is_wanted() -> None:
    rng = random.Random(5)
    for _ in range(50):
        lengths = [rng.randrange(1, 90) for _ in range(40)]
        wanted = {number for number in range(40) if rng.random() < 0.2}
        windows = list(cut(_stretches(lengths), 10, wanted=wanted.__contains__))
        assert wanted <= {number for window in windows for number in _read(window)}
