"""Conforming: text in, declared types and pseudonyms out, and every row accounted for."""

from __future__ import annotations

import json
from datetime import date, datetime, time

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_cases import CON, KEY, MAY, arrival, cells, codes, column, contract, run

from bassetlaw_pipeline.contracts.model import Layout, PeriodSpec, RowRule, Table, Transform
from bassetlaw_pipeline.intake import conform_rows
from bassetlaw_pipeline.intake.conform import Part, RowsLost, conform, ensure_conserved
from bassetlaw_pipeline.intake.conform_dates import shape, sql_ambiguous
from bassetlaw_pipeline.intake.conform_values import sql_typed
from bassetlaw_pipeline.intake.model import TableCounts
from bassetlaw_pipeline.settings import Settings

ID = column("id", key=True)


def one(cell: str | None, **fields):
    """Conform one cell of a column that empties what it cannot use: (value, reason code or None)."""
    agreed = contract(ID, column("x", **{"on_invalid": "null"} | fields))
    found, [row], _ = run(agreed, {"id": "a", "x": cell})
    return row["x"], next(iter(codes(found)), None)


DATE = {"logical_type": "date"}


@pytest.mark.parametrize(
    ("cell", "fields", "value", "code"),
    [
        # trimming and null markers
        ("\u00a0 F \ufeff", {}, "F", None),
        ("   ", {}, None, None),
        ("N/A", {"null_markers": ("n/a",)}, None, None),
        ("*", {"logical_type": "integer", "null_markers": ("*", "<5")}, None, "VALUE_SUPPRESSED"),
        ("*", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("0", {"logical_type": "integer", "null_markers": ("*",)}, 0, None),
        # whole numbers: never rounded, never guessed
        ("007", {"logical_type": "integer"}, 7, None),
        ("1,234", {"logical_type": "integer"}, 1234, None),
        ("(12)", {"logical_type": "integer"}, -12, None),
        ("12.0", {"logical_type": "integer"}, 12, None),
        ("3.7", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("1_000", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("12,34", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("9223372036854775808", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("72.4%", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        # numbers
        ("72.4%", {"logical_type": "number"}, 72.4, None),
        ("50 %", {"logical_type": "number", "unit": "proportion"}, 0.5, None),
        ("(1,234.5)", {"logical_type": "number"}, -1234.5, None),
        ("1.2k", {"logical_type": "number"}, None, "VALUE_NUMBER"),
        ("nan", {"logical_type": "number"}, None, "VALUE_NUMBER"),
        ("101", {"logical_type": "number", "maximum": 100}, None, "VALUE_RANGE"),
        ("100", {"logical_type": "number", "maximum": 100}, 100.0, None),
        # dates: by declared formats, all digits of the year, no shifting fields
        ("2019-05-01", DATE, date(2019, 5, 1), None),
        ("3/4/2019", DATE | {"formats": ("%d/%m/%Y",)}, date(2019, 4, 3), None),
        ("03/04/19", DATE | {"formats": ("%d/%m/%Y",)}, None, "VALUE_DATE"),
        ("29/02/2019", DATE | {"formats": ("%d/%m/%Y",)}, None, "VALUE_DATE"),
        ("2021029", DATE | {"formats": ("%Y%m%d",)}, None, "VALUE_DATE"),
        ("01-apr-2019", DATE | {"formats": ("%d-%b-%Y",)}, date(2019, 4, 1), None),
        (
            "03/04/2019",
            DATE | {"formats": ("%d/%m/%Y", "%m/%d/%Y")},
            date(2019, 4, 3),
            "VALUE_DATE_AMBIGUOUS",
        ),
        ("13/04/2019", DATE | {"formats": ("%d/%m/%Y", "%m/%d/%Y")}, date(2019, 4, 13), None),
        ("04/04/2019", DATE | {"formats": ("%d/%m/%Y", "%m/%d/%Y")}, date(2019, 4, 4), None),
        ("31/12/9999", DATE | {"formats": ("%d/%m/%Y",)}, None, "VALUE_RANGE"),
        ("1899-12-31", DATE, None, "VALUE_RANGE"),
        ("1980-01-01", DATE | {"minimum": 1990}, None, "VALUE_RANGE"),
        # the 1900 date system of spreadsheets
        ("43556", DATE | {"formats": ("excel_serial",)}, date(2019, 4, 1), None),
        ("61", DATE | {"formats": ("excel_serial",)}, date(1900, 3, 1), None),
        ("60", DATE | {"formats": ("excel_serial",)}, None, "VALUE_DATE"),
        (
            "43556.75",
            {"logical_type": "timestamp", "formats": ("excel_serial",)},
            datetime(2019, 4, 1, 18),
            None,
        ),
        ("43556", DATE | {"formats": ("%Y-%m-%d", "excel_serial")}, date(2019, 4, 1), "VALUE_EXCEL_DATE"),
        ("9:05:00", {"logical_type": "time"}, time(9, 5), None),
        ("25:00:00", {"logical_type": "time"}, None, "VALUE_DATE"),
        ("0.75", {"logical_type": "time", "formats": ("excel_serial",)}, time(18), None),
        ("yes", {"logical_type": "boolean"}, True, None),
        ("maybe", {"logical_type": "boolean"}, None, "VALUE_CODE"),
        # codes, spellings, patterns
        ("1", {"codes": {"1": "male"}}, "1", None),
        ("3", {"codes": {"1": "male"}}, None, "VALUE_CODE"),
        (" Femail ", {"codes": {"2": "female"}, "code_map": {"femail": "2"}}, "2", "VALUE_CODE_LOCAL"),
        ("hardly EVER", {"codes": {"Hardly ever": "rarely"}}, "Hardly ever", None),
        ("s72.0", {"clean": "code", "pattern": "[A-Z][0-9]{2,3}"}, "S720", None),
        ("S72000", {"pattern": "[A-Z][0-9]{2,3}"}, None, "VALUE_PATTERN"),
        ("123", {"pad": 5, "pattern": "[0-9]{5}"}, "00123", None),
        ("123456", {"pad": 5, "pattern": "[0-9]{5}"}, None, "VALUE_PATTERN"),
        ("x", {"pattern": "[0-9]", "reason": "POSTCODE_UNMAPPED"}, None, "POSTCODE_UNMAPPED"),
        ("=1+1", {}, None, "VALUE_FORMULA"),
    ],
)
def test_a_cell(cell, fields, value, code):
    expected = None if code == "VALUE_DATE_AMBIGUOUS" else value
    assert one(cell, **fields) == (expected, code)


def typed(text: str, **fields):
    """A text cast as a column of its kind."""
    return CON.execute(
        f"SELECT {sql_typed(column('x', **fields), 't')} FROM (SELECT $1 AS t)", [text]
    ).fetchone()[0]


@settings(deadline=None)
@given(st.text(max_size=12) | st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{1,2})?", fullmatch=True))
def test_an_integer_column_never_holds_a_number_the_cell_does_not_say(text):
    value = typed(text, logical_type="integer")
    digits = "".join(c for c in text.split(".")[0] if c in "0123456789")
    assert value is None or abs(value) == int(digits)


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d/%m/%Y", "%Y%m%d", "%d %B %Y"]))
def test_a_date_written_in_its_format_is_read_back(day, form):
    assert typed(day.strftime(form), **DATE, formats=(form,)) == day


def test_parts_of_a_date_without_separators_have_fixed_widths():
    assert shape("%Y%m%d") == "[0-9]{4}[0-9]{2}[0-9]{2}"
    assert shape("%d/%m/%Y") == "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"


@pytest.mark.parametrize(
    ("formats", "unclear"),
    [
        (("%d/%m/%Y", "%m/%d/%Y"), True),
        (("%Y%m%d", "%d%m%Y"), True),
        (("%d/%m/%y", "%d/%m/%Y"), False),
        (("%d-%b-%Y", "%Y-%m-%d", "excel_serial"), False),
        (("%y%m%d", "excel_serial"), True),
    ],
)
def test_only_formats_that_one_text_can_fit_are_compared(formats, unclear):
    assert (sql_ambiguous("t", "date", formats) is not None) == unclear


def test_a_bad_value_takes_its_row_out_and_says_only_where():
    agreed = contract(ID, column("x", logical_type="integer"))
    found, accepted, quarantined = run(agreed, {"id": "a", "x": "secret"}, {"id": "b", "x": "1"})
    assert [row["id"] for row in accepted] == ["b"]
    [row] = quarantined
    assert (row["_row_number"], row["codes"], row["columns"]) == (2, ["VALUE_NUMBER"], ["x"])
    [finding] = found.findings
    assert (finding.code, finding.outcome, finding.rows) == ("VALUE_NUMBER", "quarantine", (2,))
    assert "secret" not in json.dumps(quarantined, default=str) + finding.model_dump_json()


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"required": True}, "VALUE_MISSING"), ({"key": True, "required": True}, "KEY_MISSING")],
)
def test_a_required_value_cannot_be_missing_or_hidden(fields, code):
    agreed = contract(column("x", null_markers=("*",), on_invalid="null", **fields))
    found, accepted, _ = run(agreed, {"x": None}, {"x": "*"}, {"x": "1"})
    assert codes(found) == {code: 2} and len(accepted) == 1


def test_a_column_the_layout_does_not_have_is_not_required():
    table = Table(
        name="visits",
        columns=(ID, column("x", required=True)),
        layouts=(Layout(id="default", absent=("x",)),),
    )
    found, accepted, _ = run(contract(tables=(table,)), {"id": "a"})
    assert len(accepted) == 1 and not found.findings


def test_equal_rows_are_kept_once():
    agreed = contract(column("x"), column("y"))
    found, accepted, quarantined = run(
        agreed, {"x": "1", "y": "a"}, {"x": "1", "y": "a"}, {"x": "1", "y": None}, {"x": "1", "y": "a"}
    )
    assert [row["_row_number"] for row in accepted] == [2, 4]
    assert [(row["_row_number"], row["codes"]) for row in quarantined] == [
        (3, ["ROW_DUPLICATE"]),
        (5, ["ROW_DUPLICATE"]),
    ]
    assert codes(found) == {"ROW_DUPLICATE": 2}


def test_of_different_rows_under_one_key_the_first_good_one_is_kept():
    agreed = contract(ID, column("n", logical_type="integer"))
    found, accepted, _ = run(
        agreed, {"id": "a", "n": "bad"}, {"id": "a", "n": "1"}, {"id": "a", "n": "2"}, {"id": "b", "n": "3"}
    )
    assert [row["_row_number"] for row in accepted] == [3, 5]
    assert codes(found) == {"VALUE_NUMBER": 1, "KEY_DUPLICATE": 1}


@pytest.mark.parametrize(
    ("outcome", "accepted_numbers", "ends"),
    [("quarantine", [3], [5]), ("null", [2, 3], [None, 5]), ("warn", [2, 3], [1, 5])],
)
def test_a_rule_over_a_row(outcome, accepted_numbers, ends):
    number = {"logical_type": "integer"}
    rule = RowRule(
        code="DATE_ORDER",
        query='SELECT _row_number FROM {table} WHERE "end" < start',
        outcome=outcome,
        columns=("end",),
    )
    agreed = contract(column("start", **number), column("end", **number), rules=(rule,))
    found, accepted, _ = run(agreed, {"start": "2", "end": "1"}, {"start": "4", "end": "5"})
    assert [row["_row_number"] for row in accepted] == accepted_numbers
    assert [row["end"] for row in accepted] == ends
    [finding] = found.findings
    assert (finding.code, finding.count, finding.column, finding.rows) == ("DATE_ORDER", 1, "end", (2,))
    assert finding.outcome == ("quarantine" if outcome == "quarantine" else "warn")


def test_a_rule_does_not_see_rows_that_are_out_already():
    number = {"logical_type": "integer"}
    rule = RowRule(code="DATE_ORDER", query="SELECT _row_number FROM {table} WHERE n > 0")
    agreed = contract(ID, column("n", **number, maximum=5), rules=(rule,))
    found, _, quarantined = run(agreed, {"id": "a", "n": "9"})
    assert codes(found) == {"VALUE_RANGE": 1} and quarantined[0]["codes"] == ["VALUE_RANGE"]


def test_rows_the_reader_could_not_split_are_set_aside_with_their_number():
    found, _, quarantined = run(
        contract(ID), {"id": "a"}, malformed=((7, "ROW_FIELD_COUNT"),), non_data={"total": 1}
    )
    assert [(row["_row_number"], row["codes"]) for row in quarantined] == [(7, ["ROW_FIELD_COUNT"])]
    assert found.counts == TableCounts(rows_in=3, accepted=1, quarantined=1, non_data={"total": 1})


def test_rows_are_conserved_or_it_is_our_mistake(monkeypatch):
    ensure_conserved(TableCounts(rows_in=6, accepted=3, quarantined=2, non_data={"total": 1}), "visits")
    with pytest.raises(RowsLost, match="visits: 6 rows in the file, 5 accounted for"):
        ensure_conserved(TableCounts(rows_in=6, accepted=3, quarantined=2), "visits")
    monkeypatch.setattr(conform_rows, "GOOD", "true")  # a pass that forgets to take bad rows out
    with pytest.raises(RowsLost):
        run(contract(ID, column("x", logical_type="integer")), {"id": "a", "x": "bad"})


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.sampled_from(["a", "b", "c", None]), "x": st.sampled_from(["1", "2", "bad", None])}
        ),
        max_size=12,
    )
)
def test_every_row_is_accepted_or_set_aside_exactly_once(rows):
    agreed = contract(column("id", key=True, required=True), column("x", logical_type="integer"))
    _, accepted, quarantined = run(agreed, *rows)
    numbers = [row["_row_number"] for row in accepted + quarantined]
    assert sorted(numbers) == list(range(2, len(rows) + 2))
    assert len({row["id"] for row in accepted}) == len(accepted)


