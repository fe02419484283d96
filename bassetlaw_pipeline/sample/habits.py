"""Habits of single files: what is odd about a whole file rather than about a value.

Belongs here: title rows, pasted headers, footers, left-over sheets, local spellings, and the few files
that are turned away and come again. Does not belong here: defects of values (defects.py).

A habit that the pipeline only notes is recorded under `habits`; one that costs a row or a file under
`defects`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.sample.damage import replaced
from bassetlaw_pipeline.sample.delivery import Defect, Delivery
from bassetlaw_pipeline.sample.world import World
from bassetlaw_pipeline.sample.write import headers

_NUMBER = "999 123 4527"  # valid, of the range that is never issued

Habit = Callable[[np.random.Generator, Delivery], Delivery]


def with_habits(world: World, delivery: Delivery) -> Delivery:
    """The delivery with what its partner is known for, drawn file by file."""
    rng = world.rng("habits", delivery.path)
    for chance, habit in HABITS.get(delivery.extract, []):
        if rng.random() < chance:
            delivery = habit(rng, delivery)
    return delivery


def _noted(delivery: Delivery, id_: str, count: int, rows: tuple[int, ...] = ()) -> tuple[Defect, ...]:
    return (*delivery.habits, Defect(id_, count, rows))


def _found(delivery: Delivery, id_: str, rows: np.ndarray) -> tuple[Defect, ...]:
    numbers = tuple(int(r) + delivery.first_row for r in np.sort(rows))
    return (*delivery.defects, Defect(id_, len(numbers), numbers))


def _untouched(delivery: Delivery, table: pa.Table) -> np.ndarray:
    """Rows without a record of their own; the row above one may be the original of a copy."""
    free = np.ones(table.num_rows, bool)
    numbers = [r for d in (*delivery.defects, *delivery.habits) for r in d.rows]
    positions = np.array(numbers, int) - delivery.first_row
    for touched in (positions, positions - 1):
        free[touched[(touched >= 0) & (touched < table.num_rows)]] = False
    return free


def title_rows(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D15: two lines above the header."""
    moved = tuple(replace(d, rows=tuple(r + 2 for r in d.rows)) for d in delivery.defects)
    noted = tuple(replace(d, rows=tuple(r + 2 for r in d.rows)) for d in delivery.habits)
    return replace(
        delivery,
        titles=("Leisure management export", "All centres"),
        first_row=delivery.first_row + 2,
        defects=moved,
        habits=(*noted, Defect("D15", 2, (1, 2))),
    )


