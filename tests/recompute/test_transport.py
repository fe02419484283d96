"""Community transport counted again from the trips."""

from __future__ import annotations

import pytest
from accepted_rows import DISTRICT, of_newest_delivery, received, values, within


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