def test_a_delivery_is_judged_by_itself_whatever_else_is_in_the_batch():
    """Equal rows, keys and row numbers of other deliveries mean nothing; nor do sums across them."""
    rule = RowRule(
        code="DATE_ORDER", query="SELECT _row_number FROM {table} QUALIFY sum(n) OVER () > 5", outcome="warn"
    )
    simple = RowRule(code="TIME_ORDER", query="SELECT _row_number FROM {table} WHERE n = 4", outcome="warn")
    agreed = contract(
        column("id", key=True, required=True), column("n", logical_type="integer"), rules=(rule, simple)
    )
    files = [
        [{"id": "a", "n": "1"}, {"id": "b", "n": "4"}],
        [{"id": "a", "n": "1"}, {"id": "b", "n": "4"}],
        [{"id": "a", "n": "3"}, {"id": "a", "n": "4"}, {"id": "c", "n": "bad"}],
    ]
    parts = [
        Part(cells(agreed, *rows), arrival(agreed, sha256=str(i) * 64), MAY) for i, rows in enumerate(files)
    ]
    batch = conform(CON, parts, agreed, KEY, Settings())
    for part, found in zip(parts, batch, strict=True):
        [alone] = conform(CON, [part], agreed, KEY, Settings())
        assert (found.findings, found.counts, found.periods) == (alone.findings, alone.counts, alone.periods)
        assert found.accepted.to_pylist() == alone.accepted.to_pylist()
        assert found.set_aside == alone.set_aside
    assert [codes(found) for found in batch] == [
        {"TIME_ORDER": 1},
        {"TIME_ORDER": 1},
        {"VALUE_NUMBER": 1, "DATE_ORDER": 2, "TIME_ORDER": 1, "KEY_DUPLICATE": 1},
    ]


