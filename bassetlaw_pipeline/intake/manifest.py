"""The manifest a partner may put beside a file: `<file name>.manifest.json`.

Belongs here: reading it and comparing it with the file. A file without one is fine.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Finding

SUFFIX = ".manifest.json"

Manifest = dict[str, Any]


def check(
    path: Path, sha256: str, size: int, contract: Contract | None
) -> tuple[Manifest | None, list[Finding]]:
    """The manifest of a file, and MANIFEST_INVALID or MANIFEST_MISMATCH. Raises OSError."""
    file = path.with_name(path.name + SUFFIX)
    if not file.is_file():
        return None, []
    try:
        stated = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        stated = None
    if not isinstance(stated, dict):
        return None, [Finding(code="MANIFEST_INVALID", detail="it is not a JSON object")]
    if stated.get("submitted_at") and submitted_at(stated) is None:
        return stated, [Finding(code="MANIFEST_INVALID", detail="submitted_at is not a time")]
    facts = {"file_name": path.name, "sha256": sha256, "bytes": size}
    if contract:
        facts["extract_id"] = contract.id
    wrong = [key for key, fact in facts.items() if key in stated and not _same(stated[key], fact)]
    return stated, [Finding(code="MANIFEST_MISMATCH", detail=", ".join(wrong))] if wrong else []


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
