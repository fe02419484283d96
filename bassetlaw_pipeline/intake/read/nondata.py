"""Tell data rows from titles, totals, footers, repeated headers and blank rows.

Every row taken out is counted; a rule that would take out too much takes out nothing. A word at the start of
a row is never enough: a row that identifies a record by its other columns is data, whatever its first cell
says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.contracts.model import Column, NonData, Table
from bassetlaw_pipeline.intake.read import plain_text
from bassetlaw_pipeline.intake.read.grid import HEADER_SEARCH, ROW_NUMBER, Grid, Ragged
from bassetlaw_pipeline.intake.read.header import fold

_KINDS = ("data", "blank", "repeated_header", "total", "footer", "elsewhere")
_FEW = 50
_NUMBER = r"^[£(+-]*[0-9][0-9,. ]*[%)]*$"
_DASHES = ("-", "--", "–", "—", "..", ".")  # stand for nothing in a total row


@dataclass(frozen=True)
class Sifted:
    """Data rows, what was taken out, and the total rows by the rule that found them."""

    data: pa.Table
    counts: dict[str, int]
    totals: tuple[tuple[NonData, pa.Table], ...]
    ragged: tuple[Ragged, ...]
    below_footer: tuple[int, ...] = ()  # numbers of rows that are data although they follow a footer


def sift(grid: Grid, table: Table, positions: dict[str, int]) -> Sifted:
    """Split a grid's rows by kind; `positions` says where each contract column lies."""
    rows, ragged = grid.rows, list(grid.ragged)
    kinds = np.zeros(rows.num_rows, dtype=np.int8)
    extra: dict[str, int] = {}
    first = _first_text(rows)
    _mark(kinds, "blank", _numpy(pc.is_null(first)))
    _mark(kinds, "repeated_header", _repeated_header(rows, grid.header, positions))
    totals, below = [], []
    for rule in table.non_data:
        if rule.kind == "title" or (rule.column and rule.column not in positions):
            continue
        text = rows.column(positions[rule.column]) if rule.column else first
        hit = _matches(text, rule, table.by_name.get(rule.column or "")) & (kinds == 0)
        if rule.column is None and hit.any():
            hit &= ~_identified(rows, table, positions, rule.kind)
        if rule.kind == "footer":
            footer = _down_from_footer(rows, ragged, hit, rule, extra)
            hit, kept = _without_records(rows, table, positions, footer)
            below += kept
        _mark(kinds, rule.kind, hit)
        if rule.kind == "total":
            ragged = _ragged_totals(ragged, rule, positions, extra)
            totals.append((rule, rows.filter(pa.array(hit))))
    counts = {kind: int((kinds == code).sum()) for code, kind in enumerate(_KINDS) if code}
    counts["title"] = len(grid.titles)
    counts["blank"] += grid.blank_titles
    counts = {kind: n + extra.get(kind, 0) for kind, n in counts.items()}
    counts = {kind: n for kind, n in counts.items() if n}
    return Sifted(_data(rows, kinds), counts, tuple(totals), tuple(ragged), tuple(sorted(set(below))))


def _mark(kinds: np.ndarray, kind: str, mask: np.ndarray) -> None:
    kinds[mask & (kinds == 0)] = _KINDS.index(kind)


def _data(rows: pa.Table, kinds: np.ndarray) -> pa.Table:
    """The rows between those taken out: while these are few, nothing is copied."""
    gone = np.flatnonzero(kinds)
    if len(gone) > _FEW:
        return rows.filter(pa.array(kinds == 0))
    spans = zip([0, *(gone + 1)], [*gone, rows.num_rows], strict=True)
    return pa.concat_tables(rows.slice(start, end - start) for start, end in spans)


def _numpy(mask: pa.ChunkedArray) -> np.ndarray:
    return pc.fill_null(mask, False).to_numpy().astype(bool)


def _first_text(rows: pa.Table) -> pa.ChunkedArray:
    """The first filled cell of each row."""
    first = rows.column(0)
    for column in rows.columns[1:-1]:
        if first.null_count == 0:
            break
        first = pc.coalesce(first, column)
    return first


def _matches(text: pa.ChunkedArray, rule: NonData, column: Column | None) -> np.ndarray:
    """Rows of a kind; an empty cell is never a reason to leave a row out.

    What is about another place is judged by the code as the column would have it, not by its spelling.
    """
    plain = pc.utf8_trim_whitespace(text)
    if rule.kind != "elsewhere":
        return _numpy(pc.match_substring_regex(plain, f"^(?:{rule.matches})$", ignore_case=True))
    stays = pc.match_substring_regex(_as_code(plain, column), f"^(?:{rule.unless})$", ignore_case=True)
    return _numpy(pc.invert(stays))


