"""Months, working days and the dates on which partners deliver."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np

NEVER = 60_000  # a day after everything, in 2134


class Month(NamedTuple):
    """A calendar month; later months compare greater."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """From `YYYY-MM`. Raises ValueError when the text is something else."""
        found = datetime.strptime(text, "%Y-%m")
        return cls(found.year, found.month)

    def plus(self, months: int) -> Month:
        """The month so many months later (or earlier, when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return self.plus(1).first - timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days."""
        return self.last.day

    @property
    def stamp(self) -> str:
        """As partners write it in file names, YYYYMM."""
        return f"{self.year}{self.month:02d}"

    @property
    def financial_year(self) -> int:
        """Calendar year in which the financial year of this month starts."""
        return self.year - (self.month < 4)


def months_between(first: Month, last: Month) -> list[Month]:
    """All months from first to last, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [first.plus(i) for i in range(count)]


def quarters(months: Iterable[Month]) -> list[Month]:
    """First month of every calendar quarter that some months touch, in order."""
    return sorted({Month(m.year, (m.month - 1) // 3 * 3 + 1) for m in months})


def day(when: date) -> int:
    """Days since 1970-01-01."""
    return (when - date(1970, 1, 1)).days


def from_day(number: int) -> date:
    """Date of a day number."""
    return date(1970, 1, 1) + timedelta(days=int(number))


def age_at(born: np.ndarray, when: np.ndarray | int) -> np.ndarray:
    """Completed years between two day numbers from 1850 to 2099, by the calendar, not by dividing days."""
    return (_YEAR_MONTH_DAY[np.asarray(when) - _FIRST] - _YEAR_MONTH_DAY[np.asarray(born) - _FIRST]) // 10_000


_FIRST = (date(1850, 1, 1) - date(1970, 1, 1)).days
_YEAR_MONTH_DAY = np.array(
    [
        d.year * 10_000 + d.month * 100 + d.day
        for d in (date(1850, 1, 1) + timedelta(days=i) for i in range(91_311))
    ]
)


def working_day(month: Month, number: int, hour: int = 9) -> datetime:
    """The `number`-th Monday-to-Friday day of the month after `month`, as a delivery time in UTC."""
    start = np.datetime64(month.plus(1).first) - np.timedelta64(1, "D")
    found = np.busday_offset(start, number, roll="backward").astype(date)
    return datetime.combine(found, time(hour), tzinfo=UTC)


def at_hour(when: date, hour: int = 9) -> datetime:
    """A delivery time on a given day."""
    return datetime.combine(when, time(hour), tzinfo=UTC)
