"""One column's SQL: text to declared type, and the reason code when it does not fit.

Every column passes four stages, each one SQL expression over the stage before:
text (trimmed, mapped, NULL when empty) -> value (typed) -> reason (a code, or NULL) -> landed.
They look at one cell only, so that equal cells are looked at once (distinct_cells.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Column
from bassetlaw_pipeline.intake.cast import dates
from bassetlaw_pipeline.intake.read.plain_text import QUOTES

# Declared null markers that say "hidden by the sender" (D19) rather than "empty".
SUPPRESSION_MARKERS = frozenset({"*", "c", "-", "--", ":", "..", "…", "[c]", "[x]", "<5", "<8", "<10"})

_WHOLE = "[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)"
_INTEGER_SHAPE = rf"{_WHOLE}([.]0+)?|[(]([0-9]+|[0-9]{{1,3}}(,[0-9]{{3}})+)[)]"
_NUMBER_SHAPE = (
    rf"({_WHOLE}|[+-]?)([.][0-9]+)?([eE][+-]?[0-9]+)? ?%?"
    r"|[(]([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?[)]"
)
# Reasons that take a row out, and reasons that leave both row and value, whatever `on_invalid` says.
MISSING_CODES = frozenset({"KEY_MISSING", "VALUE_MISSING"})
KEEPING_CODES = ("VALUE_EXCEL_DATE", "VALUE_CODE_LOCAL", "VALUE_UNIT")
# 72.4% is 72.4 in a column counted in per cent and 0.724 in a column that is a proportion.
_PROPORTION_UNITS = ("proportion", "fraction")
# A spreadsheet's sign that a cell is text, and quotes doubled by an export, are no part of a code or number.
_AROUND = sql.text(f"^{QUOTES}+|{QUOTES}+$")
_CAST_CODES = {"integer": "VALUE_NUMBER", "number": "VALUE_NUMBER", "boolean": "VALUE_CODE"}


@dataclass(frozen=True)
class ColumnSql:
    """The stages of one column. `landed` is None when nothing of the column is kept.

    hard        an invalid value takes its row out; else the value is emptied and the row stays
    row_reason, row_landed  what stands in for the stage where other columns of the row count too
    """

    name: str
    text: str
    value: str
    reason: str | None
    landed: str | None
    lands_as: str | None
    hard: bool = False
    row_reason: str | None = None
    row_landed: str | None = None

    def quarantines(self, code: str) -> bool:
        """True when a value with this reason takes its row out."""
        soft = {"VALUE_SUPPRESSED", *KEEPING_CODES}
        return code in MISSING_CODES or (self.hard and code not in soft)


def cell_name(column: str) -> str:
    """Alias of the number of a cell's text."""
    return sql.name(f"cell:{column}")


def text_name(column: str) -> str:
    """Alias of the text stage."""
    return sql.name(f"text:{column}")


def value_name(column: str) -> str:
    """Alias of the value stage."""
    return sql.name(f"value:{column}")


def reason_name(column: str) -> str:
    """Alias of the reason stage."""
    return sql.name(f"reason:{column}")


def landed_name(column: str) -> str:
    """Alias of the landed stage of a cell; in the accepted rows the column has the name it lands as."""
    return sql.name(f"landed:{column}")


def sql_text(column: Column) -> str:
    """SQL: the trimmed cell cleaned, padded and mapped to the declared spelling."""
    text = f"nullif({sql.name(column.name)}, '')"
    if column.codes or column.pattern or column.logical_type != "string":
        text = f"nullif(regexp_replace({text}, {_AROUND}, '', 'g'), '')"
    if column.clean == "code":
        text = f"nullif(regexp_replace(upper({text}), '[^A-Z0-9]', '', 'g'), '')"
    if column.units:
        text = f"regexp_replace({text}, {sql.text(_unit_pattern(column))}, '')"
    if column.pad:
        text = f"CASE WHEN length({text}) < {column.pad} THEN lpad({text}, {column.pad}, '0') ELSE {text} END"
    respellings = spellings(column)
    if not respellings:
        return text
    cases = " ".join(f"WHEN {sql.text(raw)} THEN {sql.text(code)}" for raw, code in respellings.items())
    respelt = f"CASE lower({text}) {cases} ELSE {text} END"
    if not column.codes:
        return respelt
    # Most cells are spelt as declared: they skip the list of spellings.
    return f"CASE WHEN {text} IN ({sql.texts(column.codes)}) THEN {text} ELSE {respelt} END"


