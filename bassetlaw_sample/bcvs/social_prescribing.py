"""Social prescribing cases (bcvs_social_prescribing): from referral to closure, and the monthly workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.bcvs.activation import score_pairs
from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import NEVER, Month, age_at, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.workbooks import RETURN_TITLES, bcvs_return
from bassetlaw_sample.world import World, draw

EXTRACT = "bcvs_social_prescribing"
ISO = "%Y-%m-%d"
_AGE_WEIGHT = [[0, 0], [12, 2.6], [18, 0.8], [50, 1.2], [65, 2.2], [80, 2.6]]
_REFERRERS = ("GP", "ICT nurse", "Social care", "Hospital IDT", "Self", "Link worker", "Housing")
_REASONS = (
    "loneliness",
    "low mood",
    "benefits/debt",
    "housing",
    "carer",
    "dementia",
    "weight",
    "employment",
    "transport",
)
_SERVICES = ("social_prescribing", "teenage_counselling", "community_advisor")
_CLOSED = ("completed", "disengaged", "moved", "died", "inappropriate")
_LONELY = ("Often/always", "Some of the time", "Occasionally", "Hardly ever", "Never")
_NOTES = (
    "Prefers mornings",
    "Befriender matched",
    "Awaiting call back",
    "Joined the walking group",
    None,
    None,
    None,
)
_EMPLOYMENT = ("01", "02", "04", "06", "05", "03", "08")
_FEWEST = 8  # referrals a month in the smallest sample
# Mean at the start, mean change, for each wellbeing question answered 0-10 (K; satisfaction is calibrated).
_WELLBEING = {"worthwhile": (5.4, 1.0), "happy": (5.0, 1.1), "anxious": (5.6, -1.1)}


@dataclass(frozen=True)
class Cases:
    """All cases of the sample in order of referral.

    frame: who, referred, contacted, closed (day numbers, NEVER), number, year, engaged, reason_closed;
    rows: what the return says about each case once it is closed, as text in contract field names.
    """

    frame: pd.DataFrame
    rows: pa.Table


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One workbook a month: every open case again, and those closed in the month."""
    cases = draw_cases(world, identity)
    referred, closed = (cases.frame[c].to_numpy() for c in ("referred", "closed"))
    for month in world.months:
        shown = np.flatnonzero((referred <= day(month.last)) & (closed >= day(month.first)))
        yield Delivery(
            partner="bcvs",
            extract=EXTRACT,
            name=f"BCVS SP Return {month.first:%B} {month.year}.xlsx",
            received=working_day(month, 7, hour=16) + timedelta(minutes=20),
            tables={EXTRACT: _as_known(cases, shown, month)},
            render=bcvs_return,
            first_row=RETURN_TITLES + 2,
        )


def _as_known(cases: Cases, shown: np.ndarray, month: Month) -> pa.Table:
    """The cases as they stood at the end of the month: nothing that happened later."""
    rows = cases.rows.take(pa.array(shown))
    frame = cases.frame.iloc[shown]
    contacted = (frame["contacted"] <= day(month.last)).to_numpy()
    closed = (frame["closed"] <= day(month.last)).to_numpy()
    for index, name in enumerate(rows.column_names):
        known = closed if name in _KNOWN_AT_CLOSURE or name.endswith("_end") else None
        known = contacted if name == "first_contact_date" or name.endswith("_start") else known
        if known is not None:
            column = rows[name].combine_chunks()
            rows = rows.set_column(index, name, text.pick(column, np.arange(len(column)), known))
    return rows


_KNOWN_AT_CLOSURE = ("closed_date", "closure_reason")


def draw_cases(world: World, identity: Identity) -> Cases:
    """Referrals of every month and how each case went."""
    rng, model = world.rng(EXTRACT), world.calibration["social_prescribing"]
    parts = []
    for month in world.months:
        low, high = model["referrals"]
        count = max(_FEWEST, world.scaled(rng.integers(low, high + 1)))
        parts.append(_referrals(rng, world, month, count))
    frame = pd.concat(parts, ignore_index=True)
    frame["number"] = frame.groupby("year").cumcount() + 1
    return Cases(frame, _rows(rng, world, identity, frame))


def _referrals(rng: np.random.Generator, world: World, month: Month, count: int) -> pd.DataFrame:
    people, model = world.people, world.calibration["social_prescribing"]
    start = day(month.first)
    weight = by_age(_AGE_WEIGHT, age_at(people["born"].to_numpy(), start)) * alive_on(people, start)
    weight = weight * (people["practice"] >= 0) * people["resident"]
    referred = np.sort(start + rng.integers(0, month.days, count))
    engaged = rng.permutation(count) < round(model["engaged"] * count)
    low, high = model["months_open"]
    length = np.where(engaged, rng.integers(low * 30, high * 30, count), rng.integers(20, 85, count))
    contacted = referred + rng.integers(1, 5, count)
    reason = np.where(
        engaged, draw(rng, np.array([88, 6, 3, 1, 0]), count), draw(rng, np.array([0, 70, 8, 2, 20]), count)
    )
    return pd.DataFrame(
        {
            "who": draw(rng, weight.to_numpy(), count),
            "referred": referred,
            "contacted": np.where(engaged | (rng.random(count) < 0.6), contacted, NEVER),
            "closed": referred + length,
            "year": month.year,
            "engaged": engaged,
            "reason_closed": reason,
        }
    )


