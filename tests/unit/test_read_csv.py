"""Delimited files: what is read, what is set aside, what is turned away, each watched happening."""

from __future__ import annotations

import hashlib
import time

import pytest
from small_contracts import column, contract, read_bytes, rejected, rejection, table

from bassetlaw_pipeline.contracts.model import Layout, NonData, PeriodSpec
from bassetlaw_pipeline.contracts.shape import Unpivot

THREE = contract(table("id", "site", "n"))
HEADER = b"id,site,n\n"


def rows(data, to, folder, **more):
    return read_bytes(data, to, folder, **more).tables[0].rows.to_pylist()


def codes(result):
    return [f.code for f in result.findings]


def test_values_stay_text_and_rows_are_numbered_from_the_header(tmp_path):
    read = rows(HEADER + b'007,3.7,1e5\n,"a, ""b""\nc", 1 \n', THREE, tmp_path)
    assert read == [
        {"id": "007", "site": "3.7", "n": "1e5", "_row_number": 2},
        {"id": None, "site": 'a, "b"\nc', "n": " 1 ", "_row_number": 3},
    ]


@pytest.mark.parametrize(
    "header", [b"n,id,site", b'\xef\xbb\xbf" ID ","Site","n"', b'"I\nD",SITE,n', b"id,Place,n"]
)
def test_columns_are_found_by_name(header, tmp_path):
    to = contract(table(column("id", aliases=("i d",)), column("site", aliases=("place",)), "n"))
    values = b"9,1,A" if header.startswith(b"n") else b"1,A,9"
    (row,) = rows(header + b"\r\n" + values + b"\r\n", to, tmp_path)
    assert (row["id"], row["site"], row["n"]) == ("1", "A", "9")


def test_moved_and_renamed_columns_are_told(tmp_path):
    to = contract(table("id", column("site", aliases=("place",)), "n"))
    assert codes(read_bytes(b"n,id,Place\n1,2,3\n", to, tmp_path)) == ["HEADER_RENAMED", "HEADER_MOVED"]
    assert codes(read_bytes(b" N_\n1\n", contract(table("n_")), tmp_path)) == []


def test_every_fault_of_a_header_is_named_at_once(tmp_path):
    found = rejected(b"id,site,extra,id\n1,2,3,4\n", THREE, tmp_path)
    assert [(f.code, f.detail) for f in found] == [
        ("HEADER_REPEATED_COLUMN", "id"),
        ("HEADER_MISSING_COLUMN", "n"),
        ("HEADER_UNKNOWN_COLUMN", "extra"),
    ]


def test_data_in_place_of_a_header_is_not_shown(tmp_path):
    found = rejection(b"9990000018,Smith,3\n", THREE, tmp_path)
    assert found.code == "HEADER_NOT_FOUND"
    assert "Smith" not in found.detail and "999" not in found.detail


def test_a_number_among_the_headers_is_not_shown(tmp_path):
    found = rejection(b"id,site,n,999 000 0018\n1,2,3,4\n", THREE, tmp_path)
    assert (found.code, found.detail) == ("HEADER_UNKNOWN_COLUMN", "column 4 (name not shown)")


def test_optional_absent_and_ignored_columns(tmp_path):
    layout = Layout(absent=("n",), ignored=("Comment (free)",))
    to = contract(table("id", column("site", optional_in_file=True), "n", layouts=(layout,)))
    (row,) = rows(b"id,comment  (FREE)\n1,x\n", to, tmp_path)
    assert row == {"id": "1", "site": None, "n": None, "_row_number": 2}


def test_delimiters_at_the_end_of_lines_add_nothing(tmp_path):
    assert len(rows(HEADER + b"1,A,2,\n3,B,4,\n", THREE, tmp_path)) == 2
    assert len(rows(b"id,site,n,,\n1,A,2,,\n", THREE, tmp_path)) == 1
    assert len(rows(b"id,site,n,\n1,A,2\n", THREE, tmp_path)) == 1


def test_a_value_without_header_is_turned_away(tmp_path):
    found = rejection(b"id,site,n,\n1,A,2,x\n", THREE, tmp_path)
    assert (found.code, found.detail) == ("HEADER_UNKNOWN_COLUMN", "column 4 (no header but values)")


