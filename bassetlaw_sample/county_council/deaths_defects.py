"""What goes wrong in the files of death registrations."""

from __future__ import annotations

from bassetlaw_sample.damage import fixed
from bassetlaw_sample.defects import Rule, equals, nhs_numbers

RULES = {
    "ncc_pcmd_deaths": [
        *nhs_numbers(0.006, 0.01),
        Rule("D06", "death_date", fixed("2021029", "20180230"), 0.004),
        Rule(
            "D14",
            "underlying_cause",
            fixed("UNK", "not yet"),
            0.003,
            equals("age", *map(str, range(75, 110))),
        ),
        Rule("D29", "death_date", fixed("20291101"), 0.002),
    ],
}
