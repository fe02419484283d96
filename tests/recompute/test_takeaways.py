"""Awarded takeaways counted again from registers and lists."""

from __future__ import annotations

import pandas as pd
import pytest
from accepted_rows import DISTRICT, lsoas, of_newest_delivery, received, values


@pytest.fixture(scope="module")
def takeaways(built):
    """Takeaways of target wards by month, with whether they count."""
    look_up = lsoas()
    targets = set(look_up.loc[look_up["imd19_decile"].isin([1, 2]), "ward17_code"])
    register = of_newest_delivery(received(built.accepted, "bdc_food_premises"), ["_period_start"])
    lists = of_newest_delivery(received(built.accepted, "bdc_hot_awards"), ["_period_start"])
    found = register[register["business_type_id"] == 7844].copy()
    found["ward"] = found["lsoa11"].map(look_up["ward17_code"])
    months = sorted(lists["_period_start"].unique())
    found["list"] = [max((m for m in months if m <= start), default=None) for start in found["_period_start"]]
    awards = lists[lists["hot_award"] != "none"]
    held = set(zip(awards["_period_start"], awards["fhrs_id"], strict=True))
    awarded = pd.Series(
        [pair in held for pair in zip(found["list"], found["fhrs_id"], strict=True)], found.index
    )
    found["counts"] = awarded & found["rating_value"].isin(["3", "4", "5"])
    return found[found["ward"].isin(targets)]


@pytest.mark.parametrize("indicator", ["healthy_options_takeaways", "healthy_options_takeaways_share"])
def test_takeaways_at_the_end_of_each_quarter(built, takeaways, indicator):
    exact = values(built, indicator, "quarter")
    assert exact["period_id"].nunique() >= 3
    assert exact["area_code"].nunique() == 26
    for value in exact.itertuples():
        start = pd.to_datetime(takeaways["_period_start"])
        inside = takeaways[(start >= value.period_start) & (start <= value.period_end)]
        last = inside[inside["_period_start"] == inside["_period_start"].max()]
        here = last if value.area_code == DISTRICT else last[last["ward"] == value.area_code]
        assert value.numerator == here["counts"].sum(), (value.area_code, value.period_id)
        if indicator.endswith("share"):
            assert value.denominator == len(here), (value.area_code, value.period_id)
