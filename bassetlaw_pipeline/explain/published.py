"""What the published file says about one value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


class NothingToExplain(LookupError):
    """No such indicator, area or period in the published file; the message says what there is."""


def definition(con: duckdb.DuckDBPyConnection, indicator: str) -> dict[str, Any]:
    """The indicator's row of dim_indicator. Raises NothingToExplain when there is none."""
    rows = _dicts(con, "select * from outcomes.dim_indicator where indicator_id = ?", [indicator])
    if not rows:
        known = con.execute("select indicator_id from outcomes.dim_indicator order by 1").fetchall()
        raise NothingToExplain(
            f"There is no indicator {indicator!r}. Published: {', '.join(r[0] for r in known)}"
        )
    return rows[0]


def extracts_of(row: dict[str, Any]) -> list[str]:
    """Extracts an indicator reads, from its row of dim_indicator."""
    return [e.strip() for e in (row["source_extracts"] or "").replace("|", ",").split(",") if e.strip()]


def values(
    con: duckdb.DuckDBPyConnection, indicator: str, area: str | None, period: str | None
) -> list[dict[str, Any]]:
    """Rows of fct_indicator_value with the names of area and period; without `period`, the newest supplied.

    Raises NothingToExplain when there is none.
    """
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
        "order by period_end desc, period_id, v.age_band <> 'all', v.sex <> 'persons', v.sex, v.age_band",
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


def lineage(
    con: duckdb.DuckDBPyConnection, indicator: str, shown: Sequence[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Rows of fct_lineage of deliveries that overlap the periods shown, by delivery; growth a year earlier.

    Empty for a release made before there was such a table.
    """
    if not _has(con, "fct_lineage"):
        return {}
    back = 12 if shown[0]["method"] == "growth" else 0
    rows = _dicts(
        con,
        "select * from outcomes.fct_lineage where indicator_id = ? "
        "and first_month <= ?::date and last_month >= date_trunc('month', ?::date - ? * interval 1 month)",
        [
            indicator,
            max(v["period_end"] for v in shown),
            min(v["period_start"] for v in shown),
            back,
        ],
    )
    return {row["delivery_id"]: row for row in rows}


def corrections(con: duckdb.DuckDBPyConnection, extracts: Sequence[str]) -> list[dict[str, Any]]:
    """Corrections that changed or flagged rows of these extracts, ordered by id."""
    if not _has(con, "fct_correction"):
        return []
    rows = _dicts(con, "select * from outcomes.fct_correction order by correction_id", [])
    return [r for r in rows if r["extract"] in extracts and r["rows_affected"]]


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = "select 1 from duckdb_tables() where database_name = 'outcomes' and table_name = ?"
    return con.execute(query, [table]).fetchone() is not None


def _dicts(con: duckdb.DuckDBPyConnection, query: str, args: list[Any]) -> list[dict[str, Any]]:
    cursor = con.execute(query, args)
    names = [c[0] for c in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
