"""Periods from file names, texts and manifests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small_contracts import arrive, contract, table

from bassetlaw_pipeline.contracts.model import FileSpec, PeriodSpec
from bassetlaw_pipeline.intake.model import FileRejected
from bassetlaw_pipeline.intake.read import period


def of(parts, grain="month", form=None, manifest=None, folder=None):
    to = contract(table("a"), period=PeriodSpec(grain=grain, format=form))
    return period.of_arrival(replace(arrive(b"", to, folder), parts=parts, manifest=manifest))


@pytest.mark.parametrize(
    ("parts", "grain", "first"),
    [
        ({"year": "2019", "month": "04"}, "month", "2019-04-01"),
        ({"year": "19", "month": "Sept"}, "month", "2019-09-01"),
        ({"year": "2019", "month": "april"}, "month", "2019-04-01"),
        ({"year": "2019", "month": "05", "day": "02"}, "day", "2019-05-02"),
        ({"year": "2019", "month": "05", "day": "02"}, "week", "2019-04-29"),
        ({"year": "2019", "quarter": "3"}, "quarter", "2019-07-01"),
        ({"year": "2019", "month": "5"}, "quarter", "2019-04-01"),
        ({"year": "2020"}, "year", "2020-01-01"),
        ({"year": "2018-19"}, "school_year", "2018-09-01"),
        ({"year": "20"}, "financial_year", "2020-04-01"),
    ],
)
def test_parts_of_a_file_name(parts, grain, first, tmp_path):
    assert of(parts, grain, folder=tmp_path) == date.fromisoformat(first)


def test_a_date_in_the_file_name_has_a_declared_format(tmp_path):
    assert of({"date": "07.04.19"}, "week", "%d.%m.%y", folder=tmp_path) == date(2019, 4, 1)


@pytest.mark.parametrize("parts", [{}, {"year": "2019", "month": "13"}, {"year": "2019", "month": "Mars"}])
def test_a_name_without_a_period_is_turned_away_unless_the_manifest_has_it(parts, tmp_path):
    with pytest.raises(FileRejected, match="PERIOD_MISSING"):
        of(parts, folder=tmp_path)
    assert of(parts, manifest={"period_start": "2019-04-05"}, folder=tmp_path) == date(2019, 4, 1)


def test_texts_in_a_format_that_was_not_declared_are_nothing():
    spec = PeriodSpec(source="cell", format="%B %Y")
    assert period.of_text("Sept 2019", spec) == date(2019, 9, 1)
    assert period.of_text("04/2019", spec) is None
    assert period.of_text(None, spec) is None


def test_a_wrong_century_and_a_year_to_come_are_no_periods(tmp_path):
    with pytest.raises(FileRejected, match="PERIOD_MISSING"):
        of({"year": "0000", "month": "06"}, folder=tmp_path)
    period.check_not_ahead(date(2019, 4, 1))
    with pytest.raises(FileRejected, match="PERIOD_AHEAD"):
        period.check_not_ahead(date(2999, 4, 1))


def test_a_manifest_for_another_period_does_not_fit(tmp_path):
    came = replace(arrive(b"", contract(table("a")), tmp_path), manifest={"period_start": "2019-03-01"})
    with pytest.raises(FileRejected, match="MANIFEST_MISMATCH"):
        period.check_manifest(came, date(2019, 4, 1))
    period.check_manifest(came, date(2019, 3, 1))


def test_a_name_without_a_period_is_told_the_agreed_name(tmp_path):
    spec = FileSpec(format="csv", names=(r"Visits_(?P<year>\d{4})(?:_(?P<site>[A-Z]{2}))?\.csv", r".*x.*"))
    assert spec.names_in_words == "Visits_<year>[_<site>].csv"
    to = contract(table("a"), file={"names": spec.names})
    with pytest.raises(FileRejected, match=r"agreed is Visits_<year>\[_<site>\]\.csv"):
        period.of_arrival(replace(arrive(b"", to, tmp_path), parts={}))
