"""What goes wrong in the files of social prescribing cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.calibration import load_calibration
from bassetlaw_sample.damage import UNMAPPED_POSTCODE, edited, fixed, replaced
from bassetlaw_sample.defects import Rule, days_later, empty, filled, nhs_numbers
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, footer, found, local_spelling, total_line, untouched

_NUMBER = "999 123 4527"  # valid, of the range that is never issued


def without_number(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D02: one referral in five comes without an NHS number, more than one rule may touch."""
    ((name, table),) = delivery.tables.items()
    free = np.flatnonzero(untouched(delivery, table) & pc.is_valid(table["nhs_number"]).to_numpy())
    share = load_calibration()["social_prescribing"]["without_number"]
    rows = rng.permutation(free)[: int(share * len(free))]
    changed = {name: replaced(table, "nhs_number", rows, [None] * len(rows))}
    return replace(delivery, tables=changed, defects=found(delivery, "D02", rows))


def names_sent(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """A column of names, which must not be sent, filled in for a few cases."""
    ((name, table),) = delivery.tables.items()
    rows = np.flatnonzero(untouched(delivery, table))[:3]
    empty = table.add_column(2, "client_name", pa.nulls(table.num_rows, pa.string()))
    names = [f"TEST PATIENT {i + 1:03d}" for i in range(len(rows))]
    with_names = replaced(empty, "client_name", rows, names)
    return replace(delivery, tables={name: with_names}, defects=found(delivery, "NAME_PRESENT", rows))


def number_in_notes(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """An NHS number written into free text."""
    ((name, table),) = delivery.tables.items()
    row = rng.permutation(np.flatnonzero(untouched(delivery, table)))[:1]
    changed = replaced(table, "notes", row, [f"Spoke to daughter, {_NUMBER}"] * len(row))
    return replace(delivery, tables={name: changed}, defects=found(delivery, "FREE_TEXT_NHS_NUMBER", row))


RULES = {
    "bcvs_social_prescribing": [
        *nhs_numbers(0.004, 0),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.006),
        Rule("D06", "closed_date", fixed("31/02/2019", "Easter"), 0.002, empty("closed_date")),
        Rule("D13", "referrer_type", fixed("Neighbour", "see notes"), 0.006),
        Rule("D13", "sex", fixed("prefer not to say"), 0.003),
        Rule("D14", "sp_case_ref", edited("sp_case_ref", lambda t: t.replace("/", "-")), 0.0007),
        Rule("D19", "ons4_happy_start", fixed("*", "-"), 0.006, filled("ons4_happy_start")),
        Rule("D22", "pam_score_start", fixed("about 55", "60ish"), 0.003, filled("pam_score_start")),
        Rule(
            "D29",
            "first_contact_date",
            edited("referral_date", days_later(-20, "%Y-%m-%d")),
            0.002,
            filled("first_contact_date"),
        ),
    ],
}

# Share of the rows that come twice.
REPEATED = {"bcvs_social_prescribing": 0.0015}

HABITS: list[tuple[float, Habit]] = [
    (1.0, without_number),
    (1.0, local_spelling("sex", {"M": "Male", "F": "female"}, 0.3)),
    (0.5, local_spelling("referrer_type", {"GP": "GP surgery", "Self": "self-referral"}, 0.1)),
    (0.4, footer("Produced by BCVS", "* suppressed")),
    (0.25, total_line),
    (0.05, names_sent),
    (0.08, number_in_notes),
]
