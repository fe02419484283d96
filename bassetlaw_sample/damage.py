"""How values go wrong: functions that turn a good text column into a damaged one.

Every function takes a random stream, the table and the chosen row positions, and returns one text per
position (None empties the cell).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Values = list[str | None]
Damage = Callable[[np.random.Generator, pa.Table, np.ndarray], Values]


def fixed(*choices: str | None) -> Damage:
    """One of some texts."""

    def damage(rng: np.random.Generator, table: pa.Table, rows: np.ndarray) -> Values:
        return [choices[i] for i in rng.integers(0, len(choices), len(rows))]

    return damage


def edited(column: str, edit: Callable[[str], str]) -> Damage:
    """The value of a column of the same row, edited; an empty cell stays empty."""

    def damage(rng: np.random.Generator, table: pa.Table, rows: np.ndarray) -> Values:
        values = table[column].take(pa.array(rows)).to_pylist()
        return [None if v is None else edit(v) for v in values]

    return damage


def one_of(*damages: Damage) -> Damage:
    """A different kind of damage for each row, in turn."""

    def damage(rng: np.random.Generator, table: pa.Table, rows: np.ndarray) -> Values:
        out: Values = [None] * len(rows)
        for kind, make in enumerate(damages):
            chosen = np.arange(kind, len(rows), len(damages))
            for position, value in zip(chosen, make(rng, table, rows[chosen]), strict=True):
                out[position] = value
        return out

    return damage


def wrong_check_digit(number: str) -> str:
    """The last digit moved on by one: modulus 11 finds every such error."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def nine_digits(number: str) -> str:
    """The last digit lost."""
    return number[:-1]


BAD_NHS_NUMBER = one_of(
    edited("nhs_number", wrong_check_digit),
    edited("nhs_number", nine_digits),
    fixed("9999999999", "1234567890"),
    fixed("9.99E+09"),
)

# Sector 5 of the invented units and sector-only postcodes are in no look-up; ZZ99 is no place at all.
UNMAPPED_POSTCODE = fixed("S80 5CK", "DN22 5MV", "ZZ99 3VZ", "ZZ99 3CZ", "S81 7")

FREE_ETHNICITY = fixed("White British", "W", "XX")


def replaced(table: pa.Table, column: str, rows: Sequence[int] | np.ndarray, values: Values) -> pa.Table:
    """The table with new texts in some rows of a column."""
    index = table.schema.get_field_index(column)
    texts = table[column].combine_chunks()
    chosen = np.asarray(rows)
    order = np.argsort(chosen)
    mask = np.zeros(len(texts), bool)
    mask[chosen] = True
    new = pa.array([values[i] for i in order], pa.string())
    return table.set_column(index, column, pc.replace_with_mask(texts, pa.array(mask), new))
