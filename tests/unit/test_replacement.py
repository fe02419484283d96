"""A delivery replaces the periods of its own window only, and never most rows unseen: all contracts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bassetlaw_pipeline.contracts.derive_stub import landed_schema
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.cast.conform import Part, conform
from bassetlaw_pipeline.intake.cast.window import window
from bassetlaw_pipeline.intake.model import Arrival, ReadTable
from bassetlaw_pipeline.intake.store.current import Candidate, current
from bassetlaw_pipeline.settings import Settings

CONTRACTS = load_contracts()
BY_ROW = [c.id for c in CONTRACTS.values() if c.window is not None]
REPLACING = [c.id for c in CONTRACTS.values() if c.resubmission.mode != "upsert"]
MONTHS = [date(2019, month, 1) for month in range(1, 7)]
JUNE = MONTHS[-1]
NAMES = {  # a name that states June 2019, where names state periods
    "ncc_asc_cld": "NCC_CLD_20190401_20190630.csv",
    "dbth_apc": "RP5_APC_201906_FLEX.txt",
    "dbth_workforce": "RP5_ESR_Workforce_2019-06.xlsx",
    "ncc_pcmd_deaths": "PCMD_E07000171_201906.csv",
    "nhse_ae_monthly": "Monthly-AE-June-2019.csv",
}
CON = duckdb.connect()


def relaxed(extract: str):
    """The contract with its own period, window and partitions, whose other columns may be empty."""
    contract = CONTRACTS[extract]
    own = {
        contract.period.column,
        *contract.resubmission.by,
        *(contract.window.columns if contract.window else ()),
    }
    columns = tuple(
        c.model_copy(update={"required": False, "key": False, "transform": None} if c.name not in own else
                     {"required": False, "key": False})
        for c in contract.main.columns
    )  # fmt: skip
    main = contract.main.model_copy(
        update={"columns": columns, "row_rules": (), "layouts": contract.main.layouts[:1]}
    )
    return contract.model_copy(update={"tables": (main,)})


def text_of(contract, day: date) -> str:
    """A day as the period column writes it."""
    column = contract.main.by_name[contract.period.column]
    form = next((f for f in column.formats if "%" in f), None) or contract.period.format
    if form is None or column.logical_type == "integer":
        return f"{day:%Y}0000"
    return day.strftime(form)


def conformed(contract, days: list[date | None], name: str = ""):
    rows = []
    for number, day in enumerate(days):
        row = dict.fromkeys(contract.window.columns[:1], "01/04/2019")
        row |= dict.fromkeys(contract.window.columns[1:], "30/06/2019")
        first = contract.main.columns[-1].name  # no two rows alike
        rows.append(
            row | {first: str(number)} | {contract.period.column: text_of(contract, day) if day else None}
        )
    table = contract.main
    data = {c.name: pa.array([r.get(c.name) for r in rows], pa.string()) for c in table.columns}
    reading = ReadTable(
        table, pa.table(data | {"_row_number": pa.array(range(2, len(rows) + 2))}), table.layouts[0].id
    )
    name = name or NAMES.get(contract.id, "whatever.csv")
    came = Arrival(
        path=None, partner=contract.partner, file_name=name, sha256="a" * 64, size=0,
        received_at=datetime(2019, 8, 1), contract=contract, parts=contract.file.match(name) or {},
    )  # fmt: skip
    [found] = conform(CON, [Part(reading, came)], contract, None, Settings())
    return found


def periods(found) -> Counter:
    return Counter(found.accepted.column("_period_start").to_pylist())


@pytest.mark.parametrize("extract", [e for e in BY_ROW if CONTRACTS[e].window.kind != "each"])
@pytest.mark.parametrize("stray", [date(2018, 2, 1), date(2019, 1, 1), date(2019, 12, 1), date(2024, 3, 1)])
def test_a_stray_row_is_set_aside_and_gives_the_delivery_no_other_period(extract, stray):
    contract = relaxed(extract)
    clean, found = conformed(contract, [JUNE] * 5), conformed(contract, [*[JUNE] * 5, stray])
    assert periods(found) == periods(clean) == {JUNE: 5}
    assert found.window == clean.window and stray not in found.window
    assert found.periods == (JUNE,)
    assert [(f.code, f.count) for f in found.findings if f.code == "ROW_OTHER_PERIOD"] == [
        ("ROW_OTHER_PERIOD", 1)
    ]
    assert found.counts.quarantined == 1


@pytest.mark.parametrize("extract", [e for e in BY_ROW if CONTRACTS[e].window.kind != "each"])
def test_a_row_without_a_date_counts_with_the_last_period_of_its_file(extract):
    found = conformed(relaxed(extract), [JUNE] * 4 + [None])
    assert set(periods(found)) <= {JUNE}


@pytest.mark.parametrize("extract", ["dbth_apc", "dbth_workforce"])
def test_earlier_periods_come_again_only_in_full(extract):
    contract, (april, may, june) = relaxed(extract), MONTHS[3:]
    found = conformed(contract, [june] * 6 + [may] * 5 + [april])
    assert found.window == {may, june} and found.counts.quarantined == 1


@pytest.mark.parametrize("extract", ["dbth_apc", "ncc_pcmd_deaths", "ncc_asc_cld"])
def test_a_file_that_is_mostly_of_another_period_than_its_name_says_is_turned_away(extract):
    found = conformed(relaxed(extract), [JUNE] + [date(2018, 1, 1)] * 9)
    assert [f.outcome for f in found.findings if f.code == "PERIOD_MISMATCH"] == ["reject"]


def test_without_an_agreed_name_the_columns_or_most_rows_state_the_window():
    assert conformed(relaxed("ncc_asc_cld"), [JUNE] * 4, "export.csv").window == set(MONTHS[3:])
    assert conformed(relaxed("dbth_apc"), [JUNE] * 4 + [MONTHS[0]], "export.csv").window == {JUNE}


def delivered(
    contract, folder, name: str, day: int, rows: dict[tuple, int], confirmed: bool = False
) -> Candidate:
    """An accepted delivery: so many rows by (period, value of the other partition columns)."""
    main, other = contract.main, [c for c in contract.resubmission.by if c != "_period_start"]
    lands = main.by_name[contract.period.column].lands_as if contract.period.source == "column" else None
    lines = [
        {"_delivery_id": name, "_period_start": start} | {c: value(main.landed[c], part) for c in other}
        | ({lands: value(main.landed[lands], start)} if lands else {})
        for (start, part), n in rows.items() for _ in range(n)
    ]  # fmt: skip
    file = folder / f"{contract.id}-{name}-{day}-{len(lines)}.parquet"
    pq.write_table(pa.Table.from_pylist(lines, schema=landed_schema(main)), file)
    own = None
    if contract.resubmission.mode == "period" and (contract.window is None or contract.window.kind != "each"):
        own = frozenset(start for start, _ in rows)
    return Candidate(name, (0, datetime(2020, 1, day), name), {main.name: file}, own, confirmed=confirmed)


def value(kind: str, what):
    if isinstance(what, date):
        return {"VARCHAR": f"{what:%Y-%m}", "BIGINT": what.year, "INTEGER": what.year}.get(
            kind, datetime(what.year, what.month, 1) if kind == "TIMESTAMP" else what
        )
    return {"VARCHAR": what}.get(kind, sum(map(ord, what)))


def counting(contract, *deliveries) -> dict[tuple, tuple[str, int]]:
    found = current(contract, deliveries).to_pylist()
    return {
        (r["period_start"], r["part"]): (r["delivery_id"], r["row_count"])
        for r in found
        if r["state"] == "current"
    }


def held(contract, *deliveries) -> list[tuple]:
    found = current(contract, deliveries).to_pylist()
    return [(r["delivery_id"], r["row_count"], r["rows_before"]) for r in found if r["state"] == "held"]


@pytest.mark.parametrize("extract", REPLACING)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(4, 40), part=st.sampled_from(["a", "b"]), month=st.integers(0, 4))
def test_one_row_too_many_never_changes_another_partition(extract, size, part, month, tmp_path):
    """A newer file of June with one more row, of another month or part, wherever that row got through."""
    contract = CONTRACTS[extract]
    if contract.resubmission.max_loss == 1:
        pytest.skip("its partitions are single figures")
    before = [
        delivered(contract, tmp_path, f"d{n}", n + 1, {(m, p): size for p in "ab"})
        for n, m in enumerate(MONTHS)
    ]
    newer = {(JUNE, "a"): size, (JUNE, "b"): size}
    clean = delivered(contract, tmp_path, "new", 20, newer)
    stray = newer | {(MONTHS[month], part): 1}
    spoilt = delivered(contract, tmp_path, "new", 20, stray)
    if contract.resubmission.mode == "snapshot":
        before, others = before[-1:], set()
    else:
        others = set(counting(contract, *before)) - set(counting(contract, clean))
    assert {k: counting(contract, *before, spoilt).get(k) for k in others} == {
        k: counting(contract, *before, clean).get(k) for k in others
    }


@pytest.mark.parametrize("extract", [e for e in REPLACING if CONTRACTS[e].resubmission.max_loss < 1])
def test_a_delivery_that_loses_most_of_the_rows_is_held_until_it_is_confirmed(extract, tmp_path):
    contract = CONTRACTS[extract]
    full = delivered(contract, tmp_path, "full", 1, {(JUNE, "a"): 20})
    thin = delivered(contract, tmp_path, "thin", 2, {(JUNE, "a"): 9})
    assert {w[0] for w in counting(contract, full, thin).values()} == {"full"}
    assert held(contract, full, thin) == [("thin", 9, 20)]
    confirmed = replace(thin, confirmed=True)
    assert {w[0] for w in counting(contract, full, confirmed).values()} == {"thin"}
    assert held(contract, full, confirmed) == []
    again = delivered(contract, tmp_path, "again", 3, {(JUNE, "a"): 19})
    assert {w[0] for w in counting(contract, full, thin, again).values()} == {"again"}
    assert held(contract, full, thin, again) == []


def test_half_of_the_rows_are_enough(tmp_path):
    contract = CONTRACTS["dbth_cwt"]
    full = delivered(contract, tmp_path, "full", 1, {(JUNE, ""): 20})
    half = delivered(contract, tmp_path, "half", 2, {(JUNE, ""): 10})
    assert held(contract, full, half) == [] and counting(contract, full, half) == {(JUNE, ""): ("half", 10)}


def test_a_period_of_the_window_without_a_row_has_lost_all_of_them(tmp_path):
    contract = CONTRACTS["ncc_asc_cld"]
    full = delivered(contract, tmp_path, "full", 1, {(m, ""): 5 for m in MONTHS})
    gap = replace(
        delivered(contract, tmp_path, "gap", 2, {(m, ""): 5 for m in MONTHS[1:]}), window=full.window
    )
    assert counting(contract, full, gap)[MONTHS[0], ""] == ("full", 5)
    assert held(contract, full, gap) == [("gap", 0, 5)]


def test_the_order_in_which_deliveries_are_looked_at_changes_nothing(tmp_path):
    contract = CONTRACTS["dbth_cwt"]
    three = [
        delivered(contract, tmp_path, f"d{n}", n, {(JUNE, ""): rows}) for n, rows in ((1, 20), (2, 3), (3, 4))
    ]
    assert current(contract, three).equals(current(contract, three[::-1]))
    assert held(contract, *three) == [("d2", 3, 20), ("d3", 4, 20)]


def test_windows_of_names():
    apc, deaths = CONTRACTS["dbth_apc"], CONTRACTS["ncc_pcmd_deaths"]
    full = {date(2021, 1, 1): 3000, date(2021, 2, 1): 3100, date(2020, 12, 1): 4}
    assert window(apc, {"year": "2021", "month": "02"}, None, full) == {date(2021, 1, 1), date(2021, 2, 1)}
    assert len(window(deaths, {"year": "2016", "revision": "FINAL"}, None, {})) == 12
    assert len(window(CONTRACTS["ncc_asc_cld"], {"start": "20180701", "date": "20190630"}, None, {})) == 12
