"""Food premises, homelessness and volunteering of the sample: the figures and forms they are drawn for."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from bassetlaw_sample.bcvs import volunteering
from bassetlaw_sample.district_council import food, housing
from bassetlaw_sample.landing_files import build_world
from bassetlaw_sample.months import Month
from bassetlaw_sample.patients import identity


@pytest.fixture(scope="module")
def world():
    return build_world(1, Month(2017, 4), Month(2019, 6), people=2_000)


@pytest.fixture(scope="module")
def who(world):
    return identity(world)


def counted(world, month):
    """Awarded takeaways in target wards rated 3 or more, from the two tables of a month."""
    premises, ratings = food.draw_premises(world)
    shown = premises.index[(premises["kind"] == food.TAKEAWAY) & premises["target"]]
    register = food.register(world, premises, ratings, food.day(month.last)).to_pandas()
    good = register[register["rating_value"].isin(["3", "4", "5"])]["fhrs_id"]
    awards = food.awards_held(premises, food.draw_awards(world, premises), month).to_pandas()
    target = set(food.fhrs_ids(shown.to_numpy()).astype(str))
    return len(set(awards["fhrs_id"]) & set(good) & target)


@pytest.mark.parametrize(
    ("month", "awards"), [(Month(2017, 4), 8), (Month(2018, 4), 19), (Month(2019, 4), 30)]
)
def test_awards_grow_from_8_to_30_in_two_years_in_a_sample_of_any_size(world, month, awards):
    assert counted(world, month) == awards


def test_a_register_has_every_takeaway_and_the_form_of_the_scheme(world, who):
    delivery = next(food.deliveries(world, who))
    root = ElementTree.fromstring(delivery.render(delivery))
    records = root.findall("./EstablishmentCollection/EstablishmentDetail")
    assert len(records) == delivery.data_rows
    assert 125 <= sum(r.findtext("BusinessTypeID") == "7844" for r in records) <= 130
    assert {r.find("Scores") is not None for r in records} == {True}


def test_a_bad_register_comes_again_the_next_day(world, who):
    names = [d.name for d in food.deliveries(world, who)]
    assert {"FHRS_Bassetlaw_20190527.xml", "FHRS_Bassetlaw_20190528.xml"} <= set(names)
    assert len(names) == len(world.months) + 2


def test_a_homelessness_case_comes_until_it_is_closed_and_says_only_what_is_known(world, who):
    seen: dict[str, list[str]] = {}
    for delivery in housing.deliveries(world, who):
        table = delivery.tables[housing.EXTRACT].to_pylist()
        for row in table:
            seen.setdefault(row["case_ref"], []).append(row["prevention_end"] or row["relief_end"] or "open")
    assert max(map(len, seen.values())) > 1
    again = [ends for ends in seen.values() if len(ends) > 1]
    assert all(ends[0] == "open" or ends[0] != ends[-1] or len(set(ends)) == 1 for ends in again)
    assert any(ends[0] == "open" and ends[-1] != "open" for ends in again)


def test_every_village_has_its_sub_total(world, who):
    trips = next(volunteering.deliveries(world, who)).tables["trips"].to_pandas()
    totals = trips[trips["trip_date"].isna()]
    rows = trips[trips["trip_date"].notna()]
    assert totals["trip_id"].iloc[-1] == "Grand Total"
    assert int(totals["passengers"].iloc[-1]) == rows["passengers"].astype(int).sum()
    worksop = rows.loc[rows["from_village"] == "Worksop", "passengers"].astype(int).sum()
    assert totals.set_index("trip_id").at["Worksop Total", "passengers"] == str(worksop)


def test_under_half_of_the_trips_are_for_health():
    world = build_world(1, Month(2018, 4), Month(2018, 4), people=116_304)
    trips = volunteering.trips_of(world, Month(2018, 4))
    assert 1_090 <= len(trips) <= 1_210
    assert np.isclose(trips["purpose"].isin(["GP", "hospital"]).mean(), 0.45, atol=0.04)
