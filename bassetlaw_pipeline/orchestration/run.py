"""`bassetlaw run` on Dagster: the jobs `land` and `build_warehouse`, executed on the instance of the UI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread
from typing import Any

import dagster as dg

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.orchestration.instance import (
    INPUTS_TAG,
    ensure_instance,
    of_location,
    recover_abandoned_runs,
    signature,
)
from bassetlaw_pipeline.orchestration.jobs import BUILD
from bassetlaw_pipeline.orchestration.landing import UNRECOGNISED
from bassetlaw_pipeline.orchestration.naming import ATTACK
from bassetlaw_pipeline.orchestration.sqlite import pooled_connections
from bassetlaw_pipeline.planning import (
    PipelineFailed,
    PipelineResult,
    Plan,
    Report,
    deliveries_key,
    quiet,
    release_due,
)
from bassetlaw_pipeline.publication import approval
from bassetlaw_pipeline.publication.comparison.diff import Comparison
from bassetlaw_pipeline.publication.fingerprint import published_manifest
from bassetlaw_pipeline.publication.release import PublicationBlocked, Release
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.settings import Settings
from bassetlaw_pipeline.warehouse.dbt_project import DbtFailed, DbtPlaces

# Events are kept and shown in the UI; on the terminal they would bury what the command has to say.
_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_LOOK_AGAIN = 1.0  # seconds between two looks at how far landing is


def execute_plan(
    plan: Plan, settings: Settings, as_of: datetime | None, report: Report = quiet
) -> PipelineResult:
    """Land the new files of a plan, then build and publish if the release is due.

    A landing step that breaks is reported in `failures` and the others go on. Raises PipelineFailed
    when the warehouse cannot be built or a critical check keeps it from being published.
    """
    instance = ensure_instance(settings)
    recover_abandoned_runs(instance)
    with pooled_connections(settings.home.dagster):
        receipts, failures = land(plan, settings, instance, report)
        known = Ledger(settings.home).receipts()
        reason = release_due(settings, known, as_of)
        if reason:
            inputs = {} if as_of else {INPUTS_TAG: deliveries_key(known)}
            build(settings, instance, as_of, report, inputs)
    waits = approval.find_pending(settings.home, known, as_of) if reason else None
    return PipelineResult(
        receipts=receipts,
        built=bool(reason),
        published=bool(reason) and waits is None,
        release_id=published_manifest(settings.home).get("release_id"),
        reasons=tuple(dict.fromkeys(r for r in (plan.reason, reason) if r)),
        failures=failures,
        waiting=waits,
    )


def land(
    plan: Plan, settings: Settings, instance: dg.DagsterInstance, report: Report
) -> tuple[tuple[Receipt, ...], tuple[str, ...]]:
    """One run of the job `land`; the new receipts in the order of the plan, and what failed in words."""
    if not (plan.arrivals or plan.unrecognised):
        return (), ()
    before = {_place(r) for r in Ledger(settings.home).receipts()}
    with _progress(plan, settings, report):
        failures = _land(plan, settings, instance)
    receipts = [r for r in Ledger(settings.home).receipts() if _place(r) not in before]
    order = {extract: number for number, extract in enumerate([*plan.arrivals, None])}
    receipts.sort(key=lambda receipt: order.get(receipt.extract, len(order)))
    return tuple(receipts), failures


def _place(receipt: Receipt) -> tuple[Any, ...]:
    return receipt.partner, receipt.extract, receipt.delivery_id, receipt.file_name, receipt.contract_sha256


def _land(plan: Plan, settings: Settings, instance: dg.DagsterInstance) -> tuple[str, ...]:
    keys = [dg.AssetKey(arrivals[0].contract.asset_key) for arrivals in plan.arrivals.values()]
    keys += [UNRECOGNISED] if plan.unrecognised else []
    processes = min(settings.landing_processes, len(keys))
    result = dg.execute_job(
        dg.build_reconstructable_job(
            "bassetlaw_pipeline.orchestration.jobs",
            "landing_job",
            reconstructable_kwargs={"home": _step_settings(settings), "processes": processes},
        ),
        instance=instance,
        run_config=_SILENT,
        tags=signature() | of_location("landing"),
        asset_selection=keys,
    )
    _stop_if_interrupted(result.all_events)
    return tuple(_what_failed(event) for event in result.all_events if event.is_step_failure)


def _step_settings(settings: Settings) -> dict[str, Any]:
    """Settings that a step's process cannot read from the environment; no secrets, for the run keeps them."""
    return {"BASSETLAW_HOME": str(settings.home.root), "settle_seconds": settings.settle_seconds}


