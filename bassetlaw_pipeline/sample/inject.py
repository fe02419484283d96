"""Applies defects to a delivery and records what was done.

Belongs here: choosing rows, repeating and removing rows, habits of single files.
Does not belong here: the rules (defects.py).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.sample.damage import replaced
from bassetlaw_pipeline.sample.defects import REPEATED, RULES, Rule, planned
from bassetlaw_pipeline.sample.delivery import Defect, Delivery
from bassetlaw_pipeline.sample.world import World

_MOST = 12  # at most one row in so many gets a defect of one kind


def damaged(world: World, delivery: Delivery) -> Delivery:
    """The delivery with the defects of its extract, each recorded by id, count and record numbers."""
    rng = world.rng("defects", delivery.path)
    found: list[Defect] = []
    tables = {}
    for name, table in delivery.tables.items():
        table, gone = _without_first_episodes(rng, table) if delivery.extract == "dbth_apc" else (table, None)
        table, copies = _with_repeats(rng, table, REPEATED.get((delivery.extract, name), 0.0))
        used = np.zeros(table.num_rows, bool)
        marked = [("D11", copies), ("D20", _orphans(table, gone))]
        for id_, rows in marked:
            _use(used, rows, id_)
        # A copy must stay equal to its original.
        used[np.maximum(copies - 1, 0)] |= len(copies) > 0
        for rule in RULES.get((delivery.extract, name), []):
            table, rows = _apply(rng, delivery, table, rule, used)
            marked.append((rule.id, rows))
        tables[name] = table
        found += [_defect(delivery, name, id_, rows) for id_, rows in marked if len(rows)]
    return replace(delivery, tables=tables, defects=tuple(_merged(found)))


def _use(used: np.ndarray, rows: np.ndarray, id_: str) -> None:
    if used[rows].any():
        raise AssertionError(f"{id_}: a row cannot have two defects")
    used[rows] = True


def _defect(delivery: Delivery, table: str, id_: str, rows: np.ndarray) -> Defect:
    numbers = tuple(int(r) + delivery.first_row for r in np.sort(rows))
    return Defect(id_, len(rows), numbers, table if len(delivery.tables) > 1 else None)


def _merged(found: list[Defect]) -> list[Defect]:
    """One entry per defect and table."""
    groups: dict[tuple[str, str | None], list[int]] = {}
    for defect in found:
        groups.setdefault((defect.id, defect.table), []).extend(defect.rows)
    return [
        Defect(id_, len(rows), tuple(sorted(rows)), table)
        for (id_, table), rows in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]


def _how_many(rng: np.random.Generator, share: float, eligible: int, rows: int) -> int:
    """A whole number whose mean is share * eligible, never a large part of a small table."""
    return min(int(share * eligible + rng.random()), eligible, rows // _MOST)


def _apply(
    rng: np.random.Generator, delivery: Delivery, table: pa.Table, rule: Rule, used: np.ndarray
) -> tuple[pa.Table, np.ndarray]:
    nothing = np.zeros(0, int)
    if rule.since is not None and not _long_after(delivery, rule):
        return table, nothing
    free = ~used & (np.ones(table.num_rows, bool) if rule.eligible is None else rule.eligible(table))
    count = _how_many(rng, rule.share, int(free.sum()), table.num_rows)
    if not count:
        return table, nothing
    rows = rng.permutation(np.flatnonzero(free))[:count]
    used[rows] = True
    return replaced(table, rule.column, rows, rule.damage(rng, table, rows)), rows


def _long_after(delivery: Delivery, rule: Rule) -> bool:
    """Late rows may be five months old: only files well after the day are certain to be affected."""
    return (delivery.received.date() - rule.since).days > 240


def _with_repeats(rng: np.random.Generator, table: pa.Table, share: float) -> tuple[pa.Table, np.ndarray]:
    """Some rows again, each right below itself; and the positions of the copies."""
    count = _how_many(rng, share, table.num_rows, table.num_rows)
    if not count:
        return table, np.zeros(0, int)
    chosen = np.sort(rng.permutation(table.num_rows)[:count])
    times = np.ones(table.num_rows, int)
    times[chosen] = 2
    return table.take(pa.array(np.repeat(np.arange(table.num_rows), times))), chosen + 1 + np.arange(count)


def _without_first_episodes(rng: np.random.Generator, table: pa.Table) -> tuple[pa.Table, pa.Array | None]:
    """Planned spells of several episodes that lose their first one; and the numbers of those spells."""
    first = pc.and_(pc.equal(table["episode_number"], "01"), pc.equal(table["last_episode_in_spell"], "2"))
    candidates = np.flatnonzero(pc.fill_null(first, False).to_numpy().astype(bool) & planned(table))
    count = _how_many(rng, 0.02, len(candidates), table.num_rows)
    if not count:
        return table, None
    gone = np.sort(rng.permutation(candidates)[:count])
    spells = table["spell_number"].take(pa.array(gone)).combine_chunks()
    return table.take(pa.array(np.delete(np.arange(table.num_rows), gone))), spells


def _orphans(table: pa.Table, spells: pa.Array | None) -> np.ndarray:
    """Positions of the episodes left behind."""
    if spells is None:
        return np.zeros(0, int)
    return np.flatnonzero(pc.is_in(table["spell_number"], spells).to_numpy())
