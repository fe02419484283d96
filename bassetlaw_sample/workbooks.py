"""Partners' workbooks: titles, wrapped headers, totals and colours around the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from bassetlaw_sample import xlsx
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.write import conform, contract_table, headers

SITREP_SHEETS = {"delays": "Delays", "census": "Census", "notices": "Notices"}
SITREP_TITLES, RETURN_TITLES = 5, 2  # rows above the header
_DAYS = "delayed_days_in_period"


def sitrep(delivery: Delivery) -> bytes:
    """The weekly list: three sheets, five title rows each, a coloured total on the first."""
    closed = delivery.name.removesuffix(".xlsx").rsplit(" ", 1)[-1]
    sheets = []
    for name, sheet in SITREP_SHEETS.items():
        titles = (
            "Doncaster and Bassetlaw Teaching Hospitals NHS Foundation Trust",
            f"Delayed transfers of care: {sheet.lower()}",
            f"Week ending {closed}",
            "Bassetlaw Hospital, Integrated Discharge Team",
            "OFFICIAL-SENSITIVE",
        )
        rows = [*_titles(titles), *_body(delivery, name)]
        if name == "delays":
            rows.append((_total(delivery.tables[name], rows[SITREP_TITLES][0]), xlsx.BOLD_COLOURED))
        sheets.append((sheet, [*rows, *_footer(delivery)]))
    return xlsx.workbook([*sheets, *_extra(delivery)])


def bcvs_return(delivery: Delivery) -> bytes:
    """The monthly return: one sheet, two title rows, headers broken over lines, closed cases coloured."""
    ((name, table),) = delivery.tables.items()
    titles = (
        "Bassetlaw Community and Voluntary Service",
        delivery.name.removesuffix(".xlsx").removeprefix("BCVS "),
    )
    header, *rows = _body(delivery, name)
    closed = table["closed_date"].to_pylist()
    coloured = [
        (cells, xlsx.COLOURED if day else style) for (cells, style), day in zip(rows, closed, strict=True)
    ]
    wrapped = ([_wrapped(str(text)) for text in header[0]], header[1])
    return xlsx.workbook([("SP Return", [*_titles(titles), wrapped, *coloured, *_footer(delivery)])])


def plain_workbook(
    delivery: Delivery,
    sheets: Mapping[str, str],
    titles: tuple[str, ...],
    other: Mapping[str, str] | None = None,
) -> bytes:
    """A sheet per table under some title rows; totals stand among the rows.

    `sheets`: table -> sheet. `other`: headers that this file writes in another way.
    """
    made = []
    for table, sheet in sheets.items():
        (header, style), *rows = _body(delivery, table)
        names = [(other or {}).get(str(text), text) for text in header]
        made.append((sheet, [*_titles(titles), (names, style), *rows, *_footer(delivery)]))
    return xlsx.workbook([*made, *_extra(delivery)])


def _titles(titles: tuple[str, ...]) -> list[xlsx.Row]:
    return [((title,), xlsx.BOLD) for title in titles]


def _footer(delivery: Delivery) -> list[xlsx.Row]:
    return [((line,), xlsx.PLAIN) for line in delivery.footer]


def _extra(delivery: Delivery) -> list[tuple[str, list[xlsx.Row]]]:
    """A sheet left behind from the month before: headings only."""
    rows: list[xlsx.Row] = [(("Delays", "Days"), xlsx.BOLD), (("Last month", 0), xlsx.PLAIN)]
    return [(name, rows) for name in delivery.extra_sheets]


def _body(delivery: Delivery, name: str) -> list[xlsx.Row]:
    """The header and the rows: dates and numbers as such, everything else as text."""
    table = conform(delivery.extract, name, delivery.tables[name])
    kinds = {c.source_name: c.logical_type for c in contract_table(delivery.extract, name).columns}
    columns = [_values(table[h].to_pylist(), kinds[h]) for h in table.column_names]
    return [(table.column_names, xlsx.BOLD), *((cells, xlsx.PLAIN) for cells in zip(*columns, strict=True))]


def _total(table: pa.Table, header: Sequence[Any]) -> list[object]:
    days = sum(int(v) for v in table[_DAYS].to_pylist() if v and v.isdigit())
    cells: list[object] = ["Total", *[None] * (len(header) - 1)]
    cells[header.index(headers("dbth_discharge_sitrep", "delays")[_DAYS])] = days
    return cells


def _values(values: list[str | None], kind: str) -> list[object]:
    """What Excel holds: real dates and numbers where the text is one."""
    read = {"date": date.fromisoformat, "integer": int, "number": float}.get(kind)
    return list(values) if read is None else [None if v is None else _or_text(read, v) for v in values]


def _or_text(read, value: str) -> object:
    try:
        return read(value)
    except ValueError:
        return value


def _wrapped(header: str) -> str:
    """A line break in the middle, as narrow columns have it."""
    words = header.split(" ")
    return header if len(words) < 3 else " ".join(words[:2]) + "\n" + " ".join(words[2:])
