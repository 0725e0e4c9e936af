"""Records of an import with trouble: the first are shown, all go into a file where one is given."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from services.replay.domain.imports import Remark
from services.runtime.errors import UsageError

SHOWN = 20


class Remarks:
    """Collects what is said of records.

    Args:
        path: gets a line of JSON for each (`place`, `verdict`, `why`); anew with each import, and
            continued where an import goes on. After a kill, records of the batch that was under
            way come twice.
        source: the imported file, which is not to be written over.

    Raises:
        UsageError: the file cannot be written.
    """

    def __init__(self, path: Path | None, source: str) -> None:
        self.first: list[Remark] = []
        self.total = 0
        self._file = _open(path, source) if path else None

    def begin(self, resumed_at: int) -> None:
        """Note that records are read, after so many that an earlier run has dealt with."""
        if self._file and not resumed_at:
            self._file.truncate(0)

    def note(self, remark: Remark) -> None:
        """Take a remark."""
        self.total += 1
        if len(self.first) < SHOWN:
            self.first.append(remark)
        if self._file:
            self._file.write(orjson.dumps(remark, option=orjson.OPT_APPEND_NEWLINE))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()


def _open(path: Path, source: str) -> BinaryIO:
    if path.exists() and Path(source).exists() and path.samefile(source):
        raise UsageError(f"--errors {path} is the file to import", "Name another one.")
    try:
        return path.open("ab", buffering=0)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror})", "Name another file for --errors."
        ) from error
