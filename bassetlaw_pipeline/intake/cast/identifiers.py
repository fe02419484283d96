"""Identifying columns: what each becomes while the file is read.

Nothing that identifies a person leaves this module's expressions: only pseudonyms, ages, areas and reason
codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Column, Table
from bassetlaw_pipeline.intake.cast import dates, nhs_number, pseudonym
from bassetlaw_pipeline.intake.cast.columns import (
    ColumnSql,
    landed_name,
    reason_name,
    retained_column,
    sql_out_of_range,
    sql_retained,
    sql_text,
    text_name,
    value_name,
)
from bassetlaw_pipeline.intake.cast.nhs_number import Environment

OLDEST = 120  # years
NO_MATCH_STATUS = "04"  # NHS NUMBER STATUS INDICATOR CODE: trace attempted, no match
POSTCODES = "_postcode_lsoa11"  # table (postcode, lsoa11_code) on the connection


@dataclass(frozen=True)
class Context:
    """What the transformations of one delivery depend on."""

    table: Table
    organisation: str
    environment: Environment


def column_sql(column: Column, context: Context) -> ColumnSql:
    """The stages of any column."""
    if column.transform is None:
        plain = retained_column(column)
        return _with_status(plain, context) if _is_status(column) else plain
    return _TRANSFORMS[column.transform.kind](column, context)


def _person_key(column: Column, context: Context) -> ColumnSql:
    """A number that cannot be used empties the key; the row always stays."""
    cell, text = sql.name(column.name), text_name(column.name)
    value, reason = value_name(column.name), reason_name(column.name)
    usable = f"({reason} IS NULL OR {reason} IN ({sql.texts(nhs_number.USABLE_CODES)}))"
    return ColumnSql(
        name=column.name,
        text=f"nullif({nhs_number.sql_normalise(cell)}, '')",
        value=f"TRY_CAST({text} AS BIGINT)",
        reason=nhs_number.sql_reason(cell, text, value, context.environment),
        landed=f"CASE WHEN {usable} THEN {pseudonym.sql_person_key(text)} END",
        lands_as=column.lands_as,
    )


def _row_key(column: Column, context: Context) -> ColumnSql:
    text = f"CAST({value_name(column.name)} AS VARCHAR)"
    domain = column.transform.domain or column.name
    issuer = column.transform.organisation or context.organisation
    return retained_column(column, pseudonym.sql_row_key(text, domain, issuer))


def _month(column: Column, context: Context) -> ColumnSql:
    return retained_column(column, f"CAST(date_trunc('month', {value_name(column.name)}) AS DATE)")


def _age(column: Column, context: Context) -> ColumnSql:
    """Completed years at another date of the row; a birth after it, or before 120 years, is refused."""
    born, at = value_name(column.name), _reference_date(column, context)
    years = dates.sql_completed_years(born, at)
    outside = sql_out_of_range(column, born)
    implausible = f"NOT ({outside}) AND {years} NOT BETWEEN 0 AND {OLDEST}"
    reason = f"coalesce({reason_name(column.name)}, CASE WHEN {implausible} THEN 'DATE_ORDER' END)"
    return replace(
        retained_column(column), landed=None, row_reason=reason, row_landed=sql_retained(column, years)
    )


def _reference_date(column: Column, context: Context) -> str:
    at = column.transform.at
    if at in context.table.by_name:
        return value_name(at)
    if at == "_period_start":
        return sql.name(at)
    raise ValueError(f"{column.name}: age at {at!r}, which is not a column of {context.table.name}")


def _lsoa(column: Column, context: Context) -> ColumnSql:
    """An unmapped postcode empties the area; the row always stays (D04)."""
    text, value, reason = text_name(column.name), value_name(column.name), reason_name(column.name)
    missing = f"WHEN {text} IS NULL THEN 'VALUE_MISSING'" if column.required else ""
    unmapped = f"WHEN {text} IS NOT NULL AND {value} IS NULL THEN '{column.reason or 'POSTCODE_UNMAPPED'}'"
    return ColumnSql(
        name=column.name,
        text=sql_text(column),
        value=f"(SELECT lsoa11_code FROM {POSTCODES} WHERE postcode = {sql_postcode(text)})",
        reason=f"CASE {missing} {unmapped} END",
        landed=f"CASE WHEN {reason} IS NULL THEN {value} END",
        lands_as=column.lands_as,
    )


def sql_postcode(text: str) -> str:
    """SQL: upper case without separators; a letter O typed for the digit that starts the inward code."""
    bare = f"regexp_replace(upper({text}), '[^A-Z0-9]', '', 'g')"
    return rf"regexp_replace({bare}, '^([A-Z0-9]{{2,4}})O([A-Z]{{2}})$', '\10\2')"


def _drop(column: Column, context: Context) -> ColumnSql:
    """Never kept. Names must not be sent at all; free text is looked through for NHS numbers."""
    text = text_name(column.name)
    found = {
        "person_name": (f"{text} IS NOT NULL", "NAME_PRESENT"),
        "free_text": (nhs_number.sql_contains_nhs_number(text), "FREE_TEXT_NHS_NUMBER"),
    }.get(column.semantic_type or "")
    return ColumnSql(
        name=column.name,
        text=sql_text(column),
        value="NULL",
        reason=f"CASE WHEN {found[0]} THEN '{column.reason or found[1]}' END" if found else None,
        landed=None,
        lands_as=None,
    )


_TRANSFORMS = {
    "person_key": _person_key,
    "row_key": _row_key,
    "age": _age,
    "lsoa": _lsoa,
    "month": _month,
    "drop": _drop,
}


def _is_status(column: Column) -> bool:
    return "nhs_number_status" in (column.semantic_type, column.name)


def _with_status(status: ColumnSql, context: Context) -> ColumnSql:
    """D01: a number that is there but unusable has no match, whatever the partner's status says."""
    numbers = [c for c in context.table.columns if c.transform and c.transform.kind == "person_key"]
    if not numbers:
        return status
    reason = reason_name(numbers[0].name)
    fine = sql.texts((nhs_number.MISSING, *nhs_number.USABLE_CODES))
    stated = landed_name(status.name)
    landed = f"CASE WHEN {reason} NOT IN ({fine}) THEN '{NO_MATCH_STATUS}' ELSE {stated} END"
    return replace(status, row_landed=landed)
