"""What a delivery is to the ones before it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.validate.earlier import Known, compare

MAY, JUNE = date(2019, 5, 1), date(2019, 6, 1)


def known(name: str, period: date, day: int, *, rows: int = 1000, revision: int = 0) -> Known:
    edition = (revision, datetime(2019, 7, day, tzinfo=UTC), name)
    return Known(name, edition, frozenset({period}), rows)


def codes(delivery: Known, *earlier: Known, extract: str = "dbth_ecds") -> list[tuple[str, str]]:
    return [(f.code, f.detail) for f in compare(load_contracts()[extract], delivery, earlier)]


def test_a_newer_edition_of_a_month_replaces_the_older():
    freeze = known("freeze", MAY, 20, revision=1)
    assert codes(freeze, known("flex", MAY, 10)) == [("RESUBMISSION", "flex")]


def test_a_flex_file_after_the_freeze_does_not_count():
    flex = known("flex again", MAY, 25)
    assert codes(flex, known("freeze", MAY, 20, revision=1)) == [("RESUBMISSION_OLDER", "freeze")]


def test_a_list_of_one_practice_beside_the_others_replaces_nothing():
    assert codes(known("one", MAY, 12), known("all", MAY, 5), extract="ccg_gp_population") == []


@pytest.mark.parametrize(
    ("rows", "before", "found"),
    [(399, 1000, [("VOLUME_FELL", "399 after 1,000")]), (400, 1000, []), (10, 199, [])],
)
def test_a_file_with_far_fewer_rows_than_the_month_before_is_noticed(rows, before, found):
    assert codes(known("june", JUNE, 10, rows=rows), known("may", MAY, 10, rows=before)) == found


def test_a_month_is_compared_with_the_nearest_before_it_only():
    before = [known("may", MAY, 10, rows=1000), known("june", JUNE, 10, rows=300)]
    assert codes(known("july", date(2019, 7, 1), 20, rows=290), *before) == []
