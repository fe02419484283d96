"""What a practice knows about each person: smoking, frailty, long-term conditions, activation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bassetlaw_sample.calibration import by_age, nearest_year
from bassetlaw_sample.months import age_at
from bassetlaw_sample.world import World

_MID_2018 = 17_713

# QOF register: prevalence in per cent at ages 0-39, 40-64, 65-79 and 80 and over (K).
REGISTERS = {
    "AF": (0.05, 1.0, 7, 17),
    "AST": (6.5, 7, 8, 7),
    "CAN": (0.3, 2.8, 9, 13),
    "CHD": (0.1, 3.0, 12, 20),
    "CKD": (0.2, 2.4, 14, 33),
    "COPD": (0.05, 2.6, 7.5, 8),
    "DEP": (7, 13, 9, 8),
    "DM": (0.8, 7.5, 17, 18),
    "EP": (0.6, 0.9, 0.9, 0.9),
    "HF": (0.02, 0.5, 2.5, 7.5),
    "HYP": (0.8, 17, 46, 60),
    "LD": (0.6, 0.6, 0.4, 0.2),
    "MH": (0.5, 1.0, 0.9, 0.8),
    "OB": (6, 14, 12, 6),
    "OST": (0, 0.3, 2, 6),
    "PAD": (0.01, 0.6, 2.5, 3.5),
    "PC": (0.02, 0.2, 0.9, 3),
    "RA": (0.15, 1.0, 1.9, 1.9),
    "STIA": (0.1, 1.6, 5.5, 12),
}
_BEFORE_DEMENTIA = list(REGISTERS).index("DEP")  # place of its random number among the others
_RISK_ONLY = {"OB", "PC"}  # registers that are not long-term conditions


@dataclass(frozen=True)
class Health:
    """Traits by position in `World.people`.

    registers: text, pipe separated, without dementia, which comes with age (has_dementia); conditions:
    number of long-term conditions, likewise; dementia_rank: 0-1, the lowest are on the register earliest;
    smoking_rank: 0-1, the lowest are current smokers; ever_rank: 0-1, the lowest have smoked;
    review_day: day number within a cycle of 540 days on which smoking is recorded; known: recorded at all
    in the last two years; efi: frailty index as if aged 65 or over; activated: has been measured twice
    """

    registers: pa.Array
    conditions: np.ndarray
    dementia_rank: np.ndarray
    smoking_rank: np.ndarray
    ever_rank: np.ndarray
    review_day: np.ndarray
    known: np.ndarray
    efi: np.ndarray
    activated: np.ndarray


def draw_health(world: World) -> Health:
    """Everybody's traits."""
    rng = world.rng("health")
    people = len(world.people)
    age = age_at(world.people["born"].to_numpy(), _MID_2018)
    ranks = rng.random((people, len(REGISTERS) + 1))
    registers, conditions = _registers(np.delete(ranks, _BEFORE_DEMENTIA, axis=1), age)
    return Health(
        registers=registers,
        conditions=conditions,
        dementia_rank=ranks[:, _BEFORE_DEMENTIA],
        smoking_rank=rng.random(people),
        ever_rank=rng.random(people),
        review_day=rng.integers(0, 540, people),
        known=rng.random(people) < world.calibration["smoking"]["known"],
        efi=_frailty(rng, world, age),
        activated=(conditions >= 2) & (rng.random(people) < 0.12),
    )


def has_dementia(world: World, health: Health, who: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Whether people of a given age are on the dementia register: once on it, always."""
    return health.dementia_rank[who] * 100 < by_age(world.calibration["dementia"]["register"], age)


def _registers(ranks: np.ndarray, age: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    band = np.searchsorted([40, 65, 80], age, side="right")
    flags = np.array(list(REGISTERS.values())).T[band] / 100 > ranks
    counted = np.array([name not in _RISK_ONLY for name in REGISTERS])
    codes = flags @ (1 << np.arange(len(REGISTERS)))
    unique, position = np.unique(codes, return_inverse=True)
    names = list(REGISTERS)
    labels = ["|".join(n for i, n in enumerate(names) if code >> i & 1) or None for code in unique.tolist()]
    return pa.array(labels, pa.string()).take(pa.array(position)), flags[:, counted].sum(axis=1)


def _frailty(rng: np.random.Generator, world: World, age: np.ndarray) -> np.ndarray:
    """Index 0-1 whose shares of fit, mild, moderate and severe hold among people 65 and over.

    Source of the cut-offs 0.12, 0.24 and 0.36: the electronic frailty index (deficits out of 36).
    """
    latent = 0.07 * (age - 75) + rng.normal(size=len(age))
    older = np.sort(latent[age >= 65])
    rank = np.searchsorted(older, latent) / max(1, len(older))
    shares = [0.0, *world.calibration["frailty"]["thresholds"], 1.0]
    return np.interp(rank, shares, [0.0, 0.12, 0.24, 0.36, 0.58])


def current_smokers(
    world: World, health: Health, year: int, listed: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Who smokes: by age and deprivation, so that the year's prevalence holds among known resident adults."""
    model = world.calibration["smoking"]
    quintile = world.places.lsoas["quintile"].to_numpy()[world.people["lsoa"].to_numpy()[listed]]
    level = np.array([0, *model["by_quintile"]])[quintile] * by_age(model["by_age"], age)
    resident = world.people["resident"].to_numpy()[listed]
    rank, known = health.smoking_rank[listed], health.known[listed] & resident & (age >= 18)
    wanted = nearest_year(model["prevalence"], year)
    chance = level * wanted / level[known].mean()
    for _ in range(4):  # shrink or stretch until the invented people reach the figure
        chance = chance * wanted / max(1e-9, (rank < chance)[known].mean())
    return (rank < chance) & (age >= 18)


def reviewed_on(health: Health, listed: np.ndarray, snapshot: int) -> np.ndarray:
    """Day of each person's last smoking record: within 18 months where known, years ago otherwise."""
    since = (snapshot - health.review_day[listed]) % 540
    stale = 900 + health.review_day[listed] * 2
    return snapshot - np.where(health.known[listed], since, stale)
