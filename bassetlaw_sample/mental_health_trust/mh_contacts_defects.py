"""What goes wrong in the files of mental health contacts."""

from __future__ import annotations

from bassetlaw_sample.damage import FREE_ETHNICITY, UNMAPPED_POSTCODE, edited, fixed
from bassetlaw_sample.defects import Rule, both, days_later, equals, filled, nhs_numbers
from bassetlaw_sample.habits import Habit, local_spelling, spare_field

# Teams that no indicator looks at.
_others = equals("team_type", "A02", "A06", "A17", "A18", "A19", "A21")

RULES = {
    "nhft_mh_contacts": [
        *nhs_numbers(0.005, 0.006),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.004),
        Rule("D06", "referral_date", fixed("02-Apr-19", "2019-02-31T00:00:00"), 0.001, _others),
        Rule("D12", "team_type", fixed("A03", "A04"), 0.003, equals("team_type", "A02")),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.002),
        Rule("D14", "source_of_referral", fixed("Z9"), 0.002, _others),
        Rule("D20", "care_contact_id", fixed(None), 0.001, both(filled("contact_date"), _others)),
        Rule(
            "D29",
            "contact_date",
            edited("referral_date", days_later(-3, "%Y-%m-%dT%H:%M:%S")),
            0.002,
            both(filled("contact_date"), _others),
        ),
    ],
}

# Share of the rows that come twice.
REPEATED = {"nhft_mh_contacts": 0.0008}

HABITS: list[tuple[float, Habit]] = [
    (0.5, local_spelling("site", {"RP5BA": "BDGH"}, 0.05)),
    (0.2, spare_field),
]
