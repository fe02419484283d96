"""One Dagster asset per partner extract, made from its contract.

Belongs here: the factory and the order of steps inside one landing run. Does not belong here: reading
and judging files (intake, quality), or the wording of events (landing_events.py).

A landing run takes every new file of one extract. A rejected file does not fail the run: the good
files land, the check `accepted` turns red, and the last good delivery keeps serving. The check does
not block, because a blocked run would stop every other partner's data as well; a rejected file cannot
reach the warehouse anyway, since acceptance is a gated write. The run itself fails only when our own
code or machine breaks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default

import dagster as dg
from pydantic import Field

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.orchestration import landing_events as events
from bassetlaw_pipeline.orchestration.failures import without_values
from bassetlaw_pipeline.orchestration.instance import sign
from bassetlaw_pipeline.orchestration.naming import PARTNER_NAMES, team
from bassetlaw_pipeline.orchestration.partitions import monthly, months_covered
from bassetlaw_pipeline.settings import Settings


class LandingOptions(dg.Config):
    """What a landing run takes."""

    files: list[str] = Field(default=[], description="Paths below landing/; empty: everything new.")


@dataclass(frozen=True)
class Desk:
    """What landing runs work with; a caller that has scanned the landing folder hands in what it found."""

    settings: Settings
    contracts: Mapping[str, Contract]
    on_receipt: Callable[[Receipt], None] = lambda receipt: None
    found: Mapping[str, Sequence[Arrival]] = default(default_factory=dict)

    def new(self) -> list[Arrival]:
        """Every file in landing whose content is not known yet."""
        from bassetlaw_pipeline.intake.inbox import scan
        from bassetlaw_pipeline.intake.ledger import Ledger

        home = self.settings.home
        return scan(home, self.contracts, known=Ledger(home).knows)

    def name(self, arrival: Arrival) -> str:
        """A file's path below the landing folder."""
        return arrival.path.relative_to(self.settings.home.landing.resolve()).as_posix()

    def arrivals(self, contract: Contract, files: Sequence[str]) -> list[Arrival]:
        """New files of one extract: those handed in, those named, or everything new in landing."""
        if contract.id in self.found:
            return list(self.found[contract.id])
        own = [a for a in self.new() if a.contract is not None and a.contract.id == contract.id]
        return [a for a in own if not files or self.name(a) in files]

    def receipts(self, contract: Contract) -> list[Receipt]:
        """Everything the ledger knows about one extract."""
        from bassetlaw_pipeline.intake.ledger import Ledger

        return [r for r in Ledger(self.settings.home).receipts() if r.extract == contract.id]


def landing_asset(contract: Contract, desk: Desk) -> dg.AssetsDefinition:
    """The asset `[partner, extract]` of one contract."""
    key = dg.AssetKey(contract.asset_key)

    @dg.multi_asset(
        name=contract.id,
        specs=[_spec(contract, key)],
        check_specs=events.check_specs(contract, key),
        partitions_def=monthly(contract),
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
        pool=f"landing_{contract.id}",
    )
    def land(context: dg.AssetExecutionContext, config: LandingOptions) -> Iterator[dg.AssetCheckResult]:
        sign(context)
        checks_only = not context.selected_asset_keys  # started by "Execute" on a check
        receipts = [] if checks_only else _land(context, contract, desk, config.files)
        ledger = desk.receipts(contract)
        for materialization in _materializations(context, contract, receipts, ledger):
            context.log_event(materialization)
        selected = {check.name for check in context.selected_asset_check_keys}
        results = events.check_results(contract, key, receipts, ledger)
        yield from (result for result in results if result.check_name in selected)

    return land


def _spec(contract: Contract, key: dg.AssetKey) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=key,
        skippable=True,  # the run marks the months that came, and only those
        group_name=contract.partner,
        owners=[team(contract.owner)],
        kinds={contract.file.format, "parquet"},
        description=events.description(contract, PARTNER_NAMES[contract.partner]),
        tags={"partner": contract.partner, "cadence": contract.cadence},
        metadata=events.definition_metadata(contract),
        code_version=contract.version,
    )


def _land(
    context: dg.AssetExecutionContext, contract: Contract, desk: Desk, files: Sequence[str]
) -> list[Receipt]:
    from bassetlaw_pipeline.intake.land import land_extract

    with without_values(f"Landing {contract.id} stopped"):
        arrivals = desk.arrivals(contract, files)
        context.log.info(f"{contract.id}: {len(arrivals)} new file(s)")
        receipts = land_extract(contract, arrivals, desk.settings, desk.on_receipt) if arrivals else []
    for verdict, count in events.verdicts(receipts).items():
        context.log.info(f"{contract.id}: {count} {verdict}")
    return receipts


def _materializations(
    context: dg.AssetExecutionContext,
    contract: Contract,
    receipts: Sequence[Receipt],
    ledger: Sequence[Receipt],
) -> Iterator[dg.AssetMaterialization]:
    """Months of the new deliveries, months asked for, and months Dagster does not know of yet.

    The ledger says what is there; Dagster only shows it, so a new DAGSTER_HOME catches up by itself.
    """
    key = dg.AssetKey(contract.asset_key)
    known = months_covered(contract, ledger)
    fresh = set(months_covered(contract, receipts)) | _asked_for(context)
    shown = context.instance.get_materialized_partitions(key)
    months = set(monthly(contract).get_partition_keys())
    for month, deliveries in known.items():
        if month in months and (month in fresh or month not in shown):
            yield events.materialization(contract, month, deliveries)


def _asked_for(context: dg.AssetExecutionContext) -> set[str]:
    if context.has_partition_key or context.has_partition_key_range:
        return set(context.partition_keys)
    return set()