# --- identifiers

PERSON = column("nhs_number", transform=Transform(kind="person_key", becomes="person_key"), on_invalid="null")
STATUS = column("nhs_number_status", codes={"01": "verified", "04": "no match"}, on_invalid="null")


def test_a_connection_is_used_again_and_lookups_keep_the_order_of_the_rows(tmp_path, monkeypatch):
    """More texts than share a statement, and a postcode look-up, which is a join."""
    file = tmp_path / "postcodes.csv"
    monkeypatch.setenv("BASSETLAW_POSTCODE_LOOKUP", str(file))
    file.write_text("postcode,lsoa11_code\nS801ZZ,E01028001\nDN229QQ,E01028002\n", encoding="utf-8")
    home = column("postcode", transform=Transform(kind="lsoa", becomes="lsoa11"))
    agreed = contract(column("id", key=True), home)
    rows = [{"id": f" {i} ", "postcode": ("S80 1ZZ", "dn22 9qq", "X")[i % 3]} for i in range(5000)]
    con = duckdb.connect()
    for _ in range(2):
        part = Part(cells(agreed, *rows), arrival(agreed), MAY)
        [found] = conform(con, [part], agreed, KEY, Settings())
        assert found.accepted.column("id").to_pylist() == [str(i) for i in range(5000)]
        areas = found.accepted.column("lsoa11").to_pylist()
        assert areas[:4] == ["E01028001", "E01028002", None, "E01028001"]
        assert codes(found) == {"POSTCODE_UNMAPPED": 1666}


