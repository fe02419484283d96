"""The window of a delivery: the periods it reports on, and so the only ones it may replace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bassetlaw_pipeline.contracts.model import Contract, PeriodSpec, Window
from bassetlaw_pipeline.intake.read import period

FULL = 0.5  # of the rows of a file's fullest period: more than so many make another one that comes again
_LONGEST = 200  # periods; a longer span is a slip in a date

Parts = Mapping[str, str]
Span = tuple[date, date]


def states_own_period(contract: Contract) -> bool:
    """True when rows state their periods and the contract says which of them a delivery reports on."""
    return contract.window is not None and contract.window.kind != "each"


def window(
    contract: Contract,
    parts: Parts,
    manifest: Mapping | None,
    rows: Mapping[date, int],
    span: Span | None = None,
) -> frozenset[date]:
    """First days of the periods a delivery reports on.

    `parts` are the named groups of the file name, `rows` the dated rows by period, `span` the first and last
    day that most rows state, where the contract names columns for them.
    """
    rule, spec = contract.window, contract.period
    if rule is None or rule.kind == "each":
        return frozenset(rows)
    stated = period.named(parts, manifest, spec)
    if rule.kind == "span":
        found = _span(parts, spec, stated, span)
        if found:
            return found
    whole_year = _year(parts, spec) if stated is None else frozenset()
    return whole_year or _with_those_again(rule, spec, _last(rule, stated, rows), rows)


def most_rows_outside(own: frozenset[date], rows: Mapping[date, int]) -> bool:
    """True when a file is mostly about other periods than it says."""
    inside = sum(n for start, n in rows.items() if start in own)
    return 2 * inside < sum(rows.values())


def _span(parts: Parts, spec: PeriodSpec, stated: date | None, span: Span | None) -> frozenset[date]:
    first = period.of_text(_as_iso(parts.get("start"), spec), spec)
    if first is None or stated is None:
        first, stated = span or (None, None)
    if first is None or stated is None:
        return frozenset()
    found = [
        start for start, _ in zip(period.between(first, stated, spec.grain), range(_LONGEST), strict=False)
    ]
    return frozenset(found)


def _as_iso(text: str | None, spec: PeriodSpec) -> str | None:
    """The day in the group `start`, written as the group `date` is."""
    found = period.named({"date": text}, None, PeriodSpec(format=spec.format, grain="day")) if text else None
    return found.isoformat() if found else None


def _year(parts: Parts, spec: PeriodSpec) -> frozenset[date]:
    """All periods of the calendar year, for a file whose name states no more."""
    first = period.named(parts, None, PeriodSpec(grain="year"))
    if first is None:
        return frozenset()
    return frozenset(period.between(first, first.replace(month=12, day=31), spec.grain))


def _last(rule: Window, stated: date | None, rows: Mapping[date, int]) -> date | None:
    """The period the delivery is for; of several with as many rows the one stated, else the last."""
    if rule.kind == "named" and stated:
        return stated
    return max(rows, key=lambda start: (rows[start], start == stated, start), default=stated)


def _with_those_again(
    rule: Window, spec: PeriodSpec, last: date | None, rows: Mapping[date, int]
) -> frozenset[date]:
    if last is None:
        return frozenset()
    full = FULL * max(rows.values(), default=0)
    before = sorted(start for start, n in rows.items() if start < last and n > full)
    near = {start for start in before if len(list(period.between(start, last, spec.grain))) <= rule.again + 1}
    return frozenset({last, *near})
