"""The manifest a partner puts beside a file: what was sent, and what it adds up to."""

from __future__ import annotations

import hashlib
import json
import uuid

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.manifest import SUFFIX
from bassetlaw_sample.delivery import Delivery

__all__ = ["SUFFIX", "manifest"]


def manifest(delivery: Delivery, data: bytes) -> bytes:
    """The manifest of a delivery of one table, as JSON."""
    contract = load_contracts()[delivery.extract]
    sha256 = hashlib.sha256(data).hexdigest()
    (rows,) = delivery.tables.values()
    stated = {
        "submission_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{delivery.path}#{sha256}")),
        "partner_ods": contract.file.organisation,
        "extract_id": delivery.extract,
        "contract_version": contract.version,
        "file_name": delivery.name,
        "sha256": sha256,
        "bytes": len(data),
        "row_count": delivery.data_rows,
        "control_totals": delivery.control_totals(rows) if delivery.control_totals else {},
        "submitted_by": f"{delivery.partner}-data-owner",
        "submitted_at": delivery.received.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "identifiability": "aggregate",
        "ndo_applied": "not_applicable",
    }
    return (json.dumps(stated, indent=1) + "\n").encode()
