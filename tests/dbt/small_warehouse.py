"""A warehouse of a few rows: the project's seeds, made-up indicators, and the counts a test states.

Everything from the counts to the scorecard is then built by the project's own models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import duckdb
from sql_models import PROJECT, build

SEEDS = (
    "geography/area",
    "geography/area_change",
    "geography/gp_practice",
    "geography/lsoa11",
    "geography/ward",
    "population/population_estimate",
    "reference/mortality_rate_u75_synthetic",
    "reference/plan_context",
    "reference/unit_price",
    "statistics/esp2013",
    "statistics/confidence_rule",
    "statistics/confidence_grade",
    "registry/indicator_registry",
    "registry/annotation",
)
ROLL_UP = (
    "int_area_member", "int_area", "int_area_history", "int_population_estimate", "int_population",
    "int_indicator", "int_age_group", "int_delivery_received", "int_delivery", "int_indicator_supply",
    "int_period", "int_value_spine",
    "fct_late_arrival", "int_extract_completeness", "int_month_completeness", "int_period_completeness",
    "int_area_month", "int_value_supply", "int_value_quality",
    "int_annotation", "int_annotation_indicator", "int_annotation_period", "rst_suspended_verdict",
    "dim_annotation", "fct_indicator_annotation",
    "int_headline_area", "int_event_series", "int_fall", "int_fall_finding", "int_value_fall",
    "fct_unexplained_fall",
    "int_period_count", "int_population_sex", "int_period_population", "rst_standardised_rate",
    "int_reference_rate",
    "rst_expected_events", "rst_life_expectancy",
    "rst_value_count", "fct_indicator_value_all",
)  # fmt: skip
DISCLOSURE = (
    "rst_primary", "rst_restated", "rst_held", "rst_standing", "rst_seen_bounds",
    "rst_sum_unit", "rst_sum_time", "rst_sum_linked", "rst_sum_crossed", "rst_sum_group", "rst_secondary",
    "rst_released", "rst_priced_total", "rst_released_value", "rst_confidence", "rst_comparator",
    "fct_indicator_value", "fct_comparison", "dim_area", "dim_period",
)  # fmt: skip
VERDICTS = (
    "rst_chart_point", "rst_chart_phase", "rst_chart_level", "rst_chart_season", "rst_chart",
    "rst_rare_event",
    "fct_indicator_spc", "dim_chart", "fct_indicator_trend", "rst_ward_value", "rst_ward_gap",
    "rst_chance_draw",
    "rst_chance_cell", "rst_chance_gap", "rst_deprivation_gap", "rst_gap_change",
    "rst_ward_year", "rst_gap_closing", "rst_gap_answer",
    "rst_quintile_value", "rst_slope_index", "fct_inequality", "dim_indicator",
    "int_headline_area", "rst_headline", "rst_spc_run", "fct_target_progress", "rst_change",
    "rst_evidence", "rst_verdict", "scorecard",
    "fct_outcome_points",
)  # fmt: skip

INDICATOR: dict[str, Any] = {
    "indicator_id": "x", "objective": "improve_outcomes", "objective_title": "Outcomes", "title": "Events",
    "value_title": "Events", "short_unit": "%", "independent_events": True,
    "plan_wording": "fewer", "plan_source": "plan", "definition": "events", "numerator_definition": "events",
    "denominator_definition": "people", "unit": "%", "multiplier": 100.0, "method": "proportion",
    "direction": "down", "time_grain": "month", "owner": "us", "headline_period": "month",
    "headline": "value", "sexes": "persons",
    "aggregation": "sum", "pooled_years": "financial", "provisional_months": 0, "starts": date(2010, 1, 1),
    "source_extracts": "an_extract", "area_types": "district", "period_types": "month",
    "disclosure_policy": "hes2018", "disclosure_gate": "hes2018",
}  # fmt: skip

DISTRICT, RP5, COUNTY = "E07000171", "RP5", "E10000024"
LSOA_Q1, LSOA_Q5 = "E01028001", "E01028009"  # two LSOAs of different wards and quintiles


class SmallWarehouse:
    """Builder: indicators, counts and deliveries first, then `build`."""

    def __init__(self) -> None:
        self.con = duckdb.connect(":memory:", config={"threads": 1})
        for seed in SEEDS:
            path = PROJECT / "seeds" / f"{seed}.csv"
            name = path.stem
            self.con.execute(f"CREATE TABLE {name} AS FROM read_csv('{path}', header=true, sample_size=-1)")
        self.con.execute("DELETE FROM indicator_registry")
        self.con.execute(_EMPTY_INPUTS)

    def indicator(self, indicator_id: str = "x", **changes: Any) -> SmallWarehouse:
        """Adds an indicator: a proportion of the district by month unless stated otherwise."""
        unit = {"short_unit": changes["unit"]} if "unit" in changes else {}
        row = INDICATOR | {"indicator_id": indicator_id} | unit | changes
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self.con.execute(f"INSERT INTO indicator_registry ({names}) VALUES ({marks})", list(row.values()))
        return self

    def counts(self, rows: Iterable[Sequence[Any]], indicator_id: str = "x") -> SmallWarehouse:
        """Adds counts: (month, area code, numerator[, denominator[, pcn code[, age band[, sex]]]])."""
        for month, area, numerator, *rest in rows:
            denominator, pcn, age_band, sex = [*rest, None, None, None, None][:4]
            self.con.execute(
                "INSERT INTO int_indicator_counts VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                [indicator_id, first_day(month), area, pcn, sex, age_band, numerator, denominator],
            )
        return self

    def listed(self, lsoa11: str, sex: str, ages: Iterable[int]) -> SmallWarehouse:
        """Adds one person on a practice list per age."""
        self.con.executemany(
            "INSERT INTO int_register BY NAME SELECT ? AS lsoa11, ? AS sex, ? AS age",
            [[lsoa11, sex, age] for age in ages],
        )
        return self

    def delivered(
        self, *months: str, extract: str = "an_extract", partner: str = "ccg", received: str = "2021-01-01"
    ) -> SmallWarehouse:
        """Adds one accepted delivery per month to the ledger."""
        for month in months:
            self.con.execute(
                "INSERT INTO pipeline_ledger BY NAME SELECT ? AS partner, ? AS extract, ? AS delivery_id, "
                "? AS period, ?::TIMESTAMP AS received_at, 'accepted' AS verdict",
                [partner, extract, f"{extract}-{month}", first_day(month), received],
            )
        return self

    def published(
        self, rows: Iterable[Sequence[Any]], indicator_id: str = "x", note: str | None = None
    ) -> SmallWarehouse:
        """Adds published calendar years: (year, area code, value[, lower, upper limit])."""
        for year, area, value, *limits in rows:
            lower, upper = limits or (None, None)
            self.con.execute(
                "INSERT INTO int_official_value BY NAME SELECT ? AS indicator_id, ? AS area_code, "
                "'CY' || ? AS period_id, 'calendar_year' AS period_type, make_date(?, 1, 1) AS period_start, "
                "make_date(?, 12, 31) AS period_end, 12 AS months, 'persons' AS sex, ? AS value, "
                "? AS ci95_lower, ? AS ci95_upper, ? AS note",
                [indicator_id, area, year, year, year, value, lower, upper, note],
            )
        return self

    def registered(self, pcn: str, people: int) -> SmallWarehouse:
        """Adds a PCN's list: so many people in every age group."""
        self.con.execute(
            "INSERT INTO int_registered_population SELECT ?, 2018, unnest(?), ?",
            [pcn, list(AGE_GROUPS), people],
        )
        return self

    def build(self, *layers: Sequence[str]) -> SmallWarehouse:
        """Builds layers in order; by default up to the published figures."""
        for layer in layers or (ROLL_UP, DISCLOSURE):
            build(self.con, *layer)
        return self

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of a query."""
        (row,) = self.con.execute(query).fetchall()
        return row

    def all(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.con.execute(query).fetchall()


AGE_GROUPS = (0, 1, 5, 10, 15, 16, 18, *range(20, 95, 5))


def first_day(month: str) -> str:
    """2019-04 -> 2019-04-01."""
    return f"{month}-01"


def months(first: str, count: int) -> list[str]:
    """So many months from the first, as 2019-04."""
    year, month = map(int, first.split("-"))
    index = range(year * 12 + month - 1, year * 12 + month - 1 + count)
    return [f"{i // 12}-{i % 12 + 1:02d}" for i in index]


_EMPTY_INPUTS = """
CREATE TABLE int_event_dispersion (indicator_id VARCHAR, months INTEGER, dispersion DOUBLE);
CREATE TABLE stg_public__ons_deaths_england (
    year INTEGER, cause_group VARCHAR, sex VARCHAR, age_band VARCHAR, deaths BIGINT, population BIGINT);
