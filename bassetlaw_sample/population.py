"""The invented residents: who they are, where they live, when they come, move away and die.

The stock is the true mid-2017 population of each LSOA by single year of age; births, deaths and moves
carry it back to January 2016 and on to the end of the sample, so that mid-2019 and mid-2020 totals of
each LSOA come out too. Every step has random streams of its own, and draws for everybody who might be
concerned: so one death more changes one person's fate, not everybody's, and life expectancies can be tuned.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.months import NEVER, Month, age_at, day
from bassetlaw_sample.mortality import death_days
from bassetlaw_sample.places import Places
from bassetlaw_sample.world import draw, stream

MID_2017 = day(date(2017, 6, 30))
EARLIEST = day(date(2016, 1, 1))
_TARGETS = (("growth_2019", date(2019, 6, 30)), ("growth_2020", date(2020, 6, 30)))

_MOST_ARRIVALS = 2000  # in one LSOA between two estimates

Streams = Callable[..., np.random.Generator]  # labels of a subject -> its random stream

COLUMNS = ("born", "sex", "lsoa", "since", "until", "died")


def build_people(
    seed: int, places: Places, calibration: dict[str, Any], last: Month, residents: int | None = None
) -> pd.DataFrame:
    """Everybody who lives or is registered in the district at some time in the sample.

    Columns: nhs (int64), born, since, until, died (day numbers; NEVER when it does not happen),
    sex (1 or 2), lsoa (position in places.lsoas), practice (position in places.practices, -1 none of
    them), postcode (position in places.postcodes), ethnic (code), resident (bool).
    """
    rng = stream(seed, "population")
    end = max(day(last.last) + 1, MID_2017 + 31)
    stock = _stock(rng, places, calibration, residents)
    scale = len(stock) / calibration["population"]["residents"]
    born = _births(stream(seed, "births"), stock, calibration, scale, end)
    people = pd.concat([stock, born], ignore_index=True)
    deaths = partial(stream, seed, "deaths")
    people["died"] = death_days(deaths, people, places, calibration, MID_2017 + 1, end)
    people = _with_moves(partial(stream, seed, "moves"), people, stock, places, calibration, end)
    gone = _earlier_deaths(partial(stream, seed, "earlier deaths"), stock, places, calibration)
    outside = _outside(stream(seed, "outside"), people, places, calibration)
    people = pd.concat([people, gone, outside], ignore_index=True)
    return _with_identity(stream(seed, "identity"), people, places, calibration)


def _stock(
    rng: np.random.Generator, places: Places, calibration: dict[str, Any], residents: int | None
) -> pd.DataFrame:
    """Residents at mid-2017: one row per person of the published LSOA by age table, or a sample of it."""
    lsoa, age = (np.repeat(axis, places.ages.ravel()) for axis in _axes(places.ages.shape))
    if residents is not None and residents < len(lsoa):
        chosen = np.sort(rng.permutation(len(lsoa))[:residents])
        lsoa, age = lsoa[chosen], age[chosen]
    age = np.where(age == 90, 90 + np.minimum(rng.geometric(0.28, len(age)) - 1, 15), age)
    birthday = np.array([day(date(2017 - a, 6, 30)) for a in range(120)])
    born = birthday[age] - rng.integers(0, 365, len(age))
    male = rng.random(len(age)) < by_age(calibration["population"]["male_share"], age)
    return _frame(born=born, sex=np.where(male, 1, 2), lsoa=lsoa)


def _axes(shape: tuple[int, ...]) -> list[np.ndarray]:
    return [axis.ravel() for axis in np.indices(shape)]


def _frame(**columns: np.ndarray) -> pd.DataFrame:
    rows = len(columns["born"])
    given = {"since": np.full(rows, -NEVER), "until": np.full(rows, NEVER), "died": np.full(rows, NEVER)}
    frame = pd.DataFrame({c: (given | columns)[c] for c in COLUMNS}).astype("int64")
    frame["since"] = frame[["since", "born"]].max(axis=1)  # nobody is registered before birth
    return frame


def _earlier_deaths(
    streams: Streams, stock: pd.DataFrame, places: Places, calibration: dict[str, Any]
) -> pd.DataFrame:
    """Those who died before mid-2017: like members of the stock, but other people."""
    died = death_days(streams, stock, places, calibration, EARLIEST, MID_2017, age_on=MID_2017)
    gone = stock[(died < NEVER) & (stock["born"] < EARLIEST)].copy()
    return gone.assign(died=died[gone.index])


def _births(
    rng: np.random.Generator, stock: pd.DataFrame, calibration: dict[str, Any], scale: float, end: int
) -> pd.DataFrame:
    count = round((end - MID_2017) / 30.44 * calibration["population"]["births_per_month"] * scale)
    age = age_at(stock["born"].to_numpy(), MID_2017)
    mothers = stock.index[(stock["sex"] == 2) & (age >= 18) & (age < 40)].to_numpy()
    lsoa = stock["lsoa"].to_numpy()[mothers[rng.integers(0, len(mothers), count)]]
    born = MID_2017 + 1 + rng.integers(0, end - MID_2017 - 1, count)
    return _frame(born=born, sex=np.where(rng.random(count) < 0.512, 1, 2), lsoa=lsoa)


def _with_moves(
    streams: Streams,
    people: pd.DataFrame,
    stock: pd.DataFrame,
    places: Places,
    calibration: dict[str, Any],
    end: int,
) -> pd.DataFrame:
    """Moves in and out that make each LSOA's published total of mid-2019 and mid-2020 come out."""
    start, district = MID_2017, len(places.ages)
    base = np.bincount(people["lsoa"][alive_on(people, MID_2017)], minlength=district)[:district]
    growth = places.lsoas[~places.lsoas["outside"]]
    steps = [(growth[name].to_numpy(), day(when)) for name, when in _TARGETS]
    steps.append((2 * steps[1][0] - steps[0][0], day(date(2021, 6, 30))))
    for wanted, stop in steps:
        if start >= end:
            break
        now = np.bincount(people["lsoa"][alive_on(people, stop)], minlength=district)[:district]
        change = np.rint(base * wanted).astype(int) - now
        people = _leave(streams("leave", stop), people, np.maximum(-change, 0), start, stop)
        come = _arrivals(streams("arrive", stop), stock, np.maximum(change, 0), start, stop)
        deaths = partial(streams, "deaths of arrivals", stop)
        come["died"] = death_days(deaths, come, places, calibration, start, end)
        people = pd.concat([people, come], ignore_index=True)
        start = stop
    return people


