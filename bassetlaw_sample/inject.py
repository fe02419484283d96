"""Applies defects to a delivery and records what was done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import replaced
from bassetlaw_sample.defects import Orphans, Rule, how_many
from bassetlaw_sample.delivery import Defect, Delivery
from bassetlaw_sample.source import Source
from bassetlaw_sample.world import World


def damaged(world: World, source: Source, delivery: Delivery) -> Delivery:
    """The delivery with the defects of its source, each recorded by id, count and record numbers."""
    rng = world.rng("defects", delivery.path)
    found: list[Defect] = []
    tables = {}
    for name, table in delivery.tables.items():
        orphans = source.orphans if source.orphans and source.orphans.table == name else None
        table, gone = orphans.take(rng, table) if orphans else (table, None)
        table, copies = _with_repeats(rng, table, source.repeated.get(name, 0.0))
        used = np.zeros(table.num_rows, bool)
        marked = [("D11", copies), ("D20", _orphaned(table, orphans, gone))]
        for id_, rows in marked:
            _use(used, rows, id_)
        # A copy must stay equal to its original.
        used[np.maximum(copies - 1, 0)] |= len(copies) > 0
        for rule in source.rules.get(name, []):
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


def _apply(
    rng: np.random.Generator, delivery: Delivery, table: pa.Table, rule: Rule, used: np.ndarray
) -> tuple[pa.Table, np.ndarray]:
    nothing = np.zeros(0, int)
    if rule.since is not None and not _long_after(delivery, rule):
        return table, nothing
    free = ~used & (np.ones(table.num_rows, bool) if rule.eligible is None else rule.eligible(table))
    count = how_many(rng, rule.share, int(free.sum()), table.num_rows)
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
    count = how_many(rng, share, table.num_rows, table.num_rows)
    if not count:
        return table, np.zeros(0, int)
    chosen = np.sort(rng.permutation(table.num_rows)[:count])
    times = np.ones(table.num_rows, int)
    times[chosen] = 2
    return table.take(pa.array(np.repeat(np.arange(table.num_rows), times))), chosen + 1 + np.arange(count)


def _orphaned(table: pa.Table, orphans: Orphans | None, gone: pa.Array | None) -> np.ndarray:
    """Positions of the rows left behind."""
    if orphans is None or gone is None:
        return np.zeros(0, int)
    return np.flatnonzero(pc.is_in(table[orphans.column], gone).to_numpy())
