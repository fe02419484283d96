"""What goes wrong in the zips of talking therapies."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import FREE_ETHNICITY, UNMAPPED_POSTCODE, edited, fixed
from bassetlaw_sample.defects import Rule, days_later, equals, filled, nhs_numbers
from bassetlaw_sample.mental_health_trust.iapt import sent_again
from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World

_ABSENT = fixed("209912990001")  # no referral has this number


def since_version_2(table: pa.Table) -> np.ndarray:
    """Discharges after the codes of the earlier data set were retired."""
    return (
        pc.fill_null(pc.greater_equal(table["discharge_date"], "2020-10-01"), False).to_numpy().astype(bool)
    )


RULES = {
    "referrals": [
        *nhs_numbers(0.004, 0.004),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.004),
        Rule(
            "D06",
            "employment_status_date",
            fixed("2018-02-30", "12/09/17"),
            0.002,
            filled("employment_status_date"),
        ),
        Rule("D12", "discharge_reason", fixed("42", "44"), 0.01, since_version_2),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.002),
        Rule("D13", "employment_status", fixed("15", "retired"), 0.002, equals("employment_status", "08")),
        Rule(
            "D29",
            "discharge_date",
            edited("referral_date", days_later(-5, "%Y-%m-%d")),
            0.001,
            filled("discharge_date"),
        ),
    ],
    "contacts": [
        Rule("D06", "contact_date", fixed("31/02/2019", "2019-02-31"), 0.0006),
        Rule("D20", "service_request_id", _ABSENT, 0.001),
    ],
    "scores": [
        Rule("D06", "score", fixed("28", "99"), 0.0006),
        Rule("D20", "service_request_id", _ABSENT, 0.0006),
        Rule("D22", "score", fixed("n/k", "twelve"), 0.0003),
    ],
}

# Share of the rows that come twice.
REPEATED = {"contacts": 0.0006, "scores": 0.0004}


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """The zip that comes again lacked a part the first time; without it, nothing of the zip is taken."""
    stamp = sent_again(world).stamp
    return {f"mental_health_trust/RHA_IAPT_{stamp}.zip": ("BUNDLE_MEMBER_MISSING", _without_scores)}


def _without_scores(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(sink, "w") as part:
        for entry in whole.infolist():
            if not entry.filename.startswith("scores"):
                part.writestr(entry, whole.read(entry))
    return sink.getvalue()
