"""Referrals to the teams of the mental health trust and their contacts, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.months import NEVER, Month, age_at, day
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, draw

EARLIER = 4  # months before a file whose referrals may still have contacts in it, late ones included
_DAY = 86_400
_OPEN, _CLOSE = 8 * 3600, 19 * 3600
_NIGHT = (7 * 3600, 21 * 3600)

Stream = dict[str, Any]


@dataclass(frozen=True)
class MonthRows:
    """What a month's file holds.

    frame: one row per contact, or per referral of the month without one in this file. Columns number (of the
    referral within its month), month (its stamp), stream, who, referred and closed (days, NEVER), second and
    contact_second (of the day, -1 not recorded), contact (number within its month, -1 none), contact_day,
    face_to_face, seen.
    """

    month: Month
    frame: pd.DataFrame


def monthly_rows(world: World, extract: str, model: dict[str, Any]) -> Iterator[MonthRows]:
    """The rows of every month of the sample. `model` holds the streams and shares of parameters/."""
    parts: dict[Month, tuple[pd.DataFrame, pd.DataFrame]] = {}
    for month in world.months:
        for i in range(EARLIER, -1, -1):
            earlier = month.plus(-i)
            if earlier not in parts:
                parts[earlier] = _referred(world, extract, model, earlier)
        parts.pop(month.plus(-EARLIER - 1), None)
        contacts = pd.concat([_in_file(c, month) for _, c in parts.values()], ignore_index=True)
        referrals = pd.concat([r for r, _ in parts.values()], ignore_index=True)
        yield MonthRows(month, _joined(referrals, contacts, month))


def _in_file(contacts: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Contacts sent with a month: those of the month and the late ones of the month before."""
    return contacts[contacts["file"] == month.year * 12 + month.month]


