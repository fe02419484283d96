"""What goes wrong in the files of the discharge working list."""

from __future__ import annotations

from bassetlaw_sample.damage import edited, fixed
from bassetlaw_sample.defects import Rule, days_later, equals, filled, nhs_numbers
from bassetlaw_sample.habits import Habit, footer, left_over_sheet, local_spelling

RULES = {
    "delays": [
        Rule("D13", "dementia_flag", fixed("maybe"), 0.02),
        Rule("D19", "delayed_days_in_period", fixed("*"), 0.01, equals("attributable_to", "NHS")),
        Rule(
            "D29", "delay_end", edited("delay_start", days_later(-2, "%Y-%m-%d")), 0.01, filled("delay_end")
        ),
    ],
    "census": [
        *nhs_numbers(0.004, 0.006),
        Rule("D06", "admission_date", fixed("31/02/2018"), 0.001),
    ],
}

HABITS: list[tuple[float, Habit]] = [
    (0.3, local_spelling("responsible_la", {"E10000024": "Notts CC"}, 0.3)),
    (0.25, footer("Produced by the Integrated Discharge Team")),
    (0.05, left_over_sheet),
]
