"""Mart checks and the publication, as Dagster sees them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from bassetlaw_pipeline.orchestration.failures import without_values
from bassetlaw_pipeline.orchestration.home_lock import HOME_LOCK
from bassetlaw_pipeline.orchestration.naming import ANALYSTS, ATTACK
from bassetlaw_pipeline.publication import archive
from bassetlaw_pipeline.publication.comparison.diff import Comparison
from bassetlaw_pipeline.publication.manifest import Inputs
from bassetlaw_pipeline.publication.release import Release, preview, publish
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.settings import MART_SUITES_DIR
from bassetlaw_pipeline.storage import write_text
from bassetlaw_pipeline.warehouse.build import Build
from bassetlaw_pipeline.warehouse.dbt_project import DbtFailed, DbtPlaces

if TYPE_CHECKING:  # it loads what only the check needs
    from bassetlaw_pipeline.disclosure.attacks.outsider import Recovered

SCHEMA = "outcomes"
PUBLISHED = dg.AssetKey("published_outcomes")
_NAMED = 20  # exposed cells that a message lists


def suite_names(folder: Path = MART_SUITES_DIR) -> list[str]:
    """Tables of schema outcomes that have a suite of their own."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def mart_checks(places: DbtPlaces, tables: Sequence[str]) -> dg.AssetChecksDefinition:
    """One blocking check per mart suite: a failed critical rule stops the publication downstream."""
    specs = [
        dg.AssetCheckSpec(
            "expectations",
            asset=dg.AssetKey([SCHEMA, table]),
            blocking=True,
            description=f"Great Expectations rules of expectations/marts/{table}.yml.",
        )
        for table in tables
    ]

    @dg.multi_asset_check(name="mart_expectations", specs=specs, can_subset=True)
    def check(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        with without_values("Checking the marts stopped"):
            results = checked(places, again=True)
        for key in context.selected_asset_check_keys:
            yield _suite_result(key, results.get(key.asset_key.path[-1], []))

    return check


def attack_check(places: DbtPlaces) -> dg.AssetChecksDefinition:
    """The intruder: a suppressed count that could be worked out stops the publication."""

    @dg.asset_check(
        name=ATTACK,
        asset=dg.AssetKey([SCHEMA, "fct_indicator_value"]),
        blocking=True,
        description="By linear programme over all published totals of this and of all earlier releases every "
        "suppressed count keeps at least three candidate values (two where nothing is rounded), and no rate, "
        "gap, share or total gives away the counts it was made from.",
    )
    def check() -> dg.AssetCheckResult:
        with without_values("The attack on the release stopped"):
            (result,) = checked(places)[ATTACK]
        return dg.AssetCheckResult(
            passed=result.success,
            severity=dg.AssetCheckSeverity.ERROR
            if result.severity == "critical"
            else dg.AssetCheckSeverity.WARN,
            metadata={"suppressed counts": result.evaluated or 0, "found": result.description or "none"},
        )

    return check


def _attacked(places: DbtPlaces) -> CheckResult:
    """The attack as a check result; the cells are named by their keys, never by a value.

    What this release alone gives away stops it; what only an earlier one adds is for the settings to say.
    """
    from bassetlaw_pipeline.disclosure.attacks import outsider
    from bassetlaw_pipeline.disclosure.attacks.suppressed_counts import attack

    settings = places.settings
    found = attack(settings.home.warehouse, [kept.outcomes for kept in archive.released(settings.home)])
    derived = outsider.attack(settings.home.warehouse)
    earlier_only = not derived and (not found.exposed or not attack(settings.home.warehouse).exposed)
    how = " with an earlier release" if earlier_only else ""
    return CheckResult(
        code=ATTACK,
        type="linear programme over this and all earlier releases, and derived figures turned round",
        severity="warning" if earlier_only and settings.earlier_releases == "warn" else "critical",
        success=not found.exposed and not derived,
        evaluated=found.suppressed,
        unexpected=len(found.exposed) + len(derived),
        description=_exposed_in_words(found.exposed, derived, how),
    )


def _exposed_in_words(exposed: Sequence[str], derived: "Sequence[Recovered]", how: str) -> str:
    """The exposed cells in words: those of sums, and for each way those whose figures give them away."""
    by_attack = {f"could be worked out{how}": list(exposed)}
    for one in derived:
        by_attack.setdefault(f"given away ({one.way})", []).append(one.key)
    return "; ".join(
        f"{way}: {', '.join(keys[:_NAMED])}{' …' if len(keys) > _NAMED else ''}"
        for way, keys in by_attack.items()
        if keys
    )


def _suite_result(key: dg.AssetCheckKey, results: Sequence[CheckResult]) -> dg.AssetCheckResult:
    failed = [r for r in results if not r.success]
    critical = [r for r in failed if r.severity == "critical"]
    return dg.AssetCheckResult(
        check_name=key.name,
        asset_key=key.asset_key,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        metadata={
            "rules": len(results),
            "failed": ", ".join(f"{r.code} ({r.unexpected or 0:,} rows)" for r in failed) or "none",
            "rows unexpected": sum(r.unexpected or 0 for r in failed),
        },
    )


def checked(places: DbtPlaces, again: bool = False) -> dict[str, list[CheckResult]]:
    """Mart check results of the warehouse in use by table; run once per build and kept beside it."""
    build = _build(places)
    record = places.settings.home.warehouse.with_name("mart_checks.json")
    if not again and record.exists():
        kept = json.loads(record.read_text(encoding="utf-8"))
        if kept["built_at"] == build.built_at:
            return {t: [CheckResult(**r) for r in found] for t, found in kept["results"].items()}
    results = {**_validate(places), ATTACK: [_attacked(places)]}
    kept = {table: [r.model_dump() for r in found] for table, found in results.items()}
    body = {"built_at": build.built_at, "results": kept}
    write_text(record, json.dumps(body))
    return results


def _validate(places: DbtPlaces) -> dict[str, list[CheckResult]]:
    from bassetlaw_pipeline.quality.validate import validate_marts

    results = validate_marts(places.settings.home.warehouse)
    return {table.rpartition(".")[2]: found for table, found in results.items()}


def _build(places: DbtPlaces) -> Build:
    build = Build.read(places)
    if build is None:
        raise DbtFailed("there is no warehouse to publish yet; run `bassetlaw run`")
    return build


def published_outcomes(places: DbtPlaces, tables: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The release people open, downstream of every table of schema outcomes."""

    @dg.asset(
        key=PUBLISHED,
        deps=list(tables),
        group_name="publication",
        owners=[ANALYSTS],
        kinds={"duckdb", "parquet", "csv"},
        description="The release people open: DuckDB file, Parquet, CSV and report, swapped in as a whole. "
        "A failed critical check publishes nothing and the last release keeps serving.",
        metadata={"file": "published/outcomes.duckdb", "code": "bassetlaw_pipeline/publication/release.py"},
        tags={"layer": "published"},
        required_resource_keys={HOME_LOCK},
    )
    def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        context.resources.home_lock.take(context)
        with without_values("Nothing was published"):
            release = release_warehouse(places)
        context.log.info(f"release {release.release_id}")
        return dg.MaterializeResult(metadata=_metadata(release))

    return published


def release_warehouse(places: DbtPlaces) -> Release:
    """Publish the warehouse in use.

    Raises PublicationBlocked when a critical check failed, DbtFailed when another release came out since it
    was built: corrections were held against an older one.
    """
    inputs = _inputs(places)
    _must_follow(places, inputs)
    return publish(
        places.settings,
        warehouse=places.settings.home.warehouse,
        receipts=inputs.receipts,
        as_of=inputs.as_of,
        checks=inputs.checks,
        requested_as_of=inputs.requested_as_of,
    )


def _must_follow(places: DbtPlaces, inputs: Inputs) -> None:
    newest = archive.newest(places.settings.home)
    if newest is None or inputs.requested_as_of:
        return
    if newest.release_id not in (_build(places).previous_release, inputs.release_id):
        raise DbtFailed("another release came out since the warehouse was built; run `bassetlaw run`")


def preview_warehouse(places: DbtPlaces) -> tuple[Comparison, str, list[CheckResult]]:
    """What releasing the warehouse in use would change, its version, and the checks that forbid it."""
    inputs = _inputs(places)
    comparison, version = preview(places.settings, inputs, places.settings.home.warehouse)
    return comparison, version, inputs.failed


def _inputs(places: DbtPlaces) -> Inputs:
    """What the warehouse in use was built from. Raises DbtFailed when there is none."""
    from bassetlaw_pipeline.intake.store.as_known import as_known
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    build = _build(places)
    built_from = set(build.deliveries)
    receipts = Ledger(places.settings.home).receipts()
    return Inputs(
        receipts=[r for r in as_known(receipts, build.heard_until) if r.delivery_id in built_from],
        as_of=build.known_at,
        requested_as_of=build.asked_for,
        checks=[result for results in checked(places).values() for result in results],
    )


def _metadata(release: Release) -> dict[str, Any]:
    rows = {table.name: table.rows for table in release.tables}
    return {
        "release": release.release_id,
        "data version": release.data_version,
        "state": release.state,  # waiting: for approval, or for the end of an embargo
        "created": release.created,  # false: the very same release was there already
        "tables": len(rows),
        "rows": dg.MetadataValue.md("\n".join(f"- {table}: {count:,}" for table, count in rows.items())),
        "dagster/row_count": sum(rows.values()),
    }
