"""What goes wrong in the files of the child measurement programme."""

from __future__ import annotations

from bassetlaw_sample.county_council.measurements import EXTRACT
from bassetlaw_sample.damage import FREE_ETHNICITY, edited, fixed
from bassetlaw_sample.defects import Rule, both, equals, filled, nhs_numbers

_BORN_ISO = edited("date_of_birth", lambda t: f"{t[6:]}-{t[3:5]}-{t[:2]}")
_IN_METRES = edited("height", lambda t: f"{float(t) / 100:.2f}")
_RECEPTION = equals("school_year", "R")

RULES = {
    EXTRACT: [
        *nhs_numbers(0.006, 0.01),
        Rule("D03", "age_in_months", fixed("128", "134"), 0.002, both(_RECEPTION, filled("date_of_birth"))),
        Rule("D06", "date_of_birth", _BORN_ISO, 0.003),
        Rule("D06", "height", _IN_METRES, 0.001),
        Rule("D08", "lsoa11", fixed("E01034012", "E01034013"), 0.003),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.004),
        Rule("D20", "school_urn", fixed(None), 0.004),
        Rule("PARTS_DISAGREE", "bmi", fixed("31.0"), 0.001, _RECEPTION),
    ],
}