def test_nhs_numbers_become_keys_and_unusable_ones_keep_their_row():
    agreed = contract(ID, PERSON, STATUS)
    found, accepted, _ = run(
        agreed,
        {"id": "a", "nhs_number": "999 000 0018", "nhs_number_status": "01"},
        {"id": "b", "nhs_number": "9990000019", "nhs_number_status": "01"},
        {"id": "c", "nhs_number": None, "nhs_number_status": "01"},
        {"id": "d", "nhs_number": "9990000018.0", "nhs_number_status": "01"},
    )
    key = "3486e903c9cdd9e37455cc80a70b2fe4339220d8179d6ea5a89dbcdfb2d8e62e"
    assert [row["person_key"] for row in accepted] == [key, None, None, key]
    assert [row["nhs_number_status"] for row in accepted] == ["01", "04", "01", "01"]
    assert codes(found) == {
        "NHS_NUMBER_CHECK_DIGIT": 1,
        "NHS_NUMBER_FLOAT": 1,
        "NHS_NUMBER_FORMATTED": 1,
        "NHS_NUMBER_MISSING": 1,
    }


def test_nothing_that_identifies_survives(tmp_path, monkeypatch):
    monkeypatch.setenv("BASSETLAW_POSTCODE_LOOKUP", str(tmp_path / "postcodes.csv"))
    (tmp_path / "postcodes.csv").write_text("postcode,lsoa11_code\nDN220AB,E01027989\n")
    born = column(
        "date_of_birth",
        logical_type="date",
        on_invalid="null",
        transform=Transform(kind="age", becomes="age", at="seen"),
    )
    agreed = contract(
        column("case", key=True, transform=Transform(kind="row_key", domain="case", becomes="case_key")),
        PERSON,
        born,
        column("seen", logical_type="date"),
        column("postcode", transform=Transform(kind="lsoa", becomes="lsoa11"), on_invalid="null"),
        column("died", logical_type="date", transform=Transform(kind="month", becomes="death_month")),
        column("name", semantic_type="person_name", transform=Transform(kind="drop")),
        column("notes", semantic_type="free_text", transform=Transform(kind="drop")),
    )
    person = {
        "case": "SP/19/0123",
        "nhs_number": "9990000018",
        "date_of_birth": "2000-02-29",
        "seen": "2019-02-28",
        "postcode": "dn22 OAB",
        "died": "2019-03-17",
        "name": "Testperson",
        "notes": "asked for 999 000 0018",
    }
    other = person | {"case": "SP/19/0124", "postcode": "ZZ99 3VZ", "seen": "bad", "notes": "well"}
    found, accepted, quarantined = run(agreed, person, other, settings=Settings())
    kept = "".join(map(str, (accepted, quarantined, found)))
    for value in (*person.values(), "DN220AB", "Testperson", "9990000018", "2000-02-29"):
        assert value == "2019-02-28" or value not in kept
    [row] = accepted
    assert (row["age"], row["lsoa11"], row["death_month"]) == (18, "E01027989", date(2019, 3, 1))
    assert len(row["case_key"]) == len(row["person_key"]) == 64
    assert codes(found) == {
        "FREE_TEXT_NHS_NUMBER": 1,
        "NAME_PRESENT": 2,
        "POSTCODE_UNMAPPED": 1,
        "VALUE_DATE": 1,
    }


