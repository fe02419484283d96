"""Rules a contract keeps beyond its schema: every name it mentions exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bassetlaw_pipeline.contracts.model import LINEAGE_COLUMNS, Contract, Table
from bassetlaw_pipeline.settings import PARTNERS

# Arguments of Great Expectations rules that name a column.
_COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list", "column_set")


class ContractError(ValueError):
    """A contract breaks the standard or a rule of ours; the message names file or contract and word."""


def check_contracts(contracts: list[Contract], reasons: frozenset[str]) -> None:
    """Raise ContractError with every fault found, one a line, or return."""
    faults = list(_across(contracts))
    for contract in contracts:
        faults += _inside(contract)
        for table in contract.tables:
            faults += [f"{contract.id}.{table.name}: {fault}" for fault in _table(table, reasons)]
    if faults:
        raise ContractError("\n".join(faults))


def _across(contracts: list[Contract]) -> Iterator[str]:
    for name in _repeated(c.id for c in contracts):
        yield f"{name}: declared twice"
    for contract in contracts:
        if contract.partner not in PARTNERS:
            known = ", ".join(PARTNERS)
            yield f"{contract.id}: unknown partner {contract.partner!r}, expected one of {known}"


def _inside(contract: Contract) -> Iterator[str]:
    """Names in the contract's own properties."""
    unknown = [c for c in contract.resubmission.by if c not in contract.main.landed]
    if unknown:
        yield f"{contract.id}: resubmission by unknown column {unknown}"
    yield from _window(contract)
    source = contract.period
    if source.source == "column" and source.column not in contract.main.landed:
        yield f"{contract.id}: period from unknown column {source.column!r}"
    if source.source == "cell" and not (source.label and source.format):
        yield f"{contract.id}: a period from a cell needs label and format"
    if source.source == "header" and not source.label:
        yield f"{contract.id}: a period from a header needs label"
    if contract.needs_key and not contract.file.organisation:
        yield f"{contract.id}: keyed identifiers need file.organisation"
    for name in _repeated(t.name for t in contract.tables):
        yield f"{contract.id}: table {name} declared twice"
    yield from _relations(contract)


def _window(contract: Contract) -> Iterator[str]:
    """A window is about files whose rows state their own period."""
    rule = contract.resubmission.window
    if rule and (contract.period.source != "column" or contract.resubmission.mode == "snapshot"):
        yield f"{contract.id}: takes no window, a file replaces its one period or everything"
    columns = rule.columns if rule else ()
    unknown = [c for c in columns if c not in contract.main.landed]
    if unknown or len(columns) not in (0, 2):
        yield f"{contract.id}: window needs two columns of the main table, not {list(columns)}"


def _relations(contract: Contract) -> Iterator[str]:
    """What tables say of each other and of the period."""
    tables = {t.name: t for t in contract.tables}
    for table in contract.tables:
        where = f"{contract.id}.{table.name}"
        if table.dated_by and table.dated_by not in table.by_name:
            yield f"{where}: dated by unknown column {table.dated_by!r}"
        if table.event_date and not _can_be_late(contract, table):
            yield f"{where}: event date {table.event_date!r} is no date, or has no key or monthly files"
        link = table.belongs_to
        if link and (link.table not in tables or link.column not in tables[link.table].by_name):
            yield f"{where}: belongs to unknown column {link.table}.{link.column}"


def _can_be_late(contract: Contract, table: Table) -> bool:
    """Can its rows be followed from file to file, and be told from those of the month the file is for?"""
    dated = table.landed.get(table.event_date or "") in ("DATE", "TIMESTAMP")
    followed = table is contract.main and bool(table.key)
    return dated and followed and contract.period.grain in ("day", "week", "month")


def _table(table: Table, reasons: frozenset[str]) -> Iterator[str]:
    yield from _columns(table)
    yield from _mentions(table)
    for code in sorted(_codes(table) - reasons):
        yield f"unknown reason code {code!r}; add it to expectations/reasons.yml"


def _columns(table: Table) -> Iterator[str]:
    for name in _repeated(c.name for c in table.columns):
        yield f"column {name} declared twice"
    landed = [c.lands_as for c in table.columns if c.lands_as]
    for name in _repeated([*landed, *LINEAGE_COLUMNS]):
        yield f"two columns land as {name}"
    for column in table.columns:
        kind = column.transform.kind if column.transform else None
        if kind == "age" and column.transform.at not in (*table.by_name, "_period_start"):
            yield f"column {column.name}: age at unknown column {column.transform.at!r}"
        if kind == "row_key" and not column.transform.domain:
            yield f"column {column.name}: row_key needs a domain"
        if not column.description:
            yield f"column {column.name}: no description"


def _mentions(table: Table) -> Iterator[str]:
    """Columns named by rules, layouts and rows that are not data."""
    for rule in table.row_rules:
        yield from _unknown(f"rule {rule.code}", rule.columns, table.landed)
        if rule.outcome == "null" and not rule.columns:
            yield f"rule {rule.code}: outcome null needs columns"
    for expectation in table.expectations:
        yield from _unknown(f"rule {expectation.code}", _arguments(expectation.kwargs), table.landed)
    for rows in table.non_data:
        named = [*rows.check_sum_of, *([rows.column] if rows.column else [])]
        yield from _unknown(f"{rows.kind} rows", named, table.by_name)
    yield from _elsewhere(table)
    for layout in table.layouts:
        pivot = [layout.unpivot.into, *layout.unpivot.fills] if layout.unpivot else []
        named = [*layout.headers, *layout.absent, *layout.fill_down, *pivot]
        yield from _unknown(f"layout {layout.id}", named, table.by_name)


def _elsewhere(table: Table) -> Iterator[str]:
    """Rows left out because they are about other places."""
    kept = [rows for rows in table.non_data if rows.kind == "elsewhere"]
    if any(not (rows.column and rows.unless) for rows in kept):
        yield "elsewhere rows: need column and unless"
    if kept and any(rows.check_sum_of for rows in table.non_data):
        yield "elsewhere rows: a total cannot be compared when rows are left out"


def _unknown(where: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{where}: unknown column {name!r}"


def _arguments(kwargs: dict[str, Any]) -> Iterator[str]:
    for argument in _COLUMN_ARGUMENTS:
        value = kwargs.get(argument, ())
        yield from [value] if isinstance(value, str) else value


def _codes(table: Table) -> set[str]:
    """Every reason code the table mentions."""
    named = {rule.code for rule in table.row_rules} | {rule.code for rule in table.expectations}
    if table.belongs_to:
        named.add(table.belongs_to.code)
    return named | {c.reason for c in table.columns if c.reason}


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
