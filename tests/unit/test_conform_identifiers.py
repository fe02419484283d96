"""Conforming identifiers and looking texts up: pseudonyms, ages and areas out, nothing that identifies."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_cases import CON, KEY, MAY, arrival, cells, codes, column, contract, run

from bassetlaw_pipeline.contracts.model import Transform
from bassetlaw_pipeline.intake.cast import distinct_cells
from bassetlaw_pipeline.intake.cast.conform import Part, conform
from bassetlaw_pipeline.intake.cast.distinct_cells import CastCache
from bassetlaw_pipeline.intake.cast.identifiers import Context, column_sql
from bassetlaw_pipeline.settings import Settings

ID = column("id", key=True)


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


TEXTS = st.sampled_from(["9990000018", "999 000 0018", "1", " 1", "x", "-3", "", None])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), min_size=2, max_size=4))
def test_what_earlier_batches_held_changes_nothing(batches):
    """Whether a column's new texts share a statement, have one of their own, or are soon no longer kept."""
    agreed = contract(PERSON, column("n", logical_type="integer", on_invalid="null"))
    for few, kept in ((100, 100), (1, 100), (1, 4)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(distinct_cells, "_FEW", few)
            patch.setattr(distinct_cells, "_KEPT", kept)
            known = CastCache()
            for batch in batches:
                rows = [{"nhs_number": number, "n": n} for number, n in batch]
                part = Part(cells(agreed, *rows), arrival(agreed), MAY)
                [found] = conform(CON, [part], agreed, KEY, Settings(), known)
                [alone] = conform(CON, [part], agreed, KEY, Settings())
                assert found.accepted.equals(alone.accepted)
                assert (found.findings, found.quarantined_rows) == (alone.findings, alone.quarantined_rows)


def test_a_person_of_an_earlier_batch_is_not_asked_about_again(monkeypatch):
    agreed, known = contract(PERSON), CastCache()
    part = Part(cells(agreed, {"nhs_number": "9990000018"}), arrival(agreed), MAY)
    [first] = conform(CON, [part], agreed, KEY, Settings(), known)
    monkeypatch.setattr(distinct_cells, "_sql_stages", None)
    [again] = conform(CON, [part], agreed, KEY, Settings(), known)
    assert again.accepted.equals(first.accepted)


def test_numbers_that_never_come_again_are_not_kept():
    known, many = CastCache(), distinct_cells._FEW + 1
    number = column_sql(ID, Context(contract(ID).main, "RP5", "synthetic"))
    for size in (many, 2 * many, 3 * many):
        known.keep(number, pa.table({"_text": range(size)}), again=0, new=many)
    assert known.of(number) is None
