"""Extracts of the community and voluntary service."""

from bassetlaw_sample.bcvs import (
    social_prescribing,
    social_prescribing_defects,
    volunteering,
    volunteering_defects,
)
from bassetlaw_sample.source import Source, monthly, quarterly

SOURCES = {
    social_prescribing.EXTRACT: Source(
        social_prescribing.deliveries,
        4,
        monthly,
        rules=social_prescribing_defects.RULES,
        repeated=social_prescribing_defects.REPEATED,
        habits=social_prescribing_defects.HABITS,
    ),
    volunteering.EXTRACT: Source(
        volunteering.deliveries,
        2,
        quarterly,
        rules=volunteering_defects.RULES,
        habits=volunteering_defects.HABITS,
    ),
}
