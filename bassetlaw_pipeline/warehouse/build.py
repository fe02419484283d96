"""Build the private warehouse: a fresh file beside it, swapped in when every model and test is through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.derive_stub import write_stubs
from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.publication.archive import ComparisonReleases
from bassetlaw_pipeline.publication.provenance import calculation
from bassetlaw_pipeline.storage import write_text
from bassetlaw_pipeline.warehouse.dbt_project import DbtFailed, DbtPlaces, invoke
from bassetlaw_pipeline.warehouse.ledger_table import write_current, write_ledger, write_supply
from bassetlaw_pipeline.warehouse.parsed_project import manifest_of
from bassetlaw_pipeline.warehouse.published_before import write_published_before

_BUILT = {"model", "seed"}
_GOOD = {"success", "pass", "warn", "no-op"}


@dataclass(frozen=True)
class Build:
    """What the private warehouse was built from; written beside it when it is swapped in."""

    deliveries: list[str]  # delivery ids the build could see, so that a release never claims more
    as_of: str | None
    requested_as_of: str | None
    built_at: str
    previous_release: str | None = None  # the one whose figures corrections are held against
    events_until: str | None = None  # what people said of deliveries later, the build does not know

    @staticmethod
    def file(places: DbtPlaces) -> Path:
        """Where it is kept."""
        return places.settings.home.warehouse.with_name("build.json")

    @staticmethod
    def read(places: DbtPlaces) -> Build | None:
        """The build in use, or None when there is no warehouse."""
        try:
            return Build(**json.loads(Build.file(places).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def write(self, places: DbtPlaces) -> None:
        """Replace the record in one step."""
        write_text(Build.file(places), json.dumps(self.__dict__, indent=2) + "\n")

    @property
    def known_at(self) -> datetime | None:
        """The as-of time the data were built for."""
        return datetime.fromisoformat(self.as_of) if self.as_of else None

    @property
    def heard_until(self) -> datetime | None:
        """When it was begun: events after that are for the next build."""
        return datetime.fromisoformat(self.events_until) if self.events_until else None

    @property
    def asked_for(self) -> datetime | None:
        """The as-of time the user asked for, if any."""
        return datetime.fromisoformat(self.requested_as_of) if self.requested_as_of else None


def build_warehouse(
    places: DbtPlaces,
    receipts: Sequence[Receipt],
    contracts: Mapping[str, Contract],
    requested_as_of: datetime | None = None,
    on_result: Callable[[dict[str, Any]], None] | None = None,
    compared_with: ComparisonReleases | None = None,
) -> Build:
    """Build everything into a fresh file and replace the private warehouse by it.

    `told` are the releases before it: corrections that would count a few people are held against what they
    said, in a view of the past also against what was said later.

    Raises DbtFailed, naming models and tests, when anything is in error: the old warehouse stays.
    """
    home, compared_with, begun = (
        places.settings.home,
        compared_with or ComparisonReleases(),
        datetime.now(UTC),
    )
    as_of = requested_as_of or max((r.received_at for r in receipts), default=None)
    manifest = manifest_of(places)
    _start(home.build, {n.schema for n in manifest.nodes.values() if n.resource_type in _BUILT})
    write_stubs(home.accepted, contracts)
    write_ledger(receipts, contracts, (as_of, requested_as_of), places.ledger)
    environment = places.settings.environment
    write_supply(receipts, contracts, environment, (as_of, requested_as_of), places.supply)
    write_current(home, receipts, contracts, (as_of, requested_as_of), places.current_delivery)
    write_published_before(compared_with, calculation()["methods"], places.published_before)
    command = ["build", "--no-write-json", "--exclude-resource-type", "unit_test"]
    result = invoke(places, command, as_of, on_result, manifest=manifest)
    _raise_unless_good(result)
    _checkpoint(home.build)
    build = Build(
        deliveries=sorted(r.delivery_id for r in receipts),
        as_of=as_of.isoformat() if as_of else None,
        requested_as_of=requested_as_of.isoformat() if requested_as_of else None,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        previous_release=compared_with.before[0].release_id
        if compared_with.before and not requested_as_of
        else None,
        events_until=begun.isoformat(),
    )
    home.build.replace(home.warehouse)
    build.write(places)
    return build


def _start(build: Path, schemas: Iterable[str]) -> None:
    """An empty build file with its schemas: two of dbt's threads that made one would meet."""
    import duckdb

    build.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (build, build.with_name(build.name + ".wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(build)) as con:
        for schema in sorted(schemas):
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {sql.name(schema)}")


def _raise_unless_good(result: Any) -> None:
    if result.result is None:
        raise DbtFailed(f"dbt stopped before building: {type(result.exception).__name__}")
    failed = [r.node.name for r in result.result if r.status not in _GOOD and r.status != "skipped"]
    if failed or not result.success:
        shown = ", ".join(failed[:12]) + (f" and {len(failed) - 12} more" if len(failed) > 12 else "")
        raise DbtFailed(f"the warehouse was not replaced, in error: {shown}")


def _checkpoint(build: Path) -> None:
    import duckdb

    with duckdb.connect(str(build)) as con:
        con.execute("checkpoint")


def row_counts(warehouse: Path) -> dict[tuple[str, str], int]:
    """Rows by (schema, table); views are left out, counting them would run them."""
    import duckdb

    query = "select schema_name, table_name, estimated_size from duckdb_tables() where not internal"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return {(schema, table): int(rows) for schema, table, rows in con.execute(query).fetchall()}
