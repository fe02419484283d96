"""Reason codes: the fixed vocabulary every finding is told in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.intake.model import Finding, Outcome
from bassetlaw_pipeline.settings import REASONS_FILE


class Reason(BaseModel):
    """One reason code: what it means for the delivery, and what the partner reads and can do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    defect: str | None = None
    outcome: Outcome
    sentence: str
    action: str


@lru_cache(maxsize=4)
def load_reasons(path: Path = REASONS_FILE) -> dict[str, Reason]:
    """All reason codes by code. Raises pydantic.ValidationError when an entry is malformed."""
    entries = yaml_text.load(path.read_text(encoding="utf-8"))["reasons"]
    return {code: Reason(code=code, **entry) for code, entry in entries.items()}


def outcome_of(finding: Finding, reasons: Mapping[str, Reason]) -> Outcome:
    """The outcome stated by the finding itself, else the one its reason code declares."""
    return finding.outcome or reasons[finding.code].outcome
