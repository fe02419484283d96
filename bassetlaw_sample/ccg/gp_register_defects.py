"""What goes wrong in the files of the registered population."""

from __future__ import annotations

from bassetlaw_sample.damage import FREE_ETHNICITY, fixed
from bassetlaw_sample.defects import Rule, closed_practices, filled, nhs_numbers

RULES = {
    "ccg_gp_population": [
        *nhs_numbers(0.003, 0.003),
        Rule(
            "D06",
            "date_of_registration",
            fixed("31-Feb-2015", "30/06/98"),
            0.0005,
            filled("date_of_registration"),
        ),
        *closed_practices(0.0001),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.002),
        Rule("D14", "qof_registers", fixed("HYP;DM", "hyp dm"), 0.0005, filled("qof_registers")),
        Rule("D29", "date_of_registration", fixed("01-Jan-2030"), 0.0003, filled("date_of_registration")),
    ],
}

# Share of the rows that come twice.
REPEATED = {"ccg_gp_population": 0.0002}