def test_ragged_rows_are_set_aside_and_the_others_keep_their_numbers(tmp_path):
    data = HEADER + b'1,A,"x\ny"\n2,B\n3,C,3,3\n4,D,4\n'
    table_read = read_bytes(data, THREE, tmp_path).tables[0]
    assert table_read.malformed == ((3, "ROW_FIELD_COUNT"), (4, "ROW_FIELD_COUNT"))
    assert table_read.rows.column("_row_number").to_pylist() == [2, 5]
    assert table_read.rows_in_file == 4


def test_a_value_behind_a_trailing_delimiter_is_ragged(tmp_path):
    table_read = read_bytes(HEADER + b"1,A,2,\n3,B,4,x\n", THREE, tmp_path).tables[0]
    assert table_read.malformed == ((3, "ROW_FIELD_COUNT"),)
    assert table_read.rows.num_rows == 1


def test_only_ragged_rows_turn_the_file_away(tmp_path):
    assert rejection(HEADER + b"1,A\n2,B\n", THREE, tmp_path).count == 2


@pytest.mark.parametrize("rest", [b'1,A,"x\n2,B,3\n', b'1,"A,x\n2,B,"3"\n3,C,4\n', b'"1,A\n2,B,3\n'])
def test_a_quote_that_is_never_closed_does_not_swallow_rows(rest, tmp_path):
    found = rejection(HEADER + b"0,Z,0\n" + rest, THREE, tmp_path)
    assert found.code == "FILE_UNREADABLE" and "closed" in found.detail


def test_blank_rows_and_repeated_headers_are_counted_not_read(tmp_path):
    result = read_bytes(HEADER + b"1,A,2\n\n,,\nID, site ,N\n3,B,4\n", THREE, tmp_path)
    assert result.tables[0].non_data == {"blank": 2, "repeated_header": 1}
    assert result.tables[0].rows.column("_row_number").to_pylist() == [2, 6]
    assert codes(result) == ["REPEATED_HEADER"]


def test_title_rows_above_the_header_are_counted(tmp_path):
    result = read_bytes(b"Leisure visits\n\nid,site,n\n1,A,2\n", THREE, tmp_path)
    assert result.tables[0].non_data == {"title": 1, "blank": 1}
    assert result.tables[0].rows.to_pylist()[0]["_row_number"] == 4


def test_a_header_repeated_further_down_never_turns_data_into_titles(tmp_path):
    to = contract(table("id", "site", "n", layouts=(Layout(signature=("id", "site", "n")),)))
    found = rejected(b"id,site,m\n1,A,2\nid,site,n\n", to, tmp_path)
    assert [f.detail for f in found] == ["n", "m"]


TOTALS = contract(
    table(
        "id",
        "site",
        "n",
        non_data=(
            NonData(kind="total", column="id", matches="(grand )?total", check_sum_of=("n",)),
            NonData(kind="footer", matches=r"(produced by|\*).*"),
        ),
    )
)


def test_a_total_row_is_compared_and_left_out(tmp_path):
    result = read_bytes(HEADER + b'1,A,"1,200"\n2,B,*\nTotal ,,"1,200"\n', TOTALS, tmp_path)
    assert result.tables[0].rows.num_rows == 2
    assert codes(result) == ["TOTAL_ROW"]


def test_a_total_that_is_no_sum_is_told_with_its_column(tmp_path):
    result = read_bytes(HEADER + b"1,A,1341058\n2,B,1\nTOTAL,x,1341060\n", TOTALS, tmp_path)
    found = result.findings[-1]
    assert (found.code, found.column, found.rows) == ("TOTAL_MISMATCH", "n", (4,))
    assert "1341060" not in found.detail


def test_a_footer_goes_on_to_the_end(tmp_path):
    data = HEADER + b"1,A,2\nGrand total\n,,\nProduced by BI\n* fewer than 8\nsee notes,,\n"
    read = read_bytes(data, TOTALS, tmp_path).tables[0]
    assert read.non_data == {"blank": 1, "total": 1, "footer": 3}
    assert (read.rows.num_rows, read.malformed, read.rows_in_file) == (1, (), 6)


def test_a_record_under_a_footer_is_kept_and_told(tmp_path):
    result = read_bytes(HEADER + b"1,A,2\nProduced by BI,,\n9,Z,9\n", TOTALS, tmp_path)
    assert result.tables[0].rows.column("id").to_pylist() == ["1", "9"]
    assert [(f.code, f.rows) for f in result.findings] == [("FOOTER_ROW", ()), ("ROWS_BELOW_FOOTER", (4,))]


