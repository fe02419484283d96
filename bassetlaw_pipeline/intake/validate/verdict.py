"""The verdict on a delivery, from what was found and from the checks that failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bassetlaw_pipeline.intake.model import Finding, Verdict
from bassetlaw_pipeline.intake.reasons import Reason, outcome_of
from bassetlaw_pipeline.quality.result import CheckResult


def decide(
    findings: Iterable[Finding], checks: Iterable[CheckResult], reasons: Mapping[str, Reason]
) -> Verdict:
    """Rejected by a rejecting finding or a failed critical check, else by the gravest thing found.

    Rows set aside and failed warnings make it accepted with warnings; notes and failed information
    checks do not matter.
    """
    outcomes = {outcome_of(f, reasons) for f in findings}
    failed = {c.severity for c in checks if not c.success}
    if "reject" in outcomes or "critical" in failed:
        return "rejected"
    if outcomes & {"quarantine", "warn"} or "warning" in failed:
        return "accepted_with_warnings"
    return "accepted"
