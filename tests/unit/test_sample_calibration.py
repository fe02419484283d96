"""The whole district, drawn but not written: the figures it must reproduce."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from bassetlaw_sample.ccg.gp_register import snapshot
from bassetlaw_sample.ccg.practice_counts import Lists, screening
from bassetlaw_sample.county_council import care_events as care
from bassetlaw_sample.county_council.deaths import registrations
from bassetlaw_sample.county_council.measurements import measured
from bassetlaw_sample.county_council.social_care import draw_events
from bassetlaw_sample.district_council.leisure import visits
from bassetlaw_sample.health import draw_health
from bassetlaw_sample.hospital.apc import ESP_65, episodes
from bassetlaw_sample.hospital.ecds import attendances, first_attendances
from bassetlaw_sample.landing_files import SEED, build_world
from bassetlaw_sample.months import Month, age_at, day
from bassetlaw_sample.patients import identity
from bassetlaw_sample.places import SEEDS
from bassetlaw_sample.population import lists_on, residents_on

pytestmark = pytest.mark.slow
FINANCIAL_2018 = [Month(2018, 4).plus(i) for i in range(12)]


@pytest.fixture(scope="module")
def world():
    return build_world(SEED, Month(2016, 4), Month(2021, 3))


@pytest.fixture(scope="module")
def who(world):
    return identity(world)


def test_residents_of_mid_2017_are_the_published_ones(world):
    here = residents_on(world.people, day(date(2017, 6, 30)))
    assert len(here) == 116_304
    assert (age_at(world.people["born"].to_numpy()[here], day(date(2017, 6, 30))) >= 65).sum() == 24_935


@pytest.mark.parametrize(("year", "residents"), [(2019, 117_459), (2020, 118_280)])
def test_later_mid_years_come_close_to_the_published_ones(world, year, residents):
    assert abs(len(residents_on(world.people, day(date(year, 6, 30)))) - residents) < 150


def test_lists_come_close_to_those_of_january_2021(world):
    listed = lists_on(world.people, day(date(2021, 1, 1)))
    counts = np.bincount(world.people["practice"].to_numpy()[listed])
    published = {"C84001": 30466, "C84101": 3359, "Y05346": 3473, "C84024": 30374, "C84013": 13888}
    found = dict(zip(world.places.practices, counts.tolist(), strict=True))
    assert all(abs(found[p] / n - 1) < 0.05 for p, n in published.items())


def test_nineteen_point_six_per_cent_of_residents_smoke_in_2017(world, who):
    month = Month(2017, 12)
    listed = lists_on(world.people, day(month.last))
    rows = snapshot(world, who, draw_health(world), month, listed)
    resident = world.people["resident"].to_numpy()[listed]
    frame = rows.select(["smoking_status_code", "smoking_status_date"]).to_pandas()[resident].dropna()
    recorded = pd.to_datetime(frame["smoking_status_date"], format="%d-%b-%Y")
    known = frame[recorded > pd.Timestamp(2015, 12, 31)]
    assert round(100 * (known["smoking_status_code"] == "1").mean(), 1) == 19.6
    assert 0.85 < len(known) / len(frame) < 0.91


def test_attendances_rise_by_seven_per_cent(world, who):
    years = [sum(first_attendances(world, Month(y, 4).plus(i)) for i in range(12)) for y in (2017, 2018)]
    assert years == [45_400, 48_600]
    drawn = attendances(world, who, Month(2018, 7)).select(["site", "attendance_category"]).to_pandas()
    first = drawn[(drawn["site"] == "RP5BA") & (drawn["attendance_category"] == "1")]
    assert len(first) == first_attendances(world, Month(2018, 7))


def test_falls_admissions_have_the_wanted_rate(world, who):
    ages = np.concatenate([_fall_ages(episodes(world, who, m).to_pandas()) for m in FINANCIAL_2018])
    middle = day(date(2018, 9, 30))
    here = age_at(world.people["born"].to_numpy()[residents_on(world.people, middle)], middle)
    bands = [np.bincount(np.clip(a[a >= 65] // 5 - 13, 0, 5), minlength=6) for a in (ages, here)]
    assert 500 <= len(ages) <= 600
    assert 2_000 < 100_000 * (ESP_65 * bands[0] / bands[1]).sum() / ESP_65.sum() < 2_300


def _fall_ages(frame: pd.DataFrame) -> np.ndarray:
    secondary = frame[[f"diag_{i:02d}" for i in range(2, 15)]].fillna("")
    external = secondary.apply(lambda c: c.str.startswith(("W0", "W1"))).any(axis=1)
    fall = frame["diag_01"].str[0].isin(["S", "T"]) & external & (frame["episode_number"] == "01")
    fall &= frame["admission_method"].str.startswith("2")
    ages = frame.loc[fall, "age_on_admission"].astype(int).to_numpy()
    return ages[ages >= 65]


def test_deaths_follow_volume_and_deprivation(world):
    register = registrations(world, Month(2016, 1))
    year = (
        register["registered"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    )
    assert 105 <= ((year >= 2016) & (year <= 2020)).sum() / 60 <= 116
    young = register[(register["age"] < 75) & (year <= 2020)]
    circulatory = young[young["cause"].str.startswith("I")]
    rates = pd.read_csv(SEEDS / "reference" / "mortality_rate_u75_synthetic.csv")
    rate = rates[rates["cause_group"] == "circulatory"]["rate_per_100000"].to_numpy() / 100_000
    expected = 0.0
    for y in range(2016, 2021):
        here = residents_on(world.people, day(date(y, 6, 30)))
        age = age_at(world.people["born"].to_numpy()[here], day(date(y, 6, 30)))
        expected += rate[age[age < 75] // 5].sum()
    assert 92 < 100 * len(circulatory) / expected < 117  # drawn around 105, give or take 5


def test_leisure_has_its_visits_and_active_members(world, who):
    taste = world.rng("bdc_leisure", "taste").lognormal(0, 1.1, len(world.people))
    rows = visits(world, who, Month(2018, 6), taste)
    assert 35_000 < rows.num_rows < 39_000
    assert 5_800 < len(set(rows["member_ref"].to_pylist()) - {None}) < 6_500


def test_suicides_are_forty_in_three_years_and_registered_after_an_inquest(world):
    register = registrations(world, Month(2016, 1))
    year = (
        register["registered"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    )
    cause = register["cause"].str[:3]
    suicide = (cause.between("X60", "X84") | cause.between("Y10", "Y34")).to_numpy()
    assert 32 <= (suicide & (year >= 2018) & (year <= 2020)).sum() <= 50
    assert (register["registered"] - register["died"])[suicide].min() >= 140


def test_obesity_of_2017_is_that_of_the_plan(world, who):
    rows = measured(world, who, 2017).to_pandas()
    rows = rows[rows["pupil_la_code"] == "E07000171"]
    obese = (rows["bmi_p_score"].astype(float) >= 0.95).groupby(rows["school_year"])
    assert obese.mean().mul(100).round(1).to_dict() == {"6": 20.6, "R": 8.8}
    assert obese.size().between(1_150, 1_300).all()


@pytest.fixture(scope="module")
def events(world):
    return draw_events(world)


def test_sixty_older_people_a_month_are_reabled_after_hospital_and_82_per_cent_are_at_home(world, events):
    asked = events[(events["route"] == care.FROM_HOSPITAL) & (events["outcome"] == care.TO_REABLEMENT)]
    assert 57 <= len(asked) / 60 <= 61
    day_91 = (asked["end"] + 91).rename("day_91")
    dead = world.people["died"].to_numpy()[asked["who"]] <= day_91
    homes = events[events["service"].isin([care.NURSING, care.RESIDENTIAL, care.TEMPORARY])]
    stays = day_91.reset_index().assign(who=asked["who"].to_numpy()).merge(homes, on="who")
    moved = stays[(stays["start"] <= stays["day_91"]) & (stays["end"] >= stays["day_91"])]["index"]
    assert 0.80 < 1 - (dead | asked.index.isin(moved)).mean() < 0.84


def test_140_older_people_a_year_move_into_a_care_home(world, events):
    stays = events[events["service"].isin([care.NURSING, care.RESIDENTIAL])]
    new = stays[stays["outcome"] != care.SELF_FUNDED].drop_duplicates("who")
    age = age_at(world.people["born"].to_numpy()[new["who"]], new["start"].to_numpy())
    year = new["start"].between(day(FINANCIAL_2018[0].first), day(FINANCIAL_2018[-1].last))
    assert 120 <= (year & (age >= 65)).sum() <= 165


@pytest.mark.parametrize("year", [2016, 2018, 2020])
def test_about_three_of_four_with_dementia_are_on_the_register_and_most_are_reviewed(world, who, year):
    month = Month(year, 6)
    listed = lists_on(world.people, day(month.last))
    rows = snapshot(world, who, draw_health(world), month, listed).to_pandas()
    age = age_at(world.people["born"].to_numpy()[listed], day(month.last))
    rates = pd.read_csv(SEEDS / "reference" / "cfas2_dementia_prevalence.csv")
    rates["code"] = rates["sex"].map({"male": "1", "female": "2"})
    expected = sum(
        ((rows["sex"] == r.code) & (age >= r.age_from) & (age <= r.age_to)).sum() * r.per_cent / 100
        for r in rates.itertuples()
    )
    ill = rows["qof_registers"].str.contains("DEM", na=False)
    assert 0.70 < (ill & (age >= 65)).sum() / expected < 0.79
    reviewed = pd.to_datetime(rows.loc[ill, "dementia_review_date"], format="%d-%b-%Y")
    assert 0.73 < (reviewed > pd.Timestamp(month.last) - pd.DateOffset(months=12)).mean() < 0.83


def test_screening_reaches_fewer_people_with_a_learning_disability(world):
    counts = {c.measure: c for c in screening(Lists(world, draw_health(world)), Month(2018, 6))}
    share = {name: c.numerator.sum() / c.denominator.sum() for name, c in counts.items()}
    assert share["breast_53_70"] == pytest.approx(0.755, abs=0.02)
    assert share["bowel_60_74"] == pytest.approx(0.625, abs=0.02)
    everybody, disabled = (
        sum(c.numerator.sum() for n, c in counts.items() if n.endswith("_ld") == ld)
        / sum(c.denominator.sum() for n, c in counts.items() if n.endswith("_ld") == ld)
        for ld in (False, True)
    )
    assert 0.12 < everybody - disabled < 0.22
