"""The board diff: what a release would change, by how much and why, before anybody sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from bassetlaw_pipeline.publication.archive import StoredRelease
from bassetlaw_pipeline.publication.comparison import figures
from bassetlaw_pipeline.publication.comparison.causes import CAUSES, AcceptedDelivery, Evidence, ReleaseFacts
from bassetlaw_pipeline.publication.comparison.figures import KEYS, NUMBERS, Columns, Source
from bassetlaw_pipeline.publication.comparison.versioning import Level, Reason, weight
from bassetlaw_pipeline.publication.outputs import dictionary

# Of the release itself, in no warehouse.
_OWN_TABLES = ("dim_release", "fct_restatement", *dictionary.NAMES)


@dataclass(frozen=True)
class Change:
    """One published figure that a release restates."""

    key: Mapping[str, str]  # measure, indicator_id, area_code, period_id, sex, age_band
    old: Mapping[str, Any]  # status, numerator, denominator, value, ci95_lower, ci95_upper
    new: Mapping[str, Any]
    cause: str
    was_provisional: bool
    period_label: str

    @property
    def by(self) -> float | None:
        """New value minus old value; None when one of them is missing."""
        values = self.old["value"], self.new["value"]
        return None if None in values else values[1] - values[0]


@dataclass(frozen=True)
class IndicatorDiff:
    """What changes for one indicator."""

    indicator_id: str
    title: str
    unit: str
    restated: int
    causes: dict[str, int]
    held: int  # corrections the gate holds: those figures are unchanged
    new_figures: int
    newest_period: str | None
    largest: Change | None
    headline: Change | None  # the figure the scorecard showed


@dataclass(frozen=True)
class Comparison:
    """A release that is about to be made, compared with the last one."""

    previous: str | None  # release id
    previous_version: str | None
    level: Level
    reasons: list[Reason]
    indicators: list[IndicatorDiff]
    deliveries: list[AcceptedDelivery]
    changes: list[Change] = field(repr=False)

    @property
    def held(self) -> int:
        """Figures that stay as published because a correction is held."""
        return sum(indicator.held for indicator in self.indicators)

    @property
    def causes(self) -> dict[str, int]:
        """Restated figures by cause."""
        return _counted(self.changes)


def compare(old: StoredRelease | None, new: Source, manifest: Mapping[str, Any]) -> Comparison:
    """Compare the last release with tables about to be released.

    `manifest` is what the new release will say of its making: methods, contracts, reference_data,
    shared_sha256, corrections.
    """
    before = Source(old.outcomes) if old else None
    with figures.side_by_side(before, new) as con:
        evidence = Evidence(
            _release_facts(con, "old", old.manifest if old else {}), _release_facts(con, "new", manifest)
        )
        found = figures.differing(con)
        changes = [_change(row, evidence) for row in found if _is_restated(row)]
        first_time = Counter(row["indicator_id"] for row in found if not _is_restated(row))
        indicators = list(_indicators(con, changes, first_time))
        structure = list(_structure(figures.columns(con, "old", before), figures.columns(con, "new", new)))
    reasons = [*structure, *_content(indicators, changes, evidence.arrived)] if old else []
    reasons = reasons or [Reason("patch" if old else "major", _NOTHING if old else _FIRST)]
    return Comparison(
        previous=old.release_id if old else None,
        previous_version=str(old.version) if old else None,
        level=weight(reasons),
        reasons=reasons,
        indicators=[i for i in indicators if i.restated or i.new_figures or i.held],
        deliveries=evidence.arrived,
        changes=changes,
    )


def no_comparison(old: StoredRelease | None) -> Comparison:
    """Of a view of the past: it restates nothing and hands on the ledger as it is."""
    return Comparison(
        previous=old.release_id if old else None,
        previous_version=str(old.version) if old else None,
        level="patch",
        reasons=[Reason("patch", "A view of the past; it restates nothing.")],
        indicators=[],
        deliveries=[],
        changes=[],
    )


_FIRST = "The first release."
_NOTHING = "No figure changes."


def _release_facts(con: duckdb.DuckDBPyConnection, name: str, manifest: Mapping[str, Any]) -> ReleaseFacts:
    areas = figures.rows(con, f"select * from {name}_area")
    indicators = figures.rows(con, f"select indicator_id, source_extracts from {name}_indicator")
    return ReleaseFacts(
        manifest=manifest,
        sent=figures.sent(con, name),
        areas={a["area_code"]: (a["area_type"], a["parent_code"]) for a in areas},
        extracts={
            i["indicator_id"]: frozenset(e.strip() for e in (i["source_extracts"] or "").split(","))
            for i in indicators
        },
    )


def _is_restated(row: Mapping[str, Any]) -> bool:
    """A figure that was waited for and now comes is published for the first time, not restated."""
    return row["old_value_status"] != "not_supplied"


def _change(row: Mapping[str, Any], evidence: Evidence) -> Change:
    old, new = (
        {"status": row[f"{s}_value_status"], **{n: row[f"{s}_{n}"] for n in NUMBERS}} for s in ("old", "new")
    )
    new["status"] = new["status"] or "withdrawn"
    cause = evidence.cause(row["indicator_id"], row["area_code"], row["period_start"], row["period_end"])
    return Change(
        key={key: row[key] for key in KEYS},
        old=old,
        new=new,
        cause=cause,
        was_provisional=row["was_provisional"],
        period_label=row["period_label"] or row["period_id"],
    )


def _indicators(
    con: duckdb.DuckDBPyConnection, changes: list[Change], first_time: Mapping[str, int]
) -> Iterator[IndicatorDiff]:
    added = {row["indicator_id"]: row for row in figures.added(con)}
    held = figures.held(con)
    shown = {tuple(row.values()) for row in figures.rows(con, "select * from old_scorecard")}
    known = figures.rows(
        con,
        "select indicator_id, any_value(coalesce(value_title, title)) as title, any_value(unit) as unit from "
        "(from new_indicator union all from old_indicator) "
        "group by all order by min(display_order), indicator_id",
    )
    for indicator in known:
        name = indicator["indicator_id"]
        own = [c for c in changes if c.key["indicator_id"] == name]
        sized = [c for c in own if c.by is not None and c.key["measure"] == "figure"]
        cells = added.get(name, {})
        yield IndicatorDiff(
            **indicator,
            restated=len(own),
            causes=_counted(own),
            held=held.get(name, 0),
            new_figures=cells.get("cells", 0) + first_time.get(name, 0),
            newest_period=cells.get("last_label"),
            largest=max(sized, key=lambda c: abs(c.by or 0), default=None),
            headline=next((c for c in own if _scored(c) in shown), None),
        )


def _scored(change: Change) -> tuple[str, ...]:
    return tuple(change.key[k] for k in ("indicator_id", "area_code", "period_id"))


def _counted(changes: list[Change]) -> dict[str, int]:
    counts = Counter(change.cause for change in changes)
    return {cause: counts[cause] for cause in CAUSES if counts[cause]}


def _structure(old: Columns, new: Columns) -> Iterator[Reason]:
    """Tables and columns that came, went or changed their type."""
    for table in sorted(old.keys() - new.keys() - set(_OWN_TABLES)):
        yield Reason("major", f"Table {table} is gone.")
    for table in sorted(new.keys() - old.keys()):
        if old:
            yield Reason("minor", f"Table {table} is new.")
    for table in sorted(old.keys() & new.keys() - set(_OWN_TABLES)):
        differ = sorted({name for name, _ in set(old[table]) ^ set(new[table])})
        if differ:
            yield Reason("major", f"Columns of {table} changed: {', '.join(differ)}.")


def _content(
    indicators: list[IndicatorDiff], changes: list[Change], arrived: list[AcceptedDelivery]
) -> Iterator[Reason]:
    """Figures that were restated or are new, and deliveries."""
    causes = _counted(changes)
    if causes.get("method"):
        named = [i.indicator_id for i in indicators if "method" in i.causes]
        yield Reason("major", f"Calculated in another way: {', '.join(named)}.")
    new = [i for i in indicators if i.new_figures]
    if new:
        cells = sum(i.new_figures for i in new)
        yield Reason("minor", f"{cells:,} new figures of {len(new)} indicators.")
    elif arrived and not changes:
        yield Reason("minor", f"{len(arrived):,} new deliveries; no published figure depends on them yet.")
    others = {cause: n for cause, n in causes.items() if cause != "method"}
    if others:
        words = ", ".join(f"{cause.replace('_', ' ')} {n:,}" for cause, n in others.items())
        yield Reason("patch", f"Restated figures: {words}.")
