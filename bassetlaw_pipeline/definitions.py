"""What Dagster loads: the code locations landing and warehouse; a slip in dbt stops no partner's file."""

from __future__ import annotations

import dagster as dg

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.orchestration.jobs import Contracts, landing_part, side_by_side
from bassetlaw_pipeline.orchestration.sensors import landing_sensor, monthly_schedule
from bassetlaw_pipeline.orchestration.sqlite import relax_sqlite
from bassetlaw_pipeline.settings import Settings


def landing_defs(settings: Settings, contracts: Contracts | None = None) -> dg.Definitions:
    """Partners' files, what starts their landing, and nothing that needs dbt."""
    relax_sqlite()
    contracts = contracts or load_contracts()
    part = landing_part(settings, contracts, settings.landing_processes)
    [land] = list(part.jobs or ())
    starts = dg.Definitions(
        sensors=[landing_sensor(settings, contracts, land)], schedules=[monthly_schedule(land)]
    )
    return dg.Definitions.merge(part, starts)


def warehouse_defs(settings: Settings, contracts: Contracts | None = None) -> dg.Definitions:
    """Warehouse, checks and publication. Raises DbtFailed when the dbt project cannot be parsed."""
    from bassetlaw_pipeline.orchestration.warehouse_part import warehouse_part

    relax_sqlite()
    return warehouse_part(settings, contracts=contracts)


def build_defs(settings: Settings | None = None) -> dg.Definitions:
    """Everything of one data home in one."""
    settings = settings or Settings()
    return dg.Definitions.merge(landing_defs(settings), warehouse_defs(settings))


@dg.definitions
def landing() -> dg.Definitions:
    """The code location `landing` of the data home named by the environment."""
    settings = Settings()
    executor = dg.Definitions(executor=side_by_side(settings.landing_processes))
    return dg.Definitions.merge(landing_defs(settings), executor)


@dg.definitions
def warehouse() -> dg.Definitions:
    """The code location `warehouse` of the data home named by the environment."""
    return warehouse_defs(Settings())