def alive_on(people: pd.DataFrame, when: int) -> np.ndarray:
    """Whether each person is born, has come, and has neither moved away nor died on a day."""
    gone = people[["until", "died"]].min(axis=1)
    return ((people["since"] <= when) & (gone > when) & (people["born"] <= when)).to_numpy()


def _leave(
    rng: np.random.Generator, people: pd.DataFrame, counts: np.ndarray, start: int, stop: int
) -> pd.DataFrame:
    free = np.flatnonzero(alive_on(people, stop) & (people["since"] <= start).to_numpy())
    order = free[np.argsort(rng.random(len(people))[free], kind="stable")]
    lsoa = people["lsoa"].to_numpy()[order]
    rank = pd.Series(lsoa).groupby(lsoa).cumcount().to_numpy()
    movers = order[rank < counts[lsoa]]
    people.loc[movers, "until"] = rng.integers(start + 1, stop + 1, len(movers))
    return people


def _arrivals(
    rng: np.random.Generator, stock: pd.DataFrame, counts: np.ndarray, start: int, stop: int
) -> pd.DataFrame:
    """The first of those who might come to each LSOA; they are like members of the stock."""
    pool = _MOST_ARRIVALS * len(counts)
    like, since = rng.integers(0, len(stock), pool), rng.integers(start + 1, stop + 1, pool)
    comes = np.tile(np.arange(_MOST_ARRIVALS), len(counts)) < np.repeat(counts, _MOST_ARRIVALS)
    likeness, since = stock.iloc[like[comes]], since[comes]
    lsoa = np.repeat(np.arange(len(counts)), np.minimum(counts, _MOST_ARRIVALS))
    born = np.minimum(likeness["born"].to_numpy(), since - 30)
    return _frame(born=born, sex=likeness["sex"].to_numpy(), lsoa=lsoa, since=since)


