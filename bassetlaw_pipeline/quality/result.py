"""What one rule found in one delivery or one published table: counts, never values."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class CheckResult(BaseModel):
    """One Great Expectations rule on one delivery, counts only."""

    model_config = ConfigDict(extra="forbid")

    code: str
    type: str
    column: str | None = None
    severity: Literal["critical", "warning", "info"]
    success: bool
    evaluated: int | None = None
    unexpected: int | None = None
    description: str = ""
