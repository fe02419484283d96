"""What practices count for their pack: screening, QOF, first outpatients and their own activity.

Every figure is drawn from the month it is about, so that all packs that repeat it agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from bassetlaw_sample.calibration import nearest_year
from bassetlaw_sample.health import REGISTERS, Health, has_dementia
from bassetlaw_sample.months import Month, age_at, day
from bassetlaw_sample.population import lists_on
from bassetlaw_sample.world import World, apportion

EXTRACT = "ccg_practice_returns"


class Count(NamedTuple):
    """One measure of one month or quarter: two counts for each practice."""

    measure: str
    numerator: np.ndarray
    denominator: np.ndarray


class Lists:
    """Who is with which practice, and on which register; counts people by practice."""

    def __init__(self, world: World, health: Health) -> None:
        self.world = world
        self.health, self.registers = health, _flags(health)
        self.practices = len(world.places.practices)
        self._counted: dict[tuple[Callable, Month], list[Count]] = {}

    def counted(self, counts: Callable[[Lists, Month], Iterator[Count]], month: Month) -> list[Count]:
        """The counts of a month; packs repeat a month up to twelve times, so they are kept."""
        if (counts, month) not in self._counted:
            self._counted[counts, month] = list(counts(self, month))
        return self._counted[counts, month]

    def on_register(self, name: str, when: int) -> np.ndarray:
        """People on a QOF register, by practice."""
        if name != "DEM":
            return self.on(when, self.registers[name])
        everybody = np.arange(len(self.world.people))
        age = age_at(self.world.people["born"].to_numpy(), when)
        return self.on(when, has_dementia(self.world, self.health, everybody, age))

    def on(self, when: int, chosen: np.ndarray | None = None) -> np.ndarray:
        """People on each list on a day, of those chosen (by position in `World.people`)."""
        listed = lists_on(self.world.people, when)
        practice = self.world.people["practice"].to_numpy()[listed]
        kept = practice if chosen is None else practice[chosen[listed]]
        return np.bincount(kept, minlength=self.practices)


def _flags(health: Health) -> dict[str, np.ndarray]:
    """Membership of each register by position in `World.people`."""
    coded = health.registers.dictionary_encode()
    place = coded.indices.fill_null(-1).to_numpy()
    members = [frozenset(label.split("|")) for label in coded.dictionary.to_pylist()]
    return {name: np.array([*(name in m for m in members), False])[place] for name in REGISTERS}


def screening(lists: Lists, last: Month) -> Iterator[Count]:
    """Coverage at the end of a quarter (its last month): everybody, then those with a learning disability."""
    world, when = lists.world, day(last.last)
    age, sex = age_at(world.people["born"].to_numpy(), when), world.people["sex"].to_numpy()
    model = world.calibration["practice_returns"]
    usual = world.rng(EXTRACT, "coverage").normal(0, model["practice_spread"], lists.practices)
    rng = world.rng(EXTRACT, "screening", last.stamp)
    years = last.year + last.month / 12 - 2017
    for suffix, level, among in (("", "coverage", None), ("_ld", "ld", lists.registers["LD"])):
        for measure, group in model["screening"].items():
            eligible = np.isin(sex, group["sexes"]) & (age >= group["from_age"]) & (age <= group["to_age"])
            people = lists.on(when, eligible if among is None else eligible & among)
            share = np.clip(group[level] + usual + years * group["per_year"], 0.05, 0.98)
            yield Count(measure + suffix, rng.binomial(people, share), people)


def quality(lists: Lists, month: Month) -> Iterator[Count]:
    """QOF measures achieved since April, month by month."""
    world, when = lists.world, day(month.last)
    rng, size = world.rng(EXTRACT, "qof", month.stamp), lists.on(when)
    reached = 0.35 + 0.65 * ((month.month - 4) % 12 + 1) / 12
    for measure, rule in world.calibration["practice_returns"]["qof"].items():
        if "size_of" in rule:
            yield Count(measure, lists.on_register(rule["size_of"], when), size)
            continue
        share = np.rint(size * rule.get("list_share", 0)).astype(int)
        people = lists.on_register(rule["register"], when) if "register" in rule else share
        yield Count(measure, rng.binomial(people, rule["achieved"] * reached), people)


def first_referred(world: World, month: Month) -> int:
    """First outpatient attendances after referral by a GP: the month's share of the financial year's."""
    model = world.calibration["practice_returns"]
    year = world.scaled(nearest_year(model["first_outpatients"], month.financial_year))
    return int(apportion(year, np.array(model["month_shape"]))[month.month - 1])


def outpatients(lists: Lists, month: Month) -> Iterator[Count]:
    """Outpatient attendances of a month."""
    world, model = lists.world, lists.world.calibration["practice_returns"]
    rng = world.rng(EXTRACT, "outpatients", month.stamp)
    older = age_at(world.people["born"].to_numpy(), day(month.first)) >= 50
    weight = lists.on(day(month.first)) + lists.on(day(month.first), older)
    referred = apportion(first_referred(world, month), weight * rng.normal(1, 0.05, lists.practices))
    first = np.rint(referred / model["gp_referred"]).astype(int)
    attended = first + np.rint(first * model["follow_ups"]).astype(int)
    missed = rng.binomial(attended, model["not_attended"])
    yield Count("op_first_gp_ref", referred, first)
    yield Count("op_first_all", first, attended)
    yield Count("op_follow_up", attended - first, attended)
    yield Count("op_dna", missed, attended + missed)


def activity(lists: Lists, month: Month) -> Iterator[Count]:
    """Appointments of a month and what became of them."""
    model = lists.world.calibration["practice_returns"]
    rng, size = lists.world.rng(EXTRACT, "activity", month.stamp), lists.on(day(month.last))
    booked = rng.binomial(size, model["appointments"])
    yield Count("appointments", booked, size)
    for measure, share in model["activity"].items():
        yield Count(measure, rng.binomial(booked, share), booked)
