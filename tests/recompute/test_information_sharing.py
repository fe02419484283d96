"""Linkable rows counted again from the deliveries of two partners."""

from __future__ import annotations

import pandas as pd
import pytest
from accepted_rows import newest_of_key, received, values, within

# Partner: the one extract it sends rows about people in, their key, and the day an event counts on.
EXTRACTS = {
    "BCVS": ("bcvs_social_prescribing", "case_key", "referral_date"),
    "37UC": ("bdc_housing_hclic", "case_key", "assessment_date"),
}


def event_rows(built, partner: str) -> pd.DataFrame:
    """Day of each event row, and whether it carries a person."""
    extract, key, day = EXTRACTS[partner]
    rows = newest_of_key(received(built.accepted, extract), [key])
    linked = rows["person_key"].notna() if "person_key" in rows else False
    return pd.DataFrame({"day": rows[day], "linked": linked})


@pytest.mark.parametrize("partner", EXTRACTS)
def test_rows_with_a_person(built, partner):
    rows, exact = event_rows(built, partner), values(built, "information_sharing", "quarter")
    own = exact[exact["area_code"] == partner]
    assert own["denominator"].gt(0).sum() >= 3
    for _, value in own.iterrows():
        inside = rows[within(rows["day"], value)]
        assert (value["numerator"], value["denominator"]) == (inside["linked"].sum(), len(inside))


def test_the_district_is_all_partners(built):
    exact = values(built, "information_sharing", "quarter").set_index(["period_id", "area_code"])
    for period, rows in exact.groupby("period_id"):
        parts = rows.drop((period, "E07000171"))
        assert rows.at[(period, "E07000171"), "denominator"] == parts["denominator"].sum()
        assert rows.at[(period, "E07000171"), "numerator"] == parts["numerator"].sum()
