"""Extracts of the clinical commissioning group."""

from bassetlaw_pipeline.sample.ccg import gp_register, gp_register_defects
from bassetlaw_pipeline.sample.source import Source

SOURCES = {
    gp_register.EXTRACT: Source(
        gp_register.deliveries,
        46,
        lambda world: len(gp_register.snapshot_months(world)),
        rules=gp_register_defects.RULES,
        repeated=gp_register_defects.REPEATED,
    ),
}
