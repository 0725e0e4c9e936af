import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.runtime.embedded.locks import hold_data_folder
from services.runtime.errors import ConfigurationError, ConflictError

Start = Callable[[str], tuple[subprocess.Popen[str], Any]]

HOLD = (
    "import os\n"
    "from services.runtime.embedded.locks import hold_data_folder\n"
    "held = hold_data_folder(Path({folder!r}))\n"
    "held.__enter__()\n"
    "print(json.dumps(os.getpid()), flush=True)"
)


def test_second_holder_is_refused_and_told_who_holds_it(
    start_python: Start, tmp_path: Path
) -> None:
    _, pid = start_python(HOLD.format(folder=str(tmp_path)))
    with pytest.raises(ConflictError) as caught, hold_data_folder(tmp_path):
        pass
    assert str(tmp_path) in caught.value.what
    assert f"process {pid}" in caught.value.what
    assert "ACCESSWATCH_DATA_DIR" in caught.value.remedy


def test_killed_holder_leaves_the_folder_free(start_python: Start, tmp_path: Path) -> None:
    holder, _ = start_python(HOLD.format(folder=str(tmp_path)))
    holder.kill()
    holder.wait()
    with hold_data_folder(tmp_path):
        assert (tmp_path / "run.pid").read_text() == str(os.getpid())


def test_folder_is_free_again_after_use(tmp_path: Path) -> None:
    for _ in range(2):
        with hold_data_folder(tmp_path / "new" / "folder"):
            pass


def test_folder_that_cannot_be_made_is_a_setting_to_correct(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ConfigurationError, match="cannot be written"),
        hold_data_folder(tmp_path / "file" / "folder"),
    ):
        pass
