"""How the report writes a number and a code.

A number is written as dbt writes it (dbt_project/macros/rollup/wording.sql, `short_value_text`); a test holds
the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from math import isclose
from typing import Any

VERDICTS = {
    "better": "Moving the right way",
    "worse": "Moving the wrong way",
    "no_clear_change": "No clear change",
    "meets_target": "Meets its target",
    "misses_target": "Misses its target",
    "cannot_be_told": "Cannot be told",
}
OBJECTIVES = ("reduce_inequalities", "improve_outcomes", "sustainable_services", "support_independence")
COMPARED = {"better": "Better", "worse": "Worse", "similar": "About the same", "not_compared": "Not compared"}
TARGETS = {"met": "Met", "not_met": "Not met", "too_close_to_call": "Too close to call"}
STATUSES = {
    "suppressed_primary": "Hidden",
    "suppressed_secondary": "Hidden",
    "not_calculated_small": "Not calculated",
    "not_supplied": "No data",
    "not_applicable": "Does not apply",
}
HIDDEN = frozenset({"suppressed_primary", "suppressed_secondary"})
SEXES = {"persons": "Everybody", "female": "Women", "male": "Men"}
CLOSING = {
    "closing": "The gap is closing",
    "widening": "The gap is widening",
    "no_clear_change": "It is not clear whether the gap is closing",
    "cannot_be_told": "It cannot be told whether the gap is closing",
}
METHODS = {
    "proportion": "A percentage, with Wilson limits",
    "crude_rate": "A rate, with Byar limits (exact below 10 events)",
    "dsr": "A rate standardised to the European standard population 2013, with Dobson limits",
    "smr": "A standardised mortality ratio: deaths as a percentage of those expected",
    "growth": "Change on the year before",
    "count": "A count",
    "total": "A sum",
    "ratio": "An average",
    "life_expectancy": "Life expectancy from a life table of deaths and population",
    "published": "Value and limits as published elsewhere",
}
CHARTS = {
    "xmr": "Control chart (XmR)",
    "xmr_seasonal": "Control chart (XmR) that follows the season",
    "trend": "Control chart along a straight line",
    "trend_seasonal": "Control chart along a straight line that follows the season",
    "g": "Control chart of rare events (g chart)",
}
KINDS_OF_PERIOD = {
    "month": "by month",
    "quarter": "by quarter",
    "financial_year": "by financial year",
    "calendar_year": "by calendar year",
    "school_year": "by school year",
    "rolling_12m": "twelve months to each month",
    "pooled_3y": "three years together",
    "pooled_5y": "five years together",
}
# From short to long, and with the headline's kind first, the order in which a page looks for figures.
LONGEST_FIRST = ("pooled_5y", "pooled_3y", "financial_year", "calendar_year", "school_year", "rolling_12m",
                 "quarter", "month")  # fmt: skip
RULES = {
    "Above UCL": "above the upper limit",
    "Below LCL": "below the lower limit",
    "7 Points Above CL": "seven or more points in a row above the middle line",
    "7 Points Below CL": "seven or more points in a row below the middle line",
    "7 Point Trend (Increasing)": "seven or more points in a row that rise",
    "7 Point Trend (Decreasing)": "seven or more points in a row that fall",
    "2 in 3 Above CL": "two of three points near the upper limit",
    "2 in 3 Below CL": "two of three points near the lower limit",
}
CAUSES = {
    "method": "calculated in another way",
    "boundary": "areas drawn in another way",
    "correction": "an error put right",
    "resubmission": "months sent again by a partner",
    "late_rows": "rows that came late",
    "unexplained": "no cause found",
}
_PARTNERS = {"ccg": "CCG", "bcvs": "BCVS", "public": "Published statistics"}


def number_text(number: float, unit: str, exact: bool = False) -> str:
    """A number with what stands at it: `84.5%`, `£17.1 million`, `1,280`; the unit is told beside.

    `unit` is the short_unit of dim_indicator. `exact` leaves a whole number whole, as a declared target is.
    """
    if unit == "GBP":
        return _pounds(number)
    if unit.startswith("GBP "):
        return f"{'-' if round(number, 2) < 0 else ''}£{abs(number):,.2f}"
    decimals = 0 if exact and float(number).is_integer() else _decimals(number, unit)
    sign = "+" if unit.startswith("% change") and round(number, 1) > 0 else ""
    return f"{sign}{_rounded(number, decimals)}{'%' if unit.startswith('%') else ''}"


def _decimals(number: float, unit: str) -> int:
    if unit.startswith("%") or re.match(r"years|beds on|out of", unit):
        return 1
    return 1 if re.search(r"\bper ", unit) and abs(number) < 99.95 else 0


def _rounded(number: float, decimals: int) -> str:
    """Half away from nought, as SQL rounds, and never a nought below nought."""
    scaled = abs(number) * 10**decimals
    whole = int(scaled)
    whole += scaled - whole >= 0.5 or isclose(scaled - whole, 0.5, abs_tol=1e-9)
    text = f"{whole / 10**decimals:,.{decimals}f}"
    return f"-{text}" if number < 0 and whole else text


def _pounds(number: float) -> str:
    size = abs(number)
    text = f"{_rounded(size / 1e6, 1)} million" if size >= 999_500 else _rounded(size, 0)
    return f"{'-' if number < 0 and round(size) else ''}£{text}"


def unit_words(unit: str) -> str:
    """The unit as a table says it once: without the sign that `number_text` writes at each number."""
    return re.sub(r"^(% change|%|GBP) ?", "", unit)


def level_text(number: float, unit: str) -> str:
    """A mean or limit of a chart: as a figure, but of counts the one decimal they are published to."""
    if unit.startswith(("%", "GBP")) or float(number).is_integer():
        return number_text(number, unit)
    return _rounded(number, 1)


def interval_text(lower: float | None, upper: float | None, unit: str) -> str:
    """`85.8 to 87.9`, without signs, as interval_text of dbt; empty without limits."""
    if lower is None or upper is None:
        return ""
    low, high = (
        _rounded(limit, 2 if unit.startswith("GBP ") else _decimals(limit, unit)) for limit in (lower, upper)
    )
    return f"{low} to {high}"


def share_text(share: float | None) -> str:
    """A share from 0 to 1 as a percentage."""
    return "" if share is None else number_text(100 * share, "%")


def count_text(count: float | None) -> str:
    """A whole number."""
    return "" if count is None else _rounded(count, 0)


def stated_text(number: float | None) -> str:
    """A number as a plan states it, with the decimals it has."""
    return "" if number is None else f"{number:,.10g}"


def figure_text(row: dict[str, Any]) -> str:
    """What stands where a figure of fct_indicator_value is expected: the figure, or why there is none."""
    if row["value"] is not None and row.get("value_text"):
        return str(row["value_text"])
    return STATUSES.get(row["value_status"] or "", "No figure")


def because(row: dict[str, Any]) -> str:
    """The published reason with a capital letter; empty where there is none."""
    return capital(row.get("status_reason") or "")


def capital(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def day_text(when: date | datetime | None) -> str:
    """`30 November 2021`."""
    return f"{when.day} {when:%B %Y}" if when else "an unknown day"


def due_text(due: date | None, release: dict[str, Any]) -> str:
    """When a file is due, as known at the time of the release; a sample ends, and nothing comes after it."""
    if due is None:
        return "no date is set"
    if release["as_of"] is None or due >= release["as_of"].date():
        return day_text(due)
    return "nothing: the sample ends" if release["is_synthetic"] else f"was due by {day_text(due)}"


def month_text(when: date | datetime | None) -> str:
    """`November 2021`."""
    return f"{when:%B %Y}" if when else ""


def partner_text(code: str) -> str:
    """Name of a partner's folder."""
    return _PARTNERS.get(code) or capital(code.replace("_", " "))


def listing(items: Iterable[str]) -> str:
    """`a, b and c`."""
    told = list(items)
    return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else "".join(told)


def workstreams(text: str | None) -> list[str]:
    """Streams that a `workstream` names, without what stands in brackets: `Frailty (Call for Care)`."""
    plain = re.sub(r"\s*\([^)]*\)", "", text or "")
    return [capital(part.strip()) for part in plain.split(";") if part.strip()]


def anchor(text: str) -> str:
    """A name as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
