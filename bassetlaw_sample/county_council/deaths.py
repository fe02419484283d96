"""Registered deaths (ncc_pcmd_deaths): causes, registration and the monthly files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import NEVER, Month, age_at, at_hour, day, months_between, working_day
from bassetlaw_sample.mortality import band_rates, ward_level
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import COUNTY, DISTRICT, SEEDS
from bassetlaw_sample.world import World, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "ncc_pcmd_deaths"
FIRST = Month(2016, 1)  # five whole calendar years are pooled, so deaths start before everything else
LAYOUT = "%Y%m%d"
CODED = 15

# Underlying causes by group; the first entry of a group is the commonest.
GROUPS = {
    "chd": ("I219", "I251", "I259", "I249"),
    "circulatory": ("I64X", "I639", "I350", "I500", "I619", "I71X", "I48X"),
    "respiratory": ("J449", "J440", "J189", "J841", "J181"),
    "cancer": ("C349", "C189", "C509", "C61X", "C259", "C80X"),
    "dementia": ("F03X", "G309", "F019"),
    "other": ("K703", "X599", "N390", "E119", "R54X", "A419", "K559", "G20X"),
    "suicide": ("X700", "X640", "X709", "X619", "X809", "X789"),
    "undetermined": ("Y209", "Y120", "Y310"),
}
_BY_INQUEST = ("suicide", "undetermined")
_NAMES = tuple(GROUPS)
_CONTRIBUTING = ("I10X", "E119", "J449", "N189", "F03X", "I48X", "D649", "I500")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file per month of registration, and every September the year before again with final causes."""
    first = FIRST if world.first == Month(2016, 4) else world.first
    register = registrations(world, first)
    for month in months_between(first, world.last):
        yield _file(world, identity, register, month, month, month.stamp, working_day(month, 8))
        if month.month == 8 and Month(month.year - 1, 1) >= first:
            begin, end = Month(month.year - 1, 1), Month(month.year - 1, 12)
            received = at_hour(date(month.year, 9, 20), hour=11)
            yield _file(world, identity, register, begin, end, f"{begin.year}_FINAL", received)


def _file(
    world: World,
    identity: Identity,
    register: pd.DataFrame,
    first: Month,
    last: Month,
    stamp: str,
    received: datetime,
) -> Delivery:
    inside = (register["registered"] >= day(first.first)) & (register["registered"] <= day(last.last))
    return Delivery(
        partner="county_council",
        extract=EXTRACT,
        name=f"PCMD_{DISTRICT}_{stamp}.csv",
        received=received,
        tables={EXTRACT: _table(world, identity, register[inside], stamp)},
        render=csv_file(),
    )


