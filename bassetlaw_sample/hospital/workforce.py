"""Workforce summary (dbth_workforce): staff, vacancies, sickness and leavers of four employers.

These are whole organisations, so nothing shrinks with the sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.hospital.workforce_book import ABSENCE, FIRST_ROW, LEAVING, book
from bassetlaw_sample.months import Month, months_between, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World, apportion, draw

EXTRACT = "dbth_workforce"
NHS = ("RP5", "RHA")
_FIXED_TERM = ("06", "08")
_RESIGNED = ("18", "21", "25")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """A workbook a month from each employer, with the last months again."""
    model = world.calibration["workforce"]
    figures = {org: employer(world, org) for org in model["organisations"]}
    for month in world.months:
        for number, (org, frame) in enumerate(figures.items()):
            since = max(world.first, month.plus(1 - model["months_sent"]))
            shown = frame[frame["month"].isin([m.first for m in months_between(since, month)])]
            yield Delivery(
                partner="hospital",
                extract=EXTRACT,
                name=f"{org}_ESR_Workforce_{month.first:%Y-%m}.xlsx",
                received=working_day(month, 12 + number, hour=11),
                tables={EXTRACT: _table(org, shown.sort_values(["group", "month"]))},
                render=book,
                first_row=FIRST_ROW,
                rows=len(shown) * (1 + len(ABSENCE) + len(LEAVING)),
            )


def employer(world: World, org: str) -> pd.DataFrame:
    """All months of one employer: a row per month and staff group."""
    model = world.calibration["workforce"]
    facts = model["organisations"][org]
    shares = model["nhs_groups" if org in NHS else "council_groups"]
    months = [_month(world, org, facts, shares, month) for month in world.months]
    return pd.concat(months, ignore_index=True)


def _month(
    world: World, org: str, facts: dict[str, float], shares: dict[str, float], month: Month
) -> pd.DataFrame:
    rng, model = world.rng(EXTRACT, org, month.stamp), world.calibration["workforce"]
    groups = np.array(list(shares), object)
    growth = 1 + 0.004 * (month.year - 2018 + month.month / 12)
    heads = np.maximum(6, apportion(round(facts["staff"] * growth), np.array(list(shares.values()))))
    heads = heads + rng.integers(-1, 2, len(groups)) * (heads > 60)
    contracted = np.round(heads * model["part_time"] + rng.normal(0, 0.4, len(groups)), 2)
    vacancy = np.where(
        groups == "Nursing and Midwifery Registered", model["nursing_vacancy"], facts["vacancy"]
    )
    vacancy = np.clip(vacancy + rng.normal(0, 0.008, len(groups)), -0.05, 0.3)
    budgeted = np.round(contracted / (1 - vacancy), 2)
    available = np.round(contracted * month.days, 1)
    winter = model["winter"] * np.cos(2 * np.pi * (month.month - 0.5) / 12)
    rate = np.clip(facts["sickness"] + winter + rng.normal(0, 0.002, len(groups)), 0.005, 0.2)
    frame = pd.DataFrame(
        {
            "month": month.first,
            "group": groups,
            "headcount": heads,
            "contracted_fte": contracted,
            "budgeted_fte": budgeted,
            "vacancy_fte": np.round(budgeted - contracted, 2),
            "fte_days_available": available,
            "fte_days_sick": np.round(available * rate, 1),
        }
    )
    left = _leavers(rng, model, facts["turnover"], groups, heads, month)
    absent = {f"sickness_{c}": _days(frame["fte_days_sick"], model["reasons"], c) for c in ABSENCE}
    return frame.assign(leavers=sum(left.values()), **absent, **left)


def _days(sick: pd.Series, shares: dict[str, float], code: str) -> np.ndarray:
    """Days lost for one reason; what is left over has no known one."""
    parts = {c: np.round(sick * share, 1) for c, share in shares.items()}
    return np.round(sick - sum(parts.values()), 1) if code not in parts else parts[code]


def _leavers(
    rng: np.random.Generator,
    model: dict[str, Any],
    turnover: float,
    groups: np.ndarray,
    heads: np.ndarray,
    month: Month,
) -> dict[str, np.ndarray]:
    """People who left, by reason; rotations of doctors beside those who chose to go."""
    doctors = groups == "Medical and Dental"
    share = np.where(doctors, model["rotations"].get(month.month, 0.002), model["fixed_term"] / 12)
    ended = rng.binomial(heads, share)
    gone = rng.poisson(heads * turnover / 12)
    retired = rng.binomial(gone, model["retire"])
    resigned = np.array(
        [np.bincount(draw(rng, np.array([50, 30, 20]), n), minlength=3) for n in gone - retired]
    )
    found = {f"leavers_{c}": resigned[:, i] for i, c in enumerate(_RESIGNED)}
    found |= {"leavers_06": np.where(doctors, 0, ended), "leavers_08": np.where(doctors, ended, 0)}
    found |= {"leavers_14": retired}
    return {f"leavers_{c}": found[f"leavers_{c}"] for c in LEAVING}


def _table(org: str, frame: pd.DataFrame) -> pa.Table:
    """Text by field; the reasons, wide columns of the sheet, as sickness_<code> and leavers_<code>."""
    columns = {
        "org": text.constant(org, len(frame)),
        "staff_group": pa.array(frame["group"].tolist(), pa.string()),
        "period": pa.array([m.strftime("%Y-%m") for m in frame["month"]], pa.string()),
    }
    for name in frame.columns.drop(["month", "group"]):
        values = frame[name].to_numpy()
        whole = name == "headcount" or name.startswith("leavers")
        places = 2 if name.endswith("_fte") else 1
        columns[name] = text.numbers(values) if whole else text.decimals(values, places)
    return pa.table(columns)
