"""epraccur and ePCN: clean files, the names of columns that changed, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, look, named, workbook

PRACTICE = (
    'C84052,THE MISTERTON GROUP PRACT,Y63,Q72,"MARSH LANE",X,X,X,,DN10 4DL,19740401,20190430,C,B,02Q,'
    "20130401,20190430,01427 000000,,,,0,,02Q,,4,"
)
OPEN = PRACTICE.replace("C84052", "C84001").replace("20190430", "").replace(",C,B,", ",A,B,")
REGISTER = "\r\n".join([PRACTICE, OPEN, ""])
PRACTICES = [
    ("status", (",A,B,", ",Q,B,"), {"VALUE_CODE:status": 1}),
    ("date", ("19740401,20190430", "19740401,20190431"), {"VALUE_DATE:close_date": 1}),
    ("closed before it opened", ("20190430,C", "19730430,C"), {"DATE_ORDER": 1}),
    ("code", ("C84001", "C84-1"), {"VALUE_PATTERN:practice_code": 1}),
    ("twice", ("C84001", "C84052"), {"KEY_DUPLICATE": 1}),
    ("a field more", (",02Q,,4,\r\n", ",02Q,,4,,\r\n"), {"ROW_FIELD_COUNT": 1}),
]


@pytest.mark.parametrize("name", ["epraccur.csv", "epraccur_2015.csv", "epraccur_2022-02.csv"])
def test_practices_of_any_year_are_taken_whole(name, tmp_path):
    told = look("ods_epraccur", name, REGISTER.encode(), tmp_path)
    assert (told.findings, told.accepted) == ({}, {"ods_epraccur": 2})


@pytest.mark.parametrize(("defect", "change", "expected"), PRACTICES, ids=named)
def test_a_defect_of_practices(defect, change, expected, tmp_path):
    damaged = REGISTER.replace(*change, 1).encode()
    assert_finds("ods_epraccur", "epraccur.csv", REGISTER.encode(), damaged, expected, tmp_path)


def book(was: str = "CCG", member=("20191001", ""), network="U05001", **more) -> bytes:
    """An ePCN workbook; CCG columns were called Sub ICB from 2022 on, with line breaks in the cells."""
    long = "Clinical \nCommissioning \nGroup" if was == "CCG" else was
    return workbook(
        PCNDetails=[
            ["PCN Code", "PCN Name", f"Current {long} Code", f"{long}\nName", "Open Date", "Close Date"]
            + [f"Address Line {n}" for n in range(1, 6)]
            + ["Postcode"],
            ["U05001", "LARWOOD & BAWTRY", "02Q", "X", "20191001", None, "A", None, None, None, None, "S80"],
        ],
        PCN__Core__Partner__Details=[
            [
                *("Partner\nOrganisation\nCode", "Partner\nName"),
                *(f"Practice\nParent\n{was} {what}" for what in ("Code", "Name")),
                *("PCN Code", "PCN Name"),
                *(f"PCN Parent\n{was} {what}" for what in ("Code", "Name")),
                *(f"Practice to PCN\nRelationship\n{end} Date" for end in ("Start", "End")),
                f"Practice {was} and PCN\n{was} Match ",
            ],
            ["C84001", "LARWOOD SURGERY", "02Q", "X", network, "LARWOOD & BAWTRY", "02Q", "X", *member, True],
            [
                "C84101",
                "BAWTRY",
                "02Q",
                "X",
                "U05001",
                "LARWOOD & BAWTRY",
                "02Q",
                "X",
                "20191001",
                None,
                True,
            ],
        ],
        **more,
    )


NETWORKS = [
    ("start", {"member": ("", "")}, {"KEY_MISSING:member_from": 1}),
    ("date", {"member": ("20191001", "30/06/2021")}, {"VALUE_DATE:member_to": 1}),
    ("ends before it begins", {"member": ("20191001", "20190101")}, {"DATE_ORDER": 1}),
    ("network", {"network": "U5001"}, {"VALUE_PATTERN:pcn_code": 1}),
    ("D18", {"Notes": [["ODS"]]}, {"SHEET_EXTRA": 1}),
]


@pytest.mark.parametrize("was", ["CCG", "Sub ICB Loc", "Sub ICB Location"])
def test_networks_of_any_year_are_taken_whole(was, tmp_path):
    told = look("ods_epcn", "ePCN.xlsx", book(was), tmp_path)
    assert (told.findings, told.accepted) == ({}, {"memberships": 2, "networks": 1})


@pytest.mark.parametrize(("defect", "change", "expected"), NETWORKS, ids=named)
def test_a_defect_of_networks(defect, change, expected, tmp_path):
    assert_finds("ods_epcn", "ePCN_2022.xlsx", book(), book(**change), expected, tmp_path)
