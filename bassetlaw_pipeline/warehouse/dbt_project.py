"""dbt called in this process: its arguments and its environment.

dbt runs through dbtRunner and not as a sub-process: that saves starting a second interpreter and
initialising the adapter twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.environment import quieten, variables
from bassetlaw_pipeline.settings import DBT_DIR, Settings

# The only events anybody asks for; turning every one of ten thousand into a dictionary takes seconds.
RESULTS = frozenset({"LogSeedResult", "LogModelResult", "LogTestResult"})


class DbtFailed(RuntimeError):
    """dbt could not read the project or build it; the message names models and tests, no data."""


@dataclass(frozen=True)
class DbtPlaces:
    """The dbt project and where its run-time files lie: one target folder per data home."""

    settings: Settings
    project: Path = DBT_DIR

    @property
    def target(self) -> Path:
        """What dbt writes while it builds: compiled SQL, which names the files of one data home."""
        return self.settings.home.warehouse.parent / "dbt"

    @property
    def ledger(self) -> Path:
        """The deliveries as a table, for fct_delivery."""
        return self.settings.home.build.parent / "ledger.parquet"

    @property
    def current_delivery(self) -> Path:
        """Which deliveries count, for the current view of every extract."""
        return self.settings.home.current_delivery

    @property
    def supply(self) -> Path:
        """What was expected of partners and what came, for fct_supply."""
        return self.settings.home.build.parent / "supply.parquet"

    @property
    def published_before(self) -> Path:
        """What releases said before, for the gate."""
        return self.settings.home.build.parent / "published_before.parquet"

    def environment(self, as_of: datetime | None = None) -> dict[str, str]:
        """Variables the dbt project reads."""
        home = self.settings.home
        return {
            "BASSETLAW_BUILD_PATH": str(home.build),
            "BASSETLAW_ACCEPTED": str(home.accepted),
            "BASSETLAW_LEDGER": str(self.ledger),
            "BASSETLAW_CURRENT_DELIVERY": str(self.current_delivery),
            "BASSETLAW_SUPPLY": str(self.supply),
            "BASSETLAW_PUBLISHED_BEFORE": str(self.published_before),
            "BASSETLAW_ENVIRONMENT": self.settings.environment,
            "BASSETLAW_AS_OF": f"{as_of:%Y-%m-%d %H:%M:%S}" if as_of else "",
        }


def invoke(
    places: DbtPlaces,
    command: list[str],
    as_of: datetime | None = None,
    on_result: Callable[[dict[str, Any]], None] | None = None,
    *,
    manifest: Any = None,
    target: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Any:
    """Run one dbt command and return dbt's result; `on_result` receives dbt's structured events of results.

    With a `manifest` dbt parses nothing. `target` takes the place of the home's target folder, `environment`
    of some of its variables. dbt writes no log file: its messages quote SQL and sometimes the value an error
    was about.
    """
    quieten()
    from dbt.cli.main import dbtRunner
    from dbt_common.events.functions import msg_to_dict

    def receive(message: Any) -> None:
        if message.info.name in RESULTS:
            on_result(msg_to_dict(message))

    arguments = [*_global_flags(), *command, *_locations(places, target or places.target)]
    with variables(places.environment(as_of) | dict(environment or {})):
        try:
            return dbtRunner(manifest, [receive] if on_result else []).invoke(arguments)
        finally:
            _close_connections()


def _global_flags() -> list[str]:
    return ["--log-level", "none", "--log-level-file", "none", "--no-use-colors", "--no-version-check"]


def _locations(places: DbtPlaces, target: Path) -> list[str]:
    project, run_time = str(places.project), str(target)
    folders = {"project-dir": project, "profiles-dir": project, "target-path": run_time, "log-path": run_time}
    return [part for name, folder in folders.items() for part in (f"--{name}", folder)]


def _close_connections() -> None:
    """Let go of the build file, so that it can be checkpointed and moved."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
