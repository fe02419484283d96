"""dbt called in this process: its arguments, its environment, and a manifest that is never stale.

Belongs here: everything that starts dbt. dbt runs through dbtRunner and not as a sub-process: that
saves starting a second interpreter and initialising the adapter twice. Does not belong here: what
Dagster makes of the result (dbt_assets.py, warehouse.py).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.orchestration.environment import quieten, variables
from bassetlaw_pipeline.settings import DBT_DIR, Settings

_PARTS = ("*.sql", "*.py", "*.yml", "*.csv")
_NOT_PROJECT = {"target", "logs", "dbt_packages"}


class DbtFailed(RuntimeError):
    """dbt could not read the project or build it; the message names models and tests, no data."""


@dataclass(frozen=True)
class DbtPlaces:
    """The dbt project and where its run-time files lie: one target folder per data home."""

    settings: Settings
    project: Path = DBT_DIR

    @property
    def target(self) -> Path:
        """dbt's target folder; not in the project, because a manifest names files of one data home."""
        return self.settings.home.warehouse.parent / "dbt"

    @property
    def manifest(self) -> Path:
        """What Dagster reads the graph from."""
        return self.target / "manifest.json"

    @property
    def ledger(self) -> Path:
        """The deliveries as a table, for fct_delivery."""
        return self.settings.home.build.parent / "ledger.parquet"

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
            "BASSETLAW_PUBLISHED_BEFORE": str(self.published_before),
            "BASSETLAW_AS_OF": f"{as_of:%Y-%m-%d %H:%M:%S}" if as_of else "",
        }


def invoke(
    places: DbtPlaces,
    command: list[str],
    as_of: datetime | None = None,
    on_event: Callable[[dict[str, Any]], None] | None = None,
) -> Any:
    """Run one dbt command and return dbt's result; `on_event` receives dbt's structured log events.

    dbt writes no log file: its messages quote SQL and sometimes the value an error was about.
    """
    quieten()
    from dbt.cli.main import dbtRunner
    from dbt_common.events.functions import msg_to_dict

    callbacks = [lambda message: on_event(msg_to_dict(message))] if on_event else []
    with variables(places.environment(as_of)):
        try:
            return dbtRunner(callbacks=callbacks).invoke([*_global_flags(), *command, *_locations(places)])
        finally:
            _close_connections()


def _global_flags() -> list[str]:
    return ["--log-level", "none", "--log-level-file", "none", "--no-use-colors", "--no-version-check"]


def _locations(places: DbtPlaces) -> list[str]:
    project, target = str(places.project), str(places.target)
    folders = {"project-dir": project, "profiles-dir": project, "target-path": target, "log-path": target}
    return [part for name, folder in folders.items() for part in (f"--{name}", folder)]


def _close_connections() -> None:
    """Let go of the build file, so that it can be checkpointed and moved."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def prepare_manifest(places: DbtPlaces) -> Path:
    """The manifest of the project as it is now; parses only when a project file has changed.

    Raises DbtFailed when the project cannot be parsed.
    """
    stamp = places.target / "manifest.sha256"
    places.target.mkdir(parents=True, exist_ok=True)
    with _lock(places.target / ".parsing"):
        wanted = project_sha256(places)
        current = stamp.read_text() if stamp.exists() else ""
        if current != wanted or not places.manifest.exists():
            result = invoke(places, ["parse"])
            if not result.success:
                raise DbtFailed(f"dbt cannot read the project: {result.exception}")
            stamp.write_text(wanted)
    return places.manifest


def project_sha256(places: DbtPlaces) -> str:
    """Hash of every project file and of the environment dbt renders into the manifest."""
    digest = hashlib.sha256(json.dumps(places.environment(), sort_keys=True).encode())
    for path in sorted(p for pattern in _PARTS for p in places.project.rglob(pattern)):
        relative = path.relative_to(places.project)
        if not _NOT_PROJECT & set(relative.parts):
            digest.update(relative.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def read_manifest(places: DbtPlaces) -> Mapping[str, Any]:
    """The prepared manifest."""
    return json.loads(prepare_manifest(places).read_text(encoding="utf-8"))


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Web server and daemon load the code at the same moment: only one of them may parse."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
