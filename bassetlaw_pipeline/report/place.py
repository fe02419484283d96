"""What the pages of wards and primary care networks say: the newest figure of each indicator there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bassetlaw_pipeline.report.figures import CSV_COLUMNS, Table
from bassetlaw_pipeline.report.indicator import Indicator
from bassetlaw_pipeline.report.spine import spine
from bassetlaw_pipeline.report.words import OBJECTIVES

Row = dict[str, Any]
KINDS = {"ward": ("wards", "Wards"), "pcn": ("networks", "Primary care networks")}
SINGULAR = {"ward": "ward", "pcn": "primary care network"}


@dataclass
class Place:
    """A ward or network; `rows` are its figures by indicator."""

    area: Row
    rows: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.area["area_name"])

    @property
    def kind(self) -> str:
        """What it is."""
        return SINGULAR[self.area["area_type"]]

    @property
    def csv_rows(self) -> list[Row]:
        """Its figures as published."""
        return [{c: r.get(c) for c in CSV_COLUMNS} for r in self.rows]

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """Its figures by objective."""
        titles = {r["objective"]: r["objective_title"] for r in self.rows}
        known = [o for o in OBJECTIVES if o in titles] + sorted(set(titles) - set(OBJECTIVES))
        return [(titles[o], [r for r in self.rows if r["objective"] == o]) for o in known]

    @property
    def finding(self) -> str:
        """How many of its figures are better or worse than the district's."""
        counts = Counter(r.get("against") for r in self.rows if r["value"] is not None)
        hidden = sum(r["is_hidden"] for r in self.rows)
        compared = counts["better"] + counts["worse"] + counts["similar"]
        text = (
            f"{compared} figures can be compared with the district: {counts['better']} better, "
            f"{counts['worse']} worse, {counts['similar']} about the same."
            if compared
            else "No figure can be compared with the district."
        )
        return text + (f" Hidden to protect people: {hidden}." if hidden else "")


def places(areas: Iterable[Row], indicators: Sequence[Indicator]) -> list[Place]:
    """Every ward and network, with the figures that there are."""
    found = {a["area_code"]: Place(a) for a in areas if a["area_type"] in KINDS}
    for indicator in indicators:
        for area_type, (name, heading) in KINDS.items():
            _add(found, indicator, indicator.places(area_type, name, heading))
    return sorted(found.values(), key=lambda p: (list(KINDS).index(p.area["area_type"]), p.name))


def _add(found: dict[str, Place], indicator: Indicator, table: Table) -> None:
    among = [r["value"] for r in table.rows if r["value"] is not None]
    for row in table.rows:
        if row["area_code"] not in found or row["value_status"] in ("not_applicable", "not_supplied"):
            continue
        beside = indicator.district_beside(row["period_id"])
        drawn = spine(
            row["value"],
            among,
            beside["value"] if beside else None,
            indicator.place_direction,
            row.get("against") or "not_compared",
        )
        found[row["area_code"]].rows.append(
            row
            | {
                "indicator": indicator,
                "objective": indicator.row["objective"],
                "objective_title": indicator.row["objective_title"],
                "district_figure": indicator.short(beside["value"]) if beside else "",
                "spine": drawn,
            }
        )
