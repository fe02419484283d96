"""Long-term support: care homes, support at home, and the reviews of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.county_council import care_events as care
from bassetlaw_sample.months import NEVER, Month, age_at, day
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World

_CARE_HOME_WEIGHT = [[0, 0], [18, 0.05], [65, 0.4], [75, 2], [80, 5], [85, 11], [90, 20]]
_AT_HOME_WEIGHT = [[0, 0], [18, 0.7], [65, 1.5], [75, 4], [85, 9]]
_COMPONENTS = ("Home support or domiciliary care", "Day support", "Direct payment", "Transport", "Meals")
_REVIEWS = ("Planned", "Unplanned: Change in need", "Unplanned: Hospital", "Unplanned: Carer related")
_LAST_YEARS = 4.0  # relative chance of a care home in the last three years of life
_YEAR = 365


@dataclass(frozen=True)
class Held:
    """By person: first and last day in a care home, last day of reablement; far away in time where none."""

    care_since: np.ndarray
    care_until: np.ndarray
    reabled_until: np.ndarray

    @classmethod
    def nobody(cls, people: int) -> Held:
        """Nobody has anything yet."""
        return cls(np.full(people, NEVER), np.full(people, -NEVER), np.full(people, -NEVER))

    def in_care(self, who: np.ndarray, when: np.ndarray | int) -> np.ndarray:
        """Whether people live in a care home on a day."""
        return (self.care_since[who] <= when) & (self.care_until[who] >= when)


def stock(rng: np.random.Generator, world: World, month: Month, held: Held) -> list[care.Events]:
    """Those who have long-term support when the sample begins; it goes on for some time after that."""
    model, today = world.calibration["social_care"], day(month.first)
    residents = care.few_of(rng, _care_home_weight(world, today, 18), world.scaled(model["care_home_stock"]))
    at_home = _at_home_weight(world, today) * ~np.isin(np.arange(len(world.people)), residents)
    clients = care.few_of(rng, at_home, world.scaled(model["home_care_stock"]))
    past = [rng.integers(30, 1_500, len(who)) for who in (residents, clients)]
    return [
        *in_care_home(rng, world, residents, today - past[0], held, at_least=past[0]),
        supported_at_home(rng, world, clients, today - past[1], at_least=past[1]),
    ]


def admissions(
    rng: np.random.Generator, world: World, month: Month, number: int, held: Held
) -> list[care.Events]:
    """People who go into a care home for good, without reablement before; some pay for it themselves."""
    model, today, parts = world.calibration["social_care"], day(month.first), []
    old, young = (max(6.0, n * world.scale) for n in (model["admissions"], model["working_age_admissions"]))
    for yearly, ages in ((old, (65, 120)), (young, (18, 64))):
        never = held.care_since == NEVER
        weight = _care_home_weight(world, today, *ages) * never
        who = care.few_of(rng, weight, care.in_months(yearly, number))
        since = today + rng.integers(0, month.days, len(who))
        asked = care.events(
            care.REQUEST, who, since - 30, since - 28, route="Community / other", outcome=care.TO_ASSESSMENT
        )
        parts += [asked, _assessed(who, since), *in_care_home(rng, world, who, since, held)]
    return [*parts, _self_funders(rng, world, month, number, held)]


def _self_funders(
    rng: np.random.Generator, world: World, month: Month, number: int, held: Held
) -> care.Events:
    """The council pays for twelve weeks, and they for the time after that."""
    model, today = world.calibration["social_care"], day(month.first)
    yearly = max(2.0, model["self_funders"] * model["admissions"] * world.scale)
    weight = _care_home_weight(world, today, 65) * (held.care_since == NEVER)
    who = care.few_of(rng, weight, care.in_months(yearly, number))
    since = today + rng.integers(0, month.days, len(who))
    held.care_since[who], held.care_until[who] = since, NEVER
    return care.events(
        care.SERVICE, who, since, since + 84, outcome=care.SELF_FUNDED, service=care.RESIDENTIAL,
        component="Long term residential care",
    )  # fmt: skip


def in_care_home(
    rng: np.random.Generator,
    world: World,
    who: np.ndarray,
    since: np.ndarray,
    held: Held,
    at_least: np.ndarray | int = 0,
) -> list[care.Events]:
    """Stays for good, in residential or nursing care; some move from the first to the second."""
    rows = len(who)
    until = np.minimum(since + at_least + 20 + rng.exponential(850, rows).astype(int), care.gone(world)[who])
    held.care_since[who], held.care_until[who] = since, until
    nursing = rng.random(rows) < 0.28
    moves = ~nursing & (rng.random(rows) < 0.15) & (until - since > 200)
    change = np.where(moves, since + (until - since) // 2, until)
    first = care.events(
        care.SERVICE, who, since, change, outcome=np.where(moves, care.CONTINUED, care.TO_NHS),
        service=np.where(nursing, care.NURSING, care.RESIDENTIAL),
        component=np.where(nursing, "Long term nursing care", "Long term residential care"),
    )  # fmt: skip
    second = care.events(
        care.SERVICE, who[moves], change[moves], until[moves], outcome=care.TO_NHS,
        service=care.NURSING, component="Long term nursing care",
    )  # fmt: skip
    return [first, second]


def at_home(rng: np.random.Generator, world: World, month: Month, held: Held) -> list[care.Events]:
    """People who begin to get long-term support at home, without reablement before."""
    today = day(month.first)
    everybody = np.arange(len(world.people))
    weight = _at_home_weight(world, today) * ~held.in_care(everybody, today)
    who = care.few_of(rng, weight, world.scaled(world.calibration["social_care"]["home_care_starts"]))
    since = today + rng.integers(0, month.days, len(who))
    return [_assessed(who, since), supported_at_home(rng, world, who, since)]


def supported_at_home(
    rng: np.random.Generator,
    world: World,
    who: np.ndarray,
    since: np.ndarray,
    at_least: np.ndarray | int = 0,
) -> care.Events:
    """Support at home: one to three components side by side."""
    until = since + at_least + 60 + rng.exponential(800, len(who)).astype(int)
    parts = rng.permuted(np.tile(np.arange(1, len(_COMPONENTS)), (len(who), 1)), axis=1)
    parts = np.column_stack([np.where(rng.random(len(who)) < 0.8, 0, parts[:, -1]), parts[:, :2]])
    shown = np.column_stack([np.ones(len(who), bool), rng.random((len(who), 2)) < (0.55, 0.25)])
    row, part = np.nonzero(shown)
    return care.events(
        care.SERVICE, who[row], since[row], until[row], outcome=care.ENDED, service=care.COMMUNITY,
        component=np.array(_COMPONENTS, object)[parts[row, part]],
    )  # fmt: skip


def reviews(rng: np.random.Generator, world: World, services: pd.DataFrame) -> pd.DataFrame:
    """About one review a year of everybody with long-term support, while the support goes on."""
    long_term = services[services["service"].isin([care.COMMUNITY, care.NURSING, care.RESIDENTIAL])]
    long_term = long_term.drop_duplicates(["who", "start"])
    since, until = long_term["start"].to_numpy(), long_term["end"].to_numpy()
    parts = []
    for year in range(1, 12):
        when = since + year * _YEAR + rng.integers(-60, 60, len(since))
        due = (when < until) & (when < care.gone(world)[long_term["who"]])
        reason = care.among(rng, _REVIEWS, [78, 12, 6, 4], int(due.sum()))
        who, when = long_term["who"].to_numpy()[due], when[due]
        parts.append(care.events(care.REVIEW, who, when - 2, when, outcome=care.CONTINUED, review=reason))
    return care.one_frame(parts)


def _assessed(who: np.ndarray, since: np.ndarray) -> care.Events:
    return care.events(
        care.ASSESSMENT, who, since - 20, since - 3, outcome=care.TO_SERVICES,
        assessment=care.LONG_TERM_ASSESSMENT,
    )  # fmt: skip


def _care_home_weight(world: World, when: int, youngest: int, oldest: int = 120) -> np.ndarray:
    """Relative chance of every person to go into a care home, higher towards the end of life."""
    age = age_at(world.people["born"].to_numpy(), when)
    here = alive_on(world.people, when) & world.people["resident"].to_numpy()
    last_years = world.people["died"].to_numpy() < when + 3 * _YEAR
    chosen = here & (age >= youngest) & (age <= oldest) & (care.gone(world) > when + 40)
    return chosen * by_age(_CARE_HOME_WEIGHT, age) * np.where(last_years, _LAST_YEARS, 1.0)


def _at_home_weight(world: World, when: int) -> np.ndarray:
    age = age_at(world.people["born"].to_numpy(), when)
    here = alive_on(world.people, when) & world.people["resident"].to_numpy()
    return (here & (care.gone(world) > when + 40)) * by_age(_AT_HOME_WEIGHT, age)
