"""Runs of the whole pipeline, as the command starts them; one at a time in a data home."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.locks import Holder, running
from bassetlaw_pipeline.planning import PipelineResult, Plan, Report, make_plan, need_key, need_room, quiet
from bassetlaw_pipeline.publication import approval
from bassetlaw_pipeline.publication.fingerprint import published_manifest
from bassetlaw_pipeline.settings import Settings


def run_pipeline(
    settings: Settings,
    select: Collection[str] | None = None,
    as_of: datetime | None = None,
    report: Report = quiet,
) -> PipelineResult:
    """Land what is new, build the warehouse, check it and publish; nothing new ends here.

    `select` limits landing to these extracts. `as_of` rebuilds as it was known then (UTC). Waits for another
    run of the same data home, after reporting whom it waits for.
    Raises KeyProblem before anything is read when the pseudonym key is missing or wrong, and
    PipelineFailed when the warehouse was not built or a critical check kept it from publication.
    """
    with running(settings.home, "bassetlaw run", _waiting_for(report)):
        settings.home.make_private()
        need_room(settings)
        let_out = approval.publish_due(settings.home)
        plan = make_plan(settings, select, as_of, report)
        if plan.is_empty:
            release_id = published_manifest(settings.home).get("release_id")
            return PipelineResult(release_id=release_id, let_out=let_out, writing=plan.writing)
        need_key(plan, settings)
        from bassetlaw_pipeline.orchestration.run import execute_plan

        result = execute_plan(plan, settings, as_of, report)
    return replace(result, let_out=let_out, writing=plan.writing)


def _waiting_for(report: Report) -> Callable[[Holder], None]:
    return lambda holder: report("waiting", f"for {holder}; Ctrl-C stops waiting", 0, 0)


def land_again(
    settings: Settings, arrivals: dict[str, list[Arrival]], report: Report = quiet
) -> PipelineResult:
    """Land files again, one extract after the other; nothing is built.

    Dagster shows it with the next landing run of an extract; what breaks is reported in `failures`.
    Raises KeyProblem before anything is read when the pseudonym key is missing or wrong.
    """
    if not arrivals:
        return PipelineResult()
    need_key(Plan(arrivals), settings)
    from bassetlaw_pipeline.intake import land
    from bassetlaw_pipeline.proposal.short import with_proposals

    receipts: list[Receipt] = []
    failures: list[str] = []
    with running(settings.home, "bassetlaw land", _waiting_for(report)):
        for extract, files in arrivals.items():
            report("landing", extract, 0, len(files))
            try:
                receipts += land.land_extract(files[0].contract, files, settings, propose=with_proposals)
            except Exception as problem:  # its message may quote a value
                failures.append(f"Landing {extract} stopped: {type(problem).__name__}. Run again.")
    return PipelineResult(receipts=receipts, failures=failures)


def publish_again(settings: Settings, report: Report = quiet) -> Any:
    """Release the warehouse that is there once more. Raises PipelineFailed when there is none."""
    from bassetlaw_pipeline.orchestration.run import publish_warehouse

    with running(settings.home, "bassetlaw publish", _waiting_for(report)):
        return publish_warehouse(settings)


def preview_release(settings: Settings) -> Any:
    """The board diff of the warehouse that is there: comparison, version, failed critical checks.

    Raises PipelineFailed when there is no warehouse.
    """
    from bassetlaw_pipeline.orchestration import run

    return run.preview_release(settings)
