"""Withdrawals: a person says that a delivery must no longer be used, or may be used again."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Literal

from bassetlaw_pipeline.intake.model import Receipt, Withdrawal
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.storage import write_text

Events = dict[tuple[str, str], tuple[Withdrawal, ...]]


class CannotWithdraw(RuntimeError):
    """There is nothing to withdraw or to reinstate; the message says why."""


def withdrawals(home: DataHome) -> Events:
    """Every event by extract and delivery, oldest first."""
    paths = sorted(home.withdrawals.glob("*.json")) if home.withdrawals.is_dir() else []
    found: dict[tuple[str, str], list[Withdrawal]] = defaultdict(list)
    for path in paths:
        event = Withdrawal.model_validate_json(path.read_bytes())
        found[event.extract, event.delivery_id].append(event)
    return {key: tuple(sorted(events, key=lambda e: e.at)) for key, events in found.items()}


def withdraw(home: DataHome, receipt: Receipt, reason: str, by: str) -> Withdrawal:
    """Write down that a delivery is withdrawn, now. Raises CannotWithdraw."""
    if receipt.verdict == "rejected":
        raise CannotWithdraw(f"{receipt.delivery_id} was rejected: nothing of it is used.")
    if receipt.withdrawn:
        raise CannotWithdraw(f"{receipt.delivery_id} is withdrawn already: {receipt.withdrawn.reason}")
    return _write(home, receipt, "withdrawn", reason, by)


def reinstate(home: DataHome, receipt: Receipt, reason: str, by: str) -> Withdrawal:
    """Write down that a withdrawn delivery may be used again, from now on. Raises CannotWithdraw."""
    if receipt.withdrawn is None:
        raise CannotWithdraw(f"{receipt.delivery_id} is not withdrawn.")
    return _write(home, receipt, "reinstated", reason, by)


Kind = Literal["withdrawn", "reinstated"]


def _write(home: DataHome, receipt: Receipt, kind: Kind, reason: str, by: str) -> Withdrawal:
    event = Withdrawal(
        delivery_id=receipt.delivery_id,
        partner=receipt.partner,
        extract=receipt.extract or "",
        kind=kind,
        reason=reason,
        by=by,
        at=datetime.now(UTC),
    )
    name = f"{event.extract}--{event.delivery_id}--{event.at:%Y%m%dT%H%M%S%f}Z-{kind}.json"
    write_text(home.withdrawals / name, event.model_dump_json(indent=1) + "\n", durable=True)
    return event
