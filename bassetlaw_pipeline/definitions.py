"""What Dagster loads: assets from the contracts and the dbt project, checks, jobs, sensors, schedule.

Belongs here: putting the parts together. Does not belong here: anything a part does.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.orchestration.dbt_assets import (
    intake_assets,
    ledger_asset,
    published_before_asset,
    warehouse_assets,
)
from bassetlaw_pipeline.orchestration.dbt_project import DbtPlaces
from bassetlaw_pipeline.orchestration.history import relax_sqlite
from bassetlaw_pipeline.orchestration.jobs import (
    IN_PROCESS,
    build_job,
    chain_jobs,
    landing_jobs,
    unrecognised_job,
)
from bassetlaw_pipeline.orchestration.landing import Desk, landing_asset
from bassetlaw_pipeline.orchestration.parsed_project import read_manifest
from bassetlaw_pipeline.orchestration.published import (
    PUBLISHED,
    SCHEMA,
    attack_check,
    mart_checks,
    published_outcomes,
    suite_names,
)
from bassetlaw_pipeline.orchestration.sensors import landing_sensor, monthly_schedule, release_sensor
from bassetlaw_pipeline.settings import Settings


def build_defs(settings: Settings | None = None, **overrides: Any) -> dg.Definitions:
    """Everything of one data home.

    Overrides: `contracts` (by id), `places` (DbtPlaces), `found` (arrivals by extract, already scanned),
    `on_receipt` and `on_progress` (called while a run goes on).
    """
    relax_sqlite()
    settings = settings or Settings()
    contracts = overrides.pop("contracts", None) or load_contracts()
    places = overrides.pop("places", None) or DbtPlaces(settings)
    progress = {name: overrides.pop(name) for name in ("on_progress",) if name in overrides}
    desk = Desk(settings, contracts, **overrides)

    landing = [landing_asset(contract, desk) for contract in contracts.values()]
    warehouse = warehouse_assets(places, read_manifest(places), contracts, **progress)
    tables = sorted(key for key in warehouse.keys if key.path[0] == SCHEMA)
    suites = [name for name in suite_names() if dg.AssetKey([SCHEMA, name]) in warehouse.keys]
    publication = published_outcomes(places, tables)

    land_one = [*landing_jobs(contracts), unrecognised_job(settings)]
    build = build_job([*warehouse.keys, PUBLISHED])
    land, refresh_all = chain_jobs(settings)
    return dg.Definitions(
        assets=[
            *landing,
            ledger_asset(contracts),
            *intake_assets(),
            published_before_asset(),
            warehouse,
            publication,
        ],
        asset_checks=[mart_checks(places, suites), attack_check(places)] if suites else [],
        jobs=[*land_one, build, land, refresh_all],
        sensors=[landing_sensor(desk, land_one), release_sensor(desk, build)],
        schedules=[monthly_schedule(refresh_all)],
        executor=IN_PROCESS,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The data home of this process, read from the environment when Dagster asks for it."""
    return build_defs()