def spellings(column: Column) -> dict[str, str]:
    """Every spelling that is understood, in lower case -> the declared text."""
    declared = {code.lower(): code for code in column.codes or ()}
    return declared | {raw.strip().lower(): code for raw, code in column.code_map.items()}


def _unit_pattern(column: Column) -> str:
    """A number's unit at the end of the text, in any case."""
    return rf"(?i)\s*(?:{'|'.join(re.escape(unit) for unit in column.units)})\.?$"


def _sql_marked(column: Column, markers: set[str]) -> str:
    return f"lower({sql.name(column.name)}) IN ({sql.texts(sorted(markers))})"


def _markers(column: Column) -> tuple[set[str], set[str]]:
    """Declared null markers in lower case: all of them, and those that mean suppressed."""
    markers = {m.strip().lower() for m in column.null_markers if m.strip()}
    return markers, markers & SUPPRESSION_MARKERS


def sql_typed(column: Column, text: str) -> str:
    """SQL: `text` as the column's logical type, NULL when it does not fit or is a null marker."""
    typed = _sql_cast(column, text)
    markers, _ = _markers(column)
    return f"CASE WHEN NOT {_sql_marked(column, markers)} THEN {typed} END" if markers else typed


def _sql_cast(column: Column, text: str) -> str:
    kind = column.logical_type
    if kind == "string":
        return text
    if kind in dates.DEFAULT_FORMATS:
        return dates.sql_first(text, kind, column.formats)
    if kind == "boolean":
        yes, no = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"
        return f"CASE WHEN lower({text}) IN {yes} THEN true WHEN lower({text}) IN {no} THEN false END"
    return _sql_integer(text) if kind == "integer" else _sql_number(text, column.unit)


def _sql_digits(text: str) -> str:
    """Thousands separators, blanks and per cent sign removed; (12) as -12."""
    return rf"replace(regexp_replace({text}, '[,)%+ ]', '', 'g'), '(', '-')"


def _sql_integer(text: str) -> str:
    # TRY_CAST alone turns 3.7 into 4 and 1_000 into 1000: only texts of the declared shape are cast.
    whole = f"regexp_replace({_sql_digits(text)}, '[.]0+$', '')"
    return f"""CASE WHEN regexp_full_match({text}, '-?[0-9]+') THEN TRY_CAST({text} AS BIGINT)
        WHEN regexp_full_match({text}, '{_INTEGER_SHAPE}') THEN TRY_CAST({whole} AS BIGINT) END"""


def _sql_number(text: str, unit: str | None) -> str:
    percent = " / 100" if unit in _PROPORTION_UNITS else ""
    cleaned = f"TRY_CAST({_sql_digits(text)} AS DOUBLE)"
    return f"""CASE WHEN regexp_full_match({text}, '-?[0-9]+([.][0-9]+)?') THEN TRY_CAST({text} AS DOUBLE)
        WHEN NOT regexp_full_match({text}, '{_NUMBER_SHAPE}') THEN NULL
        WHEN ends_with({text}, '%') THEN {cleaned}{percent} ELSE {cleaned} END"""


def sql_reason(column: Column, text: str, value: str) -> str:
    """SQL: the first reason why the value cannot be used, NULL when it can."""
    misfits = _misfits(column, text, value)
    if not misfits:
        misfits = [f"WHEN {_sql_formula(column)} THEN 'VALUE_FORMULA'"]
    # Most cells are empty or fit: the cheapest tests come first, and none is asked twice.
    empty = [] if column.required else [f"WHEN {text} IS NULL THEN NULL"]
    cases = [*_missing(column, text), *empty, *misfits, *_remarks(column, text)]
    return f"CASE {' '.join(cases)} END"


def _sql_formula(column: Column) -> str:
    """SQL: true when a spreadsheet would calculate the cell."""
    return f"starts_with({sql.name(column.name)}, '=')"


