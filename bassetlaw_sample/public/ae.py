"""The national A&E return (nhse_ae_monthly) for the months of the sample.

RP5 carries its published figures as far as they are known (April 2016 to March 2019) and goes on at the
sample's growth; the other providers are invented, and the Total row is the sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import REFERENCE
from bassetlaw_sample.world import World
from bassetlaw_sample.write import csv_file

EXTRACT = "nhse_ae_monthly"
TRUST = (
    "RP5",
    "NHS ENGLAND NORTH EAST AND YORKSHIRE ",
    "DONCASTER AND BASSETLAW TEACHING HOSPITALS NHS FOUNDATION TRUST",
)
MEASURES = (
    "type1_attendances",
    "type2_attendances",
    "other_attendances",
    "type1_booked",
    "type2_booked",
    "other_booked",
    "type1_over_4h",
    "type2_over_4h",
    "other_over_4h",
    "type1_booked_over_4h",
    "type2_booked_over_4h",
    "other_booked_over_4h",
    "waited_4_to_12h_from_decision",
    "waited_over_12h_from_decision",
    "type1_emergency_admissions",
    "type2_emergency_admissions",
    "other_emergency_admissions_via_ae",
    "other_emergency_admissions",
)
_REVISED_MONTHS = (4, 7)  # months whose figures come again, corrected, half a year later


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file a month six weeks later; April and July again as `-revised` after half a year."""
    known = pd.read_csv(REFERENCE / "rp5_ae_monthly.csv").set_index(["month", "type"])
    for month in world.months:
        table = _table(world, known, month)
        final, name = working_day(month.plus(5), 8), f"Monthly-AE-{month.first:%B}-{month.year}"
        first = working_day(month.plus(1), 9)
        if month.month in _REVISED_MONTHS:
            yield _file(f"{name}.csv", first, _provisional(table))
            yield _file(f"{name}-revised.csv", final + timedelta(hours=1), table)
        else:
            yield _file(f"{name}.csv", first, table)


def _file(name: str, received, table: pa.Table) -> Delivery:
    return Delivery(
        partner="public",
        extract=EXTRACT,
        name=name,
        received=received,
        tables={EXTRACT: table},
        render=csv_file(),
        non_data=1,
    )


def _table(world: World, known: pd.DataFrame, month: Month) -> pa.Table:
    """All providers and the total, as text in contract field names."""
    rng, model = world.rng(EXTRACT, month.stamp), world.calibration["feeds"]
    ours = _trust(world, known, month)
    shares = world.rng(EXTRACT, "shares").dirichlet(np.full(model["invented"], 6.0))
    scale = month.days / 30.44 * rng.uniform(0.97, 1.03)
    others = np.array([_provider(rng, model["england_attendances"] * s * scale) for s in shares])
    values = np.vstack([ours, others])
    values = np.vstack([values, values.sum(axis=0)])
    regions = ("NHS ENGLAND LONDON", "NHS ENGLAND MIDLANDS ", "NHS ENGLAND SOUTH WEST ")
    names = [TRUST] + [
        (f"X{i + 1:02d}", regions[i % 3], f"SYNTHETIC PROVIDER {i + 1:02d}") for i in range(model["invented"])
    ]
    period = f"MSitAE-{month.first:%B}-{month.year}".upper().replace("MSITAE", "MSitAE")
    heads = [(period, *n) for n in names] + [("Total ",) * 4]
    columns = dict(
        zip(
            ("period", "org_code", "parent_org", "org_name"), map(list, zip(*heads, strict=True)), strict=True
        )
    )
    columns |= {m: [str(v) for v in values[:, i]] for i, m in enumerate(MEASURES)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _trust(world: World, known: pd.DataFrame, month: Month) -> np.ndarray:
    """RP5: published where known, else the same month of the last known year with growth."""
    source, growth = month, 1.0
    while (source.first.isoformat(), "1") not in known.index:
        source = source.plus(-12) if month > Month(2019, 3) else source.plus(12)
        growth *= 1 + world.calibration["ecds"]["growth_after"]
    major, other = (known.loc[(source.first.isoformat(), kind)] * growth for kind in ("1", "other"))
    return _measures(major, other, other_direct=round(700 * growth))


def _measures(major: pd.Series, other: pd.Series, other_direct: int) -> np.ndarray:
    values = dict.fromkeys(MEASURES, 0)
    values |= {
        "type1_attendances": round(major["attendances"]),
        "other_attendances": round(other["attendances"]),
        "type1_over_4h": round(major["breaches"]),
        "other_over_4h": round(other["breaches"]),
        "waited_4_to_12h_from_decision": round(major["breaches"] * 0.05),
        "type1_emergency_admissions": round(major["admissions"]),
        "other_emergency_admissions_via_ae": round(other["admissions"]),
        "other_emergency_admissions": other_direct,
    }
    return np.array([values[m] for m in MEASURES], np.int64)


def _provider(rng: np.random.Generator, attendances: float) -> np.ndarray:
    """An invented provider of about so many attendances; about 88 in 100 leave within four hours."""
    major = attendances * rng.uniform(0.6, 0.72)
    one = pd.Series(
        {"attendances": major, "breaches": major * rng.uniform(0.13, 0.21), "admissions": major * 0.29}
    )
    rest = attendances - major
    two = pd.Series({"attendances": rest, "breaches": rest * 0.004, "admissions": rest * 0.01})
    return _measures(one, two, other_direct=round(attendances * 0.06))


def _provisional(table: pa.Table) -> pa.Table:
    """The figures as first published: one invented provider a little lower, the total with it."""
    frame = table.to_pandas()
    last, total = len(frame) - 2, len(frame) - 1
    column = frame.columns.get_loc("type1_attendances")
    frame.iloc[total, column] = str(int(frame.iloc[total, column]) - 41)
    frame.iloc[last, column] = str(int(frame.iloc[last, column]) - 41)
    return pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False)
