"""What goes wrong in the files of client level data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.county_council import care_events as care
from bassetlaw_sample.county_council.client_level import EXTRACT, LAYOUT, file_name, quarters
from bassetlaw_sample.damage import edited, fixed, replaced
from bassetlaw_sample.defects import (
    CLOSED_PRACTICES,
    Eligible,
    Orphans,
    Rule,
    both,
    days_later,
    empty,
    equals,
    filled,
    how_many,
    nhs_numbers,
)
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, found, local_spelling, noted, untouched
from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World

# Files that arrive before this day use the words of release 1 (K; in truth all before October 2025).
SECOND_RELEASE = date(2018, 7, 1)

# The words of release 1, by column and word of release 2.
FIRST_WORDS = {
    "event_outcome": {
        care.TO_ASSESSMENT: "Progress to Assessment / Unplanned Review",
        care.TO_SERVICES: "Progress to Support Planning / Services",
        care.CONTINUED: "No change in package",
        care.DIED: "NFA - Deceased",
        care.ADVISED: "NFA - Information & Advice / Signposting only",
        care.NOTHING_OFFERED: "NFA - No services offered: Other reason",
        care.MOVED: "NFA - Moved to another LA",
        care.SELF_FUNDED: "NFA - Self-funded client (Inc. 12wk disregard)",
        care.DECLINED: "NFA - Support declined",
        care.ENDED: "NFA - Support ended: As planned",
    },
    "client_type": {"Unpaid carer": "Carer"},
    "assessment_type": {"Unpaid carer assessment": "Carer Assessment"},
    "service_type": {care.CARER_SUPPORT: "Carer Support: Direct to Carer"},
}


def started_after(last: date) -> Eligible:
    """Events that began after a day."""
    return lambda table: np.array(
        [datetime.strptime(t, LAYOUT).date() > last for t in table["event_start_date"].to_pylist()]
    )


def without_services(rng: np.random.Generator, table: pa.Table) -> tuple[pa.Table, pa.Array | None]:
    """Clients of whose rows only the reviews are left; and who they are."""
    clients, kind = table["la_person_id"], table["event_type"]
    reviewed = pc.unique(clients.filter(pc.equal(kind, care.REVIEW)))
    count = how_many(rng, 0.01, len(reviewed), table.num_rows)
    if not count:
        return table, None
    chosen = reviewed.take(pa.array(np.sort(rng.permutation(len(reviewed))[:count])))
    lost = pc.and_(pc.is_in(clients, chosen), pc.not_equal(kind, care.REVIEW))
    return table.filter(pc.invert(lost)), chosen


ORPHANS = Orphans(EXTRACT, "la_person_id", without_services)

RULES = {
    EXTRACT: [
        *nhs_numbers(0.005, 0.08),
        Rule("D06", "event_end_date", fixed("31/12/9999"), 0.003, empty("event_end_date")),
        *(
            Rule("D08", "gp_practice", fixed(code), 0.001, both(filled("gp_practice"), started_after(last)))
            for code, last in CLOSED_PRACTICES.items()
        ),
        Rule("D13", "accommodation_status", fixed("Own home", "Bungalow"), 0.004),
        Rule("D13", "service_component", fixed("Stairlift"), 0.01, equals("service_type", care.LOW_LEVEL)),
        Rule("D29", "event_end_date", fixed(None), 0.003, equals("event_type", care.REQUEST)),
        Rule(
            "D29",
            "event_end_date",
            edited("event_start_date", days_later(-5, LAYOUT)),
            0.01,
            both(filled("event_end_date"), equals("service_type", care.CARER_SUPPORT)),
        ),
        # Last, because the rules above read the date.
        Rule(
            "D06",
            "event_start_date",
            edited("event_start_date", lambda t: f"{t[6:]}-{t[3:5]}-{t[:2]}"),
            0.003,
            equals("event_type", care.REQUEST),
        ),
    ],
}


def first_words(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D23: until the second release the files use the words of the first."""
    if delivery.received.date() >= SECOND_RELEASE:
        return delivery
    table, changed = delivery.tables[EXTRACT], 0
    for column, words in FIRST_WORDS.items():
        known = pc.fill_null(pc.is_in(table[column], pa.array(list(words))), False).to_numpy()
        rows = np.flatnonzero(known.astype(bool))
        values = [words[v] for v in table[column].take(pa.array(rows)).to_pylist()]
        table, changed = replaced(table, column, rows, values), changed + len(rows)
    return replace(delivery, tables={EXTRACT: table}, habits=noted(delivery, "D23", changed))


def two_genders(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D03: one event of a client says another gender than the others."""
    table = delivery.tables[EXTRACT]
    clients = table["la_person_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    rows = np.bincount(clients)
    touched = np.bincount(clients[~untouched(delivery, table)], minlength=len(rows))
    candidates = np.flatnonzero((rows >= 2) & (rows <= 6) & (touched == 0))
    if not len(candidates):
        return delivery
    own = np.flatnonzero(clients == rng.choice(candidates))
    other = {"Male": "Female", "Female": "Male"}[table["gender"][int(own[0])].as_py()]
    changed = replaced(table, "gender", own[:1], [other])
    return replace(delivery, tables={EXTRACT: changed}, defects=found(delivery, "D03", own))


def entered_twice(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D09: a service stands a second time at the end of the file, with another cost."""
    table = delivery.tables[EXTRACT]
    costly = np.flatnonzero(untouched(delivery, table) & filled("unit_cost")(table))
    if not len(costly):
        return delivery
    again = replaced(table.take(pa.array([int(rng.choice(costly))])), "unit_cost", [0], ["1.00"])
    row = np.array([table.num_rows])
    whole = pa.concat_tables([table, again]).combine_chunks()
    return replace(delivery, tables={EXTRACT: whole}, defects=found(delivery, "D09", row))


def other_header(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D21: the NHS number stands under another name."""
    render = delivery.render
    return replace(
        delivery,
        render=lambda d: render(d).replace(b'"NHS_Number"', b'"NHS No"', 1),
        habits=noted(delivery, "D21", 1),
    )


HABITS: list[tuple[float, Habit]] = [
    (1.0, first_words),
    (0.3, local_spelling("la_code", {"511": "E10000024"}, 0.02)),
    (0.6, two_genders),
    (0.6, entered_twice),
    (0.2, other_header),
]


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """D24: one file was saved in the encoding of a spreadsheet; the next quarter brings its months again."""
    months = quarters(world)[-4:-3]
    return {f"county_council/{file_name(m)}": ("FILE_ENCODING", _as_spreadsheet) for m in months}


def _as_spreadsheet(data: bytes) -> bytes:
    return data.decode().encode("cp1252")
