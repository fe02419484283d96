"""The ledger as tables for dbt: deliveries, which of them count, and what was expected.

Columns of the ledger: partner, extract, delivery_id, period, received_at, file_name, sha256,
contract_version, rows_in, accepted, quarantined, rejected, non_data, verdict, top_reasons, state,
state_since. `period` holds the first days of the months a delivery covers, ISO dates separated by a bar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.store.as_known import as_known, state_of
from bassetlaw_pipeline.intake.store.current import current_of_home
from bassetlaw_pipeline.intake.store.months import months_of
from bassetlaw_pipeline.settings import DataHome
from bassetlaw_pipeline.status import moment, period_status

SCHEMA = pa.schema(
    [
        ("partner", pa.string()),
        ("extract", pa.string()),
        ("delivery_id", pa.string()),
        ("period", pa.string()),
        ("received_at", pa.timestamp("us")),
        ("file_name", pa.string()),
        ("sha256", pa.string()),
        ("contract_version", pa.string()),
        ("rows_in", pa.int64()),
        ("accepted", pa.int64()),
        ("quarantined", pa.int64()),
        ("rejected", pa.int64()),  # rows of a file that was rejected as a whole
        ("non_data", pa.int64()),
        ("verdict", pa.string()),
        ("top_reasons", pa.string()),
        ("state", pa.string()),  # see intake.known.state_of
        ("state_since", pa.timestamp("us")),
    ]
)


SUPPLY = pa.schema(
    [
        ("partner", pa.string()),
        ("extract", pa.string()),
        ("period", pa.date32()),
        ("period_end", pa.date32()),
        ("due", pa.date32()),
        ("state", pa.string()),
        ("deliveries", pa.int64()),
        ("rejected", pa.int64()),
    ]
)


def write_ledger(
    receipts: Iterable[Receipt],
    contracts: Mapping[str, Contract],
    times: tuple[datetime | None, datetime | None],
    target: Path,
) -> None:
    """Write the deliveries received up to the first of the times as Parquet, in a fixed order.

    The second is the as-of time somebody asked for: events after it are not known.
    """
    known = _known(receipts, times)
    ordered = sorted(
        known, key=lambda r: (r.partner, r.extract or "", r.received_at, r.sha256, r.delivery_id)
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([_row(r, contracts) for r in ordered], schema=SCHEMA), target)


def write_current(
    home: DataHome,
    receipts: Iterable[Receipt],
    contracts: Mapping[str, Contract],
    times: tuple[datetime | None, datetime | None],
    target: Path,
) -> None:
    """Write which deliveries count in which partition, of those received up to the first of the times.

    The second is the as-of time somebody asked for: what was confirmed later is not confirmed then.
    """
    as_of, asked_for = times
    known = [r for r in receipts if as_of is None or r.received_at <= as_of]
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(current_of_home(home, contracts.values(), known, asked_for), target)


def write_supply(
    receipts: Sequence[Receipt],
    contracts: Mapping[str, Contract],
    environment: str,
    times: tuple[datetime | None, datetime | None],
    target: Path,
) -> None:
    """Write what was expected and what became of it, as known at the first of the times.

    The second is the as-of time somebody asked for. Never by the clock: same deliveries, same table.
    """
    known, asked_for = _known(receipts, times), times[1]
    when = moment(contracts.values(), known, environment, asked_for)
    found = period_status(contracts.values(), known, when.at, when.last) if known else []
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([vars(p) for p in found], schema=SUPPLY), target)


def _known(receipts: Iterable[Receipt], times: tuple[datetime | None, datetime | None]) -> list[Receipt]:
    as_of, asked_for = times
    return as_known([r for r in receipts if as_of is None or r.received_at <= as_of], asked_for)


def _row(receipt: Receipt, contracts: Mapping[str, Contract]) -> dict[str, Any]:
    tables = list(receipt.tables.values())
    rejected = receipt.verdict == "rejected"
    state, since = state_of(receipt)
    return {
        "partner": receipt.partner,
        "extract": receipt.extract,
        "delivery_id": receipt.delivery_id,
        "period": "|".join(_months(receipt, contracts)),
        "received_at": receipt.received_at.astimezone(UTC).replace(tzinfo=None),
        "file_name": receipt.file_name,
        "sha256": receipt.sha256,
        "contract_version": receipt.contract_version,
        "rows_in": sum(t.rows_in for t in tables),
        "accepted": 0 if rejected else sum(t.accepted for t in tables),
        "quarantined": 0 if rejected else sum(t.quarantined for t in tables),
        "rejected": sum(t.rows_in for t in tables) if rejected else 0,
        "non_data": 0 if rejected else sum(sum(t.non_data.values()) for t in tables),
        "verdict": receipt.verdict,
        "top_reasons": _top_reasons(receipt),
        "state": state,
        "state_since": since.astimezone(UTC).replace(tzinfo=None) if since else None,
    }


def _months(receipt: Receipt, contracts: Mapping[str, Contract]) -> list[str]:
    contract = contracts.get(receipt.extract or "")
    return months_of(contract, receipt) if contract else [p.isoformat() for p in sorted(receipt.periods)]


def _top_reasons(receipt: Receipt, most: int = 3) -> str:
    reasons: Counter[str] = Counter()
    for finding in receipt.findings:
        reasons[finding.code] += finding.count
    return ", ".join(f"{code} ({count})" for code, count in reasons.most_common(most))
