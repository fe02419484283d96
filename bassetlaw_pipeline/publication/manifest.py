"""The manifest of a release: what it is, what it was made from and with, and what it contains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bassetlaw_pipeline.corrections.applied import corrections_applied
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.store.as_known import as_known
from bassetlaw_pipeline.publication.comparison.diff import Comparison
from bassetlaw_pipeline.publication.fingerprint import code_sha256, inputs_fingerprint
from bassetlaw_pipeline.publication.outputs.export import STORAGE_VERSION, ExportedTable
from bassetlaw_pipeline.publication.provenance import calculation
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.settings import Settings

UK = ZoneInfo("Europe/London")  # an embargo is agreed in the hour people's clocks show


@dataclass(frozen=True)
class Inputs:
    """What a release is made from: deliveries, the time they were known, the checks of the marts."""

    receipts: Sequence[Receipt]
    as_of: datetime | None  # the time the data were known
    requested_as_of: datetime | None  # what the user asked for, if anything
    checks: Sequence[CheckResult]

    @property
    def fingerprint(self) -> str:
        """Equal for equal deliveries, code and as-of time."""
        return inputs_fingerprint(self.receipts, self.requested_as_of)

    @property
    def release_id(self) -> str:
        """Starts with the day the data were known, ends with the fingerprint."""
        return f"{self.as_of or datetime(1970, 1, 1, tzinfo=UTC):%Y%m%d}-{self.fingerprint[:12]}"

    @property
    def known(self) -> list[Receipt]:
        """Deliveries received up to the as-of time, with what was said of them by the time asked for."""
        received = (r for r in self.receipts if self.as_of is None or r.received_at <= self.as_of)
        return as_known(received, self.requested_as_of)

    @property
    def failed(self) -> list[CheckResult]:
        """Critical checks that failed: with one of them nothing is published."""
        return [c for c in self.checks if c.severity == "critical" and not c.success]


def making(inputs: Inputs, warehouse: Path) -> dict[str, Any]:
    """What it is made with, as far as it can change a figure."""
    return {
        "contracts": {
            r.extract: r.contract_version
            for r in inputs.known
            if r.extract and r.contract_version and r.stands
        },
        "corrections": corrections_applied(warehouse),
        **calculation(),
    }


def identity(inputs: Inputs, settings: Settings) -> dict[str, Any]:
    """What a release is, apart from what it contains."""
    return {
        "release_id": inputs.release_id,
        "inputs_fingerprint": inputs.fingerprint,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": _iso(inputs.as_of),
        "requested_as_of": _iso(inputs.requested_as_of),
        "approval": settings.approval,
        "embargo_until": _iso(embargo_end(settings)),
        "is_synthetic": settings.environment == "synthetic" and any(r.key_check for r in inputs.receipts),
        "code_version": version("bassetlaw-pipeline"),
        "code_sha256": code_sha256(),
        "storage_version": STORAGE_VERSION,
        "minimum_duckdb_client": STORAGE_VERSION.removeprefix("v"),
        "licence": "Contains public sector information licensed under the Open Government Licence v3.0.",
    }


def embargo_end(settings: Settings) -> datetime | None:
    """The embargo in UTC; a time without a zone is UK local time."""
    until = settings.embargo
    if until is None:
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UK)).astimezone(UTC)


def compared_with(comparison: Comparison, data_version: str) -> dict[str, Any]:
    """Its place in the line of releases."""
    return {
        "data_version": data_version,
        "previous_release": comparison.previous,
        "previous_version": comparison.previous_version,
        "change": comparison.level,
        "reasons": [reason.words for reason in comparison.reasons],
        "restated": comparison.causes,
        "held": comparison.held,
    }


def contents(inputs: Inputs, tables: Sequence[ExportedTable]) -> dict[str, Any]:
    """Deliveries with their hashes, check results, and tables with the hashes of their data."""
    return {
        "deliveries": [_delivery(r) for r in sorted(inputs.known, key=lambda r: (r.partner, r.delivery_id))],
        "checks": [c.model_dump(exclude_none=True) for c in inputs.checks],
        "tables": [{"name": t.name, "rows": t.rows, "sha256": t.sha256} for t in tables],
    }


def _delivery(receipt: Receipt) -> dict[str, Any]:
    main = next(iter(receipt.tables.values()), None)
    events = {
        "confirmed_at": receipt.confirmed.confirmed_at if receipt.confirmed else None,
        "landed_again_at": receipt.again.at if receipt.again else None,
        "replaced_at": receipt.replaced.at if receipt.replaced else None,
        "withdrawn_at": receipt.withdrawn.at if receipt.withdrawn else None,
    }
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
    } | {name: at.isoformat() for name, at in events.items() if at}


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
