"""What goes wrong in the files of ambulance handovers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.calibration import load_calibration
from bassetlaw_sample.damage import edited, fixed, replaced
from bassetlaw_sample.defects import Rule, filled
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, found, local_spelling, noted, pasted_header, untouched

_MOMENT = "%d/%m/%Y %H:%M"
_EXCEL_DAY_0 = datetime(1899, 12, 30)


def minutes_later(minutes: int) -> Callable[[str], str]:
    """An edit that moves a date and time."""
    return lambda text: (datetime.strptime(text, _MOMENT) + timedelta(minutes=minutes)).strftime(_MOMENT)


def without_number(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D02: crews often do not know the NHS number, so more rows lack it than one rule may touch."""
    ((name, table),) = delivery.tables.items()
    free = np.flatnonzero(untouched(delivery, table) & pc.is_valid(table["nhs_number"]).to_numpy())
    share = load_calibration()["handover"]["without_number"]
    rows = rng.permutation(free)[: int(share * len(free))]
    if not len(rows):
        return delivery
    changed = {name: replaced(table, "nhs_number", rows, [None] * len(rows))}
    return replace(delivery, tables=changed, defects=found(delivery, "D02", rows))


def number_of_last_year(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D32: in the week of the New Year an incident carries the number and vehicle of one of the old year."""
    ((name, table),) = delivery.tables.items()
    years = np.array([int(text[6:10]) for text in table["call_connect"].to_pylist()], int)
    free = untouched(delivery, table)
    is_new = years > years.min(initial=9999)
    old, new = np.flatnonzero(free & ~is_new), np.flatnonzero(free & is_new)
    if not len(old) or not len(new):
        return delivery
    for column in ("incident_number", "vehicle_callsign"):
        table = replaced(table, column, new[:1], [table[column][int(old[-1])].as_py()])
    return replace(delivery, tables={name: table}, defects=found(delivery, "D32", new[:1]))


def repeated_hour(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D27: who arrives in the hour before the clocks go back is handed over before, by the local clock."""
    ((name, table),) = delivery.tables.items()
    sunday = datetime.strptime(delivery.name[-12:-4], "%d%m%Y") + timedelta(days=6)
    if sunday.month != 10 or sunday.day < 25:
        return delivery
    arrived = pc.starts_with(table["arrived_at_hospital"], f"{sunday:%d/%m/%Y} 01:")
    timed = pc.and_(arrived, pc.is_valid(table["handover_time"])).to_numpy().astype(bool)
    rows = np.flatnonzero(timed & untouched(delivery, table))
    times = (
        table.take(pa.array(rows, pa.int64())).select(["arrived_at_hospital", "handover_time"]).to_pylist()
    )
    early = [minutes_later(-60)(t["handover_time"]) for t in times]
    kept = np.array([_before(e, t["arrived_at_hospital"]) for e, t in zip(early, times, strict=True)], bool)
    if not kept.any():
        return delivery
    values = [text for text, keep in zip(early, kept, strict=True) if keep]
    changed = {name: replaced(table, "handover_time", rows[kept], values)}
    return replace(delivery, tables=changed, defects=found(delivery, "D27", rows[kept]))


def _before(text: str, other: str) -> bool:
    return datetime.strptime(text, _MOMENT) < datetime.strptime(other, _MOMENT)


def day_numbers(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D05: a file that went through a spreadsheet holds some times as day numbers."""
    ((name, table),) = delivery.tables.items()
    rows = rng.permutation(np.flatnonzero(untouched(delivery, table)))[:6]
    values = [_serial(text) for text in table["first_on_scene"].take(rows).to_pylist()]
    changed = {name: replaced(table, "first_on_scene", rows, values)}
    return replace(delivery, tables=changed, habits=noted(delivery, "D05", len(rows)))


def _serial(text: str) -> str:
    return f"{(datetime.strptime(text, _MOMENT) - _EXCEL_DAY_0) / timedelta(days=1):.9f}"


def renamed_headers(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D21: an export with other column names."""
    render = delivery.render
    names = {b"nhs_number": b"NHS No", b"sex": b"Gender", b"clear_time": b"Clear"}

    def under_other_names(made: Delivery) -> bytes:
        data = render(made)
        for name, other in names.items():
            data = data.replace(name, other)
        return data

    return replace(delivery, render=under_other_names, habits=noted(delivery, "D21", 1))


RULES = {
    "emas_handover": [
        Rule("D01", "nhs_number", fixed("9999999999", "123"), 0.004, filled("nhs_number")),
        Rule("D04", "incident_postcode_sector", fixed("S80 O", "DN22", "not known"), 0.01),
        Rule("D06", "arrived_at_hospital", fixed("2019-10-29 11:00", "29-Oct-19"), 0.001),
        Rule("D13", "sex", fixed("n/k", "?"), 0.006),
        Rule("D13", "destination", fixed("Doncaster"), 0.001),
        Rule(
            "D27",
            "handover_time",
            edited("arrived_at_hospital", minutes_later(-7)),
            0.006,
            filled("handover_time"),
        ),
        Rule("D27", "first_on_scene", edited("call_connect", minutes_later(-30)), 0.003),
    ],
}

# Share of the rows that come twice.
REPEATED = {"emas_handover": 0.002}

HABITS: list[tuple[float, Habit]] = [
    (1.0, without_number),
    (1.0, number_of_last_year),
    (1.0, repeated_hour),
    (1.0, local_spelling("destination", {"RP5BA": "BDGH"}, 0.5)),
    (0.4, local_spelling("sex", {"M": "Male", "F": "femail"}, 0.05)),
    (0.1, day_numbers),
    (0.15, pasted_header),
    (0.1, renamed_headers),
]
