"""How a table lies in a file: rows that are not data, wide columns, layouts over time."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Immutable, and a misspelt key is an error rather than a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NonData(Strict):
    """A declared kind of row that is not data: totals, footers, and rows about other places.

    Title rows above the header, blank rows and repetitions of the header need no declaration.
    `matches` is a regular expression for the whole trimmed text, any case, of `column` (our name), or of
    the first cell of the row that is not empty when no column is named. A footer row ends the data:
    nothing under it is data either. `check_sum_of` are columns (our names) whose total must equal the
    sum of the data rows, else TOTAL_MISMATCH: of all of them, or of those since the last such row (`above`).
    `elsewhere` cuts a large national file to what the place needs: rows whose `column` is filled and does
    not match `unless` are counted and left out.
    """

    kind: Literal["title", "total", "footer", "elsewhere"]
    column: str | None = None
    matches: str | None = None
    unless: str | None = None
    check_sum_of: tuple[str, ...] = ()
    sums: Literal["all", "above"] = "all"


class Unpivot(Strict):
    """Wide columns turned to rows: header text becomes `into`, the cell becomes `value` (our names).

    `columns` is a regular expression for the whole header; its first group, if it has one, is the text
    that becomes `into`. The rows of one record share its number.
    Where several wide columns make one row, `values` says which: the pattern's second group -> our name.
    """

    columns: str
    into: str
    value: str | None = None
    values: dict[str, str] = Field(default_factory=dict)

    @property
    def fills(self) -> tuple[str, ...]:
        """Our names of the columns that wide cells go to."""
        return tuple(self.values.values()) or (self.value or "",)


class Layout(Strict):
    """How one table lies in the file during a span of periods; layouts are data, not code.

    valid_from, valid_to  first and last period start, inclusive; open ended when missing
    sheet       regular expression for the whole worksheet name, any case
    header_rows 2: the upper row is filled to the right over empty cells, and a header is
                `<upper> | <lower>`
    signature   headers that identify the header row, wherever it lies (title rows stand above it)
    stated_header  the header of a text file that has none, every column in order; such a file is known by
                its name only
    headers     our name -> header, where it differs from the column's source_name
    ignored     headers of columns that carry nothing of ours. A column without a header is accepted
                only when it is empty
    ignored_like  the same, as a regular expression for the whole header
    fill_down   columns (our names) whose cells are merged over several rows: an empty one is the one above
    absent      columns (our names) that this layout does not have; they are NULL
    cells       name -> label: the cell right of the label in the title rows
    other_title  regular expression of what stands above the header of another table of the same form
    """

    id: str = "default"
    valid_from: date | None = None
    valid_to: date | None = None
    sheet: str | None = None
    header_rows: Literal[1, 2] = 1
    signature: tuple[str, ...] = ()
    stated_header: tuple[str, ...] = ()
    headers: dict[str, str] = Field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    ignored_like: str | None = None
    fill_down: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    unpivot: Unpivot | None = None
    cells: dict[str, str] = Field(default_factory=dict)
    other_title: str | None = None
