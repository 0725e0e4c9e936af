"""Dates as archives write them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.replay.domain.imports_dates import read_date
from tests.support.builders import NOON

DAY = datetime(2019, 3, 5, tzinfo=UTC)
TEN = DAY + timedelta(hours=10)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019-03-05", DAY),
        ("2019/3/5", DAY),
        ("20190305", DAY),
        (20190305, DAY),
        ("20190305100000", TEN),
        ("2019-03-05T10:00:00Z", TEN),
        ("2019-03-05T12:00+02:00", TEN),
        ("2019-03-05 10:00:00", TEN),
        ("2019-03-05 10:00:00 UTC", TEN),
        ("2019-03-05 12:00:00 +0200", TEN),
        ("Tue, 05 Mar 2019 10:00:00 GMT", TEN),
        ("Tue, 05 Mar 2019 13:00:00 +0300", TEN),
        (TEN.timestamp(), TEN),
        (int(TEN.timestamp()), TEN),
        (str(int(TEN.timestamp() * 1000)), TEN),
        ("  2019-03-05\n", DAY),
    ],
)
def test_usual_ways_to_write_a_date_are_read(written: object, moment: datetime) -> None:
    found = read_date(written, NOON)
    assert found == moment
    assert found.tzinfo == UTC


@pytest.mark.parametrize("written", [None, "", "  ", "1970-01-01", "1900-01-01", 0, "0"])
def test_no_date_and_what_stands_for_none_are_none(written: object) -> None:
    assert read_date(written, NOON) is None


@pytest.mark.parametrize(
    "written",
    ["yesterday", "05/03/2019", "2019", 2019, True, [1], {}, float("nan"), 1e30, "9" * 400],
)
def test_what_is_no_date_is_told(written: object) -> None:
    with pytest.raises(ValueError, match=r"its date .* (cannot be read|is no date)$") as caught:
        read_date(written, NOON)
    assert len(str(caught.value)) < 100


def test_a_date_in_the_future_is_told() -> None:
    assert read_date(NOON.isoformat(), NOON) == NOON
    with pytest.raises(ValueError, match="lies in the future"):
        read_date((NOON + timedelta(seconds=1)).isoformat(), NOON)


def test_a_way_that_the_user_names_goes_before_the_others() -> None:
    assert read_date("05/03/2019", NOON, "%d/%m/%Y") == DAY
    assert read_date("03/05/2019", NOON, "%m/%d/%Y") == DAY
    assert read_date("2019-03-05", NOON, "%d/%m/%Y") == DAY