@contextmanager
def _progress(plan: Plan, settings: Settings, report: Report) -> Iterator[None]:
    """Report how many files have their receipt while steps work in other processes."""
    done = Event()

    def follow() -> None:
        while not done.wait(_LOOK_AGAIN):
            _report_landed(plan, settings, report)

    for extract, arrivals in plan.arrivals.items():
        report("landing", extract, 0, len(arrivals))
    watcher = Thread(target=follow, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        _report_landed(plan, settings, report)


def _report_landed(plan: Plan, settings: Settings, report: Report) -> None:
    for extract, arrivals in plan.arrivals.items():
        partner = arrivals[0].partner
        places = [root / partner / extract for root in (settings.home.accepted, settings.home.rejected)]
        landed = sum(any((place / a.delivery_id).exists() for place in places) for a in arrivals)
        if landed:
            report("landing", extract, landed, len(arrivals))


def build(
    settings: Settings,
    instance: dg.DagsterInstance,
    as_of: datetime | None,
    report: Report,
    tags: Mapping[str, str],
) -> None:
    """Build, check and publish in one run with these tags. Raises PipelineFailed."""
    from bassetlaw_pipeline.orchestration.warehouse_part import warehouse_part

    config = {"ops": {"warehouse": {"config": {"as_of": as_of.isoformat() if as_of else ""}}}}
    try:
        part = warehouse_part(
            settings, lambda node, done, total: report("building", "warehouse", done, total)
        )
    except DbtFailed as problem:
        raise PipelineFailed(f"{problem}. The last release stays.") from None
    result = part.resolve_job_def(BUILD).execute_in_process(
        run_config=_SILENT | config,
        instance=instance,
        raise_on_error=False,
        tags=signature() | of_location("warehouse") | dict(tags),
    )
    _stop_if_interrupted(result.all_events)
    if not result.success:
        raise PipelineFailed(f"{_why(result.all_events)}. The last release stays.")


def _stop_if_interrupted(events: Sequence[dg.DagsterEvent]) -> None:
    """Ctrl-C and SIGTERM reach Dagster, which ends its run; the command ends with it and builds nothing."""
    errors = (getattr(event.event_specific_data, "error", None) for event in events)
    if any(error and error.cls_name == dg.DagsterExecutionInterruptedError.__name__ for error in errors):
        raise KeyboardInterrupt


def _why(events: Sequence[dg.DagsterEvent]) -> str:
    """Why a build failed, in words: our own Failure's, or the checks that blocked."""
    blocked = [
        _named(e.asset_check_evaluation_data)
        for e in events
        if e.event_type_value == "ASSET_CHECK_EVALUATION"
        and not e.asset_check_evaluation_data.passed
        and e.asset_check_evaluation_data.blocking
    ]
    failed = next((event for event in events if event.is_step_failure), None)
    if failed is None:
        return "The run failed; see it in `make ui`"
    if blocked and not _said(failed):
        return f"Nothing was published: critical checks failed on {', '.join(blocked)}"
    return _what_failed(failed)


def _named(check: dg.AssetCheckEvaluation) -> str:
    """A blocking check by its table; the attack by what it means and where to read on."""
    table = "/".join(check.asset_key.path)
    if check.check_name != ATTACK:
        return table
    found = check.metadata["found"].value
    return f"{table}: a hidden count {found} (docs/disclosure.md, When the attack stops a release)"


def _what_failed(event: dg.DagsterEvent) -> str:
    """A failed step in words; one whose process ended has none of its own."""
    said = _said(event)
    if said:
        return said
    return f"Step {event.step_key} failed; what had landed stays. Run again, or see the run in `make ui`"


def _said(event: dg.DagsterEvent) -> str | None:
    failure = event.step_failure_data.user_failure_data
    return failure.description if failure else None


def publish_warehouse(settings: Settings) -> Release:
    """Release the warehouse in use once more. Raises PipelineFailed."""
    from bassetlaw_pipeline.orchestration.published import release_warehouse

    try:
        return release_warehouse(DbtPlaces(settings))
    except (DbtFailed, PublicationBlocked) as problem:
        raise PipelineFailed(str(problem)) from None


def preview_release(settings: Settings) -> tuple[Comparison, str, list[CheckResult]]:
    """What releasing the warehouse in use would change. Raises PipelineFailed when there is none."""
    from bassetlaw_pipeline.orchestration.published import preview_warehouse

    try:
        return preview_warehouse(DbtPlaces(settings))
    except DbtFailed as problem:
        raise PipelineFailed(str(problem)) from None
