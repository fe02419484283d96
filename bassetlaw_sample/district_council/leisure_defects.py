"""What goes wrong in the files of leisure centre visits."""

from __future__ import annotations

from bassetlaw_sample.damage import UNMAPPED_POSTCODE, fixed
from bassetlaw_sample.defects import Rule, filled
from bassetlaw_sample.habits import Habit, local_spelling, pasted_header, title_rows

RULES = {
    "bdc_leisure": [
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.004, filled("postcode")),
        Rule("D06", "visit_datetime", fixed("45/13/2018 10:00", "last Tuesday"), 0.0003),
        Rule("D13", "sex", fixed("n/k", "fem."), 0.003, filled("sex")),
        Rule("D13", "site", fixed("Langold Lido"), 0.0002),
    ],
}

# Share of the rows that come twice.
REPEATED = {"bdc_leisure": 0.0003}

HABITS: list[tuple[float, Habit]] = [
    (
        0.5,
        local_spelling("site", {"Worksop LC": "Worksop", "Retford LC": "retford leisure centre"}, 0.02),
    ),
    (0.3, local_spelling("sex", {"M": "male", "F": "Female "}, 0.1)),
    (0.15, title_rows),
    (0.2, pasted_header),
]
