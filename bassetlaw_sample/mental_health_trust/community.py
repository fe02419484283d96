"""Community services (nhft_community): the monthly files, primary and refresh."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.mental_health_trust.referrals import MonthRows, monthly_rows
from bassetlaw_sample.months import Month, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World
from bassetlaw_sample.write import csv_file

EXTRACT = "nhft_community"
ISO = "%Y-%m-%d"
PRIMARY_MONTHS = 12  # how many of the newest months come as primary and refresh; earlier ones as refresh only
_CLOSED = ("02", "08", "04", "01", "06")
_SEEN, _NOT_SEEN = ("5", "6"), ("2", "3", "4")
_HOMES = ("MA01", "CH03", "SH02")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """Refresh files of every month; primary files, which lack some contacts, of the newest twelve."""
    model = world.calibration["community"]
    for rows in monthly_rows(world, EXTRACT, model):
        table = _table(world, identity, rows)
        if world.full or rows.month > world.last.plus(-PRIMARY_MONTHS):
            known = world.rng(EXTRACT, "primary", rows.month.stamp).random(table.num_rows) < model["primary"]
            yield _file(rows.month, "PRIMARY", 14, table.filter(pa.array(known)))
        yield _file(rows.month, "REFRESH", 30, table)


def _file(month: Month, edition: str, on_working_day: int, rows: pa.Table) -> Delivery:
    return Delivery(
        partner="mental_health_trust",
        extract=EXTRACT,
        name=f"RHA_CSDS_02Q_{month.stamp}_{edition}.csv",
        received=working_day(month, on_working_day),
        tables={EXTRACT: rows},
        render=csv_file(),
    )


def _table(world: World, identity: Identity, rows: MonthRows) -> pa.Table:
    """Rows as text in contract field names, as known at the end of the month."""
    frame, streams = rows.frame, world.calibration["community"]["streams"]
    of, who = frame["stream"].to_numpy(), frame["who"].to_numpy()
    prefix = frame["month"].astype(int).to_numpy()
    contact = frame["contact"].to_numpy()
    met, closed = contact >= 0, frame["closed"].to_numpy()
    known = closed <= day(rows.month.last)
    columns = {
        **identity.columns(who, ISO),
        "service_request_id": text.numbers(prefix * 100_000 + frame["number"].to_numpy()),
        "commissioner": text.constant("02Q", len(frame)),
        "referral_date": text.dates(frame["referred"].to_numpy(), ISO),
        "referral_time": text.clock(frame["second"].to_numpy()),
        "source_of_referral": text.pick([s["source"] for s in streams], of),
        "priority": text.pick([s["priority"] for s in streams], of),
        "reason": text.pick([s["reason"] for s in streams], of),
        "team_type": text.pick([s["team"] for s in streams], of),
        "referral_closure_date": text.dates(closed, ISO, known),
        "closure_reason": text.pick(_CLOSED, _course(frame, len(_CLOSED)), known),
        "care_contact_id": text.numbers(prefix * 1_000_000 + contact, met),
        "contact_date": text.dates(frame["contact_day"].to_numpy(), ISO, met),
        "contact_time": text.clock(frame["contact_second"].to_numpy(), met),
        "medium": text.pick(["02", "01"], frame["face_to_face"].to_numpy().astype(int), met),
        "attended": attended(frame, met),
        "care_home_resident": text.pick(_HOMES, _home(world, who)),
    }
    return pa.table(columns)


def attended(frame: pd.DataFrame, met: np.ndarray) -> pa.Array:
    """Attendance codes: seen on time or late, else cancelled or not attended."""
    seen = frame["seen"].to_numpy()
    return text.pick(
        [*_SEEN, *_NOT_SEEN], np.where(seen, _course(frame, 12) != 0, 2 + _course(frame, 3)), met
    )


def _course(frame: pd.DataFrame, kinds: int) -> np.ndarray:
    """A lasting property of a referral, the same in every file: 0 most often."""
    turn = frame["number"].to_numpy() * 7919 % 97
    return np.where(turn < 60, 0, turn % kinds)


def _home(world: World, who: np.ndarray) -> np.ndarray:
    """Where somebody lives: at home, in a care home, in supported housing."""
    share = world.calibration["community"]["care_home"]
    rank = world.rng(EXTRACT, "accommodation").random(len(world.people))[who]
    return np.where(rank < share, 1, np.where(rank < share * 1.3, 2, 0))
