"""What the scorecard says never contradicts its row: rows made up at random, and sentences of releases."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from narrative_claims import faults, faults_of_file, published_files, reading_age, rows
from small_warehouse import DISTRICT
from sql_models import build, render

ENGLAND = "E92000001"
_PERIODS = {
    "2021-03": ("month", "March 2021"),
    "2020-03": ("month", "March 2020"),
    "R12-2021-03": ("rolling_12m", "12 months to March 2021"),
    "FY2020-21": ("financial_year", "2020/21"),
    "P3-2018-2020": ("pooled_3y", "2018 to 2020"),
    "FY2020-21-Q4": ("quarter", "January to March 2021"),
}
_EARLIER = {
    "2021-03": "2020-03",
    "R12-2021-03": "R12-2020-03",
    "FY2020-21": "FY2019-20",
    "P3-2018-2020": "P3-2015-2017",
    "FY2020-21-Q4": "FY2019-20-Q4",
}
_SAYS = {
    "Above UCL": 1,
    "Below LCL": -1,
    "7 Points Above CL": 1,
    "7 Points Below CL": -1,
    "7 Point Trend (Increasing)": 1,
    "7 Point Trend (Decreasing)": -1,
    "2 in 3 Above CL": 1,
    "2 in 3 Below CL": -1,
    "none": 0,
}
_UNITS = {
    "proportion": "%",
    "count": "people",
    "crude_rate": "per 1,000",
    "dsr": "per 100,000",
    "total": "GBP",
    "ratio": "GBP per weighted patient a month",
    "growth": "% change on the year before",
}

number = st.floats(0.01, 2e6).map(lambda x: round(x, 1))
maybe = st.one_of(st.none(), number)


@st.composite
def evidence(draw: Any, gap: bool) -> dict[str, Any]:
    """One indicator's facts: figure, earlier figure, last point of a chart, trend, target, gap."""
    method = "gap" if gap else draw(st.sampled_from(sorted(_UNITS)))
    period = draw(st.sampled_from(sorted(_EARLIER)))
    value, previous = draw(st.one_of(number, st.just(0.0))), draw(maybe)
    share = st.floats(0, 1)
    limits = [
        (None, None) if v is None or draw(st.booleans()) else (v * draw(share), v * (1 + draw(share)))
        for v in (value, previous)
    ]
    hidden = draw(
        st.sampled_from(
            [None] * 6
            + [
                "suppressed_primary",
                "suppressed_secondary",
                "not_calculated_small",
                "not_supplied",
                "not_applicable",
            ]
        )
    )
    counts = [(draw(st.integers(0, 400)) * 5.0, draw(st.integers(401, 900)) * 5.0) for _ in range(2)]
    low = draw(st.floats(-200, 200))
    return {
        "method": method,
        "period": period,
        "hidden": hidden,
        "value": value,
        "limits": limits,
        "previous": previous,
        "counts": counts,
        "direction": draw(st.sampled_from(["up", "down"])),
        "special": draw(st.sampled_from(sorted(_SAYS))),
        "charted": draw(st.booleans()),
        "trend": draw(st.sampled_from(["better", "worse", "no_clear_change", "not_known"])),
        "target": draw(st.one_of(st.none(), st.integers(1, 100).map(float))),
        "comparator": draw(maybe),
        "same_months": draw(st.booleans()),
        "compared": draw(st.sampled_from(["better", "worse", "similar", "not_compared"])),
        "provisional": draw(st.booleans()),
        "small_base": draw(st.booleans()),
        "independent": draw(st.booleans()),
        "gap_trend": draw(st.sampled_from(["closing", "widening", "no_clear_change", "no_earlier_period"])),
        "gap_closing": draw(st.sampled_from(["closing", "widening", "no_clear_change", "cannot_be_told"])),
        "slope": draw(st.one_of(st.none(), st.just((low, low + draw(st.floats(0, 100)))))),
        "p_value": draw(st.one_of(st.none(), st.floats(0, 1).map(lambda p: round(p, 4)))),
        "chance": draw(st.floats(0, 1)),
        "likelihood": draw(st.sampled_from(["likely", "possible", "unlikely", "not_known"])),
        "complete": draw(st.sampled_from([True] * 5 + [False])),
        "newer": draw(st.booleans()),
        "suspended": draw(st.sampled_from([None] * 4 + ["this", "earlier"])),
        "gap_events": draw(st.integers(-20, 20)) * 5.0,
    }


