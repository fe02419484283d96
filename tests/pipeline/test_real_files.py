"""The original published files, read by the contracts as they stand; skipped where they are not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover import inbox
from bassetlaw_pipeline.intake.read import read

HARMLESS = {"TITLE_ROWS", "TOTAL_ROW", "SHEET_EXTRA", "HEADER_MOVED", "HEADER_RENAMED"}


def read_all(folder: Path, pattern: str, contract: str):
    for path in sorted(folder.glob(pattern)):
        arrival = inbox.identify(path, load_contracts(), "public")
        assert arrival.contract.id == contract, path.name
        result = read(arrival)
        assert {f.code for f in result.findings} <= HARMLESS, path.name
        yield arrival, result


def test_accident_and_emergency_months(shared):
    found = list(read_all(shared / "data/real/01_ae/msitae_csv_2024-25", "*.csv", "nhse_ae_monthly"))
    assert sorted(r.period for _, r in found) == [date(2024, m, 1) for m in range(4, 13)] + [
        date(2025, m, 1) for m in range(1, 4)
    ]
    assert sum(a.revision_rank for a, _ in found) == 5
    trust = [row for _, r in found for row in r.tables[0].rows.to_pylist() if row["org_code"] == "RP5"]
    attended = [k for k in trust[0] if k.endswith(("attendances", "_booked"))]
    over = [k for k in trust[0] if k.endswith("over_4h")]
    total = sum(int(row[k]) for row in trust for k in attended)
    assert (total, total - sum(int(row[k]) for row in trust for k in over)) == (207_684, 149_298)
    assert all(r.tables[0].non_data == {"total": 1} for _, r in found)


def test_delayed_transfers_of_all_eras(shared):
    found = list(read_all(shared / "data/real/02_dtoc/la_sitrep_xls", "*.xls", "nhse_dtoc_la"))
    assert {r.tables[0].layout_id for _, r in found} == {"apr11", "apr13", "jul15", "apr17", "nov18"}
    assert all(r.tables[0].rows.num_rows == 154 and r.tables[0].non_data["total"] == 1 for _, r in found)
    days: dict[int, int] = {}
    for _, result in found:
        year = result.period.year - (result.period.month < 4)
        (row,) = [x for x in result.tables[0].rows.to_pylist() if x["la_code"] == "511"]
        days[year] = days.get(year, 0) + int(row["total_days"])
    assert (days[2016], days[2017]) == (22_901, 19_253)


def test_population_by_age(shared):
    found = list(read_all(shared / "data/real/05_population", "*lsoa11*.csv", "ons_population_lsoa"))
    assert [r.period.year for _, r in found] == [2017, 2019, 2020]
    for _, result in found:
        rows = result.tables[0].rows
        assert rows.num_rows == 497 * 91
        assert set(rows.column("age").to_pylist()) >= {"0", "89"}


@pytest.mark.parametrize("name", ["esp2013.csv", "ons_mye2019_ltla19_single_age.csv"])
def test_a_file_nobody_agreed_is_not_recognised(shared, name):
    arrival = inbox.identify(shared / "data/real/05_population" / name, load_contracts(), "public")
    assert [f.code for f in arrival.findings] == ["FILE_UNRECOGNISED"]
