"""What goes wrong in the files of homelessness cases."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from bassetlaw_sample.damage import UNMAPPED_POSTCODE, edited, fixed
from bassetlaw_sample.defects import Rule, days_later, filled
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.district_council.housing import EXTRACT, UK
from bassetlaw_sample.habits import Habit, local_spelling, noted, repeated_key, spare_field


def other_header(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D21: the key stands under another name, which is understood."""
    render = delivery.render
    return replace(
        delivery,
        render=lambda d: render(d).replace(b"case_ref", b"CaseRef", 1),
        habits=noted(delivery, "D21", 1),
    )


RULES = {
    EXTRACT: [
        Rule("D04", "postcode_last_settled", UNMAPPED_POSTCODE, 0.02),
        Rule("D12", "reason_loss", fixed("99"), 0.01),
        Rule("D13", "ta_type", fixed("caravan", "car"), 0.01, filled("ta_type")),
        Rule(
            "D29",
            "prevention_end",
            edited("prevention_start", days_later(-3, UK)),
            0.01,
            filled("prevention_end", "prevention_start"),
        ),
    ],
}

HABITS: list[tuple[float, Habit]] = [
    (0.5, local_spelling("ta_type", {"B&B": "Bed and breakfast", "own stock": "LA stock"}, 0.4)),
    (0.3, local_spelling("assessment_outcome", {"1": "prevention owed", "2": "Relief owed"}, 0.05)),
    (0.3, repeated_key("case_ref")),
    (0.2, other_header),
    (0.2, partial(spare_field, fewest=40)),
]
