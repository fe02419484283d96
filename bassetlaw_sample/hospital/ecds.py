"""Emergency care attendances (dbth_ecds): who arrives when, for how long, and the monthly files."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age, nearest_year
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, age_at, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, apportion, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "dbth_ecds"
MAIN_SITE = "RP5BA"
SITES = (MAIN_SITE, "RP5DR", "RP5MM")
DEPARTMENT = ("01", "01", "03")
FLEX_MONTHS = 12  # how many of the newest months come as flex and freeze; earlier ones as freeze only

_AGE_WEIGHT = [[0, 1.9], [5, 1.0], [15, 1.3], [30, 0.85], [65, 0.95], [80, 1.9]]
_QUINTILE_WEIGHT = np.array([0, 1.35, 1.15, 1.0, 0.9, 0.8])
_HOURS = np.array(
    [2, 1.6, 1.3, 1.1, 1, 1.1, 1.5, 2.3, 4, 6, 7, 7, 6.8, 6.4, 6.2, 6, 6, 6.1, 6, 5.6, 5, 4.4, 3.6, 2.7]
)
_CATEGORIES = ("1", "2", "3", "4")
_ARRIVAL = ("1048031000000100", "1048071000000103", "1048061000000105", "1048021000000102")
_SOURCE = ("315261000000101", "276491000", "889801000000100", "166941000000106")
_ACUITY = ("1064891000000107", "1064911000000105", "1064901000000108", "1077241000000103", "1077251000000100")
_COMPLAINT = ("161898004", "29857009", "267036007", "21522001", "248062006")
_DIAGNOSIS = ("125605004", "233604007", "22298006", "44465007", "312608009", "386661006", "68566005")
_LIAISON = ("306136006", "183524004")
_STATUS = ("182992009", "1077021000000100", "1066301000000103", "1066321000000107")
_DESTINATION = ("306689006", "306691003", "306694006", "306706006", "1066331000000109", "19712007")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """Freeze files of every month, flex files of the newest twelve (all of them in a full sample).

    A few attendances reach the trust's system one to three months late: they are in later files only.
    """
    waiting: dict[Month, list[pa.Table]] = {}
    for month in world.months:
        events = attendances(world, identity, month)
        for lag in (1, 2, 3):
            late = events.filter(pa.array(_lag(world, month, events.num_rows) == lag))
            waiting.setdefault(month.plus(lag), []).append(late)
        on_time = events.filter(pa.array(_lag(world, month, events.num_rows) == 0))
        rows = pa.concat_tables([on_time, *waiting.pop(month, [])])
        if world.full or month > world.last.plus(-FLEX_MONTHS):
            yield _file(month, "FLEX", 12, _without_some_diagnoses(world, month, rows))
        yield _file(month, "FREEZE", 30, rows)


def _lag(world: World, month: Month, rows: int) -> np.ndarray:
    """Months of delay of each attendance, 0 for nearly all; the same at every call."""
    share = world.calibration["ecds"]["late"]
    rng = world.rng(EXTRACT, "late", month.stamp)
    return np.where(rng.random(rows) < share, rng.integers(1, 4, rows), 0)


def _file(month: Month, edition: str, on_working_day: int, rows: pa.Table) -> Delivery:
    return Delivery(
        partner="hospital",
        extract=EXTRACT,
        name=f"RP5_ECDS_{month.stamp}_{edition}.csv",
        received=working_day(month, on_working_day),
        tables={EXTRACT: rows},
        render=csv_file(encoding="cp1252", quoted=True, line_end="\r\n"),
    )


def _without_some_diagnoses(world: World, month: Month, rows: pa.Table) -> pa.Table:
    coded = world.rng(EXTRACT, "flex", month.stamp).random(rows.num_rows) >= 0.08
    kept = text.pick(rows["diagnosis_1"].combine_chunks(), np.arange(rows.num_rows), coded)
    return rows.set_column(rows.schema.get_field_index("diagnosis_1"), "diagnosis_1", kept)


def first_attendances(world: World, month: Month) -> int:
    """Unplanned first attendances at Bassetlaw Hospital in a month; months add up to the year's figure."""
    model = world.calibration["ecds"]
    year = month.financial_year
    known = model["bassetlaw_hospital"]
    newest = max(known)
    total = known.get(year, known[newest] * (1 + model["growth_after"]) ** max(0, year - newest))
    months = [Month(year, 4).plus(i) for i in range(12)]
    weights = np.array([model["month_shape"][m.month - 1] * m.days for m in months])
    return int(apportion(round(total * world.scale), weights)[months.index(month)])


