"""Food premises: the register (bdc_food_premises) and the takeaway awards (bdc_hot_awards).

Takeaways and awards are few: a sample of any size has all of them. Other premises are scaled.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.district_council.food_files import AWARD_TITLE_ROWS, awards_workbook, fhrs_xml
from bassetlaw_sample.months import NEVER, Month, at_hour, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import SEEDS
from bassetlaw_sample.world import World, apportion, draw

EXTRACT, AWARDS = "bdc_food_premises", "bdc_hot_awards"
TAKEAWAY = "Takeaway/sandwich shop"
ISO = "%Y-%m-%d"
_EXTRACTED_ON = 28  # day of the month
_CYCLE, _VISITS = 540, 16  # days between inspections, and how many a premises can have
_OPENED, _CLOSED = day(Month(2012, 1).first), day(Month(2024, 1).first)
_DECILE = 2  # wards with an LSOA up to this national IMD 2019 decile are the target communities
# Hygiene, structure, management: scores that go with a rating.
_SCORES = {0: (20, 20, 30), 1: (15, 15, 20), 2: (10, 15, 10), 3: (10, 10, 10), 4: (5, 10, 5), 5: (5, 5, 0)}


def broken_first(world: World) -> dict[Month, str]:
    """Months whose first file is no good; the next day brings a right one. Month -> what was wrong."""
    return {world.last.plus(-1): "FILE_UNREADABLE", world.last.plus(-3): "HEADER_UNKNOWN_COLUMN"}


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """The whole register once a month."""
    premises, ratings = draw_premises(world)
    for month in world.months:
        days = [_EXTRACTED_ON - 1] if month in broken_first(world) else []
        for number in [*days, _EXTRACTED_ON]:
            when = month.first + timedelta(days=number - 1)
            yield Delivery(
                partner="district_council",
                extract=EXTRACT,
                name=register_name(month, number),
                received=at_hour(when + timedelta(days=1), hour=6),
                tables={EXTRACT: register(world, premises, ratings, day(when))},
                render=fhrs_xml,
                first_row=1,
            )


def register_name(month: Month, number: int = _EXTRACTED_ON - 1) -> str:
    """File name of the register as it was on a day of a month; by default the first of two files."""
    return f"FHRS_Bassetlaw_{month.stamp}{number}.xml"


def award_deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """The list of awards held, once a month."""
    premises, _ = draw_premises(world)
    awarded = draw_awards(world, premises)
    for month in world.months:
        yield Delivery(
            partner="district_council",
            extract=AWARDS,
            name=f"HOT_awards_{month.stamp}.xlsx",
            received=working_day(month, 3, hour=11),
            tables={AWARDS: awards_held(premises, awarded, month)},
            render=awards_workbook,
            first_row=AWARD_TITLE_ROWS + 2,
        )


def draw_premises(world: World) -> tuple[pd.DataFrame, np.ndarray]:
    """Every premises there ever is, and its ratings at each inspection (one row per premises).

    Columns: kind, kind_id, lsoa (position), postcode (position), since, until (days), inspected (first day),
    target (in a target ward), stable (never changes hands).
    """
    rng, model = world.rng(EXTRACT), world.calibration["food"]
    slots = pd.concat([_slots(rng, world, kind, k) for kind, k in model["kinds"].items()], ignore_index=True)
    changes = (rng.random(len(slots)) < 0.3) & ~slots["stable"].to_numpy()
    changed = rng.integers(_OPENED, _CLOSED, len(slots))
    first = slots.assign(since=-NEVER, until=np.where(changes, changed, NEVER))
    second = slots.assign(since=changed + 30, until=NEVER)[changes]
    premises = pd.concat([first, second], ignore_index=True)
    begin = np.where(premises["since"] > 0, premises["since"] + 60, _OPENED)
    premises["inspected"] = begin + rng.integers(0, _CYCLE, len(premises)) * (premises["since"] <= 0)
    ratings = draw(rng, np.array(model["ratings"]), (len(premises), _VISITS))
    return premises, np.where(premises["stable"].to_numpy()[:, None], np.maximum(ratings, 3), ratings)


def _slots(rng: np.random.Generator, world: World, kind: str, given: dict[str, int]) -> pd.DataFrame:
    """The places where there is a premises of one kind."""
    target = _target_lsoas(world)
    residents = world.places.ages.sum(axis=1).astype(float)
    if kind == TAKEAWAY:
        count, inside = given["premises"], world.calibration["food"]["target_takeaways"]
        shares = [(target, inside), (~target, count - inside)]
        lsoa = np.concatenate(
            [np.repeat(np.arange(len(residents)), apportion(n, residents * w)) for w, n in shares]
        )
    else:
        lsoa = draw(rng, residents, world.scaled(given["premises"]))
    units = world.places.postcodes.groupby("lsoa").indices
    postcode = np.array([units[i][rng.integers(0, len(units[i]))] for i in lsoa])
    return pd.DataFrame(
        {
            "kind": kind,
            "kind_id": given["id"],
            "lsoa": lsoa,
            "postcode": postcode,
            "target": target[lsoa],
            "stable": (kind == TAKEAWAY) & target[lsoa],
        }
    )


def _target_lsoas(world: World) -> np.ndarray:
    """District LSOAs in wards that have an LSOA in the most deprived fifth of England."""
    seed = pd.read_csv(SEEDS / "geography" / "lsoa11.csv")
    wards = seed.loc[seed["imd19_decile"] <= _DECILE, "ward17_code"]
    inside = world.places.lsoas[~world.places.lsoas["outside"]]
    return inside["ward_code"].isin(set(wards)).to_numpy()


def draw_awards(world: World, premises: pd.DataFrame) -> pd.DataFrame:
    """Who gets an award and when: premises (position), awarded (day), level.

    The line of `awards` counts those that the indicator counts; some more lie elsewhere.
    """
    rng, model = world.rng(AWARDS), world.calibration["food"]
    (first, few), (last, many) = ((Month.parse(m), n) for m, n in model["awards"].items())
    takeaways = premises["kind"] == TAKEAWAY
    counted = rng.permutation(np.flatnonzero(takeaways & premises["stable"]))[:many]
    others = rng.permutation(np.flatnonzero(takeaways & ~premises["target"]))[: model["other_awards"]]
    steps = np.linspace(day(first.first), day(last.first), many - few + 1).astype(int)[1:]
    begun = day(first.first) - 30 * rng.integers(6, 30, few)
    positions = np.concatenate([counted, others])
    levels = model["levels"]
    return pd.DataFrame(
        {
            "premises": positions,
            "awarded": np.concatenate([begun, steps, begun[0] + 400 * np.arange(1, len(others) + 1)]),
            "level": np.array(list(levels))[draw(rng, np.array(list(levels.values())), len(positions))],
        }
    )


def register(world: World, premises: pd.DataFrame, ratings: np.ndarray, when: int) -> pa.Table:
    """The premises open on a day, as text in contract field names."""
    shown = np.flatnonzero((premises["since"] <= when) & (premises["until"] > when))
    frame = premises.iloc[shown]
    visit = (when - frame["inspected"].to_numpy()) // _CYCLE
    unrated = (shown % 40 == 7) & ~frame["stable"].to_numpy()
    rated = (visit >= 0) & ~unrated
    rating = ratings[shown, np.clip(visit, 0, _VISITS - 1)]
    exempt = unrated & (frame["kind"] == "Retailers - other").to_numpy()
    none = np.where(exempt, "Exempt", "AwaitingInspection")
    scores = np.array([_SCORES[r] for r in range(6)])[rating]
    columns = {
        "fhrs_id": text.numbers(fhrs_ids(shown)),
        "la_business_id": pa.array([f"PI/{n:09d}" for n in shown + 1_200]),
        "business_name": pa.array([f"Sample Premises {n:05d}" for n in shown + 1]),
        "business_type": pa.array(frame["kind"].tolist()),
        "business_type_id": text.numbers(frame["kind_id"].to_numpy()),
        "address_line_1": pa.array([f"{n % 180 + 1} High Street" for n in shown]),
        "address_line_2": text.constant(None, len(shown)),
        "address_line_3": text.constant(None, len(shown)),
        "address_line_4": text.constant("Nottinghamshire", len(shown)),
        "postcode": text.pick(
            pa.array(world.places.postcodes["postcode"].tolist()), frame["postcode"].to_numpy()
        ),
        "rating_value": pa.array(np.where(rated, rating.astype(str), none).tolist()),
        "rating_date": text.dates(frame["inspected"].to_numpy() + visit * _CYCLE, ISO, rated),
        "la_code": text.constant("999", len(shown)),  # invented: no council has it
        "hygiene": text.numbers(scores[:, 0], rated),
        "structural": text.numbers(scores[:, 1], rated),
        "confidence_in_management": text.numbers(scores[:, 2], rated),
        "new_rating_pending": text.pick(["False", "True"], (shown % 50 == 3).astype(int)),
    }
    return pa.table(columns)


def fhrs_ids(premises: np.ndarray) -> np.ndarray:
    """Numbers of premises in the rating scheme, by position."""
    return 900_001 + np.asarray(premises) * 3


def awards_held(premises: pd.DataFrame, awarded: pd.DataFrame, month: Month) -> pa.Table:
    """The awards held at the end of a month, as text in contract field names."""
    last = day(month.last)
    position = awarded["premises"].to_numpy()
    open_ = (premises["since"].to_numpy()[position] <= last) & (premises["until"].to_numpy()[position] > last)
    held = awarded[(awarded["awarded"] <= last) & open_]
    return pa.table(
        {
            "fhrs_id": text.numbers(fhrs_ids(held["premises"].to_numpy())),
            "business_name": pa.array([f"Sample Premises {n:05d}" for n in held["premises"] + 1]),
            "hot_award": pa.array(held["level"].tolist()),
            "hot_award_date": text.dates(held["awarded"].to_numpy(), ISO),
        }
    )
