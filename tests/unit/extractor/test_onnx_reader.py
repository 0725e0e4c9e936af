"""The reader runs as it was measured, and answers for each sentence that it is asked about."""

from pathlib import Path

import numpy as np
import onnxruntime

from services.extractor.adapters.onnx_reader import OnnxReader, session_options
from services.extractor.data_files import model_file
from services.extractor.domain.lexicon import load_lexicon

SLOW = b"SkipLayerNormalization"


def _optimised(options: onnxruntime.SessionOptions, path: Path) -> bytes:
    """Return the graph that onnxruntime makes of the packaged reader."""
    options.optimized_model_filepath = str(path)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(
        model_file("reader.onnx"), options, providers=["CPUExecutionProvider"]
    )
    return path.read_bytes()


def test_a_fusion_that_is_slower_than_what_it_fuses_is_left_out(tmp_path: Path) -> None:
    usual = _optimised(onnxruntime.SessionOptions(), tmp_path / "usual.onnx")
    ours = _optimised(session_options(), tmp_path / "ours.onnx")

    assert SLOW in usual
    assert SLOW not in ours


def test_each_sentence_has_its_answers_and_neighbours_change_them() -> None:
    reader = OnnxReader(model_file("reader.onnx"), model_file("tokenizer.json"))
    concepts = np.zeros((2, len(load_lexicon().bits)), dtype=np.float32)
    told, said = reader.tokens("They were turned back."), reader.tokens("The Red Cross said so.")

    both = reader.read([], [told.ids, said.ids], range(2), concepts)
    alone = reader.read([], [told.ids], range(1), concepts[:1])

    assert both.shape[0] == 2
    assert np.isfinite(both).all()
    assert not np.allclose(both[0], both[1])
    assert not np.allclose(both[0], alone[0])
