"""The places of a file that a table may lie in, and the row that looks most like its header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bassetlaw_pipeline.contracts.model import Contract, Layout, Table
from bassetlaw_pipeline.intake.read import archive, csv, excel, header, records
from bassetlaw_pipeline.intake.read.encoding import to_utf8
from bassetlaw_pipeline.intake.read.grid import HEADER_SEARCH, Grid
from bassetlaw_pipeline.proposal.names import words

Rows = Sequence[Sequence[str]]
_LEAST = 2  # columns that a header must share with the contract


@dataclass(frozen=True)
class Sheet:
    """First rows of a sheet, text file or member, and how the whole becomes a grid under a layout."""

    name: str | None
    top: Rows
    to_grid: Callable[[Table, Layout], Grid]


@dataclass(frozen=True)
class Place:
    """Where a table seems to lie: the known layout nearest to it, and its header."""

    sheet: Sheet
    base: Layout
    header_rows: int
    index: int
    header: tuple[str, ...]

    def grid(self, table: Table) -> Grid:
        """All rows below this header."""
        signature = tuple(text for text in self.header if text)
        here = {"signature": signature, "header_rows": self.header_rows, "sheet": None}
        return self.sheet.to_grid(table, self.base.model_copy(update=here))


def sheets(data: bytes, contract: Contract, table: Table) -> list[Sheet]:
    """Every place of a file that may hold a table. Raises FileRejected when it cannot be opened."""
    spec = contract.file
    if spec.format in ("xlsx", "xls") or (spec.or_workbook and excel.is_workbook(data)):
        return _worksheets(excel.open_workbook(data), contract, table)
    if spec.format == "zip":
        bundle = archive.open_zip(data)
        pattern = table.member or re.escape(f"{table.name}.csv")
        fitting = [n for n in archive.members(bundle) if re.fullmatch(pattern, PurePosixPath(n).name, re.I)]
        return [_text(bundle.read(name), contract) for name in fitting]
    if spec.format != "csv":
        return []
    suffix = records.kind(data) if spec.trailer is None else None
    return [_records(data, suffix) if suffix else _text(data, contract)]


def _records(data: bytes, suffix: str) -> Sheet:
    found = records.read(data, suffix)
    return Sheet(None, [found.names], found.grid)


def _worksheets(book: excel.Workbook, contract: Contract, table: Table) -> list[Sheet]:
    def grid(name: str) -> Callable[[Table, Layout], Grid]:
        return lambda table, lay: excel.to_grid(book, name, table, lay)

    filled = [name for name in book.rows if name in book.visible and any(map(any, book.rows[name]))]
    mine = [name for name in filled if _is_named(name, table)]
    others = [t for t in contract.tables if t.name != table.name]
    free = [name for name in filled if not any(_is_named(name, other) for other in others)]
    return [Sheet(name, book.top(name), grid(name)) for name in mine or ([] if table.optional else free)]


def _is_named(sheet: str, table: Table) -> bool:
    """True when a layout of the table states the sheet's name: then it is no other table's."""
    stated = [lay.sheet for lay in table.layouts if lay.sheet]
    return any(re.fullmatch(pattern, sheet.strip(), re.IGNORECASE) for pattern in stated)


def _text(data: bytes, contract: Contract) -> Sheet:
    text, _ = to_utf8(data, contract.file.encoding)
    delimiter = contract.file.delimiter

    def grid(table: Table, lay: Layout) -> Grid:
        return csv.to_grid(text, delimiter, lambda records: header.locate(records, table, lay))

    return Sheet(None, csv.first_records(text, delimiter), grid)


def best_place(found: Sequence[Sheet], table: Table) -> Place | None:
    """The sheet, row and known layout that have most in common; None when nothing looks like the header."""
    scored = [(score, place) for score, place in _scored(found, table) if score >= _LEAST]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _scored(found: Sequence[Sheet], table: Table) -> Iterator[tuple[float, Place]]:
    # Of equally good places the first counts, so the newest layout comes first.
    for base in reversed(table.layouts):
        if base.stated_header:
            continue
        known = _known(table, base)
        for sheet in found:
            named = bool(base.sheet and sheet.name and re.fullmatch(base.sheet, sheet.name.strip(), re.I))
            for rows in (base.header_rows, 3 - base.header_rows):
                bonus = 0.2 * named + 0.1 * (rows == base.header_rows)
                layout = base.model_copy(update={"header_rows": rows})
                for index in range(rows - 1, min(len(sheet.top), HEADER_SEARCH)):
                    texts = header.header_at(sheet.top, index, layout)
                    place = Place(sheet, base, rows, index, tuple(t.strip() for t in texts))
                    score = _score(texts, known, base)
                    yield (score + bonus if score >= _LEAST else 0), place


def _known(table: Table, base: Layout) -> dict[str, set[tuple[str, ...]]]:
    """Words of the names of each column that a file of this layout has."""
    expected = header.expected(table, base)
    return {name: {_key(text) for text in known.texts} for name, known in expected.items()}


def _key(text: str) -> tuple[str, ...]:
    return tuple(sorted(words(text)))


def _score(texts: Sequence[str], known: dict[str, set[tuple[str, ...]]], base: Layout) -> float:
    """Columns found by their words; half for the lower part of a name in two rows, less for repetitions."""
    seen = Counter(_key(text) for text in texts if text)
    wide = sum(
        bool(base.unpivot and re.fullmatch(base.unpivot.columns, " ".join(t.split()), re.I)) for t in texts
    )
    whole = [name for name, keys in known.items() if any(key in seen for key in keys)]
    lower = {_key(text.rpartition("|")[2]) for text in texts if "|" in text}
    parts = [n for n, keys in known.items() if n not in whole and keys & lower]
    repeated = sum(max(0, sum(seen[key] for key in known[name]) - 1) for name in whole)
    return len(whole) + 0.5 * len(parts) - repeated + min(wide, 1) - 0.1 * (len(known) - len(whole))
