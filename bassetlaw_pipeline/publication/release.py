"""Make a release and let people see it: build aside, then swap in whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.publication import approval, archive, integrity, manifest, pointer
from bassetlaw_pipeline.publication.archive import StoredRelease
from bassetlaw_pipeline.publication.comparison.diff import Comparison, compare, no_comparison
from bassetlaw_pipeline.publication.comparison.figures import Source
from bassetlaw_pipeline.publication.comparison.restatement import write_ledger
from bassetlaw_pipeline.publication.comparison.versioning import DataVersion
from bassetlaw_pipeline.publication.manifest import Inputs
from bassetlaw_pipeline.publication.notes import render_notes
from bassetlaw_pipeline.publication.outputs.export import SCHEMA, ExportedTable, export_tables
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.report.site import write_report
from bassetlaw_pipeline.settings import Settings
from bassetlaw_pipeline.storage import publishing, seal, work_folder


class PublicationBlocked(RuntimeError):
    """A critical check failed: nothing was published and the last release keeps serving."""

    def __init__(self, failed: Sequence[CheckResult]) -> None:
        codes = ", ".join(sorted({c.code for c in failed}))
        told = "".join(f" {c.code}: {c.description}." for c in failed if c.code == "disclosure_attack")
        super().__init__(
            f"Nothing was published: critical checks failed ({codes}). The last release stays.{told}"
        )
        self.failed = tuple(failed)


@dataclass(frozen=True)
class Release:
    """One immutable publication."""

    release_id: str
    folder: Path
    tables: tuple[ExportedTable, ...]
    created: bool  # False when the very same release was there already
    data_version: str
    state: Literal["published", "waiting"]


def publish(
    settings: Settings,
    *,
    warehouse: Path,
    receipts: Sequence[Receipt],
    as_of: datetime | None,
    checks: Sequence[CheckResult],
    requested_as_of: datetime | None = None,
) -> Release:
    """Make schema outcomes of `warehouse` a release; point `published/` at it unless it has to wait.

    `as_of` is the time the data were known; `requested_as_of` is what the user asked for, if anything.
    Raises PublicationBlocked when a critical check failed, UnsafeType when a column is not BI-safe.
    """
    inputs = Inputs(receipts, as_of, requested_as_of, checks)
    if inputs.failed:
        raise PublicationBlocked(inputs.failed)
    with publishing(settings.home):
        there = next((k for k in _places(settings, inputs) if k.folder.exists()), None)
        kept = there or _make(settings, inputs, warehouse)
        if kept.folder.parent == settings.home.releases:
            pointer.point_at(kept.folder, settings.home)
            approval.drop_superseded(settings.home, kept)
    approval.publish_due(settings.home)
    return _outcome(settings, inputs, created=there is None)


def _outcome(settings: Settings, inputs: Inputs, created: bool) -> Release:
    """Where the release lies now; whatever was due has been let out."""
    out, waits = _places(settings, inputs)
    kept = out if out.folder.exists() else waits
    tables = tuple(ExportedTable(**t, columns=(), description="") for t in kept.manifest["tables"])
    state: Literal["published", "waiting"] = "published" if kept is out else "waiting"
    return Release(kept.release_id, kept.folder, tables, created, str(kept.version), state)


def _places(settings: Settings, inputs: Inputs) -> tuple[StoredRelease, StoredRelease]:
    """Where the release lies when it is out, and where when it waits."""
    return StoredRelease(settings.home.releases / inputs.release_id), StoredRelease(
        settings.home.pending / inputs.release_id
    )


def _must_wait(settings: Settings) -> bool:
    until = manifest.embargo_end(settings)
    return settings.approval == "required" or (until is not None and until > approval.now())


def preview(settings: Settings, inputs: Inputs, warehouse: Path) -> tuple[Comparison, str]:
    """What releasing the warehouse would change, and the version it would get. Writes nothing."""
    previous = archive.newest(settings.home)
    if inputs.requested_as_of:
        comparison = no_comparison(previous)
    else:
        comparison = compare(previous, Source(warehouse, SCHEMA), manifest.making(inputs, warehouse))
    return comparison, str(_version(settings, inputs, comparison))


def _version(settings: Settings, inputs: Inputs, comparison: Comparison) -> DataVersion:
    """The next number; a view of the past keeps the number of the newest release and says its time."""
    if inputs.requested_as_of:
        newest = archive.newest(settings.home)
        base = newest.version if newest else DataVersion(0, 0, 0)
        asked = inputs.requested_as_of.astimezone(UTC)
        return DataVersion(base.major, base.minor, base.patch, f"as-of.{asked:%Y%m%dT%H%M%SZ}")
    return archive.latest_version(settings.home).raised(comparison.level)


def _make(settings: Settings, inputs: Inputs, warehouse: Path) -> StoredRelease:
    """Build the release folder aside and make it appear in one step, where readers are or where it waits."""
    kept = _places(settings, inputs)[1 if _must_wait(settings) else 0]
    comparison, version = preview(settings, inputs, warehouse)
    facts = manifest.identity(inputs, settings) | manifest.compared_with(comparison, version)
    temporary = work_folder(kept.folder)
    tables = write_tables(settings, warehouse, temporary, facts, comparison)
    body = facts | manifest.making(inputs, warehouse) | manifest.contents(inputs, tables)
    (temporary / "notes.md").write_text(render_notes(body, comparison), encoding="utf-8")
    (temporary / pointer.POINTER).write_text(pointer.text(kept.release_id), encoding="utf-8")
    write_report(temporary / "outcomes.duckdb", temporary / "report")
    body = integrity.sealed(body | {"files": integrity.hashes(temporary)})
    _write_json(temporary / archive.MANIFEST, body)
    seal(temporary, kept.folder)
    return kept


def write_tables(
    settings: Settings, warehouse: Path, folder: Path, facts: dict[str, Any], comparison: Comparison
) -> list[ExportedTable]:
    """Write the tables of a release, with the ledger its predecessor hands on.

    `facts` has the identity of the release and its place in the line, as in its manifest.
    """
    as_of = facts["as_of"] and datetime.fromisoformat(facts["as_of"]).astimezone(UTC).replace(tzinfo=None)
    release = facts | {"as_of": as_of}
    previous = archive.find(settings.home, comparison.previous).outcomes if comparison.previous else None

    def add_ledger(con: duckdb.DuckDBPyConnection, schema: str) -> None:
        write_ledger(con, schema, previous, comparison, release)

    return export_tables(warehouse, folder, release, add_ledger)


def _write_json(path: Path, body: dict[str, Any]) -> None:
    path.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