def test_a_birth_after_the_event_gives_no_age():
    born = column(
        "born",
        logical_type="date",
        on_invalid="null",
        transform=Transform(kind="age", becomes="age", at="seen"),
    )
    agreed = contract(born, column("seen", logical_type="date"))
    found, accepted, _ = run(
        agreed,
        {"born": "2019-01-02", "seen": "2019-01-01"},
        {"born": "2019-01-01", "seen": "2019-01-01"},
        {"born": "1900-01-01", "seen": "2020-01-01"},
    )
    assert [row["age"] for row in accepted] == [0, 120] or [row["age"] for row in accepted] == [None, 0, 120]
    assert codes(found) == {"DATE_ORDER": 1}


def test_without_a_look_up_every_postcode_counts_as_unmapped(tmp_path, monkeypatch):
    monkeypatch.setenv("BASSETLAW_POSTCODE_LOOKUP", str(tmp_path / "none.csv"))
    agreed = contract(ID, column("postcode", transform=Transform(kind="lsoa", becomes="lsoa11")))
    found, accepted, _ = run(agreed, {"id": "a", "postcode": "S80 1AA"}, {"id": "b"}, settings=Settings())
    assert [row["lsoa11"] for row in accepted] == [None, None]
    [finding] = found.findings
    assert (finding.code, finding.count) == ("POSTCODE_UNMAPPED", 1)
    assert finding.detail == "no postcode look-up is installed"


