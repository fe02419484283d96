"""The hospital's extracts for the whole district, drawn but not written: the figures they must reproduce."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bassetlaw_sample.hospital.apc import episodes
from bassetlaw_sample.hospital.cwt import deliveries, draw_pathways
from bassetlaw_sample.hospital.discharge import in_hospital, long_stays
from bassetlaw_sample.hospital.workforce import employer
from bassetlaw_sample.landing_files import SEED, build_world
from bassetlaw_sample.months import NEVER, Month, day, from_day
from bassetlaw_sample.patients import identity
from bassetlaw_sample.places import SEEDS

pytestmark = pytest.mark.slow
LISTED = tuple(pd.read_csv(SEEDS / "reference" / "ambulatory_care_sensitive_condition.csv")["icd10_prefix"])


@pytest.fixture(scope="module")
def world():
    return build_world(SEED, Month(2016, 4), Month(2018, 3))


def emergencies(world, who, year: int) -> pd.DataFrame:
    """First episodes of the emergency spells that end in a financial year."""
    rows = pd.concat([episodes(world, who, Month(year, 4).plus(i)).to_pandas() for i in range(12)])
    return rows[(rows["episode_number"] == "01") & rows["admission_method"].str.startswith("2")]


def test_low_grade_admissions_fall_by_448(world):
    who = identity(world)
    totals, low = [], []
    for year in (2016, 2017):
        rows = emergencies(world, who, year)
        admitted, left = (pd.to_datetime(rows[c]) for c in ("admission_date", "discharge_date"))
        slight = rows[((left - admitted).dt.days <= 1) & rows["diag_01"].str.startswith(LISTED)]
        assert (slight["gp_practice"] != "V81999").all()
        assert (slight["admission_date"].str[:7] == slight["discharge_date"].str[:7]).all()
        totals.append(len(rows))
        low.append(len(slight))
        hips = rows["diag_01"].str.startswith(("S720", "S721", "S722"))
        assert 140 <= (hips & (rows["age_on_admission"].astype(int) >= 65)).sum() <= 165
    assert (totals, low) == ([13_900, 13_452], [3_600, 3_152])


def test_cancer_waits_are_as_usual(world):
    drawn = draw_pathways(world)
    urgent = drawn[~drawn["otherwise"].astype(bool)]
    treated = urgent[urgent["treated"] <= day(world.last.last)]
    days = treated["treated"] - treated["start"] - treated["off_treated"]
    assert 28 <= len(treated) / 24 <= 36
    assert 0.79 < (days <= 62).mean() < 0.89
    assert 0.93 < (urgent["seen"] - urgent["start"] - urgent["off_first"] <= 14).mean() < 0.95
    assert 0.73 < (urgent["told"] - urgent["start"] - urgent["off_first"] <= 28).mean() < 0.79
    assert (urgent["told"] >= urgent["seen"]).all()
    assert (drawn["who"].to_numpy() < len(world.people)).all() and drawn["treated"].max() == NEVER


def test_late_treatments_come_with_the_files_sent_again(world):
    """Everything of the first edition, and some treatments more, a quarter of a year later at the latest."""
    files = {d.name: d for d in deliveries(world, identity(world))}
    more = 0
    for name, again in ((n, d) for n, d in files.items() if "_RESUB" in n):
        first = files[name.replace("_RESUB", "")]
        before, after = (d.tables["dbth_cwt"].to_pandas() for d in (first, again))
        assert first.received < again.received
        assert len(after.merge(before)) == len(before)
        assert len(after) > len(before)  # a quarter without late treatments is not sent again
        more += len(after) - len(before)
    assert len(files) > 24
    assert 10 < more < 40


def test_staff_are_absent_leave_and_lack_as_usual(world):
    trust = employer(world, "RP5")
    nurses = trust[trust["group"].str.startswith("Nursing")]
    ended = trust["leavers_06"] + trust["leavers_08"]
    assert 0.044 < trust["fte_days_sick"].sum() / trust["fte_days_available"].sum() < 0.048
    assert 0.10 < (trust["leavers"] - ended).sum() / (trust["headcount"].sum() / 12) < 0.11
    assert 0.06 < trust["vacancy_fte"].sum() / trust["budgeted_fte"].sum() < 0.08
    assert 0.09 < nurses["vacancy_fte"].sum() / nurses["budgeted_fte"].sum() < 0.10
    reasons = trust.filter(like="sickness_").sum().sum()
    assert reasons == pytest.approx(trust["fte_days_sick"].sum())
    assert trust["sickness_30"].sum() / reasons == pytest.approx(0.25, abs=0.01)


def test_long_stays_are_as_many_as_usual(world):
    stays = long_stays(world)
    sundays = [d for d in range(day(world.first.first), day(world.last.last)) if from_day(d).weekday() == 6]
    found = [in_hospital(stays, from_day(d)) for d in sundays]
    over = [(d - f["admitted"] >= 21).sum() for d, f in zip(sundays, found, strict=True)]
    assert 62 <= np.mean([len(f) for f in found]) <= 75
    assert 20 <= np.mean(over) <= 28
