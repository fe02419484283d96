"""Child measurement programme (ncc_ncmp): the children of a school year and the yearly files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import nearest_year
from bassetlaw_sample.county_council.care_events import few_of
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import DISTRICT
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World
from bassetlaw_sample.write import csv_file

EXTRACT = "ncc_ncmp"
LAYOUT = "%d/%m/%Y"
OBESE = 0.95  # centile of the 1990 growth reference from which a child counts as obese
_DAYS_PER_MONTH = 365.25 / 12
_NEIGHBOUR = "E07000176"  # Newark and Sherwood, where the sample's neighbours live
# Per class: code, age on 1 September, and the mean and spread of height (cm); then the median, skewness and
# spread of body mass index by Cole's LMS method, near those of the 1990 reference (K).
CLASSES = {
    "reception": ("R", 4, (109.5, 5.0), (15.7, -1.5, 0.085)),
    "year_6": ("6", 10, (145.5, 7.2), (17.3, -1.9, 0.115)),
}


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """In October, the school year that ended in the summer."""
    for month in (m for m in world.months if m.month == 10):
        year = month.year - 1
        yield Delivery(
            partner="county_council",
            extract=EXTRACT,
            name=f"NCMP_Enhanced_{year}-{(year + 1) % 100:02d}.csv",
            received=working_day(month.plus(-1), 12, hour=13),
            tables={EXTRACT: measured(world, identity, year)},
            render=csv_file(),
        )


def measured(world: World, identity: Identity, year: int) -> pa.Table:
    """The children measured in the school year that began in a year, as text in contract field names."""
    rng = world.rng(EXTRACT, year)
    children = pd.concat([_class(rng, world, name, year) for name in CLASSES], ignore_index=True)
    return _table(rng, world, identity, children, year)


def _class(rng: np.random.Generator, world: World, name: str, year: int) -> pd.DataFrame:
    """One class: who (position in people), code, when (day), centile, height, weight and body mass index."""
    model, people = world.calibration["child_measurement"], world.people
    code, age, height, bmi = CLASSES[name]
    begins, ends = (day(date(year - age - back, 9, 1)) for back in (1, 0))
    born, spring = people["born"].to_numpy(), day(date(year + 1, 3, 1))
    pupils = np.flatnonzero((born >= begins) & (born < ends) & alive_on(people, spring))
    resident = people["resident"].to_numpy()[pupils]
    guest = ~resident & (rng.random(len(pupils)) < model["outside"] / 0.02)
    pupils = pupils[(resident | guest) & (rng.random(len(pupils)) < model["measured"])]
    centile = _centiles(rng, world, pupils, name, nearest_year(_by_class(model, name), year))
    size = np.round(rng.normal(*height, len(pupils)).clip(height[0] - 14, height[0] + 16), 1)
    score = np.array([NormalDist().inv_cdf(c) for c in centile])
    weight = np.round(_lms(score, *bmi) * (size / 100) ** 2, 1)
    return pd.DataFrame(
        {
            "who": pupils,
            "code": code,
            "when": spring - 100 + rng.integers(0, 200, len(pupils)),
            "centile": centile,
            "score": score,
            "height": size,
            "weight": weight,
            "bmi": weight / (size / 100) ** 2,
        }
    )


def _by_class(model: dict, name: str) -> dict[int, float]:
    position = list(CLASSES).index(name)
    return {year: values[position] for year, values in model["prevalence"].items()}


def _centiles(
    rng: np.random.Generator, world: World, pupils: np.ndarray, name: str, prevalence: float
) -> np.ndarray:
    """A centile for each child; the wanted share is obese, more where deprivation is high."""
    gradient = np.array(world.calibration["child_measurement"]["by_quintile"][name], float)
    quintile = world.places.lsoas["quintile"].to_numpy()[world.people["lsoa"].to_numpy()[pupils]]
    resident = world.people["resident"].to_numpy()[pupils]
    groups = [gradient[quintile - 1] * own for own in (resident, ~resident)]
    obese = np.concatenate([few_of(rng, g, round(prevalence * np.count_nonzero(g))) for g in groups])
    centile = rng.uniform(0.004, OBESE - 0.002, len(pupils))
    centile[obese] = rng.uniform(OBESE + 0.001, 0.9985, len(obese))
    return np.round(centile, 3)


def _lms(score: np.ndarray, median: float, skewness: float, spread: float) -> np.ndarray:
    """The measure at a standard score: M (1 + L S z) ^ (1 / L), Cole and Green (1992)."""
    return median * (1 + skewness * spread * np.minimum(score, 2.9)) ** (1 / skewness)


def _table(
    rng: np.random.Generator, world: World, identity: Identity, children: pd.DataFrame, year: int
) -> pa.Table:
    who, rows = children["who"].to_numpy(), len(children)
    resident = world.people["resident"].to_numpy()[who]
    months = (children["when"].to_numpy() - identity.born[who]) / _DAYS_PER_MONTH
    schools = world.calibration["child_measurement"]["schools"]
    ward = world.places.lsoas["ward_code"].factorize()[0][world.people["lsoa"].to_numpy()[who]]
    columns = {
        "ncmp_system_id": text.numbers(year * 100_000 + 1 + rng.permutation(rows)),
        "pupil_reference": pa.array([f"P{n}" for n in rng.permutation(rows)], pa.string()),
        "nhs_number": text.pick(identity.nhs_number, who),
        "sex": text.pick(["M", "F"], world.people["sex"].to_numpy()[who] - 1),
        "date_of_birth": text.dates(identity.born[who], LAYOUT),
        "age_in_months": text.numbers(months.astype(int)),
        "school_year": pa.array(children["code"].tolist(), pa.string()),
        "ethnic_category": text.pick(identity.ethnic, who),
        "height": text.decimals(children["height"], 1),
        "weight": text.decimals(children["weight"], 1),
        "bmi": text.decimals(children["bmi"], 1),
        "bmi_z_score": text.decimals(children["score"], 3),
        "bmi_p_score": text.decimals(children["centile"], 3),
        "submitter_la_code": text.constant("511", rows),
        "lsoa11": text.pick(identity.lsoa, who),
        "pupil_la_code": text.pick([_NEIGHBOUR, DISTRICT], resident.astype(int)),
        "school_urn": text.numbers(122_600 + (2 * ward + rng.integers(0, 2, rows)) % schools),
    }
    return pa.table(columns)
