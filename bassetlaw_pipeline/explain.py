"""Where a published number comes from, down to the files.

Belongs here: collecting what the published file and the ledger say about one value.
Does not belong here: printing (cli), and anything hidden: a suppressed value is never looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.publication.pointer import current_file
from bassetlaw_pipeline.settings import DBT_DIR, PROJECT_DIR, DataHome


class NothingToExplain(LookupError):
    """No such indicator, area or period in the published file; the message says what there is."""


@dataclass(frozen=True)
class Explanation:
    """One indicator, its published values for an area and period, and the deliveries behind them."""

    indicator: dict[str, Any]
    model: str
    values: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    release_id: str


def explain(
    home: DataHome,
    receipts: Sequence[Receipt],
    manifest: dict[str, Any],
    indicator: str,
    area: str | None,
    period: str | None,
) -> Explanation:
    """Explain an indicator, by default for the district and its newest period.

    Raises NothingToExplain when nothing is published or the indicator, area or period is not there.
    """
    published = current_file(home)
    if not published.exists():
        raise NothingToExplain("Nothing is published yet. Run: bassetlaw run")
    with duckdb.connect(str(published), read_only=True) as con:
        definition = _definition(con, indicator)
        values = _values(con, indicator, area, period)
    extracts = [e.strip() for e in (definition["source_extracts"] or "").replace("|", ",").split(",") if e]
    as_of = datetime.fromisoformat(manifest["as_of"]) if manifest.get("as_of") else None
    deliveries = list(_deliveries(receipts, extracts, values, as_of))
    return Explanation(definition, _model_path(indicator), values, deliveries, manifest.get("release_id", ""))


def _definition(con: duckdb.DuckDBPyConnection, indicator: str) -> dict[str, Any]:
    rows = _dicts(con, "select * from outcomes.dim_indicator where indicator_id = ?", [indicator])
    if not rows:
        known = con.execute("select indicator_id from outcomes.dim_indicator order by 1").fetchall()
        raise NothingToExplain(
            f"There is no indicator {indicator!r}. Published: {', '.join(r[0] for r in known)}"
        )
    return rows[0]


def _values(
    con: duckdb.DuckDBPyConnection, indicator: str, area: str | None, period: str | None
) -> list[dict[str, Any]]:
    where, args = ["indicator_id = ?"], [indicator]
    for column, wanted in (("area_code", area), ("period_id", period)):
        if wanted:
            where.append(f"{column} = ?")
            args.append(wanted)
    if not area:
        where.append("area_code = (select area_code from outcomes.scorecard where indicator_id = ?)")
        args.append(indicator)
    rows = _dicts(
        con,
        "select v.*, p.label as period_label, p.period_start, p.period_end, a.area_name "
        "from outcomes.fct_indicator_value v join outcomes.dim_period p using (period_id) "
        f"join outcomes.dim_area a using (area_code) where {' and '.join(where)} "
        "order by period_end desc, period_id",
        args,
    )
    if not rows:
        raise NothingToExplain(_what_there_is(con, indicator, area, period))
    return rows if period else [r for r in rows if r["value_status"] != "not_supplied"][:1] or rows[:1]


def _what_there_is(
    con: duckdb.DuckDBPyConnection, indicator: str, area: str | None, period: str | None
) -> str:
    areas = con.execute(
        "select distinct area_code from outcomes.fct_indicator_value where indicator_id = ? order by 1",
        [indicator],
    ).fetchall()
    (first, last) = con.execute(
        "select min(period_id), max(period_id) from outcomes.fct_indicator_value where indicator_id = ?",
        [indicator],
    ).fetchone()
    return (
        f"{indicator} has no row for area {area or 'of the scorecard'} and period {period or 'newest'}. "
        f"Areas: {', '.join(a[0] for a in areas) or 'none'}. Periods: {first} to {last}."
    )


def _deliveries(
    receipts: Iterable[Receipt],
    extracts: Sequence[str],
    values: Sequence[dict[str, Any]],
    as_of: datetime | None,
) -> Iterable[dict[str, Any]]:
    """Deliveries of the source extracts that overlap the periods shown."""
    start = min(v["period_start"] for v in values)
    end = max(v["period_end"] for v in values)
    for receipt in receipts:
        known = as_of is None or receipt.received_at <= as_of
        if receipt.extract in extracts and known and any(_within(p, start, end) for p in receipt.periods):
            yield _delivery(receipt)


def _within(period: date, start: date, end: date) -> bool:
    return start <= period <= end


def _delivery(receipt: Receipt) -> dict[str, Any]:
    tables = receipt.tables.values()
    return {
        "extract": receipt.extract,
        "file_name": receipt.file_name,
        "sha256": receipt.sha256,
        "received_at": receipt.received_at,
        "contract_version": receipt.contract_version,
        "verdict": receipt.verdict,
        "accepted": sum(t.accepted for t in tables),
        "quarantined": sum(t.quarantined for t in tables),
    }


def _model_path(indicator: str) -> str:
    """The counts of an indicator; for one taken as published, where published figures come together."""
    counted: list[Path] = sorted(DBT_DIR.glob(f"models/indicators/*/ind_{indicator}.sql"))
    published = DBT_DIR / "models" / "intermediate" / "official" / "int_official_value.sql"
    return (counted[0] if counted else published).relative_to(PROJECT_DIR).as_posix()


def _dicts(con: duckdb.DuckDBPyConnection, query: str, args: list[str]) -> list[dict[str, Any]]:
    cursor = con.execute(query, args)
    names = [c[0] for c in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
