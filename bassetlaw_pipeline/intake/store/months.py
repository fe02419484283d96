"""Months that a delivery covers. Months are dates, so summer time cannot shift them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Receipt

_MONTHS = {"day": 1, "week": 1, "month": 1, "quarter": 3, "year": 12, "financial_year": 12, "school_year": 12}


def months_covered(contract: Contract, receipts: Iterable[Receipt]) -> dict[str, list[Receipt]]:
    """Accepted deliveries that count by the month keys they cover."""
    covered: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        for key in months_of(contract, receipt) if receipt.counts else ():
            covered.setdefault(key, []).append(receipt)
    return dict(sorted(covered.items()))


def months_of(contract: Contract, receipt: Receipt) -> list[str]:
    """Month keys a delivery covers; a quarter covers three months, a year twelve."""
    length = _MONTHS[contract.period.grain]
    return sorted({key for period in receipt.periods for key in _months(period, length)})


def _months(start: date, length: int) -> list[str]:
    first = start.year * 12 + start.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}-01" for month in range(first, first + length)]
