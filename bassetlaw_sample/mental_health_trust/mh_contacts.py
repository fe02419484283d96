"""Mental health referrals and contacts (nhft_mh_contacts): the monthly file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.mental_health_trust.community import attended
from bassetlaw_sample.mental_health_trust.referrals import MonthRows, monthly_rows
from bassetlaw_sample.months import day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World
from bassetlaw_sample.write import csv_file

EXTRACT = "nhft_mh_contacts"
MOMENT = "%Y-%m-%dT00:00:00"
_DATE = "%Y-%m-%d"


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file a month."""
    for rows in monthly_rows(world, EXTRACT, world.calibration["mh_contacts"]):
        yield Delivery(
            partner="mental_health_trust",
            extract=EXTRACT,
            name=f"RHA_MHSDS_02Q_{rows.month.stamp}.csv",
            received=working_day(rows.month, 18),
            tables={EXTRACT: _table(world, identity, rows)},
            render=csv_file(),
        )


def _table(world: World, identity: Identity, rows: MonthRows) -> pa.Table:
    """Rows as text in contract field names; every date is a date-time."""
    frame, streams = rows.frame, world.calibration["mh_contacts"]["streams"]
    of, contact = frame["stream"].to_numpy(), frame["contact"].to_numpy()
    prefix, met = frame["month"].astype(int).to_numpy(), contact >= 0
    referred, seen_on = frame["referred"].to_numpy(), frame["contact_day"].to_numpy()
    closed = frame["closed"].to_numpy() <= day(rows.month.last)
    columns = {
        **identity.columns(frame["who"].to_numpy(), MOMENT),
        "service_request_id": text.numbers(prefix * 10_000 + frame["number"].to_numpy()),
        "referral_date": text.dates(referred, MOMENT),
        "referral_time": _moment(referred, frame["second"].to_numpy()),
        "source_of_referral": text.pick([s["source"] for s in streams], of),
        "response_priority": text.pick([s["priority"] for s in streams], of),
        "reason": text.pick([s["reason"] for s in streams], of),
        "team_type": text.pick([s["team"] for s in streams], of),
        "care_contact_id": text.numbers(prefix * 100_000 + contact, met),
        "contact_date": text.dates(seen_on, MOMENT, met),
        "contact_time": _moment(seen_on, frame["contact_second"].to_numpy(), met),
        "medium": text.pick(["02", "01"], frame["face_to_face"].to_numpy().astype(int), met),
        "attended": attended(frame, met),
        "site": text.pick([s.get("site") for s in streams], of),
        "closure_reason": text.pick(["02"], np.zeros(len(frame), int), closed),
    }
    return pa.table(columns)


def _moment(days: np.ndarray, seconds: np.ndarray, keep: np.ndarray | None = None) -> pa.Array:
    """Date and time with a T between; NULL where either is missing."""
    return pc.binary_join_element_wise(text.dates(days, _DATE, keep), text.clock(seconds, keep), "T")
