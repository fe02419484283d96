"""The verdict: the gravest thing found decides."""

from __future__ import annotations

import pytest

from bassetlaw_pipeline.intake.model import Finding
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.validate.verdict import decide
from bassetlaw_pipeline.quality.result import CheckResult


def failed(severity: str) -> CheckResult:
    return CheckResult(code="VOLUME_UNUSUAL", type="t", severity=severity, success=False)


@pytest.mark.parametrize(
    ("findings", "checks", "verdict"),
    [
        ([], [], "accepted"),
        ([Finding(code="TITLE_ROWS")], [failed("info")], "accepted"),
        ([], [failed("warning")], "accepted_with_warnings"),
        ([], [failed("warning"), failed("critical")], "rejected"),
        ([Finding(code="VALUE_DATE")], [], "accepted_with_warnings"),
        ([Finding(code="NHS_NUMBER_MISSING")], [], "accepted_with_warnings"),
        ([Finding(code="FILE_EMPTY")], [], "rejected"),
        ([Finding(code="FILE_EMPTY", outcome="note")], [], "accepted"),
        ([], [failed("critical").model_copy(update={"success": True})], "accepted"),
    ],
)
def test_verdict(findings, checks, verdict):
    assert decide(findings, checks, load_reasons()) == verdict
