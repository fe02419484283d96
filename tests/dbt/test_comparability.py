"""Places that change: figures carried back or recast say so, and no chart or trend runs over a break."""

from __future__ import annotations

import pytest
from small_warehouse import DISCLOSURE, ROLL_UP, VERDICTS, SmallWarehouse, months

PCN, KINGFISHER, LARWOOD = "U05001", "C84013", "C84001"


def warehouse(rows: list, **indicator) -> SmallWarehouse:
    made = SmallWarehouse().indicator(**indicator)
    made.counts(rows).delivered(*[month for month, *_ in rows])
    return made.build(ROLL_UP, DISCLOSURE, VERDICTS)


def of_ward(month: str) -> tuple:
    """A ward's figure: the ward of Worksop North East, by one of its LSOAs."""
    found = SmallWarehouse().con.execute(
        "SELECT min(lsoa11_code) FROM lsoa11 WHERE ward24_code = 'E05015477'"
    )
    made = warehouse([(month, found.fetchone()[0], 500, 1000)], area_types="ward")
    return made.one(
        "SELECT comparability, confidence_grade, confidence_reasons FROM fct_indicator_value"
        " WHERE area_code = 'E05006398'"
    )


@pytest.mark.parametrize(
    ("month", "flag", "grade"), [("2019-06", "carried_back", "B"), ("2019-07", "as_is", "A")]
)
def test_a_network_before_networks_began_is_carried_back(month, flag, grade):
    made = warehouse([(month, "X", 500, 1000, PCN)], area_types="pcn")
    query = "SELECT comparability, confidence_grade, confidence_reasons FROM fct_indicator_value"
    found = made.one(f"{query} WHERE area_code = '{PCN}'")
    assert found[:2] == (flag, grade)
    assert ("carried back" in (found[2] or "")) == (flag == "carried_back")


@pytest.mark.parametrize(("month", "flag", "grade"), [("2023-11", "as_is", "A"), ("2023-12", "recast", "B")])
def test_a_ward_that_was_redrawn_keeps_to_the_areas_it_had(month, flag, grade):
    found = of_ward(month)
    assert found[:2] == (flag, grade)
    assert ("boundary" in (found[2] or "")) == (flag == "recast")


def monthly(practice: str) -> SmallWarehouse:
    """26 months of a practice from December 2015 on, more in the second year."""
    rows = [
        (m, practice, 400 + n * 7 % 4 * 10 + (200 if m >= "2017-01" else 0), 1000)
        for n, m in enumerate(months("2015-12", 26))
    ]
    return warehouse(rows, area_types="practice", period_types="month|quarter")


def means(made: SmallWarehouse, practice: str) -> int:
    query = "SELECT count(DISTINCT mean) FROM fct_indicator_spc WHERE period_type = 'month' AND area_code = "
    return made.one(f"{query}'{practice}'")[0]


def test_a_chart_does_not_run_over_a_break():
    assert means(monthly(KINGFISHER), KINGFISHER) == 2
    assert means(monthly(LARWOOD), LARWOOD) == 1


@pytest.mark.parametrize(("practice", "points"), [(KINGFISHER, 1), (LARWOOD, 5)])
def test_a_trend_does_not_run_over_a_break(practice, points):
    rows = [(m, practice, 400, 1000) for m in months("2012-04", 72)]
    made = warehouse(rows, area_types="practice", period_types="financial_year")
    query = f"FROM fct_indicator_trend WHERE area_code = '{practice}' ORDER BY period_start DESC LIMIT 1"
    assert made.one(f"SELECT points {query}")[0] == points
    flagged = "FROM fct_indicator_value WHERE comparability = 'not_comparable' AND area_code = "
    found = made.all(f"SELECT period_id {flagged}'{practice}'")
    assert found == ([("FY2016-17",)] if practice == KINGFISHER else [])


def test_growth_over_a_break_is_flagged_for_a_year():
    rows = [(m, KINGFISHER, 400, None) for m in months("2015-01", 48)]
    made = warehouse(rows, area_types="practice", method="growth", multiplier=100)
    found = "FROM fct_indicator_value WHERE comparability = 'not_comparable' AND area_code = "
    first_and_last = made.one(f"SELECT min(period_id), max(period_id), count(*) {found}'{KINGFISHER}'")
    assert first_and_last == ("2017-01", "2017-12", 12)


