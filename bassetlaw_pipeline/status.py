"""What was expected from each partner and what came: what `bassetlaw status` and `fct_supply` say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.read.period import FIRST_MONTH, between, following
from bassetlaw_pipeline.publication import pointer
from bassetlaw_pipeline.publication.approval import PendingRelease, describe_pending, now
from bassetlaw_pipeline.publication.pointer import FileUser
from bassetlaw_pipeline.settings import DataHome

State = Literal["received", "received late", "rejected", "late", "not due"]


@dataclass(frozen=True)
class PeriodStatus:
    """One extract in one period of its cadence: a week, a month, a quarter, a year."""

    partner: str
    extract: str
    period: date
    period_end: date  # last day
    due: date
    state: State
    deliveries: int
    rejected: int


@dataclass(frozen=True)
class Moment:
    """The time at which supply is judged.

    last   nothing is expected of periods that end later; None when time goes on
    words  why this time
    """

    at: datetime
    last: date | None
    words: str


def moment(
    contracts: Iterable[Contract],
    receipts: Sequence[Receipt],
    environment: str,
    as_of: datetime | None = None,
    clock: datetime | None = None,
) -> Moment:
    """When supply is judged: as of the time asked for, else by the clock, so that silence becomes late.

    A synthetic sample has no present: it is judged as of its newest delivery, and nothing is expected after
    the last period its partners sent. Without `clock` the newest delivery counts, for a build whose bytes
    must not change.
    """
    newest = max((r.received_at for r in receipts), default=None)
    if environment == "synthetic" and newest is not None and as_of in (None, newest):
        last = _sample_end(contracts, receipts)
        until = f"; nothing is expected after {last:%d %B %Y}, where it ends" if last else ""
        return Moment(newest, last, f"the newest delivery of the synthetic sample{until}")
    if as_of is not None:
        return Moment(as_of, None, "the time that was asked for")
    return Moment(clock or newest or datetime.now(UTC), None, "the clock" if clock else "the newest delivery")


def _sample_end(contracts: Iterable[Contract], receipts: Iterable[Receipt]) -> date | None:
    """Last day of the last period that partners, public bodies aside, sent."""
    own = {c.id: c for c in contracts if c.partner != "public" and c.cadence != "ad_hoc"}
    found = [
        following(max(r.periods), own[r.extract].period.grain) - timedelta(days=1)
        for r in receipts
        if r.extract in own and r.periods and r.verdict != "rejected"
    ]
    return max(found, default=None)


def expected_periods(contract: Contract, until: date, first: date | None = None) -> Iterator[date]:
    """First days of the periods a contract promises files of, up to `until`.

    They start with `since`, or with the first period that was sent (`first`) when that is later: what had not
    begun cannot be late.
    """
    grain = _grain(contract)
    if contract.since is None or grain is None:
        return
    until = min(until, contract.until or until)
    yield from between(max(contract.since, first or contract.since), until, grain)


def period_status(
    contracts: Iterable[Contract], receipts: Iterable[Receipt], now: datetime, last: date | None = None
) -> list[PeriodStatus]:
    """State of every period that has ended, per extract, as known at `now`; none that ends after `last`.

    A delivery that is withdrawn keeps no promise; that the period was promised, it still tells.
    """
    by_extract: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        if receipt.extract and receipt.received_at <= now:
            by_extract[receipt.extract].append(receipt)
    return [
        _one(contract, period, by_extract[contract.id], now)
        for contract in contracts
        for period in expected_periods(contract, now.date(), _first(by_extract[contract.id]))
        if _end(contract, period) <= now.date() and (last is None or _last_day(contract, period) <= last)
    ]


def _first(receipts: Iterable[Receipt]) -> date | None:
    return min((p for r in receipts for p in r.periods), default=None)


def _grain(contract: Contract) -> str | None:
    """The length of a cadence; a year begins when the years of the extract do. None without a promise."""
    if contract.cadence == "ad_hoc":
        return None
    by_year = contract.cadence == "year" and contract.period.grain in FIRST_MONTH
    return contract.period.grain if by_year else contract.cadence


@dataclass(frozen=True)
class ReleasesState:
    """Releases that wait, files of published/ that could not be replaced, and who has them open."""

    waiting: list[PendingRelease]
    blocked: list[str]
    holders: list[FileUser]


def releases_state(home: DataHome) -> ReleasesState:
    """How the releases stand now."""
    blocked = pointer.current(home).get("blocked", [])
    found = {h for name in blocked for h in pointer.file_users(home.published / name)}
    return ReleasesState(describe_pending(home, now()), blocked, sorted(found, key=lambda h: h.pid))


def _one(contract: Contract, period: date, receipts: list[Receipt], now: datetime) -> PeriodStatus:
    due = _end(contract, period) + timedelta(days=contract.expected_within_days)
    covering = [r for r in receipts if r.stands and _covers(contract, period, r)]
    good = [r for r in covering if r.verdict != "rejected"]
    state: State
    if good:
        state = "received late" if min(r.received_at for r in good).date() > due else "received"
    elif covering:
        state = "rejected"
    else:
        state = "late" if now.date() > due else "not due"
    return PeriodStatus(
        partner=contract.partner,
        extract=contract.id,
        period=period,
        period_end=_last_day(contract, period),
        due=due,
        state=state,
        deliveries=len(good),
        rejected=len(covering) - len(good),
    )


def _covers(contract: Contract, period: date, receipt: Receipt) -> bool:
    """A file of any part of the period will do, and one of a longer period that it lies in."""
    end, grain = _end(contract, period), contract.period.grain
    return any(p < end and following(p, grain) > period for p in receipt.periods)


def _end(contract: Contract, period: date) -> date:
    """First day after the period."""
    return following(period, _grain(contract) or "month")


def _last_day(contract: Contract, period: date) -> date:
    return _end(contract, period) - timedelta(days=1)
