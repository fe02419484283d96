"""What the page checks: the contract of a text file as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

from bassetlaw_pipeline.contracts.model import Column, Contract, Table
from bassetlaw_pipeline.contracts.shape import Layout
from bassetlaw_pipeline.intake.cast import columns, dates, nhs_number
from bassetlaw_pipeline.intake.read.grid import HEADER_SEARCH
from bassetlaw_pipeline.intake.reasons import load_reasons

MOST_BYTES = 100_000_000
_CODES = (  # reasons the page may give; a column may name its own besides
    *("FILE_EMPTY", "FILE_HEADER_ONLY", "FILE_UNREADABLE", "FILE_ENCODING", "FILE_NUL_BYTES"),
    *("DELIMITER_WRONG", "TRAILER_MISSING", "TRAILER_MISMATCH", "HEADER_NOT_FOUND"),
    *("HEADER_MISSING_COLUMN", "HEADER_UNKNOWN_COLUMN", "HEADER_REPEATED_COLUMN", "ROW_FIELD_COUNT"),
    *("KEY_MISSING", "VALUE_MISSING", "VALUE_NUMBER", "VALUE_DATE", "VALUE_DATE_AMBIGUOUS", "VALUE_RANGE"),
    *("VALUE_CODE", "VALUE_PATTERN", "VALUE_FORMULA", "NAME_PRESENT", "FREE_TEXT_NHS_NUMBER"),
    *("NHS_NUMBER_SCIENTIFIC", "NHS_NUMBER_LENGTH", "NHS_NUMBER_DUMMY", "NHS_NUMBER_CHECK_DIGIT"),
    *("NHS_NUMBER_NOT_SYNTHETIC", "NHS_NUMBER_TEST_RANGE"),
)


class PageProblem(ValueError):
    """The page cannot read files of this contract; the text says why."""


def rules(contract: Contract, environment: nhs_number.Environment) -> dict[str, Any]:
    """Everything the page's script needs, as JSON types. Raises PageProblem."""
    _ensure_readable(contract)
    table = contract.main
    return {
        "id": contract.id,
        "version": contract.version,
        "names": [name.replace("(?P<", "(?<") for name in contract.file.names],
        "encoding": contract.file.encoding,
        "delimiter": contract.file.delimiter,
        "trailer": (contract.file.trailer or "").replace("(?P<", "(?<"),
        "most_bytes": MOST_BYTES,
        "header_search": HEADER_SEARCH,
        "environment": environment,
        "columns": [_column(c) for c in table.columns],
        "layouts": [_layout(layout) for layout in table.layouts],
        "non_data": [rule.model_dump() for rule in table.non_data],
        "reasons": _reasons(table),
    }


def _ensure_readable(contract: Contract) -> None:
    if contract.file.format != "csv":
        raise PageProblem(
            f"{contract.id}: the page reads text files only, and this extract comes as "
            f"{contract.file.format.upper()}. Use bassetlaw check FILE."
        )
    if any(layout.header_rows != 1 for layout in contract.main.layouts):
        raise PageProblem(f"{contract.id}: the page reads headers of one row only. Use bassetlaw check FILE.")


def _column(column: Column) -> dict[str, Any]:
    kept = ("name", "aliases", "header_like", "logical_type", "required", "key", "pattern", "clean")
    more = ("units", "pad", "optional_in_file", "reason")
    dated = column.logical_type in ("date", "timestamp")
    return column.model_dump(include={*kept, *more}, mode="json") | {
        "header": column.source_name,
        "transform": column.transform.kind if column.transform else None,
        "semantic_type": column.semantic_type,
        "minimum": int(column.minimum or 1900) if dated else column.minimum,
        "maximum": int(column.maximum or 2099) if dated else column.maximum,
        "codes": list(column.codes) if column.codes else None,
        "spellings": columns.spellings(column),
        "markers": sorted(m.strip().lower() for m in column.null_markers if m.strip()),
        "formats": _formats(column),
        "quarantines": column.on_invalid == "quarantine" or column.required,
    }


def _formats(column: Column) -> list[list[tuple[str, str]]]:
    """Each format as its tokens and their regular expressions; a serial number is one token."""
    formats = column.formats or dates.DEFAULT_FORMATS.get(column.logical_type, ())
    if column.logical_type not in dates.DEFAULT_FORMATS:
        return []
    serial = dates.EXCEL_SERIAL
    return [[(serial, "")] if f == serial else dates.parts(f) for f in formats]


def _layout(layout: Layout) -> dict[str, Any]:
    kept = {"id", "signature", "stated_header", "headers", "ignored", "ignored_like", "fill_down", "absent"}
    return layout.model_dump(include={*kept, "unpivot"}, mode="json") | {
        "valid_from": _text(layout.valid_from),
        "valid_to": _text(layout.valid_to),
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _reasons(table: Table) -> dict[str, dict[str, str]]:
    known = load_reasons()
    codes = sorted({*_CODES, *(c.reason for c in table.columns if c.reason)})
    return {code: known[code].model_dump(include={"sentence", "action", "outcome"}) for code in codes}
