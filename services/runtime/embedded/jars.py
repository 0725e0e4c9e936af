"""Apache Kafka's jars: fetched once from a Maven repository, then used offline.

`kafka-jars.lock` beside this file pins every jar by version and SHA-256, so a download is whole
and unaltered or it does not count, and no start resolves dependencies again.
`python -m services.runtime.embedded --pin` writes that file anew.
"""

import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock
from platformdirs import user_cache_path

from services.runtime.embedded.extra import require
from services.runtime.errors import UnavailableError

KAFKA_VERSION: Final = "4.3.1"
LOCK_FILE: Final = Path(__file__).with_name("kafka-jars.lock")
MARKER: Final = "complete"
CONNECTIONS: Final = 8
"""Downloads at a time."""

Progress = Callable[[int, int], None]
"""Told how many jars are there, and how many there are in all."""


@dataclass(frozen=True)
class Jar:
    """One pinned jar.

    Args:
        coordinate: `group:artifact:version`.
        sha256: hexadecimal digest of the file.
    """

    coordinate: str
    sha256: str

    @property
    def name(self) -> str:
        """Name of the file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def pinned_jars(lock_file: Path = LOCK_FILE) -> tuple[Jar, ...]:
    """Read the lock file: a line `sha256  group:artifact:version` for each jar."""
    rows = (line.split() for line in lock_file.read_text(encoding="ascii").splitlines())
    return tuple(Jar(coordinate, sha256) for sha256, coordinate in rows)


def jars_folder() -> Path:
    """Return where the jars of this version are kept, in the user's cache."""
    return user_cache_path("accesswatch") / f"kafka-{KAFKA_VERSION}"


def classpath(folder: Path) -> str:
    """Return Java's `-cp` for a folder of jars."""
    return f"{folder}/*"


def is_complete(folder: Path, jars: tuple[Jar, ...]) -> bool:
    """Tell whether every jar was checked and is still there."""
    marker = folder / MARKER
    return (
        marker.is_file()
        and marker.read_text(encoding="ascii") == _digest(jars)
        and all((folder / jar.name).is_file() for jar in jars)
    )


def fetch_jars(
    folder: Path | None = None,
    *,
    jars: tuple[Jar, ...] | None = None,
    repositories: dict[str, str] | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Path:
    """Make sure that Apache Kafka's jars are on this machine.

    Args:
        folder: where to keep them; default: the user's cache.
        jars: which ones; default: those of the lock file.
        repositories: Maven repositories by name; default: what jgo is configured for.
        progress: told about each jar that is there; not called where all are there already.

    Returns:
        The folder that holds exactly the pinned jars.

    Raises:
        UnavailableError: they are not here and cannot be fetched.
        ConfigurationError: the `embedded` extra is not installed.
    """
    folder = folder or jars_folder()
    jars = jars or pinned_jars()
    if is_complete(folder, jars):
        return folder
    require("jgo", "Kafka", "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock"):
            _fetch_missing(folder, jars, repositories, progress)
    except (OSError, RuntimeError, ValueError, AssertionError) as error:
        # jgo reports a missing artifact as RuntimeError, requests every failure as OSError.
        raise UnavailableError(
            f"Apache Kafka's jars ({len(jars)} files, 43 MB) cannot be fetched from a Maven "
            f"repository into {folder} ({_reason(error)})",
            "Connect to the Internet once and run 'make setup' or 'accesswatch setup', or set "
            "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS to a Kafka of your own.",
        ) from error
    return folder


def maven_context(folder: Path, repositories: dict[str, str] | None) -> Any:
    """Return jgo's context, with a repository cache of our own inside `folder`."""
    from jgo.config import GlobalSettings  # noqa: PLC0415 - part of the optional extra
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415 - likewise
    from jgo.maven import MavenContext  # noqa: PLC0415 - likewise

    if repositories is None:
        # A mirror named in the user's ~/.config/jgo.conf comes first: behind a firewall it is
        # the only one that answers.
        repositories = dict(GlobalSettings.load().repositories)
        repositories.setdefault("central", MAVEN_CENTRAL_URL)
    return MavenContext(repo_cache=folder / "repository", local_repos=[], remote_repos=repositories)


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch_missing(
    folder: Path, jars: tuple[Jar, ...], repositories: dict[str, str] | None, progress: Progress
) -> None:
    if is_complete(folder, jars):
        return
    context = maven_context(folder, repositories)
    wanted = {jar.name for jar in jars}
    for stray in (path for path in folder.glob("*.jar") if path.name not in wanted):
        stray.unlink()
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        fetched = pool.map(lambda jar: _fetch(context, folder, jar), jars)
        for done, _ in enumerate(fetched, start=1):
            progress(done, len(jars))
    finally:
        pool.shutdown(cancel_futures=True)
    shutil.rmtree(folder / "repository", ignore_errors=True)
    (folder / MARKER).write_text(_digest(jars), encoding="ascii")


def _fetch(context: Any, folder: Path, jar: Jar) -> None:
    target = folder / jar.name
    if target.is_file() and sha256_of(target) == jar.sha256:
        return
    group, artifact, version = jar.coordinate.split(":")
    wanted = context.project(group, artifact).at_version(version).artifact()
    # What a killed download left behind looks like a cached file to jgo.
    wanted.cached_path.unlink(missing_ok=True)
    downloaded = Path(wanted.resolve())
    if sha256_of(downloaded) != jar.sha256:
        raise ValueError(f"{jar.name} is not the file that kafka-jars.lock pins")
    downloaded.replace(target)


def _digest(jars: tuple[Jar, ...]) -> str:
    return hashlib.sha256("\n".join(map(repr, jars)).encode()).hexdigest()


def _reason(error: Exception) -> str:
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return " ".join(str(cause).split())[:200] or type(cause).__name__
