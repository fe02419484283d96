"""Which further counts to hide so that nobody can work out a hidden one.

Attack, protect what was exposed, attack again, until nothing is exposed. What to hide is found by an integer
programme around each exposed count (Fischetti and Salazar, "Models and algorithms for optimizing cell
suppression in tabular data with linear constraints", JASA 95, 2000): the cheapest further counts which,
hidden, leave two ways for the published numbers to have come about that lie far enough apart. Farther away
nothing is moved, which can cost a count too many and never leaves one exposed.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from bassetlaw_pipeline.disclosure.counts import Counts
from bassetlaw_pipeline.disclosure.intruder import Attack, Exposed, of_each_component
from bassetlaw_pipeline.disclosure.propagation import tightest_sums
from bassetlaw_pipeline.disclosure.solver import NoSolution, solve, solve_whole
from bassetlaw_pipeline.disclosure.witnesses import Witnesses

_FAR = 10.0  # a hidden count could be anything; moving it this far is always enough
_NEAR = (1, 2, 3, 5, 8)  # how many sums away further counts are looked for, one after the other

_MANY = 200  # counts of one part that may be exposed; fewer where most counts are large
_PARTLY = 1e-6
Pair = tuple[np.ndarray, np.ndarray]  # the least and the most
Programme = tuple[np.ndarray, sparse.sparray, Pair, Pair]  # objective, matrix, rows, columns; see solver.py
Block = tuple[sparse.sparray, np.ndarray, np.ndarray]  # rows of the programme, their least and their most


@dataclass(frozen=True)
class Protection:
    """Counts to hide besides those hidden already (positions), and hidden ones that cannot be protected."""

    hide: list[int]
    unprotected: list[Exposed]


def protect(counts: Counts, witnesses: Witnesses | None = None) -> Protection:
    """Choose what else to hide; `ways` then knows how each hidden count keeps its candidates."""
    hide: list[int] = []
    unprotected: list[Exposed] = []
    for members, (chosen, left) in of_each_component(
        counts, lambda component: _protect_component(component, witnesses)
    ):
        hide += [int(members[p]) for p in chosen]
        unprotected += [Exposed(int(members[e.position]), e.key, e.candidates) for e in left]
    return Protection(sorted(hide), sorted(unprotected, key=lambda e: e.position))


def _protect_component(counts: Counts, witnesses: Witnesses | None = None) -> tuple[list[int], list[Exposed]]:
    """Attack and protect in turn. Each turn hides something or gives counts up, so it ends."""
    attack = Attack(counts)
    chosen = _protect_many(counts, attack)
    counts = counts.hiding(np.array(chosen, int))
    given_up: dict[int, Exposed] = {}
    while found := [e for e in attack.on(counts) if e.position not in given_up]:
        before = len(chosen) + len(given_up)
        for one in found:
            if not attack.exposes(counts, one.position):  # what was hidden for another one protects it, too
                continue
            further = _cheapest(counts, one.position)
            if further is None:
                given_up[one.position] = one
            elif len(further):
                counts = counts.hiding(further)
                chosen += further.tolist()
        if len(chosen) + len(given_up) == before:
            given_up |= {one.position: one for one in found}
    if witnesses:
        witnesses.store(counts.keys, attack.found)
    return chosen, [e for e in attack.on(counts) if e.position in given_up]


def _protect_many(counts: Counts, attack: Attack) -> list[int]:
    """Further counts to hide until so few are exposed that a programme for each of them is worth it.

    Where nearly all counts are small, programmes would take hours. This hides more than they would: first the
    cheapest neighbour of every suspect, then all counts up to a size, twice as large in every turn.
    """
    chosen: list[int] = []
    for further_of in itertools.chain((_neighbours, _neighbours), _by_size(float(np.nanmax(counts.exact)))):
        suspects = attack.suspects(counts)
        if len(suspects) <= _MANY:
            break
        further = further_of(counts, suspects)
        counts = counts.hiding(further)
        chosen += further.tolist()
    return chosen


def _by_size(largest: float) -> Iterator[Callable[[Counts, np.ndarray], np.ndarray]]:
    """Ways to hide all counts up to 16, 32, 64 and so on, until none is larger."""
    sizes = itertools.takewhile(
        lambda size: size < 2 * largest, (16.0 * 2**turn for turn in itertools.count())
    )
    return (partial(_smaller, size=size) for size in sizes)


def _neighbours(counts: Counts, positions: np.ndarray) -> np.ndarray:
    """Of each of these counts the cheapest other one of the sum that narrows it down most."""
    chosen: set[int] = set()
    for position, row in zip(positions, tightest_sums(counts, positions), strict=True):
        members = counts.sums.indices[counts.sums.indptr[row] : counts.sums.indptr[row + 1]]
        others = members[(members != position) & np.isfinite(counts.cost[members])]
        if len(others) and chosen.isdisjoint(members.tolist()):
            chosen.add(int(others[counts.cost[others].argmin()]))
    return np.array(sorted(chosen), int)


def _smaller(counts: Counts, _suspects: np.ndarray, size: float) -> np.ndarray:
    """All counts up to a size that may be hidden."""
    return np.flatnonzero(np.isfinite(counts.cost) & (counts.exact <= size))


def _cheapest(counts: Counts, position: int) -> np.ndarray | None:
    """The cheapest counts found to hide for one exposed count (none, if it is safe by now).

    None when nothing helps.
    """
    size = 0
    for reach in _NEAR:
        neighbourhood = counts.neighbourhood(position, reach)
        if len(neighbourhood) == size:
            continue
        size = len(neighbourhood)
        try:
            around = counts.component(neighbourhood, counts.exact)
            return neighbourhood[_hidden_for(around, int(np.searchsorted(neighbourhood, position)))]
        except NoSolution:
            continue
    return _all_nearby(counts, position)


def _all_nearby(counts: Counts, position: int) -> np.ndarray | None:
    """Everything near that may be hidden, as near as will do; None when not even that protects the count.

    The safe choice where no cheaper one is found: it hides too much and is found without a search.
    """
    for reach in _NEAR:
        neighbourhood = counts.neighbourhood(position, reach)
        further = neighbourhood[np.isfinite(counts.cost[neighbourhood])]
        component = counts.hiding(further).component(neighbourhood, counts.exact)
        if not Attack(component).exposes(component, int(np.searchsorted(neighbourhood, position))):
            return further
    return None


def _hidden_for(counts: Counts, position: int) -> np.ndarray:
    """Positions to hide so that the count at `position` keeps its candidates. Raises NoSolution.

    The programme is solved in fractions first; then in whole numbers, for the counts that this would hide
    in part.
    """
    n = len(counts)
    hideable = np.flatnonzero(np.isfinite(counts.cost))
    programme = _programme(counts, position, hideable)
    started = solve(*programme)[2 * n + 2 :] > _PARTLY
    with contextlib.suppress(NoSolution):
        return _chosen(programme, hideable, started)
    return _chosen(programme, hideable, np.ones(len(hideable), bool))


def _chosen(programme: Programme, hideable: np.ndarray, choice: np.ndarray) -> np.ndarray:
    """The cheapest of a choice of counts that will do. Raises NoSolution."""
    objective, matrix, rows, (least, most) = programme
    k = len(hideable)
    moves = len(objective) - k
    whole = np.r_[np.zeros(moves - 2, bool), np.ones(2 + k, bool)]
    found = solve_whole(objective, matrix, rows, (least, np.r_[most[:moves], choice]), whole)
    return hideable[found[moves:] > 0.5]


def _programme(counts: Counts, position: int, hideable: np.ndarray) -> Programme:
    """Objective, matrix, rows and columns of the programme that hides as little as possible.

    Variables: how far every count moves on the way down and on the way up, how far down and up the exposed
    one gets, and which counts are hidden. A hidden count may move within `_FAR`, any other within what is
    known of it.
    """
    n, k = len(counts), len(hideable)
    low, high = np.maximum(counts.low - counts.exact, -_FAR), np.minimum(counts.high - counts.exact, _FAR)
    far_low, far_high = low.copy(), high.copy()
    far_low[hideable], far_high[hideable] = np.maximum(-counts.exact[hideable], -_FAR), _FAR
    target = float(counts.required[position] - 1)
    blocks = [
        *_sums_hold(counts, k),
        *_moves_only_when_hidden(n, hideable, (low, high), (far_low, far_high)),
        _reaches(n, k, position, target),
        _with_partners(counts, hideable),
    ]
    return (
        np.r_[np.zeros(2 * n + 2), counts.cost[hideable]],
        sparse.vstack([matrix for matrix, _, _ in blocks], format="csc"),
        (np.concatenate([b[1] for b in blocks]), np.concatenate([b[2] for b in blocks])),
        (np.r_[far_low, far_low, 0, 0, np.zeros(k)], np.r_[far_high, far_high, target, target, np.ones(k)]),
    )


def _sums_hold(counts: Counts, k: int) -> Iterator[Block]:
    """On the way down and on the way up."""
    n, m = len(counts), counts.sums.shape[0]
    now = counts.sums @ counts.exact
    for before in (0, n):
        columns = [sparse.csr_array((m, before)), counts.sums, sparse.csr_array((m, n - before + 2 + k))]
        yield sparse.hstack(columns), counts.off_low - now, counts.off_high - now


def _moves_only_when_hidden(n: int, hideable: np.ndarray, neighbourhood: Pair, far: Pair) -> Iterator[Block]:
    """A count that stays visible keeps to what is known of it."""
    k = len(hideable)
    row = np.arange(k)
    for before in (0, n):
        for (limit, farther), side in zip(zip(neighbourhood, far, strict=True), ("low", "high"), strict=True):
            more = (limit - farther)[hideable]
            columns = np.r_[before + hideable, 2 * n + 2 + row]
            matrix = sparse.coo_array(
                (np.r_[np.ones(k), more], (np.r_[row, row], columns)), shape=(k, 2 * n + 2 + k)
            )
            edge, none = limit[hideable], np.full(k, np.inf)
            yield (matrix, edge, none) if side == "low" else (matrix, -none, edge)


def _reaches(n: int, k: int, position: int, target: float) -> Block:
    """Down by at least the third last variable before the choices, up by the next, together far enough."""
    rows, columns = [0, 0, 1, 1, 2, 2], [position, 2 * n, n + position, 2 * n + 1, 2 * n, 2 * n + 1]
    matrix = sparse.coo_array(([1.0, 1, 1, -1, 1, 1], (rows, columns)), shape=(3, 2 * n + 2 + k))
    return matrix, np.array([-np.inf, 0, target]), np.array([0, np.inf, np.inf])


def _with_partners(counts: Counts, hideable: np.ndarray) -> Block:
    """What cannot stay visible with a hidden count is hidden, too."""
    n, k = len(counts), len(hideable)
    place = np.full(n + 1, -1)
    place[hideable] = np.arange(k)
    other = place[counts.hidden_with[hideable]]
    tied = np.flatnonzero((counts.hidden_with[hideable] >= 0) & (other >= 0))
    r = np.arange(len(tied))
    columns = 2 * n + 2 + np.r_[tied, other[tied]]
    matrix = sparse.coo_array(
        (np.r_[np.ones(len(r)), -np.ones(len(r))], (np.r_[r, r], columns)), shape=(len(r), 2 * n + 2 + k)
    )
    return matrix, np.full(len(r), -np.inf), np.zeros(len(r))