def _rows(rng: np.random.Generator, world: World, identity: Identity, frame: pd.DataFrame) -> pa.Table:
    who, count = frame["who"].to_numpy(), len(frame)
    age = age_at(identity.born[who], frame["referred"].to_numpy())
    engaged = frame["engaged"].to_numpy()
    refs = [f"SP/{y % 100:02d}/{n:04d}" for y, n in zip(frame["year"], frame["number"], strict=True)]
    finished = engaged & (frame["reason_closed"].to_numpy() == 0) & (rng.random(count) < 0.85)
    reason = draw(rng, np.array([24, 22, 16, 9, 8, 5, 6, 5, 5]), count)
    columns = {
        "sp_case_ref": pa.array(refs, pa.string()),
        "nhs_number": text.pick(identity.nhs_number, who),
        "date_of_birth": text.dates(identity.born[who], ISO),
        "sex": text.pick(["M", "F"], world.people["sex"].to_numpy()[who] - 1),
        "postcode": text.pick(identity.postcode, who),
        "gp_practice": text.pick(identity.practice, who),
        "referral_date": text.dates(frame["referred"].to_numpy(), ISO),
        "referrer_type": text.pick(_REFERRERS, draw(rng, np.array([52, 8, 10, 8, 9, 9, 4]), count)),
        "snomed_code": text.constant("871731000000106", count),
        "referral_reason": text.pick(_REASONS, reason),
        "service_type": text.pick(_SERVICES, np.where(age < 18, 1, np.where(rng.random(count) < 0.12, 2, 0))),
        "accepted": text.pick(["N", "Y"], (engaged | (rng.random(count) < 0.8)).astype(int)),
        "first_contact_date": text.dates(frame["contacted"].to_numpy(), ISO),
        "closed_date": text.dates(frame["closed"].to_numpy(), ISO),
        "closure_reason": text.pick(_CLOSED, frame["reason_closed"].to_numpy()),
        **_wellbeing(rng, world, engaged, finished),
        **_loneliness(rng, world, engaged, finished),
        **_activation(rng, world, frame, engaged),
        **_employment(world, reason, engaged & (age >= 16), finished & (age >= 16)),
        "notes": text.pick(_NOTES, rng.integers(0, len(_NOTES), count)),
    }
    return pa.table(columns)


def _employment(
    world: World, reason: np.ndarray, asked: np.ndarray, finished: np.ndarray
) -> dict[str, pa.Array]:
    """Employment status before and after; who comes about work has none, and some find it."""
    rng = world.rng(EXTRACT, "employment")
    about_work = reason == _REASONS.index("employment")
    status = np.where(
        about_work,
        rng.integers(1, 4, len(reason)),
        draw(rng, np.array([25, 8, 14, 8, 6, 6, 33]), len(reason)),
    )
    found = about_work & (rng.random(len(reason)) < world.calibration["social_prescribing"]["into_work"])
    return {
        "employment_status_start": text.pick(_EMPLOYMENT, status, asked),
        "employment_status_end": text.pick(_EMPLOYMENT, np.where(found, 0, status), finished),
    }


def _wellbeing(
    rng: np.random.Generator, world: World, engaged: np.ndarray, finished: np.ndarray
) -> dict[str, pa.Array]:
    """ONS4 answers 0-10 before and after."""
    life = world.calibration["social_prescribing"]["satisfaction"]
    questions = {"satisfied": (life["start"], life["end"] - life["start"]), **_WELLBEING}
    columns = {}
    for name, (start, change) in questions.items():
        before = np.clip(np.rint(rng.normal(start, 1.9, len(engaged))), 0, 10).astype(int)
        after = np.clip(before + np.rint(rng.normal(change, 1.7, len(engaged))), 0, 10).astype(int)
        columns[f"ons4_{name}_start"] = text.numbers(before, engaged)
        columns[f"ons4_{name}_end"] = text.numbers(after, finished)
    return columns


def _loneliness(
    rng: np.random.Generator, world: World, engaged: np.ndarray, finished: np.ndarray
) -> dict[str, pa.Array]:
    """UCLA-3 items 1-3 and the direct question, before and after."""
    columns, rows = {}, len(engaged)
    model = world.calibration["social_prescribing"]["ucla"]
    for item in (1, 2, 3):
        before = 1 + draw(rng, np.array(model["answers"]), rows)
        after = np.maximum(1, before - (rng.random(rows) < model["better"]))
        columns[f"ucla{item}_start"] = text.numbers(before, engaged)
        columns[f"ucla{item}_end"] = text.numbers(after, finished)
    before = draw(rng, np.array([22, 30, 20, 18, 10]), rows)
    after = np.minimum(4, before + (rng.random(rows) < 0.45))
    columns["direct_lonely_start"] = text.pick(_LONELY, before, engaged)
    columns["direct_lonely_end"] = text.pick(_LONELY, after, finished)
    return columns


def _activation(
    rng: np.random.Generator, world: World, frame: pd.DataFrame, engaged: np.ndarray
) -> dict[str, pa.Array]:
    """PAM scores; a second one for about half of those who start, six weeks to twelve months later."""
    model = world.calibration["social_prescribing"]["pam"]
    first, last = score_pairs(rng, world, len(frame))
    start = frame["contacted"].to_numpy()
    end = np.maximum(frame["closed"].to_numpy() - 2, start + 45)
    paired = engaged & (rng.random(len(frame)) < model["paired"])
    return {
        "pam_score_start": text.decimals(first, 1, engaged),
        "pam_score_end": text.decimals(last, 1, paired),
        "pam_date_start": text.dates(start, ISO, engaged),
        "pam_date_end": text.dates(end, ISO, paired),
    }
