"""The receipt in words: what was found, where, and what to do; safe to open."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from bassetlaw_pipeline.intake.model import Finding, Receipt, TableCounts
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import quarantine_csv, render_html, render_text
from bassetlaw_pipeline.quality.result import CheckResult

RECEIPT = Receipt(
    delivery_id="20190603T093000Z-abc",
    partner="hospital",
    extract="dbth_ecds",
    file_name="<script>alert(1)</script>.csv",
    sha256="a" * 64,
    bytes=10,
    received_at=datetime(2019, 6, 3, 9, 30, tzinfo=UTC),
    verdict="accepted_with_warnings",
    periods=[date(2019, 5, 1)],
    tables={"visits": TableCounts(rows_in=1007, accepted=1000, quarantined=6, non_data={"total": 1})},
    findings=[
        Finding(code="VALUE_SUPPRESSED", count=3, column="n", table="visits"),
        Finding(code="VALUE_DATE", count=40, column="seen", outcome="quarantine", rows=(3, 9)),
    ],
    checks=[
        CheckResult(
            code="VOLUME_UNUSUAL", type="t", severity="warning", success=False, description="As many as usual"
        )
    ],
)


def test_the_page_says_what_happened_and_what_to_do():
    page = render_html(RECEIPT, load_reasons())
    for told in (
        "Accepted, with warnings",
        "1,007",
        "seen is not a date",
        "rows 3, 9, …",
        "As many as usual",
    ):
        assert told in page
    assert load_reasons()["VALUE_DATE"].action in page
    assert page.index("VALUE_DATE") < page.index("VALUE_SUPPRESSED")  # the gravest first


def test_the_page_needs_nothing_else_and_runs_nothing():
    page = render_html(RECEIPT, load_reasons())
    assert not re.search(r"<script|https?:|src=|@import", page)
    assert "&lt;script&gt;" in page


def test_the_text_holds_the_same():
    text = render_text(RECEIPT, load_reasons())
    assert "1,007 rows in the file = 1,000 accepted + 6 set aside + 1 not data" in text
    assert "[rows set aside] seen is not a date" in text and "[failed check, warning]" in text


def test_every_reason_can_be_told_without_any_detail():
    reasons = load_reasons()
    receipt = RECEIPT.model_copy(update={"findings": [Finding(code=code) for code in reasons]})
    assert "{" not in render_text(receipt, reasons)


def test_the_list_of_rows_has_a_line_per_row_and_reason():
    listed = quarantine_csv(
        [("visits", 7, ["KEY_MISSING", "VALUE_DATE", "VALUE_DATE"], ["id", "a", "b"])], load_reasons()
    )
    assert [line.split(",")[:4] for line in listed.splitlines()[1:]] == [
        ["visits", "7", "KEY_MISSING", "id"],
        ["visits", "7", "VALUE_DATE", "a; b"],
    ]
