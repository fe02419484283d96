"""The parts a synthetic sample is drawn from."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from bassetlaw_sample import generate
from bassetlaw_sample.damage import nine_digits, replaced, wrong_check_digit
from bassetlaw_sample.months import Month, age_at, day, working_day
from bassetlaw_sample.places import load_places
from bassetlaw_sample.population import check_digit, nhs_numbers
from bassetlaw_sample.world import apportion, draw, stream
from bassetlaw_sample.write import csv_bytes
from bassetlaw_sample.xlsx import workbook


def test_nhs_numbers_are_valid_distinct_and_never_issued():
    numbers = nhs_numbers(stream(1, "test"), 20_000)
    assert len(set(numbers.tolist())) == 20_000
    assert ((numbers >= 9_990_000_000) & (numbers <= 9_999_999_998)).all()
    assert (check_digit(numbers // 10) == numbers % 10).all()


def test_check_digit_of_the_data_dictionary_example():
    assert check_digit(np.array([943_476_591, 999_123_456])).tolist() == [9, 10]


def test_more_people_than_test_numbers_is_refused():
    with pytest.raises(ValueError, match="more than the test NHS numbers"):
        nhs_numbers(stream(1, "test"), 1_000_000)


def test_ages_follow_the_calendar():
    born = [date(2000, 2, 29), date(1950, 12, 31), date(2017, 6, 30), date(1950, 7, 1)]
    when = day(date(2017, 6, 30))
    assert age_at(np.array([day(b) for b in born]), when).tolist() == [17, 66, 0, 66]


def test_whole_numbers_add_up_to_their_total():
    parts = apportion(100, np.array([1.0, 1.0, 1.0]))
    assert parts.sum() == 100
    assert sorted(parts.tolist()) == [33, 33, 34]


def test_draws_follow_weights_and_never_take_the_impossible():
    drawn = draw(stream(1, "draw"), np.array([0.0, 3.0, 1.0, 0.0]), 4_000)
    assert set(drawn.tolist()) == {1, 2}
    assert abs((drawn == 1).mean() - 0.75) < 0.03


def test_streams_of_two_subjects_differ_and_one_repeats():
    one, same, other = (stream(7, label).random(4).tolist() for label in ("a", "a", "b"))
    assert one == same != other


def test_months_and_working_days():
    assert Month(2017, 1).plus(-1) == Month(2016, 12)
    assert Month(2018, 3).financial_year == 2017
    assert working_day(Month(2017, 4), 1).date() == date(2017, 5, 1)


def test_no_invented_postcode_can_be_real():
    places = load_places()
    assert set("".join(p[-2:] for p in places.postcodes["postcode"])) == set("CIKMOV")
    assert places.postcodes["postcode"].is_unique
    assert set(places.postcodes["lsoa"]) == set(places.lsoas.index)


def test_district_is_the_published_one():
    places = load_places()
    assert places.ages.sum() == 116_304
    assert (~places.lsoas["outside"]).sum() == 70
    assert places.practice_share.sum(axis=1).max() <= 1.0001


def test_damage_is_damage():
    assert wrong_check_digit("9991234527") == "9991234528"
    assert nine_digits("9991234527") == "999123452"
    table = pa.table({"a": ["x", "y", None]})
    assert replaced(table, "a", [2, 0], ["two", None])["a"].to_pylist() == [None, "y", "two"]


def test_a_workbook_is_the_same_bytes_whenever_it_is_written():
    rows = [(("Day", "Days"), 2), ((date(2017, 10, 1), 27), 0), (("<&>", None), 0)]
    assert workbook([("One", rows)]) == workbook([("One", rows)])


@pytest.mark.parametrize(
    "arguments",
    [{"start": "2015-12"}, {"start": "2018-01", "end": "2017-12"}, {"people": 10}, {"end": "soon"}],
)
def test_senseless_arguments_are_refused(tmp_path, arguments):
    with pytest.raises(ValueError):
        generate(tmp_path / "landing", **arguments)
    assert not list(tmp_path.iterdir())


def test_a_file_holds_its_rows_however_its_table_is_cut():
    """A chunk without rows first: the CSV writer alone would write whatever memory holds."""
    rows = pa.table({"a": ["x"], "b": ["y"]})
    assert csv_bytes(pa.concat_tables([rows.slice(0, 0), rows, rows])) == b"a,b\nx,y\nx,y\n"
