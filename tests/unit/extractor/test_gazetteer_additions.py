"""Users' own files of routes and actors add to ours, everywhere that names are looked up."""

import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from services.cli.watching import watch_of
from services.extractor.adapters.worker import WARM_UP_ARTICLE
from services.extractor.adapters.worker_pool import WorkerPool
from services.extractor.data_files import digest, use_gazetteer
from services.extractor.domain.extractor import extractor_version
from services.extractor.domain.folding import Folded
from services.extractor.domain.gazetteer import load_gazetteer
from services.extractor.domain.names import load_names
from services.extractor.ports import Extracted
from services.runtime.errors import ConfigurationError
from services.runtime.settings import ExtractorSettings, load_settings

MINE = """
routes:
  - {id: foo-road, kind: road, name: Foo road, countries: [SS]}
actors:
  - {id: xyzzy, kind: ngo, name: Xyzzy Board}
  - {id: icrc, kind: red_cross_red_crescent, name: Plugh Committee}
"""


@pytest.fixture(autouse=True)
def _ours_alone() -> Iterator[None]:
    yield
    use_gazetteer(())


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return path


def test_added_names_are_found(mine: Path) -> None:
    count = len(load_gazetteer().actors)
    use_gazetteer([mine])
    actor = load_gazetteer().find_actor("xyzzy board")
    route = load_gazetteer().find_route("the Foo road")
    assert actor is not None
    assert actor.id == "xyzzy"
    assert route is not None
    assert route.id == "foo-road"
    assert len(load_gazetteer().actors) == count + 1
    [name] = load_names().find(Folded("said the Xyzzy Board today"))
    assert name.entry.of.id == "xyzzy"


def test_an_entry_with_the_id_of_one_of_ours_replaces_it(mine: Path) -> None:
    use_gazetteer([mine])
    assert load_gazetteer().find_actor("ICRC") is not None  # by its id
    assert load_gazetteer().find_actor("МККК") is None
    use_gazetteer(())
    assert load_gazetteer().find_actor("МККК") is not None


def test_subscriptions_know_added_names(mine: Path) -> None:
    use_gazetteer([mine])
    watch = watch_of(actors=["Xyzzy Board"], routes=["Foo road"])
    assert (watch.actors, watch.routes) == (("xyzzy",), ("foo-road",))


def test_additions_change_the_version(mine: Path, tmp_path: Path) -> None:
    version, before = extractor_version(), digest()
    use_gazetteer([mine])
    assert extractor_version() != version
    other = tmp_path / "other.yaml"
    other.write_text(MINE.replace("Foo", "Bar"), encoding="utf-8")
    with_mine = digest()
    use_gazetteer([other])
    assert len({before, with_mine, digest()}) == 3


async def test_worker_processes_know_added_names(mine: Path) -> None:
    article = orjson.loads(WARM_UP_ARTICLE)
    article["text"] = "The Xyzzy Board denied aid convoys access to the Foo road on Monday."
    settings = ExtractorSettings(workers=1, gazetteer=(mine,))
    async with WorkerPool(settings) as pool:
        [found] = await pool.extract([orjson.dumps(article)])
    assert isinstance(found, Extracted)
    message = orjson.loads(found.value)
    use_gazetteer([mine])
    assert message["extractor_version"] == extractor_version()
    assert "xyzzy" in {actor["id"] for each in message["statements"] for actor in each["actors"]}


def test_the_setting_takes_paths_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESSWATCH_EXTRACTOR__GAZETTEER", "a.yaml, ~/b.yaml")
    assert load_settings().extractor.gazetteer == (Path("a.yaml"), Path("~/b.yaml").expanduser())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("actors: [{id: x, kind: ngo}]", "mine.yaml, actors entry 1 (x): no name"),
        ("actors: {id: x}", "is no file of the gazetteer (actors)"),
        ("people: []", "is no file of the gazetteer (people)"),
        ("- x", "is no file of the gazetteer (no sections)"),
        ("actors: [", "mine.yaml is not YAML"),
    ],
)
def test_a_wrong_file_is_named(mine: Path, content: str, reason: str) -> None:
    mine.write_text(content, encoding="utf-8")
    use_gazetteer([mine])
    with pytest.raises(ConfigurationError, match=re.escape(reason)):
        load_gazetteer()


def test_an_empty_file_adds_nothing(mine: Path) -> None:
    count = len(load_gazetteer().actors)
    mine.write_text("", encoding="utf-8")
    use_gazetteer([mine])
    assert len(load_gazetteer().actors) == count


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    use_gazetteer([tmp_path / "gone.yaml"])
    with pytest.raises(ConfigurationError, match=r"gone\.yaml cannot be read"):
        digest()
