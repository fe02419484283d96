"""The figures a sample was drawn to reproduce, for truth.json."""

from __future__ import annotations

from typing import Any

from bassetlaw_sample.hospital.apc import emergency_volume
from bassetlaw_sample.hospital.discharge import social_care_days
from bassetlaw_sample.hospital.ecds import first_attendances
from bassetlaw_sample.months import Month, day
from bassetlaw_sample.population import MID_2017, residents_on
from bassetlaw_sample.world import World


def targets(world: World) -> dict[str, Any]:
    """Residents, first attendances and low-grade admissions by financial year, social care days by month."""
    years = sorted({m.financial_year for m in world.months})
    whole = [y for y in years if Month(y, 4) >= world.first and Month(y + 1, 3) <= world.last]
    return {
        "scale": world.scale,
        "people": len(world.people),
        "residents_mid_2017": len(residents_on(world.people, MID_2017)),
        "residents_at_end": len(residents_on(world.people, day(world.last.last))),
        "ae_first_attendances_bassetlaw_hospital": {
            f"{y}-{(y + 1) % 100:02d}": sum(first_attendances(world, Month(y, 4).plus(i)) for i in range(12))
            for y in whole
        },
        "low_grade_emergency_admissions": {
            f"{y}-{(y + 1) % 100:02d}": sum(
                emergency_volume(world, Month(y, 4).plus(i), "low_grade_spells") for i in range(12)
            )
            for y in whole
        },
        "social_care_delayed_days": {str(m.first)[:7]: social_care_days(world, m) for m in world.months},
        "smoking_prevalence": world.calibration["smoking"]["prevalence"],
    }
