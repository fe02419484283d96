"""Published precision: one declaration, the same in Python and SQL, and nothing exported that breaks it."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bassetlaw_pipeline.disclosure.precision import Rule, load_precision
from bassetlaw_pipeline.publication.outputs.dictionary import declared_tables
from bassetlaw_pipeline.publication.outputs.digits import TooManyDigits, refuse_digits

CON = duckdb.connect()
NUMBERS = st.floats(-1e8, 1e8, allow_nan=False).map(lambda x: round(x, 9))


@pytest.mark.parametrize(
    ("rule", "number", "events", "shown"),
    [
        ("rate", 1675.91407359, None, 1680),
        ("rate", 565.049, None, 565),
        ("rate", 9.96, None, 10.0),
        ("standardised_rate", 14.2391, 43, 14),
        ("standardised_rate", 2209.4, 99, 2200),
        ("standardised_rate", 2209.4, 100, 2210),
        ("one_decimal", -0.04, None, 0.0),
        ("nearest_25", 104, None, 100),
        ("nearest_25", -13, None, -25),
        ("pence", 2.9547, None, 2.95),
    ],
)
def test_a_rule_leaves_the_digits_it_names(rule, number, events, shown):
    assert load_precision().rules[rule].rounded(number, events) == pytest.approx(shown)


@given(number=NUMBERS, events=st.integers(0, 300))
def test_sql_and_python_round_alike_and_once_is_enough(number, events):
    rules = load_precision().rules
    texts = ", ".join(rule.sql("x", "n") for rule in rules.values())
    query = f"SELECT {texts} FROM (SELECT ?::DOUBLE AS x, ? AS n)"
    [found] = CON.execute(query, [number, events]).fetchall()
    for rule, sql in zip(rules.values(), found, strict=True):
        assert abs(sql - number) <= rule.unit(number, events) * (0.5 + 1e-6)
        assert rule.rounded(sql, events) == pytest.approx(sql, rel=1e-12, abs=1e-12)
        at_half = abs(abs(number) / rule.unit(number, events) % 1 - 0.5) < 1e-6  # the last bit decides
        assert at_half or sql == pytest.approx(rule.rounded(number, events), rel=1e-12, abs=1e-12)


@given(low=NUMBERS, high=NUMBERS, events=st.integers(0, 300))
def test_rounding_keeps_the_order_so_an_interval_still_holds_its_value(low, high, events):
    low, high = min(low, high), max(low, high)
    for rule in load_precision().rules.values():
        assert rule.rounded(low, events) <= rule.rounded(high, events)


def test_every_published_column_of_numbers_has_a_declared_precision():
    precision = load_precision()
    missing = [
        f"{table.name}.{column.name}"
        for table in declared_tables()
        for column in table.columns
        if column.type == "DOUBLE" and precision.of_column(table.name, column.name) is None
    ]
    assert not missing


def published(rows: str) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE TABLE t (indicator_id VARCHAR, method VARCHAR, numerator DOUBLE, value DOUBLE)")
    con.execute(f"INSERT INTO t VALUES ({rows})")
    return con


VALUE_COLUMNS = [("indicator_id", "VARCHAR", ""), ("method", "VARCHAR", ""), ("value", "DOUBLE", "")]


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        ("'suicide_rate', 'dsr', 40.0, 14.0", False),
        ("'suicide_rate', 'dsr', 40.0, 14.2", True),  # two figures below 100 events
        ("'emergency_admissions_rate', 'dsr', 200.0, 1230.0", False),
        ("'emergency_admissions_rate', 'dsr', 200.0, 1234.0", True),
        ("'prescribing_cost', 'ratio', 200.0, 2.95", False),
        ("'staff_turnover', 'ratio', 200.0, 2.95", True),
        ("'loneliness', 'published', NULL, 19.63", False),
    ],
)
def test_the_export_refuses_more_digits_than_declared(row, broken):
    con = published(row)
    columns = [*VALUE_COLUMNS, ("numerator", "DOUBLE", "")]
    if not broken:
        refuse_digits(con, "t", "fct_indicator_value", columns)
        return
    with pytest.raises(TooManyDigits, match=r"fct_indicator_value.*value \(1 of its numbers\)") as refused:
        refuse_digits(con, "t", "fct_indicator_value", columns)
    assert row.split(", ")[-1] not in str(refused.value)


def test_the_export_refuses_a_column_nobody_declared():
    con = published("'suicide_rate', 'dsr', 40.0, 14.0")
    with pytest.raises(TooManyDigits, match="no precision declared for new_number"):
        refuse_digits(con, "t", "fct_indicator_value", [("new_number", "DOUBLE", "")])


def test_a_rule_goes_one_way():
    with pytest.raises(ValueError, match="nearest goes with nothing else"):
        Rule(nearest=5, decimals=1)
