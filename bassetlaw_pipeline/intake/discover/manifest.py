"""The manifest a partner may put beside a file: `<file name>.manifest.json`.

A file without one is fine.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.model import Finding

SUFFIX = ".manifest.json"
_LIMIT = 1_000_000  # bytes; a manifest has a few lines
_CLOCKS_DIFFER = timedelta(days=1)
# What is kept of a manifest: a partner may write anything into the rest, identifiers too.
_KEPT = ("file_name", "sha256", "bytes", "extract_id", "submitted_at", "period_start")

Manifest = dict[str, Any]


def check(
    path: Path, sha256: str, size: int, contract: Contract | None
) -> tuple[Manifest | None, list[Finding]]:
    """What is kept of a file's manifest, and MANIFEST_INVALID or MANIFEST_MISMATCH. Raises OSError."""
    file = path.with_name(path.name + SUFFIX)
    try:
        if not file.is_file():
            return None, []
    except OSError:  # the name is too long to have a manifest beside it
        return None, []
    stated = _load(file)
    if stated is None:
        return None, [Finding(code="MANIFEST_INVALID", detail="it is not a JSON object")]
    if stated.get("submitted_at"):
        sent = submitted_at(stated)
        if sent is None:
            return None, [Finding(code="MANIFEST_INVALID", detail="submitted_at is not a time")]
        if sent > datetime.now(UTC) + _CLOCKS_DIFFER:  # it would outrank every later delivery
            return None, [Finding(code="MANIFEST_INVALID", detail="submitted_at lies in the future")]
    facts: dict[str, str | int] = {"file_name": path.name, "sha256": sha256, "bytes": size}
    if contract:
        facts["extract_id"] = contract.id
    wrong = [key for key, fact in facts.items() if key in stated and not _same(stated[key], fact)]
    kept = {key: _fit(key, stated[key]) for key in _KEPT if _is_plain(stated.get(key))}
    return kept, [Finding(code="MANIFEST_MISMATCH", detail=", ".join(wrong))] if wrong else []


def _load(file: Path) -> Manifest | None:
    """What a manifest says; None when it is not a JSON object of sensible size."""
    try:
        found = json.loads(file.read_bytes()) if file.stat().st_size <= _LIMIT else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and str(value).isprintable()


def _fit(key: str, value: str | int) -> str | int:
    """A value fit for receipts; a text that may identify a person is not shown."""
    return naming.shown_file(value) if isinstance(value, str) and key != "sha256" else value


def _same(stated: Any, fact: str | int) -> bool:
    return str(stated).strip().lower() == str(fact).lower()


def submitted_at(manifest: Manifest | None) -> datetime | None:
    """When the partner sent the file: UTC, whole seconds; None when the manifest does not say."""
    try:
        stated = datetime.fromisoformat((manifest or {})["submitted_at"])
        aware = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
