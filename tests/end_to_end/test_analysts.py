"""The questions of docs/analysts.md: every query is answered; some answers are worked out again in pandas."""

from __future__ import annotations

import re

import duckdb
import pandas as pd
import pytest

from bassetlaw_pipeline.settings import PROJECT_DIR

PAGE = (PROJECT_DIR / "docs" / "analysts.md").read_text(encoding="utf-8")
QUERIES = {int(n): sql for n, sql in re.findall(r"\*\*(\d+)\..*?```sql\n(.*?)```", PAGE, re.DOTALL)}
# Without an answer in a small sample: nothing unusual, too few people.
MAY_BE_EMPTY = {4, 6, 11, 12, 14, 20}


@pytest.fixture(scope="module")
def con(built):
    with duckdb.connect(str(built.settings.home.outcomes), read_only=True) as con:
        yield con


def answer(con, number: int) -> pd.DataFrame:
    return con.sql(QUERIES[number]).df()


def test_there_are_twenty_questions():
    assert sorted(QUERIES) == list(range(1, 21))


@pytest.mark.parametrize("number", QUERIES)
def test_a_question_is_answered(con, number):
    assert len(answer(con, number)) or number in MAY_BE_EMPTY


def test_the_newest_figures_are_the_newest(con):
    values = con.sql("from fct_indicator_value").df().dropna(subset=["value"])
    values = values[(values["area_code"] == "E07000171") & (values["age_band"] == "all")]
    assert len(answer(con, 1)) == values["indicator_id"].nunique()


def test_places_with_figures_are_counted(con):
    values = con.sql("from fct_indicator_value where age_band = 'all' and sex = 'persons'").df()
    areas = con.sql("from dim_area").df().set_index("area_code")["area_type"]
    shown = values[(values["indicator_id"] == "ae_four_hour") & (values["area_code"].map(areas) == "pcn")]
    title = con.sql("select value_title from dim_indicator where indicator_id = 'ae_four_hour'").fetchall()[
        0
    ][0]
    found = answer(con, 10).set_index(["title", "area_type"]).loc[(title, "pcn")]
    assert (found["places"], found["figures"]) == (shown["area_code"].nunique(), shown["value"].notna().sum())


def test_what_is_hidden_is_counted_by_its_reason(con):
    found = answer(con, 16)
    values = con.sql("from v_figure").df()
    assert found["figures"].sum() == values["value"].isna().sum()


def test_the_series_of_a_figure_is_in_the_order_of_time(con):
    series = answer(con, 3)
    values = con.sql(
        "from fct_indicator_value where indicator_id = 'ae_four_hour' and area_code = 'E07000171'"
    ).df()
    periods = con.sql("from dim_period where period_type = 'month'").df().sort_values("period_end")
    expected = periods.merge(values[values["age_band"] == "all"], on="period_id")
    assert list(series["period_label"]) == list(expected["label"])
    assert series["value"].equals(expected["value"].rename("value"))


def test_the_files_behind_a_figure_are_in_use(con):
    files = con.sql("from fct_lineage where indicator_id = 'falls_admissions_65plus'").df()
    assert set(answer(con, 18)["file_name"]) == set(files[files["is_in_use"]]["file_name"])
