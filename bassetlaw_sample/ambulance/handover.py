"""Ambulance handovers (emas_handover): arrivals by ambulance at Bassetlaw Hospital, week by week.

The conveyances are those that the emergency department records, so that incident numbers link the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.hospital import ecds
from bassetlaw_sample.months import Month, at_hour, day, from_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "emas_handover"
UK = "%d/%m/%Y"
_DAY = 1440  # minutes
_CATEGORIES = ("C1", "C1T", "C2", "C3", "C4", "HCP1", "HCP2", "HCP3")
_CATEGORY_WEIGHT = np.array([5, 4, 52, 24, 2, 3, 6, 4])


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file for each week that begins, on a Monday, within the sample; the last may end after it."""
    before = None
    for month in world.months:
        now = _conveyances(world, identity, month)
        after = _conveyances(world, identity, month.plus(1)) if month == world.last else None
        recent = pd.concat([part for part in (before, now, after) if part is not None], ignore_index=True)
        for monday in _mondays(world, month):
            own = recent["arrived"].between(monday * _DAY, (monday + 7) * _DAY - 1)
            yield _file(world, monday, recent[own].sort_values("arrived", kind="stable", ignore_index=True))
        before = now


def _mondays(world: World, month: Month) -> list[int]:
    """First days of the weeks that end in a month, and of one that begins in the last month of the sample."""
    first, last = day(month.first), day(month.last)
    candidates = range(max(first - 6, day(world.first.first)), last + 1 if month == world.last else last - 5)
    return [d for d in candidates if from_day(d).weekday() == 0]


def _file(world: World, monday: int, rows: pd.DataFrame) -> Delivery:
    return Delivery(
        partner="ambulance",
        extract=EXTRACT,
        name=f"EMAS_RP5BA_Handover_WC_{from_day(monday):%d%m%Y}.csv",
        received=at_hour(from_day(monday) + timedelta(days=9), 7),
        tables={EXTRACT: _table(world, monday, rows)},
        render=csv_file(line_end="\r\n"),
    )


def _conveyances(world: World, identity: Identity, month: Month) -> pd.DataFrame:
    """Most ambulance arrivals of the emergency department: when (minutes since 1970) and who."""
    seen = ecds.attendances(world, identity, month)
    columns = [
        "arrival_date",
        "arrival_time",
        "ambulance_call_id",
        "nhs_number",
        "age",
        "sex",
        "postcode",
        "site",
    ]
    frame = seen.select(columns).to_pandas()
    frame = frame[frame["ambulance_call_id"].notna() & (frame["site"] == ecds.MAIN_SITE)]
    rng = world.rng(EXTRACT, month.stamp)
    frame = frame[rng.random(len(frame)) < world.calibration["handover"]["conveyed"]]
    moment = pd.to_datetime(frame["arrival_date"] + " " + frame["arrival_time"], format="%d/%m/%Y %H:%M:%S")
    minute = moment.astype("datetime64[s]").astype("int64").to_numpy() // 60
    # The crew arrives a little before the patient is booked in.
    arrived = np.maximum(minute - rng.integers(0, 4, len(frame)), day(month.first) * _DAY)
    return frame.assign(arrived=arrived, handover=_handover(rng, world, month, len(frame)))


def _handover(rng: np.random.Generator, world: World, month: Month, rows: int) -> np.ndarray:
    """Whole minutes from arrival to clinical handover."""
    model = world.calibration["handover"]
    share = np.array(list(model["within"].values()))
    winter = model["winter"] * np.cos((month.month - 1) / 12 * 2 * np.pi)
    share = share + winter * np.array([-1, 0.6, 0.32, 0.08])
    limit = np.array(list(model["within"]))
    band = draw(rng, share, rows)
    low = np.concatenate([[4], limit])[band] + 1
    return rng.integers(low, limit[band] + 1)


def _table(world: World, monday: int, frame: pd.DataFrame) -> pa.Table:
    """Rows as text in contract field names; times to the minute."""
    rng, rows = world.rng(EXTRACT, "week", monday), len(frame)
    arrived = frame["arrived"].to_numpy().astype(np.int64)
    blank = rng.permutation(rows) < int(world.calibration["handover"]["blank_handover"] * rows)
    scene = arrived - rng.integers(25, 75, rows)
    left = np.where(
        blank, arrived + rng.integers(20, 60, rows), arrived + frame["handover"] + rng.integers(4, 25, rows)
    )
    sector = [postcode[:-2] for postcode in frame["postcode"]]
    columns = {
        "incident_number": pa.array(frame["ambulance_call_id"].tolist(), pa.string()),
        "vehicle_callsign": text.pick([f"EM{n}" for n in range(4100, 4160)], rng.integers(0, 60, rows)),
        "nhs_number": pa.array(frame["nhs_number"].tolist(), pa.string()),
        "age": pa.array(frame["age"].tolist(), pa.string()),
        "sex": text.pick(["M", "F"], frame["sex"].astype(int).to_numpy() - 1),
        "incident_postcode_sector": pa.array(sector, pa.string()),
        "category": text.pick(_CATEGORIES, draw(rng, _CATEGORY_WEIGHT, rows)),
        "call_connect": _moment(scene - rng.integers(5, 45, rows)),
        "first_on_scene": _moment(scene),
        "arrived_at_hospital": _moment(arrived),
        "handover_time": _moment(arrived + frame["handover"].to_numpy(), ~blank),
        "clear_time": _moment(np.asarray(left)),
        "destination": text.constant(ecds.MAIN_SITE, rows),
        "trusted_assessor_flag": text.pick(["N", "Y"], (rng.random(rows) < 0.04).astype(int)),
    }
    return pa.table(columns)


def _moment(minutes: np.ndarray, keep: np.ndarray | None = None) -> pa.Array:
    """dd/mm/yyyy hh:mm."""
    times = text.pick([f"{m // 60:02d}:{m % 60:02d}" for m in range(_DAY)], minutes % _DAY, keep)
    return text.joined(text.dates(minutes // _DAY, UK), times)
