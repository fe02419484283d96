"""Reablement: short-term support to maximise independence, mostly after a stay in hospital.

The stays are those of hospital/apc.py, so that both partners' files tell of the same people.
"""

from __future__ import annotations

import numpy as np

from bassetlaw_sample.county_council import care_events as care
from bassetlaw_sample.county_council.long_term_care import Held, in_care_home, supported_at_home
from bassetlaw_sample.hospital.apc import EMERGENCY, FALL, spells
from bassetlaw_sample.months import NEVER, Month, age_at, day
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World

FOLLOWED = 91  # days after discharge on which the indicator looks
_FEWEST = 4  # discharges into reablement a month in the smallest sample
_CALM = 14  # days between two spells of reablement of one person
_AFTERWARDS = (
    care.ENDED,
    care.ADVISED,
    care.NOTHING_OFFERED,
    care.TO_SERVICES,
    care.DECLINED,
    care.SELF_FUNDED,
)
_AFTERWARDS_WEIGHT = [62, 16, 8, 7, 4, 3]


def after_hospital(rng: np.random.Generator, world: World, month: Month, held: Held) -> list[care.Events]:
    """People of 65 and over who go home from hospital in a month and are reabled there."""
    who, left = _discharged(rng, world, month, held)
    since = left + rng.integers(0, 4, len(who))
    asked = care.events(
        care.REQUEST, who, left - 1, left, route=care.FROM_HOSPITAL, outcome=care.TO_REABLEMENT
    )
    return [asked, *_course(rng, world, who, since, left + FOLLOWED, held)]


def from_home(rng: np.random.Generator, world: World, month: Month, held: Held) -> list[care.Events]:
    """People of 65 and over who are reabled without having been in hospital."""
    today, people = day(month.first), world.people
    old = age_at(people["born"].to_numpy(), today) >= 65
    free = ~held.in_care(np.arange(len(people)), today + 30) & (held.reabled_until < today - _CALM)
    weight = (alive_on(people, today) & people["resident"].to_numpy() & old & free).astype(float)
    who = care.few_of(rng, weight, world.scaled(world.calibration["social_care"]["community_starts"]))
    since = today + rng.integers(2, month.days, len(who))
    asked = care.events(
        care.REQUEST, who, since - 2, since - 1, route="Community / other", outcome=care.TO_REABLEMENT
    )
    return [asked, *_course(rng, world, who, since, since + FOLLOWED, held)]


def _discharged(
    rng: np.random.Generator, world: World, month: Month, held: Held
) -> tuple[np.ndarray, np.ndarray]:
    """Who is chosen, each once, and the last day in hospital."""
    model, stays, people = world.calibration["social_care"], spells(world, month), world.people
    _, first = np.unique(stays.who, return_index=True)
    who, left, kind = stays.who[first], stays.end[first], stays.kind[first]
    gone = care.gone(world)[who]
    fit = np.isin(kind, (FALL, EMERGENCY)) & (left > stays.start[first])
    fit &= people["resident"].to_numpy()[who] & (age_at(people["born"].to_numpy()[who], left) >= 65)
    fit &= (gone > left + 5) & ~held.in_care(who, left) & (held.reabled_until[who] < left - _CALM)
    weight = fit * np.where(gone < left + FOLLOWED, float(model["frail"]), 1.0)
    count = max(_FEWEST, world.scaled(model["reablement_starts"]))
    chosen = care.few_of(rng, weight, count)
    return who[chosen], left[chosen]


def _course(
    rng: np.random.Generator,
    world: World,
    who: np.ndarray,
    since: np.ndarray,
    looked_at: np.ndarray,
    held: Held,
) -> list[care.Events]:
    """Reablement and what follows: a care home before the day looked at, support at home, or less."""
    model, rows = world.calibration["social_care"], len(who)
    fate = rng.random(rows)
    to_care = (fate < model["care_home_after"]) & (held.care_since[who] == NEVER)
    to_home_care = ~to_care & (fate < model["care_home_after"] + model["home_care_after"])
    moved_in = np.minimum(since + rng.integers(12, 70, rows), looked_at - 2)
    until = since + rng.integers(14, 43, rows)
    until = np.where(to_care, np.minimum(until, moved_in), until)
    held.reabled_until[who] = until
    outcome = care.among(rng, _AFTERWARDS, _AFTERWARDS_WEIGHT, rows)
    outcome[to_care | to_home_care] = care.TO_SERVICES
    low_level = ~to_care & ~to_home_care & (outcome == care.TO_SERVICES)
    reabled = care.events(
        care.SERVICE, who, since, until, outcome=outcome, service=care.REABLING, component="Reablement"
    )
    for_good = to_care & (rng.random(rows) < model["long_term_share"])
    for_now = to_care & ~for_good
    help_from = until + rng.integers(1, 6, rows)
    return [
        reabled,
        *in_care_home(rng, world, who[for_good], moved_in[for_good], held),
        _temporary(who[for_now], moved_in[for_now], looked_at[for_now] + rng.integers(5, 40, for_now.sum())),
        supported_at_home(rng, world, who[to_home_care], help_from[to_home_care]),
        equipment(who[low_level], help_from[low_level], 300 + rng.integers(0, 400, low_level.sum())),
    ]


def _temporary(who: np.ndarray, since: np.ndarray, until: np.ndarray) -> care.Events:
    return care.events(
        care.SERVICE, who, since, until, outcome=care.ENDED, service=care.TEMPORARY,
        component="Short term residential care",
    )  # fmt: skip


def equipment(who: np.ndarray, since: np.ndarray, days: np.ndarray) -> care.Events:
    """Low-level support that goes on for some time."""
    return care.events(
        care.SERVICE, who, since, since + days, outcome=care.ENDED, service=care.LOW_LEVEL,
        component="Equipment",
    )  # fmt: skip
