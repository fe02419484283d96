"""What a delivery is to the ones before it: a newer edition, an older one, or suddenly much smaller.

Belongs here: comparing deliveries of one extract by periods, editions and numbers of rows, for the receipt.
Does not belong here: which rows count (dbt staging decides that from the same facts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Finding, Receipt

FEWEST_ROWS = 200  # a small file may halve by chance
FELL_BELOW = 0.4  # of the rows of the period before

Edition = tuple[int, datetime, str]


@dataclass(frozen=True)
class Known:
    """A delivery as far as others are compared with it: id, edition, periods, rows of its main table."""

    delivery_id: str
    edition: Edition
    periods: frozenset[date]
    rows: int


def known(receipt: Receipt) -> Known:
    """An accepted delivery of the ledger."""
    main = next(iter(receipt.tables.values()), None)
    edition = (receipt.revision_rank, receipt.received_at, receipt.sha256)
    return Known(receipt.delivery_id, edition, frozenset(receipt.periods), main.rows_in if main else 0)


def compare(contract: Contract, delivery: Known, earlier: Sequence[Known]) -> list[Finding]:
    """Findings RESUBMISSION, RESUBMISSION_OLDER and VOLUME_FELL about one delivery.

    Only whole periods replace each other: where a contract also goes by practice or organisation, or by key,
    a second file of a month may be another part of it.
    """
    others = [k for k in earlier if k.delivery_id != delivery.delivery_id]
    whole = contract.resubmission.mode in ("period", "snapshot") and contract.resubmission.by in (
        (),
        ("_period_start",),
    )
    same = [k for k in others if k.periods & delivery.periods]
    if same:
        return _edition(delivery, max(same, key=lambda k: k.edition)) if whole else []
    return _volume(delivery, others)


def _edition(delivery: Known, newest: Known) -> list[Finding]:
    code = "RESUBMISSION" if delivery.edition > newest.edition else "RESUBMISSION_OLDER"
    return [Finding(code=code, detail=newest.delivery_id)]


def _volume(delivery: Known, others: Sequence[Known]) -> list[Finding]:
    """Against the newest edition of the nearest period before."""
    first = min(delivery.periods, default=date.min)
    before = [k for k in others if k.periods and max(k.periods) < first]
    if not before:
        return []
    last = max(before, key=lambda k: (max(k.periods), k.edition))
    if last.rows < FEWEST_ROWS or delivery.rows >= FELL_BELOW * last.rows:
        return []
    return [Finding(code="VOLUME_FELL", detail=f"{delivery.rows:,} after {last.rows:,}")]