def _as_code(text: pa.ChunkedArray, column: Column | None) -> pa.ChunkedArray:
    """Different texts are few: each is cleaned once."""
    coded = text.combine_chunks().dictionary_encode()
    whole = column is not None and column.clean == "code"
    cleaned = plain_text.letters_and_digits(coded.dictionary) if whole else plain_text.code(coded.dictionary)
    return pa.chunked_array([cleaned.take(coded.indices)])


def _identified(rows: pa.Table, table: Table, positions: dict[str, int], kind: str) -> np.ndarray:
    """Rows that name a record by columns other than the first filled one, so that they are data.

    A total row has numbers only beside its word: a filled key or any other text makes it data. A footer may
    go on in the next cells: half of the columns that a row must have make it data.
    """
    columns = [table.by_name[name] for name in positions if name in table.by_name]
    needed = [c for c in columns if c.key or c.required] or columns
    asked = columns if kind == "total" else needed
    filled = np.zeros(rows.num_rows, dtype=int)
    for column in asked:
        position = positions[column.name]
        any_text = kind != "total" or column.key
        filled += _says(rows.column(position), any_text) & ~_is_first(rows, position)
    return filled > 0 if kind == "total" else 2 * filled >= max(len(asked) - 1, 1)


def _says(column: pa.ChunkedArray, any_text: bool) -> np.ndarray:
    """Cells with text: any but a dash, or any but a dash and a number."""
    text = pc.utf8_trim_whitespace(column)
    said = _numpy(pc.and_(pc.not_equal(text, ""), pc.invert(pc.is_in(text, pa.array(_DASHES)))))
    return said if any_text else said & ~_numpy(pc.match_substring_regex(text, _NUMBER))


def _is_first(rows: pa.Table, position: int) -> np.ndarray:
    """Rows whose first filled cell lies in this column."""
    mask = _numpy(rows.column(position).is_valid())
    for before in rows.columns[:position]:
        mask &= ~_numpy(before.is_valid())
    return mask


def _repeated_header(rows: pa.Table, header: tuple[str, ...], positions: dict[str, int]) -> np.ndarray:
    """Rows that say the header again, in every named column."""
    mask = np.ones(rows.num_rows, dtype=bool)
    for position in sorted(positions.values()):
        if not mask.any():
            break
        column = rows.column(position)
        if mask.sum() > HEADER_SEARCH:
            text = pc.utf8_lower(pc.utf8_trim_whitespace(column))
            mask &= _numpy(pc.equal(text, header[position].strip().lower()))
        else:
            left = np.flatnonzero(mask)
            mask[left] = [fold(column[int(i)].as_py() or "") == fold(header[position]) for i in left]
    return mask if positions else np.zeros(rows.num_rows, dtype=bool)


def _down_from_footer(
    rows: pa.Table, ragged: list[Ragged], hit: np.ndarray, rule: NonData, extra: dict[str, int]
) -> np.ndarray:
    """Everything from the first footer row on, unless that is more than a footer can be."""
    numbers = rows.column(ROW_NUMBER).to_numpy()
    in_ragged = [r.number for r in ragged if _ragged_text(r) and _fits(_ragged_text(r), rule)]
    starts = [*numbers[hit].tolist(), *in_ragged]
    if not starts:
        return hit
    start = min(starts)
    below = numbers >= start
    if int(below.sum()) + sum(r.number >= start for r in ragged) > HEADER_SEARCH:
        return hit
    gone = [r for r in ragged if r.number >= start]
    extra["footer"] = extra.get("footer", 0) + len(gone)
    ragged[:] = [r for r in ragged if r.number < start]
    return below


def _without_records(
    rows: pa.Table, table: Table, positions: dict[str, int], footer: np.ndarray
) -> tuple[np.ndarray, list[int]]:
    """The rows of a footer that name no record, and the numbers of those that do."""
    if not footer.any():
        return footer, []
    records = footer & _identified(rows, table, positions, "footer")
    return footer & ~records, rows.column(ROW_NUMBER).to_numpy()[records].tolist()


def _ragged_totals(
    ragged: list[Ragged], rule: NonData, positions: dict[str, int], extra: dict[str, int]
) -> list[Ragged]:
    """Total rows cut short by the sender are total rows all the same."""
    cell: Callable[[Ragged], str] = _ragged_text
    if rule.column:
        position = positions[rule.column]
        cell = lambda r: r.cells[position] if len(r.cells) > position else ""  # noqa: E731
    kept = [r for r in ragged if not _fits(cell(r), rule)]
    extra["total"] = extra.get("total", 0) + len(ragged) - len(kept)
    return kept


def _ragged_text(row: Ragged) -> str:
    return next((c for c in row.cells if c.strip()), "")


def _fits(text: str, rule: NonData) -> bool:
    return bool(text) and re.fullmatch(rule.matches or "", text.strip(), re.IGNORECASE) is not None
