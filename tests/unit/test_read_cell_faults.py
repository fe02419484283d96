"""Cells that look empty but are not, and workbooks that count days from 1904."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
import xlwt
from small_contracts import column, contract, read_bytes, table, workbook

from bassetlaw_pipeline.intake.read import cell_faults

NAME = "visits_201904.xlsx"
VISITS = contract(
    table("id", column("seen", logical_type="date", formats=("%Y-%m-%d", "excel_serial")), column("score")),
    file={"format": "xlsx"},
)


def rewritten(book: bytes, member: str, change) -> bytes:
    """A workbook with one of its XML parts changed."""
    source, target = zipfile.ZipFile(io.BytesIO(book)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, change(data) if name == member else data)
    return target.getvalue()


def told(result) -> list[tuple]:
    return [(f.code, f.column, f.count, f.rows) for f in result.findings]


def test_formulas_without_a_result_are_told_with_row_and_column(tmp_path):
    book = workbook({"Data": [["id", "seen", "score"], ["a", "2019-04-01", "=1+2"], ["b", "2019-04-02", 3]]})
    result = read_bytes(book, VISITS, tmp_path, name=NAME)
    assert told(result) == [("CELL_FORMULA", "score", 1, (2,))]
    assert result.tables[0].rows.column("score").to_pylist() == [None, "3"]


def test_formulas_with_a_result_are_read(tmp_path):
    """An empty text is a result, too."""
    book = workbook({"Data": [["id", "seen", "score"], ["a", None, "=1+2"], ["b", None, '=""']]})
    sheet = "xl/worksheets/sheet1.xml"

    def calculated(data: bytes) -> bytes:
        data = re.sub(rb"(<f>1\+2</f>)<v */>", rb"\1<v>3</v>", data)
        return re.sub(rb'<c r="C3"[^>]*>', b'<c r="C3" t="str">', data)

    result = read_bytes(rewritten(book, sheet, calculated), VISITS, tmp_path, name=NAME)
    assert told(result) == []
    assert result.tables[0].rows.column("score").to_pylist() == ["3", None]


def test_cells_without_a_place_are_counted_along():
    rows = b"<row><c/><c t='e'><v>#REF!</v></c></row><row><c><f>1</f></c></row>"
    root = cell_faults.xml.parse(b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>")
    found = [(f.kind, f.row, f.position) for f in cell_faults._faults(root)]
    assert found == [("CELL_ERROR", 1, 1), ("CELL_FORMULA", 2, 0)]


def test_error_cells_of_the_old_format_are_told(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for position, text in enumerate(["id", "seen", "score"]):
        sheet.write(0, position, text)
    sheet.write(1, 0, "a")
    sheet.row(1).set_cell_error(2, "#REF!")
    target = io.BytesIO()
    book.save(target)
    to = contract(VISITS.main, file={"format": "xls"})
    result = read_bytes(target.getvalue(), to, tmp_path, name="visits_201904.xls")
    assert told(result) == [("CELL_ERROR", "score", 1, (2,))]


@pytest.mark.parametrize(("uses_1904", "text"), [(False, "43556.5"), (True, "45018.5")])
def test_day_numbers_follow_the_system_of_their_workbook(uses_1904, text, tmp_path):
    """43556 days are 1 April 2019 from 1900, and 2 April 2023 from 1904."""
    book = workbook({"Data": [["id", "seen", "score"], ["a", 43556.5, 43556]]})
    if uses_1904:
        opened = openpyxl.load_workbook(io.BytesIO(book))
        opened.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        target = io.BytesIO()
        opened.save(target)
        book = target.getvalue()
    (row,) = read_bytes(book, VISITS, tmp_path, name=NAME).tables[0].rows.to_pylist()
    assert (row["seen"], row["score"]) == (text, "43556")  # a number that is no day stays as it is