def test_the_history_of_a_place_has_no_gap_and_no_overlap():
    made = SmallWarehouse().build(("int_area_member", "int_area", "int_area_history"))
    overlapping = """SELECT area_code FROM int_area_history QUALIFY valid_to + 1 <>
        lead(valid_from) OVER (PARTITION BY area_code ORDER BY valid_from NULLS FIRST)"""
    assert made.all(overlapping) == []
    assert made.all(
        "SELECT code_in_force, valid_to::VARCHAR, successor_code FROM int_area_history"
        " WHERE area_code = 'E05006379' ORDER BY valid_from NULLS FIRST"
    ) == [("E05006379", "2023-11-30", "E05015476"), ("E05015476", None, None)]
    assert made.all(
        "SELECT area_code, valid_to::VARCHAR, successor_code FROM int_area_history"
        " WHERE area_type = 'practice' AND valid_to IS NOT NULL AND area_code NOT IN ('C84013', 'Y05346')"
        " ORDER BY 1"
    ) == [
        ("C84052", "2019-04-30", None),
        ("C84143", "2016-12-31", "C84013"),
        ("C84700", "2016-12-31", None),
        ("Y02833", "2017-04-30", "Y05346"),
    ]


def feeds() -> SmallWarehouse:
    """The published files as staging has them: nothing received."""
    made = SmallWarehouse()
    made.con.execute("""
        CREATE TABLE stg_public__ons_lsoa_ward (lsoa_code VARCHAR, ward_code VARCHAR);
        CREATE TABLE stg_public__ons_lsoa_ccg (lsoa_code VARCHAR, commissioner_code VARCHAR);
        CREATE TABLE stg_public__mhclg_imd (edition INTEGER, lsoa_code VARCHAR, imd_rank BIGINT);
        CREATE TABLE stg_public__ods_epraccur (
            as_at INTEGER, practice_code VARCHAR, commissioner_code VARCHAR, close_date DATE);
        CREATE TABLE stg_public__ods_epcn (
            as_at INTEGER, practice_code VARCHAR, pcn_code VARCHAR, commissioner_code VARCHAR,
            member_to DATE);
        CREATE TABLE stg_public__ons_lsoa11_lsoa21 (
            lsoa11_code VARCHAR, lsoa21_code VARCHAR, change VARCHAR)""")
    return made


@pytest.mark.parametrize(
    ("table", "row", "difference"),
    [
        ("ons_lsoa_ward", "('E01028065', 'E05006401')", None),
        ("ons_lsoa_ward", "('E01028065', 'E05099999')", ("ward", "E01028065")),
        ("ons_lsoa_ccg", "('E01028065', 'E38000137')", ("commissioner", "E01028065")),
        ("mhclg_imd", "(2019, 'E01028065', 1220)", None),
        ("mhclg_imd", "(2019, 'E01028065', 1221)", ("IMD rank 2019", "E01028065")),
        ("ods_epraccur", "(2022, 'C84052', '02Q', '2019-04-30')", None),
        ("ods_epraccur", "(2022, 'C84001', '02Q', '2022-01-31')", ("practice closed", "C84001")),
        ("ods_epraccur", "(2022, 'C84999', '02Q', NULL)", ("practice closed", "C84999")),
        ("ods_epcn", "(2022, 'C84001', 'U10748', '02Q', NULL)", ("network of practice", "C84001")),
        ("ods_epcn", "(2022, 'C84001', 'U10748', '02Q', '2021-01-01')", None),
    ],
)
def test_a_published_file_that_says_something_else_is_listed(table, row, difference):
    made = feeds()
    made.con.execute(f"INSERT INTO stg_public__{table} VALUES {row}")
    made.build(("int_reference_difference",))
    found = made.all("SELECT subject, code FROM int_reference_difference")
    assert found == ([difference] if difference else [])


@pytest.mark.parametrize("marked", [True, False])
def test_what_became_of_an_area_in_2021(marked):
    made = feeds()
    rows = [
        ("E01027999", "E01027999", "U"),
        *(("E01028000", f"E0103000{n}", "S") for n in range(2)),
        *((f"E0102800{n}", "E01030009", "M") for n in (1, 2)),
        *(("E01028003", "E01030010", "X"), ("E01028003", "E01030011", "X"), ("E01028004", "E01030011", "X")),
    ]
    made.con.executemany("INSERT INTO stg_public__ons_lsoa11_lsoa21 VALUES (?, ?, ?)", rows)
    if not marked:
        made.con.execute("UPDATE stg_public__ons_lsoa11_lsoa21 SET change = NULL")
    made.build(("int_lsoa_change",))
    flagged = made.all("SELECT DISTINCT lsoa11_code FROM int_lsoa_change WHERE NOT is_comparable")
    assert ("E01028003",) in flagged
    assert made.one("SELECT count(*) FROM int_lsoa_change WHERE change = 'S'") == (2,)
    assert made.one("SELECT count(*) FROM int_lsoa_change WHERE change = 'U'") == (1,)
