"""A fall in events that no delivery explains is found, told and keeps a figure from being judged."""

from __future__ import annotations

import random

import duckdb
import pytest
from small_warehouse import DISCLOSURE, DISTRICT, LSOA_Q1, ROLL_UP, VERDICTS, SmallWarehouse, months
from sql_models import build

FOUR_YEARS = months("2016-04", 48)
HOLE = "2019-07"


def with_hole(events: int = 60, left: int = 1, hole: str = HOLE, **indicator) -> SmallWarehouse:
    """A steady count of events, of which one month lost nearly all although its file came."""
    warehouse = SmallWarehouse().indicator(**({"period_types": "month|rolling_12m"} | indicator))
    warehouse.counts(
        (m, LSOA_Q1, left // 2 if m == hole else events // 2, left if m == hole else events)
        for m in FOUR_YEARS
    )
    return warehouse.delivered(*FOUR_YEARS)


def findings(warehouse: SmallWarehouse) -> list[tuple]:
    return warehouse.all(
        "SELECT subject, series_id, strftime(month_start, '%Y-%m'), fewer, explained_by "
        "FROM fct_unexplained_fall ORDER BY ALL"
    )


def test_a_lost_month_is_found_and_its_figures_say_so_and_are_not_judged():
    warehouse = with_hole(target_value=40.0).build(ROLL_UP, DISCLOSURE, VERDICTS)
    assert findings(warehouse) == [("indicator", "x", HOLE, "nearly all", None)]
    reason = "far fewer events than usual in July 2019 (nearly all missing), and no delivery explains it"
    touched = warehouse.all(
        "SELECT period_id, status_reason, compared, provisional FROM fct_indicator_value "
        f"WHERE area_code = '{DISTRICT}' AND NOT is_complete ORDER BY period_id"
    )
    periods = [HOLE, *(f"R12-{m}" for m in months(HOLE, 9))]
    assert [p for p, *_ in touched] == periods
    assert {tuple(rest) for p, *rest in touched if p != HOLE} == {(reason, "not_compared", False)}
    assert warehouse.one(f"SELECT count(*) FROM fct_indicator_spc WHERE period_id = '{HOLE}'") == (0,)
    assert warehouse.one("SELECT count(*) FROM fct_target_progress WHERE period_id LIKE 'R12-2019-08%'") == (
        0,
    )


def test_an_annotation_that_explains_it_suspends_the_finding():
    """The pandemic's fall is a row with its explanation, and the figure stays complete."""
    hole = "2020-03"
    warehouse = with_hole(hole=hole).build()
    warehouse.con.execute(
        "UPDATE int_annotation SET explains_fall = annotation_id = 'covid_19', indicators = ['x'], "
        "leaves_out = [], objectives = NULL, extracts = NULL WHERE annotation_id LIKE 'covid%'"
    )
    build(
        warehouse.con,
        "int_annotation_indicator",
        "int_fall_finding",
        "int_value_fall",
        "fct_unexplained_fall",
    )
    assert findings(warehouse) == [("indicator", "x", hole, "nearly all", "covid_19")]
    assert warehouse.all("FROM int_value_fall") == []


def test_lost_rows_of_an_extract_touch_every_indicator_counted_from_it():
    warehouse = SmallWarehouse()
    for name, extracts in [("x", "an_extract"), ("y", "other|an_extract"), ("z", "other")]:
        warehouse.indicator(name, source_extracts=extracts).counts(
            ((m, LSOA_Q1, 5, 10) for m in FOUR_YEARS), indicator_id=name
        )
    for extract in ("an_extract", "other"):
        warehouse.delivered(*FOUR_YEARS, extract=extract)
    warehouse.con.executemany(
        "INSERT INTO int_event_row SELECT 'p', 'an_extract', ?, ?, 0",
        [[f"{m}-01", 1 if m == HOLE else 770] for m in FOUR_YEARS],
    )
    warehouse.build()
    assert findings(warehouse) == [("extract", "an_extract", HOLE, "nearly all", None)]
    assert warehouse.all("SELECT DISTINCT indicator_id FROM int_value_fall ORDER BY 1") == [("x",), ("y",)]


def test_a_month_that_was_never_supplied_or_is_not_complete_is_no_fall():
    warehouse = with_hole(lag_months=1, hole=FOUR_YEARS[-1])
    warehouse.con.execute("DELETE FROM pipeline_ledger WHERE period LIKE '2019-07%'")
    assert findings(warehouse.build()) == []


@pytest.mark.parametrize(("left", "found"), [(46, False), (15, True), (0, True)])
def test_a_small_fall_is_chance(left, found):
    assert bool(findings(with_hole(left=left).build())) is found


def test_a_hole_does_not_hide_that_of_the_next_year():
    warehouse = with_hole()
    warehouse.con.execute(
        "UPDATE int_indicator_counts SET numerator = 0, denominator = 1 "
        "WHERE period_start IN ('2017-04-01', '2018-04-01')"
    )
    assert [month for _, _, month, *_ in findings(warehouse.build())] == ["2017-04", "2018-04", HOLE]


def falls_of(series: list[list[int]]) -> list[tuple[str, int]]:
    """Series and place of the month, of every fall that the rule finds."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE int_event_series (subject VARCHAR, series_id VARCHAR, area_code VARCHAR, "
        "month_start DATE, events DOUBLE)"
    )
    con.execute(
        "INSERT INTO int_event_series SELECT 'indicator', s::VARCHAR, NULL, "
        "(DATE '2016-04-01' + (i - 1) * INTERVAL 1 MONTH)::DATE, events[i] FROM "
        "(SELECT unnest($1) AS events, unnest(range(len($1))) AS s), range(1, 61) AS t (i)",
        [series],
    )
    build(con, "int_fall")
    return con.execute(
        "SELECT series_id, date_diff('month', DATE '2016-04-01', month_start) FROM int_fall ORDER BY ALL"
    ).fetchall()


def simulated(
    count: int, trend: float = 1.0, season: float = 0.0, overdispersion: float = 1.0
) -> list[list[int]]:
    """Series of 60 months: means from 25 to 800, Poisson counts or wider, a season and a lasting trend."""
    rng, made = random.Random(7), []
    for _ in range(count):
        mean = 25 * 2 ** rng.uniform(0, 5)
        made.append(
            [
                round(
                    max(
                        0.0,
                        rng.gauss(
                            m := mean * trend ** (i / 12) * (1 + season * (i % 12 < 3)),
                            (overdispersion * m) ** 0.5,
                        ),
                    )
                )
                for i in range(60)
            ]
        )
    return made


@pytest.mark.parametrize(
    ("process", "most"),
    [
        ({}, 1),
        ({"season": -0.3}, 1),
        ({"season": 0.5}, 1),
        ({"trend": 0.8}, 2),
        ({"overdispersion": 3.0}, 8),
        ({"trend": 0.6, "overdispersion": 2.0}, 8),
    ],
)
def test_false_alarms_are_rare(process, most):
    """Alarms in 10,000 judged months, of 250 series: chance, seasons and lasting declines are no fall."""
    assert len(falls_of(simulated(250, **process))) / 250 / 48 * 10_000 <= most


def test_a_hole_is_found_in_nearly_every_series():
    """Half of a month lost, where more than 100 events are expected; nine tenths lost, from 20 on."""
    for kept, least, smallest in [(0.5, 0.85, 100), (0.1, 0.95, 20)]:
        series = [s for s in simulated(250) if sum(s[24:36]) / 12 > smallest]
        for one in series:
            one[40] = round(one[40] * kept)
        assert sum(month == 40 for _, month in falls_of(series)) >= least * len(series)


def test_a_quarter_is_judged_when_all_its_months_are_complete():
    """People counted by quarter: the last one lacks a month that later files complete, and is low."""
    quarters = FOUR_YEARS[::3]
    warehouse = SmallWarehouse().indicator(
        method="count",
        time_grain="quarter",
        period_types="quarter",
        lag_months=1,
        source_extracts="an_extract",
    )
    warehouse.counts((m, LSOA_Q1, 5 if m in (quarters[-1], "2019-07") else 80) for m in quarters)
    warehouse.delivered(*FOUR_YEARS)
    assert [month for _, _, month, *_ in findings(warehouse.build())] == ["2019-07"]
