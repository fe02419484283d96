"""Patient Activation Measure: pairs of scores, before and after support."""

from __future__ import annotations

import numpy as np

from bassetlaw_sample.health import Health
from bassetlaw_sample.months import NEVER
from bassetlaw_sample.world import World

# Upper ends of levels 1-3 in the 2016-2021 licence version.
LEVEL_ENDS = np.array([47.0, 55.1, 67.0])


def level_of(scores: np.ndarray) -> np.ndarray:
    """Level 1-4 of a score 0-100."""
    return np.searchsorted(LEVEL_ENDS, scores) + 1


def score_pairs(rng: np.random.Generator, world: World, pairs: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last scores, one decimal, with the calibrated mean gain."""
    model = world.calibration["social_prescribing"]["pam"]
    first = np.clip(rng.normal(model["start"], model["spread"], pairs), 15, 92)
    last = np.clip(first + rng.normal(model["gain"], model["gain_spread"], pairs), 5, 100)
    return np.round(first, 1), np.round(last, 1)


def measures(world: World, health: Health, when: int) -> tuple[np.ndarray, np.ndarray]:
    """Newest score of each person as recorded by practices on a day, and its day; -1 where none."""
    rng = world.rng("activation")
    people = len(world.people)
    first, last = score_pairs(rng, world, people)
    begin = 16_850 + rng.integers(0, 1_800, people)
    again = begin + rng.integers(120, 330, people)
    day = np.where(again <= when, again, np.where(begin <= when, begin, NEVER))
    shown = health.activated & (day < NEVER)
    return np.where(shown, np.where(again <= when, last, first), -1.0), np.where(shown, day, NEVER)
