"""What goes wrong in the workbooks of volunteering and transport.

Rows of totals have no month and no date: no rule touches them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bassetlaw_sample.bcvs.volunteering import volunteering_return
from bassetlaw_sample.damage import UNMAPPED_POSTCODE, fixed
from bassetlaw_sample.defects import Rule, filled
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, footer, left_over_sheet, local_spelling, noted, repeated_key


def short_header(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D21: a column under a shorter name, which is understood."""
    return replace(
        delivery,
        render=lambda d: volunteering_return(d, {"Passengers": "Pax"}),
        habits=noted(delivery, "D21", 1),
    )


RULES = {
    "volunteers": [
        Rule("D04", "home_postcode", UNMAPPED_POSTCODE, 0.005, filled("month")),
        Rule("D13", "role", fixed("tea maker", "trustee"), 0.003, filled("month")),
        Rule("D19", "hours", fixed("*", "-"), 0.003, filled("month")),
    ],
    "befriending": [
        Rule("D06", "befriendee_ucla_start", fixed("2", "12"), 0.004),
        Rule("D19", "befriendee_ucla_end", fixed("*", "-"), 0.01, filled("befriendee_ucla_end")),
    ],
    "trips": [
        Rule("D06", "trip_date", fixed("3rd April", "31/02/2019"), 0.001, filled("trip_date")),
        Rule("D13", "from_village", fixed("Atlantis", "by the church"), 0.003, filled("trip_date")),
    ],
}

HABITS: list[tuple[float, Habit]] = [
    (0.8, local_spelling("hours", {"3.0": "3hrs", "5.0": "5 hours"}, 0.3, "D22")),
    (0.5, local_spelling("from_village", {"Tuxford": "Tuxforth", "Retford": "East Retford"}, 0.05)),
    (0.5, local_spelling("to_place", {"Bassetlaw Hospital": "BDGH"}, 0.1)),
    (0.3, repeated_key("volunteer_ref", "month", table="volunteers")),
    (0.3, footer("Produced by BCVS", "* suppressed")),
    (0.2, short_header),
    (0.1, left_over_sheet),
]
