"""Which header of a changed file is which column of the contract: sure with reasons, or open.

A column is proposed only when its name, every rival name and its values agree; what the file alone does not
settle becomes a doubt, so that no value lands in a wrong column.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bassetlaw_pipeline.contracts.model import Column, Layout, Table
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.read import header
from bassetlaw_pipeline.intake.read.grid import Grid
from bassetlaw_pipeline.intake.read.header import fold
from bassetlaw_pipeline.proposal.evidence import Evidence, is_telling
from bassetlaw_pipeline.proposal.model import MARGIN, SURE, Doubt, Pair
from bassetlaw_pipeline.proposal.names import likeness

_FIT = 0.9  # share of values that must fit a column under a new name
_MISFIT = 0.5  # below this share even the agreed name is not believed
_GROUP = 0.8  # confidence in a group of columns renamed as a whole


@dataclass
class Pairing:
    """State of the decision: where columns lie, and what is still open."""

    table: Table
    base: Layout
    grid: Grid
    kept: dict[str, int] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    misfits: dict[str, int] = field(default_factory=dict)  # the name fits, the values do not

    def __post_init__(self) -> None:
        self.evidence = Evidence(self.table)
        whole = self.base.model_copy(update={"absent": ()})
        self.wanted = header.expected(self.table, whole)

    @property
    def missing(self) -> list[str]:
        """Columns without a header so far."""
        named = {pair.column for pair in self.pairs}
        return [name for name in self.wanted if name not in self.kept and name not in named]

    def text(self, position: int) -> str:
        """A header on one line."""
        return " ".join(self.grid.header[position].split())

    def was(self, name: str) -> str:
        """The header a column had in the layout that is nearest."""
        return self.base.headers.get(name) or self.table.by_name[name].source_name

    def fit(self, position: int, name: str) -> float:
        """Share of the values of a column that pass the checks of a contract column."""
        return self.evidence.shape(self.grid.rows.column(position), self.table.by_name[name]).share

    def doubt(self, subject: str, why: str) -> None:
        """Leave something open."""
        self.doubts.append(Doubt(subject, why))


def pair(table: Table, base: Layout, grid: Grid) -> Pairing:
    """Decide for every column and every header of one table."""
    found = Pairing(table, base, grid)
    _keep_agreed(found)
    _check_agreed(found)
    _by_name(found)
    _by_group(found)
    _check_order(found)
    _settle_rest(found)
    return found


def _keep_agreed(found: Pairing) -> None:
    """Columns under an agreed name; the rest of the headers is free."""
    for position, text in enumerate(found.grid.header):
        name = _owner(fold(text), found) if text else None
        if name in found.kept:
            found.doubt(naming.shown(text, f"column {position + 1}"), "it stands in the file more than once")
        elif name:
            found.kept[name] = position
        elif not text and found.grid.filled(position):
            found.doubt(f"column {position + 1}", "it has values and no header")
        elif text and not _is_wide(text, found.base) and not _is_ignored(text, found.base):
            _set_free(found, position)


def _owner(folded: str, found: Pairing) -> str | None:
    exact = next((n for n, known in found.wanted.items() if folded in known.texts), None)
    return exact or next((n for n, known in found.wanted.items() if known.is_like(folded)), None)


def _set_free(found: Pairing, position: int) -> None:
    """A header that holds what may be somebody's number is neither shown nor proposed."""
    text, place = found.text(position), f"column {position + 1}"
    if naming.shown(text, place) != text[:60]:
        found.doubt(place, "its header holds a long number and is not shown")
    else:
        found.free.append(position)


def _is_wide(text: str, base: Layout) -> bool:
    return bool(base.unpivot and re.fullmatch(base.unpivot.columns, " ".join(text.split()), re.IGNORECASE))


def _is_ignored(text: str, base: Layout) -> bool:
    like = base.ignored_like and re.fullmatch(base.ignored_like, " ".join(text.split()), re.IGNORECASE)
    return bool(like) or fold(text) in map(fold, base.ignored)


