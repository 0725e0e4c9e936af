"""What imports are called, and which of them go on."""

from dataclasses import replace

import pytest

from schemas import Article
from services.replay.domain.imports import Counts, Import, Standing
from services.replay.domain.imports_naming import feed_id_of, import_name, where_to_begin
from services.runtime.errors import ConflictError, UsageError
from tests.support.builders import NOON, article

WANTED = Import("old", "import-old", "Outlet", None, "old.jsonl", "f00.0a", "me", NOON)
BEGUN = Standing(WANTED, 500, Counts(read=500, archived=499, refused=1), None)


@pytest.mark.parametrize(
    ("given", "file", "name"),
    [
        (None, "/a/b/News 2019.jsonl.gz", "news-2019"),
        (None, "crawl.warc.gz", "crawl"),
        (None, ".hidden.csv", "hidden"),
        ("Été à l'Est!", "a.csv", "ete-a-l-est"),
        ("--x--", "a.csv", "x"),
        (None, "a" * 80 + ".csv", "a" * 50),
    ],
)
def test_an_import_is_called_as_the_user_says_or_as_the_file(
    given: str | None, file: str, name: str
) -> None:
    assert import_name(given, file) == name


def test_the_longest_name_fits_into_an_article() -> None:
    feed_id = feed_id_of(import_name("x" * 100, "a.csv"))
    assert Article.model_validate(article(feed_id=feed_id).model_dump()).feed_id == feed_id


@pytest.mark.parametrize(
    ("given", "file", "part"),
    [
        (None, "архив.csv", "архив.csv"),
        ("…", "a.csv", "--name"),
        ("", "a.csv", "--name"),
        (None, "-", "--name"),
    ],
)
def test_what_makes_no_name_is_refused(given: str | None, file: str, part: str) -> None:
    with pytest.raises(UsageError, match=part):
        import_name(given, file)


def test_the_same_file_goes_on_where_it_was() -> None:
    later = replace(WANTED, created_at=NOON.replace(year=2027), created_by="somebody else")
    assert where_to_begin(BEGUN, later, again=False) == BEGUN


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"fingerprint": "f01.0a"}, "which has changed"),
        ({"fingerprint": "f01.0a", "file": "new.jsonl"}, "another file"),
        ({"fingerprint": None, "file": "-"}, "another file"),
        ({"fingerprint": "f00.0b"}, "--column"),
        ({"outlet": "Other"}, "--outlet"),
        ({"language": "fr"}, "--language"),
    ],
)
def test_another_file_or_way_is_refused_unless_again(change: dict[str, str], part: str) -> None:
    wanted = replace(WANTED, **change)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match=f"{part}.*--again"):
        where_to_begin(BEGUN, wanted, again=False)
    fresh = Standing(wanted, 0, Counts(), None)
    assert where_to_begin(BEGUN, wanted, again=True) == fresh
    nothing_yet = replace(BEGUN, counts=Counts(read=500, refused=500))
    assert where_to_begin(nothing_yet, wanted, again=False) == fresh


def test_a_moved_file_is_the_same() -> None:
    assert where_to_begin(BEGUN, replace(WANTED, file="x/old.jsonl"), again=False) == BEGUN


def test_standard_input_begins_anew_each_time() -> None:
    wanted = replace(WANTED, file="-", fingerprint=None)
    begun = replace(BEGUN, wanted=wanted, finished_at=NOON)
    assert where_to_begin(begun, wanted, again=False) == Standing(wanted, 0, Counts(), None)
