"""Files that are not new, landed one after the other as they would arrive."""

from __future__ import annotations

import io
import os
from pathlib import Path

import openpyxl
import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import scan
from bassetlaw_pipeline.intake.land import land_extract
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import render_text
from bassetlaw_pipeline.intake.store.ledger import Ledger

HEADER = (
    "Period,Org Code,Parent Org,Org name,A&E attendances Type 1,A&E attendances Type 2,"
    "A&E attendances Other A&E Department,A&E attendances Booked Appointments Type 1,"
    "A&E attendances Booked Appointments Type 2,A&E attendances Booked Appointments Other Department,"
    "Attendances over 4hrs Type 1,Attendances over 4hrs Type 2,Attendances over 4hrs Other Department,"
    "Attendances over 4hrs Booked Appointments Type 1,Attendances over 4hrs Booked Appointments Type 2,"
    "Attendances over 4hrs Booked Appointments Other Department,"
    "Patients who have waited 4-12 hs from DTA to admission,"
    "Patients who have waited 12+ hrs from DTA to admission,Emergency admissions via A&E - Type 1,"
    "Emergency admissions via A&E - Type 2,Emergency admissions via A&E - Other A&E department,"
    "Other emergency admissions"
)


def attendances(month: str, more: int = 0, total: bool = True, zero: tuple[str, ...] = ()) -> bytes:
    """Ten providers of one month, with more attendances each, or none at all."""
    rows = [
        (f"ZZ{n}", [0 if f"ZZ{n}" in zero else 900 + 7 * n + more, 0, 10, 0, 0, 0, 30 + n, *[0] * 11])
        for n in range(10)
    ]
    lines = [f"MSitAE-{month},{code},R,T{code}," + ",".join(map(str, figures)) for code, figures in rows]
    sums = [sum(column) for column in zip(*(figures for _, figures in rows), strict=True)]
    lines += [f"MSitAE-{month},TOTAL,TOTAL,TOTAL," + ",".join(map(str, sums))] if total else []
    return "\n".join([HEADER, *lines, ""]).encode()


@pytest.fixture
def land(settings):
    """Land a file after the ones before it; the receipt."""
    count = iter(range(1, 99))

    def put(extract: str, name: str, data: bytes) -> Receipt:
        contract = load_contracts()[extract]
        path = settings.home.landing / contract.partner / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_760_000_000 + 3600 * next(count),) * 2)
        new = scan(settings.home, load_contracts(), known=Ledger(settings.home).knows)
        [receipt] = land_extract(contract, new, settings)
        return receipt

    return put


def details(receipt: Receipt, code: str) -> list[str]:
    return [f.detail for f in receipt.findings if f.code == code]


def test_a_month_sent_again_under_the_name_of_the_next(land):
    land("nhse_ae_monthly", "Monthly-AE-April-2025.csv", attendances("APRIL-2025"))
    again = land("nhse_ae_monthly", "Monthly-AE-May-2025.csv", attendances("MAY-2025"))
    assert details(again, "PERIOD_REPEATED") == ["2025-05-01 equals 2025-04-01"]
    assert again.verdict == "accepted_with_warnings"
    assert "equals that of another period (2025-05-01 equals 2025-04-01)" in render_text(
        again, load_reasons()
    )
    june = land("nhse_ae_monthly", "Monthly-AE-June-2025.csv", attendances("JUNE-2025", more=3))
    assert details(june, "PERIOD_REPEATED") == []


def test_a_file_cut_before_its_total_and_a_provider_with_zeros(land):
    for n, month in enumerate(("January", "February", "March")):
        data = attendances(f"{month.upper()}-2025", more=n)
        before = land("nhse_ae_monthly", f"Monthly-AE-{month}-2025.csv", data)
        assert {f.code for f in before.findings} <= {"TOTAL_ROW", "PROVIDER_MISSING", "VALUE_SUPPRESSED"}
    data = attendances("APRIL-2025", more=9, total=False, zero=("ZZ3",))
    april = land("nhse_ae_monthly", "Monthly-AE-April-2025.csv", data)
    assert [f.count for f in april.findings if f.code == "TOTAL_ROW_MISSING"] == [3]
    [fell] = [f for f in april.findings if f.code == "FELL_TO_NOTHING"]
    assert (fell.column, fell.header, fell.count, fell.detail) == (
        "type1_attendances", "A&E attendances Type 1", 1, "ZZ3",
    )  # fmt: skip


def beds(shared: Path) -> Path:
    [folder] = (shared / "data" / "cases").glob("c14-*")
    return folder / "control" / "Beds-Open-Overnight-Web_File-Q3-2019-20-Final.xlsx"


def another_quarter(data: bytes, zero: str | None = None) -> bytes:
    """The workbook as of the next quarter, with other figures, and zeros for one provider."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for row in sheet.iter_rows():
            texts = [str(c.value) for c in row]
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("October to December 2019", "January to March 2020")
                elif isinstance(cell.value, (int, float)) and cell.value >= 20:
                    cell.value = 0 if zero in texts else cell.value + 1
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_trust_that_stands_with_zero_beds(land, shared):
    data = beds(shared).read_bytes()
    land("nhse_kh03", "Beds-Open-Overnight-Web_File-Q3-2019-20-Final.xlsx", data)
    name = "Beds-Open-Overnight-Web_File-Q4-2019-20-Final.xlsx"
    receipt = land("nhse_kh03", name, another_quarter(data, zero="RP5"))
    assert receipt.verdict != "rejected", receipt.findings
    fell = {f.column: f.detail for f in receipt.findings if f.code == "FELL_TO_NOTHING"}
    assert fell["occupied_total"] == "RP5" and fell["available_total"] == "RP5"


def test_codes_of_practices_that_went_elsewhere_all_at_once(land):
    national = [f"A{n:05d}" for n in range(81000, 81030)]
    ours = ["C84001", "C84008", "C84013", "C84024", "C84035"]
    head = "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"

    def lists(month: str, codes: list[str], more: int) -> bytes:
        rows = [f"GP_PRAC_PAT_LIST,01{month}2021,GP,02Q,E38000008,{c},S80 1AA,ALL,ALL,{5000 + more + n}"
                for n, c in enumerate(codes)]  # fmt: skip
        return "\n".join([head, *rows, ""]).encode()

    march = land("nhsd_gp_list_size", "gp-reg-pat-prac-all_2021-03.csv", lists("MAR", national + ours, 0))
    assert march.verdict != "rejected", march.findings
    spoilt = national + ours[:2] + ["C8401", "C840024", "84035"]
    april = land("nhsd_gp_list_size", "gp-reg-pat-prac-all_2021-04.csv", lists("APR", spoilt, 9))
    assert details(april, "ROWS_ELSEWHERE_MORE") == ["30 left out and 5 kept is usual, 2 were kept"], (
        april.findings
    )
