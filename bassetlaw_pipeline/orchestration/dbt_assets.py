"""The dbt project as Dagster assets and checks, built in one step.

Models appear as materialised only after the finished build file has replaced the warehouse: a model
built into a file that was thrown away is not there. dbt tests arrive as asset checks in either case.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from pydantic import Field

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.orchestration.failures import without_values
from bassetlaw_pipeline.orchestration.home_lock import HOME_LOCK
from bassetlaw_pipeline.orchestration.instance import sign
from bassetlaw_pipeline.orchestration.naming import ANALYSTS
from bassetlaw_pipeline.orchestration.translator import WarehouseTranslator
from bassetlaw_pipeline.publication import archive
from bassetlaw_pipeline.warehouse.build import Build, build_warehouse, row_counts
from bassetlaw_pipeline.warehouse.dbt_project import DbtPlaces

NOTHING = "nothing received yet"
LEDGER = dg.AssetKey(["pipeline", "ledger"])  # the dbt source of the same name
Progress = Callable[[str, int, int], None]  # node name, done, total


class BuildOptions(dg.Config):
    """What a build of the warehouse takes."""

    as_of: str = Field(default="", description="UTC, such as 2018-03-31T00:00; empty: everything received.")


def parse_as_of(text: str) -> datetime | None:
    """The as-of time of a run's configuration, in UTC. Raises ValueError when it is not a date."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def warehouse_assets(
    places: DbtPlaces,
    manifest: Mapping[str, Any],
    contracts: Mapping[str, Contract],
    on_progress: Progress = lambda *_: None,
) -> dg.AssetsDefinition:
    """Every model and seed of the project, in one step that always builds all of them.

    A part of the warehouse cannot be built alone, because the build file starts empty; a run that
    selects some of the models builds everything and reports those.
    """
    translator = WarehouseTranslator()

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name="warehouse",
        required_resource_keys={HOME_LOCK},
    )
    def warehouse(context: dg.AssetExecutionContext, config: BuildOptions) -> Iterator[Any]:
        sign(context)
        context.resources.home_lock.take(context)
        log = BuildLog(manifest, translator, context, on_progress)
        try:
            with without_values("Building the warehouse stopped"):
                build = _build(places, contracts, config, log)
        except dg.Failure:
            yield from log.checks  # which tests failed, although nothing was replaced
            raise
        yield from log.checks
        context.log.info(f"warehouse replaced, {len(log.outputs)} tables and views")
        context.log_event(ledger_materialization(build))
        yield from log.sized_outputs(places, build)

    return warehouse


def _build(
    places: DbtPlaces, contracts: Mapping[str, Contract], config: BuildOptions, log: "BuildLog"
) -> Build:
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    home, as_of = places.settings.home, parse_as_of(config.as_of)
    compared_with = archive.comparison_releases(home, as_of)
    return build_warehouse(places, Ledger(home).receipts(), contracts, as_of, log.receive, compared_with)


def ledger_asset(contracts: Mapping[str, Contract]) -> dg.AssetSpec:
    """The set of receipts, which a build writes out as a table for `fct_delivery`."""
    return dg.AssetSpec(
        key=LEDGER,
        deps=[dg.AssetKey(contract.asset_key) for contract in contracts.values()],
        group_name="intake",
        owners=[ANALYSTS],
        kinds={"parquet"},
        description="One row per delivery, accepted or rejected, taken from the receipts at every build.",
    )


def intake_assets() -> list[dg.AssetSpec]:
    """What else a build writes out of the receipts: which deliveries count, and what was expected."""
    described = {
        "current_delivery": "Which delivery counts in which period, and which are held.",
        "supply": "Every period that a contract promises, and what became of it.",
    }
    return [
        dg.AssetSpec(
            key=dg.AssetKey(["pipeline", name]),  # the dbt source of the same name
            group_name="intake",
            owners=[ANALYSTS],
            kinds={"parquet"},
            description=text,
        )
        for name, text in described.items()
    ]


def published_before_asset() -> dg.AssetSpec:
    """What the releases before said; a build writes it out for the gate, which holds small corrections."""
    return dg.AssetSpec(
        key=dg.AssetKey(["pipeline", "published_before"]),  # the dbt source of the same name
        group_name="publication",
        owners=[ANALYSTS],
        kinds={"parquet"},
        description="Figures whose correction may have to be held, as the releases before told them.",
    )


def ledger_materialization(build: Build) -> dg.AssetMaterialization:
    """The table of deliveries is written anew by every build."""
    metadata = {"dagster/row_count": len(build.deliveries), "data as of": build.as_of or NOTHING}
    return dg.AssetMaterialization(LEDGER, metadata=metadata)


class BuildLog:
    """Collects dbt's events of one build as Dagster outputs and check results."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        translator: WarehouseTranslator,
        context: dg.AssetExecutionContext,
        on_progress: Progress,
    ) -> None:
        self._manifest, self._translator = manifest, translator
        self._context, self._on_progress = context, on_progress
        self.outputs: list[dg.Output] = []
        self.checks: list[dg.AssetCheckResult] = []

    def receive(self, raw: dict[str, Any]) -> None:
        """One structured dbt log event, on the thread dbt runs on."""
        event = DbtCoreCliEventMessage(raw_event=raw, event_history_metadata={})
        if not event.is_result_event:
            return
        data = raw["data"]
        if int(data.get("total", 0)):
            self._on_progress(data["node_info"]["node_name"], int(data["index"]), int(data["total"]))
        for found in event.to_default_asset_events(self._manifest, self._translator, self._context):
            self._keep(found)

    def _keep(self, found: Any) -> None:
        selected = self._context.op_execution_context.selected_output_names
        if isinstance(found, dg.Output) and found.output_name in selected:
            self.outputs.append(found)
        elif isinstance(found, dg.AssetCheckResult):
            self.checks.append(found)

    def sized_outputs(self, places: DbtPlaces, build: Build) -> Iterator[dg.Output]:
        """The outputs with the rows of the tables and the time the data were known."""
        rows = row_counts(places.settings.home.warehouse)
        for output in self.outputs:
            metadata = {**output.metadata, "data as of": build.as_of or NOTHING}
            node = self._manifest["nodes"].get(output.metadata["unique_id"].value, {})
            size = rows.get((node.get("schema", ""), node.get("alias", "")))
            if size is not None:
                metadata["dagster/row_count"] = size
            yield dg.Output(None, output_name=output.output_name, metadata=metadata)
