"""Admitted patient care (dbth_apc): spells cut into episodes, and the monthly files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age, nearest_year
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.hospital.apc_coding import SHORT_STAY, diagnoses, procedures
from bassetlaw_sample.hospital.ecds import FLEX_MONTHS
from bassetlaw_sample.months import NEVER, Month, age_at, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, apportion, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "dbth_apc"
ISO = "%Y-%m-%d"
KINDS = ("fall", "death", "emergency", "planned", "delivery", "birth", "low_grade")
FALL, DEATH, EMERGENCY, PLANNED, DELIVERY, BIRTH, LOW_GRADE = range(7)

# European standard population 2013, 65-69 to 90 and over.
ESP_65 = np.array([5500, 5000, 4000, 2500, 1500, 1000])
_EMERGENCY_WEIGHT = [[0, 1.5], [5, 0.5], [18, 0.6], [40, 0.8], [65, 2.0], [75, 3.4], [85, 5.5]]
_PLANNED_WEIGHT = [[0, 0.25], [18, 0.7], [45, 1.4], [65, 2.2], [85, 1.2]]
_METHODS = (("21", "22", "24", "2D"), ("11", "12", "13"), ("31", "32"), ("82",))
_METHOD_WEIGHT = ((78, 15, 5, 2), (50, 35, 15), (90, 10), (1,))
_FUNCTIONS = (("300", "100", "430", "110"), ("100", "110", "502", "301"), ("501",), ("424",))


@dataclass(frozen=True)
class Spells:
    """Spells that end in a month: who, which kind, and first and last day; one entry per spell."""

    who: np.ndarray
    kind: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @property
    def group(self) -> np.ndarray:
        """0 emergency, 1 planned, 2 delivery, 3 birth."""
        return np.array([0, 0, 0, 1, 2, 3, 0])[self.kind]


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """Freeze files of every month, flex files of the newest twelve (all of them in a full sample).

    The trust replaces whole discharge months. One month a quarter is incomplete when it is first sent,
    and comes again, complete, with the freeze file of the month after.
    """
    again = None
    for month in world.months:
        complete = episodes(world, identity, month)
        late = month.month % 3 == 1 and month != world.last
        on_time = complete.filter(pa.array(_on_time(world, month, complete))) if late else complete
        if world.full or month > world.last.plus(-FLEX_MONTHS):
            yield _file(month, "FLEX", 12, _partly_coded(world, month, on_time))
        yield _file(month, "FREEZE", 30, on_time if again is None else pa.concat_tables([again, on_time]))
        again = complete if late else None


def _on_time(world: World, month: Month, rows: pa.Table) -> np.ndarray:
    """Whole spells are late, never single episodes of one."""
    spells = rows["spell_number"].combine_chunks().dictionary_encode().indices.to_numpy()
    drawn = world.rng(EXTRACT, "late", month.stamp).random(spells.max() + 1)
    return drawn[spells] >= 3 * world.calibration["apc"]["late"]


def _partly_coded(world: World, month: Month, rows: pa.Table) -> pa.Table:
    share = world.calibration["apc"]["flex_uncoded"]
    coded = world.rng(EXTRACT, "flex", month.stamp).random(rows.num_rows) >= share
    for index, name in enumerate(rows.column_names):
        if name.startswith("diag_"):
            kept = text.pick(rows[name].combine_chunks(), np.arange(rows.num_rows), coded)
            rows = rows.set_column(index, name, kept)
    return rows


def _file(month: Month, edition: str, on_working_day: int, rows: pa.Table) -> Delivery:
    return Delivery(
        partner="hospital",
        extract=EXTRACT,
        name=f"RP5_APC_{month.stamp}_{edition}.txt",
        received=working_day(month, on_working_day, hour=10),
        tables={EXTRACT: rows},
        render=csv_file(delimiter="|", trailer=True),
    )


def episodes(world: World, identity: Identity, month: Month) -> pa.Table:
    """Episodes of all spells that end in a month, as text in contract field names."""
    rng = world.rng(EXTRACT, month.stamp)
    spells = _spells(rng, world, month)
    count = np.where(spells.end > spells.start, 1 + draw(rng, np.array([78, 17, 5]), len(spells.who)), 1)
    spell = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(spell)) - np.repeat(np.cumsum(count) - count, count) + 1
    return _table(rng, identity, month, spells, spell, number, count[spell])


def spells(world: World, month: Month) -> Spells:
    """Spells that end in a month: those of its files, for partners who see the same people afterwards."""
    return _spells(world.rng(EXTRACT, month.stamp), world, month)


def fall_rates(relative: list[float], dsr: float) -> np.ndarray:
    """Rates per 100,000 by band 65-69 … 90+ that give the wanted rate on the 2013 European standard."""
    shape = np.array(relative, float)
    return shape * dsr / ((shape * ESP_65).sum() / ESP_65.sum())


def emergency_volume(world: World, month: Month, which: str = "emergency_spells") -> int:
    """Emergency spells (or `low_grade_spells`) that end in a month: its share of the financial year's.

    Twelve months add up to the stated figure of the year exactly, in a sample of the whole district.
    """
    year = [Month(month.financial_year, 4).plus(i) for i in range(12)]
    total = world.scaled(nearest_year(world.calibration["apc"][which], month.financial_year))
    return int(apportion(total, np.array([m.days for m in year]))[year.index(month)])


def _spells(rng: np.random.Generator, world: World, month: Month) -> Spells:
    model, people, start = world.calibration["apc"], world.people, day(month.first)
    age = age_at(people["born"].to_numpy(), start)
    here = alive_on(people, start) & (people["until"] > day(month.last)).to_numpy()
    falls = _falls(rng, world, month, age, here)
    deaths = _hospital_deaths(rng, world, month)
    low = emergency_volume(world, month, "low_grade_spells")
    others = max(0, emergency_volume(world, month) - low - len(falls) - len(deaths))
    planned, maternity = world.scaled(model["planned_spells"]), world.scaled(model["maternity_spells"] / 2)
    sick = draw(rng, here * by_age(_EMERGENCY_WEIGHT, age), others)
    listed = draw(rng, here * by_age(_PLANNED_WEIGHT, age), planned)
    mothers = draw(
        rng, here * (people["sex"] == 2).to_numpy() * (age >= 18) * (age < 42) + 1e-12 * here, maternity
    )
    babies = draw(rng, here * (age == 0) + 1e-12 * here, maternity)
    # Low-grade admissions are of people who both live and are registered here, so that counting by
    # residence and by practice gives the figure of the council's report alike.
    both = here * (people["resident"] & (people["practice"] >= 0)).to_numpy()
    slight = draw(rng, both * by_age(_EMERGENCY_WEIGHT, age), low)
    groups = (falls, deaths, sick, listed, mothers, babies, slight)
    kind = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    return _dated(rng, world, month, np.concatenate(groups), kind)


def _falls(
    rng: np.random.Generator, world: World, month: Month, age: np.ndarray, here: np.ndarray
) -> np.ndarray:
    """Residents 65+ admitted after a fall, by band of age."""
    model = world.calibration["apc"]
    rates = fall_rates(model["falls_by_age"], model["falls_dsr"])
    at_risk = here & world.people["resident"].to_numpy() & (age >= 65)
    hazard = np.where(at_risk, rates[np.clip(age // 5 - 13, 0, 5)], 0) / 100_000 * month.days / 365.25
    # Systematic sampling: the yearly number stays close to its expectation.
    reached = np.cumsum(hazard)
    return np.searchsorted(reached, np.arange(rng.random(), reached[-1]), side="right")


def _hospital_deaths(rng: np.random.Generator, world: World, month: Month) -> np.ndarray:
    died, until = world.people["died"].to_numpy(), world.people["until"].to_numpy()
    in_month = (died >= day(month.first)) & (died <= day(month.last)) & (died < until) & (died < NEVER)
    return np.flatnonzero(in_month & (rng.random(len(died)) < 0.42))


def _dated(rng: np.random.Generator, world: World, month: Month, who: np.ndarray, kind: np.ndarray) -> Spells:
    people = world.people.iloc[who]
    age = age_at(people["born"].to_numpy(), day(month.first))
    mean = np.array([9.0, 8.0, 4.2, 0.7, 2.0, 2.0, 0.0])[kind] * np.where(age >= 75, 1.35, 0.9)
    stay = np.minimum(np.floor(rng.exponential(mean)), 120).astype(int)
    stay = np.where((kind == PLANNED) & (rng.random(len(who)) < 0.72), 0, stay)
    stay = np.where(kind == LOW_GRADE, rng.integers(0, 2, len(who)), stay)
    end = day(month.first) + rng.integers(0, month.days, len(who))
    # A low-grade stay lies within its month, so that admissions and discharges of a month are the same.
    end = np.where(kind == LOW_GRADE, np.maximum(end, day(month.first) + stay), end)
    end = np.where(kind == DEATH, people["died"].to_numpy(), end)
    end = np.maximum(end, people["born"].to_numpy())
    start = np.maximum(end - stay, people["born"].to_numpy())
    order = np.argsort(end, kind="stable")
    return Spells(who[order], kind[order], start[order], end[order])


def _table(
    rng: np.random.Generator,
    identity: Identity,
    month: Month,
    spells: Spells,
    spell: np.ndarray,
    number: np.ndarray,
    count: np.ndarray,
) -> pa.Table:
    age = age_at(identity.born[spells.who], spells.start)
    columns = {
        "provider": text.constant("RP5", len(spell)),
        "spell_number": text.numbers(int(month.stamp) * 100_000 + 1 + spell),
        "episode_number": text.pick([None, "01", "02", "03"], number),
        "last_episode_in_spell": text.pick(["2", "1"], (number == count).astype(int)),
        **identity.columns(spells.who[spell], ISO),
        **{name: column.take(pa.array(spell)) for name, column in _spell_columns(rng, spells, age).items()},
        **_episode_dates(spells, spell, number, count),
        **diagnoses(rng, _coding(spells)[spell], age[spell], number),
        **procedures(rng, spells.kind[spell], spells.start[spell]),
        "hrg": text.pick(
            ["HE11E", "DZ11V", "WJ06G", "FE32Z", "NZ30C", "EB10D"], rng.integers(0, 6, len(spell))
        ),
        "ward_code": text.pick([f"BW{i:02d}" for i in range(1, 19)], rng.integers(0, 18, len(spell))),
    }
    return pa.table(columns)


def _coding(spells: Spells) -> np.ndarray:
    """Kind of spell for coding: a short stay is low-grade by its diagnosis, so only those meant to be are."""
    short = (spells.end - spells.start <= 1) & ((spells.kind == DEATH) | (spells.kind == EMERGENCY))
    return np.where(short, SHORT_STAY, spells.kind)


def _spell_columns(rng: np.random.Generator, spells: Spells, age: np.ndarray) -> dict[str, pa.Array]:
    rows, group = len(spells.who), spells.group
    day_case = (group == 1) & (spells.start == spells.end)
    died = spells.kind == DEATH
    long_stay = (spells.end - spells.start >= 4) & (rng.random(rows) < 0.6)
    ready = spells.end - rng.integers(0, 3, rows)
    home = draw(rng, np.array([90, 3, 4, 3]), rows)
    return {
        "patient_classification": text.pick(["1", "2"], day_case.astype(int)),
        "admission_method": _by_group(rng, group, _METHODS, _METHOD_WEIGHT),
        "source_of_admission": text.pick(["19", "51", "65"], draw(rng, np.array([94, 2, 4]), rows)),
        "admission_date": text.dates(spells.start, ISO),
        "admission_time": text.clock(rng.integers(0, 43_200, rows)),
        "age_on_admission": text.numbers(age),
        "discharge_ready_date": text.dates(ready, ISO, long_stay & ~died),
        "discharge_date": text.dates(spells.end, ISO),
        "discharge_time": text.clock(rng.integers(43_200, 86_400, rows)),
        "discharge_method": text.pick(["1", "4"], died.astype(int)),
        "discharge_destination": text.pick(["19", "54", "65", "51", "79"], np.where(died, 4, home)),
        "treatment_function": _by_group(
            rng, group, _FUNCTIONS, ((55, 20, 15, 10), (35, 30, 20, 15), (1,), (1,))
        ),
        "main_specialty": _by_group(rng, group, _FUNCTIONS, ((55, 20, 15, 10), (35, 30, 20, 15), (1,), (1,))),
    }


def _by_group(
    rng: np.random.Generator,
    group: np.ndarray,
    codes: tuple[tuple[str, ...], ...],
    weights: tuple[tuple[int, ...], ...],
) -> pa.Array:
    """A code for each spell from the list of its group."""
    flat = [code for choices in codes for code in choices]
    start = np.cumsum([0, *[len(c) for c in codes[:-1]]])
    chosen = np.zeros(len(group), int)
    for g, w in enumerate(weights):
        inside = group == g
        chosen[inside] = start[g] + draw(rng, np.array(w), int(inside.sum()))
    return text.pick(flat, chosen)


def _episode_dates(
    spells: Spells, spell: np.ndarray, number: np.ndarray, count: np.ndarray
) -> dict[str, pa.Array]:
    """Consecutive episodes share the days of the spell."""
    start, stay = spells.start[spell], (spells.end - spells.start)[spell]
    return {
        "episode_start": text.dates(start + stay * (number - 1) // count, ISO),
        "episode_end": text.dates(start + stay * number // count, ISO),
    }
