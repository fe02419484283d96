"""Talking therapies: three files in one zip, all or nothing; a clean zip, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, bundle, edited, look, patient, text

EXTRACT, NAME = "nhft_iapt", "RHA_IAPT_201904.zip"
PHQ9, GAD7 = "720433000", "445455005"


def referral(n: int, **more):
    return (
        patient(n)
        | {
            "service_request_id": f"R{n}",
            "referral_date": "2019-04-02",
            "source_of_referral": "B1",
            "presenting_complaint": "35489007",
            "ltc": "73211009|13645005",
            "employment_status": "01",
            "employment_status_date": "2019-04-02",
            "sickness_absence": "N",
            "emp_support_referral_date": "",
            "discharge_date": "",
            "discharge_reason": "",
        }
        | more
    )


REFERRALS = [referral(1), referral(2, referral_date="2019-03-11")]
CONTACTS = [
    {"service_request_id": f"R{n}", "care_contact_id": f"C{n}", "contact_date": day, "appointment_type": "01",
     "attended": "5", "ltc_service": "N"}
    for n, day in ((1, "2019-04-20"), (2, "2019-03-20"))
]  # fmt: skip
SCORES = [
    {"service_request_id": "R1", "tool": tool, "score": score, "score_date": "2019-04-20"}
    for tool, score in ((PHQ9, "14"), (GAD7, "11"))
]


def packed(referrals=REFERRALS, contacts=CONTACTS, scores=SCORES) -> bytes:
    return bundle(referrals=text(referrals), contacts=text(contacts), scores=text(scores))


CLEAN = packed()
OLD_SCORES = [row | {"score_date": "2019-03-20"} for row in SCORES]
CASES = [
    ("D01", {"referrals": edited(REFERRALS, nhs_number="9.99E+09")}, {"NHS_NUMBER_SCIENTIFIC:nhs_number": 1}),
    ("D06", {"contacts": edited(CONTACTS, 1, contact_date="20/03/2019")}, {"VALUE_DATE:contact_date": 1}),
    ("D06", {"scores": edited(SCORES, score_date="2019-04-31")}, {"VALUE_DATE:score_date": 1}),
    ("D09", {"contacts": [*CONTACTS, CONTACTS[0] | {"attended": "3"}]}, {"KEY_DUPLICATE": 1}),
    ("D10", {"contacts": edited(CONTACTS, 1, contact_date="2019-02-20")}, {"LATE_ROWS": 1}),
    ("D12", {"referrals": edited(REFERRALS, discharge_date="2020-11-01", discharge_reason="42")},
     {"CODE_RETIRED": 1}),
    ("D12", {"referrals": edited(REFERRALS, employment_status="15")}, {"VALUE_CODE:employment_status": 1}),
    ("D20", {"contacts": edited(CONTACTS, service_request_id="R9")}, {"ORPHAN:service_request_id": 1}),
    ("D20", {"scores": edited(SCORES, service_request_id="R9")}, {"ORPHAN:service_request_id": 1}),
    ("D29", {"referrals": edited(REFERRALS, discharge_date="2019-04-01")}, {"DATE_ORDER:discharge_date": 1}),
    ("D31 content", {"scores": OLD_SCORES}, {"PERIOD_MISMATCH": 1}),
    ("range", {"scores": edited(SCORES, score="28")}, {"SCORE_RANGE:score": 1}),
]  # fmt: skip


def test_a_clean_zip_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.quarantined_rows) == ({}, 0)
    assert told.accepted == {"referrals": 2, "contacts": 2, "scores": 2}


@pytest.mark.parametrize(("defect", "tables", "expected"), CASES)
def test_a_defect(defect, tables, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, packed(**tables), expected, tmp_path)


@pytest.mark.parametrize(
    ("defect", "data", "code"),
    [
        ("missing", bundle(referrals=text(REFERRALS), contacts=text(CONTACTS)), "BUNDLE_MEMBER_MISSING"),
        ("name", bundle(referrals=text(REFERRALS), contacts=text(CONTACTS), scores_201903=text(SCORES)),
         "PERIOD_MISMATCH"),
        ("encoding", bundle(referrals=text(edited(REFERRALS, ltc="£"), encoding="cp1252"),
                            contacts=text(CONTACTS), scores=text(SCORES)), "FILE_ENCODING"),
        ("cut off", CLEAN[:-200], "FILE_UNREADABLE"),
    ],
)  # fmt: skip
def test_one_bad_part_turns_the_whole_zip_away(defect, data, code, tmp_path):
    told = look(EXTRACT, NAME, data, tmp_path)
    assert told.failed
    assert (list(told.findings), told.accepted) == ([code], {})
