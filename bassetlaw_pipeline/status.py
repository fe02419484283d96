"""What was expected from each partner and what came: the numbers behind `bassetlaw status`.

Belongs here: comparing contracts (cadence, since, expected within) with the ledger, and how releases stand.
Does not belong here: printing (cli) or reading files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.publication import pointer
from bassetlaw_pipeline.publication.approval import Waiting, now, waiting
from bassetlaw_pipeline.publication.pointer import Holder
from bassetlaw_pipeline.settings import DataHome

State = Literal["received", "received late", "rejected", "late", "not due"]
_MONTHS = {"week": 1, "month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class PeriodStatus:
    """One extract in one period."""

    partner: str
    extract: str
    period: date
    due: date
    state: State
    deliveries: int
    rejected: int


def expected_periods(contract: Contract, until: date) -> Iterator[date]:
    """First days of the periods a contract promises, from its `since` up to `until`."""
    step = _MONTHS.get(contract.cadence)
    if contract.since is None or step is None:
        return
    period = contract.since.replace(day=1)
    until = min(until, contract.until or until)
    while period <= until:
        yield period
        months = period.month - 1 + step
        period = date(period.year + months // 12, months % 12 + 1, 1)


def period_status(
    contracts: Iterable[Contract], receipts: Iterable[Receipt], now: datetime
) -> list[PeriodStatus]:
    """State of every period that has ended, per extract, as known at `now`."""
    by_extract: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        if receipt.extract and receipt.received_at <= now:
            by_extract[receipt.extract].append(receipt)
    return [
        _one(contract, period, by_extract[contract.id], now)
        for contract in contracts
        for period in expected_periods(contract, now.date())
        if _end(contract, period) <= now.date()
    ]


@dataclass(frozen=True)
class ReleasesState:
    """Releases that wait, files of published/ that could not be replaced, and who has them open."""

    waiting: list[Waiting]
    blocked: list[str]
    holders: list[Holder]


def releases_state(home: DataHome) -> ReleasesState:
    """How the releases stand now."""
    blocked = pointer.current(home).get("blocked", [])
    found = {h for name in blocked for h in pointer.holders(home.published / name)}
    return ReleasesState(waiting(home, now()), blocked, sorted(found, key=lambda h: h.pid))


def _one(contract: Contract, period: date, receipts: list[Receipt], now: datetime) -> PeriodStatus:
    due = _end(contract, period) + timedelta(days=contract.expected_within_days)
    covering = [r for r in receipts if _covers(contract, period, r)]
    good = [r for r in covering if r.verdict != "rejected"]
    state: State
    if good:
        state = "received late" if min(r.received_at for r in good).date() > due else "received"
    elif covering:
        state = "rejected"
    else:
        state = "late" if now.date() > due else "not due"
    return PeriodStatus(
        contract.partner, contract.id, period, due, state, len(good), len(covering) - len(good)
    )


def _covers(contract: Contract, period: date, receipt: Receipt) -> bool:
    return any(period <= p < _end(contract, period) for p in receipt.periods)


def _end(contract: Contract, period: date) -> date:
    """First day after the period."""
    months = period.month - 1 + _MONTHS.get(contract.cadence, 1)
    return date(period.year + months // 12, months % 12 + 1, 1)
