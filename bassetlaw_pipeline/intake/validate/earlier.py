"""What a delivery is to the ones before it: a newer edition, an older one, or unlike all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from statistics import median

from bassetlaw_pipeline.contracts.model import ComparisonOutcome, Contract
from bassetlaw_pipeline.intake.model import Finding, Receipt, TableCounts

FEWEST_ROWS = 200  # a small file may halve by chance
FELL_BELOW = 0.4  # of the rows of the period before
NEAR = 6  # periods before, whose middle is what is usual
STEADY, STEADY_ROWS, STEADY_PERIODS = 0.8, 8, 3  # a short table whose length hardly changes
TOTALS_SEEN, TOTALS_LOOKED_AT = 2, 12  # deliveries before
ELSEWHERE_ROSE, ELSEWHERE_ROWS = 1.1, 2  # of the usual number, and rows beyond that
OURS_FELL, OURS_ROWS = 0.75, 4  # below so much of the usual number, where that is no less than so many

Edition = tuple[int, datetime, str]


@dataclass(frozen=True)
class Known:
    """A delivery as far as others are compared with it.

    rows     of the main table, as they stand in the file
    tables   rows of every table by kind
    files    the accepted rows
    """

    delivery_id: str
    edition: Edition
    periods: frozenset[date]
    rows: int
    tables: Mapping[str, TableCounts] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    layouts: tuple[str, ...] = ()

    def came_before(self, other: Known) -> bool:
        """True when it was received first, whatever edition it is."""
        return self.edition[1:] < other.edition[1:]


def known(receipt: Receipt, contract: Contract | None = None, folder: Path = Path()) -> Known:
    """An accepted delivery of the ledger; `folder` holds the deliveries of its extract."""
    main = next(iter(receipt.tables.values()), None)
    own = folder / receipt.delivery_id
    tables = [t for t in (contract.tables if contract else ()) if t.name in receipt.tables]
    return Known(
        delivery_id=receipt.delivery_id,
        edition=(receipt.revision_rank, receipt.received_at, receipt.sha256),
        periods=frozenset(receipt.periods),
        rows=main.rows_in if main else 0,
        tables=receipt.tables,
        files={t.name: own / contract.rows_file(t) for t in tables},
        layouts=tuple(receipt.layout_ids),
    )


def compare(contract: Contract, delivery: Known, earlier: Sequence[Known]) -> list[Finding]:
    """Findings about one delivery from the numbers of rows of those before it.

    RESUBMISSION, RESUBMISSION_OLDER, VOLUME_FELL, TOTAL_ROW_MISSING and ROWS_ELSEWHERE_MORE. Only whole
    periods replace each other: where a contract also goes by practice or organisation, or by key, a second
    file of a month may be another part of it.
    """
    others = [k for k in earlier if k.delivery_id != delivery.delivery_id]
    rules = contract.comparison
    return [
        *_same_period(contract, delivery, others),
        *with_outcome(rules.total_row, _total_rows(contract, delivery, others)),
        *with_outcome(rules.elsewhere, _elsewhere(contract, delivery, others)),
    ]


def with_outcome(rule: ComparisonOutcome, findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the outcome that the contract declares; none of what it allows."""
    return [] if rule == "allowed" else [f.model_copy(update={"outcome": rule}) for f in findings]


def newest_of_periods(delivery: Known, others: Sequence[Known], most: int = NEAR) -> list[Known]:
    """The newest edition of each of the nearest periods before those of a delivery, nearest first."""
    first = min(delivery.periods, default=date.min)
    newest: dict[date, Known] = {}
    for other in sorted(others, key=lambda k: k.edition):
        if other.periods and max(other.periods) < first:
            newest[max(other.periods)] = other
    return [newest[period] for period in sorted(newest, reverse=True)[:most]]


def _same_period(contract: Contract, delivery: Known, others: Sequence[Known]) -> list[Finding]:
    whole = contract.resubmission.mode in ("period", "snapshot") and contract.resubmission.by in (
        (),
        ("_period_start",),
    )
    same = [k for k in others if k.periods & delivery.periods]
    if same:
        return _edition(delivery, max(same, key=lambda k: k.edition)) if whole else []
    before = newest_of_periods(delivery, others)
    return with_outcome(contract.comparison.fewer_rows, _volume(delivery.rows, [k.rows for k in before]))


def _edition(delivery: Known, newest: Known) -> list[Finding]:
    code = "RESUBMISSION" if delivery.edition > newest.edition else "RESUBMISSION_OLDER"
    return [Finding(code=code, detail=newest.delivery_id)]


def _volume(rows: int, before: Sequence[int]) -> list[Finding]:
    """Against the period before; a short table against the middle of several, if they are alike."""
    if before and before[0] >= FEWEST_ROWS and rows < FELL_BELOW * before[0]:
        return [Finding(code="VOLUME_FELL", detail=f"{rows:,} after {before[0]:,}")]
    if len(before) < STEADY_PERIODS:
        return []
    usual = median(before)
    steady = usual >= STEADY_ROWS and min(before) >= STEADY * usual and max(before) * STEADY <= usual
    if not steady or 2 * rows >= usual:
        return []
    return [Finding(code="VOLUME_FELL", detail=f"{rows:,} where {usual:,.0f} are usual")]


def _total_rows(contract: Contract, delivery: Known, others: Sequence[Known]) -> list[Finding]:
    """Tables without a total row, of which every delivery of the same layout before had one."""
    alike = [k for k in others if k.layouts == delivery.layouts]
    last = sorted(alike, key=lambda k: k.edition[1:])[-TOTALS_LOOKED_AT:]
    missing = [
        t.name
        for t in contract.tables
        if t.name in delivery.tables and not _of_kind(delivery, t.name, "total")
        if any(rule.kind == "total" for rule in t.non_data)
        if len(last) >= TOTALS_SEEN and all(_of_kind(k, t.name, "total") for k in last)
    ]
    return [Finding(code="TOTAL_ROW_MISSING", table=t, count=len(last)) for t in missing]


def _elsewhere(contract: Contract, delivery: Known, others: Sequence[Known]) -> list[Finding]:
    """Tables of which more rows than usual are left out, or fewer are kept: beside the periods near by."""
    before = newest_of_periods(delivery, others) or [
        k for k in others if k.periods & delivery.periods and k.edition[0] <= delivery.edition[0]
    ]
    found = []
    for table in (t.name for t in contract.tables if any(r.kind == "elsewhere" for r in t.non_data)):
        having = [k for k in before if table in k.tables]
        if not having or table not in delivery.tables:
            continue
        out, ours = _of_kind(delivery, table, "elsewhere"), _ours(delivery, table)
        usual_out = median(_of_kind(k, table, "elsewhere") for k in having)
        usual_ours = median(_ours(k, table) for k in having)
        rose = out > ELSEWHERE_ROSE * usual_out + ELSEWHERE_ROWS
        went = out > 0 and out * ELSEWHERE_ROSE >= usual_out  # rows that are gone altogether went nowhere
        fell = went and usual_ours >= OURS_ROWS and ours < OURS_FELL * usual_ours
        if rose or fell:
            detail = f"{usual_out:,.0f} left out and {usual_ours:,.0f} kept is usual, {ours:,} were kept"
            found.append(Finding(code="ROWS_ELSEWHERE_MORE", table=table, count=out, detail=detail))
    return found


def _of_kind(delivery: Known, table: str, kind: str) -> int:
    counts = delivery.tables.get(table)
    return counts.non_data.get(kind, 0) if counts else 0


def _ours(delivery: Known, table: str) -> int:
    counts = delivery.tables[table]
    return counts.accepted + counts.quarantined
