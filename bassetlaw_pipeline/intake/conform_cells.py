"""The different cells of a batch: each is cast and judged once, however many rows hold it.

Belongs here: numbering the texts of a column, the statement over the texts, and its results by row.
Does not belong here: the stages of a column (conform_values.py, conform_transforms.py), or what takes
more than one cell of a row (conform_pass.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.intake import sql
from bassetlaw_pipeline.intake.conform_values import (
    ColumnSql,
    landed_name,
    reason_name,
    text_name,
    value_name,
)

# No-break spaces and the byte order mark surround cells pasted from web pages and spreadsheets.
BLANKS = " \t\r\n\u00a0\u2007\u202f\ufeff"
# Columns with fewer texts share a statement: planning one takes longer than going over so many texts.
_FEW = 2048


@dataclass(frozen=True)
class Cells:
    """One column of a batch: the different texts without surrounding blanks, and which each row has."""

    texts: pa.Array
    numbers: pa.Array


def number_texts(column: pa.ChunkedArray) -> Cells:
    """Equal texts get one number; an empty cell is a text like any other."""
    coded = column.dictionary_encode(null_encoding="encode").combine_chunks()
    texts = pc.utf8_trim(coded.dictionary, BLANKS)
    if texts.equals(coded.dictionary):
        return Cells(texts, coded.indices)
    trimmed = texts.dictionary_encode(null_encoding="encode")
    return Cells(trimmed.dictionary, trimmed.indices.take(coded.indices))


def judge_texts(
    con: duckdb.DuckDBPyConnection, columns: Sequence[ColumnSql], cells: dict[str, Cells]
) -> dict[str, pa.Array]:
    """The value, reason and landed value of every text of every column, by the names of the stages."""
    found: dict[str, pa.Array] = {}
    for group in _groups(columns, cells):
        con.register("texts", _side_by_side({c.name: cells[c.name].texts for c in group}))
        result = in_order(con.sql(_sql_stages(group)).to_arrow_table(), "_n")
        for column in group:
            for stage in stages(column):
                stated = result.column(sql.bare(stage)).combine_chunks()
                found[stage] = stated.slice(0, len(cells[column.name].texts))
    return found


def in_order(result: pa.Table, number: str) -> pa.Table:
    """By a column of numbers: a query with a join, as of looking up a postcode, owes nobody an order."""
    order = result.column(number).to_numpy()
    return result if (order[:-1] < order[1:]).all() else result.take(np.argsort(order))


def _groups(columns: Sequence[ColumnSql], cells: dict[str, Cells]) -> Iterator[list[ColumnSql]]:
    few = [c for c in columns if len(cells[c.name].texts) <= _FEW]
    yield from [few] if few else []
    yield from ([c] for c in columns if c not in few)


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
