"""The published figures with their names, against the tables they are made of, joined again in pandas."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def tables(built) -> dict[str, pd.DataFrame]:
    names = (
        "v_figure",
        "v_latest",
        "fct_indicator_value",
        "dim_area",
        "dim_period",
        "dim_indicator",
        "scorecard",
    )
    with duckdb.connect(str(built.settings.home.outcomes), read_only=True) as con:
        return {name: con.sql(f"from {name}").df() for name in names}


def test_every_figure_has_one_row_and_it_is_that_of_everybody(tables):
    keys = ["indicator_id", "area_code", "period_id"]
    values, figures = tables["fct_indicator_value"], tables["v_figure"]
    every_age = values[values["age_band"] == "all"]
    assert len(figures) > 1000 and not figures.duplicated(keys).any()
    persons = every_age[every_age["sex"] == "persons"]
    everybody = persons.merge(figures, on=keys, suffixes=("", "_named"))
    assert len(everybody) == len(persons) > 1000
    assert len(figures.merge(every_age[keys].drop_duplicates(), on=keys)) == len(figures)
    for column in ("value", "value_text", "ci95_lower", "value_status"):
        assert everybody[column].equals(everybody[f"{column}_named"].rename(column))
    named = figures.merge(tables["dim_area"], on="area_code", suffixes=("", "_own"))
    assert (named["area_name"] == named["area_name_own"]).all()


def test_the_newest_figure_of_the_district_is_that_of_the_scorecard(tables):
    cards = tables["scorecard"]
    cards = cards[cards["is_complete"] & cards["value"].notna()]
    value = tables["dim_indicator"].set_index("indicator_id")["headline"] == "value"
    cards = cards[cards["indicator_id"].map(value)]
    both = cards.merge(tables["v_latest"], on=["indicator_id", "area_code"], suffixes=("", "_latest"))
    assert len(both) == len(cards) > 10
    newer = both["period_end"] > pd.to_datetime(
        both["period_id"].map(tables["dim_period"].set_index("period_id")["period_end"])
    )
    same = both[~newer]
    assert (same["value"] == same["value_latest"]).all() and newer.mean() < 0.5


def test_the_newest_row_is_the_newest_of_its_kind(tables):
    figures = tables["v_figure"].dropna(subset=["value"])
    newest = figures.groupby(["indicator_id", "area_code", "period_type"])["period_end"].transform("max")
    assert (figures["is_latest"] == (figures["period_end"] == newest)).all()
    assert not tables["v_latest"].duplicated(["indicator_id", "area_code"]).any()
