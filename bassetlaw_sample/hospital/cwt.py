"""Cancer waiting times (dbth_cwt): pathways from referral to treatment, and the monthly files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import NEVER, Month, age_at, day, months_between, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "dbth_cwt"
ISO = "%Y-%m-%d"
_LONGEST = 5  # months from the first appointment to treatment, at most
_SENT = 25  # working days after the end of the month
_DIAGNOSIS = {"01": "C509", "03": "C349", "04": "C859", "06": "C169", "07": "C189", "08": "C439"}
_DIAGNOSIS |= {"09": "C549", "11": "C61X", "13": "C329"}
_MODALITIES = ("23", "02", "05", "03", "04", "08", "15", "07")
_MODALITY_WEIGHT = np.array([48, 16, 12, 8, 4, 6, 3, 3])
_DELAY_REASONS = ("01", "03", "07", "16", "97")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """A file a month; at the end of a quarter its three months come again, with the treatments found late."""
    pathways = draw_pathways(world)
    for month in world.months:
        yield _file(world, identity, pathways, month, again=False)
        if month.month % 3 == 0:
            quarter = months_between(max(world.first, month.plus(-2)), month)
            for earlier in (m for m in quarter if _found_late(pathways, m)):
                yield _file(world, identity, pathways, earlier, again=True)


def _found_late(pathways: pd.DataFrame, month: Month) -> bool:
    """Whether a month has treatments found late; without one its file would come again unchanged."""
    return bool(pathways.loc[pathways["treated"].between(day(month.first), day(month.last)), "late"].any())


def draw_pathways(world: World) -> pd.DataFrame:
    """All pathways; days are NEVER where something does not happen.

    Columns: who, number, otherwise (not an urgent referral), site (type of suspected cancer), start, seen,
    told (end of the diagnosis pathway), ended (its reason), treated, off_first and off_treated (days taken
    off), late (the treatment is not in the first edition of its month).
    """
    later = world.last.plus(_LONGEST)
    treated = [_treated(world, month) for month in months_between(world.first, later)]
    known = pd.concat(treated, ignore_index=True)
    parts = [known]
    for month in world.months:
        seen = ((known["seen"] >= day(month.first)) & (known["seen"] <= day(month.last))).sum()
        parts += [_referred(world, month, int(seen)), _otherwise(world, month)]
    frame = pd.concat(parts, ignore_index=True).sort_values(["start", "who"], ignore_index=True)
    return frame.assign(number=np.arange(len(frame)))


def _people(rng: np.random.Generator, world: World, month: Month, count: int) -> np.ndarray:
    people, start = world.people, day(min(month, world.last).first)
    age = age_at(people["born"].to_numpy(), start)
    weight = by_age(world.calibration["cwt"]["age_weight"], age) * alive_on(people, start)
    return draw(rng, weight, count)


def _sites(rng: np.random.Generator, weights: dict[str, float], count: int) -> np.ndarray:
    return np.array(list(weights), object)[draw(rng, np.array(list(weights.values())), count)]


def _treated(world: World, month: Month) -> pd.DataFrame:
    """First treatments of a month after an urgent referral, traced back to it."""
    rng, model = world.rng(EXTRACT, "treated", month.stamp), world.calibration["cwt"]
    count = max(1, int(world.scale * rng.poisson(model["treated"]) + rng.random()))
    in_time = rng.random(count) < model["within_62_days"]
    wait = np.where(in_time, rng.integers(24, 63, count), rng.integers(63, 121, count))
    adjusted = rng.random(count) < model["adjusted"]
    off = np.where(adjusted, rng.integers(3, 15, count), 0)
    treated = day(month.first) + rng.integers(0, month.days, count)
    start = treated - wait - off
    seen = start + _days_to_first_seen(rng, model, count)
    return pd.DataFrame(
        {
            "who": _people(rng, world, month, count),
            "otherwise": False,
            "site": _sites(rng, model["treated_for"], count),
            "start": start,
            "seen": seen,
            "told": np.minimum(np.maximum(seen, start + _days_to_diagnosis(rng, model, count)), treated - 2),
            "ended": 1,
            "treated": treated,
            "off_first": 0,
            "off_treated": off,
            "late": rng.random(count) < model["late"],
        }
    )


def _days_to_first_seen(rng: np.random.Generator, model: dict, count: int) -> np.ndarray:
    in_time = rng.random(count) < model["within_14_days"]
    return np.where(in_time, rng.integers(3, 15, count), rng.integers(15, 22, count))


def _days_to_diagnosis(rng: np.random.Generator, model: dict, count: int) -> np.ndarray:
    in_time = rng.random(count) < model["within_28_days"]
    return np.where(in_time, rng.integers(10, 29, count), rng.integers(29, 37, count))


def _referred(world: World, month: Month, with_cancer: int) -> pd.DataFrame:
    """Urgent referrals first seen in a month in whom cancer is ruled out."""
    rng, model = world.rng(EXTRACT, "referred", month.stamp), world.calibration["cwt"]
    count = max(1, world.scaled(model["first_seen"]) - with_cancer)
    seen = day(month.first) + rng.integers(0, month.days, count)
    missed = rng.random(count) < model["adjusted"]  # did not attend: the days until the next offer come off
    off = np.where(missed, rng.integers(5, 11, count), 0)
    start = seen - _days_to_first_seen(rng, model, count) - off
    told = np.maximum(seen, start + _days_to_diagnosis(rng, model, count) + off)
    return pd.DataFrame(
        {
            "who": _people(rng, world, month, count),
            "otherwise": False,
            "site": _sites(rng, model["referred_for"], count),
            "start": start,
            "seen": seen,
            "told": told,
            "ended": draw(rng, np.array([0, 0, 95, 3, 2]), count),
            "treated": NEVER,
            "off_first": off,
            "off_treated": 0,
            "late": False,
        }
    )


def _otherwise(world: World, month: Month) -> pd.DataFrame:
    """First treatments of a month after a referral that was not urgent."""
    rng, model = world.rng(EXTRACT, "otherwise", month.stamp), world.calibration["cwt"]
    count = int(world.scale * model["treated_otherwise"])
    return pd.DataFrame(
        {
            "who": _people(rng, world, month, count),
            "otherwise": True,
            "site": _sites(rng, model["treated_for"], count),
            "start": NEVER,
            "seen": NEVER,
            "told": NEVER,
            "ended": 0,
            "treated": day(month.first) + rng.integers(0, month.days, count),
            "off_first": 0,
            "off_treated": 0,
            "late": False,
        }
    )


def _file(world: World, identity: Identity, pathways: pd.DataFrame, month: Month, again: bool) -> Delivery:
    """First appointments and treatments of a month; those found late only when it comes again."""
    low, high = day(month.first), day(month.last)
    seen = pathways[(pathways["seen"] >= low) & (pathways["seen"] <= high)]
    treated = pathways[(pathways["treated"] >= low) & (pathways["treated"] <= high)]
    treated = treated if again else treated[~treated["late"]]
    stages = pd.concat([seen.assign(stage=0), treated.assign(stage=1)], ignore_index=True)
    quarter = month.plus(-(month.month % 3) + 3 * (month.month % 3 > 0))
    sent = working_day(quarter, _SENT, hour=15) if again else working_day(month, _SENT)
    return Delivery(
        partner="hospital",
        extract=EXTRACT,
        name=f"RP5_CWT_{month.stamp}{'_RESUB' if again else ''}.csv",
        received=sent + timedelta(minutes=month.month),
        tables={EXTRACT: _table(world, identity, stages)},
        render=csv_file(),
    )


def _table(world: World, identity: Identity, stages: pd.DataFrame) -> pa.Table:
    who, number, treated = (stages[c].to_numpy() for c in ("who", "number", "treated"))
    urgent, final = ~stages["otherwise"].to_numpy().astype(bool), (stages["stage"] == 1).to_numpy()
    start, seen, told = (stages[c].to_numpy().astype(int) for c in ("start", "seen", "told"))
    off, rows = stages["off_first"].to_numpy().astype(int), len(stages)
    site = pa.array(stages["site"].tolist(), pa.string())
    chosen = np.arange(rows)
    found = stages["ended"].to_numpy() == 1
    decided = np.maximum(treated - 4 - number % 24, np.where(urgent, told, 0))
    columns = {
        "nhs_number": text.pick(identity.nhs_number, who),
        "nhs_number_status": text.constant("01", rows),
        "patient_pathway_id": pa.array([f"PPI{n:09d}" for n in number], pa.string()),
        "ppi_issuer": text.pick(["X09", "RP5"], (number % 3 == 0).astype(int)),
        "gp_practice": text.pick(identity.practice, who),
        "priority_type": text.pick(["1", "2", "3"], np.where(urgent, 2, number % 2)),
        "decision_to_refer_date": text.dates(start - 1, ISO, urgent),
        "crtp_start": text.dates(start, ISO, urgent),
        "tww_type": text.pick(site, chosen, urgent),
        "date_first_seen": text.dates(seen, ISO, urgent),
        "wait_adj_first_seen": text.numbers(off, urgent),
        "wait_adj_reason_first": text.pick(["9", "3"], (off > 0).astype(int), urgent),
        "delay_reason_first": text.pick(_DELAY_REASONS, number % 5, urgent & (seen - start - off > 14)),
        "patient_status": text.pick(["14", "03", "08"], np.where(final, 2, np.where(found, 0, 1))),
        "primary_diagnosis": _diagnosis(stages["site"], found | final),
        "fdp_end_date": text.dates(told, ISO, urgent),
        "fdp_end_reason": text.pick([None, "01", "02", "03", "04"], stages["ended"].to_numpy(), urgent),
        "dtt_date": text.dates(decided, ISO, final),
        "treatment_start": text.dates(treated, ISO, final),
        "treatment_event": text.pick([None, "01"], final.astype(int)),
        "modality": text.pick(_MODALITIES, _modality(world, number), final),
        "wait_adj_treatment": text.numbers(stages["off_treated"].to_numpy().astype(int), final & urgent),
        "delay_reason_rtt": text.pick(_DELAY_REASONS, number % 5, final & urgent & (treated - start > 62)),
    }
    return pa.table(columns)


def _diagnosis(sites: pd.Series, known: np.ndarray) -> pa.Array:
    codes = [_DIAGNOSIS.get(site) if k else None for site, k in zip(sites, known, strict=True)]
    return pa.array(codes, pa.string())


def _modality(world: World, number: np.ndarray) -> np.ndarray:
    """The kind of treatment of a pathway, the same whenever it is sent."""
    drawn = draw(world.rng(EXTRACT, "modality"), _MODALITY_WEIGHT, 997)
    return drawn[number % 997]
