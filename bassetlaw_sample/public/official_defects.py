"""What goes wrong in the files of official statistics on the way from the publisher to the folder."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import fixed
from bassetlaw_sample.defects import Eligible, Rule, both, filled
from bassetlaw_sample.habits import Habit, footer, local_spelling
from bassetlaw_sample.public import children, fingertips, surveys
from bassetlaw_sample.public.official import other_header


def _about(pattern: str) -> Eligible:
    """Rows of areas whose code matches."""

    def eligible(table: pa.Table) -> np.ndarray:
        return pc.match_substring_regex(table["area_code"], pattern).to_numpy(zero_copy_only=False)

    return eligible


# The figures the plans quote are left alone: marks go to other districts, and to wards.
_OTHER_DISTRICTS, _WARDS = _about("^E070001(70|72|73|74|75|76)$"), _about("^E05")
_LSOAS = _about("^E01")

RULES = {
    fingertips.EXTRACT: {
        fingertips.EXTRACT: [
            Rule("D19", "value", fixed("*", "-"), 0.03, both(_OTHER_DISTRICTS, filled("value"))),
            Rule("D13", "sex", fixed("femail"), 0.01, _OTHER_DISTRICTS),
        ]
    },
    children.EXTRACT: {
        children.EXTRACT: [
            Rule("D19", "children", fixed("*", ".."), 0.05, _WARDS),
            Rule("D06", "snapshot_date", fixed("31-May-17"), 0.004, _LSOAS),
        ]
    },
    surveys.ACTIVE_LIVES: {
        surveys.ACTIVE_LIVES: [Rule("D19", "value", fixed("*", ".."), 0.08, _OTHER_DISTRICTS)],
    },
}

# Share of the rows that come twice.
REPEATED = {fingertips.EXTRACT: {fingertips.EXTRACT: 0.005}}

_SOURCE = footer("Source: synthetic sample", "* Hidden by the publisher")
_CODES = other_header({"area_code": "Area Code", "area_name": "Area Name"})
HABITS: dict[str, list[tuple[float, Habit]]] = {
    fingertips.EXTRACT: [(0.2, footer("Source: synthetic sample"))],
    children.EXTRACT: [(0.5, _SOURCE), (0.4, _CODES)],
    surveys.ACTIVE_LIVES: [
        (0.5, _SOURCE),
        (0.4, _CODES),
        (0.5, local_spelling("measure", {"often_always_lonely": "Often/always"}, 1.0)),
    ],
    surveys.SMOKING: [(0.5, _SOURCE), (0.4, _CODES)],
    surveys.SURVIVAL: [
        (0.3, _SOURCE),
        (0.3, other_header({"area_code": "ccg_code", "area_name": "ccg_name"})),
    ],
    surveys.STAFF_SURVEY: [(0.3, _SOURCE), (0.3, other_header({"org_code": "ODS code"}))],
}