def pasted_header(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D11: the header once more in the middle; every defect below moves one row down."""
    ((name, table),) = delivery.tables.items()
    at = table.num_rows // 2
    names = headers(delivery.extract, name)
    line = pa.table({c: pa.array([names[c]], pa.string()) for c in table.column_names})
    number = at + delivery.first_row
    shifted = tuple(replace(d, rows=tuple(r + (r >= number) for r in d.rows)) for d in delivery.defects)
    return replace(
        delivery,
        tables={name: pa.concat_tables([table.slice(0, at), line, table.slice(at)])},
        non_data=delivery.non_data + 1,
        defects=shifted,
        habits=_noted(delivery, "D11", 1, (number,)),
    )


def footer(*lines: str) -> Habit:
    """D17: lines under the rows."""
    return lambda rng, delivery: replace(
        delivery, footer=(*delivery.footer, *lines), habits=_noted(delivery, "D17", len(lines))
    )


def total_line(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D16: a row that only says Total."""
    return replace(delivery, footer=("Total", *delivery.footer), habits=_noted(delivery, "D16", 1))


def left_over_sheet(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D18: a sheet of the month before."""
    return replace(delivery, extra_sheets=("Last month",), habits=_noted(delivery, "D18", 1))


def local_spelling(column: str, spellings: dict[str, str], share: float) -> Habit:
    """D07: some cells say the agreed code in the partner's own words."""

    def habit(rng: np.random.Generator, delivery: Delivery) -> Delivery:
        name = next(n for n, t in delivery.tables.items() if column in t.column_names)
        table = delivery.tables[name]
        known = pc.fill_null(pc.is_in(table[column], pa.array(list(spellings))), False).to_numpy()
        chosen = rng.random(table.num_rows) < share
        rows = np.flatnonzero(known.astype(bool) & chosen & _untouched(delivery, table))
        values = [spellings[v] for v in table[column].take(pa.array(rows, pa.int64())).to_pylist()]
        changed = {**delivery.tables, name: replaced(table, column, rows, values)}
        return replace(delivery, tables=changed, habits=_noted(delivery, "D07", len(rows)))

    return habit


def legacy_arrival(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D12: Montagu sends the codes of the old A&E data set until April 2020."""
    if delivery.received.date().isoformat() > "2020-04-30":
        return delivery
    ((name, table),) = delivery.tables.items()
    rows = np.flatnonzero(pc.equal(table["site"], "RP5MM").to_numpy())
    modes = table["arrival_mode"].take(pa.array(rows)).to_pylist()
    values = ["1" if mode == "1048031000000100" else "2" for mode in modes]
    changed = {name: replaced(table, "arrival_mode", rows, values)}
    return replace(delivery, tables=changed, habits=_noted(delivery, "D12", len(rows)))


def spare_field(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D24: one row gets a field too many, so that it cannot be split into the columns."""
    ((_, table),) = delivery.tables.items()
    if table.num_rows < 200:
        return delivery
    row = rng.permutation(np.flatnonzero(_untouched(delivery, table)))[:1]
    return replace(
        delivery,
        extra_fields=(int(row[0]) + delivery.first_row,),
        defects=_found(delivery, "D24", row),
    )


def names_sent(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """A column of names, which must not be sent, filled in for a few cases."""
    ((name, table),) = delivery.tables.items()
    rows = np.flatnonzero(_untouched(delivery, table))[:3]
    empty = table.add_column(2, "client_name", pa.nulls(table.num_rows, pa.string()))
    names = [f"TEST PATIENT {i + 1:03d}" for i in range(len(rows))]
    with_names = replaced(empty, "client_name", rows, names)
    return replace(delivery, tables={name: with_names}, defects=_found(delivery, "NAME_PRESENT", rows))


def number_in_notes(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """An NHS number written into free text."""
    ((name, table),) = delivery.tables.items()
    row = rng.permutation(np.flatnonzero(_untouched(delivery, table)))[:1]
    changed = replaced(table, "notes", row, [f"Spoke to daughter, {_NUMBER}"] * len(row))
    return replace(delivery, tables={name: changed}, defects=_found(delivery, "FREE_TEXT_NHS_NUMBER", row))


HABITS: dict[str, list[tuple[float, Habit]]] = {
    "dbth_ecds": [
        (1.0, legacy_arrival),
        (0.3, local_spelling("site", {"RP5BA": "BDGH"}, 0.01)),
        (0.15, pasted_header),
        (0.2, spare_field),
    ],
    "dbth_discharge_sitrep": [
        (0.3, local_spelling("responsible_la", {"E10000024": "Notts CC"}, 0.3)),
        (0.25, footer("Produced by the Integrated Discharge Team")),
        (0.05, left_over_sheet),
    ],
    "bdc_leisure": [
        (
            0.5,
            local_spelling("site", {"Worksop LC": "Worksop", "Retford LC": "retford leisure centre"}, 0.02),
        ),
        (0.3, local_spelling("sex", {"M": "male", "F": "Female "}, 0.1)),
        (0.15, title_rows),
        (0.2, pasted_header),
    ],
    "bcvs_social_prescribing": [
        (1.0, local_spelling("sex", {"M": "Male", "F": "female"}, 0.3)),
        (0.5, local_spelling("referrer_type", {"GP": "GP surgery", "Self": "self-referral"}, 0.1)),
        (0.4, footer("Produced by BCVS", "* suppressed")),
        (0.25, total_line),
        (0.05, names_sent),
        (0.08, number_in_notes),
    ],
}
