"""What the values of a column say: the share that passes the contract's own checks.

Only shares leave this module, never a value.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Column, Table
from bassetlaw_pipeline.intake.cast import nhs_number
from bassetlaw_pipeline.intake.cast.columns import (
    KEEPING_CODES,
    ColumnSql,
    reason_name,
    retained_column,
    text_name,
    value_name,
)
from bassetlaw_pipeline.intake.cast.distinct_cells import number_texts
from bassetlaw_pipeline.intake.cast.identifiers import Context, column_sql

_ANYBODY = "any"  # a pseudonym needs an organisation; only its text is judged here
_LOOKED_AT = 2_000  # different values of a column
_FINE = ("VALUE_SUPPRESSED", *KEEPING_CODES, *nhs_number.USABLE_CODES)
_POSTCODE = r"(?i)[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9O][A-Z]{2}"


@dataclass(frozen=True)
class Shape:
    """How many different values a column has, and how many of them pass a contract column's checks."""

    values: int
    fitting: int

    @property
    def share(self) -> float:
        """Share of values that fit; 1 when there is none."""
        return self.fitting / self.values if self.values else 1.0


def is_telling(column: Column) -> bool:
    """True when not just any text passes."""
    checked = column.logical_type != "string" or column.codes or column.pattern
    return bool(checked or (column.transform and column.transform.kind in ("person_key", "lsoa")))


class Evidence:
    """Judges columns of one table by its contract."""

    def __init__(self, table: Table) -> None:
        self._context = Context(table, _ANYBODY, "real")
        self._synthetic = Context(table, _ANYBODY, "synthetic")
        self._con = duckdb.connect(config={"threads": 1})

    def shape(self, cells: pa.ChunkedArray, column: Column) -> Shape:
        """Different values, and how many of them fit."""
        texts = number_texts(cells).texts.drop_null()
        texts = texts.filter(pc.not_equal(texts, "")).slice(0, _LOOKED_AT)
        if not len(texts) or not is_telling(column):
            return Shape(len(texts), len(texts))
        fitting = self._fitting(texts, column, self._context)
        if (
            fitting < len(texts) and column.transform
        ):  # numbers of invented patients have a range of their own
            fitting = max(fitting, self._fitting(texts, column, self._synthetic))
        return Shape(len(texts), fitting)

    def _fitting(self, texts: pa.Array, column: Column, context: Context) -> int:
        if column.transform and column.transform.kind == "lsoa":
            return pc.sum(pc.match_substring_regex(texts, f"^{_POSTCODE}$")).as_py() or 0
        stages = _stages(column, context)
        if not stages.reason:
            return len(texts)
        self._con.register("texts", pa.table({column.name: texts}))
        reason = reason_name(column.name)
        query = f"""
            WITH cleaned AS (SELECT *, {stages.text} AS {text_name(column.name)} FROM texts),
            typed AS (SELECT *, {stages.value} AS {value_name(column.name)} FROM cleaned),
            judged AS (SELECT {stages.reason} AS {reason} FROM typed)
            SELECT count(*) FROM judged WHERE {reason} IS NULL OR {reason} IN ({sql.texts(_FINE)})"""
        [(fitting,)] = self._con.execute(query).fetchall()
        return fitting


def _stages(column: Column, context: Context) -> ColumnSql:
    dropped = column.transform is not None and column.transform.kind == "drop"
    return retained_column(column) if dropped else column_sql(column, context)
