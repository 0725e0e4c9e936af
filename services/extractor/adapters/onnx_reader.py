"""The reader: a small transformer in ONNX, on one core."""

import re
from collections.abc import Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from services.extractor.domain.opinions import Floats
from services.extractor.domain.windows import TITLE, Tokens

_SURROGATES = re.compile("[\ud800-\udfff]")
_START, _SEPARATOR = "[CLS]", "[SEP]"
_SLOW_FUSION = "SkipLayerNormFusion"
"""An optimisation left out: with onnxruntime 1.32 on a CPU, the fused operator takes 6 to 7 times
as long as the two that it replaces, and a quarter of the time of a window."""
_QUIET = 3
"""Errors only; what onnxruntime warns of on some machines helps nobody who runs this."""


def session_options() -> onnxruntime.SessionOptions:
    """Return how onnxruntime runs the reader."""
    options = onnxruntime.SessionOptions()
    # One core a worker process: more would fight with the other workers over them.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _QUIET
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("optimization.disable_specified_optimizers", _SLOW_FUSION)
    return options


class OnnxReader:
    """Reads windows with a model that `accesswatch train` wrote.

    Args:
        model: the ONNX file's content.
        tokenizer: the content of its `tokenizer.json`.
    """

    def __init__(self, model: bytes, tokenizer: bytes) -> None:
        self._session = onnxruntime.InferenceSession(
            model, session_options(), providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_str(tokenizer.decode())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._start = self._tokenizer.token_to_id(_START)
        self._separator = self._tokenizer.token_to_id(_SEPARATOR)

    def tokens(self, text: str) -> Tokens:
        """Return the tokens of a text; lone surrogates are read as spaces."""
        readable = _SURROGATES.sub(" ", text)
        found = self._tokenizer.encode(readable, add_special_tokens=False)
        starts, ends = zip(*found.offsets, strict=True) if found.ids else ((), ())
        return Tokens(found.ids, starts, ends)

    def read(
        self,
        title: Sequence[int],
        tokens: Sequence[Sequence[int]],
        wanted: range,
        concepts: Floats,
    ) -> Floats:
        """Return the answers for the wanted sentences, sentences by heads, as logits."""
        ids = [self._start, *title[:TITLE], self._separator]
        places = []
        for each in tokens:
            places.append((len(ids), len(ids) + len(each)))
            ids += each
        ids.append(self._separator)
        pool = np.zeros((len(wanted), len(ids)), dtype=np.float32)
        for row, number in enumerate(wanted):
            first, last = places[number]
            pool[row, first:last] = 1 / max(1, last - first)
        answers: Floats = self._session.run(
            ["heads"],
            {
                "ids": np.array([ids], dtype=np.int64),
                "pool": pool,
                "concepts": np.ascontiguousarray(concepts, dtype=np.float32),
            },
        )[0]
        return answers