def _outside(
    rng: np.random.Generator, people: pd.DataFrame, places: Places, calibration: dict[str, Any]
) -> pd.DataFrame:
    """Patients of the practices who live outside the district; never part of a resident count."""
    inside = people[alive_on(people, MID_2017)]
    expected = places.practice_share[inside["lsoa"]].sum(axis=0)
    share = calibration["population"]["outside_share"]
    outside = np.array([share.get(p, share["other"]) for p in places.practices])
    counts = np.rint(expected * outside / (1 - outside)).astype(int)
    likeness = inside.iloc[rng.integers(0, len(inside), counts.sum())]
    positions = np.flatnonzero(places.lsoas["outside"])
    frame = _frame(
        born=likeness["born"].to_numpy(),
        sex=likeness["sex"].to_numpy(),
        lsoa=positions[rng.integers(0, len(positions), counts.sum())],
    )
    return frame.assign(practice=np.repeat(np.arange(len(places.practices)), counts))


def _with_identity(
    rng: np.random.Generator, people: pd.DataFrame, places: Places, calibration: dict[str, Any]
) -> pd.DataFrame:
    outside = places.lsoas["outside"].to_numpy()[people["lsoa"]]
    practice = people.get("practice", pd.Series(np.nan, index=people.index))
    ethnic = calibration["ethnic"]
    codes = np.array(list(ethnic))
    return people.assign(
        nhs=nhs_numbers(rng, len(people)),
        practice=np.where(practice.isna(), _practice(rng, people, places), practice).astype(int),
        postcode=_postcode(rng, people, places),
        ethnic=codes[draw(rng, np.array(list(ethnic.values())), len(people))],
        resident=~outside,
    )


def _practice(rng: np.random.Generator, people: pd.DataFrame, places: Places) -> np.ndarray:
    """A practice drawn by ward of residence; -1 registered outside the CCG."""
    share = np.vstack([places.practice_share, np.zeros((len(places.lsoas), len(places.practices)))])
    cumulative = np.cumsum(share[people["lsoa"]], axis=1)
    chosen = (rng.random((len(people), 1)) > cumulative).sum(axis=1)
    return np.where(chosen == len(places.practices), -1, chosen)


def _postcode(rng: np.random.Generator, people: pd.DataFrame, places: Places) -> np.ndarray:
    per_lsoa = np.bincount(places.postcodes["lsoa"], minlength=len(places.lsoas))
    start = np.concatenate([[0], np.cumsum(per_lsoa)[:-1]])
    return start[people["lsoa"]] + np.floor(rng.random(len(people)) * per_lsoa[people["lsoa"]]).astype(int)


def nhs_numbers(rng: np.random.Generator, count: int) -> np.ndarray:
    """Distinct valid NHS numbers from 999 000 0000 on, a range that is never issued.

    Raises ValueError when more are asked for than the range holds: ten stems in eleven have a
    valid number.
    """
    stems = 999_000_000 + rng.permutation(1_000_000)[: count + count // 8 + 500]
    check = check_digit(stems)
    valid = (stems * 10 + check)[check < 10]
    valid = valid[valid != 9_999_999_999]  # ten times the same digit is a placeholder
    if count > len(valid):
        raise ValueError(f"{count:,} people are more than the test NHS numbers there are")
    return valid[:count]


def check_digit(stems: np.ndarray) -> np.ndarray:
    """Modulus 11 check digit of nine-digit stems; 10 means that the stem has no valid number.

    Source: NHS Data Dictionary, data element NHS NUMBER.
    """
    digits = stems[:, None] // 10 ** np.arange(8, -1, -1) % 10
    return (11 - (digits * np.arange(10, 1, -1)).sum(axis=1) % 11) % 11


def lists_on(people: pd.DataFrame, when: int) -> np.ndarray:
    """Positions of the people registered with a practice of the CCG on a day."""
    return np.flatnonzero(alive_on(people, when) & (people["practice"] >= 0).to_numpy())


def residents_on(people: pd.DataFrame, when: int) -> np.ndarray:
    """Positions of the people living in the district on a day."""
    return np.flatnonzero(alive_on(people, when) & people["resident"].to_numpy())
