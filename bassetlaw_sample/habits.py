"""Habits of single files: what is odd about a whole file rather than about a value.

A habit that the pipeline only notes is recorded under `habits`; one that costs a row or a file under
`defects`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import replaced
from bassetlaw_sample.delivery import Defect, Delivery
from bassetlaw_sample.world import World
from bassetlaw_sample.write import headers

Habit = Callable[[np.random.Generator, Delivery], Delivery]


def with_habits(world: World, habits: Sequence[tuple[float, Habit]], delivery: Delivery) -> Delivery:
    """The delivery with what its partner is known for: each habit with its chance, drawn file by file."""
    rng = world.rng("habits", delivery.path)
    for chance, habit in habits:
        if rng.random() < chance:
            delivery = habit(rng, delivery)
    return delivery


def noted(delivery: Delivery, id_: str, count: int, rows: tuple[int, ...] = ()) -> tuple[Defect, ...]:
    """The habits of a delivery with one more, which the pipeline only notes."""
    return (*delivery.habits, Defect(id_, count, rows))


def found(delivery: Delivery, id_: str, rows: np.ndarray) -> tuple[Defect, ...]:
    """The defects of a delivery with one more, which costs rows (given as positions)."""
    numbers = tuple(int(r) + delivery.first_row for r in np.sort(rows))
    return (*delivery.defects, Defect(id_, len(numbers), numbers))


def untouched(delivery: Delivery, table: pa.Table) -> np.ndarray:
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
        habits=noted(delivery, "D11", 1, (number,)),
    )


def footer(*lines: str) -> Habit:
    """D17: lines under the rows."""
    return lambda rng, delivery: replace(
        delivery, footer=(*delivery.footer, *lines), habits=noted(delivery, "D17", len(lines))
    )


def total_line(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D16: a row that only says Total."""
    return replace(delivery, footer=("Total", *delivery.footer), habits=noted(delivery, "D16", 1))


def left_over_sheet(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D18: a sheet of the month before."""
    return replace(delivery, extra_sheets=("Last month",), habits=noted(delivery, "D18", 1))


def local_spelling(column: str, spellings: dict[str, str], share: float, id_: str = "D07") -> Habit:
    """D07: some cells say the agreed code in the partner's own words (D22: a number with its unit)."""

    def habit(rng: np.random.Generator, delivery: Delivery) -> Delivery:
        name = next(n for n, t in delivery.tables.items() if column in t.column_names)
        table = delivery.tables[name]
        known = pc.fill_null(pc.is_in(table[column], pa.array(list(spellings))), False).to_numpy()
        chosen = rng.random(table.num_rows) < share
        rows = np.flatnonzero(known.astype(bool) & chosen & untouched(delivery, table))
        values = [spellings[v] for v in table[column].take(pa.array(rows, pa.int64())).to_pylist()]
        changed = {**delivery.tables, name: replaced(table, column, rows, values)}
        return replace(delivery, tables=changed, habits=noted(delivery, id_, len(rows)))

    return habit


def repeated_key(*key: str, table: str | None = None) -> Habit:
    """D09: one row carries the key of the row above it, with other content."""

    def habit(rng: np.random.Generator, delivery: Delivery) -> Delivery:
        name = table or next(iter(delivery.tables))
        rows = delivery.tables[name]
        free = untouched(delivery, rows) & pc.is_valid(rows[key[-1]]).to_numpy()
        chosen = rng.permutation(np.flatnonzero(free & np.roll(free, 1))[1:])[:1]
        for column in key:
            above = rows[column].take(pa.array(chosen - 1)).to_pylist()
            rows = replaced(rows, column, chosen, above)
        numbers = tuple(int(r) + delivery.first_row for r in chosen)
        defect = Defect("D09", len(chosen), numbers, name if len(delivery.tables) > 1 else None)
        return replace(delivery, tables={**delivery.tables, name: rows}, defects=(*delivery.defects, defect))

    return habit


def spare_field(rng: np.random.Generator, delivery: Delivery, fewest: int = 200) -> Delivery:
    """D24: one row of `fewest` or more gets a field too many, so that it cannot be split into the columns."""
    ((_, table),) = delivery.tables.items()
    if table.num_rows < fewest:
        return delivery
    row = rng.permutation(np.flatnonzero(untouched(delivery, table)))[:1]
    return replace(
        delivery,
        extra_fields=(int(row[0]) + delivery.first_row,),
        defects=found(delivery, "D24", row),
    )
