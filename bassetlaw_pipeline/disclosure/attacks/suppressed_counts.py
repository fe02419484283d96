"""The intruder before every release: can a suppressed count be worked out from what is about to be published?

The intruder knows the published tables of this release and of every earlier one, which sums hold, and which
of the earlier figures still hold: that is more than any real one does. An earlier figure counts for him
when the count still lies in the range it tells, so a count that has changed since is not mistaken for one
that has not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.disclosure.counts import UNBOUNDED, Counts
from bassetlaw_pipeline.disclosure.difference import rules
from bassetlaw_pipeline.disclosure.intruder import exposed
from bassetlaw_pipeline.disclosure.tables import counts_of
from bassetlaw_pipeline.disclosure.witnesses import RECENT

TABLE = "fct_indicator_value"


@dataclass(frozen=True)
class Found:
    """Suppressed counts with too few candidates left; by key, never by value."""

    suppressed: int  # counts attacked
    exposed: tuple[str, ...]  # indicator|area|period|sex|age band#measure


def attack(warehouse: Path, earlier: Iterable[Path] = ()) -> Found:
    """Attack the schema `outcomes` of a warehouse, with the outcomes files of `earlier` releases at hand."""
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        _attach(con, warehouse, "warehouse")
        if not _has(con, "restricted", "rst_seen_bounds"):
            return Found(0, ())
        _write_rules(con)
        counts = _with_ranges(con, _restricted(con), "warehouse.outcomes", still_true=False)
        for number, path in enumerate(earlier):
            _attach(con, path, f"release_{number}")
            counts = _with_ranges(con, counts, f"release_{number}.main", still_true=True)
            con.execute(f"detach release_{number}")
    return Found(int((counts.required > 0).sum()), tuple(one.key for one in exposed(counts, RECENT)))


def _restricted(con: duckdb.DuckDBPyConnection) -> Counts:
    """Counts and sums as the gate saw them; what is hidden is known to be small, all else to nobody yet."""
    seen = con.sql("from warehouse.restricted.rst_seen_bounds").to_arrow_table()
    sums = con.sql("from warehouse.restricted.rst_sum_group").to_arrow_table()
    return counts_of(seen, sums)


def _with_ranges(con: duckdb.DuckDBPyConnection, counts: Counts, schema: str, still_true: bool) -> Counts:
    """Counts with the ranges one release tells: instead of what the gate thought, or besides them."""
    stale = "false" if still_true else _STALE
    query = _RANGES.format(table=f"{schema}.{TABLE}", anything=UNBOUNDED, stale=stale)
    table = con.sql(query).to_arrow_table()
    place = {key: i for i, key in enumerate(counts.keys)}
    at = np.array([place.get(key, -1) for key in table["count_key"].to_pylist()], int)
    rows = np.flatnonzero(at >= 0)
    low, high, further = (table[name].to_numpy()[rows] for name in ("low", "high", "hidden_further"))
    if still_true:
        return _narrowed(counts, at[rows], low, high)
    return _as_published(counts, at[rows], low, high, at[rows][further])


def _narrowed(counts: Counts, position: np.ndarray, low: np.ndarray, high: np.ndarray) -> Counts:
    """What an earlier release told, where it is still true."""
    holds = (low <= counts.exact[position]) & (counts.exact[position] <= high)
    both_low, both_high = counts.low.copy(), counts.high.copy()
    np.maximum.at(both_low, position[holds], low[holds])
    np.minimum.at(both_high, position[holds], high[holds])
    return replace(counts, low=both_low, high=both_high)


def _as_published(
    counts: Counts, position: np.ndarray, low: np.ndarray, high: np.ndarray, further: np.ndarray
) -> Counts:
    """What this release tells. A count left out is small where the release says so, otherwise it could be
    anything.

    `further` are the positions of values hidden to protect others; those must not be found out either.
    """
    small = counts.required > 0
    new_low, new_high = np.where(small, counts.low, 0.0), np.where(small, counts.high, UNBOUNDED)
    new_low[position], new_high[position] = low, high
    required = counts.required.copy()
    chosen = further[~small[further] & np.isfinite(counts.cost[further])]
    required[chosen] = counts.required_once_hidden[chosen]
    return replace(counts, low=new_low, high=new_high, required=required, cost=np.full(len(counts), np.inf))


def _attach(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    con.execute(f"attach {sql.text(str(path))} as {name} (read_only)")


def _has(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    query = "from duckdb_tables() where database_name = 'warehouse' and schema_name = ? and table_name = ?"
    return bool(con.execute(query, [schema, table]).fetchall())


def _write_rules(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table rule (policy varchar, hide_to integer, round_to integer)")
    con.executemany(
        "insert into rule values (?, ?, ?)", [(n, r.hide_to, r.round_to) for n, r in rules().items()]
    )


# Counts of which the release shows, and says that it shows, what was published before: a correction is held.
_STALE = "count_key in (select count_key from warehouse.restricted.rst_seen_bounds where stale)"

# What a published count tells: a rounded one lies within 2 of what is shown, and above what would be
# hidden; 0 is 0. Of a value hidden to protect others nothing is told, not even whether it is small.
_RANGES = """
    with shown as (
        select value.* exclude (policy), coalesce(rule.hide_to, 0) as hide_to,
            value_status = 'suppressed_secondary' as further,
            case when value_status = 'official' then 1 else coalesce(rule.round_to, 1) end as round_to
        from {table} as value
        left join rule on rule.policy = value.policy
    ),
    counted as (
        select *, 'numerator' as measure, numerator as n from shown
        union all
        select *, 'denominator', denominator from shown where method in ('proportion', 'growth', 'ratio')
        union all
        select *, 'complement', null from shown where method = 'proportion'
    )
    select
        concat_ws('|', indicator_id, area_code, period_id, sex, age_band) || '#' || measure as count_key,
        (case when n is null then 0 when n = 0 or round_to = 1 then n
            else greatest(n - 2, hide_to + 1) end)::double as low,
        (case when n is null then {anything} when n = 0 or round_to = 1 then n
            else n + 2 end)::double as high,
        n is null as hidden_further
    from counted
    where (n is not null and not {stale}) or further
    order by count_key
"""
