"""What two published statements of the same count tell about the people between them.

The gate asks it for every count (dbt, rst_held).

A reader knows a range for every published count: `*` is 1 to 7, 10 is 8 to 12, an unrounded 12 is 12.
The difference of two releases lies between the differences of their ends. It gives people away when it
cannot be 0 and cannot exceed 7. Counts rounded to 5 above 7 never do: 10 then 15 means 1 to 9 people, and
sums of such counts are wider still. Unrounded counts do, and so does rounding to 5 from 5 up (5 then 10
means 1 to 7). A difference to a published 0 only repeats the other count, which is published anyway.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bassetlaw_pipeline.settings import DBT_DIR

FEW = 7  # people; the HES rule hides 1 to 7
HELD = "a correction is held until it stands for more people"  # status_reason of such a figure
POLICIES_FILE = DBT_DIR / "macros" / "disclosure" / "policies.sql"
_WITH_COUNT = ("shown", "unreliable_u")


@dataclass(frozen=True)
class Rule:
    """Counts of 1 to `hide_to` are hidden, every other one is rounded to a multiple of `round_to`."""

    hide_to: int
    round_to: int

    @property
    def about_people(self) -> bool:
        """False for figures that are published as they are: premises, days, official statistics."""
        return self.hide_to > 0


@dataclass(frozen=True)
class Range:
    """Whole numbers a count may be, both ends included."""

    low: int
    high: int

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """The disclosure policies, read from the macro that applies them."""
    found = re.search(r"return\((\{.*?\})\)\s*%\}", POLICIES_FILE.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise ValueError(f"no policies in {POLICIES_FILE.name}")
    declared = ast.literal_eval(found[1])
    return {name: Rule(int(p["hide_to"]), int(p["round_to"])) for name, p in declared.items()}


def rule_of(policy: str | None) -> Rule:
    """The rule of a policy; one nobody declared is taken for unrounded counts of people."""
    return rules().get(policy or "", Rule(hide_to=FEW, round_to=1))


def seen(count: float | None, status: str | None, rule: Rule) -> Range | None:
    """What a reader knows of a count; None when nothing is known."""
    if status == "suppressed_primary":
        return Range(1, max(rule.hide_to, 1))
    if count is None or status not in _WITH_COUNT:
        return None
    shown = round(count)
    if shown == 0:
        return Range(0, 0)
    below = rule.round_to // 2
    return Range(max(shown - below, rule.hide_to + 1), shown + rule.round_to - 1 - below)


def total(parts: Iterable[Range]) -> Range:
    """What is known of a sum."""
    return sum(parts, start=Range(0, 0))


def gives_away(old: Range | None, new: Range | None) -> bool:
    """True when a reader of both is sure that they differ by 1 to 7 people."""
    nought = Range(0, 0)
    if old is None or new is None or nought in (old, new):
        return False
    change = new - old
    return not change.low <= 0 <= change.high and max(abs(change.low), abs(change.high)) <= FEW


def may_give_away(rule: Rule) -> bool:
    """True when two counts shown under a rule can differ by 1 to 7 people for sure."""
    return rule.about_people and (rule.round_to < 5 or rule.hide_to < FEW)


def held(
    old: Mapping[str, Any], new: Mapping[str, Any], policy: str | None, parts: Sequence[str]
) -> list[str]:
    """Which of numerator, denominator and complement would give people away beside what was published.

    `old` and `new` have the keys `status`, `numerator` and `denominator` as published; `parts` names those of
    the three that are counts of people.
    """
    rule = rule_of(policy)
    if not rule.about_people:
        return []
    before, after = (_counts(row, rule, parts) for row in (old, new))
    return [part for part in parts if gives_away(before[part], after[part])]


def _counts(row: Mapping[str, Any], rule: Rule, parts: Sequence[str]) -> dict[str, Range | None]:
    """What a reader knows of every count of people in a row."""
    if "denominator" not in parts:
        return {"numerator": seen(row["numerator"], row["status"], rule)}
    # Here `*` may stand for a small numerator, denominator or rest: only a count that is there tells.
    part, whole = (seen(row[what], "shown", rule) for what in ("numerator", "denominator"))
    return {
        "numerator": part,
        "denominator": whole,
        "complement": whole - part if whole and part else None,
    }
