"""Every extract of the sample.

Belongs here: the list of partners, whose packages name their extracts. Does not belong here: any extract.
"""

from __future__ import annotations

from bassetlaw_pipeline.sample import (
    ambulance,
    bcvs,
    ccg,
    county_council,
    district_council,
    hospital,
    mental_health_trust,
    public,
)
from bassetlaw_pipeline.sample.source import Source

PARTNERS = (ccg, hospital, mental_health_trust, ambulance, county_council, district_council, bcvs, public)
SOURCES: dict[str, Source] = {
    name: source for partner in PARTNERS for name, source in partner.SOURCES.items()
}
