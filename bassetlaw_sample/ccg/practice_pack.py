"""The practice pack (ccg_practice_returns): a workbook a month with what the practices return.

Screening is that of the last quarter to have ended; QOF stands at the end of the month; outpatients and
activity run from April to the month of the pack, so that most figures come again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow as pa

from bassetlaw_sample.ccg.practice_counts import (
    EXTRACT,
    Count,
    Lists,
    activity,
    outpatients,
    quality,
    screening,
)
from bassetlaw_sample.ccg.practice_files import FIRST_LINE, TOGETHER, practice_pack
from bassetlaw_sample.ccg.practices import practice_names
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.health import draw_health
from bassetlaw_sample.months import Month, months_between, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World

CLOSED = "C84052"  # still listed long after it closed; the sample registers nobody there
COLUMNS = ("practice_code", "practice_name", "period", "measure", "numerator", "denominator", "pct")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One workbook a month, and again the one that had to be refused (spoilt_month)."""
    lists = Lists(world, draw_health(world))
    for month in world.months:
        sheets = pack(lists, month)
        yield _file(month, sheets, f"{month.first:%b %y}")
        if month == spoilt_month(world):
            yield _file(month, sheets, f"{month.first:%b %Y}")


def spoilt_month(world: World) -> Month:
    """Month of the pack that comes with patients in a hidden sheet, and then again without."""
    return world.first.plus(min(9, len(world.months) - 1))


def _file(month: Month, sheets: dict[str, pa.Table], label: str) -> Delivery:
    again = len(label) > len("Apr 19")
    return Delivery(
        partner="ccg",
        extract=EXTRACT,
        name=f"Bassetlaw Practice Pack {label}.xlsx",
        received=working_day(month, 16 if again else 15),
        tables=sheets,
        render=practice_pack(),
        first_row=FIRST_LINE,
    )


def pack(lists: Lists, month: Month) -> dict[str, pa.Table]:
    """Rows of the four sheets, as text in contract field names; practice by practice, measure by measure."""
    april = Month(month.financial_year, 4)
    so_far = months_between(max(april, lists.world.first), month)
    quarter = month.plus(-(month.month % 3))
    return {
        "screening": _sheet(lists, [(_quarter(quarter), lists.counted(screening, quarter))], together="_ld"),
        "qof": _sheet(lists, [(_month(month), list(quality(lists, month)))]),
        "op_firsts": _sheet(lists, _each(lists, so_far, outpatients)),
        "gp_activity": _sheet(lists, _each(lists, so_far, activity)),
    }


def _each(
    lists: Lists, months: Iterable[Month], counts: Callable[[Lists, Month], Iterator[Count]]
) -> list[tuple[str, list[Count]]]:
    return [(_month(m), lists.counted(counts, m)) for m in months]


def _month(month: Month) -> str:
    return f"{month.first:%b-%y}"


def _quarter(last: Month) -> str:
    """2019-20 Q1, from the last month of the quarter."""
    year = last.financial_year
    return f"{year}-{(year + 1) % 100:02d} Q{(last.month - 4) % 12 // 3 + 1}"


def _sheet(lists: Lists, periods: Sequence[tuple[str, list[Count]]], together: str | None = None) -> pa.Table:
    """One row per practice, period and measure; `together` names the measures that also come summed up."""
    names = practice_names()
    rows: list[tuple[str | None, ...]] = []
    for period, counts in periods:
        for place, code in enumerate(lists.world.places.practices):
            rows += [(code, names[code], period, *_cells(c, place)) for c in counts]
        rows += [(CLOSED, names[CLOSED], period, c.measure, "0", "0", None) for c in counts]
    for period, counts in periods if together else ():
        summed = [
            Count(c.measure, c.numerator.sum(keepdims=True), c.denominator.sum(keepdims=True)) for c in counts
        ]
        for count in summed:
            empty = (count.measure, None, None, None)
            cells = _cells(count, 0) if count.measure.endswith(together) else empty
            rows.append((TOGETHER, "All practices", period, *cells))
    columns = zip(*rows, strict=True)
    return pa.table({name: pa.array(c, pa.string()) for name, c in zip(COLUMNS, columns, strict=True)})


def _cells(count: Count, place: int) -> tuple[str | None, ...]:
    numerator, denominator = int(count.numerator[place]), int(count.denominator[place])
    return count.measure, str(numerator), str(denominator), percentage(numerator, denominator)


def percentage(numerator: int, denominator: int) -> str | None:
    """With one decimal; nothing of nobody."""
    return f"{100 * numerator / denominator:.1f}" if denominator else None
