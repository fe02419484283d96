"""Time between two local moments, over the nights in which the clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sql_models import render

LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")
CON = duckdb.connect()
ELAPSED = render("SELECT {{ elapsed_seconds('$1::TIMESTAMP', '$2::TIMESTAMP') }}")


def elapsed(start: str | datetime, end: str | datetime | None) -> int | None:
    return CON.execute(ELAPSED, [start, end]).fetchone()[0]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2019-03-31 00:50", "2019-03-31 02:10", 20),  # forward: an hour is skipped
        ("2019-10-26 23:50", "2019-10-27 02:00", 190),  # back: an hour comes twice
        ("2019-10-27 01:50", "2019-10-27 01:05", 15),  # only one order of the two hours is possible
        ("2019-10-27 00:50", "2019-10-27 01:40", None),  # 50 or 110
        ("2019-03-31 00:50", "2019-03-31 01:10", None),  # a time that never was
        ("2019-06-01 12:00", "2019-06-01 12:15", 15),
        ("2019-06-01 12:00", None, None),
        ("2019-06-01 12:00", "2019-06-01 11:00", -60),
    ],
)
def test_nights_of_the_change(start, end, minutes):
    found = elapsed(start, end)
    assert (found and found / 60) == minutes


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_a_length_that_is_told_is_the_right_one(moment, length):
    """From a true moment and length to local times and back; only the hour of a change may be left open."""
    start = moment.replace(microsecond=0, tzinfo=UTC)
    end = start + timedelta(seconds=int(length.total_seconds()))
    local = [t.astimezone(LONDON).replace(tzinfo=None) for t in (start, end)]
    found = elapsed(*local)
    in_change = any(t.hour == 1 and t.weekday() == 6 and t.day >= 25 and t.month in (3, 10) for t in local)
    assert found == (end - start).total_seconds() or (found is None and in_change)