def attendances(world: World, identity: Identity, month: Month) -> pa.Table:
    """All attendances that begin in a month, as text in contract field names."""
    rng = world.rng(EXTRACT, month.stamp)
    site, category = _site_and_category(rng, world, month)
    who = _who(rng, world, month, site)
    arrival = _arrival(rng, world, month, len(who))
    order = np.argsort(arrival, kind="stable")
    return _table(rng, world, identity, month, who[order], site[order], category[order], arrival[order])


def _site_and_category(rng: np.random.Generator, world: World, month: Month) -> tuple[np.ndarray, np.ndarray]:
    model = world.calibration["ecds"]
    first = first_attendances(world, month)
    again = round(first / model["first_share"]) - first
    elsewhere = [round(first * share) for share in model["elsewhere"].values()]
    site = np.repeat([0, 1, 2], [first + again, *elsewhere])
    category = np.zeros(len(site), int)
    category[first : first + again] = draw(rng, np.array([0, 6, 1, 3]), again)
    shuffled = rng.permutation(len(site))
    return site[shuffled], category[shuffled]


def _who(rng: np.random.Generator, world: World, month: Month, site: np.ndarray) -> np.ndarray:
    """People by age and deprivation; a fixed share of Bassetlaw Hospital's patients live elsewhere."""
    people, start = world.people, day(month.first)
    weight = by_age(_AGE_WEIGHT, age_at(people["born"].to_numpy(), start)) * alive_on(people, start)
    weight = weight * _QUINTILE_WEIGHT[world.places.lsoas["quintile"].to_numpy()[people["lsoa"]]]
    resident = people["resident"].to_numpy()
    at_main = np.flatnonzero(site == 0)
    visitors = at_main[: round(len(at_main) * (1 - world.calibration["ecds"]["resident_share"]))]
    who = draw(rng, weight * resident, len(site))
    who[visitors] = draw(rng, weight * ~resident, len(visitors))
    return who


def _arrival(rng: np.random.Generator, world: World, month: Month, rows: int) -> np.ndarray:
    """Seconds since the start of the month."""
    weekdays = (np.arange(month.days) + month.first.weekday()) % 7
    on_day = draw(rng, np.array(world.calibration["ecds"]["weekday_shape"])[weekdays], rows)
    hour = draw(rng, _HOURS, rows)
    return (on_day * 24 + hour) * 3600 + rng.integers(0, 3600, rows)


def _minutes(rng: np.random.Generator, world: World, month: Month, site: np.ndarray) -> np.ndarray:
    """Minutes from arrival to departure; the share over four hours follows the year and the season."""
    winter = 1 + 0.35 * np.cos((month.month - 1) / 12 * 2 * np.pi)
    over = nearest_year(world.calibration["ecds"]["breaches"], month.financial_year) * winter
    late = (rng.random(len(site)) < over) & (site != 2)
    within = 15 + rng.beta(2.2, 1.9, len(site)) * 222
    beyond = 241 + rng.exponential(95, len(site))
    return np.where(late, np.minimum(beyond, 1400), within).astype(int)


