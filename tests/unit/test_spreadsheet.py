"""No CSV file of ours runs anything in a spreadsheet, and no number is changed by that."""

from __future__ import annotations

import csv

import duckdb
import pytest
from small_releases import release, warehouse, without_report

from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import quarantine_csv
from bassetlaw_pipeline.spreadsheet import harmless, harmless_sql

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("http://x","y")',
)
HARMLESS = ("Larwood Surgery", "-0.3", "+2.5%", "-1.2 to 3.4", "", "a=b", "1e5", "–3")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_and_numbers_stay(text):
    assert harmless(text) == text


def test_the_rule_is_the_same_in_sql():
    with duckdb.connect() as con:
        for text in (*HOSTILE, *HARMLESS):
            query = f"select {harmless_sql('t')} from (select ?::varchar as t)"
            assert con.execute(query, [text]).fetchone() == (harmless(text),)


def test_names_in_the_published_csv_files_are_no_formulas_and_numbers_are_numbers(
    settings, tmp_path, monkeypatch
):
    without_report(monkeypatch)
    source = warehouse(tmp_path / "w.duckdb", [("D", "2020-01", "shown", 40, 80)])
    with duckdb.connect(str(source)) as con:
        con.execute("create table outcomes.fct_name (name varchar, figure integer)")
        con.executemany("insert into outcomes.fct_name values (?, -15)", [[text] for text in HOSTILE])
    made = release(settings, source)
    with (made.folder / "csv" / "fct_name.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(r["name"] for r in rows) == sorted(f"'{text}" for text in HOSTILE)
    assert {r["figure"] for r in rows} == {"-15"}
    with duckdb.connect(str(made.folder / "outcomes.duckdb"), read_only=True) as con:
        kept = con.execute("select name from fct_name").fetchall()
    assert sorted(kept) == sorted((text,) for text in HOSTILE), "data files keep the name as it is"


def test_headers_in_the_list_of_rows_set_aside_are_no_formulas():
    reasons = load_reasons()
    code = next(iter(reasons))
    text = quarantine_csv([("main", 3, [code], ["c"])], reasons, {("main", "c"): "=1+1"})
    assert [row["column"] for row in csv.DictReader(text.splitlines())] == ["'=1+1"]
