"""Organisations and places that stand with zero or nothing where they had values in the periods before.

Only tables are looked at whose keys are public codes: a record has no earlier figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Column, Contract, Table
from bassetlaw_pipeline.intake.model import Finding
from bassetlaw_pipeline.intake.validate.earlier import Known

BEFORE = 3  # periods, in each of which that has the key the figure was at least
LEAST = 20  # since smaller ones fall to zero by chance or are hidden
SWING = 3  # times the smallest at most: a figure that swings more may fall to zero by itself
EMPTY_FIGURES = 2  # that are all empty: a single one may be hidden, which is no fault
_TOLD = 6


def find(
    contract: Contract, deliveries: Sequence[Known], before: Sequence[Known]
) -> dict[str, list[Finding]]:
    """FELL_TO_NOTHING by delivery: one finding a column, with the codes."""
    found: dict[str, list[Finding]] = defaultdict(list)
    everything = [*before, *deliveries]
    for table in contract.tables:
        names, figures = _names(contract, table), _figures(table)
        pairs = list(_pairs(table, deliveries, everything)) if names and figures else []
        if not pairs:
            continue
        files = {str(k.files[table.name]) for k in everything if table.name in k.files and _asked(k, pairs)}
        for delivery, column, codes in _ask(contract, table, names, figures, pairs, sorted(files)):
            more = f"; and {len(codes) - _TOLD} more" if len(codes) > _TOLD else ""
            detail = "; ".join(codes[:_TOLD]) + more
            named = Finding(
                code="FELL_TO_NOTHING", count=len(codes), table=table.name, column=column, detail=detail
            )
            found[delivery].append(named)
    return found


def _names(contract: Contract, table: Table) -> list[Column]:
    """Columns that name an organisation or place: the key, else what partitions go by, else a code."""
    landed = {
        c.lands_as: c for c in table.columns if c.lands_as and c.landed_type not in ("DATE", "TIMESTAMP")
    }
    named = [landed[k] for k in table.key if k in landed]
    named = named or [landed[b] for b in contract.resubmission.by if b in landed]
    named = named or [c for n, c in landed.items() if n.endswith("_code")][:1]
    named = [c for c in named if c.name != contract.period.column and c.semantic_type != "published_period"]
    public = all(c.transform is None and c.classification == "none" for c in named)
    return named if public else []


def _figures(table: Table) -> list[Column]:
    """Numbers that are no codes."""
    return [
        c
        for c in table.columns
        if c.lands_as and not c.key and c.landed_type in ("BIGINT", "DOUBLE") and not c.name.endswith("_id")
    ]


Pair = tuple[
    str, date, str, date, int
]  # new delivery and period, older delivery and period, order of editions


def _pairs(table: Table, deliveries: Sequence[Known], everything: Sequence[Known]) -> Iterable[Pair]:
    """The last period of each new delivery beside the nearest periods before it, as received by then."""
    order = {k.delivery_id: n for n, k in enumerate(sorted(everything, key=lambda k: k.edition))}
    for mine in (k for k in deliveries if k.periods and table.name in k.files):
        last = max(mine.periods)
        earlier = [k for k in everything if table.name in k.files and (k is mine or k.came_before(mine))]
        starts = sorted({p for k in earlier for p in k.periods if p < last}, reverse=True)[:BEFORE]
        for other in earlier:
            for start in (p for p in other.periods if p in starts):
                yield mine.delivery_id, last, other.delivery_id, start, order[other.delivery_id]


def _asked(delivery: Known, pairs: Sequence[Pair]) -> bool:
    return any(delivery.delivery_id in (new, old) for new, _, old, _, _ in pairs)


def _ask(
    contract: Contract,
    table: Table,
    names: Sequence[Column],
    figures: Sequence[Column],
    pairs: Sequence[Pair],
    files: Sequence[str],
) -> list[tuple[str, str, list[str]]]:
    """(delivery, column, codes) of figures that fell to nothing."""
    types = [pa.string(), pa.date32(), pa.string(), pa.date32(), pa.int64()]
    asked = ["new_id", "new_start", "old_id", "old_start", "edition"]
    listed = {n: pa.array(list(c), t) for n, c, t in zip(asked, zip(*pairs, strict=True), types, strict=True)}
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.register("pairs", pa.table(listed))
        parts = [c.lands_as for c in names]
        con.execute("CREATE TEMP TABLE sums AS " + _sums(parts, figures), [list(files)])
        parts = _without_labels(con, parts, contract)
        return con.execute(_fallen(parts, figures)).fetchall() if parts else []


def _sums(names: Sequence[str], figures: Sequence[Column]) -> str:
    """SQL: every figure by delivery, period and key."""
    own = ", ".join(f"sum({sql.name(c.lands_as)})::DOUBLE AS {sql.name('f ' + c.name)}" for c in figures)
    keys = ", ".join(f"{sql.name(n)}::VARCHAR AS {sql.name('k ' + n)}" for n in names)
    return f"""SELECT _delivery_id AS id, _period_start AS start, {keys}, {own}
        FROM read_parquet($1, union_by_name = true) GROUP BY ALL"""


def _without_labels(con: duckdb.DuckDBPyConnection, names: Sequence[str], contract: Contract) -> list[str]:
    """Keys that are no other name of the period: `2019-20` in every row of one file, never in another."""
    return [n for n in names if n in contract.resubmission.by or not _is_label(con, sql.name("k " + n))]


def _is_label(con: duckdb.DuckDBPyConnection, key: str) -> bool:
    [[most, periods, values]] = con.execute(
        f"""SELECT max(n), count(DISTINCT start), (SELECT count(DISTINCT {key}) FROM sums)
        FROM (SELECT id, start, count(DISTINCT {key}) AS n FROM sums GROUP BY ALL)"""
    ).fetchall()
    return most == 1 and periods > 1 and values >= periods


def _fallen(names: Sequence[str], figures: Sequence[Column]) -> str:
    code = f"concat_ws(' ', {', '.join(sql.name('k ' + n) for n in names)})"
    each = ", ".join(f"{{c: {sql.text(c.name)}, v: sum({sql.name('f ' + c.name)})}}" for c in figures)
    return f"""
        WITH long AS (SELECT id, start, code, figure.c AS c, figure.v AS v FROM (
            SELECT id, start, {code} AS code, unnest([{each}]) AS figure
            FROM sums GROUP BY id, start, {code})),
        now AS (SELECT id, start, code, c, v FROM long
            SEMI JOIN pairs ON id = new_id AND start = new_start
            QUALIFY count(v) OVER (PARTITION BY id, c) > 0),
        past AS (SELECT new_id, code, c, old_start, arg_max(v, edition) AS v FROM long
            JOIN pairs ON id = old_id AND start = old_start GROUP BY ALL),
        high AS (SELECT new_id, code, c FROM past GROUP BY ALL HAVING
            min(coalesce(v, 0)) >= {LEAST} AND max(v) <= {SWING} * min(v)),
        beside AS (SELECT id, now.c, now.code, v,
                count(v) OVER whole AS filled, count(*) OVER whole AS had_values
            FROM now JOIN high ON id = new_id AND now.code = high.code AND now.c = high.c
            WINDOW whole AS (PARTITION BY id, now.code))
        SELECT id, c, list(code ORDER BY code) FROM beside
        WHERE v = 0 OR (v IS NULL AND filled = 0 AND had_values >= {EMPTY_FIGURES})
        GROUP BY ALL ORDER BY ALL"""
