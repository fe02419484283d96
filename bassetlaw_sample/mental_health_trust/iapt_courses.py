"""Courses of talking therapy: who is referred, treated, scored, discharged and helped into work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.health import Health
from bassetlaw_sample.months import NEVER, Month, age_at, day
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, draw

FEWEST = 12  # referrals a month in the smallest sample
ASSESSMENT, TREATMENT, REVIEW = "01", "02", "05"
_OUT_OF_WORK = ("02", "04", "06")
_QUINTILE_WEIGHT = np.array([0, 1.3, 1.15, 1.0, 0.9, 0.8])
_WEEKS_AFTER_END = 13 * 7  # how long after discharge a job still counts


@dataclass(frozen=True)
class Courses:
    """Referrals of one month and all that follows from them; days are day numbers, NEVER for no day.

    referrals: id, who, referred, ended, reason, status, supported and works (days), condition (bool)
    contacts:  id, referral (its id), at (day), kind, seen, late (entered after its month), condition,
               phq9 and gad7 (-1 where not asked)
    """

    referrals: pd.DataFrame
    contacts: pd.DataFrame


def courses(world: World, extract: str, health: Health, month: Month) -> Courses:
    """Everybody referred in a month."""
    rng, model = world.rng(extract, month.stamp), world.calibration["iapt"]
    frame = _referred(rng, world, model, month)
    contacts = _contacts(rng, model, frame)
    frame = _ended(rng, frame, contacts)
    frame = frame.assign(condition=_condition(rng, model, health, frame["who"].to_numpy()))
    frame, contacts = _employed(rng, model, frame, contacts), _scored(rng, model, frame, contacts)
    owner, stamp = contacts["referral"].to_numpy(), int(month.stamp)
    return Courses(
        frame.assign(id=stamp * 10_000 + frame.index),
        contacts.assign(
            id=stamp * 100_000 + contacts.index,
            referral=stamp * 10_000 + owner,
            condition=frame["condition"].to_numpy()[owner],
            late=rng.random(len(contacts)) < model["late"],
        ),
    )


def _referred(rng: np.random.Generator, world: World, model: dict[str, Any], month: Month) -> pd.DataFrame:
    people, start = world.people, day(month.first)
    mean = model["referrals"] * model["month_shape"][month.month - 1] * rng.uniform(0.96, 1.04)
    count = max(FEWEST, world.scaled(mean))
    weight = by_age(model["age_weight"], age_at(people["born"].to_numpy(), start)) * alive_on(people, start)
    weight = weight * _QUINTILE_WEIGHT[world.places.lsoas["quintile"].to_numpy()[people["lsoa"]]]
    enters = rng.permutation(count) < round(model["enters"] * count)
    finishes = enters & (rng.random(count) < model["finishes"])
    return pd.DataFrame(
        {
            "who": draw(rng, (weight * (people["practice"] >= 0)).to_numpy(), count),
            "referred": np.sort(start + rng.integers(0, month.days, count)),
            "enters": enters,
            "finishes": finishes,
        }
    )


def _contacts(rng: np.random.Generator, model: dict[str, Any], frame: pd.DataFrame) -> pd.DataFrame:
    """An assessment for most; treatment every week or two for those who enter, mostly within six weeks."""
    rows = len(frame)
    enters, finishes = frame["enters"].to_numpy(), frame["finishes"].to_numpy()
    assessed = enters | (rng.random(rows) < 0.5)
    sessions = np.where(finishes, 2 + rng.poisson(model["treatments"] - 2, rows), enters.astype(int))
    count = assessed + sessions
    owner = np.repeat(np.arange(rows), count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    gap = rng.integers(6, 15, len(owner))
    gap[place == 0] = rng.integers(2, 20, (place == 0).sum())
    total = np.cumsum(gap)
    before = np.concatenate([[0], total])[np.cumsum(count) - count]
    at = frame["referred"].to_numpy()[owner] + total - before[owner]
    kind = np.where(place == 0, ASSESSMENT, np.where(rng.random(len(owner)) < 0.06, REVIEW, TREATMENT))
    return pd.DataFrame(
        {"referral": owner, "at": at, "kind": kind, "seen": rng.random(len(owner)) >= model["not_seen"]}
    )


def _ended(rng: np.random.Generator, frame: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Discharge: soon after a finished course, after a wait when somebody stays away."""
    last = contacts.groupby("referral")["at"].max().reindex(frame.index).fillna(frame["referred"] + 14)
    finishes, enters, rows = frame["finishes"].to_numpy(), frame["enters"].to_numpy(), len(frame)
    wait = np.where(finishes, rng.integers(0, 14, rows), rng.integers(18, 36, rows))
    turned_away = np.array(["50", "10", "12", "16"])[rng.integers(0, 4, rows)]
    stopped = np.where(rng.random(rows) < 0.85, "48", "47")
    reason = np.where(finishes, "46", np.where(enters, stopped, turned_away))
    return frame.assign(ended=last.astype(int) + wait, reason=reason)


