"""Zip files and workbooks that mean harm or are broken, and bundles of tables."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from small_contracts import contract, read_bytes, rejected, rejection, table, workbook

from bassetlaw_pipeline.contracts.model import Layout

NAME = "visits_201904.zip"
BOOK = contract(table("a", layouts=(Layout(sheet="s"),)), file={"format": "xlsx"})
BUNDLE = contract(
    table("id", "n", name="referrals", member=r"referrals_(?P<year>\d{4})(?P<month>\d\d)\.csv"),
    table("id", "score", name="scores", member=r"scores.*\.csv"),
    file={"format": "zip"},
)
REFERRALS, SCORES = ("referrals_201904.csv", b"id,n\n1,2\n"), ("x/scores.csv", b"id,score\n1,9\n")


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def claiming(data: bytes, size: int) -> bytes:
    """A zip file whose directory claims another unpacked size for its first member."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + size.to_bytes(4, "little") + data[at + 4 :]


def test_all_tables_of_a_bundle_are_read(tmp_path):
    data = zipped(REFERRALS, SCORES, ("__MACOSX/scores.csv", b"junk"))
    result = read_bytes(data, BUNDLE, tmp_path, name=NAME)
    assert [t.rows.num_rows for t in result.tables] == [1, 1]


@pytest.mark.parametrize(
    ("data", "code", "detail"),
    [
        (zipped(REFERRALS), "BUNDLE_MEMBER_MISSING", "scores"),
        (zipped(("draft/scores.csv", b"id,score\n"), REFERRALS, SCORES), "BUNDLE_MEMBER_TWICE", "scores"),
        (zipped(("referrals_201903.csv", b"id,n\n1,2\n"), SCORES), "PERIOD_MISMATCH", "referrals"),
        (zipped(REFERRALS, ("scores.csv", b"id,points\n1,2\n")), "HEADER", ""),
        (zipped(REFERRALS, SCORES, ("../evil.csv", b"")), "FILE_NAME_UNSAFE", ""),
        (zipped(REFERRALS, SCORES, ("..\\evil.csv", b"")), "FILE_NAME_UNSAFE", ""),
        (zipped(REFERRALS, SCORES, ("/etc/evil.csv", b"")), "FILE_NAME_UNSAFE", ""),
        (zipped(REFERRALS, SCORES)[:-30], "FILE_UNREADABLE", ""),
        (claiming(zipped(REFERRALS, SCORES), 4_000_000_000), "FILE_ZIP_BOMB", "4,000,000,0"),
        (zipped(("a.csv", b"\0" * 60_000_000)), "FILE_ZIP_BOMB", ""),
        (claiming(zipped(REFERRALS, SCORES), 3), "FILE_UNREADABLE", ""),
        (b"not a zip", "FILE_UNREADABLE", ""),
    ],
)
def test_a_bundle_is_read_whole_or_not_at_all(data, code, detail, tmp_path):
    found = rejected(data, BUNDLE, tmp_path, name=NAME)[0]
    assert found.code.startswith(code) and detail in found.detail


def replaced(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(data))
    return zipped(
        *((n, source.read(n).replace(old, new) if n == member else source.read(n)) for n in source.namelist())
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"hello", "FILE_UNREADABLE"),
        (workbook({"s": [["a"], ["1"]]})[:-200], "FILE_UNREADABLE"),
        (workbook({"s": [["a"], ["1"]]})[:800], "FILE_UNREADABLE"),
        (zipped(REFERRALS), "FILE_UNREADABLE"),
        (claiming(workbook({"s": [["a"], ["1"]]}), 4_000_000_000), "FILE_ZIP_BOMB"),
        (
            replaced(
                workbook({"s": [["a"], ["1"]]}),
                "xl/workbook.xml",
                b"<workbook",
                b'<!DOCTYPE x [<!ENTITY y "z">]><workbook',
            ),
            "FILE_UNREADABLE",
        ),
    ],
)
def test_a_broken_or_hostile_workbook(data, code, tmp_path):
    assert rejection(data, BOOK, tmp_path, name="visits_201904.xlsx").code == code