CREATE TABLE stg_public__ons_population_lsoa (
    lsoa11 VARCHAR, mid_year INTEGER, age INTEGER, population BIGINT);
CREATE TABLE int_registered_population (
    pcn_code VARCHAR, list_year INTEGER, age_from INTEGER, population BIGINT);
CREATE TABLE outcome_points (
    scheme VARCHAR, indicator_id VARCHAR, threshold DOUBLE, stretch DOUBLE, points DOUBLE, source VARCHAR);
CREATE TABLE int_arrival (
    extract VARCHAR, part VARCHAR, event_month DATE, first_month DATE, arrived_month DATE, file_later BIGINT,
    row_count BIGINT);
CREATE TABLE int_event_row (
    partner VARCHAR, extract VARCHAR, month_start DATE, event_rows BIGINT, linked_rows BIGINT);
CREATE TABLE int_register (pcn_code VARCHAR, lsoa11 VARCHAR, sex VARCHAR, age INTEGER);
CREATE TABLE int_indicator_counts (
    indicator_id VARCHAR, period_start DATE, area_code VARCHAR, pcn_code VARCHAR,
    sex VARCHAR, age_band VARCHAR, numerator DECIMAL(18, 4), denominator DECIMAL(18, 4), period_type VARCHAR);
CREATE TABLE int_official_value (
    indicator_id VARCHAR, area_code VARCHAR, period_id VARCHAR, period_type VARCHAR, period_start DATE,
    period_end DATE, months INTEGER, sex VARCHAR, value DOUBLE, ci95_lower DOUBLE, ci95_upper DOUBLE,
    ci998_lower DOUBLE, ci998_upper DOUBLE, numerator DOUBLE, denominator DOUBLE, note VARCHAR,
    source_extract VARCHAR);
