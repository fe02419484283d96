"""Landing again: files that our contract was wrong about, read by the contract as it is now.

The decision before stays where it is; the new one has a receipt of its own and keeps the time of receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.discover.inbox import scan
from bassetlaw_pipeline.intake.model import Arrival, LandedAgain, Receipt
from bassetlaw_pipeline.intake.store.ledger import TRANSIENT_CODES, Ledger, contract_sha256
from bassetlaw_pipeline.settings import DataHome

# What no contract decided: the file was not there, or not to be opened.
_NO_DECISION = frozenset({"FILE_VANISHED", "FILE_UNREADABLE", "FILE_NAME_UNSAFE", "PARTNER_UNKNOWN"})


@dataclass(frozen=True)
class Choice:
    """Files to be landed again by extract, receipts whose file is gone, and named ones left, and why."""

    arrivals: dict[str, list[Arrival]] = field(default_factory=dict)
    gone: list[Receipt] = field(default_factory=list)
    refused: list[tuple[Receipt, str]] = field(default_factory=list)


def mark(arrival: Arrival, before: Receipt, receipts: Sequence[Receipt]) -> Arrival:
    """The same file with the decision it is to replace, and the time it was received at first.

    `receipts` are those known of the partner: no two landings of a file have the same number.
    """
    first = before.again.first if before.again else before.delivery_id
    numbers = (r.again.number for r in receipts if r.again and r.again.first == first)
    told = LandedAgain(
        replaces=before.delivery_id,
        first=first,
        number=max(numbers, default=0) + 1,
        at=datetime.now(UTC),
        contract_version_before=before.contract_version,
        verdict_before=before.verdict,
        accepted_before=_rows(before, "accepted") if before.verdict != "rejected" else 0,
        quarantined_before=_rows(before, "quarantined"),
    )
    return replace(arrival, again=told, received_at=before.received_at, file_name=before.file_name)


def marked(contract: Contract, arrivals: Sequence[Arrival], home: DataHome) -> list[Arrival]:
    """Arrivals of an extract; those that another version of its contract refused know that decision."""
    rejected = Ledger(home).rejected_of(contract.partner)
    refused = {
        (r.file_name, r.sha256): r
        for r in rejected
        if r.stands and not TRANSIENT_CODES & {f.code for f in r.findings}
    }
    now = contract_sha256(contract) if refused else ""
    found = []
    for arrival in arrivals:
        before = refused.get((arrival.file_name, arrival.sha256))
        known = arrival.again or before is None or before.contract_sha256 == now
        found.append(arrival if known else mark(arrival, before, rejected))
    return found


def choose(
    home: DataHome,
    contracts: Mapping[str, Contract],
    *,
    extract: str | None = None,
    deliveries: Sequence[str] = (),
    unchanged: bool = False,
) -> Choice:
    """Deliveries that were rejected or had rows set aside by a contract that has changed since.

    `deliveries` (beginnings of their ids) are chosen whatever became of them; `unchanged` also takes those
    whose contract is the same. What this very contract has landed again is never chosen.
    """
    receipts = Ledger(home).receipts()
    named = [r for r in receipts if r.delivery_id.startswith(tuple(deliveries))] if deliveries else None
    wanted = _by_outcome(receipts, extract) if named is None else named
    if not wanted:
        return Choice()
    files = _files(home, contracts)
    found = Choice()
    for receipt in wanted:
        arrival = _file_of(receipt, files)
        contract = _contract(receipt, arrival, contracts)
        why = _why_not(receipt, contract, receipts, unchanged=unchanged or named is not None)
        if why:
            found.refused.append((receipt, why))
        elif arrival is None:
            found.gone.append(receipt)
        else:
            same = replace(arrival, contract=contract, parts=_parts(contract, receipt))
            found.arrivals.setdefault(contract.id, []).append(mark(same, receipt, receipts))
    return found if named is not None else replace(found, refused=[])


def _by_outcome(receipts: Iterable[Receipt], extract: str | None) -> list[Receipt]:
    return [
        r
        for r in receipts
        if extract in (None, r.extract) and (r.verdict == "rejected" or _rows(r, "quarantined"))
    ]


def _rows(receipt: Receipt, what: str) -> int:
    return sum(getattr(counts, what) for counts in receipt.tables.values())


def _files(home: DataHome, contracts: Mapping[str, Contract]) -> dict[tuple[str, str], list[Arrival]]:
    """What lies in landing, by partner and content."""
    found: dict[tuple[str, str], list[Arrival]] = {}
    for arrival in scan(home, contracts):
        found.setdefault((arrival.partner, arrival.sha256), []).append(arrival)
    return found


def _file_of(receipt: Receipt, files: Mapping[tuple[str, str], list[Arrival]]) -> Arrival | None:
    """Under its own name, else the same content under another."""
    there = files.get((receipt.partner, receipt.sha256), [])
    return next((a for a in there if a.file_name == receipt.file_name), there[0] if there else None)


def _contract(
    receipt: Receipt, arrival: Arrival | None, contracts: Mapping[str, Contract]
) -> Contract | None:
    """The contract that decides now: of a refused file it may be another one."""
    other = arrival.contract if arrival and receipt.verdict == "rejected" else None
    return other or contracts.get(receipt.extract or "")


def _parts(contract: Contract, receipt: Receipt) -> dict[str, str]:
    return contract.file.match(receipt.file_name) or {}


def _why_not(
    receipt: Receipt, contract: Contract | None, receipts: Sequence[Receipt], *, unchanged: bool
) -> str | None:
    """Why a delivery is not landed again, or None."""
    if receipt.replaced:
        return f"it was landed again as {receipt.replaced.by}"
    if receipt.withdrawn:
        return "it is withdrawn; reinstate it first"
    if contract is None or _NO_DECISION & {f.code for f in receipt.findings}:
        return "no contract decided about it, and none would now"
    now = contract_sha256(contract)
    tried = {(r.again.replaces, r.contract_sha256) for r in receipts if r.again}
    if (receipt.delivery_id, now) in tried or (receipt.again and receipt.contract_sha256 == now):
        return f"contract version {contract.version} has landed it again already"
    content = {(r.partner, r.sha256) for r in receipts if r.verdict != "rejected"}
    if receipt.verdict == "rejected" and (receipt.partner, receipt.sha256) in content:
        return "the same content has been accepted"
    if receipt.contract_sha256 == now and not unchanged:
        return "its contract has not changed"
    return None
