"""The table of plan figures in docs/calibration.md: current, and every figure the same."""

from __future__ import annotations

import duckdb
import pytest

from bassetlaw_sample.plan_figures import TABLE, PlanFigure, compare, load_figures, sample_sha256

FIGURE = {"item": "Something", "stated": "about 10", "source": "Plan", "low": 9.5, "high": 10.5}


@pytest.mark.parametrize(("value", "agrees"), [(10.4, True), (9.4, False), (None, False)])
def test_a_figure_agrees_within_its_rounding(tmp_path, value, agrees):
    with duckdb.connect(str(tmp_path / "outcomes.duckdb")) as con:
        con.execute("create table t as select cast(? as double) as value", [value])
    (found,) = compare(tmp_path / "outcomes.duckdb", [PlanFigure(query="select value from t", **FIGURE)])
    assert (found.found, found.agrees) == (value, agrees)


def test_a_query_without_a_row_found_nothing(tmp_path):
    duckdb.connect(str(tmp_path / "outcomes.duckdb")).close()
    (found,) = compare(tmp_path / "outcomes.duckdb", [PlanFigure(query="select 1 where false", **FIGURE)])
    assert not found.agrees


def test_the_table_was_made_of_this_sample_and_every_figure_is_the_plans():
    text = TABLE.read_text(encoding="utf-8")
    assert f"<!-- sample {sample_sha256()} -->" in text, "make run, then: bassetlaw figures --write"
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| figure")]
    assert len(rows) == len(load_figures())
    assert [row for row in rows if "| yes |" not in row] == []
