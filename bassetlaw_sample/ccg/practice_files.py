"""How the practice pack looks: titles, two header rows with merged cells, practices, a total, footnotes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pyarrow as pa

from bassetlaw_sample import xlsx
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month

SHEETS = {"screening": "Screening", "qof": "QOF", "op_firsts": "OP_Firsts", "gp_activity": "GP_Activity"}
FIRST_LINE = 7  # four title rows and two header rows come first
TOTAL = "Grand Total"
TOGETHER = "02Q"  # all practices together, for people with a learning disability
_LEADING = ("Practice code", "Practice name", "Period")
_PARTS = ("Numerator", "Denominator", "%")
_WITH_SIGN = ("screening", "qof")  # sheets that write 72.4% as text


def measures_of(rows: pa.Table) -> list[str]:
    """Measures of a sheet, in the order of its columns."""
    return list(dict.fromkeys(rows["measure"].to_pylist()))


def month_of(delivery: Delivery) -> Month:
    """The month that the name of a pack ends with: Apr 19 or Apr 2019."""
    *_, name, year = delivery.name.removesuffix(".xlsx").split(" ")
    found = datetime.strptime(f"{name} {year[-2:]}", "%b %y")
    return Month(found.year, found.month)


def sent_again(delivery: Delivery) -> bool:
    """Whether the name has the year in full: the second file of a month."""
    return delivery.name[-9:-5].isdigit()


def practice_pack(first_header: str = _LEADING[0]) -> Callable[[Delivery], bytes]:
    """A renderer of packs."""

    def render(delivery: Delivery) -> bytes:
        header = (first_header, *_LEADING[1:])
        sheets = [(sheet, _sheet(delivery, name, header)) for name, sheet in SHEETS.items()]
        merged = {SHEETS[name]: _merged(len(measures_of(delivery.tables[name]))) for name in SHEETS}
        left_over: list[tuple[str, list[xlsx.Row]]] = [
            (name, [(("Figures of last month",), xlsx.BOLD)]) for name in delivery.extra_sheets
        ]
        return xlsx.workbook([*sheets, *left_over], merged)

    return render


def _merged(measures: int) -> list[tuple[int, int, int]]:
    """Row, first and last column of each merged header cell, counted from 1."""
    return [(FIRST_LINE - 2, 4 + 3 * i, 6 + 3 * i) for i in range(measures)]


def _sheet(delivery: Delivery, name: str, header: tuple[str, ...]) -> list[xlsx.Row]:
    rows = delivery.tables[name]
    measures = measures_of(rows)
    titles: list[xlsx.Row] = [
        (("Bassetlaw practice pack" + (", sent again" if sent_again(delivery) else ""),), xlsx.BOLD),
        (("Period:", f"{month_of(delivery).first:%B %Y}"), xlsx.PLAIN),
        (("Contact:", "CCG business intelligence"), xlsx.PLAIN),
        ((), xlsx.PLAIN),
    ]
    above = [None] * len(_LEADING) + [cell for m in measures for cell in (m, None, None)]
    heads: list[xlsx.Row] = [(above, xlsx.BOLD), ([*header, *_PARTS * len(measures)], xlsx.BOLD)]
    lines = _lines(rows, len(measures), name in _WITH_SIGN)
    total = (_total(rows, len(measures)), xlsx.BOLD)
    footer = [((line,), xlsx.PLAIN) for line in delivery.footer]
    return [*titles, *heads, *lines, total, *footer]


def _lines(rows: pa.Table, width: int, with_sign: bool) -> list[xlsx.Row]:
    """One line per practice and period from `width` rows, numbers as numbers and anything else as text."""
    columns = {name: rows[name].to_pylist() for name in rows.column_names}
    lines: list[xlsx.Row] = []
    for start in range(0, rows.num_rows, width):
        cells: list[object] = [columns[c][start] for c in ("practice_code", "practice_name", "period")]
        for row in range(start, start + width):
            cells += [_whole(columns["numerator"][row]), _whole(columns["denominator"][row])]
            cells.append(_per_cent(columns["pct"][row], with_sign))
        lines.append((cells, xlsx.PLAIN))
    return lines


def _whole(value: str | None) -> object:
    return int(value) if value and value.isdigit() else value


def _per_cent(value: str | None, with_sign: bool) -> object:
    if value is None or not value[0].isdigit():
        return value
    return f"{value}%" if with_sign else float(value)


def _total(rows: pa.Table, width: int) -> list[object]:
    """Sums of the practices; none where all practices together have a line of their own."""
    columns = {name: rows[name].to_pylist() for name in ("practice_code", "numerator", "denominator")}
    cells: list[object] = [TOTAL, None, None]
    for place in range(width):
        of_measure = range(place, rows.num_rows, width)
        stated_together = any(
            columns["practice_code"][r] == TOGETHER and columns["denominator"][r] for r in of_measure
        )
        for part in ("numerator", "denominator"):
            numbers = [columns[part][r] for r in of_measure if str(columns[part][r]).isdigit()]
            cells.append(None if stated_together else sum(map(int, numbers)))
        cells.append(None)
    return cells
