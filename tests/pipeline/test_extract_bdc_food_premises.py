"""Food premises as XML and the award workbook: a clean file, and each defect alone."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

import pytest
from extract_files import POSTCODE, UNKNOWN_POSTCODE, assert_finds, look, workbook

EXTRACT, NAME = "bdc_food_premises", "FHRS_Bassetlaw_20190430.xml"
AWARDS, AWARDS_NAME = "bdc_hot_awards", "HOT_awards_201904.xlsx"
SCORES = {"Hygiene": "5", "Structural": "5", "ConfidenceInManagement": "5"}


def premises(n: int, **more):
    return {
        "FHRSID": f"{1000 + n}",
        "LocalAuthorityBusinessID": f"PI/{n:06d}",
        "BusinessName": "The Corner Chippy",
        "BusinessType": "Takeaway/sandwich shop",
        "BusinessTypeID": "7844",
        "AddressLine1": "1 High Street",
        "PostCode": POSTCODE,
        "RatingValue": "4",
        "RatingKey": "fhrs_4_en-gb",
        "RatingDate": "2019-02-03",
        "LocalAuthorityCode": "999",
        "LocalAuthorityName": "Bassetlaw",
        "Scores": "",
        "SchemeType": "FHRS",
        "NewRatingPending": "False",
    } | more


def collection(*records: dict[str, str], scores: dict[str, str] = SCORES) -> bytes:
    inner = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in scores.items())
    body = "".join(
        "<EstablishmentDetail>"
        + "".join(f"<{k}>{escape(v) or (k == 'Scores') * inner}</{k}>" for k, v in record.items())
        + "<Geocode><Longitude>-1.1</Longitude><Latitude>53.3</Latitude></Geocode>"
        + "</EstablishmentDetail>"
        for record in records
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><FHRSEstablishment>'
        f"<Header><ExtractDate>2019-04-30</ExtractDate><ItemCount>{len(records)}</ItemCount></Header>"
        f"<EstablishmentCollection>{body}</EstablishmentCollection></FHRSEstablishment>"
    ).encode()


ROWS = [premises(1), premises(2), premises(3, RatingValue="AwaitingInspection", RatingDate="")]
CLEAN = collection(*ROWS)
CASES = [
    ("D04", premises(1, PostCode=UNKNOWN_POSTCODE), {"POSTCODE_UNMAPPED:postcode": 1}),
    ("D12", premises(1, BusinessType="Zoo"), {"VALUE_CODE:business_type": 1}),
    ("D13", premises(1, BusinessType="takeaway"), {"VALUE_CODE_LOCAL:business_type": 1}),
    ("D13", premises(1, RatingValue="Awaiting Inspection"), {"VALUE_CODE_LOCAL:rating_value": 1}),
    ("D21", premises(1, FoodCrime="no"), {"HEADER_UNKNOWN_COLUMN": 1}),
    ("D29", premises(1, RatingDate="2019-05-02"), {"DATE_ORDER:rating_date": 1}),
    ("key", premises(2, RatingValue="5"), {"KEY_DUPLICATE": 1}),
    ("council", premises(1, LocalAuthorityCode="411"), {"PARTS_DISAGREE": 1}),
]


def test_a_clean_register_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 3}, 0)


@pytest.mark.parametrize(("defect", "record", "expected"), CASES)
def test_a_record(defect, record, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, collection(record, *ROWS[1:]), expected, tmp_path)


@pytest.mark.parametrize(
    ("defect", "data", "code"),
    [
        ("D21 missing", collection(*({k: v for k, v in r.items() if k != "RatingValue"} for r in ROWS)),
         "HEADER_MISSING_COLUMN"),
        ("D24 bytes", CLEAN.replace(b"Corner", b"C\xf4rner"), "FILE_UNREADABLE"),
        ("D24 cut off", CLEAN[:-40], "FILE_UNREADABLE"),
        ("entities", CLEAN.replace(b"<FHRS", b'<!DOCTYPE x [<!ENTITY a "b">]><FHRS', 1), "FILE_UNREADABLE"),
    ],
)  # fmt: skip
def test_a_file_is_turned_away(defect, data, code, tmp_path):
    told = look(EXTRACT, NAME, data, tmp_path)
    assert told.failed
    assert list(told.findings) == [code]


HEADER = ["FHRSID", "Business name", "Award", "Award date"]
LIST = [[1001, "The Corner Chippy", "gold", date(2019, 1, 5)], [1002, "Wok", "bronze", date(2018, 6, 1)]]
CLEAN_LIST = workbook(Awards=[HEADER, *LIST])
LISTS = [
    ("D13", [HEADER, [1001, "", "Gold ", LIST[0][3]], LIST[1]], {}),
    ("D13", [HEADER, [1001, "", "platinum", LIST[0][3]], LIST[1]], {"VALUE_CODE:hot_award": 1}),
    ("D15", [["HOT awards"], ["April 2019"], HEADER, *LIST], {"TITLE_ROWS": 2}),
    ("D17", [HEADER, *LIST, ["Produced by Environmental Health"]], {"FOOTER_ROW": 1}),
    ("D21", [["FHRS ID", *HEADER[1:]], *LIST], {"HEADER_RENAMED": 1}),
    ("D05", [HEADER, [1001, "", "gold", 43470], LIST[1]], {"VALUE_EXCEL_DATE:hot_award_date": 1}),
    ("D29", [HEADER, [1001, "", "gold", date(2019, 5, 1)], LIST[1]], {"DATE_ORDER:hot_award_date": 1}),
]


@pytest.mark.parametrize(("defect", "rows", "expected"), LISTS)
def test_an_award_list(defect, rows, expected, tmp_path):
    told = assert_finds(AWARDS, AWARDS_NAME, CLEAN_LIST, workbook(Awards=rows), expected, tmp_path)
    assert sum(told.accepted.values()) + told.quarantined_rows == 2
