"""Extracts of the county council."""

from bassetlaw_sample.county_council import (
    client_level,
    client_level_defects,
    deaths,
    deaths_defects,
    measurements,
    measurements_defects,
)
from bassetlaw_sample.source import Source, monthly

SOURCES = {
    deaths.EXTRACT: Source(deaths.deliveries, 1, monthly, rules=deaths_defects.RULES),
    client_level.EXTRACT: Source(
        client_level.deliveries,
        9,
        lambda world: max(1, len(client_level.quarters(world))),
        rules=client_level_defects.RULES,
        orphans=client_level_defects.ORPHANS,
        habits=client_level_defects.HABITS,
        spoilt=client_level_defects.spoilt,
    ),
    measurements.EXTRACT: Source(
        measurements.deliveries,
        0.3,
        lambda world: max(1, len(world.months) // 12),
        rules=measurements_defects.RULES,
    ),
}
