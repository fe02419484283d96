"""The half of the definitions that knows dbt: warehouse, checks, publication, and the job that makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import dagster as dg

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.orchestration.dbt_assets import (
    intake_assets,
    ledger_asset,
    published_before_asset,
    warehouse_assets,
)
from bassetlaw_pipeline.orchestration.home_lock import HOME_LOCK, home_lock
from bassetlaw_pipeline.orchestration.jobs import IN_PROCESS, build_job
from bassetlaw_pipeline.orchestration.published import (
    PUBLISHED,
    SCHEMA,
    attack_check,
    mart_checks,
    published_outcomes,
    suite_names,
)
from bassetlaw_pipeline.orchestration.sensors import release_sensor
from bassetlaw_pipeline.settings import Settings
from bassetlaw_pipeline.warehouse.dbt_project import DbtPlaces
from bassetlaw_pipeline.warehouse.parsed_project import read_manifest

Progress = Callable[[str, int, int], None]  # node name, done, total


def warehouse_part(
    settings: Settings,
    on_progress: Progress = lambda *_: None,
    *,
    contracts: Mapping[str, Contract] | None = None,
    places: DbtPlaces | None = None,
) -> dg.Definitions:
    """Warehouse and publication of one data home. Raises DbtFailed when the project cannot be parsed."""
    contracts, places = contracts or load_contracts(), places or DbtPlaces(settings)
    warehouse = warehouse_assets(places, read_manifest(places), contracts, on_progress)
    tables = sorted(key for key in warehouse.keys if key.path[0] == SCHEMA)
    suites = [name for name in suite_names() if dg.AssetKey([SCHEMA, name]) in warehouse.keys]
    publication = published_outcomes(places, tables)
    build = build_job([*warehouse.keys, PUBLISHED])
    return dg.Definitions(
        assets=[ledger_asset(contracts), *intake_assets(), published_before_asset(), warehouse, publication],
        asset_checks=[mart_checks(places, suites), attack_check(places)] if suites else [],
        jobs=[build],
        sensors=[release_sensor(settings, contracts, build)],
        resources={HOME_LOCK: home_lock(settings)},
        executor=IN_PROCESS,
    )
