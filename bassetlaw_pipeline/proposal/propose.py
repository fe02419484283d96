"""The proposal for one file: compare, write the entry, and ask what landing would say.

The changed contract is read from its changed text, so what is shown is what would be written.
"""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from bassetlaw_pipeline.contracts.load import load_contract
from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.land import check_file
from bassetlaw_pipeline.intake.model import FileRejected, Receipt
from bassetlaw_pipeline.intake.read import guarded
from bassetlaw_pipeline.proposal import entry
from bassetlaw_pipeline.proposal.model import Doubt, Proposal, TableProposal
from bassetlaw_pipeline.proposal.pairing import pair
from bassetlaw_pipeline.proposal.sheets import best_place, sheets
from bassetlaw_pipeline.settings import Settings

_BROKEN = 0.2  # share of rows that break a rule of the contract, from which the columns are not believed


def propose(path: Path, contract_file: Path, settings: Settings) -> Proposal:
    """What would have to be agreed for a contract to take a file. Nothing is written.

    Raises ContractError when the contract cannot be read, KeyProblem when the pseudonym key is unusable.
    """
    contract = load_contract(contract_file)
    before = _check(path, contract, settings)
    proposal = Proposal(contract, before)
    if not proposal.is_needed:
        return proposal
    shown = naming.shown_file(path.name)
    try:
        data = path.read_bytes()
        found = [guarded(partial(_of_table, data, contract, table)) for table in contract.tables]
    except FileRejected as problem:
        return replace(proposal, doubts=(Doubt(shown, f"it cannot be opened: {problem}"),))
    tables = tuple(t for t in found if isinstance(t, TableProposal))
    doubts = tuple(d for d in found if isinstance(d, Doubt))
    changed = tuple(t for t in tables if t.doubts or _is_new(t))
    if not changed:
        why = Doubt(shown, "no other layout would help: see what landing says about it")
        return replace(proposal, doubts=doubts or (why,))
    return _tried(replace(proposal, tables=changed, doubts=doubts), path, contract_file, settings)


def _is_new(found: TableProposal) -> bool:
    """False for a table that its known layout fits, whatever the period."""
    base = found.base
    undated = found.layout.model_copy(update={"id": base.id, "valid_from": None, "valid_to": None})
    return undated != base


def _of_table(data: bytes, contract: Contract, table: Table) -> TableProposal | Doubt | None:
    """None for a table that a file may lack, and does."""
    candidates = sheets(data, contract, table)
    if table.optional and not candidates:
        return None
    place = best_place(candidates, table)
    if place is None:
        return Doubt(table.name, "no row looks like its header: too few names are known")
    found = pair(table, place.base, place.grid(table))
    layout = entry.build(found, place)
    return TableProposal(
        table,
        place.base,
        layout,
        tuple(found.pairs),
        tuple(found.absent),
        tuple(found.ignored),
        tuple(found.doubts),
    )


def _tried(proposal: Proposal, path: Path, contract_file: Path, settings: Settings) -> Proposal:
    """First for any period; the receipt says which it is, and the entry is for the time from then on."""
    _, tried = _changed(proposal, contract_file)
    periods = _check(path, tried, settings).periods
    tables = tuple(
        replace(t, layout=entry.dated(t.layout, t.base, t.table, periods)) for t in proposal.tables
    )
    proposal = replace(proposal, tables=tables)
    text, contract = _changed(proposal, contract_file)
    after = _check(path, contract, settings)
    doubts = proposal.doubts + tuple(_broken_rules(contract, after))
    return replace(proposal, after=after, text=text, diff=_diff(contract_file, text), doubts=doubts)


def _changed(proposal: Proposal, contract_file: Path) -> tuple[str, Contract]:
    text = contract_file.read_text(encoding="utf-8")
    for table in proposal.tables:
        text = entry.insert(text, table.table.name, entry.as_yaml(table.layout))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / contract_file.name
        copy.write_text(text, encoding="utf-8")
        return text, load_contract(copy)


def _check(path: Path, contract: Contract, settings: Settings) -> Receipt:
    return check_file(path, settings, {contract.id: contract}, contract.id)


def _broken_rules(contract: Contract, receipt: Receipt) -> Iterator[Doubt]:
    """Columns that trade places break what holds between them: parts and total, first and last date."""
    rules = {(table.name, rule.code): rule for table in contract.tables for rule in table.row_rules}
    for finding in receipt.findings:
        rule = rules.get((finding.table or "", finding.code))
        rows = receipt.tables[finding.table].rows_in if rule and finding.table in receipt.tables else 0
        if rule and rule.outcome != "note" and finding.count > _BROKEN * rows:
            yield Doubt(finding.code, f"{finding.count} of {rows} rows break a rule: {rule.description}")


def _diff(contract_file: Path, text: str) -> str:
    old = contract_file.read_text(encoding="utf-8").splitlines(keepends=True)
    name = f"expectations/contracts/{contract_file.name}"
    return "".join(difflib.unified_diff(old, text.splitlines(keepends=True), f"a/{name}", f"b/{name}", n=1))
