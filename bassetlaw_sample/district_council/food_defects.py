"""What goes wrong in the register of food premises and in the award list."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from bassetlaw_sample.damage import UNMAPPED_POSTCODE, edited, fixed
from bassetlaw_sample.defects import Rule, both, days_later, equals, filled
from bassetlaw_sample.district_council.food import AWARDS, EXTRACT, TAKEAWAY, broken_first, register_name
from bassetlaw_sample.habits import Habit, footer, local_spelling, total_line
from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World


def not_takeaway(table: pa.Table) -> np.ndarray:
    """Premises that no indicator counts: the number of awards is a stated figure."""
    return ~equals("business_type", TAKEAWAY)(table)


RULES = {
    EXTRACT: [
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.004, not_takeaway),
        Rule("D13", "business_type", fixed("Zoo", "Food bank"), 0.002, not_takeaway),
        Rule(
            "D29",
            "rating_date",
            edited("rating_date", days_later(1_200, "%Y-%m-%d")),
            0.002,
            both(not_takeaway, filled("rating_date")),
        ),
    ],
}

AWARD_RULES = {
    AWARDS: [Rule("D29", "hot_award_date", edited("hot_award_date", days_later(4_000, "%Y-%m-%d")), 0.01)],
}

HABITS: list[tuple[float, Habit]] = [
    (0.4, local_spelling("business_type", {TAKEAWAY: "Takeaway", "Retailers - other": "retailers"}, 0.05)),
    (0.3, local_spelling("rating_value", {"AwaitingInspection": "Awaiting Inspection"}, 0.3)),
]

AWARD_HABITS: list[tuple[float, Habit]] = [
    (0.3, local_spelling("hot_award", {"bronze": "Bronze ", "gold": "GOLD"}, 0.2)),
    (0.3, footer("Produced by environmental health")),
    (0.2, total_line),
]


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """One file in the wrong encoding and one with a column nobody agreed; both come again the next day."""
    damage = {"FILE_UNREADABLE": _other_encoding, "HEADER_UNKNOWN_COLUMN": _new_column}
    return {
        f"district_council/{register_name(month)}": (reason, damage[reason])
        for month, reason in broken_first(world).items()
    }


def _other_encoding(data: bytes) -> bytes:
    return data.replace(b"<BusinessName>Sample", b"<BusinessName>Caf\xe9", 1)


def _new_column(data: bytes) -> bytes:
    return data.replace(b"<PostCode>", b"<Delivers>yes</Delivers><PostCode>")