def stray(cell: str) -> bytes:
    """A workbook with one cell far away from the others."""
    book = openpyxl.Workbook()
    book.active.title = "s"
    book.active["A1"], book.active[cell] = "a", "x"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_one_stray_cell_at_the_far_end_is_named(tmp_path):
    """Unchecked, the reader claims hundreds of gigabytes for the cells between and its process is aborted."""
    found = rejection(stray("ALL1048576"), BOOK, tmp_path, name="visits_201904.xlsx")
    assert found.code == "FILE_ZIP_BOMB" and "1,048,576 rows" in found.detail


def test_rows_left_behind_a_pivot_table(tmp_path):
    data = workbook({"s": [["a"], ["1"]]})
    source = zipfile.ZipFile(io.BytesIO(data))
    members = [(n, source.read(n)) for n in source.namelist()]
    data = zipped(*members, ("xl/pivotCache/pivotCacheRecords1.xml", b'<r><n v="9990000018"/></r>'))
    found = rejection(data, BOOK, tmp_path, name="visits_201904.xlsx")
    assert found.code == "SHEET_EXTRA_IDENTIFIERS"


def test_a_workbook_that_kills_its_reader_takes_nothing_else_along():
    from bassetlaw_pipeline.intake.model import FileRejected
    from bassetlaw_pipeline.intake.read import sandbox

    with pytest.raises(FileRejected, match="FILE_UNREADABLE"):
        sandbox.workbook(stray("XFD1048576"))
    (sheet,) = sandbox.workbook(workbook({"s": [["a"], ["1"]]}))["sheets"]
    assert sheet == {"name": "s", "visible": True, "rows": [["a"], ["1"]]}


XML = contract(table("FHRSID", "RatingValue", "Hygiene", name="EstablishmentDetail"), file={"format": "xml"})


def test_flat_records_of_xml(tmp_path):
    data = b"""<FHRS xmlns="x"><Header><Count>2</Count></Header><EstablishmentCollection>
      <EstablishmentDetail><FHRSID>1</FHRSID><RatingValue>5</RatingValue><Scores><Hygiene>0</Hygiene></Scores>
      </EstablishmentDetail><EstablishmentDetail><FHRSID>2</FHRSID><RatingValue/></EstablishmentDetail>
      <EstablishmentDetail><FHRSID>3</FHRSID><FHRSID>4</FHRSID></EstablishmentDetail>
    </EstablishmentCollection></FHRS>"""
    read = read_bytes(data, XML, tmp_path, name="visits_201904.xml").tables[0]
    assert [tuple(r.values()) for r in read.rows.to_pylist()] == [("1", "5", "0", 1), ("2", None, None, 2)]
    assert read.malformed == ((3, "ROW_FIELD_COUNT"),)


def test_records_under_a_misspelt_name_are_an_error(tmp_path):
    record = "<{0}><FHRSID>{1}</FHRSID><RatingValue>5</RatingValue></{0}>"
    names = ["EstablishmentDetail", *["EstablishmentDetails"] * 3]
    data = "".join(record.format(name, number) for number, name in enumerate(names))
    found = rejection(f"<All>{data}</All>".encode(), XML, tmp_path, name="visits_201904.xml")
    assert (found.code, found.count, found.detail) == (
        "RECORD_NAME_UNKNOWN",
        3,
        "3 called 'EstablishmentDetails'",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a><b></a>", "<a/>", ""])
def test_xml_that_cannot_be_used(text, encoding, tmp_path):
    data = text.encode(encoding)
    assert rejection(data, XML, tmp_path, name="visits_201904.xml").code in (
        "FILE_UNREADABLE",
        "FILE_HEADER_ONLY",
    )
