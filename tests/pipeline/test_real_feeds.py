"""The other public feeds in their published files, taken in as they stand; skipped where they are not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.delivery import Delivery, read_and_cast
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.settings import Settings

GEOGRAPHY, CARE, WAITS = "04_geography", "07_primary_care", "08_nhs_performance"
LOOKUPS = {
    f"{GEOGRAPHY}/lookup_lsoa11_ward17.csv": ("ons_lsoa_ward", 2017, 34_753),
    f"{GEOGRAPHY}/lookup_lsoa21_ward24_ltla24.csv": ("ons_lsoa_ward", 2024, 35_672),
    f"{GEOGRAPHY}/lookup_lsoa11_ccg21_stp21_ltla21.csv": ("ons_lsoa_ccg", 2021, 32_844),
    f"{GEOGRAPHY}/lookup_lsoa11_sicbl22_icb22_ltla22.csv": ("ons_lsoa_ccg", 2022, 32_844),
    f"{GEOGRAPHY}/lookup_lsoa11_lsoa21_ltla22.csv": ("ons_lsoa11_lsoa21", 2021, 35_795),
    "06_imd/imd2015_england_lsoa11.csv": ("mhclg_imd", 2015, 32_844),
    "06_imd/imd2019_england_lsoa11.csv": ("mhclg_imd", 2019, 32_844),
    "06_imd/imd2025_england_lsoa21.csv": ("mhclg_imd", 2025, 33_755),
    f"{CARE}/epraccur_2015.csv": ("ods_epraccur", 2015, 12_921),
    f"{CARE}/epraccur_2022-02.csv": ("ods_epraccur", 2022, 14_963),
    f"{CARE}/epraccur_2023-02.csv": ("ods_epraccur", 2023, 15_535),
    f"{CARE}/epraccur_2024-01.csv": ("ods_epraccur", 2024, 15_970),
    f"{CARE}/ePCN_2020.xlsx": ("ods_epcn", 2020, 7_023),
    f"{CARE}/ePCN_2022.xlsx": ("ods_epcn", 2022, 7_359),
    f"{CARE}/ePCN_2023.xlsx": ("ods_epcn", 2023, 7_455),
}
HARMLESS = {
    "TITLE_ROWS", "SHEET_EXTRA", "HEADER_MOVED", "HEADER_RENAMED", "ROWS_ELSEWHERE", "VALUE_SUPPRESSED",
    "VALUE_CODE_LOCAL",
}  # fmt: skip


def land(path: Path, tmp_path: Path) -> Delivery:
    """One file as a delivery, nothing of it moved to the accepted ones."""
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    arrival = identify(path, load_contracts(), "public")
    assert arrival.contract, path.name
    settings = Settings(BASSETLAW_HOME=tmp_path / "home", environment="synthetic")
    (delivery,) = read_and_cast(arrival.contract, [arrival], None, settings, tmp_path)
    assert not delivery.failed, delivery.findings
    return delivery


def ask(delivery: Delivery, query: str, table: str = "") -> list[tuple]:
    file = delivery.files[table or delivery.arrival.contract.main.name]
    return duckdb.sql(query.format(rows=f"'{file}'")).fetchall()


def told(delivery: Delivery) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for finding in delivery.findings:
        counted[finding.code] += finding.count
    return {code: n for code, n in counted.items() if code not in HARMLESS}


@pytest.mark.parametrize("name", LOOKUPS)
def test_reference_files_of_every_edition(name, shared, tmp_path):
    delivery = land(shared / "data/real" / name, tmp_path)
    extract, year, rows = LOOKUPS[name]
    counts = delivery.tables[delivery.arrival.contract.main.name]
    assert delivery.arrival.contract.id == extract
    assert [p.year for p in delivery.periods] == [year]
    assert counts.rows_in - sum(counts.non_data.values()) == rows == counts.accepted
    assert told(delivery) == {}


def test_the_commissioner_of_bassetlaw(shared, tmp_path):
    delivery = land(shared / "data/real" / GEOGRAPHY / "lookup_lsoa11_ccg21_stp21_ltla21.csv", tmp_path)
    query = """select system_code, count(*), count(distinct district_code) from {rows}
        where commissioner_code = 'E38000008' group by 1"""
    assert ask(delivery, query) == [("E54000009", 70, 1)]


def test_practices_of_bassetlaw_close(shared, tmp_path):
    delivery = land(shared / "data/real" / CARE / "epraccur_2022-02.csv", tmp_path)
    query = """select practice_code, cast(close_date as varchar) from {rows}
        where commissioner_code = '02Q' and prescribing_setting = 4 and close_date is not null order by 1"""
    assert ask(delivery, query) == [
        ("C84052", "2019-04-30"),
        ("C84143", "2016-12-31"),
        ("C84700", "2016-12-31"),
        ("Y02833", "2017-04-30"),
    ]


def test_networks_of_bassetlaw(shared, tmp_path):
    delivery = land(shared / "data/real" / CARE / "ePCN_2022.xlsx", tmp_path)
    query = """select pcn_code, count(*) from {rows} where commissioner_code = '02Q' group by 1 order by 1"""
    assert ask(delivery, query) == [("U05001", 3), ("U10748", 1), ("U82499", 5)]
    assert ask(delivery, "select count(*) from {rows}", "networks") == [(1318,)]


def test_deprivation_of_bassetlaw(shared, tmp_path):
    delivery = land(shared / "data/real/06_imd/imd2019_england_lsoa11.csv", tmp_path)
    assert ask(delivery, "select imd_rank, imd_score from {rows} where lsoa_code = 'E01028065'") == [
        (1220, None)
    ]


def test_registers_of_the_nine_practices(shared, tmp_path):
    delivery = land(shared / "data/real" / CARE / "qof_2020-21_PREVALENCE_2021_v2.csv", tmp_path)
    counts = delivery.tables["nhsd_qof_prevalence"]
    assert str(delivery.periods[0]) == "2020-04-01"
    assert delivery.arrival.revision_rank == 1
    assert counts.rows_in == 137_991 == counts.accepted + counts.non_data["elsewhere"]
    query = """select register_code, sum(register_size), sum(list_size) from {rows}
        where register_code in ('DEM', 'DEP', 'DM') and practice_code in
            ('C84001', 'Y05346', 'C84101', 'C84024', 'C84094', 'C84013', 'C84035', 'C84008', 'C84692')
        group by 1 order by 1"""
    assert [(code, int(n)) for code, n, _ in ask(delivery, query)] == [
        ("DEM", 1168),
        ("DEP", 12568),
        ("DM", 8073),
    ]
    assert {int(size) for code, _, size in ask(delivery, query) if code == "DEM"} == {120_256}
    assert told(delivery) == {}


def test_two_registers_of_one_code(shared, tmp_path):
    delivery = land(shared / "data/real" / CARE / "qof_2013-14_prevalencebyccg.csv", tmp_path)
    query = "select count(*) from {rows} where ccg_code = '02Q' and register_code = 'HF'"
    assert ask(delivery, query) == [(2,)]


def test_list_sizes(shared, tmp_path):
    delivery = land(shared / "data/real" / CARE / "gp-reg-pat-prac-all_2021-01.csv", tmp_path)
    query = "select sum(patients), count(*) from {rows} where commissioner_code = '02Q'"
    assert [(int(n), rows) for n, rows in ask(delivery, query)] == [(119_933, 9)]
    assert [str(p) for p in delivery.periods] == ["2021-01-01"]
    assert told(delivery) == {}


def test_list_sizes_by_band(shared, tmp_path):
    delivery = land(shared / "data/real" / CARE / "Patient_List_Size_2013_04-06.csv", tmp_path)
    assert [int(n) for (n,) in ask(delivery, "select sum(patients) from {rows}")] == [112_048]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Incomplete-Provider-Apr24-XLSX-8M-revised.csv", ("2024-04-01", 55_372, 0.604, 1457, 3768)),
        ("Incomplete-Provider-Mar25-XLSX-9M-38145.csv", ("2025-03-01", 54_906, 0.613, 1397, 3648)),
    ],
)
def test_referral_to_treatment(name, expected, shared, tmp_path):
    delivery = land(shared / "data/real" / WAITS / name, tmp_path)
    query = """select waiting, round(within_18_weeks_share, 3), over_52_weeks, (select count(*) from {rows})
        from {rows} where provider_code = 'RP5' and function_code = 'C_999'"""
    assert [(str(delivery.periods[0]), *row) for row in ask(delivery, query)] == [expected]


def test_diagnostics_by_test_and_a_file_of_totals(shared, tmp_path):
    folder = shared / "data/real" / WAITS
    april = land(folder / "Monthly-Diagnostics-Web-File-Provider-April-2024_GG8WA.csv", tmp_path)
    september = land(folder / "Monthly-Diagnostics-Web-File-Provider-September-2024_9CL34R.csv", tmp_path)
    rp5 = "select count(*), max(waiting) from {rows} where provider_code = 'RP5'"
    assert (april.layout_ids, september.layout_ids) == (["by_test"], ["totals"])
    assert ask(april, rp5)[0][0] == 14
    assert ask(september, rp5)[0][0] == 1
    assert told(april) == told(september) == {}


def test_talking_therapies(shared, tmp_path):
    delivery = land(shared / "data/real" / WAITS / "iapt_sicbl_monthly_2022.csv", tmp_path)
    query = """select value from {rows} where organisation_code = 'E38000008' and month = '2022-07-01'
        and measure in ('Count_ReferralsReceived', 'Count_AccessingServices', 'Percentage_Recovery')
        order by value"""
    assert ask(delivery, query) == [(52.0,), (190.0,), (255.0,)]
    assert len(delivery.periods) == 11
    assert ask(delivery, "select count(*) from {rows} where value is null") == [(79,)]


def test_hidden_counts_of_providers_are_empty(shared, tmp_path):
    delivery = land(shared / "data/real" / WAITS / "iapt_provider_2022-07_suppressed.csv", tmp_path)
    hidden = [f.count for f in delivery.findings if f.code == "VALUE_SUPPRESSED"]
    assert hidden == [1737]


def test_life_expectancy(shared, tmp_path):
    name = "REQ3292_LifeExpectancy_2011MSOAs_England_2016_to_2020.xlsx"
    delivery = land(shared / "data/real/03_fingertips" / name, tmp_path)
    query = """select count(*), sum(deaths) filter (sex = 'Persons'),
            round(min(life_expectancy) filter (sex = 'Persons'), 2)
        from {rows} where msoa_name like 'Bassetlaw %'"""
    assert [(n, int(d), le) for n, d, le in ask(delivery, query)] == [(42, 6043, 75.96)]
    assert told(delivery) == {}


def test_england_since_2010(shared, tmp_path):
    delivery = land(shared / "data/real/01_ae/Monthly-AE-Time-Series-October-2024.xls", tmp_path)
    query = "select cast(max(month) as varchar), arg_max(attendances, month), count(*) from {rows}"
    assert ask(delivery, query) == [("2024-10-01", 2_356_189.0, 171)]
    query = "select arg_max(over_4h, month), count(*) from {rows}"
    assert ask(delivery, query, "performance") == [(635_312.0, 168)]
    assert ask(delivery, "select count(*) from {rows}", "booking") == [(51,)]
    assert told(delivery) == {}


def test_beds_of_the_trust(shared, tmp_path):
    name = "Beds-Open-Overnight-Web_File-Final-Q3-2019-20-kg8gu.xlsx"
    delivery = land(shared / "data/real/01_ae" / name, tmp_path)
    query = "select round(100 * occupied_total / available_total, 1) from {rows} where provider_code = 'RP5'"
    assert ask(delivery, query) == [(89.3,)]
