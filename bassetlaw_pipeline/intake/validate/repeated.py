"""A period whose every figure equals those of another period: a file sent again under another name.

Equal tables have as many rows, so only periods with the same number are read. What names the period is left
out: dates, the period's own column, and texts and keys that are the same in every row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import LINEAGE_COLUMNS, Column, Contract, Table
from bassetlaw_pipeline.intake.model import Finding
from bassetlaw_pipeline.intake.validate.earlier import Known

LEAST = 10  # different figures other than zero, or records of a table without figures: fewer may agree
_TOLD = 6

Cell = tuple[str, date]  # delivery, period


def find(
    contract: Contract, deliveries: Sequence[Known], before: Sequence[Known]
) -> dict[str, list[Finding]]:
    """PERIOD_REPEATED by delivery: against what was received before it, and its own earlier periods."""
    found: dict[str, list[Finding]] = defaultdict(list)
    by_id = {k.delivery_id: k for k in (*before, *deliveries)}
    new = {k.delivery_id for k in deliveries}
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        for table in filter(_can_repeat, contract.tables):
            having = {i: k for i, k in by_id.items() if table.name in k.files}
            cells = _as_many_rows(_sizes(con, contract, table, having), new)
            equal = _equal(_fingerprints(con, contract, table, having, cells), having, new)
            for delivery, pairs in equal.items():
                found[delivery].append(_finding(table, pairs))
    return found


def _finding(table: Table, pairs: Mapping[date, date]) -> Finding:
    words = [f"{mine} equals {other}" for mine, other in sorted(pairs.items())]
    more = f"; and {len(words) - _TOLD} more" if len(words) > _TOLD else ""
    detail = "; ".join(words[:_TOLD]) + more
    return Finding(code="PERIOD_REPEATED", table=table.name, count=len(pairs), detail=detail)


def _can_repeat(table: Table) -> bool:
    """Look-ups have neither figures nor records: they may stay as they are for years."""
    return not table.may_repeat and bool(_figures(table) or _is_of_records(table))


def _figures(table: Table) -> list[str]:
    return [c.lands_as for c in table.columns if c.lands_as and _is_number(c) and not c.key]


def _is_number(column: Column) -> bool:
    return column.landed_type in ("BIGINT", "DOUBLE", "INTEGER")


def _is_of_records(table: Table) -> bool:
    return any(c.transform and c.transform.kind in ("person_key", "row_key") for c in table.columns)


def _sizes(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: Table, having: Mapping[str, Known]
) -> dict[Cell, int]:
    """Accepted rows by delivery and period; read from the rows only where a file has several periods."""
    if contract.window is None:
        return {
            (i, min(k.periods)): k.tables[table.name].accepted
            for i, k in having.items()
            if len(k.periods) == 1
        }
    counted = con.execute(
        "SELECT _delivery_id, _period_start, count(*) FROM read_parquet($1) "
        "WHERE _period_start IS NOT NULL GROUP BY ALL",
        [[str(k.files[table.name]) for k in having.values()]],
    ).fetchall() if having else []  # fmt: skip
    return {(delivery, start): rows for delivery, start, rows in counted}


def _as_many_rows(sizes: Mapping[Cell, int], new: set[str]) -> set[Cell]:
    """Periods that have as many rows as another period, where one of the two is new."""
    alike: dict[int, list[Cell]] = defaultdict(list)
    for cell, rows in sizes.items():
        alike[rows].append(cell)
    return {
        cell
        for rows, cells in alike.items()
        if rows and len({start for _, start in cells}) > 1 and any(i in new for i, _ in cells)
        for cell in cells
    }


def _equal(
    prints: Mapping[Cell, tuple], having: Mapping[str, Known], new: set[str]
) -> dict[str, dict[date, date]]:
    """By new delivery: its periods that equal another one, and the nearest of these."""
    alike: dict[tuple, list[Cell]] = defaultdict(list)
    for cell, found in prints.items():
        alike[found].append(cell)
    equal: dict[str, dict[date, date]] = defaultdict(dict)
    for cells in alike.values():
        for mine in (c for c in cells if c[0] in new):
            others = [o[1] for o in cells if o[1] != mine[1] and _may_compare(mine, o, having)]
            if others:
                equal[mine[0]][mine[1]] = min(others, key=lambda start: (abs(mine[1] - start), start))
    return equal


def _may_compare(mine: Cell, other: Cell, having: Mapping[str, Known]) -> bool:
    if mine[0] == other[0]:
        return other[1] < mine[1]
    return having[other[0]].came_before(having[mine[0]])


def _fingerprints(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    table: Table,
    having: Mapping[str, Known],
    cells: set[Cell],
) -> dict[Cell, tuple]:
    """A sum of hashes of the rows of each period, whatever their order, where there is enough to compare."""
    if not cells:
        return {}
    labels, figures = _labels(contract, table), _figures(table)
    window = "OVER (PARTITION BY _delivery_id, _period_start)"
    own = [f"CASE WHEN min({c}) {window} IS DISTINCT FROM max({c}) {window} THEN {c} END" for c in labels]
    own += [sql.name(c) for c in figures]
    different = " + ".join(f"count(DISTINCT nullif({sql.name(c)}, 0))" for c in figures) or "count(*)"
    files = sorted({str(having[delivery].files[table.name]) for delivery, _ in cells})
    starts = sorted({start for _, start in cells})
    kept = ", ".join(["_delivery_id", "_period_start", *map(sql.name, figures)])
    found = con.execute(
        f"""SELECT _delivery_id, _period_start, sum(_hash::HUGEINT), bit_xor(_hash), count(*)
        FROM (SELECT {kept}, hash({", ".join(own)}) AS _hash
            FROM read_parquet($1, union_by_name = true) WHERE _period_start IN $2)
        GROUP BY ALL HAVING {different} >= {LEAST}""",
        [files, starts],
    ).fetchall()
    return {(delivery, start): tuple(rest) for delivery, start, *rest in found}


def _labels(contract: Contract, table: Table) -> list[str]:
    """Columns, quoted, that say what a row is about: no figures, dates, or names of the period."""
    return [
        sql.name(c.lands_as)
        for c in table.columns
        if c.lands_as and c.lands_as not in LINEAGE_COLUMNS and c.name != contract.period.column
        if c.landed_type not in ("DATE", "TIMESTAMP") and c.semantic_type != "published_period"
        if c.key or not _is_number(c)
    ]  # fmt: skip