def _check_agreed(found: Pairing) -> None:
    for name, position in found.kept.items():
        share = found.fit(position, name) if is_telling(found.table.by_name[name]) else 1
        if share < _MISFIT:
            found.doubt(
                found.text(position), f"it has its agreed name, but only {share:.0%} of its values fit"
            )


def _texts(column: Column, found: Pairing) -> set[str]:
    """Every name a column has or had."""
    other = {lay.headers[column.name] for lay in found.table.layouts if column.name in lay.headers}
    return {found.was(column.name), column.source_name, *column.aliases, *other}


def _by_name(found: Pairing) -> None:
    """Headers whose words are those of one missing column, and of nothing else."""
    columns = [found.table.by_name[name] for name in found.wanted]
    known = {c.name: _texts(c, found) for c in columns}
    scores = {
        (c.name, p): max(likeness(text, found.text(p)) for text in known[c.name])
        for c in columns
        for p in found.free
    }
    for name in found.missing:
        ranked = sorted(((scores[name, p], p) for p in found.free), reverse=True)
        if ranked and ranked[0][0][0] >= SURE:
            _decide(found, name, ranked[0][1], scores)
    taken = Counter(pair.header for pair in found.pairs)
    for twice in [p for p in found.pairs if taken[p.header] > 1]:
        found.pairs.remove(twice)
    named = {pair.header for pair in found.pairs}
    found.free = [p for p in found.free if found.text(p) not in named]


def _decide(found: Pairing, name: str, position: int, scores: dict) -> None:
    score, why = scores[name, position]
    text = found.text(position)
    near = [
        found.text(p)
        for (n, p), (s, _) in scores.items()
        if n == name and p != position and s > score - MARGIN
    ]
    rivals = [
        found.was(n)
        for (n, p), (s, _) in scores.items()
        if p == position and n != name and s > score - MARGIN
    ]
    if near or rivals:
        found.doubt(found.was(name), f"{text!r} is not the only one like it: {', '.join(near + rivals)}")
        return
    shape = found.evidence.shape(found.grid.rows.column(position), found.table.by_name[name])
    if shape.share < _FIT:
        found.misfits[name] = position
        found.doubt(found.was(name), f"{text!r} is {why}, but only {shape.share:.0%} of its values fit")
        return
    reasons = (why, *_about_values(found, name, shape), *_about_place(found, name, position))
    found.pairs.append(Pair(name, found.was(name), text, round(score, 2), reasons))


def _about_values(found: Pairing, name: str, shape) -> tuple[str, ...]:
    if not shape.values:
        return ("it has no values to judge by",)
    if not is_telling(found.table.by_name[name]):
        return ("any text fits",)
    return (f"{shape.share:.0%} of {shape.values} different values fit",)


def _about_place(found: Pairing, name: str, position: int) -> tuple[str, ...]:
    order = list(found.wanted)
    at = order.index(name)
    beside = (order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None)
    same = found.kept.get(beside[0]) == position - 1 or found.kept.get(beside[1]) == position + 1
    return ("it stands beside the same column as before",) if same else ()


def _by_group(found: Pairing) -> None:
    """In a header of two rows, a whole group under a new upper name: same lower names, in the same order."""
    lost = _groups([(name, found.was(name)) for name in found.missing])
    new = _groups([(p, found.text(p)) for p in found.free])
    for group, members in lost.items():
        fitting = [g for g, theirs in new.items() if list(theirs) == list(members)]
        rivals = [g for g, others in lost.items() if list(others) == list(members)]
        if len(members) < 2 or len(fitting) != 1 or len(rivals) != 1:
            continue
        theirs = new[fitting[0]]
        if all(found.fit(theirs[low], members[low]) >= _FIT for low in members):
            _rename_group(found, group, fitting[0], members, theirs)


def _groups(named: list) -> dict[str, dict[str, Any]]:
    """Upper name -> lower name -> what bears it."""
    groups: dict[str, dict[str, Any]] = {}
    for what, text in named:
        upper, bar, lower = text.rpartition("|")
        if bar:
            groups.setdefault(upper.strip(), {})[fold(lower)] = what
    return groups