def _condition(
    rng: np.random.Generator, model: dict[str, Any], health: Health, who: np.ndarray
) -> np.ndarray:
    """Whether the service has recorded a long-term condition that the practice knows."""
    return (health.conditions[who] > 0) & (rng.random(len(who)) < model["condition_recorded"])


def _employed(
    rng: np.random.Generator, model: dict[str, Any], frame: pd.DataFrame, contacts: pd.DataFrame
) -> pd.DataFrame:
    """Status at referral, referral to employment support after treatment begins, and the day a job begins."""
    work, rows = model["employment"], len(frame)
    codes = np.array(list(work["statuses"]))
    status = codes[draw(rng, np.array(list(work["statuses"].values())), rows)]
    recorded = rng.random(rows) < work["recorded"]
    first = contacts.groupby("referral")["at"].min().reindex(frame.index).fillna(frame["referred"])
    supported = (
        recorded & np.isin(status, _OUT_OF_WORK) & frame["enters"] & (rng.random(rows) < work["supported"])
    )
    asked = first.to_numpy().astype(int) + rng.integers(0, 12, rows)
    works = supported & (rng.random(rows) < work["into_work"])
    latest = frame["ended"].to_numpy() + _WEEKS_AFTER_END
    begins = asked + 7 + np.floor(rng.random(rows) * np.maximum(latest - asked - 7, 1)).astype(int)
    return frame.assign(
        status=np.where(recorded, status, ""),
        supported=np.where(supported, asked, NEVER),
        works=np.where(works, begins, NEVER),
    )


def _scored(
    rng: np.random.Generator, model: dict[str, Any], frame: pd.DataFrame, contacts: pd.DataFrame
) -> pd.DataFrame:
    """PHQ-9 and GAD-7 at nearly every attended appointment, moving from the first score to the last."""
    recovers = rng.random(len(frame)) < model["recovery"]
    seen = contacts["seen"].to_numpy()
    turn = contacts["seen"].groupby(contacts["referral"]).cumsum().to_numpy() - 1
    times = contacts["seen"].groupby(contacts["referral"]).transform("sum").to_numpy()
    way = turn / np.maximum(times - 1, 1)
    asked = seen & ((rng.random(len(contacts)) < 0.97) | (turn == 0) | (turn == times - 1))
    out = {}
    for name, highest, cut_off in (("phq9", 27, 10), ("gad7", 21, 8)):
        start, end = _ends(rng, model[name], highest, cut_off, recovers)
        owner = contacts["referral"].to_numpy()
        score = np.rint(start[owner] + (end - start)[owner] * way).astype(int)
        out[name] = np.where(asked, np.clip(score, 0, highest), -1)
    return contacts.assign(**out)


def _ends(
    rng: np.random.Generator, model: dict[str, Any], highest: int, cut_off: int, recovers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First and last score: below the cut-off for those who recover, at or above it for most others."""
    rows = len(recovers)
    start = np.clip(np.rint(rng.normal(model["mean"], model["spread"], rows)), 1, highest)
    below = np.minimum(rng.integers(1, cut_off, rows), start)
    little = np.clip(start - np.rint(rng.normal(3.5, 4.0, rows)), np.minimum(start, cut_off), highest)
    return start, np.where(recovers, below, little)
