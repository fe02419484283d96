"""What is new in landing, what has to be landed or released because of it, and how it ended.

Needs neither Dagster nor dbt: the command, the sensors and the jobs ask the same functions.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.cast.pseudonym import Key
from bassetlaw_pipeline.intake.discover.inbox import Inbox, name_in_landing, new_files
from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.publication import approval, archive
from bassetlaw_pipeline.publication.fingerprint import inputs_fingerprint, published_manifest
from bassetlaw_pipeline.settings import DataHome, Settings
from bassetlaw_pipeline.storage import free_gigabytes

Report = Callable[[str, str, int, int], None]  # stage, label, done, total


class PipelineFailed(RuntimeError):
    """The warehouse was not built or not published; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """New files by extract, files nobody has a contract for, and why a release is due (if it is).

    `writing` are new files that somebody still writes: they are left for the next run.
    """

    arrivals: Mapping[str, Sequence[Arrival]] = field(default_factory=dict)
    unrecognised: Sequence[Arrival] = ()
    reason: str | None = None
    writing: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to land, to build or to publish."""
        return not (self.arrivals or self.unrecognised or self.reason)


@dataclass(frozen=True)
class PipelineResult:
    """What one run did; `failures` are landing steps that broke, in words without any data."""

    receipts: Sequence[Receipt] = ()
    built: bool = False
    published: bool = False
    release_id: str | None = None
    reasons: Sequence[str] = ()
    failures: Sequence[str] = ()
    waiting: str | None = None  # the release that was made and waits for approval or its hour
    let_out: Sequence[str] = ()  # releases that had waited and were due
    writing: Sequence[str] = ()  # files below landing/ that are still being written and were left


def quiet(stage: str, label: str, done: int, total: int) -> None:
    """Report to nobody."""


def make_plan(
    settings: Settings,
    select: Collection[str] | None = None,
    as_of: datetime | None = None,
    report: Report = quiet,
) -> Plan:
    """Compare landing with the ledger, and the ledger with the last release.

    Gives files that were just written the time to settle, once.
    """
    ledger = Ledger(settings.home)
    inbox = unread_files(settings, ledger, select, lambda seconds, files: _settle(seconds, files, report))
    arrivals: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in inbox.complete:
        if arrival.contract:
            arrivals[arrival.contract.id].append(arrival)
    unrecognised = [a for a in inbox.complete if a.contract is None]
    reason = "new files" if arrivals or unrecognised else release_due(settings, ledger.receipts(), as_of)
    writing = [name_in_landing(a, settings.home) for a in inbox.writing]
    return Plan(dict(arrivals), unrecognised, reason, writing)


def unread_files(
    settings: Settings,
    ledger: Ledger,
    select: Collection[str] | None = None,
    wait: Callable[[float, int], None] | None = None,
) -> Inbox:
    """Files in landing that the ledger does not know, of these extracts or of all and of none."""

    def passed_over(arrival: Arrival) -> bool:
        other = bool(select) and (arrival.contract is None or arrival.contract.id not in (select or ()))
        return other or ledger.knows(arrival)

    return new_files(settings.home, load_contracts(), passed_over, settings.settle_seconds, wait=wait)


def unread_names(settings: Settings) -> list[str]:
    """Files below landing/ without a receipt, settled or not."""
    inbox = unread_files(settings, Ledger(settings.home))
    return sorted(name_in_landing(arrival, settings.home) for arrival in (*inbox.complete, *inbox.writing))


def _settle(seconds: float, files: int, report: Report) -> None:
    report("waiting", f"{seconds:.0f} s until {files} file(s) just written have settled", 0, 0)
    time.sleep(seconds)


def release_due(settings: Settings, receipts: Sequence[Receipt], as_of: datetime | None) -> str | None:
    """Why the last release is not what these inputs give.

    None when it is, or waits to be let out, and as long as nothing was delivered that could be published.
    """
    manifest = published_manifest(settings.home)
    if approval.find_pending(settings.home, receipts, as_of):
        return None
    if not manifest:
        return "nothing is published yet" if receipts else None
    if manifest.get("inputs_fingerprint") == inputs_fingerprint(receipts, as_of):
        return None
    return "the last release was made from other deliveries, code or as-of time"


def unreleased(home: DataHome, receipts: Sequence[Receipt]) -> bool:
    """True when the newest release, let out or waiting, was not made from exactly these deliveries.

    A change of the code is none of deliveries: it is released by whoever wants it released.
    """
    line = [k for k in (*archive.released(home), *archive.pending_releases(home)) if not k.is_view]
    last = max(line, key=lambda kept: kept.order, default=None)
    made_from = {_said_of(**delivery) for delivery in last.manifest["deliveries"]} if last else set()
    return made_from != set(map(_delivery, receipts))


def deliveries_key(receipts: Iterable[Receipt]) -> str:
    """The same for the same deliveries, whatever the code."""
    return hashlib.sha256(str(sorted(map(str, map(_delivery, receipts)))).encode()).hexdigest()[:24]


def _delivery(receipt: Receipt) -> tuple[str | None, ...]:
    confirmed = receipt.confirmed.confirmed_at.isoformat() if receipt.confirmed else None
    return receipt.partner, receipt.delivery_id, receipt.file_name, receipt.verdict, confirmed


def _said_of(
    partner: str, delivery_id: str, file_name: str, verdict: str, confirmed_at: str | None = None, **_: Any
) -> tuple[str | None, ...]:
    """The same of a delivery in a manifest."""
    return partner, delivery_id, file_name, verdict, confirmed_at


def need_room(settings: Settings) -> None:
    """Stop before anything is written where the disk is nearly full. Raises PipelineFailed."""
    free = free_gigabytes(settings.home.root)
    if free < settings.disk_floor_gb:
        raise PipelineFailed(
            f"Only {free:.1f} GB are free on the disk of {settings.home.root}; a run wants "
            f"{settings.disk_floor_gb:g} (BASSETLAW_DISK_FLOOR_GB). Make room; nothing was read."
        )


def need_key(plan: Plan, settings: Settings) -> None:
    """Stop before reading anything when an extract needs the key and there is none."""
    contracts = [found[0].contract for found in plan.arrivals.values()]
    if any(contract and contract.needs_key for contract in contracts):
        Key.load(settings).ensure_matches(Ledger(settings.home).newest_key_check())