def _rename_group(found: Pairing, group: str, new: str, members: dict, theirs: dict) -> None:
    why = f"the group {group!r} is gone, and {new!r} has the same {len(members)} columns in the same order"
    for low, name in members.items():
        position = theirs[low]
        shape = found.evidence.shape(found.grid.rows.column(position), found.table.by_name[name])
        reasons = (why, *_about_values(found, name, shape))
        found.pairs.append(Pair(name, found.was(name), found.text(position), _GROUP, reasons))
        found.free.remove(position)


def _check_order(found: Pairing) -> None:
    """Renamed columns that changed places with one of the same type may have had their names swapped."""
    where = {found.text(p): p for p in range(len(found.grid.header))}
    places = found.misfits | found.kept | {pair.column: where[pair.header] for pair in found.pairs}
    order = [name for name in found.wanted if name in places]
    for one in list(found.pairs):
        swapped = [
            n for n in order if n != one.column and _changed_places(found, order, places, one.column, n)
        ]
        if swapped:
            found.pairs.remove(one)
            other = found.was(swapped[0])
            found.doubt(
                one.was, f"{one.header!r} and {other!r} changed places and hold values of the same type"
            )


def _changed_places(found: Pairing, order: list[str], places: dict[str, int], one: str, other: str) -> bool:
    columns = found.table.by_name
    same_type = columns[one].logical_type == columns[other].logical_type
    return same_type and (order.index(one) < order.index(other)) != (places[one] < places[other])


def _settle_rest(found: Pairing) -> None:
    """Columns that are gone and headers that are new, where neither could be the other; else doubts."""
    open_headers: set[int] = set()
    doubted = {doubt.subject for doubt in found.doubts}
    for name in found.missing:
        column, candidates = found.table.by_name[name], _candidates(found, name)
        if not candidates and (name in found.base.absent or column.optional_in_file):
            continue
        if candidates:
            open_headers.update(candidates)
            names = ", ".join(repr(found.text(p)) for p in candidates[:5])
            if found.was(name) not in doubted:
                found.doubt(found.was(name), f"it is not there under a name near enough; it could be {names}")
        elif column.key:
            found.doubt(found.was(name), "it is part of the key, and no header could be it")
        elif found.was(name) not in doubted:
            found.absent.append(name)
    rest = [p for p in found.free if p not in open_headers]
    if found.base.unpivot:
        for position in rest:
            found.doubt(found.text(position), "in a table of wide columns a new one may be data")
    else:
        found.ignored += [found.text(p) for p in rest if not _is_doubted(found, p)]


def _candidates(found: Pairing, name: str) -> list[int]:
    """Headers that could be a missing column, or parts of it."""
    if name in found.base.absent:
        alike = [p for p in found.free if likeness(found.was(name), found.text(p))[0] >= _MISFIT]
        return [p for p in alike if found.fit(p, name) >= _MISFIT]
    parts = _in_its_place(found, name)
    return [
        p for p in found.free if p in parts or _shares_a_word(found, name, p) or found.fit(p, name) >= _MISFIT
    ]


def _shares_a_word(found: Pairing, name: str, position: int) -> bool:
    """A part of a column that was split seldom passes the checks of the whole."""
    return likeness(found.was(name), found.text(position))[0] > 0


def _in_its_place(found: Pairing, name: str) -> list[int]:
    """Two or more new headers between the columns that stood beside a missing one."""
    order = list(found.wanted)
    at = order.index(name)
    before = found.kept.get(order[at - 1], -2) if at else -1
    after = found.kept.get(order[at + 1], -2) if at + 1 < len(order) else len(found.grid.header)
    between = range(before + 1, after) if -2 not in (before, after) else range(0)
    new = [p for p in found.free if p in between]
    return new if len(new) > 1 else []


def _is_doubted(found: Pairing, position: int) -> bool:
    return any(repr(found.text(position)) in doubt.why for doubt in found.doubts)
