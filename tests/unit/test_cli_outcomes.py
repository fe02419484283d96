"""Commands that read the published file: for reading only, and in words."""

from __future__ import annotations

import json
import subprocess
import sys

import duckdb
import pytest
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app, outcomes

COLUMNS = (
    "indicator_id, objective_title, title, period_label, value_text, interval_text, verdict, verdict_reason, "
    "target_status, narrative"
)


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "outcomes.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create table dim_indicator (indicator_id varchar, display_order integer)")
        con.execute("insert into dim_indicator values ('b', 1), ('a', 2)")
        con.execute(f"create table scorecard as select * from (values {ROWS}) as t ({COLUMNS})")
    monkeypatch.setattr(outcomes, "_file", lambda: path)
    return path


ROWS = (
    "('a', 'Second', 'Waits', 'May 2021', '86.9%', '85 to 88', 'worse', '', 'not_met', 'Waits: 86.9%.'), "
    "('b', 'First', 'Falls [65+]', 'May 2021', null, null, 'cannot_be_told', 'few', null, 'Falls: hidden.')"
)


def run(*arguments, **options):
    return CliRunner().invoke(app, arguments, **options)


def test_the_scorecard_has_a_line_an_indicator_in_the_order_of_the_plan(file):
    lines = run("scorecard").stdout.splitlines()
    shown = [" ".join(line.split()) for line in lines]
    assert shown[1:5] == ["First", "? Falls [65+] - cannot be told", "Second", "- Waits 86.9% worse missed"]
    assert "Waits: 86.9%." in run("scorecard", "--all").stdout
    assert [row["indicator_id"] for row in json.loads(run("scorecard", "--json").stdout)] == ["b", "a"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [("csv", "n,t\n1,\n"), ("json", '[\n  {\n    "n": 1,\n    "t": null\n  }\n]\n')],
)
def test_a_query_is_answered_for_programs(file, form, expected):
    assert run("sql", "select 1 as n, null as t", "--format", form).stdout == expected


@pytest.mark.parametrize(
    "query",
    [
        "selec 1",
        "create table x as select 1",
        "drop table scorecard",
        "select * from read_csv('/etc/hosts')",
        "copy scorecard to 'x.csv'",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
    ],
)
def test_what_is_not_a_question_to_the_published_tables_is_refused_in_words(
    file, query, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    refused = run("sql", query)
    assert refused.exit_code == 2 and "The query cannot be answered." in refused.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_the_prompt_takes_queries_until_its_end(file):
    done = run(
        "sql", input=".tables\nselect title\nfrom scorecard\nwhere indicator_id = 'a';\nselec;\n.quit\n"
    )
    assert done.exit_code == 0
    assert "dim_indicator" in done.stdout and "Waits" in done.stdout and "Parser Error" in done.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(file):
    program = (
        "from pathlib import Path; from bassetlaw_pipeline.cli import app, outcomes; "
        f"outcomes._file = lambda: Path({str(file)!r}); "
        "app(['sql', 'from range(1000000)', '--format', 'csv'])"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], **pipes) as made:
        assert made.stdout.readline() == b"range\n"
        made.stdout.close()
        assert (made.wait(60), made.stderr.read()) == (0, b"")


def test_the_version_is_told():
    assert run("--version").stdout.startswith("bassetlaw-pipeline ")