def _missing(column: Column, text: str) -> list[str]:
    markers, hidden = _markers(column)
    cases = []
    if column.required:
        code = "KEY_MISSING" if column.key else "VALUE_MISSING"
        empty = f" OR {_sql_marked(column, markers)}" if markers else ""
        return [f"WHEN {text} IS NULL{empty} THEN '{code}'"]
    if hidden:
        cases.append(f"WHEN {_sql_marked(column, hidden)} THEN 'VALUE_SUPPRESSED'")
    if markers - hidden:
        cases.append(f"WHEN {_sql_marked(column, markers - hidden)} THEN NULL")
    return cases


def _misfits(column: Column, text: str, value: str) -> list[str]:
    """Cast, ambiguity, range, codes and pattern; a contract may name its own code for them."""
    kind, tests = column.logical_type, []
    if kind != "string":
        tests.append((f"{value} IS NULL", column.reason or _CAST_CODES.get(kind, "VALUE_DATE")))
    if kind in dates.DEFAULT_FORMATS:
        unclear = dates.sql_ambiguous(text, kind, column.formats)
        tests += [(unclear, "VALUE_DATE_AMBIGUOUS")] if unclear else []
    outside = sql_out_of_range(column, value)
    tests += [(outside, column.reason or "VALUE_RANGE")] if outside else []
    if column.codes:
        tests.append((f"{text} NOT IN ({sql.texts(column.codes)})", column.reason or "VALUE_CODE"))
    if column.pattern:
        fits = f"regexp_full_match({text}, {sql.text(column.pattern)})"
        tests.append((f"NOT {fits}", column.reason or "VALUE_PATTERN"))
    formula = f"CASE WHEN {_sql_formula(column)} THEN 'VALUE_FORMULA' ELSE"
    return [f"WHEN {test} THEN {formula} '{code}' END" for test, code in tests]


def _remarks(column: Column, text: str) -> list[str]:
    """What is worth telling although the value is used."""
    cases = []
    if len(column.formats) > 1 and dates.EXCEL_SERIAL in column.formats:
        cases.append(f"WHEN {dates.sql_is_serial(text)} THEN 'VALUE_EXCEL_DATE'")
    if column.units:
        ending = sql.text(_unit_pattern(column).replace("(?i)", "(?i)[0-9]"))
        ends = f"regexp_matches({sql.name(column.name)}, {ending})"
        cases.append(f"WHEN {ends} THEN 'VALUE_UNIT'")
    local = [
        raw.strip().lower() for raw, code in column.code_map.items() if raw.strip().lower() != code.lower()
    ]
    if local:
        cases.append(f"WHEN lower({sql.name(column.name)}) IN ({sql.texts(local)}) THEN 'VALUE_CODE_LOCAL'")
    return cases


def sql_out_of_range(column: Column, value: str) -> str | None:
    """SQL: true outside `minimum`..`maximum`; None when the column has no range.

    For dates the bounds are calendar years, 1900 to 2099 unless the contract says otherwise.
    """
    if column.logical_type in ("date", "timestamp"):
        first, last = int(column.minimum or 1900), int(column.maximum or 2099)
        return f"year({value}) NOT BETWEEN {first} AND {last}"
    if column.logical_type not in ("integer", "number"):
        return None
    tests = [
        f"{value} {sign} {bound!r}"
        for sign, bound in (("<", column.minimum), (">", column.maximum))
        if bound is not None
    ]
    return " OR ".join(tests) or None


def sql_retained(column: Column, landed: str) -> str:
    """SQL: `landed` unless a reason empties it."""
    reason = reason_name(column.name)
    remarked = f" OR {reason} IN ({sql.texts(KEEPING_CODES)})" if _remarks(column, "NULL") else ""
    return f"CASE WHEN {reason} IS NULL{remarked} THEN {landed} END"


def retained_column(column: Column, landed: str | None = None) -> ColumnSql:
    """The stages of a column that is cast and checked, and lands as `landed` (the value itself if None)."""
    text, value = text_name(column.name), value_name(column.name)
    return ColumnSql(
        name=column.name,
        text=sql_text(column),
        value=sql_typed(column, text),
        reason=sql_reason(column, text, value),
        landed=sql_retained(column, landed or value),
        lands_as=column.lands_as,
        hard=column.on_invalid == "quarantine" or column.required,
    )
