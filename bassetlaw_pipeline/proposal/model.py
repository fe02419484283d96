"""What is proposed, and what stays open.

No value of a cell stands in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bassetlaw_pipeline.contracts.model import Contract, Layout, Table
from bassetlaw_pipeline.intake.model import Receipt

SURE = 0.8  # confidence from which a column is proposed
MARGIN = 0.1  # a rival this near makes it unsure


@dataclass(frozen=True)
class Pair:
    """A column of the contract under the header it has in the file now; confidence from 0 to 1."""

    column: str
    was: str
    header: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Doubt:
    """Something about a column or a header that the file alone does not settle."""

    subject: str
    why: str


@dataclass(frozen=True)
class TableProposal:
    """The layout entry for one table: `pairs` are renamed columns, `absent` our names, `ignored` headers."""

    table: Table
    base: Layout
    layout: Layout
    pairs: tuple[Pair, ...] = ()
    absent: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """Entries for the tables of a file that did not fit, and what landing would then say.

    before, after  receipts by the contract as it is and by the changed one
    """

    contract: Contract
    before: Receipt
    tables: tuple[TableProposal, ...] = ()
    after: Receipt | None = None
    diff: str = ""
    text: str = ""
    doubts: tuple[Doubt, ...] = field(default=())

    @property
    def is_needed(self) -> bool:
        """False when the contract takes the file as it is."""
        return self.before.verdict == "rejected"

    @property
    def is_complete(self) -> bool:
        """True when nothing is open and landing would take the file."""
        open_questions = self.doubts or any(t.doubts for t in self.tables)
        return bool(self.tables and self.after) and not open_questions and self.after.verdict != "rejected"
