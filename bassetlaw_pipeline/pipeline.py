"""One run of the pipeline: what is new, and whether anything has to be done about it.

Belongs here: the decision, and nothing that needs Dagster, dbt or Great Expectations: a run with
nothing new ends here, within seconds. Does not belong here: how the work is done (intake,
publication) and how it is run and recorded (orchestration).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.inbox import scan
from bassetlaw_pipeline.intake.ledger import Ledger
from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.intake.pseudonym import Key
from bassetlaw_pipeline.publication import approval
from bassetlaw_pipeline.publication.fingerprint import inputs_fingerprint, published_manifest
from bassetlaw_pipeline.settings import Settings

Report = Callable[[str, str, int, int], None]  # stage, label, done, total


class PipelineFailed(RuntimeError):
    """The warehouse was not built or not published; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """New files by extract, files nobody has a contract for, and why a release is due (if it is)."""

    arrivals: dict[str, list[Arrival]] = field(default_factory=dict)
    unrecognised: list[Arrival] = field(default_factory=list)
    reason: str | None = None

    @property
    def nothing(self) -> bool:
        """True when there is nothing to land, to build or to publish."""
        return not (self.arrivals or self.unrecognised or self.reason)


@dataclass(frozen=True)
class PipelineResult:
    """What one run did; `failures` are landing runs that broke, in words without any data."""

    receipts: Sequence[Receipt] = ()
    built: bool = False
    published: bool = False
    release_id: str | None = None
    reasons: Sequence[str] = ()
    failures: Sequence[str] = ()
    waiting: str | None = None  # the release that was made and waits for approval or its hour
    let_out: Sequence[str] = ()  # releases that had waited and were due


def _quiet(stage: str, label: str, done: int, total: int) -> None:
    """Report to nobody."""


def run_pipeline(
    settings: Settings,
    select: Collection[str] | None = None,
    as_of: datetime | None = None,
    report: Report = _quiet,
) -> PipelineResult:
    """Land what is new, build the warehouse, check it and publish; nothing new ends here.

    `select` limits landing to these extracts. `as_of` rebuilds as it was known then (UTC).
    Raises KeyProblem before anything is read when the pseudonym key is missing or wrong, and
    PipelineFailed when the warehouse was not built or a critical check kept it from publication.
    """
    let_out = approval.settle(settings.home)
    plan = make_plan(settings, select, as_of)
    if plan.nothing:
        release_id = published_manifest(settings.home).get("release_id")
        return PipelineResult(release_id=release_id, let_out=let_out)
    _need_key(plan, settings)
    from bassetlaw_pipeline.orchestration.runner import carry_out

    return replace(carry_out(plan, settings, as_of, report), let_out=let_out)


def publish_again(settings: Settings) -> Any:
    """Release the warehouse that is there once more. Raises PipelineFailed when there is none."""
    from bassetlaw_pipeline.orchestration.runner import publish_warehouse

    return publish_warehouse(settings)


def preview_release(settings: Settings) -> Any:
    """The board diff of the warehouse that is there: comparison, version, failed critical checks.

    Raises PipelineFailed when there is no warehouse.
    """
    from bassetlaw_pipeline.orchestration import runner

    return runner.preview_release(settings)


def make_plan(
    settings: Settings, select: Collection[str] | None = None, as_of: datetime | None = None
) -> Plan:
    """Compare landing with the ledger, and the ledger with the last release."""
    contracts = load_contracts()
    ledger = Ledger(settings.home)
    found = scan(settings.home, contracts, known=ledger.knows)
    arrivals: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in found:
        if arrival.contract and (not select or arrival.contract.id in select):
            arrivals[arrival.contract.id].append(arrival)
    unrecognised = [] if select else [a for a in found if a.contract is None]
    reason = "new files" if arrivals or unrecognised else release_due(settings, ledger.receipts(), as_of)
    return Plan(dict(arrivals), unrecognised, reason)


def release_due(settings: Settings, receipts: Sequence[Receipt], as_of: datetime | None) -> str | None:
    """Why the last release is not what these inputs give.

    None when it is, or waits to be let out, and as long as nothing was delivered that could be published.
    """
    manifest = published_manifest(settings.home)
    if approval.waiting_for(settings.home, receipts, as_of):
        return None
    if not manifest:
        return "nothing is published yet" if receipts else None
    if manifest.get("inputs_fingerprint") == inputs_fingerprint(receipts, as_of):
        return None
    return "the last release was made from other deliveries, code or as-of time"


def _need_key(plan: Plan, settings: Settings) -> None:
    """Stop before reading anything when an extract needs the key and there is none."""
    contracts = [found[0].contract for found in plan.arrivals.values()]
    if any(contract and contract.needs_key for contract in contracts):
        Key.load(settings).ensure_matches(Ledger(settings.home).newest_key_check())