def scorecard(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The scorecard the project's models make of the facts."""
    con = duckdb.connect(":memory:", config={"threads": 1})
    con.execute(
        "CREATE TABLE dim_area AS SELECT unnest(['E07000171', 'E92000001']) AS area_code, "
        "unnest(['Bassetlaw', 'England']) AS area_name"
    )
    con.execute(
        "CREATE TABLE dim_period (period_id VARCHAR, period_type VARCHAR, period_start DATE, "
        "period_end DATE, label VARCHAR)"
    )
    for period_id, (kind, label) in _PERIODS.items():
        end = (
            date(2020, 3, 31)
            if period_id == "2020-03"
            else date(2020, 12, 31)
            if "P3" in period_id
            else date(2021, 3, 31)
        )
        months = {"month": 1, "quarter": 3, "pooled_3y": 36}.get(kind, 12)
        con.execute(
            "INSERT INTO dim_period SELECT $1, $2, ($3::DATE + 1 - $4 * INTERVAL 1 MONTH)::DATE, $3, $5",
            [period_id, kind, end, months, label],
        )
    made = [_tables(f"x{i}", fact) for i, fact in enumerate(facts)]
    for table in made[0]:
        records = [row[table] for row in made]
        columns = ", ".join(f"{name}: {_kind(name)}" for name in records[0])
        con.execute(f"CREATE TABLE {table} ({columns.replace(': ', ' ')})")
        marks = ", ".join("?" * len(records[0]))
        con.executemany(f"INSERT INTO {table} VALUES ({marks})", [list(r.values()) for r in records])
    con.execute("DELETE FROM fct_indicator_spc WHERE special_cause IS NULL")
    con.execute("DELETE FROM rst_suspended_verdict WHERE words IS NULL")
    con.execute("DELETE FROM fct_target_progress WHERE target_status IS NULL")
    con.execute("CREATE TABLE int_indicator AS FROM dim_indicator")
    con.execute(
        "UPDATE rst_headline AS h SET period_start = p.period_start FROM dim_period AS p "
        "WHERE p.period_id = h.period_id"
    )
    build(con, "rst_spc_run", "rst_change", "rst_evidence", "rst_verdict", "scorecard")
    return rows(con)


def _kind(column: str) -> str:
    if column.startswith("is_") or column in ("provisional", "small_base", "independent_events"):
        return "BOOLEAN"
    if column in ("period_start", "period_end", "usual_since"):
        return "DATE"
    numbers = (
        "value|lower|upper|numerator|denominator|rounding|mean|limit|chance|probability|gap|events|p_value"
        "|order"
    )
    texts = ("value_status", "gap_trend", "gap_closing", "value_title")
    return "DOUBLE" if any(n in column for n in numbers.split("|")) and column not in texts else "VARCHAR"


def _tables(name: str, f: dict[str, Any]) -> dict[str, dict[str, Any]]:
    gap = f["method"] == "gap"
    unit = "points" if gap else _UNITS[f["method"]]
    value = None if f["hidden"] else f["value"]
    (low, high), (previous_low, previous_high) = ((None, None), (None, None)) if f["hidden"] else f["limits"]
    where = {"indicator_id": name, "area_code": DISTRICT, "period_id": f["period"]}
    kind, label = _PERIODS[f["period"]]
    (x1, n1), (x0, n0) = f["counts"]
    counted = f["method"] in ("proportion", "count", "crude_rate") and not f["hidden"]
    if counted:  # figures follow from their counts, as they do where they are published
        scale = {"proportion": 100.0, "count": 1.0, "crude_rate": 1000.0}[f["method"]]
        value, previous = (x * scale / (1 if f["method"] == "count" else n) for x, n in ((x1, n1), (x0, n0)))
        low, high, previous_low, previous_high = None, None, None, None
        f = f | {"previous": previous}
    says = _SAYS[f["special"]]
    better = (says > 0) == (f["direction"] == "up")
    size = 3.0 if "CL" in f["special"][:9] and " in " not in f["special"] and "7" not in f["special"] else 1.0
    charted = f["charted"] and not gap and kind in ("month", "quarter")
    target = None if gap or value is None or not f["complete"] else f["target"]
    status = target and _status(value, low, high, target, f["direction"])
    slope = f["slope"] if gap else None
    end = date(2020, 12, 31) if "P3" in f["period"] else date(2021, 3, 31)
    return {
        "dim_indicator": {
            "indicator_id": name,
            "title": "Events",
            "objective": "o",
            "objective_title": "O",
            "unit": unit,
            "short_unit": unit,
            "direction": f["direction"],
            "method": f["method"],
            "precision": None,
            "headline": "ward_gap" if gap else "value",
            "headline_direction": "down" if gap else f["direction"],
            "independent_events": f["independent"],
            "disclosure_gate": "hes2018",
            "caution": None,
            "baseline_value": None,
            "baseline_period": None,
            "target_value": target,
            "display_order": 1,
        },
        "rst_headline": where
        | {
            "value_status": f["hidden"] or "shown",
            "value": value,
            "ci95_lower": low,
            "ci95_upper": high,
            "provisional": f["provisional"],
            "comparator_area": None if gap else ENGLAND,
            "comparator_period": None
            if gap or f["comparator"] is None
            else f["period"]
            if f["same_months"]
            else "2020-03",
            "comparator_value": f["comparator"],
            "compared": "not_compared"
            if gap or f["comparator"] is None or value is None or not f["complete"]
            else f["compared"],
            "confidence_grade": None,
            "confidence_reasons": None,
            "method": f["method"],
            "numerator": x1 if counted else None,
            "denominator": n1 if counted else None,
            "is_complete": f["complete"],
            "incomplete_period_label": "April 2021" if f["newer"] else None,
            "incomplete_reason": None,
            "rounding": 25 / 12,
            "small_base": f["small_base"] and not gap,
            "period_type": kind,
            "period_start": None,
            "period_end": end,
            "period_label": label,
            "previous_value": f["previous"],
            "previous_lower": previous_low,
            "previous_upper": previous_high,
            "previous_numerator": x0 if counted else None,
            "previous_denominator": n0 if counted else None,
            "previous_period_id": (f["previous"] is not None and _EARLIER[f["period"]]) or None,
            "previous_period_label": None,
        },
        "fct_indicator_spc": where
        | {
            "period_type": kind,
            "period_start": date(2021, 3, 1),
            "value": says * size,
            "mean": 0.0,
            "lower_limit": -2.0,
            "upper_limit": 2.0,
            "special_cause": f["special"] if charted else None,
            "chart_type": "xmr",
            "usual_since": date(2018, 4, 1),
            "variation": ("improvement" if better else "concern") if says else "common_cause",
            "assurance": "none",
        },
        "rst_suspended_verdict": where
        | {
            "period_id": _EARLIER[f["period"]] if f["suspended"] == "earlier" else f["period"],
            "words": f["suspended"] and "the pandemic changed who came",
        },
        "fct_target_progress": where | {"target_status": status, "likelihood": f["likelihood"]},
        "fct_indicator_trend": where | {"trend_verdict": f["trend"]},
        "fct_inequality": where
        | {
            "gap_by_chance": f["chance"] * 100,
            "chance_probability": f["chance"],
            "gap_trend": f["gap_trend"],
            "gap_closing": f["gap_closing"],
            "gap_change_per_year": f["chance"] * 10 - 5,
            "gap_change_per_year_ci95_lower": f["chance"] * 10 - 9,
            "gap_change_per_year_ci95_upper": f["chance"] * 10,
            "gap_change_events": f["gap_events"],
            "deprivation_gap": slope and sum(slope) / 2,
            "deprivation_gap_ci95_lower": slope and slope[0],
            "deprivation_gap_ci95_upper": slope and slope[1],
            "heterogeneity_p_value": f["p_value"],
        },
    }


def _status(value: float, low: float | None, high: float | None, target: float, direction: str) -> str:
    con = duckdb.connect()
    sql = render("SELECT {{ target_status('$1::DOUBLE', '$2::DOUBLE', '$3::DOUBLE', '$4::DOUBLE', '$5') }}")
    return con.execute(sql, [value, low, high, target, direction]).fetchone()[0]


_FACTS = st.lists(
    st.one_of(evidence(gap=False), evidence(gap=False), evidence(gap=True)), min_size=12, max_size=12
)


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(_FACTS)
def test_no_sentence_contradicts_its_row(facts):
    for row in scorecard(facts):
        assert faults(row) == []
        names = row["title"], row["period_label"], row["area_name"], row["short_unit"]
        assert reading_age(row["narrative"], *names) <= 12, row["narrative"]


@pytest.mark.parametrize("outcomes", published_files(os.environ.get("NARRATIVE_HOMES", "")), ids=str)
def test_no_sentence_of_a_release_contradicts_its_row(outcomes):
    """Data homes named in NARRATIVE_HOMES, joined by `:`."""
    assert faults_of_file(outcomes) == []


FIGURES = [
    (4933048.0, "GBP", "£4.9 million"),
    (-300.4, "GBP", "-£300"),
    (999600.0, "GBP", "£1.0 million"),
    (-0.4, "GBP", "£0"),
    (2.9547, "GBP per weighted patient a month", "£2.95 per weighted patient a month"),
    (30.0, "takeaways", "30 takeaways"),
    (1.0, "days", "1 day"),
    (1.0, "people", "1 person"),
    (0.0, "people", "0 people"),
    (60.0, "%", "60.0%"),
    (25.0, "patients", "25 patients"),
    (548.91, "per 100,000", "549 per 100,000"),
    (24.84, "per 1,000", "24.8 per 1,000"),
    (1.55, "% change on the year before", "+1.6% on the year before"),
    (-0.01, "% change on the year before", "0.0% on the year before"),
    (19.5, "% a year", "19.5% a year"),
    (36.0, "beds on average", "36.0 beds on average"),
    (104.3, "points (reference = 100)", "104 points (reference = 100)"),
    (81.86, "years", "81.9 years"),
]


@pytest.mark.parametrize(("value", "unit", "text"), FIGURES)
def test_a_figure_is_written_one_way(value, unit, text):
    sql = render("SELECT {{ value_text('v', 'u') }} FROM (SELECT ?::DOUBLE AS v, ? AS u)")
    assert duckdb.connect().execute(sql, [value, unit]).fetchone() == (text,)
