"""Numbers as the report writes them: as dbt does, by the same rule."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from macro_rendering import MACROS, render

from bassetlaw_pipeline.indicators.registry import load_registry
from bassetlaw_pipeline.report.words import interval_text, level_text, number_text, unit_words, workstreams

UNITS = sorted({i.short_unit or i.unit for i in load_registry().values()})
_CONNECTION = duckdb.connect(config={"threads": 1})


@cache
def as_dbt_writes_it(exact: bool) -> str:
    macro = f"{{{{ short_value_text('number', 'unit', exact={exact}) }}}}"
    return render(
        f"select {macro} from (select ?::double as number, ?::varchar as unit)", MACROS.parent / "rollup"
    )


@given(
    st.integers(-10_000_000, 10_000_000).flatmap(lambda n: st.sampled_from([n, n / 10, n / 100])),
    st.sampled_from(UNITS),
    st.booleans(),
)
@example(17_110_000.0, "GBP", False)
@example(-0.04, "% change on the year before", False)
@example(99.95, "per 100,000 a year", False)
@example(85.0, "%", True)
@example(0.25, "%", False)
@example(1.005, "GBP per weighted patient a month", False)
@settings(max_examples=300, deadline=None)
def test_a_number_is_written_as_dbt_writes_it(number, unit, exact):
    assume(number >= 0 or not unit.startswith("GBP "))  # no money per head is below nought
    (expected,) = _CONNECTION.execute(as_dbt_writes_it(exact), [number, unit]).fetchone()
    assert number_text(number, unit, exact) == expected


@given(st.integers(-10_000, 1_000_000).map(lambda n: n / 100), st.sampled_from(UNITS))
@example(11.1, "% change on the year before")
@example(2.95, "GBP per weighted patient a month")
@settings(max_examples=100, deadline=None)
def test_an_interval_is_written_as_dbt_writes_it(number, unit):
    macro = render("{{ interval_text('number', 'number', 'unit') }}", MACROS.parent / "rollup")
    sql = f"select {macro} from (select ?::double as number, ?::varchar as unit)"
    (expected,) = _CONNECTION.execute(sql, [number, unit]).fetchone()
    assert interval_text(number, number, unit) == expected


def test_a_level_of_a_count_keeps_the_decimal_it_is_published_to():
    assert level_text(14.3, "people") == "14.3"
    assert level_text(14.0, "people") == "14"
    assert level_text(91.25, "%") == number_text(91.25, "%")


def test_an_interval_needs_both_limits():
    assert interval_text(85.8, 87.9, "%") == "85.8 to 87.9"
    assert interval_text(None, 1.0, "%") == ""


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("%", ""),
        ("GBP", ""),
        ("GBP per weighted patient a month", "per weighted patient a month"),
        ("people", "people"),
        ("% change on the year before", "on the year before"),
        ("% a year", "a year"),
    ],
)
def test_a_unit_is_told_once_without_the_sign_at_each_number(unit, expected):
    assert unit_words(unit) == expected


def test_workstreams_are_told_apart_without_what_stands_in_brackets():
    assert workstreams("Cancer (screening; adults); frailty") == ["Cancer", "Frailty"]
    assert workstreams(None) == []
