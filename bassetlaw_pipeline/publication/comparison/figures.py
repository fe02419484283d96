"""The published figures of two releases side by side: which cells differ.

Only published tables are read: nothing hidden can come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.disclosure.difference import HELD
from bassetlaw_pipeline.publication.comparison.causes import AcceptedDelivery

KEYS = ("measure", "indicator_id", "area_code", "period_id", "sex", "age_band")
NUMBERS = ("numerator", "denominator", "value", "ci95_lower", "ci95_upper")
_TEMPLATE = (
    "measure varchar, indicator_id varchar, area_code varchar, period_id varchar, sex varchar, "
    "age_band varchar, value_status varchar, status_reason varchar, provisional boolean, "
    "numerator double, denominator double, value double, ci95_lower double, ci95_upper double"
)
# Published figures: measure, source table, its column with the value, select list that gives the template's
# columns. A release made before there was such a column has no figures of that measure.
_MEASURES = (
    ("figure", "fct_indicator_value", "value", "*"),
    *(
        (
            measure,
            "fct_inequality",
            gap,
            "indicator_id, period_id, '' as area_code, 'persons' as sex, 'all' as age_band, value_status, "
            f"{gap} as value, {gap}_ci95_lower as ci95_lower, {gap}_ci95_upper as ci95_upper",
        )
        for measure, gap in (("ward_gap", "gap"), ("deprivation_gap", "deprivation_gap"))
    ),
)
_TABLES = {
    "area": ("dim_area", "area_code varchar, area_type varchar, parent_code varchar"),
    "period": ("dim_period", "period_id varchar, label varchar, period_start date, period_end date"),
    "indicator": (
        "dim_indicator",
        "indicator_id varchar, title varchar, value_title varchar, unit varchar, source_extracts varchar, "
        "display_order integer, headline varchar, headline_period varchar",
    ),
    "delivery": (
        "fct_delivery",
        "extract varchar, sha256 varchar, first_month date, last_month date, verdict varchar",
    ),
    "scorecard": ("scorecard", "indicator_id varchar, area_code varchar, period_id varchar"),
}
SAME = 1e-9  # relative; sums of floating-point numbers may differ in the last digits


@dataclass(frozen=True)
class Source:
    """Where published tables lie: a file and the schema in it."""

    file: Path
    schema: str = "main"


@contextmanager
def side_by_side(old: Source | None, new: Source) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the temporary tables old_figure, new_figure, old_area, new_area and so on."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute(
            "create macro differs(a, b) as (a is null) <> (b is null) or "
            f"coalesce(abs(a - b) > {SAME} * greatest(abs(a), abs(b), 1), false)"
        )
        for name, source in (("old", old), ("new", new)):
            tables = _attach(con, name, source)
            _figures(con, name, source, tables)
            for short, (table, columns) in _TABLES.items():
                _copy(con, f"{name}_{short}", columns, _where(name, source, table, tables))
        yield con


Columns = dict[str, list[tuple[str, str]]]  # by table: name and type


def _attach(con: duckdb.DuckDBPyConnection, name: str, source: Source | None) -> Columns:
    if source is None:
        return {}
    con.execute(f"attach {sql.text(str(source.file))} as {name}_file (read_only)")
    return columns(con, name, source)


def _figures(con: duckdb.DuckDBPyConnection, name: str, source: Source | None, tables: Columns) -> None:
    con.execute(f"create temp table {name}_figure ({_TEMPLATE})")
    for measure, table, value, selected in _MEASURES:
        where = _where(name, source, table, tables)
        if where and value in dict(tables[table]):
            _append(con, f"{name}_figure", f"select '{measure}' as measure, {selected} from {where}")


def _copy(con: duckdb.DuckDBPyConnection, target: str, columns: str, where: str | None) -> None:
    con.execute(f"create temp table {target} ({columns})")
    if where:
        _append(con, target, f"select * from {where}")


def _append(con: duckdb.DuckDBPyConnection, target: str, query: str) -> None:
    """Fill the target's columns by name; one an older release does not have stays empty."""
    names = [n for (n,) in con.execute(f"select column_name from (describe {target})").fetchall()]
    con.execute(
        f"insert into {target} select {', '.join(names)} from "
        f"(from {target} where false union all by name {query})"
    )


def _where(name: str, source: Source | None, table: str, tables: Columns) -> str | None:
    return f"{name}_file.{source.schema}.{table}" if source and table in tables else None


def differing(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Cells whose status or numbers differ, as dictionaries with old_ and new_ columns, in a fixed order.

    Cells of indicators, areas or periods that only the new side has are left out: they are new data.
    """
    pairs = ", ".join(f"old.{c} as old_{c}, new.{c} as new_{c}" for c in ("value_status", *NUMBERS))
    changed = " or ".join(f"differs(old.{c}, new.{c})" for c in NUMBERS)
    return rows(
        con,
        f"""
        select {", ".join(f"old.{key}" for key in KEYS)}, {pairs},
            coalesce(old.provisional, false) as was_provisional, period.label as period_label,
            period.period_start, period.period_end
        from old_figure as old
        left join new_figure as new using ({", ".join(KEYS)})
        left join (from old_period union from new_period) as period on period.period_id = old.period_id
        where old.value_status is distinct from new.value_status or {changed}
        order by {", ".join(f"old.{key}" for key in KEYS)}
        """,
    )


def added(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """New cells with a figure by indicator: how many, and their periods as first and last label."""
    return rows(
        con,
        f"""
        select new.indicator_id, count(*) as cells,
            count(distinct new.period_id) filter (old_period.period_id is null) as new_periods,
            arg_max(period.label, period.period_end) as last_label
        from new_figure as new
        anti join old_figure as old using ({", ".join(KEYS)})
        left join new_period as period on period.period_id = new.period_id
        left join old_period on old_period.period_id = new.period_id
        where new.value is not null
        group by all order by all
        """,
    )


def held(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Figures of the new side by indicator that stay as published because a correction is held."""
    query = "select indicator_id, count(*) from new_figure where status_reason = ? group by all order by all"
    return dict(con.execute(query, [HELD]).fetchall())


def sent(con: duckdb.DuckDBPyConnection, name: str) -> list[AcceptedDelivery]:
    """Accepted deliveries of the side `old` or `new`."""
    found = rows(con, f"select * from {name}_delivery where verdict <> 'rejected' order by all")
    return [AcceptedDelivery(d["extract"], d["sha256"], d["first_month"], d["last_month"]) for d in found]


def columns(con: duckdb.DuckDBPyConnection, name: str, source: Source | None) -> Columns:
    """Columns (name, type) by table of one side."""
    found: Columns = {}
    if source:
        listed = con.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = ? and schema_name = ? order by table_name, column_index",
            [f"{name}_file", source.schema],
        )
        for table, column, kind in listed.fetchall():
            found.setdefault(table, []).append((column, kind))
    return found


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """Query result as dictionaries."""
    cursor = con.execute(query)
    names = [c[0] for c in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
