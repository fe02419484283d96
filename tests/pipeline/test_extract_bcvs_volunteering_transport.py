"""Volunteering and transport: a clean workbook, and each defect alone."""

from __future__ import annotations

from datetime import date

import pytest
from extract_files import POSTCODE, UNKNOWN_POSTCODE, assert_finds, look, named, nhs_number, workbook

EXTRACT, NAME = "bcvs_volunteering_transport", "BCVS_Vol_Transport_Q1_2019-20.xlsx"
VOLUNTEERS = [
    ["Volunteer ref", "Month", "Hours", "Role", "Home postcode", "Age band"],
    ["V1", "Apr-19", 12.5, "driver", POSTCODE, "65-74"],
    ["V2", "May-19", 3, "befriender", POSTCODE, "75+"],
]
BEFRIENDING = [
    ["Volunteer ref", "Month", "UCLA (start)", "UCLA (end)"],
    ["V2", "May-19", 8, 6],
]
TRIPS = [
    ["Trip ID", "Date", "From", "To", "Purpose", "Passengers"],
    ["T1", date(2019, 4, 3), "Harworth", "Bassetlaw Hospital", "hospital", 4],
    ["T2", date(2019, 4, 4), "Harworth", "Retford PCC", "GP", 2],
    ["Harworth Total", None, None, None, None, 6],
    ["T3", date(2019, 6, 4), "Tuxford", "shops", "shopping", 5],
    ["Tuxford Total", None, None, None, None, 5],
    ["Grand Total", None, None, None, None, 11],
]


def pack(volunteers=VOLUNTEERS, befriending=BEFRIENDING, trips=TRIPS, **more) -> bytes:
    return workbook(Volunteers=volunteers, Befriending=befriending, Trips=trips, **more)


def changed(rows, line: int, at: int, value):
    return [[value if (i, j) == (line, at) else v for j, v in enumerate(row)] for i, row in enumerate(rows)]


CLEAN = pack()
CASES = [
    ("D04", pack(volunteers=changed(VOLUNTEERS, 1, 4, UNKNOWN_POSTCODE)),
     {"POSTCODE_UNMAPPED:home_postcode": 1}),
    ("D05", pack(volunteers=changed(VOLUNTEERS, 1, 1, 43556)), {"VALUE_EXCEL_DATE:month": 1}),
    ("D06", pack(trips=changed(TRIPS, 1, 1, "3rd April")), {"VALUE_DATE:trip_date": 1}),
    ("D07", pack(trips=changed(TRIPS, 1, 3, "BDGH")), {"VALUE_CODE_LOCAL:to_place": 1}),
    ("D13", pack(trips=changed(TRIPS, 4, 2, "Tuxforth")), {"VALUE_CODE_LOCAL:from_village": 1}),
    ("D13", pack(trips=changed(TRIPS, 4, 2, "Atlantis")), {"VALUE_CODE:from_village": 1}),
    ("D15", pack(volunteers=[["BCVS"], [], ["Q1 2019-20"], *VOLUNTEERS]), {"TITLE_ROWS": 2}),
    ("D16 sub-total", pack(trips=changed(TRIPS, 3, 5, 7)), {"TOTAL_MISMATCH:passengers": 1}),
    ("D16 total", pack(trips=changed(TRIPS, 6, 5, 12)), {"TOTAL_MISMATCH:passengers": 1}),
    ("D17", pack(befriending=[*BEFRIENDING, ["Produced by BCVS"]]), {"FOOTER_ROW": 1}),
    ("D18 sheet", pack(Old=[["x"]]), {"SHEET_EXTRA": 1}),
    ("D18 people", pack(Old=[[nhs_number(5)]]), {"SHEET_EXTRA_IDENTIFIERS": 1}),
    ("D21", pack(trips=changed(TRIPS, 0, 5, "Pax")), {"HEADER_RENAMED": 1}),
    ("D21 wrapped", pack(trips=changed(TRIPS, 0, 0, "Trip\nID")), {}),
    ("D22", pack(volunteers=changed(VOLUNTEERS, 1, 2, "3hrs")), {"VALUE_UNIT:hours": 1}),
    ("D22", pack(volunteers=changed(VOLUNTEERS, 1, 2, "a few")), {"VALUE_NUMBER:hours": 1}),
    ("D26", pack(volunteers=[*VOLUNTEERS, ["V1", "Apr-19", 2, "group helper", POSTCODE, "65-74"]]),
     {"KEY_DUPLICATE": 1}),
    ("range", pack(befriending=changed(BEFRIENDING, 1, 2, 2)), {"VALUE_RANGE:befriendee_ucla_start": 1}),
    ("period", pack(trips=changed(TRIPS, 1, 1, date(2019, 7, 1))), {"ROW_OTHER_PERIOD:trip_date": 1}),
]  # fmt: skip


def test_a_clean_workbook_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert told.findings == {"TOTAL_ROW": 3}
    assert (told.accepted, told.quarantined_rows) == ({"volunteers": 2, "befriending": 1, "trips": 3}, 0)


@pytest.mark.parametrize(("defect", "damaged", "expected"), CASES, ids=named)
def test_a_defect(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)
