"""Carry out a plan: the runs of one `bassetlaw run`, on the same instance as the UI.

Belongs here: starting jobs one after the other in this process and saying what became of them.
Does not belong here: deciding whether anything is to be done (pipeline.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import dagster as dg

from bassetlaw_pipeline.intake.ledger import Ledger
from bassetlaw_pipeline.intake.model import CheckResult, Receipt
from bassetlaw_pipeline.orchestration.dbt_project import DbtFailed, DbtPlaces
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

# Events are kept and shown in the UI; on the terminal they would bury what the command has to say.
_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


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
        for extract, arrivals in self._plan.arrivals.items():
            self._report("landing", extract, 0, len(arrivals))
            failure = self._execute(landing_job_name(extract))
            if failure:
                self.failures.append(failure)
        if self._plan.unrecognised:
            self.receipts += refuse_unrecognised(self._plan, self._settings)

    def build(self, as_of: datetime | None) -> None:
        """Build, check and publish in one run. Raises PipelineFailed."""
        config = {"ops": {"warehouse": {"config": {"as_of": as_of.isoformat() if as_of else ""}}}}
        failure = self._execute("build_warehouse", config)
        if failure:
            raise PipelineFailed(f"{failure}. The last release stays.")

    def _received(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)
        landed = sum(r.extract == receipt.extract for r in self.receipts)
        total = len(self._plan.arrivals.get(receipt.extract or "", ()))
        self._report("landing", receipt.extract or "", landed, total)

    def _execute(self, name: str, config: dict[str, Any] | None = None) -> str | None:
        """Run a job here and now; what went wrong in words, or None."""
        job = self._defs.resolve_job_def(name)
        config = _SILENT | (config or {})
        result = job.execute_in_process(run_config=config, instance=self._instance, raise_on_error=False)
        return None if result.success else _what_failed(result.all_events)


def _what_failed(events: Sequence[dg.DagsterEvent]) -> str:
    """The first failed step in words: our own Failure's, or the checks that blocked."""
    failed = [
        "/".join(e.asset_check_evaluation_data.asset_key.path)
        for e in events
        if e.event_type_value == "ASSET_CHECK_EVALUATION"
        and not e.asset_check_evaluation_data.passed
        and e.asset_check_evaluation_data.blocking
    ]
    for event in events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data and data.user_failure_data.description:
                return data.user_failure_data.description
            if failed:
                return f"Nothing was published: critical checks failed on {', '.join(failed)}"
            return f"Step {event.step_key} failed; see the run in `make ui`"
    return "The run failed; see it in `make ui`"


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
