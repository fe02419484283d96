"""Every extract of the sample."""

from __future__ import annotations

from bassetlaw_sample import (
    ambulance,
    bcvs,
    ccg,
    county_council,
    district_council,
    hospital,
    mental_health_trust,
    public,
)
from bassetlaw_sample.source import Source

PARTNERS = (ccg, hospital, mental_health_trust, ambulance, county_council, district_council, bcvs, public)
SOURCES: dict[str, Source] = {
    name: source for partner in PARTNERS for name, source in partner.SOURCES.items()
}
