"""Dementia and frailty counted again from the accepted register."""

from __future__ import annotations

import pandas as pd
import pytest
from practice_rows import SEEDS, register, snapshot_of, supplied


def expected_dementia(people: pd.DataFrame) -> float:
    rates = pd.read_csv(SEEDS / "reference" / "cfas2_dementia_prevalence.csv")
    total = 0.0
    for code, sex in (("1", "male"), ("2", "female")):
        for rate in rates[rates["sex"] == sex].itertuples():
            here = (people["sex"] == code) & people["age"].between(rate.age_from, rate.age_to)
            total += here.sum() * rate.per_cent / 100
    return total


def has_dementia(people: pd.DataFrame) -> pd.Series:
    return people["qof_registers"].fillna("").str.split("|").map(lambda names: "DEM" in names)


def last_year(people: pd.DataFrame, column: str) -> pd.Series:
    days = pd.to_datetime(people[column])
    return (days <= people["snapshot_date"]) & (days > people["snapshot_date"] - pd.DateOffset(months=12))


def test_dementia_diagnosis_rate(built):
    people = register(built.accepted)
    people = people[(people["age"] >= 65) & people["sex"].isin(["1", "2"])]
    for _, value in supplied(built, "dementia_diagnosis_rate", "quarter").iterrows():
        here = snapshot_of(people, value)
        rate = 100 * has_dementia(here).sum() / expected_dementia(here)
        assert value["value"] == pytest.approx(rate, rel=1e-3), (value["area_code"], value["period_id"])


def test_dementia_care_plan_review(built):
    people = register(built.accepted)
    people = people[has_dementia(people)]
    for _, value in supplied(built, "dementia_care_plan_review", "quarter").iterrows():
        here = snapshot_of(people, value)
        counts = (last_year(here, "dementia_review_date").sum(), len(here))
        assert (value["numerator"], value["denominator"]) == counts, (value["area_code"], value["period_id"])


def test_frailty_identified_reviewed(built):
    people = register(built.accepted)
    people = people[(people["age"] >= 65) & (people["efi_score"] > 0.24)]
    found = supplied(built, "frailty_identified_reviewed", "quarter")
    for _, value in found[found["area_code"].str.startswith("U")].iterrows():
        here = snapshot_of(people, value)
        confirmed = here["frailty_code"].isin(["925831000000107", "925861000000102"])
        counts = ((confirmed & last_year(here, "frailty_review_date")).sum(), len(here))
        assert (value["numerator"], value["denominator"]) == counts, (value["area_code"], value["period_id"])