# --- lineage and periods


def test_every_row_says_where_it_comes_from():
    agreed = contract(ID)
    _, [row], _ = run(agreed, {"id": "a"})
    came = arrival(agreed)
    assert {k: v for k, v in row.items() if k.startswith("_")} == {
        "_delivery_id": came.delivery_id,
        "_file_sha256": came.sha256,
        "_row_number": 2,
        "_contract_version": "1.0.0",
        "_period_start": MAY,
        "_revision_rank": 0,
        "_received_at": datetime(2019, 6, 3, 9, 30),
    }
    assert list(row) == list(agreed.main.landed)


@pytest.mark.parametrize(
    ("grain", "start"),
    [
        ("day", date(2019, 8, 15)),
        ("week", date(2019, 8, 12)),
        ("month", date(2019, 8, 1)),
        ("quarter", date(2019, 7, 1)),
        ("year", date(2019, 1, 1)),
        ("financial_year", date(2019, 4, 1)),
        ("school_year", date(2018, 9, 1)),
    ],
)
def test_a_rows_own_date_gives_its_period(grain, start):
    spec = PeriodSpec(source="column", column="day", grain=grain)
    agreed = contract(column("day", logical_type="date"), period=spec)
    found, [row], _ = run(agreed, {"day": "2019-08-15"})
    assert row["_period_start"] == start and found.periods == (start,)


def test_a_date_that_cannot_be_gives_way_to_the_period_of_the_file():
    """An end in 9999 would otherwise be the newest month of the warehouse."""
    spec = PeriodSpec(source="column", column="day", grain="month")
    agreed = contract(column("day", logical_type="date", on_invalid="null"), period=spec)
    found, [row], _ = run(agreed, {"day": "9999-12-31"})
    assert row["_period_start"] == MAY and found.periods == (MAY,)


def test_the_key_is_nowhere_in_the_database():
    con = duckdb.connect()
    agreed = contract(PERSON)
    conform(
        con,
        [Part(cells(agreed, {"nhs_number": "9990000018"}), arrival(agreed), MAY)],
        agreed,
        KEY,
        Settings(),
    )
    text = str(
        con.execute("SELECT sql FROM duckdb_views() UNION ALL SELECT sql FROM duckdb_tables()").fetchall()
    )
    assert KEY.secret.hex() not in text and "00000001" not in text
