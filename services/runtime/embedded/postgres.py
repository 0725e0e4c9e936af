"""PostgreSQL as a child process, shared by all processes that use its folder."""

import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psutil
from filelock import FileLock

from services.runtime.embedded import leash, stale
from services.runtime.embedded.logfile import open_log
from services.runtime.embedded.postgres_cluster import SUPERUSER, Cluster
from services.runtime.embedded.shared_lock import SharedUse
from services.runtime.errors import ConfigurationError, ConflictError, UnavailableError

START_SECONDS: Final = 60.0
"""Recovery after a kill takes its time; a start on an idle machine 0.2 s, initdb 1 s more."""
START_TRIES: Final = 20
"""The first tries after a kill -9 may find its last workers still there."""
STOP_SECONDS: Final = 20.0
"""A fast shutdown writes a checkpoint."""
POLL_SECONDS: Final = 0.05
FAST_SHUTDOWN: Final = signal.SIGINT
"""https://www.postgresql.org/docs/18/server-shutdown.html"""
SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
NOT_DURABLE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """PostgreSQL for every process that starts one on the same folder.

    The first start runs the server; it ends when the last of its users has stopped it or ended,
    however it ended. Each user holds a shared lock on a file in the folder (`SharedUse`), and the
    server's parent (`leash`) waits until nobody holds one.

    Args:
        folder: where the cluster and `postgres.log` are kept.
        durable: False risks the data at a power failure, for tests. The first user decides.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self._settings = SETTINGS if durable else {**SETTINGS, **NOT_DURABLE}
        self._use = SharedUse(self.folder / "users.lock")
        self._cluster: Cluster | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the server, None where it does not run."""
        process = self._cluster.postmaster() if self._cluster else None
        return process.pid if process else None

    @property
    def log(self) -> Path:
        """What the server logs."""
        return self.folder / "postgres.log"

    def start(self) -> str:
        """Use the server, starting it where it does not run.

        Returns:
            Its address, `postgresql://postgres@/postgres?host=FOLDER`.

        Raises:
            ConfigurationError: the `embedded` extra is missing, or the folder cannot be written.
            ConflictError: the server of earlier users does not end.
            UnavailableError: it does not start.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._cluster = Cluster(self.folder / "cluster")
            if not self._use.held:
                self._begin_use()
            with FileLock(self.folder / "start.lock"):
                self._cluster.initialise()
                socket_folder = self._cluster.socket_folder()
                self._ensure_running(self._cluster, socket_folder)
        except OSError as error:
            self._use.end()
            raise ConfigurationError(
                f"the embedded PostgreSQL cannot use folder {self.folder} ({error})",
                "Give it to the user who runs accesswatch, or set ACCESSWATCH_DATA_DIR to another.",
            ) from error
        except (subprocess.SubprocessError, RuntimeError) as error:
            self._use.end()
            # RuntimeError: the cluster is of another version than the programs.
            raise self._does_not_start(f"its cluster cannot be used ({error})") from error
        except BaseException:
            self._use.end()
            raise
        return f"postgresql://{SUPERUSER}@/postgres?host={quote(str(socket_folder), safe='/')}"

    def stop(self) -> None:
        """End this use; the server ends with the last one, and then before this returns."""
        if self._cluster is None or not self._use.held:
            return
        if self._use.become_last():
            self._shut_down(self._cluster)
        else:
            # Others use it, and this is at once; or the leash was faster and is ending it.
            self._use.begin(STOP_SECONDS)
        self._use.end()

    def kill(self) -> None:
        """Kill the server with SIGKILL, as a test of what survives that."""
        process = self._cluster.postmaster() if self._cluster else None
        if process is not None:
            process.kill()
            stale.wait_for(process, STOP_SECONDS)

    def _begin_use(self) -> None:
        if not self._use.begin(STOP_SECONDS + 10):
            self._use.end()
            raise ConflictError(
                f"the embedded PostgreSQL in {self.folder} does not end",
                "End its 'postgres' process, then try again.",
            )

    def _ensure_running(self, cluster: Cluster, socket_folder: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        tries = 0
        while time.monotonic() < deadline:
            if cluster.postmaster() is None:
                # Nothing runs, or what ran has ended: PostgreSQL says why in its log.
                if tries == START_TRIES:
                    break
                tries += 1
                cluster.forget_stale_pid()
                self._launch(cluster, socket_folder)
            elif cluster.answers(socket_folder):
                return
            time.sleep(POLL_SECONDS)
        raise self._does_not_start("it ends or does not answer")

    def _launch(self, cluster: Cluster, socket_folder: Path) -> None:
        argv = [str(cluster.programs / "postgres"), "-D", str(cluster.path)]
        settings = {**self._settings, "unix_socket_directories": str(socket_folder)}
        argv += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open_log(self.log) as log:
            guard = leash.start_while_locked(
                argv,
                self._use.path,
                grace=STOP_SECONDS,
                stop_signal=FAST_SHUTDOWN,
                user=cluster.account,
                stderr=log,
            )
        self._wait_for_pid_file(cluster, guard)

    def _wait_for_pid_file(self, cluster: Cluster, guard: int) -> None:
        """Wait until the server is recognisable, or has ended."""
        deadline = time.monotonic() + START_SECONDS
        with suppress(psutil.Error):
            process = psutil.Process(guard)
            while cluster.postmaster() is None and time.monotonic() < deadline:
                if process.status() == psutil.STATUS_ZOMBIE:
                    break
                time.sleep(POLL_SECONDS / 2)

    def _shut_down(self, cluster: Cluster) -> None:
        process = cluster.postmaster()
        if process is None:
            return
        with suppress(psutil.NoSuchProcess):
            process.send_signal(FAST_SHUTDOWN)
            if not stale.wait_for(process, STOP_SECONDS):
                process.kill()
                stale.wait_for(process, STOP_SECONDS)

    def _does_not_start(self, reason: str) -> UnavailableError:
        return UnavailableError(
            f"the embedded PostgreSQL in {self.folder} did not start: {reason}",
            f"Read {self.log}, or set ACCESSWATCH_DATABASE__URL to a database of your own.",
        )
