"""Late arrivals: how complete a recent month is likely to be, told by the deliveries of past months."""

from __future__ import annotations

import duckdb
import pytest
from small_warehouse import LSOA_Q1, SmallWarehouse, months
from sql_models import build

from bassetlaw_pipeline.contracts.load import load_contracts


@pytest.fixture
def sources():
    """Accepted rows of every extract that has an event date: none as yet."""
    con = duckdb.connect()
    for contract in load_contracts().values():
        if contract.main.event_date:
            columns = dict.fromkeys(contract.main.key, "VARCHAR") | {contract.main.event_date: "DATE"}
            columns |= {"_period_start": "DATE", "_received_at": "TIMESTAMP"}
            names = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            con.execute(f"CREATE TABLE {contract.partner}_{contract.id} ({names})")
    return con


def attend(con, *rows: tuple) -> list[tuple]:
    """rows: (key, day of arrival, period of the file, received) -> what int_arrival makes of them."""
    for key, arrived, period, received in rows:
        con.execute(
            "INSERT INTO hospital_dbth_ecds BY NAME SELECT 'RP5' AS provider, ? AS attendance_key, "
            "? AS arrival_date, ? AS _period_start, ? AS _received_at",
            [key, arrived, f"{period}-01", received],
        )
    build(con, "int_arrival")
    return con.execute("SELECT * FROM int_arrival ORDER BY ALL").fetchall()


def test_a_row_counts_once_in_the_month_it_first_came(sources):
    found = attend(
        sources,
        ("a", "2019-04-30", "2019-04", "2019-05-10"),
        ("a", "2019-04-30", "2019-04", "2019-07-10"),  # again in the final file
        ("b", "2019-04-02", "2019-04", "2019-07-10"),  # only there
        ("c", "2019-04-02", "2019-05", "2019-06-10"),  # with the next month
        (None, "2019-04-02", "2019-05", "2019-06-10"),
        ("d", "2019-03-31", "2019-04", "2019-05-10"),  # of a month that was never delivered
        ("e", "2019-05-01", "2019-04", "2019-05-10"),  # before the file of its month
    )
    as_text = [(extract, *(str(day)[:7] for day in days), rows) for extract, *days, rows in found]
    assert as_text == [
        ("dbth_ecds", "2019-04", "2019-05", "2019-05", 1),
        ("dbth_ecds", "2019-04", "2019-05", "2019-06", 1),
        ("dbth_ecds", "2019-04", "2019-05", "2019-07", 1),
        ("dbth_ecds", "2019-05", "2019-06", "2019-06", 1),
    ]


def arrivals(rows: list[tuple[str, int, int]]) -> SmallWarehouse:
    """rows: (event month, months until they came, how many); the month's own file is the first of them."""
    warehouse = SmallWarehouse()
    own_file = {month: min(d for m, d, _ in rows if m == month) for month, *_ in rows}
    warehouse.con.executemany(
        "INSERT INTO int_arrival SELECT 'an_extract', $1::DATE, ($1::DATE + $2 * INTERVAL 1 MONTH)::DATE, "
        "($1::DATE + $3 * INTERVAL 1 MONTH)::DATE, $4",
        [[f"{month}-01", own_file[month], delay, count] for month, delay, count in rows],
    )
    return warehouse


def curve(warehouse: SmallWarehouse) -> list[tuple]:
    build(warehouse.con, "fct_late_arrival")
    return warehouse.all(
        "SELECT completeness, lowest, highest, months FROM fct_late_arrival ORDER BY delay_months"
    )


YEAR = months("2018-01", 12)
STEADY = [row for m in YEAR for row in ((m, 1, 80), (m, 2, 15), (m, 4, 5))]


def test_the_curve_is_the_median_of_settled_months_from_their_own_files():
    """January to September are settled in April 2019, six months after their files; of one half came late."""
    rows = [*STEADY, ("2018-05", 2, 80)]
    found = curve(arrivals(rows))
    assert found[0] == (0.8, round(80 / 180, 3), 0.8, 9)
    assert found[1] == (0.95, 0.95, round(175 / 180, 3), 9)
    assert found[3] == (1.0, 1.0, 1.0, 9)
    assert len(found) == 7


@pytest.mark.parametrize(
    "rows",
    [
        [(m, 30, 100) for m in YEAR],  # history loaded on one day
        [(m, 1, 40) for m in YEAR],  # too few rows
        [row for row in STEADY if row[0] > "2018-04"],  # five settled months
    ],
)
def test_what_tells_nothing_gives_no_curve(rows):
    assert curve(arrivals(rows)) == []


def with_values(period_types: str, provisional_months: int = 2) -> dict:
    """period -> likely completeness, provisional, reasons; December's file is the newest."""
    warehouse = arrivals([row for row in STEADY if row[0] < "2018-12" or row[1] == 1])
    warehouse.indicator(period_types=period_types, provisional_months=provisional_months)
    warehouse.counts((m, LSOA_Q1, 400, 1000) for m in YEAR).delivered(*YEAR)
    warehouse.con.execute("UPDATE pipeline_ledger SET received_at = TIMESTAMP '2019-01-20'")
    found = warehouse.build().all(
        "SELECT period_id, likely_completeness, provisional, confidence_reasons FROM fct_indicator_value"
    )
    return {period: tuple(rest) for period, *rest in found}


def test_a_provisional_figure_says_how_complete_it_is_likely_to_be():
    found = with_values("month|quarter")
    assert found["2018-12"][:2] == (0.8, True)
    assert found["2018-11"][:2] == (0.95, True)
    assert found["2018-10"][:2] == (None, False)
    assert found["FY2018-19-Q3"][0] == round((0.8 + 0.95 + 0.95) / 3, 3)


def test_much_that_is_still_to_come_is_a_reason_to_doubt():
    found = with_values("month|quarter")
    assert "less than 95 %" in found["2018-12"][2]
    assert "late rows are likely" not in found["2018-11"][2]


@pytest.mark.parametrize("shares", [(1.0, 0.983, 0.95, 0.981), (0.981, 0.95, 0.983, 1.0)])
def test_a_mean_half_way_between_two_figures_does_not_depend_on_the_order_of_months(shares):
    """The sum of such fractions is a little more or less than 3.914, by the order in which they are added."""
    con = duckdb.connect()
    con.execute(
        """
        CREATE TABLE fct_late_arrival AS
            SELECT 'e' AS extract, unnest(range(4))::INTEGER AS delay_months, unnest($1) AS completeness;
        CREATE TABLE int_arrival AS
            SELECT 'e' AS extract, month::DATE AS event_month, month::DATE AS first_month
            FROM range(DATE '2018-04-01', DATE '2018-08-01', INTERVAL 1 MONTH) AS t (month);
        CREATE TABLE int_delivery AS
            SELECT 'e' AS extract, 'accepted' AS verdict, TIMESTAMP '2018-07-20' AS received_at;
        CREATE TABLE int_period AS
            SELECT 'year' AS period_id, DATE '2018-04-01' AS period_start, DATE '2019-03-31' AS period_end;
        """.replace("$1", str(list(shares)))
    )
    build(con, "int_period_completeness")
    assert con.execute("SELECT completeness FROM int_period_completeness").fetchall() == [(0.979,)]
