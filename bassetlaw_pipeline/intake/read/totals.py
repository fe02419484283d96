"""Compare a total row with the rows it adds up.

A difference is a finding, never a correction.
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
    """A TOTAL_MISMATCH for every column whose total rows are not the sums of the data rows they add up.

    `columns` gives, for each contract column, the header and position of the columns that carry it. Where
    a value is hidden or no number, the total may be more than the sum of the others, never less.
    """
    parts = [part for name in rule.check_sum_of for part in columns.get(name, [])]
    found = []
    for header, position in parts:
        wrong = _wrong_rows(rule, totals, data, position) if totals.num_rows else []
        if wrong:
            found.append(
                Finding(
                    code="TOTAL_MISMATCH",
                    column=header,
                    table=table,
                    rows=tuple(wrong[:FINDING_ROWS]),
                    detail=f"the total row differs from the sum of the rows ({data.num_rows} in all)",
                )
            )
    return found


def _wrong_rows(rule: NonData, totals: pa.Table, data: pa.Table, position: int) -> list[int]:
    texts = list(zip(data.column(ROW_NUMBER).to_pylist(), data.column(position).to_pylist(), strict=True))
    wrong, last = [], 0
    for row, text in zip(
        totals.column(ROW_NUMBER).to_pylist(), totals.column(position).to_pylist(), strict=True
    ):
        covered = [t for r, t in texts if rule.sums == "all" or last < r < row]
        last = row
        if number(text) is not None and not _adds_up(number(text), covered):
            wrong.append(row)
    return wrong


def _adds_up(total: Decimal, texts: list[str | None]) -> bool:
    values = [number(text) for text in texts]
    known = sum((v for v in values if v is not None), Decimal(0))
    hidden = any(text and value is None for text, value in zip(texts, values, strict=True))
    return not _differ(total, known) or (hidden and total > known)


def _differ(total: Decimal, expected: Decimal) -> bool:
    if total == total.to_integral() and expected == expected.to_integral():
        return total != expected
    return abs(total - expected) > _TOLERANCE * max(Decimal(1), abs(expected))
