"""One extract of the sample: how its files come about and what goes wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bassetlaw_sample.defects import Orphans, Rule
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit
from bassetlaw_sample.months import quarters
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World

Spoil = Callable[[bytes], bytes]
Deliveries = Callable[[World, Identity], Iterator[Delivery]]


@dataclass(frozen=True)
class Source:
    """An extract of the sample.

    deliveries  its files in the order in which they arrive
    effort      seconds that its files take to write, about, at full size: what the progress bar goes by
    files       how many files to expect, about
    rules       defects of values, by table
    repeated    share of the rows that come twice, by table
    orphans     rows that are taken away so that others point at nothing
    habits      what is odd about a whole file, and its chance
    spoilt      files that are turned away, by path: reason code and damage
    """

    deliveries: Deliveries
    effort: float
    files: Callable[[World], int]
    rules: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    repeated: Mapping[str, float] = field(default_factory=dict)
    orphans: Orphans | None = None
    habits: Sequence[tuple[float, Habit]] = ()
    spoilt: Callable[[World], Mapping[str, tuple[str, Spoil]]] | None = None


def monthly(world: World) -> int:
    """One file a month."""
    return len(world.months)


def quarterly(world: World) -> int:
    """One file a quarter."""
    return len(quarters(world.months))
