"""Make a release and let people see it: build aside, then swap in whole.

Belongs here: the order of steps that makes a publication all or nothing, and the manifest.
Does not belong here: the copy itself (export.py), the report page (report.py).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.intake.model import CheckResult, Receipt
from bassetlaw_pipeline.publication.export import STORAGE_VERSION, ExportedTable, export_tables
from bassetlaw_pipeline.publication.fingerprint import code_sha256, inputs_fingerprint
from bassetlaw_pipeline.publication.report import write_report
from bassetlaw_pipeline.settings import DataHome, Settings


class PublicationBlocked(RuntimeError):
    """A critical check failed: nothing was published and the last release keeps serving."""

    def __init__(self, failed: Sequence[CheckResult]) -> None:
        codes = ", ".join(sorted({c.code for c in failed}))
        super().__init__(f"Nothing was published: critical checks failed ({codes}). The last release stays.")
        self.failed = tuple(failed)


@dataclass(frozen=True)
class Release:
    """One immutable publication."""

    release_id: str
    folder: Path
    tables: tuple[ExportedTable, ...]
    created: bool  # False when the very same release was there already


def publish(
    settings: Settings,
    *,
    warehouse: Path,
    receipts: Sequence[Receipt],
    as_of: datetime | None,
    checks: Sequence[CheckResult],
    requested_as_of: datetime | None = None,
) -> Release:
    """Publish schema outcomes of `warehouse` as a release and point `published/` at it.

    `as_of` is the time the data were known; `requested_as_of` is what the user asked for, if anything.
    Raises PublicationBlocked when a critical check failed, UnsafeType when a column is not BI-safe.
    """
    failed = [c for c in checks if c.severity == "critical" and not c.success]
    if failed:
        raise PublicationBlocked(failed)
    fingerprint = inputs_fingerprint(receipts, requested_as_of)
    release_id = f"{as_of or datetime(1970, 1, 1, tzinfo=UTC):%Y%m%d}-{fingerprint[:12]}"
    folder = settings.home.published / "releases" / release_id
    temporary = folder.with_name(f".{release_id}.tmp")
    _clear_leftovers(folder.parent)
    temporary.mkdir(parents=True)
    facts = _facts(release_id, fingerprint, as_of) | {"is_synthetic": _is_synthetic(settings, receipts)}
    tables = export_tables(warehouse, temporary, facts | {"as_of": as_of and as_of.replace(tzinfo=None)})
    manifest = facts | _contents(receipts, as_of, checks, tables)
    _write_json(temporary / "manifest.json", manifest)
    write_report(temporary / "outcomes.duckdb", manifest, temporary / "report")
    created = _seal(temporary, folder)
    _point_at(folder, settings.home)
    return Release(release_id, folder, tuple(tables), created)


def _facts(release_id: str, fingerprint: str, as_of: datetime | None) -> dict[str, Any]:
    """What a release is, apart from what it contains."""
    return {
        "release_id": release_id,
        "inputs_fingerprint": fingerprint,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": as_of.isoformat() if as_of else None,
        "code_version": version("bassetlaw-pipeline"),
        "code_sha256": code_sha256(),
        "storage_version": STORAGE_VERSION,
        "minimum_duckdb_client": STORAGE_VERSION.removeprefix("v"),
        "licence": "Contains public sector information licensed under the Open Government Licence v3.0.",
    }


def _is_synthetic(settings: Settings, receipts: Sequence[Receipt]) -> bool:
    """True when invented people are behind the figures; published national files alone are real."""
    return settings.environment == "synthetic" and any(r.key_check for r in receipts)


def _contents(
    receipts: Sequence[Receipt],
    as_of: datetime | None,
    checks: Sequence[CheckResult],
    tables: Sequence[ExportedTable],
) -> dict[str, Any]:
    known = [r for r in receipts if as_of is None or r.received_at <= as_of]
    return {
        "contracts": {r.extract: r.contract_version for r in known if r.extract and r.contract_version},
        "deliveries": [_delivery(r) for r in sorted(known, key=lambda r: (r.partner, r.delivery_id))],
        "checks": [c.model_dump(exclude_none=True) for c in checks],
        "tables": [{"name": t.name, "rows": t.rows, "sha256": t.sha256} for t in tables],
    }


def _delivery(receipt: Receipt) -> dict[str, Any]:
    main = next(iter(receipt.tables.values()), None)
    return {
        "delivery_id": receipt.delivery_id,
        "partner": receipt.partner,
        "extract": receipt.extract,
        "file_name": receipt.file_name,
        "sha256": receipt.sha256,
        "received_at": receipt.received_at.isoformat(),
        "contract_version": receipt.contract_version,
        "verdict": receipt.verdict,
        "accepted": main.accepted if main else 0,
        "quarantined": main.quarantined if main else 0,
    }


def _seal(temporary: Path, folder: Path) -> bool:
    """Make the finished folder appear under its name; an equal release that exists is kept."""
    for path in temporary.rglob("*"):
        if path.is_file():
            _sync(path)
    if folder.exists():
        shutil.rmtree(temporary)
        return False
    temporary.rename(folder)
    _sync(folder.parent)
    return True


def _point_at(folder: Path, home: DataHome) -> None:
    """Point published/ at a release, file by file, each in one step; the manifest last."""
    for name in ("parquet", "csv", "report"):
        target = home.published / name
        target.mkdir(parents=True, exist_ok=True)
        wanted = {p.name for p in (folder / name).iterdir()}
        for file in sorted(wanted):
            _swap(folder / name / file, target / file)
        for stale in target.iterdir():
            if stale.name not in wanted:
                stale.unlink()
    _swap(folder / "outcomes.duckdb", home.outcomes)
    _swap(folder / "manifest.json", home.published / "manifest.json")


def _swap(source: Path, target: Path) -> None:
    """Replace `target` by a copy of `source` in one step; a reader keeps what it has open.

    A copy and not a link: a release must not change when somebody writes to the file in published/.
    """
    temporary = target.with_name(f".{target.name}.tmp")
    shutil.copyfile(source, temporary)
    _sync(temporary)
    temporary.replace(target)


def _clear_leftovers(releases: Path) -> None:
    """Remove what a killed publication left behind; it was never visible."""
    if releases.is_dir():
        for path in releases.glob(".*.tmp"):
            shutil.rmtree(path)


def _write_json(path: Path, body: dict[str, Any]) -> None:
    path.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
