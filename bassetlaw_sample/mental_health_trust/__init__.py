"""Extracts of the mental health and community trust."""

from bassetlaw_sample.mental_health_trust import (
    community,
    community_defects,
    iapt,
    iapt_defects,
    mh_contacts,
    mh_contacts_defects,
)
from bassetlaw_sample.source import Source, monthly

SOURCES = {
    iapt.EXTRACT: Source(
        iapt.deliveries,
        7,
        monthly,
        rules=iapt_defects.RULES,
        repeated=iapt_defects.REPEATED,
        spoilt=iapt_defects.spoilt,
    ),
    mh_contacts.EXTRACT: Source(
        mh_contacts.deliveries,
        6,
        monthly,
        rules=mh_contacts_defects.RULES,
        repeated=mh_contacts_defects.REPEATED,
        habits=mh_contacts_defects.HABITS,
    ),
    community.EXTRACT: Source(
        community.deliveries,
        9,
        monthly,
        rules=community_defects.RULES,
        repeated=community_defects.REPEATED,
        habits=community_defects.HABITS,
    ),
}
