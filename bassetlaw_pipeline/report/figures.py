"""Rows of figures chosen and made ready for a table: one period, one kind of place, one sex and age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bassetlaw_pipeline.report.bars import with_bars
from bassetlaw_pipeline.report.words import (
    COMPARED,
    HIDDEN,
    LONGEST_FIRST,
    because,
    capital,
    figure_text,
    interval_text,
    number_text,
    unit_words,
)

Row = dict[str, Any]
CSV_COLUMNS = (
    "indicator_id",
    "area_code",
    "area_name",
    "area_type",
    "period_id",
    "label",
    "sex",
    "age_band",
    "value_status",
    "value",
    "ci95_lower",
    "ci95_upper",
    "numerator",
    "denominator",
    "status_reason",
    "confidence_grade",
    "confidence_reasons",
    "provisional",
    "comparability",
)


@dataclass(frozen=True)
class Table:
    """A table with a bar in each row. `name` is part of its file's name."""

    name: str
    heading: str
    period: str
    finding: str
    against: str  # name of the place the rows are compared with; empty for none
    rows: list[Row]
    csv_rows: list[Row]
    unit: str = ""
    first_column: str = "Place"

    @property
    def has_figures(self) -> bool:
        """Whether any row has a figure."""
        return any(r["value"] is not None for r in self.rows)


def main_rows(figures: Sequence[Row]) -> list[Row]:
    """Totals: all ages, everybody or, where the indicator is of one sex only, that one."""
    totals = [f for f in figures if f["age_band"] == "all"]
    there = {f["sex"] for f in totals}
    sex = next((s for s in ("persons", "female", "male") if s in there), "persons")
    return [f for f in totals if f["sex"] == sex]


def newest(rows: Sequence[Row], wanted: str | None, kind: str | None) -> list[Row]:
    """The rows of one period with a figure: the wanted one, the newest of that kind, or of the longest.

    Without any figure the newest of these periods, so that the reason can be told.
    """
    for has in (_has_figure, _has_reason, lambda r: True):
        found = _newest(rows, wanted, kind, has)
        if found:
            return found
    return []


def _has_figure(row: Row) -> bool:
    return row["value"] is not None


def _has_reason(row: Row) -> bool:
    return row["value_status"] not in ("not_supplied", "not_applicable")


def _newest(
    rows: Sequence[Row], wanted: str | None, kind: str | None, has: Callable[[Row], bool]
) -> list[Row]:
    def of(period: str) -> list[Row]:
        return [r for r in rows if r["period_id"] == period]

    if wanted and any(has(r) for r in rows if r["period_id"] == wanted):
        return of(wanted)
    for period_type in (kind, *LONGEST_FIRST):
        there = [r for r in rows if r["period_type"] == period_type and has(r)]
        if there:
            return of(max(there, key=lambda r: (r["period_end"], r["period_id"]))["period_id"])
    return []


def in_words(row: Row, unit: str) -> Row:
    """A row with the words of its cells: `figure`, `interval` and `remark`."""
    remarks = [because(row)] if row["value"] is None or row["value_status"] == "unreliable_u" else []
    if row.get("provisional") and row["value"] is not None:
        remarks.append("Early figure, may change")
    if row.get("confidence_reasons"):
        remarks += [
            capital(r) for r in row["confidence_reasons"].split("; ") if not r.startswith("early figures")
        ]
    remarks = list(dict.fromkeys(r for r in remarks if r))
    return row | {
        "figure": figure_text(row),
        "short": number_text(row["value"], unit) if row["value"] is not None else figure_text(row),
        "interval": interval_text(row.get("ci95_lower"), row.get("ci95_upper"), unit)
        if row["value"] is not None
        else "",
        "remark": "; ".join(remarks),
        "is_hidden": row["value_status"] in HIDDEN,
    }


def table(
    name: str, heading: str, rows: Iterable[Row], indicator: Row, *,
    label: Callable[[Row], str], against: str = "", reference: float | None = None,
    first_column: str = "Place",
) -> Table:  # fmt: skip
    """Rows of one period as a table; each row has `against`, its published comparison, where it has one."""
    unit = indicator["short_unit"]
    ready = [in_words(r, unit) | {"name": label(r)} for r in rows]
    for r in ready:
        r["compared_words"] = COMPARED.get(r.get("against") or "", "")
    return Table(
        name=name,
        heading=heading,
        period=ready[0]["label"] if ready else "",
        finding=finding(ready, against),
        against=against if any(r.get("against") not in (None, "not_compared") for r in ready) else "",
        rows=with_bars(ready, indicator["method"], reference),
        csv_rows=[{c: r.get(c) for c in CSV_COLUMNS} for r in ready],
        unit=unit_words(unit),
        first_column=first_column,
    )


def finding(rows: Sequence[Row], against: str) -> str:
    """What the rows show: the ends, how they compare, and how many are hidden."""
    shown = sorted((r for r in rows if r["value"] is not None), key=lambda r: r["value"])
    parts = []
    if len(shown) > 1:
        low, high = shown[0], shown[-1]
        parts.append(f"From {low['figure']} ({low['name']}) to {high['figure']} ({high['name']}).")
    counts = Counter(r.get("against") for r in shown)
    if against and counts["better"] + counts["worse"] + counts["similar"]:
        parts.append(
            f"Compared with {against}: {counts['better']} better, {counts['worse']} worse, "
            f"{counts['similar']} about the same."
        )
    hidden = sum(r["is_hidden"] for r in rows)
    if hidden:
        parts.append(f"{hidden} hidden to protect people.")
    return " ".join(parts)
