"""Extracts of the clinical commissioning group."""

from bassetlaw_sample.ccg import (
    gp_register,
    gp_register_defects,
    practice_counts,
    practice_pack,
    practice_pack_defects,
    prescribing,
    prescribing_defects,
)
from bassetlaw_sample.source import Source, monthly

SOURCES = {
    gp_register.EXTRACT: Source(
        gp_register.deliveries,
        46,
        lambda world: len(gp_register.snapshot_months(world)),
        rules=gp_register_defects.RULES,
        repeated=gp_register_defects.REPEATED,
    ),
    prescribing.EXTRACT: Source(
        prescribing.deliveries,
        10,
        monthly,
        rules=prescribing_defects.RULES,
        habits=prescribing_defects.HABITS,
        spoilt=prescribing_defects.spoilt,
    ),
    practice_counts.EXTRACT: Source(
        practice_pack.deliveries,
        14,
        monthly,
        habits=practice_pack_defects.HABITS,
        spoilt=practice_pack_defects.spoilt,
    ),
}