@pytest.mark.parametrize("word", ["Total", "Grand total", "Produced by Bob", "* best"])
def test_a_record_is_data_whatever_its_first_cell_says(word, tmp_path):
    """Businesses are called Total Tikka and Source Grill."""
    free = table(
        column("name"),
        column("id", key=True),
        column("award", required=True),
        non_data=(
            NonData(kind="total", matches="(grand )?total.*"),
            NonData(kind="footer", matches=r"(produced by|\*).*"),
        ),
    )
    data = f"name,id,award\nA,1,gold\n{word},2,silver\nB,3,gold\nTotal,,3\nProduced by BI,,\n".encode()
    read = read_bytes(data, contract(free), tmp_path).tables[0]
    assert read.rows.column("id").to_pylist() == ["1", "2", "3"]
    assert read.non_data == {"total": 1, "footer": 1}


def test_wide_columns_become_rows(tmp_path):
    layout = Layout(unpivot=Unpivot(columns=r"\d+|90\+", into="age", value="persons"))
    to = contract(table("area", "age", "persons", layouts=(layout,)))
    assert rows(b"0,area,90+\n5,E1,6\n7,E2,\n", to, tmp_path) == [
        {"area": "E1", "age": "0", "persons": "5", "_row_number": 2},
        {"area": "E1", "age": "90+", "persons": "6", "_row_number": 2},
        {"area": "E2", "age": "0", "persons": "7", "_row_number": 3},
        {"area": "E2", "age": "90+", "persons": None, "_row_number": 3},
    ]
    assert rejection(b"area\nE1\n", to, tmp_path).code == "HEADER_MISSING_COLUMN"
    assert rejection(b"area,0,0\nE1,1,2\n", to, tmp_path).code == "HEADER_REPEATED_COLUMN"


@pytest.mark.parametrize(
    ("data", "code", "detail"),
    [
        (b"", "FILE_EMPTY", ""),
        (b"\xef\xbb\xbf \r\n", "FILE_EMPTY", ""),
        (HEADER, "FILE_HEADER_ONLY", ""),
        (HEADER + b",,\n", "FILE_HEADER_ONLY", ""),
        (b"id;site;n\n1;A;2\n", "DELIMITER_WRONG", "expected comma, found semicolon"),
        (b"id\tsite\tn\n1\tA\t2\n", "DELIMITER_WRONG", "expected comma, found tab"),
        (HEADER + b"1,A\0,2\n", "FILE_NUL_BYTES", "line 2"),
        (HEADER + b'1,"A\nB",2\n2,caf\xe9,2\n', "FILE_ENCODING", "row 3 is not utf-8"),
        ("id,site,n\n".encode("utf-16"), "FILE_ENCODING", "UTF-16"),
        (b",".join(b"c%d" % i for i in range(10_000)) + b"\n", "FILE_TOO_WIDE", "10000 columns"),
        (b"PK\x03\x04" + b"x" * 50, "FILE_UNREADABLE", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "FILE_UNREADABLE", "old Excel"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(data, code, detail, tmp_path):
    found = rejection(data, THREE, tmp_path)
    assert found.code == code and detail in found.detail
    assert len(found.detail) < 200


def test_encodings_are_as_declared(tmp_path):
    cp1252 = contract(table("id", "site", "n"), file={"encoding": "cp1252"})
    text = "id,site,n\n1,O’Brien – £,2\n"
    assert rows(text.encode("cp1252"), cp1252, tmp_path)[0]["site"] == "O’Brien – £"
    assert rejection(text.encode(), cp1252, tmp_path).detail == "row 2 is not cp1252; it looks like UTF-8"
    marked = read_bytes(text.encode("utf-8-sig"), cp1252, tmp_path)
    assert marked.tables[0].rows.to_pylist()[0]["site"] == "O’Brien – £"
    assert codes(marked) == ["FILE_ENCODING_OTHER"]


TRAILER = contract(
    table("id", "site"),
    file={"delimiter": "|", "trailer": r"TRAILER\|(?P<rows>\d+)\|(?P<sha1>[0-9a-f]{40})"},
)


def trailed(body: bytes, count: int = 2) -> bytes:
    return body + b"TRAILER|%d|%s\n" % (count, hashlib.sha1(body).hexdigest().encode())


def test_a_trailer_that_fits_is_counted(tmp_path):
    read = read_bytes(trailed(b"id|site\n1|A\n2|B\n"), TRAILER, tmp_path).tables[0]
    assert (read.rows.num_rows, read.non_data, read.rows_in_file) == (2, {"trailer": 1}, 3)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"id|site\n1|A\n", "TRAILER_MISSING"),
        (trailed(b"id|site\n1|A\n2|B\n")[:-10], "TRAILER_MISSING"),
        (trailed(b"id|site\n1|A\n2|B\n", 3), "TRAILER_MISMATCH"),
        (trailed(b"id|site\n1|A\n2|B\n").replace(b"2|B", b"2|C"), "TRAILER_MISMATCH"),
    ],
)
def test_a_trailer_that_does_not_fit(data, code, tmp_path):
    assert rejection(data, TRAILER, tmp_path).code == code