def _joined(referrals: pd.DataFrame, contacts: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Contacts with their referral, then referrals of the month that have none in this file."""
    rows = contacts.merge(referrals, on=["month", "number"], how="left")
    own = referrals[referrals["month"] == month.stamp]
    alone = own[~own["number"].isin(contacts.loc[contacts["month"] == month.stamp, "number"])]
    nothing = {"contact": -1, "contact_day": NEVER, "contact_second": -1, "face_to_face": True, "seen": True}
    rows = pd.concat([rows, alone.assign(**nothing)], ignore_index=True)
    return rows.sort_values(["referred", "month", "number", "contact"], kind="stable", ignore_index=True)


def _referred(
    world: World, extract: str, model: dict[str, Any], month: Month
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Referrals received in a month, and all their contacts."""
    rng = world.rng(extract, month.stamp)
    streams = model["streams"]
    frames = [_stream(rng, world, month, i, stream) for i, stream in enumerate(streams)]
    referrals = pd.concat(frames, ignore_index=True).assign(month=month.stamp)
    referrals["number"] = np.arange(1, len(referrals) + 1)
    contacts = _contacts(rng, referrals, streams, model)
    contacts["file"] = _file_of(rng, world, contacts["contact_day"].to_numpy(), model["late"])
    last = contacts.groupby("number")["contact_day"].max().reindex(referrals["number"]).to_numpy()
    waited = referrals["referred"].to_numpy() + 14.0
    referrals["closed"] = (
        np.where(np.isnan(last), waited, last) + rng.integers(0, 8, len(referrals))
    ).astype(int)
    missing = rng.random(len(referrals)) < model["time_missing"]
    referrals["second"] = np.where(missing, -1, referrals["second"])
    return referrals, contacts


def _file_of(rng: np.random.Generator, world: World, days: np.ndarray, late: float) -> np.ndarray:
    """The month (year * 12 + month) in whose file a contact comes; late ones only of months of the sample."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(int)
    first = (world.first.year - 1970) * 12 + world.first.month - 1
    return months + 1970 * 12 + 1 + ((rng.random(len(days)) < late) & (months >= first))


def _stream(rng: np.random.Generator, world: World, month: Month, index: int, stream: Stream) -> pd.DataFrame:
    """Referrals of one stream: who, when."""
    people, start = world.people, day(month.first)
    count = world.scaled(stream["referrals"] * rng.uniform(0.93, 1.07))
    weight = by_age(stream["ages"], age_at(people["born"].to_numpy(), start)) * alive_on(people, start)
    weight = weight * (people["practice"] >= 0).to_numpy()
    second = rng.integers(_OPEN, _CLOSE, count)
    if stream.get("all_hours"):  # half of them in the day, half at any time: a fifth at night
        second = np.where(rng.random(count) < 0.5, second, rng.integers(0, _DAY, count))
    return pd.DataFrame(
        {
            "stream": index,
            "who": draw(rng, weight, count),
            "referred": np.sort(start + rng.integers(0, month.days, count)),
            "second": second,
        }
    )


def _contacts(
    rng: np.random.Generator, referrals: pd.DataFrame, streams: list[Stream], model: dict[str, Any]
) -> pd.DataFrame:
    """All contacts of some referrals: the first when the team comes, the others spread over its days."""
    of = referrals["stream"].to_numpy()
    mean = np.array([s["contacts"] for s in streams], float)[of]
    length = np.array([s["days"] for s in streams])[of]
    moment = referrals["referred"].to_numpy() * _DAY + referrals["second"].to_numpy()
    first = moment + _until_first(rng, referrals, streams)
    count = 1 + rng.poisson(mean - 1)
    count[rng.random(len(of)) < model["never"]] = 0
    owner = np.repeat(np.arange(len(of)), count)
    is_first = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, bool)
    later = first[owner] // _DAY + rng.integers(1, length[owner] + 1)
    at = np.where(is_first, first[owner], later * _DAY + rng.integers(_OPEN, _CLOSE, len(owner)))
    untimed = rng.random(len(owner)) < model["contact_time_missing"]
    return pd.DataFrame(
        {
            "month": referrals["month"].iloc[0],
            "number": referrals["number"].to_numpy()[owner],
            "contact": np.arange(1, len(owner) + 1),
            "contact_day": at // _DAY,
            "contact_second": np.where(untimed, -1, at % _DAY),
            "face_to_face": is_first | (rng.random(len(owner)) < 0.85),
            "seen": is_first | (rng.random(len(owner)) >= model["not_seen"]),
        }
    )


def _until_first(rng: np.random.Generator, referrals: pd.DataFrame, streams: list[Stream]) -> np.ndarray:
    """Seconds from referral to first contact, by each stream's standard."""
    wait = np.zeros(len(referrals), np.int64)
    second = referrals["second"].to_numpy()
    for index, stream in enumerate(streams):
        own = np.flatnonzero(referrals["stream"].to_numpy() == index)
        kind = _by_minutes if "minutes" in stream else _by_days
        wait[own] = kind(rng, stream, second[own])
    return wait


def _by_minutes(rng: np.random.Generator, stream: Stream, second: np.ndarray) -> np.ndarray:
    """A share within the limit, at night perhaps another share; the rest up to some times the limit."""
    limit, rows = stream["minutes"] * 60, len(second)
    night = (second < _NIGHT[0]) | (second >= _NIGHT[1])
    share = np.where(night, stream.get("in_time_night", stream["in_time"]), stream["in_time"])
    within = limit * rng.uniform(0.15, 0.97, rows)
    beyond = limit * (1.05 + rng.exponential(0.8, rows))
    return np.where(rng.random(rows) < share, within, beyond).astype(np.int64)


def _by_days(rng: np.random.Generator, stream: Stream, second: np.ndarray) -> np.ndarray:
    """Visits in opening hours; with a standard in hours a share comes before it, the rest well after."""
    rows, low = len(second), stream.get("hours", 0) // 24
    days = rng.integers(0, 6, rows)
    if low:
        soon = rng.random(rows) < stream["in_time"]
        days = np.where(soon, rng.integers(0, low, rows), rng.integers(low + 1, low + 8, rows))
    at = rng.integers(_OPEN, _CLOSE, rows)
    same_day = np.maximum(second + 1800, at)
    return days * _DAY + np.where(days == 0, same_day, at) - second
