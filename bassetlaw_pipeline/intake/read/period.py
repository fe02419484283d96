"""The first day of the period a delivery is about.

Names of months are English whatever the computer's language. A period that cannot be told is None or a
rejection, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from bassetlaw_pipeline.contracts.model import PeriodSpec
from bassetlaw_pipeline.intake.model import Arrival, FileRejected, Finding
from bassetlaw_pipeline.intake.read.grid import reject

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIRST_MONTH = {"year": 1, "financial_year": 4, "school_year": 9}  # of grains that are years
_AHEAD = timedelta(days=31)  # a partner may send a week or a month before it starts
_FULL = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def of_arrival(arrival: Arrival) -> date | None:
    """The period the file name states, or the manifest when the name states none.

    None unless the contract takes the period from the file name. Raises FileRejected PERIOD_MISSING.
    """
    spec = arrival.contract.period
    if spec.source != "file_name":
        return None
    stated = of_name(arrival)
    if stated is None and spec.undated == "received":
        return floor(arrival.received_at.date(), spec.grain)
    if stated is None:
        agreed = arrival.contract.file.names_in_words
        hint = f"; agreed is {agreed}" if agreed else ""
        raise reject("PERIOD_MISSING", f"the file name does not state it{hint}")
    return stated


def of_name(arrival: Arrival) -> date | None:
    """The period in the file name, else in the manifest, whatever the contract's source is; or None."""
    return named(arrival.parts, arrival.manifest, arrival.contract.period)


def named(parts: Mapping[str, str], manifest: Mapping | None, spec: PeriodSpec) -> date | None:
    """The period in the named parts of a file's name, else in its manifest, or None."""
    stated = _from_parts(parts, spec) or _from_manifest(manifest)
    return None if stated is None else floor(stated, spec.grain)


def of_header(header: Sequence[str], spec: PeriodSpec) -> date | None:
    """The period in the first header that the pattern fits, or None."""
    found = (re.fullmatch(spec.label or "", " ".join(text.split()), re.IGNORECASE) for text in header)
    parts = next((match.groupdict() for match in found if match), {})
    stated = _from_parts({k: v for k, v in parts.items() if v}, spec)
    return None if stated is None else floor(stated, spec.grain)


def check_name(arrival: Arrival, start: date | None) -> None:
    """Raise FileRejected PERIOD_MISMATCH when a file's name and its content state different periods."""
    if differing := name_differs(arrival, start):
        raise FileRejected(*(f.model_copy(update={"outcome": "reject"}) for f in differing))


def name_differs(arrival: Arrival, start: date | None) -> tuple[Finding, ...]:
    """A warning PERIOD_MISMATCH when every row states one period and the file's name another.

    The rows are believed: public files are renamed by whoever downloads them.
    """
    spec = arrival.contract.period
    named = _from_parts(arrival.parts, spec)
    if not (start and named) or floor(named, spec.grain) == start:
        return ()
    detail = f"the file name says {floor(named, spec.grain)}, the content {start}"
    return (Finding(code="PERIOD_MISMATCH", detail=detail, outcome="warn"),)


def check_manifest(arrival: Arrival, start: date | None) -> None:
    """Raise FileRejected MANIFEST_MISMATCH when the manifest states another period than the file."""
    spec, stated = arrival.contract.period, _from_manifest(arrival.manifest)
    found = start or _from_parts(arrival.parts, spec)
    if stated and found and floor(stated, spec.grain) != floor(found, spec.grain):
        raise reject("MANIFEST_MISMATCH", "period_start")


def check_not_ahead(start: date | None) -> None:
    """Raise FileRejected PERIOD_AHEAD for a period that has not begun yet.

    A wrong year in a name (2029 for 2019) would otherwise be the newest period of the warehouse.
    """
    if start and start > datetime.now(UTC).date() + _AHEAD:
        raise reject("PERIOD_AHEAD", f"it starts on {start}")


def of_text(text: str | None, spec: PeriodSpec, formats: tuple[str, ...] = ()) -> date | None:
    """The period a cell or column states, by a declared format or as an ISO date; else None."""
    days = (_iso(text), *(_by_format(text, form) for form in (spec.format, *formats)))
    day = next(filter(None, days), None)
    return None if day is None else floor(day, spec.grain)


def floor(day: date, grain: str) -> date:
    """First day of the period that holds a day: Monday, the 1st, 1 January, 1 April (financial year),
    1 September (school year)."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    if grain in FIRST_MONTH:
        first = FIRST_MONTH[grain]
        return date(day.year if day.month >= first else day.year - 1, first, 1)
    return day


def following(start: date, grain: str) -> date:
    """First day of the next period."""
    if grain in ("day", "week"):
        return start + timedelta(days=7 if grain == "week" else 1)
    months = start.month - 1 + {"month": 1, "quarter": 3}.get(grain, 12)
    return start.replace(year=start.year + months // 12, month=months % 12 + 1)


def between(first: date, last: date, grain: str) -> Iterator[date]:
    """Every period from one to another, both included."""
    start = floor(first, grain)
    while start <= last:
        yield start
        start = following(start, grain)


def month_number(text: str) -> int | None:
    """1 to 12 for "4", "04", "Apr", "Sept" or "April"; None for anything else."""
    text = text.strip().strip(".").lower()
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else None
    known = text[:3] in _MONTHS and (text == "sept" or len(text) == 3 or text in _FULL)
    return _MONTHS.index(text[:3]) + 1 if known else None


def _from_parts(parts: Mapping[str, str], spec: PeriodSpec) -> date | None:
    if "date" in parts:
        return _by_format(parts["date"], spec.format or "%Y%m%d")
    if "year" not in parts:
        return None
    first = re.match(r"\d{4}|\d{2}", parts["year"])
    year = int(first.group()) if first else 0
    year += 2000 if first and len(first.group()) == 2 else 0
    month = _month(parts, spec)
    if month and "quarter" in parts and re.fullmatch(r"\d{4}-\d{2}(\d{2})?", parts["year"]):
        year, month = (year, month + 3) if month < 10 else (year + 1, 1)  # quarters of a financial year
    try:
        return date(year, month, int(parts.get("day", 1))) if month else None
    except ValueError:
        return None


def _month(parts: Mapping[str, str], spec: PeriodSpec) -> int | None:
    if "quarter" in parts:
        return 3 * int(parts["quarter"]) - 2
    if "month" in parts:
        return month_number(parts["month"])
    return FIRST_MONTH.get(spec.grain)


def _from_manifest(manifest: Mapping | None) -> date | None:
    return _iso(str((manifest or {}).get("period_start", "")))


def _iso(text: str | None) -> date | None:
    try:
        return datetime.fromisoformat((text or "").strip()).date()
    except ValueError:
        return None


def _by_format(text: str | None, form: str | None) -> date | None:
    """Text in a declared format; month names are read as English ones."""
    if not text or not form:
        return None
    names = re.compile(r"[A-Za-z]+")
    if "%B" in form or "%b" in form:
        text = names.sub(lambda m: _short(m.group()), text)
        form = names.sub(lambda m: _short(m.group()), form.replace("%B", "%m").replace("%b", "%m"))
    try:
        return datetime.strptime(text.strip(), form).date()
    except ValueError:
        return None


def _short(word: str) -> str:
    number = month_number(word)
    return f"{number:02d}" if number else word
