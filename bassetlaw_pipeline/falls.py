"""Falls in events that no delivery explains, as the published file lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from bassetlaw_pipeline.publication.pointer import reading
from bassetlaw_pipeline.settings import DataHome


@dataclass(frozen=True)
class Fall:
    """A month of an indicator at the place, or of an extract, with far fewer events than before.

    fewer  how much, in words, to the nearest tenth
    """

    subject: str
    series_id: str
    month: date
    fewer: str

    def __str__(self) -> str:
        what = "rows of" if self.subject == "extract" else "events of"
        return (
            f"{self.month:%B %Y}: {what} {self.series_id}, {self.fewer} missing. Ask whoever sends them, "
            "or add an annotation that explains it (expectations/annotations)."
        )


def unexplained_falls(home: DataHome) -> list[Fall]:
    """The findings of the current release, newest first; none before the first release."""
    file = reading(home)
    if file is None:
        return []
    with duckdb.connect(str(file), read_only=True) as con:
        try:
            rows = con.execute(
                "select subject, series_id, month_start, fewer from outcomes.fct_unexplained_fall "
                "where is_unexplained order by month_start desc, subject, series_id"
            ).fetchall()
        except duckdb.CatalogException:
            return []
    return [Fall(*row) for row in rows]
