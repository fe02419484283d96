"""One Dagster asset per partner extract, made from its contract, and one for files no contract fits.

A landing step takes every new file of one extract that has settled. A rejected file does not fail the run:
the good files land, the check `accepted` turns red, and the last good delivery keeps serving. The check does
not block, because a blocked run would stop every other partner's data as well; a rejected file cannot
reach the warehouse anyway, since acceptance is a gated write. The step itself fails only when our own
code or machine breaks, and the other extracts' steps go on.
"""

import time
from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.intake.store.months import months_covered
from bassetlaw_pipeline.orchestration import landing_events as events
from bassetlaw_pipeline.orchestration.failures import without_values
from bassetlaw_pipeline.orchestration.naming import ANALYSTS, PARTNER_NAMES, team
from bassetlaw_pipeline.orchestration.partitions import MONTHLY
from bassetlaw_pipeline.settings import Settings

UNRECOGNISED = dg.AssetKey(["intake", "unrecognised"])
RECOGNISED = "recognised"
REJECTED_TAG = "bassetlaw/rejected"
Contracts = Mapping[str, Contract]
Events = Iterator[dg.AssetCheckResult]


def landing_assets(settings: Settings, contracts: Contracts) -> list[dg.AssetsDefinition]:
    """Every extract, and the files that belong to none."""
    extracts = [landing_asset(contract, settings, contracts) for contract in contracts.values()]
    return [*extracts, unrecognised_asset(settings, contracts)]


def landing_asset(contract: Contract, settings: Settings, contracts: Contracts) -> dg.AssetsDefinition:
    """The asset `[partner, extract]` of one contract."""
    key = dg.AssetKey(contract.asset_key)

    @dg.multi_asset(
        name=contract.id,
        specs=[_spec(contract, key)],
        check_specs=events.check_specs(contract, key),
        partitions_def=MONTHLY,
        backfill_policy=dg.BackfillPolicy.single_run(),
        can_subset=True,
    )
    def land(context: dg.AssetExecutionContext) -> Events:
        from bassetlaw_pipeline.intake.store.ledger import Ledger

        checks_only = not context.selected_asset_keys  # started by "Execute" on a check
        receipts = [] if checks_only else _land(context, contract, settings, contracts)
        ledger = Ledger(settings.home, contract).receipts()
        for event in _materializations(context, contract, receipts, ledger):
            context.log_event(event)
        _mark_rejected(context, contract, receipts)
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
    context: dg.AssetExecutionContext, contract: Contract, settings: Settings, contracts: Contracts
) -> list[Receipt]:
    from bassetlaw_pipeline.intake.land import land_extract
    from bassetlaw_pipeline.proposal.short import with_proposals

    with without_values(f"Landing {contract.id} stopped"):
        arrivals = _arrivals(context, contract, settings, contracts)
        receipts = land_extract(contract, arrivals, settings, propose=with_proposals) if arrivals else []
    for verdict, count in events.verdicts(receipts).items():
        context.log.info(f"{contract.id}: {count} {verdict}")
    return receipts


def _arrivals(
    context: dg.AssetExecutionContext, contract: Contract, settings: Settings, contracts: Contracts
) -> list[Arrival]:
    """New files of one extract that have settled; of those that have not only the number."""
    from bassetlaw_pipeline.intake.discover.inbox import new_files
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    ledger = Ledger(settings.home, contract)

    def passed_over(arrival: Arrival) -> bool:
        return arrival.contract is None or arrival.contract.id != contract.id or ledger.knows(arrival)

    found = new_files(
        settings.home,
        contracts,
        passed_over,
        settings.settle_seconds,
        wait=lambda seconds, files: time.sleep(seconds),
        partner=contract.partner,
    )
    _log_found(context, contract.id, len(found.complete), len(found.writing))
    return found.complete


def _log_found(context: dg.AssetExecutionContext, what: str, complete: int, writing: int) -> None:
    context.log.info(f"{what}: {complete} new file(s)")
    if writing:
        context.log.warning(f"{what}: {writing} file(s) still being written, left for the next run")


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
    months = set(MONTHLY.get_partition_keys())
    for month, deliveries in known.items():
        if month in months and (month in fresh or month not in shown):
            yield events.materialization(contract, month, deliveries)


def _asked_for(context: dg.AssetExecutionContext) -> set[str]:
    if context.has_partition_key or context.has_partition_key_range:
        return set(context.partition_keys)
    return set()


def _mark_rejected(
    context: dg.AssetExecutionContext, contract: Contract, receipts: Sequence[Receipt]
) -> None:
    """What was rejected shows on the run, and on the months it was for."""
    rejected = [receipt for receipt in receipts if receipt.verdict == "rejected"]
    if not rejected:
        return
    context.instance.add_run_tags(context.run_id, {REJECTED_TAG: "yes"})
    months = set(MONTHLY.get_partition_keys())
    for observation in events.rejections(contract, rejected):
        if observation.partition in months:
            context.log_event(observation)


def unrecognised_asset(settings: Settings, contracts: Contracts) -> dg.AssetsDefinition:
    """Files that fit no contract get a receipt that says so."""

    @dg.multi_asset(
        name="unrecognised",
        specs=[
            dg.AssetSpec(
                UNRECOGNISED,
                skippable=True,
                group_name="intake",
                owners=[ANALYSTS],
                kinds={"json"},
                description="Files in landing that no contract fits; each has its receipt.",
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                RECOGNISED, asset=UNRECOGNISED, description="Every file in landing fits a contract."
            )
        ],
        can_subset=True,
    )
    def refuse(context: dg.AssetExecutionContext) -> Events:
        if context.selected_asset_keys:
            with without_values("Receipts for files no contract fits stopped"):
                _refuse(context, settings, contracts)
        if context.selected_asset_check_keys:
            yield events.recognised(UNRECOGNISED, RECOGNISED, _unfit_in_landing(settings, contracts))

    return refuse


def _refuse(context: dg.AssetExecutionContext, settings: Settings, contracts: Contracts) -> None:
    from bassetlaw_pipeline.intake.discover.inbox import new_files
    from bassetlaw_pipeline.intake.land import land
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    ledger = Ledger(settings.home)
    found = new_files(
        settings.home,
        contracts,
        lambda arrival: arrival.contract is not None or ledger.knows(arrival),
        settings.settle_seconds,
        wait=lambda seconds, files: time.sleep(seconds),
    )
    _log_found(context, "no contract fits", len(found.complete), len(found.writing))
    receipts = [land(arrival, settings, contracts) for arrival in found.complete]
    if receipts:
        context.log_event(dg.AssetMaterialization(UNRECOGNISED, metadata=events.unfit(receipts)))


def _unfit_in_landing(settings: Settings, contracts: Contracts) -> list[Receipt]:
    """Receipts of files that no contract fits and that still lie there."""
    from bassetlaw_pipeline.intake.discover.inbox import scan
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    there = {(a.partner, a.sha256) for a in scan(settings.home, contracts) if a.contract is None}
    return [r for r in Ledger(settings.home).rejected() if (r.partner, r.sha256) in there and not r.extract]
