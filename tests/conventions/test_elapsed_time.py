"""Elapsed time is told in seconds: `date_diff` of a longer unit counts the boundaries between two times."""

from __future__ import annotations

import re

from bassetlaw_pipeline.settings import DBT_DIR, PROJECT_DIR

# 10:00:00 to 10:15:58 crosses fifteen boundaries. Months are compared by their first days.
COUNTS_BOUNDARIES = re.compile(
    r"\b(?:date_?diff)\s*\(\s*'(?!seconds?'|months?'|milliseconds?'|microseconds?')(\w+)'", re.IGNORECASE
)


def test_no_query_counts_boundaries_of_minutes_hours_or_days():
    files = [
        *DBT_DIR.glob("models/**/*.sql"),
        *DBT_DIR.glob("macros/**/*.sql"),
        *DBT_DIR.glob("tests/**/*.sql"),
        *(PROJECT_DIR / "bassetlaw_pipeline").rglob("*.py"),
    ]
    found = {
        f"{file.relative_to(PROJECT_DIR)}: {match[0]}"
        for file in files
        for match in COUNTS_BOUNDARIES.finditer(file.read_text("utf-8"))
    }
    assert found == set(), "take seconds and compare with so many times 60, or subtract two dates"


def test_the_ban_knows_what_it_bans():
    assert COUNTS_BOUNDARIES.search("date_diff(\n    'minute', a, b)")
    assert COUNTS_BOUNDARIES.search("DATEDIFF('day', a, b)")
    assert not COUNTS_BOUNDARIES.search("date_diff('second', a, b)")
