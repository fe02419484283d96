"""Great Expectations over DuckDB: batched results equal those of every delivery on its own."""

from __future__ import annotations

import duckdb
import pytest
from intake_cases import arrival, column, contract

from bassetlaw_pipeline.contracts.model import Expectation
from bassetlaw_pipeline.intake import land
from bassetlaw_pipeline.quality import gx
from bassetlaw_pipeline.quality.per_delivery import measure
from bassetlaw_pipeline.quality.validate import RuleBroken, validate, validate_marts

pytestmark = pytest.mark.slow  # imports Great Expectations, which takes seconds

# Deliveries: `good` fits everything; `bad` breaks every rule below; `empty` has no rows.
ROWS = """
    SELECT 'good' AS _delivery_id, i AS id, 'x' AS site, i AS low, i + 1 AS high FROM range(100) t(i)
    UNION ALL
    SELECT 'bad', CASE WHEN i % 2 = 0 THEN 7 END, 'y', i, i - 1 FROM range(10) t(i)
"""
RULES = [
    ("expect_column_values_to_not_be_null", {"column": "id"}),
    ("expect_column_values_to_not_be_null", {"column": "id", "mostly": 0.9}),
    ("expect_column_values_to_be_unique", {"column": "id"}),
    ("expect_column_values_to_be_unique", {"column": "id", "mostly": 0.9}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "site"]}),
    ("expect_column_values_to_be_in_set", {"column": "site", "value_set": ["x"]}),
    ("expect_column_values_to_be_in_set", {"column": "site", "value_set": ["x"], "mostly": 0.5}),
    ("expect_column_values_to_be_between", {"column": "high", "min_value": 1}),
    ("expect_column_values_to_be_between", {"column": "high", "min_value": 9, "mostly": 0.9}),
    ("expect_column_distinct_values_to_contain_set", {"column": "site", "value_set": ["x"]}),
    ("expect_column_distinct_values_to_equal_set", {"column": "site", "value_set": ["x"]}),
    ("expect_column_unique_value_count_to_be_between", {"column": "low", "min_value": 50}),
    ("expect_column_mean_to_be_between", {"column": "low", "min_value": 20, "max_value": 80}),
    ("expect_column_sum_to_be_between", {"column": "low", "min_value": 1000}),
    ("expect_column_max_to_be_between", {"column": "low", "min_value": 99}),
    ("expect_table_row_count_to_be_between", {"min_value": 50, "max_value": 200}),
    ("expect_table_row_count_to_equal", {"value": 100}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "high", "column_B": "low"}),
    ("unexpected_rows_expectation", {"unexpected_rows_query": "SELECT * FROM {batch} WHERE high < low"}),
    (
        "unexpected_rows_expectation",
        {"unexpected_rows_query": "SELECT count(*) AS n FROM {batch} HAVING count(*) BETWEEN 1 AND 50"},
    ),
]


def rule(kind: str, kwargs: dict, code: str = "VOLUME_UNUSUAL", severity: str = "warning") -> Expectation:
    return Expectation(type=kind, kwargs=kwargs, code=code, severity=severity, description="a rule")


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "scratch.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(f"CREATE TABLE visits AS {ROWS}")
    return path


def test_each_delivery_is_judged_by_itself(database):
    results = validate(database, "visits", [rule(*r) for r in RULES], ["good", "bad"])
    assert [r.type for r in results["good"] if not r.success] == []
    assert [r.type for r in results["bad"] if r.success] == []
    assert {r.evaluated for r in results["bad"]} == {10}


def test_measures_agree_with_the_library(database):
    """A rule judged by its measure says what Great Expectations says of the delivery's own rows."""
    measured = [rule(*r) for r in RULES if measure(rule(*r))]
    batched = {d: validate(database, "visits", measured, [d])[d] for d in ("good", "bad")}
    with gx.engine(database) as engine:
        for delivery, results in batched.items():
            own = engine.evaluate(f"SELECT * FROM visits WHERE _delivery_id = '{delivery}'", measured)
            assert [r.success for r in results] == [o.success for o in own]


def test_a_delivery_without_rows_breaks_only_row_counts(database):
    rules = [rule(*RULES[0]), rule("expect_table_row_count_to_be_between", {"min_value": 1})]
    assert [r.success for r in validate(database, "visits", rules, ["empty"])["empty"]] == [True, False]


@pytest.mark.parametrize(("rows", "good"), [(1, True), (2, False)])
def test_few_validations_whether_all_is_well_or_every_delivery_misses_its_rows(
    tmp_path, monkeypatch, rows, good
):
    calls = []
    real = gx.Engine._results
    monkeypatch.setattr(gx.Engine, "_results", lambda self, q, *a: calls.append(q) or real(self, q, *a))
    path = tmp_path / "scratch.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE visits AS SELECT 'd' || i AS _delivery_id, i AS id FROM range(300) t(i)")
    rules = [rule(*RULES[0]), rule("expect_table_row_count_to_equal", {"value": rows})]
    results = validate(path, "visits", rules, [f"d{i}" for i in range(300)])
    assert len(results) == 300
    assert all([r.success for r in found] == [True, good] for found in results.values())
    assert len(calls) == 2  # all rows once, all measures once


def test_a_measured_rule_that_fails_nobody_knows_where_is_no_pass(database, monkeypatch):
    monkeypatch.setattr(gx, "_ALL", 0)  # Great Expectations then lists nothing
    with pytest.raises(RuleBroken, match="nothing says by which"):
        validate(database, "visits", [rule("expect_table_row_count_to_equal", {"value": 1})], ["good", "bad"])


def test_counts_only(database, capfd):
    found = validate(database, "visits", [rule(*RULES[5])], ["bad"])["bad"][0]
    assert (found.evaluated, found.unexpected, found.column) == (10, 10, "site")
    assert "'y'" not in found.model_dump_json() and capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("expect_column_values_to_not_be_null", {"column": "absent"}),
        ("expect_the_impossible", {}),
        ("expect_column_values_to_not_be_null", {"colum": "id"}),
    ],
)
def test_a_rule_that_cannot_be_evaluated_is_an_error_of_the_contract(database, kind, kwargs):
    with pytest.raises(RuleBroken, match="VOLUME_UNUSUAL"):
        validate(database, "visits", [rule(kind, kwargs)], ["good"])


def test_a_failed_critical_rule_rejects_the_delivery(settings, tmp_path):
    few = rule("expect_table_row_count_to_be_between", {"min_value": 2}, severity="critical")
    agreed = contract(column("id", key=True, required=True), expectations=(few,))
    arrivals = []
    for name, content in (("visits_201905.csv", "id\na\n"), ("visits_201906.csv", "id\na\nb\n")):
        path = tmp_path / name
        path.write_text(content)
        arrivals.append(arrival(agreed, path))
    receipts = land.land_extract(agreed, arrivals, settings)
    assert [r.verdict for r in receipts] == ["rejected", "accepted"]
    assert not list(settings.home.accepted.glob(f"*/*/{arrivals[0].delivery_id}"))


SUITE = """
table: main.visits
expectations:
  - type: expect_column_values_to_not_be_null
    kwargs: {column: site}
    severity: critical
    code: SITE
    description: Has a site.
  - type: expect_column_values_to_not_be_null
    kwargs: {column: id}
    severity: warning
    code: ID
    description: Has an id.
"""


def test_mart_suites(database, tmp_path):
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites" / "visits.yml").write_text(SUITE)
    found = validate_marts(database, tmp_path / "suites")["main.visits"]
    assert [(r.code, r.success, r.unexpected) for r in found] == [("SITE", True, 0), ("ID", False, 5)]
