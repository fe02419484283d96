"""Carry out one Dagster job in this process, and say in words what went wrong.

Belongs here: starting a job of given definitions, and the definitions that landing alone takes. Does not
belong here: which jobs follow each other (runner.py), or in which process (lanes.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from bassetlaw_pipeline.orchestration.history import relax_sqlite
from bassetlaw_pipeline.orchestration.jobs import IN_PROCESS, landing_jobs
from bassetlaw_pipeline.orchestration.landing import Desk, landing_asset

# Events are kept and shown in the UI; on the terminal they would bury what the command has to say.
_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def landing_definitions(desk: Desk) -> dg.Definitions:
    """The extracts of a desk and their jobs: neither dbt nor the warehouse is looked at."""
    relax_sqlite()
    return dg.Definitions(
        assets=[landing_asset(contract, desk) for contract in desk.contracts.values()],
        jobs=landing_jobs(desk.contracts),
        executor=IN_PROCESS,
    )


def execute(
    definitions: dg.Definitions, instance: dg.DagsterInstance, job: str, config: dict[str, Any] | None = None
) -> str | None:
    """Run a job here and now; what went wrong in words, or None."""
    result = definitions.resolve_job_def(job).execute_in_process(
        run_config=_SILENT | (config or {}), instance=instance, raise_on_error=False
    )
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