CREATE TABLE int_misnamed_series (
    indicator_id VARCHAR, extract VARCHAR, series VARCHAR, published_name VARCHAR);
CREATE TABLE pipeline_ledger (
    partner VARCHAR, extract VARCHAR, delivery_id VARCHAR, period VARCHAR, received_at TIMESTAMP,
    file_name VARCHAR, sha256 VARCHAR, contract_version VARCHAR, rows_in BIGINT, accepted BIGINT,
    quarantined BIGINT, rejected BIGINT, non_data BIGINT, verdict VARCHAR, top_reasons VARCHAR,
    state VARCHAR DEFAULT 'received', state_since TIMESTAMP);
CREATE TABLE pipeline_supply (
    partner VARCHAR, extract VARCHAR, period DATE, period_end DATE, due DATE, state VARCHAR,
    deliveries BIGINT, rejected BIGINT);
CREATE TABLE pipeline_published_before (
    release_id VARCHAR, stands BOOLEAN, indicator_id VARCHAR, area_code VARCHAR, period_id VARCHAR,
    sex VARCHAR, age_band VARCHAR, policy VARCHAR, value_status VARCHAR, numerator DOUBLE, denominator DOUBLE,
    value DOUBLE, ci95_lower DOUBLE, ci95_upper DOUBLE, ci998_lower DOUBLE, ci998_upper DOUBLE);
"""
