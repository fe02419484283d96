"""The proposal on a receipt: what would take a file whose header did not fit, in a few words.

The whole proposal is that of `bassetlaw contract propose`. Nothing is done for a file that is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.intake.store.ledger import contract_sha256
from bassetlaw_pipeline.proposal.model import Proposal, TableProposal
from bassetlaw_pipeline.settings import CONTRACTS_DIR, Settings

MOST_FILES = 3  # of one landing; the others are told the command
MOST_BYTES = 5_000_000  # a larger file would be read several times over
_NAMED = 6  # headers told of a kind


def may_help(receipt: Receipt, arrival: Arrival) -> bool:
    """True for a rejected file of a known extract, not too large, whose header alone did not fit."""
    codes = {finding.code for finding in receipt.findings}
    drifted = any(code.startswith("HEADER_") or code == "LAYOUT_UNKNOWN" for code in codes)
    return (
        receipt.verdict == "rejected"
        and arrival.contract is not None
        and drifted
        and "HEADER_OF_OTHER_EXTRACT" not in codes
        and arrival.size <= MOST_BYTES
    )


def short_proposal(arrival: Arrival, settings: Settings) -> str:
    """What would take the file, when the proposal is sure; else an empty text.

    A fault of ours here must not cost the partner the receipt: it gives no proposal.
    """
    from bassetlaw_pipeline.contracts.load import load_contract
    from bassetlaw_pipeline.proposal.propose import propose

    contract = arrival.contract
    file = CONTRACTS_DIR / f"{contract.partner}__{contract.id}.odcs.yaml"
    try:
        if not file.exists() or contract_sha256(load_contract(file)) != contract_sha256(contract):
            return ""
        found = propose(arrival.path, file, settings)
    except Exception:
        return ""
    return in_words(found) if found.is_needed and found.is_complete else ""


def in_words(found: Proposal) -> str:
    """One sentence for each table, and what landing would then say."""
    rows = sum(counts.accepted for counts in found.after.tables.values())
    entries = " ".join(map(_entry, found.tables))
    return f"{entries} Landing would then accept {rows:,} rows."


def _entry(table: TableProposal) -> str:
    parts = [
        _list("renamed", (f"{pair.was} -> {pair.header}" for pair in table.pairs)),
        _list("absent", map(_was(table), table.absent)),
        _list("ignored", table.ignored),
        _list("sheet", [table.layout.sheet] if table.layout.sheet != table.base.sheet else []),
    ]
    told = "; ".join(filter(None, parts)) or "the same columns in another place"
    return f"A layout of {table.table.name}{_since(table.layout.valid_from)} would take it: {told}."


def _was(table: TableProposal):
    return lambda name: table.base.headers.get(name) or table.table.by_name[name].source_name


def _since(first: date | None) -> str:
    return f" from {first:%B %Y} on" if first else ""


def _list(what: str, names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{what} {', '.join(names[:_NAMED])}{more}" if names else ""


def with_proposals(
    receipts: Iterable[Receipt], arrivals: Iterable[Arrival], settings: Settings
) -> Iterator[Receipt]:
    """The receipts in their order; the first few that a proposal may help carry it."""
    left = MOST_FILES
    for receipt, arrival in zip(receipts, arrivals, strict=True):
        if left and may_help(receipt, arrival):
            left -= 1
            text = short_proposal(arrival, settings)
            yield receipt.model_copy(update={"proposal": text}) if text else receipt
        else:
            yield receipt
