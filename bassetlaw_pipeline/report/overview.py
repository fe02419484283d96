"""What the overview says, and the lists by objective and workstream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bassetlaw_pipeline.report.indicator import Indicator
from bassetlaw_pipeline.report.published import Published
from bassetlaw_pipeline.report.schedule import extract_title
from bassetlaw_pipeline.report.words import CAUSES, VERDICTS, anchor, count_text, month_text, partner_text

Row = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """Indicators that stand together: an objective or a workstream."""

    title: str
    file: str  # name of its page without .html
    indicators: Sequence[Indicator]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Code, words and number of each verdict; those a release may lack only where there are some."""
        found = Counter(i.verdict for i in self.indicators)
        always = ("better", "worse", "no_clear_change", "cannot_be_told")
        return [
            (code, words, found[code]) for code, words in VERDICTS.items() if found[code] or code in always
        ]

    @property
    def sentence(self) -> str:
        """The counts as a sentence."""
        parts = [f"{words.lower()}: {number}" for _, words, number in self.counts]
        return f"{len(self.indicators)} indicators; " + ", ".join(parts) + "."


def objectives(indicators: Sequence[Indicator]) -> list[Group]:
    """Indicators by objective, in the order of the plan's lists."""
    titles = {i.row["objective"]: i.row["objective_title"] for i in indicators}
    return [
        Group(title, f"objectives/{anchor(code)}", [i for i in indicators if i.row["objective"] == code])
        for code, title in titles.items()
    ]


def workstreams(indicators: Sequence[Indicator]) -> list[Group]:
    """Indicators by workstream of the plan, by name; one may stand in several."""
    names = sorted({name for i in indicators for name in i.workstreams}, key=str.lower)
    return [
        Group(name, f"workstreams/{anchor(name)}", [i for i in indicators if name in i.workstreams])
        for name in names
    ]


def wordings(indicators: Sequence[Indicator]) -> int:
    """How many of the plan's own Indicators of success they stand for."""
    return len({i.row["plan_wording"] for i in indicators if i.row["plan_wording"]})


def first(indicators: Sequence[Indicator]) -> list[tuple[str, list[Indicator]]]:
    """What a board must see first: what goes wrong, targets missed, worse than elsewhere; then the good."""
    shown: set[str] = set()
    groups = (
        ("Moving the wrong way", lambda i: i.verdict == "worse"),
        ("Misses its target", lambda i: i.row["target_status"] == "not_met"),
        ("Worse than its comparator", lambda i: i.row["compared"] == "worse"),
        ("Moving the right way", lambda i: i.verdict == "better"),
        ("Meets its target", lambda i: i.row["target_status"] == "met"),
    )
    found = []
    for heading, belongs in groups:
        members = [i for i in indicators if belongs(i) and i.id not in shown]
        shown |= {i.id for i in members}
        found.append((heading, members))
    return [(heading, members) for heading, members in found if members]


def late(published: Published) -> list[Row]:
    """What is overdue, by extract."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in published.late():
        found.setdefault((row["partner"], row["extract"]), []).append(row)
    return [
        {
            "partner": partner_text(partner),
            "title": extract_title(extract),
            "months": [month_text(r["month_start"]) for r in rows],
            "rejected": sum(r["supply_status"] == "rejected_only" for r in rows),
        }
        for (partner, extract), rows in found.items()
    ]


def changed(published: Published, indicators: Sequence[Indicator]) -> list[Row]:
    """Figures this release gives otherwise than the one before, by indicator."""
    known = {i.id: i for i in indicators}
    found: dict[str, list[str]] = {}
    for row in published.restated():
        words = f"{count_text(row['figures'])} {CAUSES.get(row['cause'], row['cause'])}"
        found.setdefault(row["indicator_id"], []).append(words)
    return [{"indicator": known[i], "words": "; ".join(found[i])} for i in known if i in found]
