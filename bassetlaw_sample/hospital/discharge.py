"""Delayed discharges (dbth_discharge_sitrep): delays, long stays, notices and the weekly lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, age_at, at_hour, day, from_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import COUNTY
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.workbooks import SITREP_TITLES, sitrep
from bassetlaw_sample.world import World, draw

EXTRACT = "dbth_discharge_sitrep"
ISO = "%Y-%m-%d"
_NHS, _SOCIAL, _BOTH = "NHS", "Social Care", "Both"
_SOCIAL_REASONS = {"A": 0.35, "E": 0.35, "Dii": 0.15, "Di": 0.15}
_NO_CRITERIA = (
    "Hospital process: awaiting medical decision",
    "Care transfer hub process: awaiting assessment",
    "Interface process: awaiting transport",
    "Pathway 1: awaiting package of care",
    "Pathway 2: awaiting rehabilitation bed",
    "Pathway 3: awaiting care home placement",
)
_LONG_STAY = 7


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """A list a week, closed on Sunday or at the end of the month, sent two working days later."""
    delays = pd.concat([_delays(world, m) for m in world.months], ignore_index=True)
    stays = long_stays(world)
    opened = day(world.first.first)
    for closed in _closing_days(world):
        yield Delivery(
            partner="hospital",
            extract=EXTRACT,
            name=f"DBTH DTOC SitRep w-e {closed:%d.%m.%y}.xlsx",
            received=at_hour(closed + timedelta(days=3), hour=13),
            tables={
                "delays": _delays_table(identity, delays, opened, day(closed)),
                "census": _census_table(world, identity, stays, closed),
                "notices": _notices_table(world, identity, stays, closed),
            },
            render=sitrep,
            first_row=SITREP_TITLES + 2,
        )
        opened = day(closed) + 1


def _closing_days(world: World) -> list[date]:
    """Sundays and last days of months."""
    days = (from_day(d) for d in range(day(world.first.first), day(world.last.last) + 1))
    return [d for d in days if d.weekday() == 6 or (d + timedelta(days=1)).day == 1]


def social_care_days(world: World, month: Month) -> int:
    """Days attributable to social care in a month: the council's own figures where it gave them."""
    model = world.calibration["discharge"]
    stated = model["social_care_days"].get(f"{month.year}-{month.month:02d}")
    if stated is not None:
        return stated
    low, high = model["social_care_before" if month < Month(2017, 10) else "social_care_after"]
    return int(world.rng(EXTRACT, "social care", month.stamp).integers(low, high + 1))


