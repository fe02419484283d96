"""Counts out of the warehouse's tables, and what is hidden back into one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from bassetlaw_pipeline.disclosure.counts import UNBOUNDED, Counts
from bassetlaw_pipeline.disclosure.protect import protect
from bassetlaw_pipeline.disclosure.witnesses import RECENT


def secondary(seen: pa.Table, sums: pa.Table) -> pa.Table:
    """What has to be hidden besides: value_key, and whether that takes its denominator with it.

    A value that is hidden already is among them when not even that its count is small may be told.

    `seen` and `sums` are the models rst_seen_bounds and rst_sum_group.
    """
    seen = _in_order(seen)
    counts = counts_of(seen, sums)
    RECENT.clear()
    hidden = seen.take(pa.array(protect(counts, RECENT).hide, pa.int64()))
    hidden = pa.table(
        {"value_key": hidden["value_key"], "denominator": pc.equal(hidden["measure"], "denominator")}
    )
    found = hidden.group_by("value_key").aggregate([("denominator", "max")])
    return found.rename_columns(["value_key", "hides_denominator"]).sort_by("value_key")


def counts_of(seen: pa.Table, sums: pa.Table) -> Counts:
    """Counts in the order of their keys, those of `seen` first, then those that only stand in sums."""
    seen = _in_order(seen)
    names, in_sums = seen["count_key"].combine_chunks(), sums["count_key"].combine_chunks()
    between = pc.unique(in_sums.filter(pc.invert(pc.is_in(in_sums, names))))
    keys = pa.concat_arrays([names, between.take(pc.sort_indices(between))])
    more = len(between)
    return Counts(
        keys=keys.to_numpy(zero_copy_only=False),
        low=np.r_[_numbers(seen, "low"), np.zeros(more)],
        high=np.r_[_numbers(seen, "high"), np.full(more, UNBOUNDED)],
        exact=np.r_[_numbers(seen, "exact"), np.full(more, np.nan)],
        required=np.r_[_numbers(seen, "wanted"), np.zeros(more)].astype(int),
        required_once_hidden=np.r_[_numbers(seen, "wanted_once_hidden"), np.zeros(more)].astype(int),
        cost=np.r_[_numbers(seen, "cost"), np.full(more, np.inf)],
        hidden_with=np.r_[_places(seen["along_key"], keys), np.full(more, -1)],
        **_sums(sums, _places(in_sums, keys), len(keys)),
    )


def _sums(sums: pa.Table, columns: np.ndarray, n: int) -> dict[str, np.ndarray | sparse.csr_array]:
    """Parts make up their total: every sum is 0."""
    named = pc.unique(sums["sum_key"])
    named = named.take(pc.sort_indices(named))
    rows = _places(sums["sum_key"], named)
    matrix = sparse.csr_array((_numbers(sums, "sign"), (rows, columns)), shape=(len(named), n))
    return {"sums": matrix, "off_low": np.zeros(len(named)), "off_high": np.zeros(len(named))}


def _places(keys: pa.Array | pa.ChunkedArray, among: pa.Array) -> np.ndarray:
    """The place of each key among others, -1 where it is not there or empty."""
    return pc.fill_null(pc.index_in(keys, among, skip_nulls=True), -1).to_numpy(zero_copy_only=False)


def _in_order(seen: pa.Table) -> pa.Table:
    return seen.sort_by("count_key")


def _numbers(table: pa.Table, column: str) -> np.ndarray:
    """A column as doubles, NaN where it is empty."""
    return pc.fill_null(table[column].cast(pa.float64()), np.nan).to_numpy()
