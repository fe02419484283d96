"""Extracts of the ambulance service."""

from bassetlaw_sample.ambulance import handover, handover_defects
from bassetlaw_sample.source import Source

SOURCES = {
    handover.EXTRACT: Source(
        handover.deliveries,
        6,
        lambda world: 4 * len(world.months) + 2,
        rules=handover_defects.RULES,
        repeated=handover_defects.REPEATED,
        habits=handover_defects.HABITS,
    ),
}
