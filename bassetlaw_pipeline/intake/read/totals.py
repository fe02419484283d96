"""Compare a total row with the rows it adds up.

Belongs here: reading printed numbers and the comparison. A difference is a finding, never a correction.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pyarrow as pa

from bassetlaw_pipeline.contracts.model import NonData
from bassetlaw_pipeline.intake.model import FINDING_ROWS, Finding
from bassetlaw_pipeline.intake.read.grid import ROW_NUMBER

_TOLERANCE = Decimal("1e-9")  # relative, for sums that are not whole numbers


def number(text: str | None) -> Decimal | None:
    """A printed number ("1,234", "£12.50", "(12)") or None for anything else."""
    plain = (text or "").replace(",", "").replace("£", "").strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def check(
    rule: NonData, totals: pa.Table, data: pa.Table, columns: dict[str, list[tuple[str, int]]], table: str
) -> list[Finding]:
    """A TOTAL_MISMATCH for every column whose total row is not the sum of the data rows.

    `columns` gives, for each contract column, the header and position of the columns that carry it.
    """
    parts = [part for name in rule.check_sum_of for part in columns.get(name, [])]
    found = []
    for header, position in parts:
        wrong = _wrong_rows(totals, data, position) if totals.num_rows else []
        if wrong:
            detail = f"the total row differs from the sum of {data.num_rows} rows"
            found.append(
                Finding(
                    code="TOTAL_MISMATCH",
                    column=header,
                    table=table,
                    rows=tuple(wrong[:FINDING_ROWS]),
                    detail=detail,
                )
            )
    return found


def _wrong_rows(totals: pa.Table, data: pa.Table, position: int) -> list[int]:
    values = [number(text) for text in data.column(position).to_pylist()]
    expected = sum((v for v in values if v is not None), Decimal(0))
    stated = zip(
        totals.column(ROW_NUMBER).to_pylist(), map(number, totals.column(position).to_pylist()), strict=True
    )
    return [row for row, total in stated if total is not None and _differ(total, expected)]


def _differ(total: Decimal, expected: Decimal) -> bool:
    if total == total.to_integral() and expected == expected.to_integral():
        return total != expected
    return abs(total - expected) > _TOLERANCE * max(1, abs(expected))
