"""The two jobs, landing and building with publication: UI, sensors, schedule and command start these.

Two jobs and not one: Dagster skips what lies downstream of a failed step, so that one partner's broken file
would keep everybody's figures from being built.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import dagster as dg

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.orchestration.landing import Contracts, landing_assets
from bassetlaw_pipeline.settings import Settings

LAND, BUILD = "land", "build_warehouse"
STAGE_TAG = "bassetlaw/stage"
LANDING, BUILDING = {STAGE_TAG: "landing"}, {STAGE_TAG: "build"}
AssetJob = Any  # Dagster does not export the type that define_asset_job returns
IN_PROCESS = dg.in_process_executor  # one database
# The command is what a process would import again first.
_PRELOAD = ["bassetlaw_pipeline.cli", "bassetlaw_pipeline.orchestration.preload"]


def side_by_side(processes: int) -> dg.ExecutorDefinition:
    """Steps in processes forked from one that has loaded everything; with 1 all in the process of the run."""
    if processes == 1:
        return dg.in_process_executor
    start = {"forkserver": {"preload_modules": _PRELOAD}}
    return dg.multiprocess_executor.configured({"max_concurrent": processes, "start_method": start})


def land_job(assets: Sequence[dg.AssetsDefinition], processes: int) -> AssetJob:
    """Land every new file: a step for each extract; whoever starts it selects those with new files."""
    keys = [key for asset in assets for key in asset.keys]
    return dg.define_asset_job(
        LAND,
        selection=dg.AssetSelection.assets(*keys),
        description="Land new files of the selected extracts, side by side; one that breaks stops no other.",
        tags=LANDING,
        executor_def=side_by_side(processes),
    )


def build_job(keys: Iterable[dg.AssetKey]) -> AssetJob:
    """Build the warehouse, check the marts, publish."""
    return dg.define_asset_job(
        BUILD,
        selection=dg.AssetSelection.assets(*keys),
        description="Build the warehouse from everything accepted, check the marts, publish a release.",
        tags=BUILDING,
        executor_def=IN_PROCESS,
    )


def landing_job(home: dict[str, Any], processes: int) -> dg.JobDefinition:
    """The job `land` of one data home, as the processes of its steps make it again.

    `home` are the settings that tell a data home from that of the environment, none of them secret.
    """
    return landing_part(Settings(**home), load_contracts(), processes).resolve_job_def(LAND)


def landing_part(settings: Settings, contracts: Contracts, processes: int) -> dg.Definitions:
    """Assets and job of landing; neither dbt nor the warehouse is looked at."""
    assets = landing_assets(settings, contracts)
    return dg.Definitions(assets=assets, jobs=[land_job(assets, processes)])
