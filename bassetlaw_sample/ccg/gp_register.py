"""The registered population (ccg_gp_population): month-end snapshots of all practices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample import text
from bassetlaw_sample.bcvs.activation import level_of, measures
from bassetlaw_sample.calibration import nearest_year
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.health import Health, current_smokers, draw_health, has_dementia, reviewed_on
from bassetlaw_sample.months import Month, age_at, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import lists_on
from bassetlaw_sample.world import World
from bassetlaw_sample.write import csv_file

EXTRACT = "ccg_gp_population"
LAYOUT = "%d-%b-%Y"
_FRAILTY_CODES = (None, None, "925791000000100", "925831000000107", "925861000000102")


def snapshot_months(world: World) -> list[Month]:
    """Months with a snapshot: quarter ends, every month in a full sample, and always the last."""
    return [m for m in world.months if world.full or m.month % 3 == 0 or m == world.last]


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file per snapshot; every fifth time one practice is late and sent alone a week later."""
    health = draw_health(world)
    for index, month in enumerate(snapshot_months(world)):
        listed = lists_on(world.people, day(month.last))
        rows = snapshot(world, identity, health, month, listed)
        if index % 5 != 3:
            yield _file(world, month, rows)
            continue
        practice = index // 5 * 2 % len(world.places.practices)
        late = world.people["practice"].to_numpy()[listed] == practice
        yield _file(world, month, rows.filter(pa.array(~late)))
        yield _file(world, month, rows.filter(pa.array(late)), world.places.practices[practice])


def _file(world: World, month: Month, rows: pa.Table, practice: str | None = None) -> Delivery:
    received = working_day(month, 5)
    return Delivery(
        partner="ccg",
        extract=EXTRACT,
        name=f"02Q_GPREG_{month.stamp}{f'_{practice}' if practice else ''}.csv",
        received=received + timedelta(days=7) if practice else received,
        tables={EXTRACT: rows},
        render=csv_file(encoding="utf-8-sig", line_end="\r\n"),
    )


def snapshot(world: World, identity: Identity, health: Health, month: Month, listed: np.ndarray) -> pa.Table:
    """The register at the end of a month, as text in contract field names."""
    when = day(month.last)
    age = age_at(identity.born[listed], when)
    personal = identity.columns(listed, LAYOUT)
    columns = {
        "snapshot_date": text.constant(month.last.strftime(LAYOUT), len(listed)),
        **{name: personal[name] for name in personal if name != "local_patient_id"},
        "date_of_registration": text.dates(_registered(world, listed), LAYOUT),
        "lsoa11": text.pick(identity.lsoa, listed),
        **_registers(world, health, month, listed, age),
        **_frailty(world, health, month, listed, age),
        **_smoking(world, health, month, listed, age),
        **_activation(world, health, listed, when),
        "care_home_flag": text.pick(
            ["N", "Y"], ((age >= 75) & (health.efi[listed] > 0.33)).astype(int), age >= 65
        ),
        **_social_prescribing(world, listed, when),
    }
    return pa.table(columns)


def _registered(world: World, listed: np.ndarray) -> np.ndarray:
    """Day of registration: arrival, birth, or some day in the years before the sample."""
    people = world.people.iloc[listed]
    born, since = people["born"].to_numpy(), people["since"].to_numpy()
    settled = np.maximum(born + 20, 16_700 - (born * 7 + people["nhs"].to_numpy()) % 9_000)
    return np.where(since > 16_800, since, settled)


def _frailty(
    world: World, health: Health, month: Month, listed: np.ndarray, age: np.ndarray
) -> dict[str, pa.Array]:
    efi, older = health.efi[listed], age >= 65
    band = np.searchsorted([0.12, 0.24, 0.36], efi) + 1
    reviewed = nearest_year(world.calibration["frailty"]["reviewed"], month.year)
    review = older & (band >= 3) & (health.ever_rank[listed] < reviewed)
    falls = np.where(older, (health.smoking_rank[listed] < efi * 1.2).astype(int) + (efi > 0.4), 0)
    return {
        "efi_score": text.pick([f"{i / 100:.2f}" for i in range(101)], np.rint(efi * 100).astype(int), older),
        "frailty_code": text.pick(_FRAILTY_CODES, band, older),
        "frailty_review_date": text.dates(day(month.last) - health.review_day[listed] % 365, LAYOUT, review),
        "falls_12m": text.numbers(falls, older),
    }


def _registers(
    world: World, health: Health, month: Month, listed: np.ndarray, age: np.ndarray
) -> dict[str, pa.Array]:
    """QOF registers, and the review of people with dementia: most have one of the last twelve months."""
    dementia = has_dementia(world, health, listed, age)
    others = text.pick(health.registers, listed)
    both = pc.coalesce(pc.binary_join_element_wise(others, "DEM", "|"), pa.scalar("DEM"))
    recent = health.ever_rank[listed] < nearest_year(world.calibration["dementia"]["reviewed"], month.year)
    ago = health.review_day[listed] % 340 + np.where(recent, 0, 380)
    return {
        "qof_registers": pc.if_else(pa.array(dementia), both, others),
        "ltc_count": text.numbers(health.conditions[listed] + dementia),
        "dementia_review_date": text.dates(day(month.last) - ago, LAYOUT, dementia),
    }


def _smoking(
    world: World, health: Health, month: Month, listed: np.ndarray, age: np.ndarray
) -> dict[str, pa.Array]:
    """Status and the day it was recorded, adults only."""
    current = current_smokers(world, health, month.year, listed, age)
    former = health.ever_rank[listed] < 0.38
    adult = age >= 18
    code = np.where(current, 0, np.where(former, 1, 2))
    return {
        "smoking_status_code": text.pick(["1", "2", "4"], code, adult),
        "smoking_status_date": text.dates(reviewed_on(health, listed, day(month.last)), LAYOUT, adult),
    }


def _activation(world: World, health: Health, listed: np.ndarray, when: int) -> dict[str, pa.Array]:
    scores, days = measures(world, health, when)
    scores, days = scores[listed], days[listed]
    measured = scores >= 0
    return {
        "pam_score": text.pick(
            [f"{i / 10:.1f}" for i in range(1001)], np.rint(scores * 10).astype(int), measured
        ),
        "pam_level": text.pick(["1", "2", "3", "4"], level_of(scores) - 1, measured),
        "pam_date": text.dates(days, LAYOUT, measured),
    }


def _social_prescribing(world: World, listed: np.ndarray, when: int) -> dict[str, pa.Array]:
    """A referral code for a few people, on a fixed day of theirs."""
    number = world.people["nhs"].to_numpy()[listed] // 10
    on = 16_900 + number % 2_000
    coded = (number % 37 == 0) & (on <= when) & (on > when - 365)
    return {
        "social_prescribing_code": text.pick(["871731000000106"], np.zeros(len(listed), int), coded),
        "social_prescribing_date": text.dates(on, LAYOUT, coded),
    }
