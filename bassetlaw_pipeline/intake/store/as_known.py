"""The ledger as it was known at a time: events that came later taken off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bassetlaw_pipeline.intake.model import Receipt, Replaced

Name = tuple[str, str, str]  # partner, delivery, file: what tells receipts apart


def name_of(receipt: Receipt) -> Name:
    """Partner, delivery and file; rejected files of equal content and time differ by their names only."""
    return receipt.partner, receipt.delivery_id, receipt.file_name


def as_known(receipts: Iterable[Receipt], when: datetime | None) -> list[Receipt]:
    """Receipts with the events up to a time, and without what was landed again later; None: everything."""
    if when is None:
        return list(receipts)
    return [_then(r, when) for r in receipts if r.again is None or r.again.at <= when]


def _then(receipt: Receipt, when: datetime) -> Receipt:
    change = {
        "confirmed": receipt.confirmed
        if receipt.confirmed and receipt.confirmed.confirmed_at <= when
        else None,
        "withdrawals": tuple(event for event in receipt.withdrawals if event.at <= when),
        "replaced": receipt.replaced if receipt.replaced and receipt.replaced.at <= when else None,
    }
    same = all(getattr(receipt, field) == value for field, value in change.items())
    return receipt if same else receipt.model_copy(update=change)


def with_replaced(receipts: Sequence[Receipt]) -> list[Receipt]:
    """Receipts that tell which later landing of the same file took their place, if one did.

    A landing again that was rejected takes the place of nothing that was accepted.
    """
    again = sorted((r for r in receipts if r.again), key=lambda r: r.again.number)
    if not again:
        return list(receipts)
    later: dict[Name, list[Receipt]] = {}
    for receipt in again:
        later.setdefault((receipt.partner, receipt.again.first, receipt.file_name), []).append(receipt)
    return [_replaced(receipt, later) for receipt in receipts]


def _replaced(receipt: Receipt, later: Mapping[Name, Sequence[Receipt]]) -> Receipt:
    number, first = (receipt.again.number, receipt.again.first) if receipt.again else (0, receipt.delivery_id)
    for other in later.get((receipt.partner, first, receipt.file_name), ()):
        takes_its_place = other.verdict != "rejected" or receipt.verdict == "rejected"
        if other.again.number > number and takes_its_place:
            told = Replaced(by=other.delivery_id, at=other.again.at)
            return receipt.model_copy(update={"replaced": told})
    return receipt


def state_of(receipt: Receipt) -> tuple[str, datetime | None]:
    """received, landed_again, replaced or withdrawn, and since when where an event made it so."""
    if receipt.withdrawn:
        return "withdrawn", receipt.withdrawn.at
    if receipt.replaced:
        return "replaced", receipt.replaced.at
    return ("landed_again", receipt.again.at) if receipt.again else ("received", None)