def registrations(world: World, first: Month) -> pd.DataFrame:
    """Deaths of residents in order of registration.

    Columns: who (position in people), died, registered (day numbers), age, cause, pending (bool), number.
    """
    rng = world.rng(EXTRACT)
    people = world.people
    died = people["died"].to_numpy()
    resident = people["resident"].to_numpy() & (died < NEVER) & (died < people["until"].to_numpy())
    who = np.flatnonzero(resident & (died >= day(first.first)) & (died <= day(world.last.last)))
    age = age_at(people["born"].to_numpy()[who], died[who])
    everybody = len(people)  # drawn for, so that one death more leaves the other registrations as they are
    inquest = rng.random(everybody) < world.calibration["mortality"]["inquest_share"]
    after, at_once = rng.integers(140, 200, everybody), rng.integers(1, 9, everybody)
    group = _groups(world, who, age)
    slow = inquest[who] | np.isin(group, [_NAMES.index(name) for name in _BY_INQUEST])
    wait = np.where(slow, after[who], at_once[who])
    frame = pd.DataFrame(
        {
            "who": who,
            "died": died[who],
            "registered": died[who] + wait,
            "age": age,
            "cause": _causes(rng, group),
        }
    )
    frame = frame.sort_values(["registered", "who"], ignore_index=True)
    number = np.arange(1, len(frame) + 1)
    every = world.calibration["mortality"]["pending_one_in"]
    return frame.assign(number=number, pending=number % every == every // 2)


def _groups(world: World, who: np.ndarray, age: np.ndarray) -> np.ndarray:
    """A group of causes for each death, so that rates under 75 follow the ward's deprivation."""
    weights = np.where(
        (age < 75)[:, None], _shares_under_75(world, who, age), _shares_from_75(world, who, age)
    )
    cumulative = np.cumsum(weights, axis=1)
    drawn = world.rng(EXTRACT, "causes").random((len(world.people), 1))[who]
    return (drawn * cumulative[:, -1:] > cumulative).sum(axis=1)


def _causes(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """An underlying cause out of each death's group."""
    causes = np.empty(len(group), object)
    for number, name in enumerate(_NAMES):
        inside = group == number
        codes = np.array(GROUPS[name])
        causes[inside] = codes[draw(rng, 1 / np.arange(1, len(codes) + 1), int(inside.sum()))]
    return causes


def _all_causes(world: World, who: np.ndarray, age: np.ndarray) -> np.ndarray:
    """The rate at which people of an age and place die, per 100,000."""
    lsoa = world.people["lsoa"].to_numpy()[who]
    ward = ward_level(world.places, world.calibration)[lsoa].mean(axis=1)
    return band_rates(world.calibration, age) * ward * world.calibration["mortality"]["level"]


def _self_harm(world: World, who: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Shares of deaths by suicide and of undetermined intent: their rate over that of all causes."""
    model = world.calibration["suicide"]
    share = np.minimum(0.6, by_age(model["rates"], age) / _all_causes(world, who, age))
    undetermined = np.where(age >= 15, model["undetermined"], 0)
    return np.column_stack([share * (1 - undetermined), share * undetermined])


def _shares_under_75(world: World, who: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Share of each group among deaths of an age and place: cause-specific rate over all-cause rate.

    The cause-specific rate is England's times the ward's intended SMR, so the SMR comes out on average.
    """
    model = world.calibration["mortality"]
    rates = pd.read_csv(SEEDS / "reference" / "mortality_rate_u75_synthetic.csv")
    by_band = {g: r["rate_per_100000"].to_numpy() for g, r in rates.groupby("cause_group", sort=False)}
    band = np.clip(age // 5, 0, 14)
    lsoa = world.people["lsoa"].to_numpy()[who]
    imd = world.places.lsoas.groupby("ward_name")["imd"].transform("mean").to_numpy()[lsoa]
    smr = model["under_75"]["level"] * np.exp(
        model["under_75"]["slope"] * (imd - model["under_75"]["centre"])
    )
    all_causes = _all_causes(world, who, age)
    self_harm = _self_harm(world, who, age)
    chd = by_band["coronary_heart_disease"][band] * smr / all_causes
    circulatory = by_band["circulatory"][band] * smr / all_causes - chd
    respiratory = by_band["respiratory"][band] * smr / all_causes
    rest = np.maximum(0.05, 1 - chd - circulatory - respiratory - self_harm.sum(axis=1))
    return np.column_stack([chd, circulatory, respiratory, 0.62 * rest, 0.02 * rest, 0.36 * rest, self_harm])


def _shares_from_75(world: World, who: np.ndarray, age: np.ndarray) -> np.ndarray:
    model = world.calibration["mortality"]
    share, chd = model["from_75"], model["chd_share_from_75"]
    known = [
        share["circulatory"] * chd,
        share["circulatory"] * (1 - chd),
        share["respiratory"],
        share["cancer"],
    ]
    self_harm = _self_harm(world, who, age)
    others = np.tile([*known, share["dementia"], 1 - sum(share.values())], (len(who), 1))
    return np.column_stack([others * (1 - self_harm.sum(axis=1, keepdims=True)), self_harm])


def _table(world: World, identity: Identity, register: pd.DataFrame, stamp: str) -> pa.Table:
    rng = world.rng(EXTRACT, stamp)
    who, rows = register["who"].to_numpy(), len(register)
    home = rng.random(rows)
    known = stamp.endswith("FINAL") | ~register["pending"].to_numpy()
    columns = {
        "reg_id": text.numbers(500_000_000 + register["number"].to_numpy()),
        "nhs_number": text.pick(identity.nhs_number, who),
        "reg_date": text.dates(register["registered"].to_numpy(), LAYOUT),
        "death_date": text.dates(register["died"].to_numpy(), LAYOUT),
        "sex": text.pick(identity.sex, who),
        "age": text.numbers(register["age"].to_numpy()),
        "underlying_cause": text.pick(
            pa.array(register["cause"].tolist(), pa.string()), np.arange(rows), known
        ),
        **_contributing(rng, register, known),
        "lsoa11": text.pick(identity.lsoa, who),
        "place_code": text.pick(["H", "RP5BA", "C0421"], np.digitize(home, [0.26, 0.74])),
        "place_type": text.pick(["H", "3", "7"], np.digitize(home, [0.26, 0.74])),
        "upper_tier_authority": text.constant(COUNTY, rows),
    }
    return pa.table(columns)


def _contributing(rng: np.random.Generator, register: pd.DataFrame, known: np.ndarray) -> dict[str, pa.Array]:
    """Columns cause_01 … cause_15: the underlying cause first, then others."""
    rows = len(register)
    depth = np.where(known, 1 + rng.poisson(2.1, rows), 0)
    columns = {
        "cause_01": text.pick(pa.array(register["cause"].tolist(), pa.string()), np.arange(rows), depth > 0)
    }
    for position in range(2, CODED + 1):
        chosen = np.where(position <= depth, rng.integers(0, len(_CONTRIBUTING), rows), -1)
        columns[f"cause_{position:02d}"] = text.pick(_CONTRIBUTING, chosen)
    return columns
