"""One `accesswatch run` per data folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from services.runtime.errors import ConfigurationError, ConflictError

RUN_LOCK = "run.lock"
"""Name of the lock that an 'accesswatch run' holds in its data folder."""


@contextmanager
def hold_data_folder(folder: Path) -> Iterator[None]:
    """Hold a data folder, creating it where needed.

    The lock is the operating system's: it goes with the process, however that ends.

    Raises:
        ConflictError: another process holds it.
        ConfigurationError: the folder cannot be written.
    """
    lock = exclusive_lock(folder, RUN_LOCK)
    holder = folder / "run.pid"
    if lock is None:
        raise ConflictError(
            f"data folder {folder} is in use by another 'accesswatch run' (process "
            f"{_read(holder)})",
            "Stop that one first, or set ACCESSWATCH_DATA_DIR to another folder.",
        )
    try:
        holder.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def exclusive_lock(folder: Path, name: str) -> FileLock | None:
    """Take the lock `name` in `folder`, or return None where another process has it.

    Raises:
        ConfigurationError: the folder cannot be written.
    """
    # Not soft: a lock file that means something by its existence would outlive kill -9.
    lock = FileLock(folder / name, timeout=0, thread_local=False, fallback_to_soft=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        return None
    except OSError as error:
        raise ConfigurationError(
            f"data folder {folder} cannot be written ({error.strerror or error})",
            "Give it to the user who runs accesswatch, or set ACCESSWATCH_DATA_DIR to another.",
        ) from error
    return lock


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip() or "unknown"
    except OSError:
        return "unknown"
