"""The different cells of an extract: each is cast and judged once, however many rows and files hold it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.intake.cast.columns import ColumnSql, landed_name, reason_name, text_name, value_name
from bassetlaw_pipeline.intake.read import plain_text

# No-break spaces and the byte order mark surround cells pasted from web pages and spreadsheets.
BLANKS = " \t\r\n\u00a0\u2007\u202f\ufeff"
# Columns with fewer texts share a statement: planning one takes longer than going over so many texts.
_FEW = 2048
_KEPT = 500_000  # texts of a column that are remembered, about 100 bytes each where they become pseudonyms
_TEXT = "_text"
_SELDOM = 10  # so many new texts for one that comes again, as with the numbers of events, are not worth it


@dataclass(frozen=True)
class Cells:
    """One column of a batch: the different texts without surrounding blanks, and which each row has."""

    texts: pa.Array
    numbers: pa.Array


class CastCache:
    """What the texts of earlier batches became: most people stand in every month's file.

    Two workers may use it: one that overwrites what the other keeps costs time only.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, pa.Table | None] = {}

    def of(self, column: ColumnSql) -> pa.Table | None:
        """Texts of columns with the same stages, and their stages."""
        return self._kept.get(_key(column))

    def keep(self, column: ColumnSql, rows: pa.Table, again: int, new: int) -> None:
        """Remember all texts so far; of a column where texts seldom come again (`again`) none any more."""
        key = _key(column)
        seldom = key in self._kept and new > _FEW and again * _SELDOM < new
        if rows.num_rows <= _KEPT and self._kept.get(key, rows) is not None:
            self._kept[key] = None if seldom else rows


def _key(column: ColumnSql) -> Hashable:
    return (column.text, *stages(column).values())


@dataclass(frozen=True)
class _Asked:
    """The texts of one column: where they are among those of earlier batches, and the new ones."""

    column: ColumnSql
    before: pa.Table | None
    at: pa.Array
    new: pa.Array

    @classmethod
    def of(cls, column: ColumnSql, texts: pa.Array, known: CastCache) -> _Asked:
        before = known.of(column)
        at = pc.index_in(texts, before[_TEXT]) if before else pa.nulls(len(texts), pa.int32())
        return cls(column, before, at, texts.filter(pc.is_null(at)))

    @property
    def is_answered(self) -> bool:
        """True when earlier batches had every text."""
        return self.before is not None and len(self.new) == 0

    def answered(self, result: dict[str, pa.Array], known: CastCache) -> dict[str, pa.Array]:
        """Every stage of every text, given those of the new ones."""
        rows, new = self.before, len(self.new)
        if not self.is_answered:
            own = {stage: result[stage].slice(0, new) for stage in stages(self.column)}
            rows = pa.table({_TEXT: self.new} | own)
            rows = pa.concat_tables([self.before, rows]).combine_chunks() if self.before else rows
            known.keep(self.column, rows, len(self.at) - new, new)
        is_new = pc.is_null(self.at)
        behind = np.cumsum(is_new.to_numpy(zero_copy_only=False)) + (rows.num_rows - new - 1)
        where = pc.if_else(is_new, pa.array(behind, pa.int32()), self.at)
        return {stage: rows[stage].combine_chunks().take(where) for stage in stages(self.column)}


def number_texts(column: pa.ChunkedArray) -> Cells:
    """Texts that look equal get one number; an empty cell is a text like any other."""
    coded = column.dictionary_encode(null_encoding="encode").combine_chunks()
    texts = pc.utf8_trim(plain_text.visible(coded.dictionary), BLANKS)
    if texts.equals(coded.dictionary):
        return Cells(texts, coded.indices)
    trimmed = texts.dictionary_encode(null_encoding="encode")
    return Cells(trimmed.dictionary, trimmed.indices.take(coded.indices))


def judge_texts(
    con: duckdb.DuckDBPyConnection, columns: Sequence[ColumnSql], cells: dict[str, Cells], known: CastCache
) -> dict[str, pa.Array]:
    """The value, reason and landed value of every text of every column, by the names of the stages."""
    found: dict[str, pa.Array] = {}
    for group in _groups([_Asked.of(c, cells[c.name].texts, known) for c in columns]):
        result = _judge(con, group)
        for asked in group:
            found |= asked.answered(result, known)
    return found


def _groups(asked: Sequence[_Asked]) -> Iterator[list[_Asked]]:
    """Columns of which nothing is new, of which little is, and the others, one by one."""
    yield [a for a in asked if a.is_answered]
    yield [a for a in asked if len(a.new) <= _FEW and not a.is_answered]
    yield from ([a] for a in asked if len(a.new) > _FEW)


def _judge(con: duckdb.DuckDBPyConnection, group: Sequence[_Asked]) -> dict[str, pa.Array]:
    columns = [a.column for a in group if not a.is_answered]
    if not columns:
        return {}
    con.register("texts", _side_by_side({a.column.name: a.new for a in group}))
    result = in_order(con.sql(_sql_stages(columns)).to_arrow_table(), "_n")
    return {s: result.column(sql.bare(s)).combine_chunks() for c in columns for s in stages(c)}


def in_order(result: pa.Table, number: str) -> pa.Table:
    """By a column of numbers: a query with a join, as of looking up a postcode, owes nobody an order."""
    order = result.column(number).to_numpy()
    return result if (order[:-1] < order[1:]).all() else result.take(np.argsort(order))


def _side_by_side(texts: dict[str, pa.Array]) -> pa.Table:
    """Texts that have nothing to do with each other as one table, filled up with NULL."""
    size = max(map(len, texts.values()))
    filled = {n: pa.concat_arrays([a, pa.nulls(size - len(a), a.type)]) for n, a in texts.items()}
    return pa.table(filled | {"_n": np.arange(size)})


def stages(column: ColumnSql) -> dict[str, str]:
    """The stages after the text that a column has: names and SQL."""
    stages = {value_name: column.value, reason_name: column.reason, landed_name: column.landed}
    return {name(column.name): stage for name, stage in stages.items() if stage}


def _sql_stages(columns: Sequence[ColumnSql]) -> str:
    text = ", ".join(f"{c.text} AS {text_name(c.name)}" for c in columns)
    value = ", ".join(f"{c.value} AS {value_name(c.name)}" for c in columns)
    reason = "".join(f", {c.reason} AS {reason_name(c.name)}" for c in columns if c.reason)
    landed = "".join(f", {c.landed} AS {landed_name(c.name)}" for c in columns if c.landed)
    return f"""
        WITH cleaned AS (SELECT *, {text} FROM texts), typed AS (SELECT *, {value} FROM cleaned),
        judged AS (SELECT *{reason} FROM typed), landed AS (SELECT *{landed} FROM judged)
        SELECT _n, {", ".join(name for c in columns for name in stages(c))} FROM landed"""


def by_row(values: pa.Array, cells: Cells) -> pa.Array:
    """What was found of a column's texts, for each of its rows."""
    if values.null_count == len(values):
        return pa.nulls(len(cells.numbers), values.type)
    if pa.types.is_string(values.type):
        return pa.DictionaryArray.from_arrays(cells.numbers, values)
    return values.take(cells.numbers)
