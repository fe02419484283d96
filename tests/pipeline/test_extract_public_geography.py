"""Look-ups and deprivation: every edition's header, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, text

WARD_17 = [
    {"lsoa11_code": "E01028065", "ward17_code": "E05006401"},
    {"lsoa11_code": "E01027999", "ward17_code": "E05006377"},
]
WARD_24 = [
    {
        "lsoa21_code": "E01028003",
        "lsoa21_name": "Bassetlaw 003A",
        "ward24_code": "E05015476",
        "ward24_name": "Carlton",
        "ltla24_code": "E07000171",
        "ltla24_name": "Bassetlaw",
    }
]
CCG_21 = [
    {
        "lsoa11_name": "Bassetlaw 002A",
        "lsoa11_code": "E01027999",
        "ccg21_name": "NHS Bassetlaw CCG",
        "ccg21_code": "E38000008",
        "stp21_name": "South Yorkshire and Bassetlaw",
        "stp21_code": "E54000009",
        "ltla21_name": "Bassetlaw",
        "ltla21_code": "E07000171",
    }
]
SICBL_22 = [
    {
        "lsoa11_name": "Bassetlaw 002A",
        "lsoa11_code": "E01027999",
        "sicbl22_name": "NHS Nottingham and Nottinghamshire ICB - 02Q",
        "sicbl22_code": "E38000008",
        "sicbl22_code_h": "02Q",
        "icb22_name": "NHS Nottingham and Nottinghamshire",
        "icb22_code": "E54000060",
        "icb22_code_h": "QT1",
        "ltla22_name": "Bassetlaw",
        "ltla22_code": "E07000171",
    }
]
PUBLISHED_22 = [
    {
        "LSOA11CD": "E01027999",
        "LSOA11NM": "Bassetlaw 002A",
        "SICBL22CD": "E38000008",
        "SICBL22CDH": "02Q",
        "SICBL22NM": "NHS Nottingham and Nottinghamshire ICB - 02Q",
        "ICB22CD": "E54000060",
        "ICB22CDH": "QT1",
        "ICB22NM": "NHS Nottingham and Nottinghamshire",
        "LAD22CD": "E07000171",
        "LAD22NM": "Bassetlaw",
        "FID": "1",
    }
]
LSOA_21 = [
    {
        "lsoa11_name": "Bassetlaw 002A",
        "lsoa11_code": "E01027999",
        "change_code": "U",
        "lsoa21_name": "Bassetlaw 002A",
        "lsoa21_code": "E01027999",
        "ltla22_name": "Bassetlaw",
        "ltla22_code": "E07000171",
    }
]
WITHOUT_CHANGE = [{k: v for k, v in row.items() if k != "change_code"} for row in LSOA_21]
IMD_15 = [
    {
        "lsoa11_code": "E01028065",
        "lsoa11_name": "Bassetlaw 012B",
        "lad13_code": "E07000171",
        "lad13_name": "Bassetlaw",
        "IMD_score": "60.1",
        "IMD_rank": "1220",
        "IMD_decile": "1",
    }
]
IMD_19 = [
    {
        "lsoa11_code": "E01028065",
        "IMD_decile": "1",
        "Income_decile": "1",
        "IMD_rank": "1220",
        "Income_rank": "900",
    }
]
IMD_25 = [
    IMD_19[0] | {"IMD_score": "60.1", "Housing_and_Services_score": "20.0"},
]
IMD_25 = [{k.replace("lsoa11", "lsoa21"): v for k, v in row.items()} for row in IMD_25]
FILE_7 = [
    {
        "LSOA code (2011)": "E01028065",
        "LSOA name (2011)": "Bassetlaw 012B",
        "Local Authority District code (2019)": "E07000171",
        "Local Authority District name (2019)": "Bassetlaw",
        "Index of Multiple Deprivation (IMD) Score": "60.1",
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)": "1220",
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": "1",
        "Income Score (rate)": "0.3",
        "Income Deprivation Affecting Older People (IDAOPI) Score (rate)": "0.3",
        "Total population: mid 2015 (excluding prisoners)": "1700",
    }
]
EDITIONS = [
    ("ons_lsoa_ward", "lookup_lsoa11_ward17.csv", WARD_17),
    ("ons_lsoa_ward", "lookup_lsoa21_ward24_ltla24.csv", WARD_24),
    ("ons_lsoa_ccg", "lookup_lsoa11_ccg21_stp21_ltla21.csv", CCG_21),
    ("ons_lsoa_ccg", "lookup_lsoa11_sicbl22_icb22_ltla22.csv", SICBL_22),
    ("ons_lsoa_ccg", "LSOA11_SICBL22_ICB22_LAD22_EN_LU.csv", PUBLISHED_22),
    ("ons_lsoa11_lsoa21", "lookup_lsoa11_lsoa21_ltla22.csv", LSOA_21),
    ("ons_lsoa11_lsoa21", "lookup_lsoa11_lsoa21_ltla22.csv", WITHOUT_CHANGE),
    ("mhclg_imd", "imd2015_england_lsoa11.csv", IMD_15),
    ("mhclg_imd", "imd2019_england_lsoa11.csv", IMD_19),
    ("mhclg_imd", "imd2025_england_lsoa21.csv", IMD_25),
    ("mhclg_imd", "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv", FILE_7),
]
CASES = [
    (
        "code of another kind",
        "ons_lsoa_ward",
        WARD_17,
        {"ward17_code": "37UCGA"},
        {"VALUE_PATTERN:ward_code": 1},
    ),
    ("no ward", "ons_lsoa_ward", WARD_17, {"ward17_code": ""}, {"VALUE_MISSING:ward_code": 1}),
    ("area twice", "ons_lsoa_ward", WARD_17, {"lsoa11_code": "E01027999"}, {"KEY_DUPLICATE": 1}),
    (
        "ODS code for ONS code",
        "ons_lsoa_ccg",
        CCG_21,
        {"ccg21_code": "02Q"},
        {"VALUE_PATTERN:commissioner_code": 1},
    ),
    ("change of no kind", "ons_lsoa11_lsoa21", LSOA_21, {"change_code": "Z"}, {"VALUE_CODE:change": 1}),
    ("rank", "mhclg_imd", IMD_15, {"IMD_rank": "0"}, {"VALUE_RANGE:imd_rank": 1}),
    ("decile", "mhclg_imd", IMD_15, {"IMD_decile": "11"}, {"VALUE_RANGE:imd_decile": 1}),
    ("score", "mhclg_imd", IMD_15, {"IMD_score": "n/a"}, {"VALUE_NUMBER:imd_score": 1}),
]
NAMES = {extract: name for extract, name, _ in reversed(EDITIONS)}
HARMLESS = {"HEADER_MOVED", "HEADER_RENAMED"}


@pytest.mark.parametrize(("extract", "name", "rows"), EDITIONS)
def test_every_edition_is_taken_whole(extract, name, rows, tmp_path):
    told = look(extract, name, text(rows), tmp_path)
    assert (set(told.findings) - HARMLESS, sum(told.accepted.values())) == (set(), len(rows))


@pytest.mark.parametrize(("defect", "extract", "rows", "change", "expected"), CASES, ids=named)
def test_a_defect(defect, extract, rows, change, expected, tmp_path):
    assert_finds(extract, NAMES[extract], text(rows), text(edited(rows, **change)), expected, tmp_path)


def test_an_edition_that_nothing_names_is_turned_away(tmp_path):
    told = look("ons_lsoa_ward", "lookup.csv", b"lsoa_code,ward_code\nE01028065,E05006401\n", tmp_path)
    assert told.failed
