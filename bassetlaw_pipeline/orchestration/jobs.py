"""Jobs: what can be started as one run, by the UI, a sensor, the schedule or `bassetlaw run`.

Belongs here: which assets or steps make a job. Does not belong here: how jobs follow each other
in one go (runner.py) or when they start (sensors.py).

Each extract lands in a run of its own (`land_<extract>`), and the warehouse is built and published in
another, so one bad partner never stops the rest. `land` and `refresh_all` start these runs one after
the other and record what became of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.orchestration.instance import sign
from bassetlaw_pipeline.pipeline import make_plan
from bassetlaw_pipeline.settings import Settings

STAGE_TAG, EXTRACT_TAG = "bassetlaw/stage", "bassetlaw/extract"
LANDING = {STAGE_TAG: "landing"}
AssetJob = Any  # Dagster does not export the type that define_asset_job returns
IN_PROCESS = dg.in_process_executor  # a process per step would import everything again, 8 s each


def landing_job_name(extract: str) -> str:
    """Name of the job that lands one extract."""
    return f"land_{extract}"


def landing_jobs(contracts: Mapping[str, Contract]) -> list[AssetJob]:
    """One job per extract."""
    return [
        dg.define_asset_job(
            landing_job_name(contract.id),
            selection=dg.AssetSelection.assets(dg.AssetKey(contract.asset_key)),
            description=f"Land every new file of: {contract.title}.",
            tags=LANDING | {EXTRACT_TAG: contract.id},
        )
        for contract in contracts.values()
    ]


def build_job(keys: Iterable[dg.AssetKey]) -> AssetJob:
    """Build the warehouse, check the marts, publish."""
    return dg.define_asset_job(
        "build_warehouse",
        selection=dg.AssetSelection.assets(*keys),
        description="Build the warehouse from everything accepted, check the marts, publish a release.",
        tags={STAGE_TAG: "build"},
    )


def unrecognised_job(settings: Settings) -> dg.JobDefinition:
    """Give files nobody has a contract for their receipt."""

    @dg.op(name="refuse_unrecognised", pool="landing_unrecognised")
    def refuse(context: dg.OpExecutionContext) -> None:
        """Write a rejected receipt for every file in landing that fits no contract."""
        from bassetlaw_pipeline.orchestration.runner import refuse_unrecognised

        sign(context)
        receipts = refuse_unrecognised(make_plan(settings), settings)
        context.log.info(f"{len(receipts)} file(s) fit no contract")

    @dg.job(name="land_unrecognised", executor_def=IN_PROCESS, tags=LANDING)
    def land_unrecognised() -> None:
        """Files that fit no contract get a receipt that says so."""
        refuse()

    return land_unrecognised


def chain_jobs(settings: Settings) -> list[dg.JobDefinition]:
    """`land` and `refresh_all`."""

    @dg.op(name="land_new_files")
    def land_new_files(context: dg.OpExecutionContext) -> None:
        """Start one landing run per extract that has new files."""
        _chain(context, settings, build=False)

    @dg.op(name="land_build_publish")
    def land_build_publish(context: dg.OpExecutionContext) -> None:
        """Land what is new, then build and publish when the last release is not current."""
        _chain(context, settings, build=True)

    @dg.job(executor_def=IN_PROCESS)
    def land() -> None:
        """Land every new file of every partner, each extract in a run of its own."""
        land_new_files()

    @dg.job(executor_def=IN_PROCESS)
    def refresh_all() -> None:
        """Land what is new, build the warehouse, check it and publish."""
        land_build_publish()

    return [land, refresh_all]


def _chain(context: dg.OpExecutionContext, settings: Settings, *, build: bool) -> None:
    from bassetlaw_pipeline.orchestration.failures import without_values
    from bassetlaw_pipeline.orchestration.runner import carry_out

    sign(context)
    with without_values("The run stopped"):
        plan = make_plan(settings)
        result = carry_out(plan, settings, None, instance=context.instance, build=build)
    for extract in sorted({r.extract or "not recognised" for r in result.receipts}):
        context.log.info(f"{extract}: {sum(r.extract == extract for r in result.receipts)} delivery(ies)")
    context.log.info(f"release: {result.release_id or 'unchanged'}")
    if result.failures:
        raise dg.Failure("; ".join(result.failures), allow_retries=False)
