"""The suites of the published tables: one for each table, and every rule written as a query notices its harm.

Here the queries are run by DuckDB, without Great Expectations.
"""

from __future__ import annotations

import pytest
import yaml
from small_warehouse import COUNTY, DISCLOSURE, LSOA_Q1, ROLL_UP, VERDICTS, SmallWarehouse, months
from sql_models import PROJECT, build

from bassetlaw_pipeline.contracts.model import Expectation
from bassetlaw_pipeline.settings import MART_SUITES_DIR

SUITES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in MART_SUITES_DIR.glob("*.yml")}
PUBLISHED = {path.stem for path in (PROJECT / "models" / "marts").glob("*.sql")}
MARTS = sorted(name for name in PUBLISHED if name.startswith("mart_"))
HARM = {
    ("fct_indicator_value", "SUPPRESSED_SHOWS"): "SET value_status = 'suppressed_primary'",
    ("fct_indicator_value", "SMALL_NUMBER_SHOWN"): "SET numerator = 5",
    ("fct_indicator_value", "COUNT_NOT_ROUNDED"): "SET numerator = 11",
    ("fct_indicator_value", "VALUE_WITHOUT_STATUS"): "SET value_status = 'not_supplied'",
    ("fct_indicator_value", "STATUS_WITHOUT_VALUE"): "SET value = NULL",
    ("fct_indicator_value", "INTERVAL_ORDER"): "SET ci95_upper = value - 1",
    ("fct_indicator_value", "PERCENTAGE_RANGE"): "SET value = 101",
    ("fct_indicator_value", "VALUE_NOT_FINITE"): "SET value = 'infinity'",
    ("fct_indicator_value", "CONFIDENCE_MISSING"): "SET confidence_grade = NULL",
    ("fct_indicator_value", "CONFIDENCE_UNEXPLAINED"): "SET confidence_reasons = '', confidence_grade = 'A'",
    ("fct_indicator_value", "COMPLETENESS_RANGE"): "SET likely_completeness = 1.1",
    ("fct_indicator_value", "INCOMPLETE_JUDGED"): "SET is_complete = false, compared = 'similar'",
    ("fct_unexplained_fall", "EXPLANATION_MISSING"): "SET explained_by = NULL",
    ("fct_unexplained_fall", "UNEXPLAINED_FALL"): "SET is_unexplained = TRUE",
    ("fct_comparison", "COMPARATOR_MISSING"): "SET comparator_value = NULL",
    ("fct_comparison", "LEVELS_DISAGREE"): "SET compared_998 = 'better', compared_95 = 'similar'",
    ("fct_comparison", "COMPARED_WITH_ITSELF"): "SET comparator_area = area_code",
    ("fct_late_arrival", "SHARE_RANGE"): "SET lowest = completeness + 0.1",
    ("fct_late_arrival", "CURVE_FALLS"): "SET completeness = 1 - delay_months / 10",
    ("fct_indicator_spc", "LIMITS_ORDER"): "SET mean = upper_limit + 1",
    ("fct_indicator_spc", "SERIES_SHORT"): "SET points = 12",
    ("fct_indicator_trend", "TREND_SHORT"): "SET trend = 'increasing'",
    ("fct_indicator_trend", "TREND_UNTESTED"): "SET trend = 'increasing', slope = -1",
    ("fct_inequality", "GAP_STATUS"): "SET gap = NULL",
    ("fct_inequality", "GAP_RANGE"): "SET gap = -1",
    ("fct_inequality", "CHANCE_MISSING"): "SET gap_by_chance = NULL",
    ("fct_inequality", "GAP_TREND_UNTESTED"): "SET gap_trend = 'closing', gap_change_ci95_upper = 1",
    ("fct_inequality", "HETEROGENEITY_RANGE"): "SET heterogeneity_p_value = 2",
    ("fct_segment", "SMALL_NUMBER_SHOWN"): "SET bed_days = 5",
    ("fct_segment", "COUNT_NOT_ROUNDED"): "SET people = 101",
    ("fct_segment", "HIDDEN_SHOWS"): "SET people_status = 'suppressed_primary'",
    ("fct_segment", "STATUS_WITHOUT_VALUE"): "SET bed_days_status = 'not_supplied'",
    ("fct_segment", "SMALL_BASE"): "SET people = 45",
    ("fct_delivery", "ROWS_LOST"): "SET accepted = accepted + 40",
    ("fct_lineage", "MONTH_ORDER"): "SET first_month = last_month + 1",
    ("fct_correction", "WITHDRAWN_APPLIED"): "SET status = 'withdrawn'",
    ("dim_chart", "CHART_UNEXPLAINED"): "SET chart_reason = NULL",
    (
        "fct_indicator_spc",
        "LIMITS_WITHOUT_WIDTH",
    ): "SET lower_limit = upper_limit, special_cause = 'Above UCL'",
    ("dim_annotation", "ANNOTATION_ENDS_EARLY"): "SET ends_on = starts_on - 1",
    ("dim_annotation", "SUSPENSION_UNEXPLAINED"): "SET words = NULL",
    ("dim_indicator", "SERIES_MISNAMED"): "SET misnamed_series = 'ohid_fingertips 93015: Inactive adults'",
    ("dim_area", "WARD_INCOMPLETE"): "SET population = NULL",
    ("dim_area", "AREA_HISTORY_UNEXPLAINED"): "SET valid_from = '2020-01-01', valid_to = '2019-01-01'",
    ("dim_period", "PERIOD_ORDER"): "SET period_end = period_start - 1",
    ("fct_outcome_points", "POINTS_IMPOSSIBLE"): "SET points_earned = points_available + 1",
    ("scorecard", "STATUS_WITHOUT_VALUE"): "SET value = NULL",
    (
        "scorecard",
        "VERDICT_CONTRADICTS",
    ): "SET verdict = 'worse', verdict_basis = 'trend', trend_verdict = 'better'",
    ("mart_improve_outcomes", "HIDDEN_SHOWS"): "SET value_status = 'suppressed_primary'",
    ("v_figure", "HIDDEN_SHOWS"): "SET value_status = 'suppressed_primary'",
    ("v_latest", "NO_FIGURE"): "SET is_latest = false",
}

