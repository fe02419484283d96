"""What an extract is called, and when its next file is due.

They are declared, not measured: no number of the report comes from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.read.period import following

_MONTHS = {"week": 0, "month": 1, "quarter": 3, "year": 12}


@cache
def _contracts() -> Mapping[str, Contract]:
    return load_contracts()


def extract_title(extract: str | None) -> str:
    """Title of the contract, or the name itself where there is no such contract any more."""
    contract = _contracts().get(extract or "")
    return contract.title if contract else extract or "Not recognised"


def next_due(extract: str, last_month: date | None) -> date | None:
    """Day by which the file after that of `last_month` (first day of its last month) is due.

    None where the contract makes no promise, or has ended.
    """
    contract = _contracts().get(extract)
    months = _MONTHS.get(contract.cadence) if contract else None
    if not contract or months is None or last_month is None:
        return None
    end = following(last_month, "month")
    for _ in range(months):
        end = following(end, "month")
    if contract.cadence == "week":
        end += timedelta(days=7)
    if contract.until and end > contract.until:
        return None
    return end + timedelta(days=contract.expected_within_days)
