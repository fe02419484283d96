"""The workforce workbook: three title rows, one sheet, merged organisation and staff group."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bassetlaw_sample import xlsx
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.write import headers

TITLES = (
    "Workforce return",
    "Staff in post, absence and leavers by staff group",
    "ESR business intelligence",
)
FIRST_ROW = len(TITLES) + 2
# Codes of the National Workforce Data Set that the return has columns for, and their wording.
ABSENCE = {
    "07": "Back problems",
    "25": "Gastrointestinal problems",
    "27": "Cold, cough, flu",
    "29": "Other musculoskeletal problems",
    "30": "Anxiety/stress",
    "99": "Not known",
}
LEAVING = {
    "06": "End of fixed term",
    "08": "End of fixed term, rotation",
    "14": "Retirement age",
    "18": "Voluntary resignation",
    "21": "Voluntary resignation",
    "25": "Voluntary resignation",
}
_MERGED = ("org", "staff_group")
# How a later release of the staff record names columns.
RENAMED = {
    "org": "Employer",
    "staff_group": "ESR staff group",
    "period": "Reporting month",
    "headcount": "Headcount (current)",
    "contracted_fte": "Assignment contracted FTE",
    "budgeted_fte": "Position budgeted FTE",
    "vacancy_fte": "Position vacancy FTE",
    "fte_days_available": "Available FTE days",
    "fte_days_sick": "Sickness FTE days",
    "leavers": "Leavers (headcount)",
}


def book(delivery: Delivery) -> bytes:
    """The workbook under the agreed headers."""
    return _book(delivery, headers(delivery.extract, delivery.extract))


def renamed_book(delivery: Delivery) -> bytes:
    """The workbook as the later release exports it."""
    return _book(delivery, RENAMED)


def _book(delivery: Delivery, names: Mapping[str, str]) -> bytes:
    ((_, table),) = delivery.tables.items()
    header = [_header(name, names) for name in table.column_names]
    rows: list[xlsx.Row] = [((title,), xlsx.BOLD) for title in TITLES]
    rows.append((header, xlsx.BOLD))
    above: dict[str, str | None] = {}
    for row in table.to_pylist():
        hidden = [name for name in _MERGED if row[name] == above.get(name)]
        rows.append(([None if n in hidden else _cell(n, v) for n, v in row.items()], xlsx.PLAIN))
        above = row
    rows += [((line,), xlsx.PLAIN) for line in delivery.footer]
    return xlsx.workbook([("Workforce", rows)])


def _header(name: str, names: Mapping[str, str]) -> str:
    if name in names:
        return names[name]
    kind, code = name.split("_")
    wording: Callable[[str], str] = {"sickness": ABSENCE, "leavers": LEAVING}[kind].__getitem__
    return f"{'Sickness days' if kind == 'sickness' else 'Leavers'} {code} {wording(code)}"


def _cell(name: str, value: str | None) -> object:
    """A number where the text is one."""
    if name in (*_MERGED, "period") or value is None:
        return value
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value
