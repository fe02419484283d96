"""What the page of an indicator says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bassetlaw_pipeline.report import symbols
from bassetlaw_pipeline.report.figures import CSV_COLUMNS, Table, in_words, main_rows, newest, table
from bassetlaw_pipeline.report.gap import Gap
from bassetlaw_pipeline.report.published import Published
from bassetlaw_pipeline.report.schedule import extract_title, next_due
from bassetlaw_pipeline.report.time_chart import LETTERS, Series, sparkline, time_chart
from bassetlaw_pipeline.report.words import (
    CHARTS,
    HIDDEN,
    KINDS_OF_PERIOD,
    RULES,
    SEXES,
    VERDICTS,
    capital,
    level_text,
    listing,
    month_text,
    number_text,
    unit_words,
    workstreams,
)

Row = dict[str, Any]
ABOVE = ("district", "other_district", "county", "region", "country")
_POINT_COLUMNS = ("mean", "lower_limit", "upper_limit", "usual_since", "variation", "special_cause")
_VARIATIONS = {
    "improvement": "A change for the better that chance does not explain",
    "concern": "A change for the worse that chance does not explain",
    "neutral": "Unusual, but called neither better nor worse",
    "common_cause": "Within what is usual",
}


@dataclass(frozen=True)
class Over:
    """One chart over time and its table."""

    name: str
    heading: str
    finding: str
    svg: str
    rows: list[Row]
    is_control_chart: bool
    events: list[tuple[str, Row]]
    has_hidden: bool
    has_nothing: bool
    has_beside: str
    has_target: bool
    csv_rows: list[Row]


class Indicator:
    """One row of the scorecard with everything published about it."""

    def __init__(self, published: Published, row: Row, areas: dict[str, Row]) -> None:
        self._published, self.row, self._areas = published, row, areas
        self.id: str = row["indicator_id"]
        self.title: str = row["title"]
        self.unit: str = row["short_unit"] or ""
        self.verdict: str = row["verdict"] or "cannot_be_told"
        self.workstreams = workstreams(row["workstream"])
        self._figures = published.figures(self.id)
        self._main = main_rows(self._figures)
        self.gap = Gap(published.inequality(self.id), row)

    @property
    def is_gap(self) -> bool:
        """Whether the headline is a gap between wards."""
        return bool(self.row["headline"] == "ward_gap")

    @property
    def verdict_words(self) -> str:
        """The verdict in words."""
        return VERDICTS[self.verdict]

    @property
    def figure(self) -> str:
        """The headline figure as it is written everywhere."""
        return self.row["value_text"] or "No figure"

    @property
    def variation(self) -> str:
        """Symbol for variation."""
        return symbols.variation(self.row["variation"], self.row["special_cause"])

    @property
    def assurance(self) -> str:
        """Symbol for assurance."""
        return symbols.assurance(self.row["assurance"])

    @cached_property
    def spark(self) -> str:
        """The headline over time, small."""
        return sparkline(
            self._series_rows(self.row["headline_period"]) if not self.is_gap else [], self.title
        )

    @property
    def target(self) -> str:
        """The declared target."""
        value = self.row["target_value"]
        return "" if value is None else number_text(value, self.unit, exact=True)

    @property
    def comparator(self) -> str:
        """The comparator's figure, as number."""
        value = self.row["comparator_value"]
        return "" if value is None else number_text(value, self.unit)

    @cached_property
    def over_time(self) -> list[Over]:
        """The headline's own series, and the control chart where there is one of this figure."""
        kinds = [self._headline_kind()]
        charted = self.row["chart_period_type"]
        if charted and charted not in kinds:
            kinds.append(charted)
        return [o for kind in kinds if kind and (o := self._over(kind, kind == charted))]

    def _headline_kind(self) -> str | None:
        own = self.row["headline_period"]
        counts = {k: sum(r["value"] is not None for r in self._series_rows(k)) for k in KINDS_OF_PERIOD}
        longer = [k for k in counts if k not in ("month", "rolling_12m")]
        return own if counts.get(own, 0) > 1 else max(longer, key=lambda k: counts[k], default=None)

    def _series_rows(self, kind: str | None) -> list[Row]:
        """Figures of the headline's area, from the first that there is to the last."""
        rows = [r for r in self._main if r["area_code"] == self.row["area_code"] and r["period_type"] == kind]
        there = [n for n, r in enumerate(rows) if r["value"] is not None or r["value_status"] in HIDDEN]
        return rows[there[0] : there[-1] + 1] if there else []

    def _over(self, kind: str, charted: bool) -> Over | None:
        points = (
            {
                p["period_id"]: p
                for p in self._published.points(self.id, self.row["area_code"])
                if p["period_type"] == kind
            }
            if charted
            else {}
        )
        rows = [self._with_point(r, points.get(r["period_id"])) for r in self._series_rows(kind)]
        if sum(r["value"] is not None for r in rows) < 2:
            return None
        events = self._published.annotations(self.id, self.row["area_code"])
        beside = self._beside(kind)
        series = Series(
            self._finding(rows, bool(points)), self.unit, rows,
            None if self.is_gap else self.row["target_value"], events, beside,
        )  # fmt: skip
        return Over(
            name=kind,
            heading=f"{self._value_title()}, {KINDS_OF_PERIOD[kind]}",
            finding=series.finding,
            svg=time_chart(series),
            rows=list(reversed(rows)),
            is_control_chart=bool(points),
            events=list(zip(LETTERS, series.in_sight, strict=False)),
            has_hidden=any(r["value_status"] in HIDDEN for r in rows),
            has_nothing=any(r["value"] is None and r["value_status"] not in HIDDEN for r in rows),
            has_beside=beside[0] if beside and len(series.others) > 1 else "",
            has_target=series.target is not None,
            csv_rows=[
                {c: r.get(c) for c in (*CSV_COLUMNS, *(_POINT_COLUMNS if points else ()))} for r in rows
            ],
        )

    def _value_title(self) -> str:
        """What the figures of a place are called, with the sex where it is not everybody's, and the place."""
        return f"{self.place_title}, {self.row['area_name']}"

    def _with_point(self, row: Row, point: Row | None) -> Row:
        ready = in_words(row, self.unit)
        ready["told"] = (
            f"{ready['figure']}: {row['status_reason']}" if row["status_reason"] else ready["figure"]
        )
        if point:
            ready |= {name: point[name] for name in _POINT_COLUMNS}
            usual = (level_text(point[n], self.unit) for n in ("lower_limit", "upper_limit"))
            ready["usual"] = " to ".join(usual)
            rule = RULES.get(point["special_cause"])
            ready["said"] = _VARIATIONS.get(point["variation"] or "", "") + (f" ({rule})" if rule else "")
        return ready

    def _beside(self, kind: str) -> tuple[str, list[Row]] | None:
        """The comparator over the same time, where it has figures."""
        area = self.row["comparator_area"]
        rows = [r for r in self._main if r["area_code"] == area and r["period_type"] == kind]
        if self.is_gap or not rows or area == self.row["area_code"]:
            return None
        return rows[0]["area_name"], rows

    def _finding(self, rows: list[Row], charted: bool) -> str:
        """The text alternative of a chart over time: its ends, and for a control chart the newest range."""
        shown = [r for r in rows if r["value"] is not None and r["is_complete"] is not False]
        if not shown:
            return f"{self._value_title()}: no complete figure."
        ends = (f"{r['figure']} in {r['label']}" for r in (shown[0], shown[-1]))
        text = f"{self._value_title()}: {', '.join(ends)}."
        last = next((r for r in reversed(shown) if r.get("usual")), None)
        if charted and last:
            text += f" {last['label']}: usual range {last['usual']}. {last['said']}."
        elif not self.is_gap:
            text += f" {self.row['verdict_reason']}." if self.row["verdict_reason"] else ""
        hidden = sum(r["is_hidden"] for r in rows)
        return text + (f" {hidden} hidden to protect people." if hidden else "")

    @cached_property
    def tables(self) -> list[Table]:
        """Places above, providers, wards, networks, practices, deprivation, sexes and ages."""
        return [t for t in self._tables() if t and (t.has_figures or t.name == "wards") and len(t.rows) > 1]

    def _tables(self) -> Iterator[Table]:
        yield self._places("comparators", "Compared with other places", ABOVE)
        yield self._places("providers", "Trusts, sites and organisations", ("provider",))
        yield self.places("ward", "wards", "Wards")
        yield self.places("pcn", "networks", "Primary care networks")
        yield self._places("deprivation", "By deprivation", ("imd_quintile",))
        yield self._places("practices", "Practices", ("practice",))
        yield from self._groups()

    def places(self, area_type: str, name: str, heading: str) -> Table:
        """The places of one kind, by name."""
        return self._places(name, heading, (area_type,))

    def _places(self, name: str, heading: str, kinds: tuple[str, ...]) -> Table:
        rows = newest(
            [r for r in self._main if r["area_type"] in kinds],
            self.row["period_id"],
            self.row["headline_period"],
        )
        district = self._district(rows)
        own = "country" in kinds or "provider" in kinds
        against = self._compared(rows, None if own else district)
        order = _order(kinds)
        ready = [r | {"against": against.get(r["area_code"])} for r in sorted(rows, key=order)]
        reference = self._reference(ready, own, district)
        other = self.row["comparator_name"] if own else (district or {}).get("area_name", "")
        return table(name, heading, ready, self.row, label=_name, against=other or "", reference=reference)

    @property
    def _is_count(self) -> bool:
        return self.row["method"] in ("count", "total")

    @property
    def place_direction(self) -> str:
        """Which way the figure of a place is better."""
        return str(self.row["place_direction"])

    def district_beside(self, period: str) -> Row | None:
        """The district's figure of a period, where it has one."""
        found = self._district([{"period_id": period}])
        return found if found and found["value"] is not None and not self._is_count else None

    def short(self, number: float | None) -> str:
        """A number beside a figure of the same unit."""
        return "" if number is None else number_text(number, self.unit)

    @property
    def place_title(self) -> str:
        """What the figure of a place is called, with the sex where it is not everybody's."""
        sex = self._main[0]["sex"] if self._main else "persons"
        return str(self.row["value_title"]) + ("" if sex == "persons" else f", {SEXES[sex].lower()}")

    def _district(self, rows: list[Row]) -> Row | None:
        """The figure of the district in the period of the rows."""
        period = rows[0]["period_id"] if rows else None
        return next(
            (r for r in self._main if r["area_type"] == "district" and r["period_id"] == period), None
        )

    def _compared(self, rows: list[Row], district: Row | None) -> dict[str, str]:
        """Published comparison of each area: with the district, or with the comparator of the indicator.

        None of counts: a part of the district has fewer than the whole.
        """
        if self._is_count:
            return {}
        if district is None:
            return {r["area_code"]: r["compared"] for r in rows}
        found = self._published.compared(self.id, district["period_id"])
        return {
            c["area_code"]: c["compared_95"] for c in found if c["comparator_area"] == district["area_code"]
        }

    def _reference(self, rows: list[Row], own: bool, district: Row | None) -> float | None:
        if self._is_count:
            return None
        if not own:
            return district["value"] if district else None
        return next((r["value"] for r in rows if r["area_code"] == self.row["comparator_area"]), None)

    def _groups(self) -> Iterator[Table]:
        """Sexes and ages of the headline's area."""
        area = [f for f in self._figures if f["area_code"] == self.row["area_code"]]
        by_sex = [f for f in area if f["age_band"] == "all" and f["sex"] != "persons"]
        by_age = [f for f in area if f["age_band"] != "all"]
        for name, heading, rows, column in (
            ("sexes", "Women and men", by_sex, "Sex"),
            ("ages", "Ages", by_age, "Age"),
        ):
            one = newest(rows, self.row["period_id"], self.row["headline_period"])
            yield table(
                name, heading, sorted(one, key=lambda r: (r["sex"], r["age_band"])), self.row,
                label=_group, first_column=column,
            )  # fmt: skip

    @cached_property
    def sources(self) -> list[Row]:
        """Extracts it is made from, with the newest file and when the next is due."""
        return [
            s | {"title": extract_title(s["extract"]), "due": next_due(s["extract"], s["last_month"])}
            for s in self._published.sources(self.id)
        ]

    def updated(self) -> datetime | None:
        """When the newest file came that it is made from."""
        return max((s["received_at"] for s in self.sources if s["received_at"]), default=None)

    @property
    def next_due(self) -> date | None:
        """When the next file is due that it is made from."""
        return min((s["due"] for s in self.sources if s["due"]), default=None)

    @property
    def unit_words(self) -> str:
        """The unit, where it does not stand at every number."""
        return unit_words(self.unit)

    @cached_property
    def falls(self) -> str:
        """Months with a fall that nothing explains, in words."""
        found = self._published.falls(self.id)
        return listing(f"{month_text(f['month_start'])} ({f['fewer']} fewer)" for f in found)

    @cached_property
    def no_chart(self) -> list[str]:
        """Why there is no control chart, where there is none."""
        if self.row["chart_period_type"]:
            return []
        found = self._published.refused_charts(self.id, self.row["area_code"])
        return [
            f"{capital(KINDS_OF_PERIOD[f['period_type']])}: {f['chart_reason']}"
            for f in found
            if f["chart_reason"]
        ]

    @cached_property
    def chart_words(self) -> str:
        """Which control chart it has."""
        found = self._published.charts(self.id, self.row["area_code"])
        own = [f for f in found if f["period_type"] == self.row["chart_period_type"]]
        return "; ".join(
            CHARTS[f["chart_type"]]
            + (f": {f['chart_reason']}" if f["chart_reason"] else "")
            + (f"; usual since {month_text(f['usual_since'])}" if f["usual_since"] else "")
            for f in own
        )


def _name(row: Row) -> str:
    return str(row["area_name"])


def _group(row: Row) -> str:
    return SEXES[row["sex"]] if row["age_band"] == "all" else f"{row['age_band']} years"


def _order(kinds: tuple[str, ...]) -> Any:
    """By kind, and by name within; quintiles by their code."""
    return lambda r: (
        kinds.index(r["area_type"]),
        r["area_code"] if "imd_quintile" in kinds else r["area_name"],
    )
