"""The receipt in words: what a partner reads about a file, as a page, as text and as a list of rows.

A receipt carries codes, columns, counts and row numbers, never a value.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape

from bassetlaw_pipeline.intake.model import Finding, LandedAgain, Receipt
from bassetlaw_pipeline.intake.reasons import Reason, outcome_of
from bassetlaw_pipeline.quality.result import CheckResult
from bassetlaw_pipeline.spreadsheet import harmless

VERDICTS = {
    "accepted": "Accepted",
    "accepted_with_warnings": "Accepted, with warnings",
    "rejected": "Rejected: the file was not used",
}
_OUTCOMES = {"reject": "file not used", "quarantine": "rows set aside", "warn": "warning", "note": "note"}
_ORDER = list(_OUTCOMES)
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#212b32}
table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border-bottom:1px solid #d8dde0;padding:.4rem;
text-align:left;vertical-align:top}.number{text-align:right}.verdict{padding:.6rem 1rem;color:#fff;
background:#007f3b}.rejected{background:#b10e1e}.accepted_with_warnings{background:#8a5a00}
"""


class _Blank(dict):
    """Leaves out what a sentence asks for and the finding does not say."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(finding: Finding, reasons: Mapping[str, Reason]) -> str:
    """What was found, in words."""
    column = finding.header or finding.column or ""
    known = {"count": f"{finding.count:,}", "column": column, "detail": finding.detail}
    return " ".join(reasons[finding.code].sentence.format_map(_Blank(known)).split())


def ordered(receipt: Receipt, reasons: Mapping[str, Reason]) -> list[Finding]:
    """Findings with the gravest first."""
    return sorted(
        receipt.findings, key=lambda f: (_ORDER.index(outcome_of(f, reasons)), f.code, f.column or "")
    )


def render_text(receipt: Receipt, reasons: Mapping[str, Reason]) -> str:
    """The receipt for a terminal."""
    extract = receipt.extract or "not recognised"
    lines = [
        f"{receipt.file_name}: {VERDICTS[receipt.verdict]}",
        f"  delivery {receipt.delivery_id}, extract {extract}, {_period(receipt)}",
    ]
    lines += [f"  {told}" for told in _history(receipt)]
    lines += [f"  {table}: {_counts(receipt, table)}" for table in receipt.tables]
    for finding in ordered(receipt, reasons):
        reason = reasons[finding.code]
        lines.append(
            f"  [{_OUTCOMES[outcome_of(finding, reasons)]}] {sentence(finding, reasons)}{_rows(finding)}"
        )
        lines.append(f"      {reason.action}")
    lines += [f"  {hint}" for hint in _hints(receipt, reasons)]
    lines += [f"  [failed check, {c.severity}] {c.description or c.code}" for c in _failed(receipt.checks)]
    return "\n".join(lines)


def _history(receipt: Receipt) -> list[str]:
    """What happened to the delivery besides its landing: landed again, withdrawn, reinstated, replaced."""
    lines = [_landed_again(receipt, receipt.again)] if receipt.again else []
    for event in receipt.withdrawals:
        lines.append(f"{event.kind.capitalize()} on {_when(event.at)} by {event.by}: {event.reason}")
    if receipt.replaced:
        lines.append(f"Landed again on {_when(receipt.replaced.at)} as {receipt.replaced.by}; use that one.")
    return lines


def _landed_again(receipt: Receipt, again: LandedAgain) -> str:
    rows = f"{again.accepted_before:,} rows accepted, {again.quarantined_before:,} set aside"
    before = "rejected" if again.verdict_before == "rejected" else rows
    was = f" by version {again.contract_version_before}" if again.contract_version_before else ""
    return (
        f"Landed again with contract version {receipt.contract_version} on {_when(again.at)}; replaces the "
        f"decision of {again.replaces} ({before}{was}). The original time of receipt is kept."
    )


def _when(at: datetime) -> str:
    return f"{at:%d %B %Y, %H:%M} UTC"


def _hints(receipt: Receipt, reasons: Mapping[str, Reason]) -> list[str]:
    """Where the header did not fit, the way to a layout that does."""
    refused = {f.code for f in receipt.findings if outcome_of(f, reasons) == "reject"}
    if not receipt.proposal and not any(code.startswith("HEADER_") for code in refused):
        return []
    extract = f" --contract {receipt.extract}" if receipt.extract else ""
    if receipt.proposal:
        command = f"bassetlaw contract propose FILE{extract} --write"
        return [f"For the team: {receipt.proposal} To add it: {command}, then bassetlaw land --again."]
    return [f"For the team: bassetlaw contract propose FILE{extract} shows the layout that would take it."]


def _period(receipt: Receipt) -> str:
    if not receipt.periods:
        return "period not known"
    first, last = min(receipt.periods), max(receipt.periods)
    return f"period from {first}" if first == last else f"periods from {first} to {last}"


def _counts(receipt: Receipt, table: str) -> str:
    c = receipt.tables[table]
    return (
        f"{c.rows_in:,} rows in the file = {c.accepted:,} {_taken(receipt)} + {c.quarantined:,} set aside"
        f" + {sum(c.non_data.values()):,} not data"
    )


def _taken(receipt: Receipt) -> str:
    """Good rows of a rejected file are not taken."""
    return "usable" if receipt.verdict == "rejected" else "accepted"


def _rows(finding: Finding) -> str:
    if not finding.rows:
        return ""
    more = ", …" if finding.count > len(finding.rows) else ""
    word = "row" if len(finding.rows) == 1 and not more else "rows"
    return f" ({word} {', '.join(map(str, finding.rows))}{more})"


def _failed(checks: Iterable[CheckResult]) -> list[CheckResult]:
    return [c for c in checks if not c.success]


def render_html(receipt: Receipt, reasons: Mapping[str, Reason]) -> str:
    """The receipt as one page that needs nothing else."""
    title = escape(receipt.file_name)
    parts = [
        f"<h1>{title}</h1>",
        f'<p class="verdict {receipt.verdict}">{VERDICTS[receipt.verdict]}</p>',
        _facts(receipt),
        _count_table(receipt),
        _finding_table(receipt, reasons),
        _check_table(receipt),
        "<p>All people in this installation are invented.</p>" if receipt.is_synthetic else "",
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table; every cell is escaped."""
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{''.join(f'<th>{escape(h)}</th>' for h in head)}</tr>{body}</table>" if body else ""


