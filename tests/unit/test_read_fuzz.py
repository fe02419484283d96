"""Any table survives being written and read; any bytes end in a result or in FileRejected."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_contracts import contract, read_bytes, table, workbook

from bassetlaw_pipeline.contracts.model import Layout
from bassetlaw_pipeline.intake.model import FileRejected

CELLS = st.one_of(
    st.sampled_from(
        ["", ",", '"', "\n", "\r\n", "\r", "a\nb", '""', "007", "3.70", "=1", "é£", "|", "NULL", "'"]
    ),
    st.text(st.characters(blacklist_characters="\0\ufeff", blacklist_categories=("Cs",)), max_size=8),
)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), min_size=1, max_size=30)
TO = contract(table("a", "b", "c"))
EXAMPLES = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def written(cell: str, always: bool) -> str:
    """A CSV field; the standard library leaves a lone carriage return unquoted."""
    quote = always or any(c in cell for c in ',"\r\n')
    return '"' + cell.replace('"', '""') + '"' if quote else cell


@EXAMPLES
@given(rows=ROWS, always=st.booleans(), end=st.sampled_from(["\n", "\r\n"]))
def test_any_table_of_text_reads_back_identical(rows, always, end, tmp_path):
    text = "".join(",".join(written(c, always) for c in row) + end for row in [["a", "b", "c"], *rows])
    read = read_bytes(text.encode(), TO, tmp_path).tables[0].rows
    assert read.column("_row_number").to_pylist() == list(range(2, len(rows) + 2))
    assert [[r["a"] or "", r["b"] or "", r["c"] or ""] for r in read.to_pylist()] == rows


FORMATS = {
    "csv": TO,
    "xlsx": contract(table("a", "b", layouts=(Layout(sheet="s"),)), file={"format": "xlsx"}),
    "xml": contract(table("a", "b"), file={"format": "xml"}),
    "zip": contract(table("a", "b", member=r".*\.csv"), file={"format": "zip"}),
}


@pytest.mark.parametrize("kind", FORMATS)
@EXAMPLES
@given(
    data=st.binary(max_size=400), head=st.sampled_from([b"", b"a,b,c\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
)
def test_random_bytes_never_end_in_anything_but_a_rejection(kind, data, head, tmp_path):
    try:
        read_bytes(head + data, FORMATS[kind], tmp_path, name=f"visits_201904.{kind}")
    except FileRejected as error:
        assert error.findings


def old_workbook() -> bytes:
    import xlwt

    book, target = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("s")
    for i, row in enumerate([["a", "b"], ["1", 2], ["x", 3.5]]):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    "source", [workbook({"s": [["a", "b"], ["1", 2]]}), old_workbook()], ids=["xlsx", "xls"]
)
def test_damaged_workbooks_never_end_in_anything_but_a_rejection(source, tmp_path):
    dice = random.Random(7)
    for _ in range(150):
        data = bytearray(source)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            read_bytes(bytes(data), FORMATS["xlsx"], tmp_path, name="visits_201904.xlsx")
        except FileRejected as error:
            assert error.findings
