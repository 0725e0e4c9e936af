"""Who uses something: a shared lock each, which goes with the process however that ends."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

POLL_SECONDS: Final = 0.02


class SharedUse:
    """One use of what a lock file stands for.

    An exclusive holder (`leash`, or `last_left`) waits for, or is kept away by, all uses.

    Args:
        path: the lock file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Tell whether this use is on."""
        return self._descriptor is not None

    def begin(self, seconds: float) -> bool:
        """Begin the use, waiting up to `seconds` for an exclusive holder to go.

        Returns:
            Whether that worked.
        """
        deadline = time.monotonic() + seconds
        while not self._try(fcntl.LOCK_SH):
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def end(self) -> None:
        """End the use."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def become_last(self) -> bool:
        """Make the use exclusive, if there is no other."""
        return self._try(fcntl.LOCK_EX)

    def _try(self, kind: int) -> bool:
        if self._descriptor is None:
            # Python opens it so that programs started from here do not inherit it.
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
            return True
        return False
