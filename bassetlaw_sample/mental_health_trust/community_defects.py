"""What goes wrong in the files of community services."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from bassetlaw_sample.damage import FREE_ETHNICITY, UNMAPPED_POSTCODE, edited, fixed, replaced
from bassetlaw_sample.defects import (
    Rule,
    both,
    closed_practices,
    days_later,
    empty,
    equals,
    filled,
    nhs_numbers,
)
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, found, spare_field, untouched

# Teams whose contacts no indicator of response times looks at.
routine = equals("team_type", "12", "19", "29", "45", "53")


def two_sexes(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D03: one row says another sex than the person's other rows; all of them are told."""
    ((name, table),) = delivery.tables.items()
    free, keys = untouched(delivery, table), np.array(table["nhs_number"].to_pylist(), object)
    people, counts = np.unique(keys[free].astype(str), return_counts=True)
    several = people[counts > 1]
    if not len(several):
        return delivery
    rows = np.flatnonzero(keys == several[rng.integers(0, len(several))])
    if not free[rows].all():
        return delivery
    other = "2" if table["sex"][int(rows[0])].as_py() == "1" else "1"
    changed = {name: replaced(table, "sex", rows[:1], [other])}
    return replace(delivery, tables=changed, defects=found(delivery, "D03", rows))


def retired_team(table: pa.Table) -> np.ndarray:
    """Routine referrals after team type 18 was retired."""
    late = [text >= "2020-04-01" for text in table["referral_date"].to_pylist()]
    return np.array(late, bool) & routine(table)


RULES = {
    "nhft_community": [
        *nhs_numbers(0.003, 0.004),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.003),
        Rule(
            "D06",
            "contact_date",
            fixed("2018-02-30", "12/09/17"),
            0.0006,
            both(filled("contact_date"), routine),
        ),
        Rule(
            "D06",
            "referral_date",
            fixed("20190431", "31/12/18"),
            0.0003,
            both(filled("care_contact_id"), routine),
        ),
        *closed_practices(0.0004),
        Rule("D12", "team_type", fixed("18"), 0.001, retired_team),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.002),
        Rule("D20", "care_contact_id", fixed(None), 0.0006, both(filled("contact_date"), routine)),
        Rule(
            "D27",
            "contact_date",
            edited("referral_date", days_later(-2, "%Y-%m-%d")),
            0.001,
            both(filled("contact_date"), routine),
        ),
        Rule("D29", "referral_closure_date", fixed("1999-12-31"), 0.0006, empty("referral_closure_date")),
    ],
}

# Share of the rows that come twice.
REPEATED = {"nhft_community": 0.0004}

HABITS: list[tuple[float, Habit]] = [(0.4, two_sexes), (0.2, spare_field)]