def _delays(world: World, month: Month) -> pd.DataFrame:
    """Delays of a month: who, start, end (last day), reason, attributed; one person is delayed all month.

    Delays end with their month, so that days by month are exact; social care days are the stated ones
    in a sample of any size.
    """
    rng, model = world.rng(EXTRACT, "delays", month.stamp), world.calibration["discharge"]
    social = social_care_days(world, month)
    both = world.scaled(6)
    wanted = round(model["delayed_days"] * rng.uniform(0.9, 1.12))
    nhs = max(0, world.scaled(wanted - social - both))
    frames = [
        _spells(rng, month, np.array([month.days]), _NHS, model["reasons"]),
        _spells(rng, month, _lengths(rng, max(0, nhs - month.days)), _NHS, model["reasons"]),
        _spells(rng, month, _lengths(rng, social), _SOCIAL, _SOCIAL_REASONS),
        _spells(rng, month, _lengths(rng, both), _BOTH, {"A": 0.6, "E": 0.4}),
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(who=_older(rng, world, month, len(frame)), before=rng.integers(2, 21, len(frame)))


def _lengths(rng: np.random.Generator, total: int) -> np.ndarray:
    """Lengths of 1 to 14 days that add up to a total."""
    lengths: list[int] = []
    while (left := total - sum(lengths)) > 0:
        lengths.append(min(left, int(rng.integers(1, 15))))
    return np.array(lengths, int)


def _spells(
    rng: np.random.Generator, month: Month, lengths: np.ndarray, attributed: str, reasons: dict[str, float]
) -> pd.DataFrame:
    start = day(month.first) + np.floor(rng.random(len(lengths)) * (month.days - lengths + 1)).astype(int)
    chosen = draw(rng, np.array(list(reasons.values())), len(lengths))
    return pd.DataFrame(
        {
            "start": start,
            "end": start + lengths - 1,
            "reason": np.array(list(reasons), object)[chosen],
            "attributed": attributed,
        }
    )


def _older(rng: np.random.Generator, world: World, month: Month, count: int) -> np.ndarray:
    """Different residents, mostly over 70."""
    people, start = world.people, day(month.first)
    age = age_at(people["born"].to_numpy(), start)
    weight = np.where(age >= 18, np.exp((age - 75) / 8), 0) * alive_on(people, start) * people["resident"]
    order = np.log(np.maximum(weight.to_numpy(), 1e-300)) + rng.gumbel(size=len(people))
    return np.argsort(-order, kind="stable")[:count]


def _delays_table(identity: Identity, delays: pd.DataFrame, opened: int, closed: int) -> pa.Table:
    shown = delays[(delays["start"] <= closed) & (delays["end"] >= opened)].sort_values(["start", "who"])
    who, start, end = (shown[c].to_numpy() for c in ("who", "start", "end"))
    days = np.minimum(end, closed) - np.maximum(start, opened) + 1
    columns = {
        "local_patient_id": text.pick(identity.local_id, who),
        "nhs_number": text.pick(identity.nhs_number, who),
        "ward": _ward(who),
        "site": text.constant("RP5BA", len(shown)),
        "admission_date": text.dates(start - shown["before"].to_numpy(), ISO),
        "delay_start": text.dates(start, ISO),
        "delay_end": text.dates(end, ISO, end <= closed),
        "delayed_days_in_period": text.numbers(days),
        "reason_code": pa.array(shown["reason"].tolist(), pa.string()),
        "attributable_to": pa.array(shown["attributed"].tolist(), pa.string()),
        "responsible_la": text.constant(COUNTY, len(shown)),
        "care_type": text.pick(["Acute", "Non-acute"], (who % 4 == 0).astype(int)),
        "dementia_flag": text.pick(["N", "Y"], (who % 3 == 0).astype(int)),
    }
    return pa.table(columns)


def _ward(who: np.ndarray) -> pa.Array:
    return text.pick([f"BW{i:02d}" for i in range(1, 19)], who % 18)


def long_stays(world: World) -> pd.DataFrame:
    """Stays of seven days or more: who, admitted, left (day numbers)."""
    rng, model = world.rng(EXTRACT, "stays"), world.calibration["discharge"]
    first, last = day(world.first.first) - 120, day(world.last.last)
    mean = -14 / np.log(model["over_21_share"])
    count = round((last - first) * model["census_rows"] / mean * max(world.scale, 0.06))
    admitted = np.sort(rng.integers(first, last, count))
    left = admitted + _LONG_STAY + np.ceil(rng.exponential(mean, count)).astype(int)
    month = Month(world.first.year, world.first.month)
    who = _older(rng, world, month, min(len(world.people), 2 * count))
    return pd.DataFrame({"who": who[rng.integers(0, len(who), count)], "admitted": admitted, "left": left})


def in_hospital(stays: pd.DataFrame, closed: date) -> pd.DataFrame:
    """Those of the long stays that are on the census of a day."""
    now = day(closed)
    here = stays[(stays["admitted"] <= now - _LONG_STAY) & (stays["left"] > now)]
    return here.drop_duplicates("who")


def _census_table(world: World, identity: Identity, stays: pd.DataFrame, closed: date) -> pa.Table:
    rng, here = world.rng(EXTRACT, "census", closed.isoformat()), in_hospital(stays, closed)
    who, rows = here["who"].to_numpy(), len(here)
    asked = np.full(rows, closed >= date(2020, 3, 19))  # hospitals were told to record it from then on
    fit = rng.random(rows) < 0.45
    columns = {
        "local_patient_id": text.pick(identity.local_id, who),
        "nhs_number": text.pick(identity.nhs_number, who),
        "ward": _ward(who),
        "site": text.constant("RP5BA", rows),
        "admission_date": text.dates(here["admitted"].to_numpy(), ISO),
        "census_date": text.constant(closed.isoformat(), rows),
        "los_days": text.numbers(day(closed) - here["admitted"].to_numpy()),
        "criteria_to_reside": text.pick(["Y", "N"], fit.astype(int), asked),
        "no_ctr_reason": text.pick(_NO_CRITERIA, rng.integers(0, len(_NO_CRITERIA), rows), asked & fit),
    }
    return pa.table(columns)


def _notices_table(world: World, identity: Identity, stays: pd.DataFrame, closed: date) -> pa.Table:
    rng, here = world.rng(EXTRACT, "notices", closed.isoformat()), in_hospital(stays, closed)
    count = min(len(here), world.scaled(world.calibration["discharge"]["notices"]))
    who = here["who"].to_numpy()[:count]
    columns = {
        "local_patient_id": text.pick(identity.local_id, who),
        "nhs_number": text.pick(identity.nhs_number, who),
        "ward": _ward(who),
        "site": text.constant("RP5BA", count),
        "notice_type": text.pick(["Assessment", "Discharge"], rng.integers(0, 2, count)),
        "notice_channel": text.pick(["fax", "email", "digital"], rng.integers(0, 3, count)),
    }
    return pa.table(columns)
