"""What a release was made from, as one hash: the same inputs need no second release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.store.as_known import as_known
from bassetlaw_pipeline.publication.integrity import read_manifest
from bassetlaw_pipeline.publication.pointer import current
from bassetlaw_pipeline.settings import DBT_DIR, PROJECT_DIR, DataHome

_CODE = (
    (PROJECT_DIR / "bassetlaw_pipeline", ("*.py", "*.j2")),
    (PROJECT_DIR / "expectations", ("*.yml", "*.yaml")),
    (DBT_DIR, ("*.sql", "*.py", "*.yml", "*.csv")),
)
_NOT_CODE = {"target", "logs", "dbt_packages", "__pycache__"}


@lru_cache(maxsize=1)
def code_sha256() -> str:
    """Hash of the pipeline's own code, contracts and dbt project: the code version of a release."""
    digest = hashlib.sha256()
    for folder, patterns in _CODE:
        for path in sorted(p for pattern in patterns for p in folder.rglob(pattern)):
            if not _NOT_CODE & set(path.parts):
                digest.update(path.relative_to(PROJECT_DIR).as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def inputs_fingerprint(receipts: Iterable[Receipt], as_of: datetime | None) -> str:
    """Hash of every delivery known and what was said of it by then, the code and the as-of time."""
    deliveries = sorted(
        (
            r.partner,
            r.extract or "",
            r.delivery_id,
            r.sha256,
            _standing(r),
        )
        for r in as_known(receipts, as_of)
    )
    body = {"deliveries": deliveries, "code": code_sha256(), "as_of": as_of.isoformat() if as_of else None}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _standing(receipt: Receipt) -> str:
    said = (
        ("confirmed", receipt.confirmed),
        ("withdrawn", receipt.withdrawn),
        ("replaced", receipt.replaced),
    )
    return ", ".join([*(word for word, event in said if event), receipt.verdict])


def published_manifest(home: DataHome) -> dict:
    """The manifest of the release people see, or an empty dictionary when nothing is published.

    Raises ReleaseChanged when it was changed by hand.
    """
    release_id = current(home).get("release_id")
    try:
        return read_manifest(home.releases / release_id if release_id else home.published)
    except FileNotFoundError:
        return {}
