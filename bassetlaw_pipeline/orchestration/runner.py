"""Carry out a plan: the runs of one `bassetlaw run`, on the same instance as the UI.

Belongs here: which jobs follow each other, and saying what became of them. Does not belong here: deciding
whether anything is to be done (pipeline.py), starting a job (execution.py).
"""

from __future__ import annotations

from datetime import datetime

import dagster as dg

from bassetlaw_pipeline.intake.ledger import Ledger
from bassetlaw_pipeline.intake.model import CheckResult, Receipt
from bassetlaw_pipeline.orchestration import lanes
from bassetlaw_pipeline.orchestration.dbt_project import DbtFailed, DbtPlaces
from bassetlaw_pipeline.orchestration.execution import execute
from bassetlaw_pipeline.orchestration.history import kept_open
from bassetlaw_pipeline.orchestration.instance import ensure_instance, recover_abandoned_runs
from bassetlaw_pipeline.orchestration.jobs import landing_job_name
from bassetlaw_pipeline.orchestration.published import preview_warehouse, release_warehouse
from bassetlaw_pipeline.pipeline import PipelineFailed, PipelineResult, Plan, Report, release_due
from bassetlaw_pipeline.publication import approval
from bassetlaw_pipeline.publication.diff import Comparison
from bassetlaw_pipeline.publication.fingerprint import published_manifest
from bassetlaw_pipeline.publication.release import PublicationBlocked, Release
from bassetlaw_pipeline.settings import Settings


def _nobody(stage: str, label: str, done: int, total: int) -> None:
    """Report to nobody."""


def carry_out(
    plan: Plan,
    settings: Settings,
    as_of: datetime | None,
    report: Report = _nobody,
    *,
    instance: dg.DagsterInstance | None = None,
    build: bool = True,
) -> PipelineResult:
    """Land each extract in its own run, then build and publish in another if the release is due.

    A landing run that breaks is reported in `failures` and the others go on. Raises PipelineFailed
    when the warehouse cannot be built or a critical check keeps it from being published.
    """
    instance = instance or ensure_instance(settings)
    recover_abandoned_runs(instance)
    try:
        runs = Runs(settings, instance, plan, report)
    except DbtFailed as problem:
        raise PipelineFailed(str(problem)) from None
    with kept_open(settings.home.dagster):
        runs.land()
        reason = release_due(settings, Ledger(settings.home).receipts(), as_of) if build else None
        if reason:
            runs.build(as_of)
    waits = approval.waiting_for(settings.home, Ledger(settings.home).receipts(), as_of) if reason else None
    return PipelineResult(
        receipts=tuple(runs.receipts),
        built=bool(reason),
        published=bool(reason) and waits is None,
        release_id=published_manifest(settings.home).get("release_id"),
        reasons=tuple(dict.fromkeys(r for r in (plan.reason, reason) if r)),
        failures=tuple(runs.failures),
        waiting=waits,
    )


class Runs:
    """Runs of one pipeline execution, against one instance, sharing one set of definitions."""

    def __init__(self, settings: Settings, instance: dg.DagsterInstance, plan: Plan, report: Report) -> None:
        from bassetlaw_pipeline.definitions import build_defs

        self._plan, self._settings, self._instance, self._report = plan, settings, instance, report
        self.receipts: list[Receipt] = []
        self.failures: list[str] = []
        self._defs = build_defs(
            settings,
            found=plan.arrivals,
            on_receipt=self._received,
            on_progress=lambda node, done, total: report("building", "warehouse", done, total),
        )

    def land(self) -> None:
        """One landing run per extract with something new, then the files nobody has a contract for."""
        arrivals = self._plan.arrivals
        if lanes.worth_it(arrivals):
            failed = lanes.land_side_by_side(arrivals, self._settings, self._started, self._received)
            self.failures += failed.values()
            order = list(arrivals)
            self.receipts.sort(key=lambda receipt: order.index(receipt.extract or ""))
        else:
            self.failures += filter(None, map(self._land_here, arrivals))
        if self._plan.unrecognised:
            self.receipts += refuse_unrecognised(self._plan, self._settings)

    def build(self, as_of: datetime | None) -> None:
        """Build, check and publish in one run. Raises PipelineFailed."""
        config = {"ops": {"warehouse": {"config": {"as_of": as_of.isoformat() if as_of else ""}}}}
        failure = execute(self._defs, self._instance, "build_warehouse", config)
        if failure:
            raise PipelineFailed(f"{failure}. The last release stays.")

    def _land_here(self, extract: str) -> str | None:
        self._started(extract)
        return execute(self._defs, self._instance, landing_job_name(extract))

    def _started(self, extract: str) -> None:
        self._report("landing", extract, 0, len(self._plan.arrivals[extract]))

    def _received(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)
        landed = sum(r.extract == receipt.extract for r in self.receipts)
        total = len(self._plan.arrivals.get(receipt.extract or "", ()))
        self._report("landing", receipt.extract or "", landed, total)


def refuse_unrecognised(plan: Plan, settings: Settings) -> list[Receipt]:
    """Rejected receipts for files no contract fits."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.intake.land import land

    contracts = load_contracts()
    return [land(arrival, settings, contracts) for arrival in plan.unrecognised]


def publish_warehouse(settings: Settings) -> Release:
    """Release the warehouse in use once more. Raises PipelineFailed."""
    try:
        return release_warehouse(DbtPlaces(settings))
    except (DbtFailed, PublicationBlocked) as problem:
        raise PipelineFailed(str(problem)) from None


def preview_release(settings: Settings) -> tuple[Comparison, str, list[CheckResult]]:
    """What releasing the warehouse in use would change. Raises PipelineFailed when there is none."""
    try:
        return preview_warehouse(DbtPlaces(settings))
    except DbtFailed as problem:
        raise PipelineFailed(str(problem)) from None
