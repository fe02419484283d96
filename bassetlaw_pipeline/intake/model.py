"""What passes between the steps of intake: arrivals, what was read, findings and receipts.

No class here may hold the value of an identifying field: findings carry codes, counts, column names and row
numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.quality.result import CheckResult

Outcome = Literal["reject", "quarantine", "warn", "note"]
Verdict = Literal["accepted", "accepted_with_warnings", "rejected"]


class Finding(BaseModel):
    """Something found in a delivery; `code` refers to expectations/reasons.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    count: int = 1
    outcome: Outcome | None = None  # None: the outcome the reason code declares
    table: str | None = None
    column: str | None = None  # our name
    header: str | None = None  # the column's name in the partner's file, where it differs from ours
    rows: tuple[int, ...] = ()  # at most FINDING_ROWS row numbers, the first ones
    detail: str = ""  # header names, sheet names, numbers of rows: never a cell's value


FINDING_ROWS = 20


class FileRejected(Exception):
    """The whole file cannot be used. Carries the findings that say why, in the partner's terms."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f"{f.code} {f.detail}".strip() for f in findings))
        self.findings = findings


class LandedAgain(BaseModel):
    """That a file was landed again because its contract had changed; the decision before it, in numbers.

    replaces   delivery whose decision it replaces; first: the delivery as the partner sent it
    number     1 for the first time a file is landed again
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    replaces: str
    first: str
    number: int
    at: datetime
    contract_version_before: str | None = None
    verdict_before: Verdict
    accepted_before: int = 0
    quarantined_before: int = 0


class Replaced(BaseModel):
    """That a later landing of the same file took the place of a decision: which, and since when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str
    at: datetime


@dataclass(frozen=True)
class Arrival:
    """A file in the landing folder, matched to its contract or not."""

    path: Path
    partner: str
    file_name: str
    sha256: str
    size: int
    received_at: datetime  # UTC, whole seconds
    contract: Contract | None
    parts: dict[str, str] = field(default_factory=dict)  # named groups of the file name
    manifest: dict[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    again: LandedAgain | None = None

    @property
    def delivery_id(self) -> str:
        """The received time, the content hash and, of a file that is landed again, how often it was."""
        first = f"{self.received_at:%Y%m%dT%H%M%SZ}-{self.sha256[:12]}"
        return f"{first}-r{self.again.number}" if self.again else first

    @property
    def revision_rank(self) -> int:
        """0 for the first edition of a file, higher for a declared later edition."""
        spec = self.contract.file if self.contract else None
        if spec is None or "revision" not in self.parts:
            return 0
        names = [r.upper() for r in spec.revisions]
        found = self.parts["revision"].upper()
        return names.index(found) if found in names else 1


@dataclass(frozen=True)
class ReadTable:
    """One table as read: every value still text.

    `rows` has one VARCHAR column per contract column (contract `name`, NULL for an empty cell or an
    absent optional column) plus `_row_number BIGINT` (record number in the file or sheet; the CSV
    header is record 1) and, when the layout declares cells, one VARCHAR column per such cell.
    """

    table: Table
    rows: pa.Table
    layout_id: str
    non_data: dict[str, int] = field(default_factory=dict)  # kind -> rows that are declared not to be data
    malformed: tuple[tuple[int, str], ...] = ()  # (row number, reason code) of rows that cannot be split
    header: tuple[str, ...] = ()  # as it stands in the file
    headers: dict[str, str] = field(default_factory=dict)  # our name -> the header of the column in the file
    titles: tuple[tuple[str, ...], ...] = ()  # rows above the header, and the name of the sheet

    @property
    def rows_in_file(self) -> int:
        """All records after the header: data, non-data and malformed."""
        return self.rows.num_rows + sum(self.non_data.values()) + len(self.malformed)


@dataclass(frozen=True)
class ReadResult:
    """Everything read from one file."""

    tables: tuple[ReadTable, ...]
    period: date | None  # first day of the delivery's period, when file name or cell says it
    findings: tuple[Finding, ...] = ()


class TableCounts(BaseModel):
    """Row conservation of one table: rows_in = accepted + quarantined + non_data."""

    model_config = ConfigDict(extra="forbid")

    rows_in: int
    accepted: int
    quarantined: int
    non_data: dict[str, int] = {}


class Confirmation(BaseModel):
    """A person's word that a delivery that was held is right: an event of its own, beside the receipts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delivery_id: str
    partner: str
    extract: str
    reason: str
    by: str
    confirmed_at: datetime


class Withdrawal(BaseModel):
    """That a delivery is withdrawn, or reinstated: an event of its own, beside the receipts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delivery_id: str
    partner: str
    extract: str
    kind: Literal["withdrawn", "reinstated"]
    reason: str
    by: str
    at: datetime


class Receipt(BaseModel):
    """receipt.json: what happened to one delivery. The set of receipts is the ledger.

    window     periods it reports on and may replace; None in receipts written before there were windows
    again      of a file that was landed again: the decision it replaces
    proposal   of a rejected file: the layout that would take it, in words, when that is sure

    Never in the file, added by the ledger: `confirmed` and `withdrawals` (oldest first) from the events of
    these names, `replaced` from the receipt of a later landing of the same file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    delivery_id: str
    partner: str
    extract: str | None
    file_name: str
    sha256: str
    bytes: int
    received_at: datetime
    contract_version: str | None = None
    contract_sha256: str | None = None  # a rejected file is tried again when its contract has changed
    layout_ids: list[str] = []
    revision_rank: int = 0
    periods: list[date] = []  # months, quarters … the delivery covers
    window: list[date] | None = None
    verdict: Verdict
    tables: dict[str, TableCounts] = {}
    findings: list[Finding] = []
    checks: list[CheckResult] = []
    key_check: str | None = None
    key_version: str | None = None
    is_synthetic: bool = True
    manifest: dict[str, Any] | None = None
    again: LandedAgain | None = None
    proposal: str = ""
    confirmed: Confirmation | None = None
    withdrawals: tuple[Withdrawal, ...] = ()
    replaced: Replaced | None = None

    @property
    def withdrawn(self) -> Withdrawal | None:
        """The withdrawal that holds, or None."""
        last = self.withdrawals[-1] if self.withdrawals else None
        return last if last and last.kind == "withdrawn" else None

    @property
    def stands(self) -> bool:
        """False when it is withdrawn, or a later landing of the same file took its place."""
        return self.withdrawn is None and self.replaced is None

    @property
    def counts(self) -> bool:
        """True when its accepted rows may be used."""
        return self.verdict != "rejected" and self.stands
