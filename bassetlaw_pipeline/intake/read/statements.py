"""The period that a file states of itself in words, above its header or in the name of its sheet.

Text that speaks of something else than the data (when it was published, printed or is due next) is not read,
and a text that names several periods states none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bassetlaw_pipeline.intake.model import ReadTable
from bassetlaw_pipeline.intake.read import period
from bassetlaw_pipeline.intake.read.grid import reject

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:20\d{2})"
_TO = r"\s*(?:to|until|and|-|–|—)\s*"
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)"
_SPAN = re.compile(
    rf"\b{_DAY}?(?P<first>{_MONTH})\.?,?\s*(?P<from>{_YEAR})?{_TO}{_DAY}?(?P<last>{_MONTH})\.?,?\s*(?P<to>{_YEAR})\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"(?<![a-z])(?P<day>{_DAY})?(?P<month>{_MONTH})\.?,?[\s_-]*(?P<year>{_YEAR})(?!\d)", re.IGNORECASE
)
_QUARTER = re.compile(
    r"\b(?:q|quarter\s*)(?P<quarter>[1-4])\b\D{0,10}?(?P<year>20\d{2})\s*[-/]\s*(?:20)?\d{2}\b"
    r"|\b(?P<year2>20\d{2})\s*[-/]\s*(?:20)?\d{2}\b\D{0,10}?\b(?:q|quarter\s*)(?P<quarter2>[1-4])\b",
    re.IGNORECASE,
)
# What a cell, or the label before it, says when the date is not that of the data.
_ABOUT_SOMETHING_ELSE = re.compile(
    r"publish|publication|print|produc|creat|extract|export|\brun\b|updat|revis|as at|as of|next|contact"
    r"|refresh|signed|prepared|version|issued|sent|submit|population|baseline|since|from april|compare",
    re.IGNORECASE,
)
_MONTHS_OF = {"month": 1, "quarter": 3}


def in_words(text: str, grain: str) -> set[date]:
    """First days of the periods of a grain (`month`, `quarter`) that a text names.

    A span of months counts when it is just one period long; a day is no month.
    """
    months = _MONTHS_OF.get(grain)
    if months is None or _ABOUT_SOMETHING_ELSE.search(text):
        return set()
    spans = list(_SPAN.finditer(text))
    found = {first for first, last in map(_ends, spans) if _months(first, last) == months}
    if not spans and grain == "month":
        found |= set(_single_months(text))
    if grain == "quarter":
        found |= set(_quarters(text))
    return {day for day in found if period.floor(day, grain) == day}


def _ends(span: re.Match[str]) -> tuple[date, date]:
    last = date(int(span["to"]), period.month_number(_short(span["last"])) or 1, 1)
    month = period.month_number(_short(span["first"])) or 1
    year = int(span["from"]) if span["from"] else last.year - (month > last.month)
    return date(year, month, 1), last


def _short(name: str) -> str:
    return name[:3]


def _months(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month + 1


def _single_months(text: str) -> Iterator[date]:
    for found in _ONE.finditer(text):
        if not found["day"]:
            yield date(int(found["year"]), period.month_number(_short(found["month"])) or 1, 1)


def _quarters(text: str) -> Iterator[date]:
    """Quarters of financial years: the fourth is January to March of the next year."""
    for found in _QUARTER.finditer(text):
        year, quarter = int(found["year"] or found["year2"]), int(found["quarter"] or found["quarter2"])
        yield date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)


def check_titles(tables: Iterable[ReadTable], grain: str, start: date | None) -> None:
    """Raise FileRejected PERIOD_MISMATCH when what stands above a header names just one other period."""
    for read in tables:
        stated = set().union(*(_of_row(row, grain) for row in read.titles))
        if start and len(stated) == 1 and start not in stated:
            detail = f"the file is taken for {start}, above the header it says {stated.pop()}"
            raise reject("PERIOD_MISMATCH", detail)


def _of_row(row: Sequence[str], grain: str) -> set[date]:
    """Periods in a row of titles; a label in front that speaks of something else counts for the whole row."""
    filled = [cell for cell in row if cell]
    if filled and _ABOUT_SOMETHING_ELSE.search(filled[0]):
        return set()
    return set().union(*(in_words(cell, grain) for cell in filled))
