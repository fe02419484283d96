"""Find the header row and match it to the contract's columns, always by name, never by position.

A header text is shown in a message only when the row clearly is a header: otherwise it may be data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bassetlaw_pipeline.contracts.model import Column, Layout, Table
from bassetlaw_pipeline.intake.discover.naming import shown
from bassetlaw_pipeline.intake.model import FileRejected, Finding
from bassetlaw_pipeline.intake.read.grid import HEADER_SEARCH, at, reject

_SHOWN = 10  # names listed in one message


@dataclass(frozen=True)
class Wide:
    """What a wide column stands for: the text that becomes `into`, and the column its cells go to."""

    text: str
    column: str


@dataclass(frozen=True)
class Matched:
    """Where each contract column lies, and the wide columns of an unpivoted layout by position."""

    positions: dict[str, int]
    wide: dict[int, Wide]


@dataclass(frozen=True)
class Name:
    """What may head a column: agreed texts (folded), the first of them the usual one, or a pattern."""

    texts: tuple[str, ...]
    like: str | None = None

    def fits(self, folded: str) -> bool:
        """True when a folded header text names this column."""
        return folded in self.texts or self.is_like(folded)

    def is_like(self, folded: str) -> bool:
        """True when the pattern fits, whatever the agreed texts."""
        return self.like is not None and re.fullmatch(self.like, folded, re.IGNORECASE) is not None


def fold(text: str) -> str:
    """Header texts are equal when they differ only in case, white space, `|` or a byte order mark."""
    return " ".join(text.replace("\ufeff", "").replace("|", " ").split()).casefold()


def flatten(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """A two-row header as one, "group | name"; the group goes on to the right over merged cells."""
    flat, group = [], ""
    for above, below in zip(groups, names, strict=True):
        group = above.strip() or group
        flat.append(" | ".join(filter(None, (group, below.strip()))) if below.strip() else "")
    return flat


def expected(table: Table, layout: Layout) -> dict[str, Name]:
    """What may head each column of a layout."""
    filled = set(layout.absent) | set(layout.cells)
    if layout.unpivot:
        filled |= {layout.unpivot.into, *layout.unpivot.fills}
    columns = [c for c in table.columns if c.name not in filled]
    return {c.name: _name(c, layout) for c in columns}


def _name(column: Column, layout: Layout) -> Name:
    like = None if column.name in layout.headers else column.header_like
    return Name(tuple(map(fold, _texts(column, layout))), like)


def _texts(column: Column, layout: Layout) -> tuple[str, ...]:
    stated = layout.headers.get(column.name)
    return (stated,) if stated else (column.source_name, *column.aliases)


def locate(rows: Sequence[Sequence[str]], table: Table, layout: Layout) -> int | None:
    """Index of the (last) header row among the first rows, or None.

    It is the first row with the signature or with at least half of the names a file must have: enough to
    know a header by, and to name what it lacks. Always the first, so that a header repeated further down
    never turns data into title rows.
    """
    wanted = expected(table, layout)
    signature = {fold(text) for text in layout.signature}
    for index in range(layout.header_rows - 1, min(len(rows), HEADER_SEARCH)):
        seen = {fold(text) for text in header_at(rows, index, layout)}
        found = {name for name in wanted if any(map(wanted[name].fits, seen))}
        if (signature and signature <= seen) or _is_header(found, wanted, table):
            return index
    return None


def header_at(rows: Sequence[Sequence[str]], index: int, layout: Layout) -> list[str]:
    """Header texts when the (last) header row is `rows[index]`."""
    if layout.header_rows == 1:
        return list(rows[index])
    return flatten(rows[index - 1], rows[index])


def _is_header(found: Collection[str], wanted: dict[str, Name], table: Table) -> bool:
    """True when at least half of the names that cannot be missing are there."""
    needed = [name for name in wanted if not table.by_name[name].optional_in_file] or list(wanted)
    return 2 * sum(name in found for name in needed) >= len(needed)


def covers(header: Sequence[str], table: Table, layout: Layout) -> bool:
    """True when every required column of a layout is in a header (the header signature)."""
    seen, wanted = {fold(text) for text in header}, expected(table, layout)
    required = [n for n in wanted if table.by_name[n].required] or list(wanted)
    return all(any(map(wanted[name].fits, seen)) for name in required)


def match(
    header: Sequence[str],
    table: Table,
    layout: Layout,
    filled: Callable[[int, dict[str, int]], int],
    place: str = "",
) -> Matched:
    """Column positions by name.

    `filled(position, positions)` says how many data rows have a value there, given where the columns lie.
    Raises FileRejected with HEADER_NOT_FOUND, or with all of HEADER_REPEATED_COLUMN, HEADER_MISSING_COLUMN,
    HEADER_UNKNOWN_COLUMN that apply.
    """
    wanted = expected(table, layout)
    named = [(position, owner(fold(text), wanted)) for position, text in enumerate(header)]
    wide = _wide(header, layout)
    positions = {name: position for position, name in reversed(named) if name}
    if not _is_header(positions, wanted, table):
        raise _no_header(table, wanted, positions, layout, place)
    problems = [
        _repeated(header, named, wide, place),
        _missing(table, wanted, positions, layout, wide, place),
        _unknown(
            header,
            [p for p, name in named if name is None and p not in wide],
            layout,
            lambda position: filled(position, positions),
            place,
        ),
    ]
    if any(problems):
        raise FileRejected(*(p for p in problems if p))
    return Matched(positions, wide)


def _no_header(
    table: Table, wanted: dict[str, Name], positions: dict[str, int], layout: Layout, place: str
) -> FileRejected:
    """Where some agreed names stand in the row, it says which do not."""
    found = f"found {len(positions)} of {len(wanted)} expected columns"
    absent = [_agreed(name, table, layout) for name in wanted if name not in positions]
    more = f", and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
    lacking = f"; not there: {', '.join(absent[:_SHOWN])}{more}" if positions else ""
    return reject(
        "HEADER_NOT_FOUND", at(place, f"{found}; the header row is missing or very different{lacking}")
    )


def _agreed(name: str, table: Table, layout: Layout) -> str:
    """What heads a column in the file, never our name for it."""
    column = table.by_name[name]
    if name in layout.headers:
        return layout.headers[name]
    return f"a header like '{column.header_like}'" if column.header_like else column.source_name


def owner(folded: str, wanted: dict[str, Name]) -> str | None:
    """The column a header names; an agreed text goes before a pattern."""
    exact = (name for name, known in wanted.items() if folded in known.texts)
    return next(exact, None) or next((n for n, known in wanted.items() if known.is_like(folded)), None)


def _wide(header: Sequence[str], layout: Layout) -> dict[int, Wide]:
    """Wide columns by position; the pattern's first group is the text each stands for, the second
    says its column."""
    pivot = layout.unpivot
    if pivot is None:
        return {}
    targets = {fold(text): column for text, column in pivot.values.items()}
    wide = {}
    for position, text in enumerate(header):
        found = re.fullmatch(pivot.columns, " ".join(text.split()), re.IGNORECASE)
        column = found and (targets.get(fold(found.group(2))) if targets else pivot.value)
        if column:
            wide[position] = Wide(found.group(1) if found.re.groups else found.group(0), column)
    return wide


def notes(header: Sequence[str], matched: Matched, table: Table, layout: Layout) -> list[Finding]:
    """HEADER_RENAMED for columns found by another agreed name, HEADER_MOVED when the order differs."""
    found = []
    main = {c.name: _name(c, layout) for c in table.columns}
    renamed = [header[p] for name, p in matched.positions.items() if _is_renamed(fold(header[p]), main[name])]
    if renamed:
        found.append(Finding(code="HEADER_RENAMED", count=len(renamed), detail=", ".join(renamed[:_SHOWN])))
    order = [matched.positions[name] for name in main if name in matched.positions]
    if order != sorted(order):
        found.append(Finding(code="HEADER_MOVED"))
    return [note.model_copy(update={"table": table.name}) for note in found]


def _is_renamed(folded: str, name: Name) -> bool:
    return folded != name.texts[0] and not name.is_like(folded)


def _repeated(header, named, wide, place) -> Finding | None:
    names = [name for _, name in named if name] + [f"{fold(w.text)} | {w.column}" for w in wide.values()]
    twice = sorted({name for name in names if names.count(name) > 1})
    return _finding("HEADER_REPEATED_COLUMN", twice, place)


def _missing(table, wanted, positions, layout, wide, place) -> Finding | None:
    absent = [
        _agreed(name, table, layout)
        for name in wanted
        if name not in positions and not table.by_name[name].optional_in_file
    ]
    if layout.unpivot and not wide:
        absent.append(f"columns like {layout.unpivot.columns}")
    return _finding("HEADER_MISSING_COLUMN", absent, place)


def _unknown(header, positions, layout, filled, place) -> Finding | None:
    strange = [p for p in positions if not _ignored(header[p], layout) and (header[p].strip() or filled(p))]
    return _finding("HEADER_UNKNOWN_COLUMN", [shown(header[p], f"column {p + 1}") for p in strange], place)


def _ignored(text: str, layout: Layout) -> bool:
    plain = " ".join(text.split())
    like = layout.ignored_like and re.fullmatch(layout.ignored_like, plain, re.IGNORECASE)
    return bool(like) or fold(text) in {fold(known) for known in layout.ignored}


def _finding(code: str, names: list[str], place: str) -> Finding | None:
    if not names:
        return None
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    detail = at(place, ", ".join(names[:_SHOWN]) + more)
    return Finding(code=code, detail=detail, count=len(names), outcome="reject")
