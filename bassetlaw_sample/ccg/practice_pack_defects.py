"""What goes wrong in the practice packs.

The rows of a sheet lie side by side in the workbook: several rows of a table share a line, so defects are
put in here and not by rules about rows (defects.py).
"""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
import pyarrow as pa

from bassetlaw_sample import xlsx
from bassetlaw_sample.ccg.practice_files import FIRST_LINE, measures_of, month_of, practice_pack
from bassetlaw_sample.ccg.practice_pack import percentage, spoilt_month
from bassetlaw_sample.damage import replaced
from bassetlaw_sample.delivery import Defect, Delivery
from bassetlaw_sample.habits import Habit, footer, left_over_sheet, noted
from bassetlaw_sample.months import Month
from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World

FEWEST = 8  # people
_NEW_AGE_BAND = Month(2017, 4)
_OF_PEOPLE = ("screening", "qof")  # the other two sheets count attendances and appointments
_NUMBERS = ("999 123 4527", "999 000 0018")  # valid, of the range that is never issued


def _changed(
    delivery: Delivery, name: str, columns: dict[str, list[str | None]], rows: np.ndarray
) -> Delivery:
    table = delivery.tables[name]
    for column, values in columns.items():
        table = replaced(table, column, rows, values)
    return replace(delivery, tables={**delivery.tables, name: table})


def _found(
    delivery: Delivery, id_: str, name: str, rows: np.ndarray, count: int | None = None
) -> tuple[Defect, ...]:
    """The defects with one more, in the lines of the workbook that the rows of a table stand in.

    Without a count of cells it is counted by lines, as whoever reads the receipt does.
    """
    width = len(measures_of(delivery.tables[name]))
    lines = tuple(sorted({int(r) // width + FIRST_LINE for r in rows}))
    return (*delivery.defects, Defect(id_, count or len(lines), lines, name))


def few_hidden(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D19: numerators of 1 to 7 people, and their percentages, are a star."""
    for name in _OF_PEOPLE:
        numbers = [int(n) if n else 0 for n in delivery.tables[name]["numerator"].to_pylist()]
        rows = np.array([r for r, n in enumerate(numbers) if 0 < n < FEWEST], int)
        stars: list[str | None] = ["*"] * len(rows)
        defects = _found(delivery, "D19", name, rows, 2 * len(rows)) if len(rows) else delivery.defects
        delivery = _changed(delivery, name, {"numerator": stars, "pct": stars}, rows)
        delivery = replace(delivery, defects=defects)
    return delivery


def old_age_band(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D23: until the age band of breast screening changed, packs name the old one."""
    if month_of(delivery) >= _NEW_AGE_BAND:
        return delivery
    names = [str(n) for n in delivery.tables["screening"]["measure"].to_pylist()]
    rows = np.array([r for r, n in enumerate(names) if n.startswith("breast")], int)
    old: list[str | None] = [names[r].replace("53", "50") for r in rows]
    defects = _found(delivery, "D23", "screening", rows)
    return replace(_changed(delivery, "screening", {"measure": old}, rows), defects=defects)


def corrected_later(one_in: int) -> Habit:
    """D25: some practices first state too few outpatients, and put the cell right two packs later.

    What was wrong is decided by practice and month alone, so that all packs agree on it.
    """

    def habit(rng: np.random.Generator, delivery: Delivery) -> Delivery:
        month, table = month_of(delivery), delivery.tables["op_firsts"]
        earlier = {f"{m.first:%b-%y}": m for m in (month, month.plus(-1), month.plus(-2))}
        wrong, righted = [], 0
        for row, (code, period, measure) in enumerate(_labels(table)):
            stated = earlier.get(period)
            if stated and measure == "op_first_gp_ref" and _misstated(code, stated, one_in):
                if stated == month.plus(-2):
                    righted += table["numerator"][row].as_py() != "0"
                else:
                    wrong.append(row)
        delivery = _changed(delivery, "op_firsts", *_too_few(table, np.array(wrong, int)))
        return replace(delivery, habits=noted(delivery, "D25", righted)) if righted else delivery

    return habit


def _labels(table: pa.Table) -> zip:
    return zip(*(table[c].to_pylist() for c in ("practice_code", "period", "measure")), strict=True)


def _misstated(code: str, month: Month, one_in: int) -> bool:
    """Only where the pack that puts it right still shows the month: packs begin again in April."""
    chosen = zlib.crc32(f"{code} {month.stamp}".encode()) % one_in == 0
    return chosen and month.plus(2).financial_year == month.financial_year


def _too_few(table: pa.Table, rows: np.ndarray) -> tuple[dict[str, list[str | None]], np.ndarray]:
    """An eighth fewer attendances, at least one."""
    true = [int(table["numerator"][r].as_py()) for r in rows.tolist()]
    stated = [max(0, n - max(1, n // 8)) for n in true]
    among = [int(table["denominator"][r].as_py()) for r in rows.tolist()]
    pct = [percentage(n, d) for n, d in zip(stated, among, strict=True)]
    return {"numerator": [str(n) for n in stated], "pct": pct}, rows


def short_number(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D22: a number of appointments written as 1.2k."""
    table = delivery.tables["gp_activity"]
    filled = [r for r, n in enumerate(table["denominator"].to_pylist()) if n and n != "0"]
    row = rng.permutation(np.array(filled, int))[:1]
    short: list[str | None] = [f"{int(table['denominator'][r].as_py()) / 1000:.1f}k" for r in row.tolist()]
    defects = _found(delivery, "D22", "gp_activity", row, len(row))
    return replace(_changed(delivery, "gp_activity", {"denominator": short}, row), defects=defects)


def other_header(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D21: the first column under another name."""
    return replace(delivery, render=practice_pack("Prac code"), habits=noted(delivery, "D21", 1))


HABITS: list[tuple[float, Habit]] = [
    (1.0, few_hidden),
    (1.0, old_age_band),
    (1.0, corrected_later(25)),
    (1.0, footer("* = fewer than 8 people")),
    (0.4, footer("Produced by CCG BI")),
    (0.15, other_header),
    (0.2, left_over_sheet),
    (0.25, short_number),
]


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """D18: the patients behind a pivot table were left in a hidden sheet."""
    month = spoilt_month(world)
    name = f"ccg/Bassetlaw Practice Pack {month.first:%b %y}.xlsx"
    return {name: ("SHEET_EXTRA_IDENTIFIERS", _with_pivot)}


def _with_pivot(data: bytes) -> bytes:
    rows: list[xlsx.Row] = [(("NHS number", "Programme"), xlsx.BOLD)]
    return xlsx.with_hidden_sheet(data, "Pivot", [*rows, *(((n, "breast"), xlsx.PLAIN) for n in _NUMBERS)])
