"""Rows set aside that would have counted, and between what the value would lie with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.explain.model import CountsModel
from bassetlaw_pipeline.intake.store.quarantine import QUARANTINE
from bassetlaw_pipeline.settings import DataHome

# Of these the same row was kept, or the row belongs into the file of another period.
NOT_MISSED = frozenset({"ROW_DUPLICATE", "ROW_OTHER_PERIOD"})


@dataclass(frozen=True)
class HeldBack:
    """Rows of the deliveries in use that were set aside, of the whole extracts and not of one area.

    by_reason   extract -> reason code -> rows; a row with two reasons stands under both
    rows        rows that would have counted somewhere, at most
    lowest, highest  the value if all of them had counted here, one way or the other; None when not known
    statement   the same in words, or why it cannot be said
    """

    by_reason: dict[str, dict[str, int]] = field(default_factory=dict)
    rows: int = 0
    lowest: float | None = None
    highest: float | None = None
    statement: str = ""


def held_back(
    home: DataHome,
    contracts: Mapping[str, Contract],
    model: CountsModel,
    deliveries: Iterable[Mapping[str, Any]],
    value: Mapping[str, Any],
    definition: Mapping[str, Any],
) -> HeldBack:
    """Count what `deliveries` (extract, partner, delivery_id) set aside of the tables the model reads.

    `value` is a row of fct_indicator_value, `definition` one of dim_indicator.
    """
    by_reason: dict[str, Counter[str]] = {}
    rows = 0
    for delivery in deliveries:
        for codes in _set_aside(home, contracts, model, delivery):
            by_reason.setdefault(delivery["extract"], Counter()).update(set(codes))
            rows += not NOT_MISSED & set(codes)
    reasons = {extract: dict(sorted(found.items())) for extract, found in sorted(by_reason.items())}
    why = _cannot_be_said(model, value)
    if why or not rows:
        return HeldBack(reasons, rows, statement=why or "No row was set aside that would have counted.")
    low, high = _bound(value, rows, float(definition["multiplier"] or 1))
    words = (
        f"At most {rows:,} rows of the whole extracts were set aside that would have counted; had all of "
        f"them counted here, the value would lie between {low:,.2f} and {high:,.2f}."
    )
    return HeldBack(reasons, rows, low, high, words)


def _set_aside(
    home: DataHome, contracts: Mapping[str, Contract], model: CountsModel, delivery: Mapping[str, Any]
) -> list[list[str]]:
    """Reason codes of each row set aside, of the tables the model reads."""
    contract = contracts.get(delivery["extract"])
    folder = home.accepted / delivery["partner"] / delivery["extract"] / delivery["delivery_id"]
    if contract is None or not (folder / QUARANTINE).is_file():
        return []
    read = [table or contract.main.name for extract, table in model.tables if extract == contract.id]
    query = 'select codes from read_parquet($file) where list_contains($read, "_table")'
    with duckdb.connect() as con:
        found = con.execute(query, {"file": str(folder / QUARANTINE), "read": read}).fetchall()
    return [codes for (codes,) in found]


def _cannot_be_said(model: CountsModel, value: Mapping[str, Any]) -> str:
    """Why there is no bound, or nothing."""
    if value["value_status"] == "official":
        return "The figure is shown as published; no row of ours went into it."
    if value["value"] is None or value["value_status"] != "shown":
        return "The figure is not shown, so nothing is said about what it would be."
    if not model.counts_rows:
        return "What the value would be cannot be said: it adds up amounts, and a row set aside has none."
    if value["method"] not in _BOUNDS:
        return f"What the value would be cannot be said for the method {value['method']}."
    if value["method"] != "count" and not value["denominator"]:
        return "What the value would be cannot be said: there is no denominator to set it against."
    return ""


def _proportion(n: float, d: float, rows: int) -> tuple[float, float]:
    """Each row adds to the denominator, and perhaps to the numerator."""
    return n / (d + rows), min(1.0, (n + rows) / (d + rows))


def _rate(n: float, d: float, rows: int) -> tuple[float, float]:
    """The population stays; each row may be one more event."""
    return n / d, (n + rows) / d


_BOUNDS = {"proportion": _proportion, "crude_rate": _rate, "count": lambda n, d, rows: (n, n + rows)}


def _bound(value: Mapping[str, Any], rows: int, multiplier: float) -> tuple[float, float]:
    """Lowest and highest value, on the scale of the one shown: its counts are rounded, it may not be."""
    n, d = float(value["numerator"] or 0), float(value["denominator"] or 1)
    low, high = _BOUNDS[value["method"]](n, d, rows)
    scale = 1.0 if value["method"] == "count" else multiplier
    shown = float(value["value"])
    return min(low * scale, shown), max(high * scale, shown)
