"""What the page of data quality says: what each partner sent, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bassetlaw_pipeline.report.published import Published
from bassetlaw_pipeline.report.schedule import extract_title, next_due
from bassetlaw_pipeline.report.words import count_text, partner_text, share_text

Row = dict[str, Any]


@dataclass(frozen=True)
class Partner:
    """What a partner sent, by extract."""

    name: str
    rows: list[Row]

    @property
    def sentence(self) -> str:
        """Files, rejections and what is missing, in one sentence."""
        files, rejected, missing = (
            sum(r[n] or 0 for r in self.rows) for n in ("files", "rejected", "missing")
        )
        late = f"{count_text(missing)} overdue" if missing else "nothing is overdue"
        return f"{count_text(files)} files accepted, {count_text(rejected)} rejected; {late}."


def partners(published: Published) -> list[Partner]:
    """Every partner with its extracts, by name."""
    rows = [_extract(r) for r in published.supply()]
    named = sorted(rows, key=lambda r: (r["partner"] == "public", partner_text(r["partner"]), r["title"]))
    return [Partner(partner_text(p), list(found)) for p, found in _by_partner(named)]


def _by_partner(rows: Iterable[Row]) -> Iterable[tuple[str, Iterable[Row]]]:
    return groupby(rows, lambda r: r["partner"])


def _extract(row: Row) -> Row:
    whole = (row["accepted"] or 0) + (row["quarantined"] or 0)
    return row | {
        "title": extract_title(row["extract"] or None),
        "set_aside": share_text((row["quarantined"] or 0) / whole) if whole else "",
        "due": next_due(row["extract"], row["newest"]),
    }
