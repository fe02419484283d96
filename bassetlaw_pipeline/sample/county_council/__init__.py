"""Extracts of the county council."""

from bassetlaw_pipeline.sample.county_council import deaths, deaths_defects
from bassetlaw_pipeline.sample.source import Source, monthly

SOURCES = {
    deaths.EXTRACT: Source(deaths.deliveries, 1, monthly, rules=deaths_defects.RULES),
}
