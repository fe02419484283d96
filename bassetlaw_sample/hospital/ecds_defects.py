"""What goes wrong in the files of emergency care attendances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import FREE_ETHNICITY, UNMAPPED_POSTCODE, edited, replaced
from bassetlaw_sample.defects import Rule, closed_practices, days_later, nhs_numbers
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, local_spelling, noted, pasted_header, spare_field
from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World


def legacy_arrival(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D12: Montagu sends the codes of the old A&E data set until April 2020."""
    if delivery.received.date().isoformat() > "2020-04-30":
        return delivery
    ((name, table),) = delivery.tables.items()
    rows = np.flatnonzero(pc.equal(table["site"], "RP5MM").to_numpy())
    modes = table["arrival_mode"].take(pa.array(rows)).to_pylist()
    values = ["1" if mode == "1048031000000100" else "2" for mode in modes]
    changed = {name: replaced(table, "arrival_mode", rows, values)}
    return replace(delivery, tables=changed, habits=noted(delivery, "D12", len(rows)))


RULES = {
    "dbth_ecds": [
        *nhs_numbers(0.006, 0.025),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.006),
        Rule("D06", "departure_date", edited("departure_date", lambda t: t[:6] + t[8:]), 0.001),
        Rule("D06", "arrival_date", edited("arrival_date", lambda t: f"{t[6:]}-{t[3:5]}-{t[:2]}"), 0.0004),
        *closed_practices(0.0008),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.003),
        Rule("D27", "departure_date", edited("arrival_date", days_later(-1, "%d/%m/%Y")), 0.002),
        Rule("D27", "departure_date", edited("arrival_date", days_later(9, "%d/%m/%Y")), 0.0004),
    ],
}

# Share of the rows that come twice.
REPEATED = {"dbth_ecds": 0.0008}

HABITS: list[tuple[float, Habit]] = [
    (1.0, legacy_arrival),
    (0.3, local_spelling("site", {"RP5BA": "BDGH"}, 0.01)),
    (0.15, pasted_header),
    (0.2, spare_field),
]


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """One flex file comes from a spreadsheet that separates fields by semicolons; its freeze is right."""
    return {f"hospital/RP5_ECDS_{world.last.plus(-4).stamp}_FLEX.csv": ("DELIMITER_WRONG", _with_semicolons)}


def _with_semicolons(data: bytes) -> bytes:
    return data.replace(b'","', b'";"').replace(b",,", b";;").replace(b";,", b";;")
