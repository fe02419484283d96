"""People measured and clients still lonely, counted again from cases and registers."""

from __future__ import annotations

import pandas as pd
import pytest
from accepted_rows import areas_of, newest_of_key, of_newest_delivery, received, values, within


@pytest.fixture(scope="module")
def cases(built):
    return newest_of_key(received(built.accepted, "bcvs_social_prescribing"), ["case_key"])


def test_people_with_a_score_in_the_quarter(built, cases):
    """A person on two lists, or measured twice in the quarter, is one person, where the last score was."""
    register = of_newest_delivery(
        received(built.accepted, "ccg_gp_population"), ["_period_start", "gp_practice"]
    )
    register = register.sort_values(["date_of_registration", "gp_practice"], ascending=[False, True])
    once = register[register["person_key"].notna()].drop_duplicates(["snapshot_date", "person_key"])
    parts = []
    for end in ("start", "end"):
        part = cases[["person_key", "case_key", "lsoa11", "gp_practice"]].copy()
        part["who"] = part["person_key"].fillna(part["case_key"])
        part["day"], part["score"] = cases[f"pam_date_{end}"], cases[f"pam_score_{end}"]
        parts.append(part.assign(order=pd.Timestamp.max))
    own = once[["lsoa11", "gp_practice"]].assign(
        who=once["person_key"], day=once["pam_date"], score=once["pam_score"],
        order=pd.to_datetime(once["snapshot_date"]),
    )  # fmt: skip
    scores = pd.concat([*parts, own], ignore_index=True).dropna(subset=["who", "day", "score"])
    scores["day"] = pd.to_datetime(scores["day"])
    exact = values(built, "pam_people_measured", "quarter")
    assert exact["period_id"].nunique() >= 3
    for period, rows in exact.groupby("period_id"):
        inside = scores[within(scores["day"], rows.iloc[0])].sort_values(["day", "order"])
        people = inside.drop_duplicates("who", keep="last")
        places = areas_of(people)
        for value in rows.itertuples():
            found = places[value.area_code].sum() if value.area_code in places else 0
            assert value.numerator == found, (period, value.area_code)


@pytest.mark.parametrize("period_type", ["quarter", "financial_year"])
def test_clients_lonely_at_the_end(built, cases, period_type):
    scores = {
        end: cases[[f"ucla{i}_{end}" for i in (1, 2, 3)]].sum(axis=1, min_count=3) for end in ("start", "end")
    }
    known = scores["start"].notna() & scores["end"].notna() & cases["closed_date"].notna()
    places = areas_of(cases)
    exact = values(built, "loneliness_clients", period_type)
    assert exact["area_code"].nunique() >= 2
    for _, value in exact.iterrows():
        inside = known & within(cases["closed_date"], value)
        inside &= places.get(value["area_code"], pd.Series(False, cases.index))
        assert value["denominator"] == inside.sum(), value["period_id"]
        assert value["numerator"] == (inside & (scores["end"] >= 6)).sum(), value["period_id"]
