"""A proposal in words, and as plain data.

Headers and shares are shown, values of cells never.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import render_text
from bassetlaw_pipeline.proposal import entry
from bassetlaw_pipeline.proposal.model import SURE, Proposal, TableProposal


def render(proposal: Proposal) -> str:
    """For a terminal."""
    return "\n".join(_lines(proposal))


def _lines(proposal: Proposal) -> Iterator[str]:
    contract = proposal.contract
    if not proposal.is_needed:
        yield f"{proposal.before.file_name}: {contract.id} takes it as it is; there is nothing to propose."
        return
    for table in proposal.tables:
        yield from _table(table)
    for doubt in proposal.doubts:
        yield f"  not sure: {doubt.subject}: {doubt.why}"
    if proposal.diff:
        yield "\nThe change of the contract:\n"
        yield proposal.diff
    yield "What landing says now:" if proposal.after is None else "What landing would then say:"
    yield render_text(proposal.after or proposal.before, load_reasons())
    yield "" if proposal.is_complete else f"\nNot complete: {_what_to_do(proposal)}"


def _what_to_do(proposal: Proposal) -> str:
    if proposal.tables:
        return "ask the sender about what is not sure, then add the entry by hand."
    return "no entry can be proposed for this file."


def _table(found: TableProposal) -> Iterator[str]:
    yield f"{found.table.name}: nearest known layout {found.base.id!r}; sure from a confidence of {SURE:.0%}"
    for pair in found.pairs:
        yield f"  {pair.was} -> {pair.header}: {pair.confidence:.0%}, {'; '.join(pair.reasons)}"
    for name in found.absent:
        was = found.base.headers.get(name) or found.table.by_name[name].source_name
        yield f"  {was}: absent, no other header of the file could be it"
    for header in found.ignored:
        yield f"  {header}: ignored, it could be no column of the contract"
    for doubt in found.doubts:
        yield f"  not sure: {doubt.subject}: {doubt.why}"
    yield f"  entry: {entry.as_yaml(found.layout)}"


def as_data(proposal: Proposal) -> dict[str, Any]:
    """For a program."""
    return {
        "file_name": proposal.before.file_name,
        "contract": proposal.contract.id,
        "needed": proposal.is_needed,
        "complete": proposal.is_complete,
        "tables": [_table_data(t) for t in proposal.tables],
        "not_sure": [vars(d) for d in proposal.doubts],
        "diff": proposal.diff,
        "receipt": (proposal.after or proposal.before).model_dump(mode="json"),
    }


def _table_data(found: TableProposal) -> dict[str, Any]:
    return {
        "table": found.table.name,
        "nearest": found.base.id,
        "layout": found.layout.model_dump(mode="json", exclude_defaults=True),
        "renamed": [vars(pair) for pair in found.pairs],
        "absent": found.absent,
        "ignored": found.ignored,
        "not_sure": [vars(d) for d in found.doubts],
    }
