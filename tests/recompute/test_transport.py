"""Community transport, home visits and waits for transport counted again from trips, packs and censuses."""

from __future__ import annotations

import pandas as pd
import pytest
from accepted_rows import DISTRICT, networks, of_newest_delivery, received, values, within


@pytest.mark.parametrize("period_type", ["month", "quarter"])
def test_trips_for_health(built, period_type):
    trips = received(built.accepted, "bcvs_volunteering_transport", "rows__trips")
    trips = of_newest_delivery(trips, ["_period_start"])
    health = trips[trips["purpose"].isin(["GP", "hospital"])]
    exact = values(built, "transport_access", period_type)
    assert len(exact) >= 3
    assert set(exact["area_code"]) == {DISTRICT}
    for _, value in exact.iterrows():
        assert value["numerator"] == within(health["trip_date"], value).sum(), value["period_id"]


def test_home_visits_of_the_newest_packs(built):
    packs = received(built.accepted, "ccg_practice_returns", "rows__gp_activity")
    visits = of_newest_delivery(packs, ["_period_start"]).query("measure == 'home_visits'")
    visits = visits.sort_values("_period_start").drop_duplicates(["practice_code", "period"], keep="last")
    month = pd.to_datetime(visits["period"], format="%b-%y", errors="coerce")
    network = visits["practice_code"].map(networks())
    exact = values(built, "transport_home_visits", "month")
    assert exact["period_id"].nunique() >= 3
    assert exact["area_code"].nunique() == 4
    for _, value in exact.iterrows():
        here = network.notna() if value["area_code"] == DISTRICT else network == value["area_code"]
        own = visits.loc[here & within(month, value), "numerator"]
        if own.notna().all():
            assert value["numerator"] == own.sum(), (value["period_id"], value["area_code"])


def test_waits_for_transport_on_the_censuses(built):
    census = of_newest_delivery(
        received(built.accepted, "dbth_discharge_sitrep", "rows__census"), ["_period_start"]
    )
    waiting = census[
        (census["site"] == "RP5BA") & census["no_ctr_reason"].fillna("").str.contains("transport")
    ]
    exact = values(built, "transport_discharge_delays", "month")
    if exact.empty:
        pytest.skip("the sample ends before the reason was recorded, in April 2020")
    assert exact["period_id"].nunique() >= 3
    assert set(exact["area_code"]) >= {DISTRICT, "RP5BA"}
    for _, value in exact[exact["area_code"].isin([DISTRICT, "RP5BA"])].iterrows():
        assert value["numerator"] == within(waiting["_period_start"], value).sum(), value["period_id"]
