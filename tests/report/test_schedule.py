"""When the next file is due: a period after the last one, and as long as the contract allows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.report.schedule import extract_title, next_due
from bassetlaw_pipeline.report.words import due_text

CONTRACTS = load_contracts()
ENDS = {
    "week": date(2021, 4, 8),
    "month": date(2021, 5, 1),
    "quarter": date(2021, 7, 1),
    "year": date(2022, 4, 1),
}


@pytest.mark.parametrize("contract", [c for c in CONTRACTS.values() if not c.until], ids=lambda c: c.id)
def test_the_next_file_is_due_after_its_period(contract):
    end = ENDS.get(contract.cadence)
    expected = end + timedelta(days=contract.expected_within_days) if end else None
    assert next_due(contract.id, date(2021, 3, 1)) == expected


def test_nothing_is_due_of_what_has_ended_or_is_not_known():
    ended = next(c for c in CONTRACTS.values() if c.until)
    assert next_due(ended.id, ended.until) is None
    assert next_due("no_such_extract", date(2021, 3, 1)) is None
    assert extract_title("no_such_extract") == "no_such_extract"


def test_a_sample_ends_and_real_data_are_waited_for():
    release = {"as_of": None, "is_synthetic": True}
    assert due_text(None, release) == "no date is set"
    assert due_text(date(2021, 5, 1), release) == "1 May 2021"


@pytest.mark.parametrize(
    ("synthetic", "in_words"), [(True, "nothing: the sample ends"), (False, "was due by 1 May 2021")]
)
def test_what_is_overdue_is_told_so_but_not_of_a_sample(synthetic, in_words):
    assert due_text(date(2021, 5, 1), {"as_of": datetime(2021, 6, 1), "is_synthetic": synthetic}) == in_words