def test_a_layout_is_chosen_by_period_and_never_guessed(tmp_path):
    old = Layout(id="old", valid_to="2018-12-01", headers={"site": "place"})
    new = Layout(id="new", valid_from="2019-01-01", valid_to="2019-03-01")
    to = contract(table("id", "site", layouts=(old, new)))
    first = read_bytes(b"id,place\n1,A\n", to, tmp_path, name="visits_201812.csv")
    assert first.tables[0].layout_id == "old"
    assert len(rejected(b"id,place\n1,A\n", to, tmp_path, name="visits_201901.csv")) == 2
    found = rejection(b"id,site\n1,A\n", to, tmp_path, name="visits_201904.csv")
    assert found.code == "LAYOUT_UNKNOWN_PERIOD"
    assert "2019-04-01" in found.detail and "'new' (2019-01-01 to 2019-03-01)" in found.detail


def test_a_period_from_a_column_needs_all_rows_to_agree(tmp_path):
    to = contract(
        table("id", column("month", formats=("MSitAE-%B-%Y",))),
        period=PeriodSpec(source="column", column="month"),
    )
    assert str(read_bytes(b"id,month\n1,MSitAE-APRIL-2024\n", to, tmp_path).period) == "2024-04-01"
    mixed = b"id,month\n1,MSitAE-APRIL-2024\n2,MSitAE-MAY-2024\n"
    assert read_bytes(mixed, to, tmp_path).period is None


def test_a_file_that_changes_or_vanishes_is_turned_away(tmp_path):
    from small_contracts import arrive

    from bassetlaw_pipeline.intake.model import FileRejected
    from bassetlaw_pipeline.intake.read import read

    arrival = arrive(HEADER + b"1,A,2\n", THREE, tmp_path)
    arrival.path.write_bytes(HEADER + b"1,A,3\n")
    with pytest.raises(FileRejected, match="FILE_VANISHED"):
        read(arrival)
    arrival.path.unlink()
    with pytest.raises(FileRejected, match="FILE_VANISHED"):
        read(arrival)


def test_rows_are_believed_when_a_renamed_file_says_another_period(tmp_path):
    to = contract(
        table("id", column("month", formats=("MSitAE-%B-%Y",))),
        period=PeriodSpec(source="column", column="month", format="MSitAE-%B-%Y"),
    )
    result = read_bytes(b"id,month\n1,MSitAE-MARCH-2019\n", to, tmp_path)  # visits_201904.csv
    assert str(result.period) == "2019-03-01"
    assert [(f.code, f.outcome) for f in result.findings] == [("PERIOD_MISMATCH", "warn")]


def test_a_file_of_ragged_lines_is_turned_away_in_bounded_time(tmp_path):
    """Every second line has a field too many: the count is told, and no line is looked at by itself."""
    data = b"a,b\n" + b"1,2\n1,2,3\n" * 100_000
    began = time.monotonic()
    found = rejection(data, contract(table("a", "b")), tmp_path)
    assert (found.code, found.count, len(found.rows)) == ("ROW_FIELD_COUNT", 100_000, 20)
    assert time.monotonic() - began < 20


def test_few_ragged_lines_of_many_are_set_aside_each(tmp_path):
    data = b"a,b\n" + b"1,2\n" * 50 + b"1,2,3\n" * 40
    read = read_bytes(data, contract(table("a", "b")), tmp_path)
    assert len(read.tables[0].malformed) == 40


def test_a_field_more_in_every_line_of_a_file_without_header(tmp_path):
    """Nothing tells where it was added, so no line is taken."""
    lay = Layout(stated_header=("a", "b"))
    found = rejection(b"1,2,\n3,4,\n", contract(table("a", "b", layouts=(lay,))), tmp_path)
    assert found.code == "ROW_FIELD_COUNT"
