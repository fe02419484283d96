"""Tell data rows from titles, totals, footers, repeated headers and blank rows.

Belongs here: the rules for rows that are not data, over whole columns at once. Every row taken out is
counted; a rule that would take out too much takes out nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.contracts.model import NonData
from bassetlaw_pipeline.intake.read.grid import HEADER_SEARCH, ROW_NUMBER, Grid, Ragged
from bassetlaw_pipeline.intake.read.header import fold

_KINDS = ("data", "blank", "repeated_header", "total", "footer", "elsewhere")
_FEW = 50


@dataclass(frozen=True)
class Sifted:
    """Data rows, what was taken out, and the total rows by the rule that found them."""

    data: pa.Table
    counts: dict[str, int]
    totals: tuple[tuple[NonData, pa.Table], ...]
    ragged: tuple[Ragged, ...]


def sift(grid: Grid, rules: tuple[NonData, ...], positions: dict[str, int]) -> Sifted:
    """Split a grid's rows by kind; `positions` says where each contract column lies."""
    rows, ragged = grid.rows, list(grid.ragged)
    kinds = np.zeros(rows.num_rows, dtype=np.int8)
    extra: dict[str, int] = {}
    first = _first_text(rows)
    _mark(kinds, "blank", _numpy(pc.is_null(first)))
    _mark(kinds, "repeated_header", _repeated_header(rows, grid.header, positions))
    totals = []
    for rule in rules:
        if rule.kind == "title" or (rule.column and rule.column not in positions):
            continue
        text = rows.column(positions[rule.column]) if rule.column else first
        hit = _matches(text, rule) & (kinds == 0)
        if rule.kind == "footer":
            hit = _down_from_footer(rows, ragged, hit, rule, extra)
        _mark(kinds, rule.kind, hit)
        if rule.kind == "total":
            ragged = _ragged_totals(ragged, rule, positions, extra)
            totals.append((rule, rows.filter(pa.array(hit))))
    counts = {kind: int((kinds == code).sum()) for code, kind in enumerate(_KINDS) if code}
    counts["title"] = len(grid.titles)
    counts["blank"] += grid.blank_titles
    counts = {kind: n + extra.get(kind, 0) for kind, n in counts.items()}
    return Sifted(_data(rows, kinds), {k: n for k, n in counts.items() if n}, tuple(totals), tuple(ragged))


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


def _matches(text: pa.ChunkedArray, rule: NonData) -> np.ndarray:
    """Rows of a kind; an empty cell is never a reason to leave a row out."""
    plain = pc.utf8_trim_whitespace(text)
    if rule.kind != "elsewhere":
        return _numpy(pc.match_substring_regex(plain, f"^(?:{rule.matches})$", ignore_case=True))
    stays = pc.match_substring_regex(plain, f"^(?:{rule.unless})$", ignore_case=True)
    return _numpy(pc.invert(stays))


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
    """Everything from the first footer on, unless that is more than a footer can be."""
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