SEGMENT = """
    CREATE TABLE rst_segment AS
    SELECT 'FY2018-19' AS period_id, 'dementia' AS segment, 'U82499' AS pcn_code, 'IMD19_Q1' AS imd_quintile,
        unnest(['people', 'emergency_admissions', 'ae_attendances', 'bed_days']) AS measure,
        true AS is_supplied, 100 AS quantity, 100 AS people
"""


@pytest.fixture(scope="module")
def warehouse():
    """Fifteen months of a share in every ward, and one delivery."""
    small = SmallWarehouse().indicator(
        area_types="district|ward|county", official_area_types="county", period_types="month|rolling_12m"
    )
    small.con.execute("""
        INSERT INTO int_indicator_counts
            (indicator_id, period_start, area_code, pcn_code, sex, age_band, numerator, denominator)
        SELECT 'x', (DATE '2018-04-01' + i * INTERVAL 1 MONTH)::DATE, lsoa11_code,
            NULL, NULL, NULL, 40 + i, 100
        FROM lsoa11, range(15) AS t (i)
    """)
    small.counts((month, COUNTY, 400, 1000) for month in months("2018-04", 15))
    small.counts([("2019-06", LSOA_Q1, 0, 0)]).delivered(*months("2018-04", 15))
    small.con.execute(
        "UPDATE pipeline_ledger SET rows_in = 60, accepted = 50, quarantined = 8, rejected = 0, non_data = 2"
    )
    small.con.execute("""
        INSERT INTO int_arrival
        SELECT 'an_extract', 'all', (DATE '2018-04-01' + i * INTERVAL 1 MONTH)::DATE,
            (DATE '2018-05-01' + i * INTERVAL 1 MONTH)::DATE,
            (DATE '2018-05-01' + (i + j) * INTERVAL 1 MONTH)::DATE, 0, 90 - 80 * j
        FROM range(14) AS t (i), range(2) AS u (j)
    """)
    small.con.execute("INSERT INTO outcome_points VALUES ('agreement', 'x', 10, 60, 5, 'board')")
    small.build(ROLL_UP, DISCLOSURE, VERDICTS)
    small.con.execute(f"CREATE TABLE segment_rule AS FROM '{PROJECT}/seeds/reference/segment_rule.csv'")
    small.con.execute(SEGMENT)
    build(small.con, "fct_segment")
    build(small.con, "int_correction", "fct_correction")
    small.con.execute("INSERT INTO fct_correction BY NAME SELECT 'a' AS correction_id, 1 AS rows_affected")
    small.con.execute(
        "INSERT INTO fct_unexplained_fall BY NAME SELECT 'indicator' AS subject, 'x' AS series_id, "
        "'covid_19' AS explained_by, FALSE AS is_unexplained"
    )
    small.con.execute("CREATE TABLE int_delivery_in_use AS SELECT extract, delivery_id FROM pipeline_ledger")
    build(small.con, "fct_delivery", "fct_lineage", "fct_supply", "fct_population")
    build(small.con, "dim_plan_context", "v_figure", "v_latest", *MARTS)
    return small


def queries(table: str) -> dict[str, str]:
    return {
        rule["code"]: rule["kwargs"]["unexpected_rows_query"].format(batch=table)
        for rule in SUITES[table]["expectations"]
        if rule["type"] == "unexpected_rows_expectation"
    }


def test_every_published_table_has_a_suite_of_valid_rules():
    assert set(SUITES) == PUBLISHED
    for name, suite in SUITES.items():
        assert suite["table"] == f"outcomes.{name}"
        rules = [Expectation(**rule) for rule in suite["expectations"]]
        assert any(rule.severity == "critical" for rule in rules), name


def test_rules_name_columns_that_exist(warehouse):
    for name, suite in SUITES.items():
        columns = {row[0] for row in warehouse.all(f"SELECT column_name FROM (DESCRIBE {name})")}
        for rule in suite["expectations"]:
            kwargs = rule["kwargs"]
            assert {*kwargs.get("column_list", []), kwargs.get("column")} - {None} <= columns, (name, rule)


@pytest.mark.parametrize("table", sorted(SUITES))
def test_a_good_table_passes(table, warehouse):
    assert {code: len(warehouse.all(query)) for code, query in queries(table).items()} == dict.fromkeys(
        queries(table), 0
    )


@pytest.mark.parametrize(("table", "code"), HARM, ids=str)
def test_a_rule_notices(table, code, warehouse):
    warehouse.con.execute("BEGIN")
    try:
        warehouse.con.execute(f"UPDATE {table} {HARM[table, code]}")
        assert warehouse.all(queries(table)[code]) != []
    finally:
        warehouse.con.execute("ROLLBACK")


def test_every_query_rule_has_its_harm():
    """The four objective marts share one rule."""
    written = {(table, code) for table in SUITES for code in queries(table)}
    assert written - set(HARM) == {(mart, "HIDDEN_SHOWS") for mart in MARTS} - set(HARM)
