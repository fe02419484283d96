"""Prescribing files and practice packs of the sample: figures they must reproduce, cells put right later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from bassetlaw_sample.ccg import practice_pack, prescribing
from bassetlaw_sample.ccg.practice_counts import first_referred
from bassetlaw_sample.ccg.practice_pack_defects import corrected_later, few_hidden
from bassetlaw_sample.landing_files import SEED, build_world
from bassetlaw_sample.months import Month
from bassetlaw_sample.patients import identity

MONTHS = {year: [Month(year, 4).plus(i) for i in range(12)] for year in (2016, 2017)}
OF_FIRSTS = ("practice_code", "period", "measure")


@pytest.fixture(scope="module")
def world():
    return build_world(SEED, Month(2019, 4), Month(2019, 9), 1000)


@pytest.fixture(scope="module")
def packs(world):
    return list(practice_pack.deliveries(world, identity(world)))


def test_the_whole_district_saves_what_the_council_reported(world):
    """994 first attendances and GBP 580,000 of prescribing less in 2017/18 than in 2016/17."""
    district = replace(world, scale=1.0)
    firsts = {y: sum(first_referred(district, m) for m in months) for y, months in MONTHS.items()}
    costs = {
        y: sum(Decimal(str(prescribing.month_cost(district, m))) for m in ms) for y, ms in MONTHS.items()
    }
    assert (firsts[2016], firsts[2016] - firsts[2017]) == (37_400, 994)
    assert costs[2016] - costs[2017] == 580_000


def test_rows_of_practices_add_up_to_the_cost_of_the_month(world):
    rows = prescribing.items(world, Month(2019, 5)).to_pydict()
    known = [Decimal(c) for c, u in zip(rows["actual_cost"], rows["unidentified"], strict=True) if u == "N"]
    assert sum(known) == Decimal(str(prescribing.month_cost(world, Month(2019, 5))))


def cells(delivery) -> dict[tuple, str | None]:
    """First attendances referred by a GP, by practice and month."""
    rows = delivery.tables["op_firsts"].to_pylist()
    return {tuple(r[c] for c in OF_FIRSTS): r["numerator"] for r in rows if r["measure"] == "op_first_gp_ref"}


def test_a_misstated_cell_is_put_right_two_packs_later(packs):
    """Every corrected cell is noted in the pack that corrects it, and ends as it truly was."""
    habit, corrected = corrected_later(8), 0
    before: dict[tuple, str | None] = {}
    for delivery in (d for d in packs if not d.name[-9:-5].isdigit()):
        sent = habit(np.random.default_rng(1), delivery)
        now = cells(sent)
        changed = sum(before.get(cell, value) != value for cell, value in now.items())
        assert changed == sum(d.count for d in sent.habits if d.id == "D25")
        before, corrected = now, corrected + changed
    assert corrected
    truth = cells(packs[-1])
    still_wrong = {cell[1] for cell, value in before.items() if truth[cell] != value}
    assert still_wrong <= {"Aug-19", "Sep-19"}


def test_numbers_of_people_below_eight_are_a_star(packs):
    sent = few_hidden(np.random.default_rng(1), packs[0])
    for name in ("screening", "qof"):
        was, now = (d.tables[name]["numerator"].to_pylist() for d in (packs[0], sent))
        assert all((n == "*") == (w is not None and 0 < int(w) < 8) for w, n in zip(was, now, strict=True))
    assert sum(d.count for d in sent.defects) == 2 * sum(
        t["numerator"].to_pylist().count("*") for t in sent.tables.values()
    )


def test_screening_is_that_of_the_last_quarter_to_have_ended(packs):
    periods = [set(d.tables["screening"]["period"].to_pylist()) for d in packs]
    assert periods[0] == {"2018-19 Q4"} and periods[-1] == {"2019-20 Q2"}