def _table(
    rng: np.random.Generator,
    world: World,
    identity: Identity,
    month: Month,
    who: np.ndarray,
    site: np.ndarray,
    category: np.ndarray,
    arrival: np.ndarray,
) -> pa.Table:
    rows, start = len(who), day(month.first)
    stay = _minutes(rng, world, month, site) * 60
    age = age_at(identity.born[who], start + arrival // 86_400)
    ambulance = rng.random(rows) < by_age([[0, 0.12], [30, 0.2], [65, 0.42], [80, 0.68]], age)
    admitted = rng.random(rows) < by_age([[0, 0.1], [18, 0.17], [65, 0.38], [80, 0.55]], age)
    liaison = rng.random(rows) < 0.028
    columns = {
        "provider": text.constant("RP5", rows),
        "site": text.pick(SITES, site),
        "attendance_id": text.numbers(int(month.stamp) * 1_000_000 + np.arange(1, rows + 1)),
        **identity.columns(who, "%d/%m/%Y"),
        "commissioner": text.constant("02Q", rows),
        "department_type": text.pick(DEPARTMENT, site),
        "attendance_category": text.pick(_CATEGORIES, category),
        "arrival_mode": text.pick(
            _ARRIVAL, np.where(ambulance, 0, 1 + draw(rng, np.array([88, 9, 3]), rows))
        ),
        "attendance_source": text.pick(
            _SOURCE, np.where(ambulance, 2, draw(rng, np.array([80, 14, 0, 6]), rows))
        ),
        "ambulance_call_id": text.numbers(10_000_000 + rng.integers(0, 9_000_000, rows), ambulance),
        "arrival_date": text.dates(start + arrival // 86_400, "%d/%m/%Y"),
        "arrival_time": text.clock(arrival % 86_400),
        "age": text.numbers(age),
        **_course(rng, start, arrival, stay, admitted, liaison),
        "acuity": text.pick(_ACUITY, draw(rng, np.array([2, 13, 40, 38, 7]), rows)),
        "chief_complaint": text.pick(_COMPLAINT, draw(rng, np.array([30, 25, 20, 22, 3]), rows)),
        "injury_intent": text.pick(["276853009"], np.zeros(rows, int), rng.random(rows) < 0.02),
        "diagnosis_1": text.pick(_DIAGNOSIS, draw(rng, np.array([25, 10, 8, 22, 15, 10, 10]), rows)),
        "referred_to_service": text.pick(_LIAISON, draw(rng, np.array([8, 2]), rows), liaison),
        "discharge_status": text.pick(_STATUS, draw(rng, np.array([60, 34, 3, 3]), rows), ~admitted),
        "discharge_destination": text.pick(
            _DESTINATION,
            np.where(
                admitted, 3 + draw(rng, np.array([85, 11, 4]), rows), draw(rng, np.array([96, 2, 2]), rows)
            ),
        ),
    }
    return pa.table(columns)


def _course(
    rng: np.random.Generator,
    start: int,
    arrival: np.ndarray,
    stay: np.ndarray,
    admitted: np.ndarray,
    liaison: np.ndarray,
) -> dict[str, pa.Array]:
    """Times inside the stay, always in order: assessed, seen, referred, decided to admit, left."""
    share = np.sort(rng.random((len(stay), 4)), axis=1)
    moment = arrival[:, None] + (share * 0.9 * stay[:, None]).astype(int)
    leave = arrival + stay
    return {
        "initial_assessment_time": _moment(start, moment[:, 0]),
        "seen_time": _moment(start, moment[:, 1]),
        "referred_time": _moment(start, moment[:, 2], liaison),
        "decided_to_admit_time": _moment(start, moment[:, 3], admitted),
        "departure_date": text.dates(start + leave // 86_400, "%d/%m/%Y"),
        "departure_time": text.clock(leave % 86_400),
    }


def _moment(start: int, seconds: np.ndarray, keep: np.ndarray | None = None) -> pa.Array:
    return text.joined(
        text.dates(start + seconds // 86_400, "%d/%m/%Y", keep), text.clock(seconds % 86_400, keep)
    )