def _facts(receipt: Receipt) -> str:
    facts = [
        ("Extract", receipt.extract or "not recognised"),
        ("Period", _period(receipt)),
        ("Received", _when(receipt.received_at)),
        ("Delivery", receipt.delivery_id),
        *(("History", told) for told in _history(receipt)),
        ("Contract version", receipt.contract_version or "none"),
        ("SHA-256", receipt.sha256),
    ]
    return _table(("", ""), facts)


def _count_table(receipt: Receipt) -> str:
    head = ("Table", "Rows in the file", _taken(receipt).capitalize(), "Set aside", "Not data")
    rows = [
        (name, f"{c.rows_in:,}", f"{c.accepted:,}", f"{c.quarantined:,}", f"{sum(c.non_data.values()):,}")
        for name, c in receipt.tables.items()
    ]
    return "<h2>Rows</h2>" + _table(head, rows) if rows else ""


def _finding_table(receipt: Receipt, reasons: Mapping[str, Reason]) -> str:
    rows = [
        (
            _OUTCOMES[outcome_of(f, reasons)],
            sentence(f, reasons),
            reasons[f.code].action,
            _rows(f).strip(" ()"),
            f.code,
        )
        for f in ordered(receipt, reasons)
    ]
    head = ("What happened", "What was found", "What you can do", "Where", "Code")
    counted = "<p>Rows are counted as in the file: its first line is row 1.</p>"
    hints = "".join(f"<p>{escape(hint)}</p>" for hint in _hints(receipt, reasons))
    return "<h2>What was found</h2>" + (_table(head, rows) + counted + hints if rows else "<p>Nothing.</p>")


def _check_table(receipt: Receipt) -> str:
    rows = [
        (c.description or c.code, c.severity, "passed" if c.success else "failed") for c in receipt.checks
    ]
    return "<h2>Checks of the whole file</h2>" + _table(("Check", "Severity", "Result"), rows) if rows else ""


def quarantine_csv(
    rows: Iterable[tuple[str, int, list[str], list[str]]],
    reasons: Mapping[str, Reason],
    headers: Mapping[tuple[str, str], str] | None = None,
) -> str:
    """The rows set aside, one line per row and reason: table, row number, code, column, what to do.

    `headers` gives the header of a (table, column) in the partner's file.
    """
    known = headers or {}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("table", "row_number", "code", "column", "what_to_do"))
    for table, number, codes, columns in rows:
        told: dict[str, list[str]] = defaultdict(list)
        for code, column in zip(codes, columns, strict=True):
            told[code].append(known.get((table, column), column))
        for code, names in told.items():
            named = harmless("; ".join(filter(None, names)))
            writer.writerow((harmless(table), number, code, named, reasons[code].action))
    return out.getvalue()
