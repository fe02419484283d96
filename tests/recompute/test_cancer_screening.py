"""Screening coverage counted again from the accepted packs."""

from __future__ import annotations

import pandas as pd
import pytest
from practice_rows import DISTRICT, in_area, returned, values

BREAST, BOWEL = ["breast_53_70", "breast_50_70"], ["bowel_60_74"]
CERVICAL = ["cervical_25_49", "cervical_50_64"]


def label(value: pd.Series) -> str:
    """FY2018-19-Q1 as packs write it: 2018-19 Q1."""
    return value["period_id"].removeprefix("FY").replace("-Q", " Q")


@pytest.mark.parametrize(
    ("indicator", "measures"),
    [
        ("cancer_screening_coverage", [*BREAST, *BOWEL, *CERVICAL]),
        ("cancer_screening_breast", BREAST),
        ("cancer_screening_bowel", BOWEL),
        ("cancer_screening_cervical", CERVICAL),
    ],
)
def test_coverage_is_that_of_the_packs(built, indicator, measures):
    rows = returned(built.accepted, "screening")
    rows = rows[rows["measure"].isin(measures) & rows["pcn_code"].notna()]
    checked = 0
    for _, value in values(built, indicator, "quarter").iterrows():
        here = rows[in_area(rows, value["area_code"]) & (rows["period"] == label(value))]
        if here.empty or here["numerator"].isna().any():
            assert value["value_status"] in ("not_supplied", "not_applicable")
            continue
        counts = (here["numerator"].sum(), here["denominator"].sum())
        assert (value["numerator"], value["denominator"]) == counts, (value["area_code"], value["period_id"])
        checked += counts[1] > 0
    assert checked >= 6


def test_people_with_a_learning_disability_come_from_the_line_of_all_practices(built):
    rows = returned(built.accepted, "screening")
    rows = rows[(rows["practice_code"] == "02Q") & rows["measure"].str.endswith("_ld")]
    found = values(built, "cancer_screening_ld_coverage", "quarter")
    assert set(found["area_code"]) == {DISTRICT}
    for _, value in found.iterrows():
        here = rows[rows["period"] == label(value)]
        if here.empty or here["numerator"].isna().any():
            assert value["value_status"] == "not_supplied"
        else:
            assert value["numerator"] == here["numerator"].sum()
