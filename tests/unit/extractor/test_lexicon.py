"""The lexicon's files fit together, and say what is wrong where they do not."""

import copy
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

import pytest

from services.extractor import data_files
from services.extractor.domain.lexicon import build_lexicon, load_lexicon
from services.runtime.errors import ConfigurationError

LANGUAGES = {"ar", "az", "de", "en", "es", "fr", "hy", "pt", "ru", "tr", "uk"}


def documents() -> dict[str, Any]:
    return copy.deepcopy(data_files.lexicon_documents())


def test_every_language_is_there() -> None:
    assert set(load_lexicon().languages) == LANGUAGES


def test_a_concept_that_english_lacks_is_refused() -> None:
    changed = documents()
    changed["fr"]["concepts"]["aide"] = ["aide"]
    with pytest.raises(ConfigurationError, match=r"fr\.yaml has a concept 'aide'"):
        build_lexicon(changed)


def test_a_word_that_yaml_reads_as_something_else_is_refused() -> None:
    changed = documents()
    changed["en"]["negators"].append(False)
    with pytest.raises(ConfigurationError, match="False under negators is no text"):
        build_lexicon(changed)


def test_the_digest_is_the_same_each_time() -> None:
    assert data_files.digest() == data_files.digest()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [b", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.yaml is not YAML"):
        data_files._read(cast("Traversable", broken))
