"""Long stays counted again from the weekly census."""

from __future__ import annotations

import pandas as pd
import pytest
from hospital_rows import newest_rows, values, within


@pytest.mark.parametrize(("indicator", "days"), [("stranded_patients", 21), ("stranded_patients_7_days", 7)])
@pytest.mark.parametrize("period_type", ["month", "quarter"])
def test_mean_of_the_censuses(built, indicator, days, period_type):
    census = newest_rows(built.accepted, "dbth_discharge_sitrep", "rows__census")
    delays = newest_rows(built.accepted, "dbth_discharge_sitrep")
    lists = pd.Series(sorted(set(census["_period_start"]) | set(delays["_period_start"])))
    stay = census["los_days"].fillna(
        (pd.to_datetime(census["census_date"]) - pd.to_datetime(census["admission_date"])).dt.days
    )
    long = census[(stay >= days) & (census["site"] == "RP5BA")]
    found = values(built, indicator, period_type)
    assert len(found) >= 3 and set(found["area_code"]) == {"RP5BA"}
    for _, value in found.iterrows():
        counted, taken = within(long["_period_start"], value).sum(), within(lists, value).sum()
        assert (value["numerator"], value["denominator"]) == (counted, taken), value["period_id"]
        assert value["value"] == pytest.approx(counted / taken)
