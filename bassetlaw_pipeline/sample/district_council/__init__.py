"""Extracts of the district council."""

from bassetlaw_pipeline.sample.district_council import leisure, leisure_defects
from bassetlaw_pipeline.sample.source import Source, monthly

SOURCES = {
    leisure.EXTRACT: Source(
        leisure.deliveries,
        15,
        monthly,
        rules=leisure_defects.RULES,
        repeated=leisure_defects.REPEATED,
        habits=leisure_defects.HABITS,
    ),
}
