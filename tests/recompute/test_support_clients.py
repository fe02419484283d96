"""People measured and clients still lonely, counted again from cases and registers."""

from __future__ import annotations

import pandas as pd
import pytest
from accepted_rows import areas_of, newest_of_key, of_newest_delivery, received, values, within


@pytest.fixture(scope="module")
def cases(built):
    """Cases of social prescribing; teenage counselling comes in the same file and is another service."""
    every = newest_of_key(received(built.accepted, "bcvs_social_prescribing"), ["case_key"])
    return every[every["service_type"] != "teenage_counselling"]


@pytest.fixture(scope="module")
def scores(built, cases):
    """Activation scores: who, on what day, and where."""
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
    return scores


def test_people_with_a_score_in_the_quarter(built, scores):
    """A person on two lists, or measured twice in the quarter, is one person, where the last score was."""
    exact = values(built, "pam_people_measured", "quarter")
    assert exact["period_id"].nunique() >= 3
    for period, rows in exact.groupby("period_id"):
        inside = scores[within(scores["day"], rows.iloc[0])].sort_values(["day", "order"])
        people = inside.drop_duplicates("who", keep="last")
        places = areas_of(people)
        for value in rows.itertuples():
            found = places[value.area_code].sum() if value.area_code in places else 0
            assert value.numerator == found, (period, value.area_code)


@pytest.mark.parametrize("period_type", ["quarter", "financial_year", "rolling_12m"])
def test_people_whose_activation_improved_count_once_in_a_period(built, scores, period_type):
    """By the last score of the last month with a pair, beside the first one 6 weeks to 12 months before."""
    once = scores.sort_values(["day", "order", "score"], ascending=[True, False, True])
    once = once.drop_duplicates(["who", "day"])
    last = once.assign(month=once["day"].dt.to_period("M")).drop_duplicates(["who", "month"], keep="last")
    pairs = last.merge(once[["who", "day", "score"]], on="who", suffixes=("", "_before"))
    early = pairs["day_before"] >= pairs["day"] - pd.DateOffset(months=12)
    late = pairs["day_before"] <= pairs["day"] - pd.Timedelta(weeks=6)
    pairs = pairs[early & late].sort_values("day_before").drop_duplicates(["who", "month"])
    levels = [-1, 47.1, 55.2, 67.1, 1000]
    level = {
        c: pd.cut(pairs[c].astype(float), levels, right=False).cat.codes for c in ("score", "score_before")
    }
    gain = (pairs["score"].astype(float) - pairs["score_before"].astype(float)).round(1)
    pairs["better"] = (gain >= 3) | (level["score"] > level["score_before"])
    exact = values(built, "pam_improved", period_type)
    assert len(exact) >= 3
    for value in exact.itertuples():
        inside = pairs[
            pairs["month"].between(pd.Period(value.period_start, "M"), pd.Period(value.period_end, "M"))
        ]
        people = inside.sort_values("month").drop_duplicates("who", keep="last")
        places = areas_of(people)
        here = places.get(value.area_code, pd.Series(False, people.index))
        counted = (value.numerator, value.denominator)
        if here.any():
            assert counted == (people["better"][here].sum(), here.sum()), (value.period_id, value.area_code)


@pytest.mark.parametrize("period_type", ["quarter", "financial_year"])
def test_clients_more_satisfied_with_life(built, cases, period_type):
    start, end = cases["ons4_satisfied_start"], cases["ons4_satisfied_end"]
    known = start.notna() & end.notna() & cases["closed_date"].notna()
    better = (end - start >= 1).fillna(False).astype(bool)
    places = areas_of(cases)
    exact = values(built, "social_prescribing_outcome", period_type)
    assert exact["area_code"].nunique() >= 2
    for _, value in exact.iterrows():
        inside = known & within(cases["closed_date"], value)
        inside &= places.get(value["area_code"], pd.Series(False, cases.index))
        if inside.any():
            assert value["denominator"] == inside.sum(), value["period_id"]
            assert value["numerator"] == (inside & better).sum(), value["period_id"]


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
