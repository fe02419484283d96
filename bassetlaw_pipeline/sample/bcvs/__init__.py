"""Extracts of the community and voluntary service."""

from bassetlaw_pipeline.sample.bcvs import social_prescribing, social_prescribing_defects
from bassetlaw_pipeline.sample.source import Source, monthly

SOURCES = {
    social_prescribing.EXTRACT: Source(
        social_prescribing.deliveries,
        4,
        monthly,
        rules=social_prescribing_defects.RULES,
        repeated=social_prescribing_defects.REPEATED,
        habits=social_prescribing_defects.HABITS,
    ),
}
