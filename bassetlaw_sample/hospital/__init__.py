"""Extracts of the hospital trust."""

from bassetlaw_sample.hospital import (
    apc,
    apc_defects,
    cwt,
    cwt_defects,
    discharge,
    discharge_defects,
    ecds,
    ecds_defects,
    workforce,
    workforce_defects,
)
from bassetlaw_sample.source import Source, monthly

SOURCES = {
    ecds.EXTRACT: Source(
        ecds.deliveries,
        17,
        monthly,
        rules=ecds_defects.RULES,
        repeated=ecds_defects.REPEATED,
        habits=ecds_defects.HABITS,
        spoilt=ecds_defects.spoilt,
    ),
    apc.EXTRACT: Source(
        apc.deliveries,
        10,
        monthly,
        rules=apc_defects.RULES,
        repeated=apc_defects.REPEATED,
        orphans=apc_defects.ORPHANS,
        spoilt=apc_defects.spoilt,
    ),
    cwt.EXTRACT: Source(
        cwt.deliveries,
        2,
        lambda world: 2 * len(world.months),
        rules=cwt_defects.RULES,
        habits=cwt_defects.HABITS,
    ),
    discharge.EXTRACT: Source(
        discharge.deliveries,
        5,
        lambda world: 5 * len(world.months),
        rules=discharge_defects.RULES,
        habits=discharge_defects.HABITS,
    ),
    workforce.EXTRACT: Source(
        workforce.deliveries,
        3,
        lambda world: 4 * len(world.months),
        rules=workforce_defects.RULES,
        habits=workforce_defects.HABITS,
    ),
}
