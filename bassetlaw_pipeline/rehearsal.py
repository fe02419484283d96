"""Trying things without touching anything: rehearse a run, rebuild a past release."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.pipeline import run_pipeline
from bassetlaw_pipeline.planning import PipelineFailed, Report, quiet
from bassetlaw_pipeline.publication import archive
from bassetlaw_pipeline.publication.archive import ComparisonReleases, StoredRelease
from bassetlaw_pipeline.publication.comparison.diff import Comparison, compare, no_comparison
from bassetlaw_pipeline.publication.comparison.figures import Source
from bassetlaw_pipeline.publication.fingerprint import code_sha256
from bassetlaw_pipeline.publication.release import write_tables
from bassetlaw_pipeline.publication.shadow import shadow_home
from bassetlaw_pipeline.settings import Settings

# What a manifest says since versions are given; a release made before that has none of it.
_BEFORE_VERSIONS = {"data_version": None, "previous_release": None, "requested_as_of": None}


@dataclass(frozen=True)
class Rehearsal:
    """What a run would do; `comparison` is None when nothing is new."""

    receipts: Sequence[Receipt]
    failures: Sequence[str]
    comparison: Comparison | None
    data_version: str


def rehearse(settings: Settings, select: Collection[str] | None = None, report: Report = quiet) -> Rehearsal:
    """Land what is new in a shadow home, build and publish there, and compare with the last release.

    Raises what run_pipeline raises. Landing, accepted, warehouse and published stay as they are.
    """
    with shadow_home(settings) as shadow:
        result = run_pipeline(shadow, select=select, report=report)
        made = archive.newest(shadow.home) if result.built else None
        if made is None:
            return Rehearsal(result.receipts, result.failures, None, "")
        comparison = compare(archive.newest(settings.home), Source(made.outcomes), made.manifest)
    version = archive.latest_version(settings.home).raised(comparison.level)
    return Rehearsal(result.receipts, result.failures, comparison, str(version))


@dataclass(frozen=True)
class Proof:
    """A past release rebuilt from accepted deliveries, and the tables whose data came out differently."""

    release_id: str
    data_version: str
    same_code: bool
    tables: int
    differing: Sequence[str]
    missing: Sequence[str]  # deliveries that are no longer there; nothing was rebuilt then

    @property
    def holds(self) -> bool:
        """True when every table came out equal."""
        return not (self.differing or self.missing)


def verify(settings: Settings, name: str) -> Proof:
    """Rebuild a release from the deliveries and the as-of time it names, and compare table by table.

    Raises NoSuchRelease, and PipelineFailed when the warehouse cannot be built.
    """
    kept = archive.find(settings.home, name)
    receipts, missing = _receipts(settings, kept)
    expected = {t["name"]: t["sha256"] for t in kept.manifest["tables"]}
    rebuilt = {} if missing else _rebuild(settings, kept, receipts)
    differing = [] if missing else [t for t, sha256 in sorted(expected.items()) if rebuilt.get(t) != sha256]
    same_code = kept.manifest.get("code_sha256") == code_sha256()
    return Proof(kept.release_id, str(kept.version), same_code, len(expected), differing, missing)


def _receipts(settings: Settings, kept: StoredRelease) -> tuple[list[Receipt], list[str]]:
    """Receipts of the deliveries a release names, as they stood then, and names of those that are gone."""
    known = {(r.partner, r.delivery_id, r.file_name): r for r in Ledger(settings.home).receipts()}
    stated = {(d["partner"], d["delivery_id"], d["file_name"]): d for d in kept.manifest["deliveries"]}
    named = list(stated)
    found = [_as_manifest_says(known[key], stated[key]) for key in named if key in known]
    order = sorted(found, key=lambda r: (r.received_at, r.sha256))
    return order, [f"{partner}/{delivery}" for partner, delivery, file in named
                   if (partner, delivery, file) not in known]  # fmt: skip


def _as_manifest_says(receipt: Receipt, stated: Mapping[str, Any]) -> Receipt:
    """A receipt with the events that the manifest of a release names, and no other."""
    events = {
        "confirmed": receipt.confirmed if "confirmed_at" in stated else None,
        "replaced": receipt.replaced if "replaced_at" in stated else None,
        "withdrawals": tuple(e for e in receipt.withdrawals if e.at.isoformat() <= stated["withdrawn_at"])
        if "withdrawn_at" in stated
        else (),
    }
    return receipt.model_copy(update=events)


def _rebuild(settings: Settings, kept: StoredRelease, receipts: Sequence[Receipt]) -> dict[str, str]:
    """Hash of the data of every table, built anew with the code of today."""
    from bassetlaw_pipeline.contracts.load import load_contracts
    from bassetlaw_pipeline.warehouse.build import build_warehouse
    from bassetlaw_pipeline.warehouse.dbt_project import DbtFailed, DbtPlaces

    asked = kept.manifest.get("requested_as_of")
    with shadow_home(settings, {r.delivery_id for r in receipts}) as shadow:
        try:
            places = DbtPlaces(shadow)
            as_of = datetime.fromisoformat(asked) if asked else None
            build_warehouse(
                places, receipts, load_contracts(), as_of, compared_with=_comparison_releases(settings, kept)
            )
        except DbtFailed as problem:
            raise PipelineFailed(f"The release cannot be rebuilt: {problem}") from None
        return _tables(settings, kept, shadow.home.warehouse, shadow.home.published)


def _comparison_releases(settings: Settings, kept: StoredRelease) -> ComparisonReleases:
    """The releases it followed; of a view of the past those it stood between when it was made."""
    home, previous = settings.home, kept.manifest.get("previous_release")
    if kept.is_view:
        asked = datetime.fromisoformat(kept.manifest["requested_as_of"])
        return archive.comparison_releases(home, asked, until=kept.manifest["created_at"])
    return ComparisonReleases(
        before=tuple(archive.release_history(home, archive.find(home, previous))) if previous else ()
    )


def _tables(settings: Settings, kept: StoredRelease, warehouse: Path, folder: Path) -> dict[str, str]:
    """Write the release's tables once more; its identity and its predecessor are those it names."""
    facts: dict[str, Any] = _BEFORE_VERSIONS | kept.manifest
    before = archive.find(settings.home, facts["previous_release"]) if facts["previous_release"] else None
    comparison = (
        no_comparison(before) if kept.is_view else compare(before, Source(warehouse, "outcomes"), facts)
    )
    folder.mkdir(parents=True, exist_ok=True)
    return {t.name: t.sha256 for t in write_tables(settings, warehouse, folder, facts, comparison)}
