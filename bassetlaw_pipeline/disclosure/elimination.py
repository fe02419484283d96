"""Counts told by as few free numbers as possible: rolling months by months, a total by its parts.

Gauss's elimination in rounds: in every round each equation gives up the count that stands in the fewest
others, as far as these do not meet. Only coefficients of 1 and -1 are divided by, so all numbers stay whole.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse


def free_numbers(equations: sparse.sparray) -> sparse.csr_array:
    """The n × f matrix E with whole numbers for which x = E @ y are the solutions of equations @ x = 0."""
    left = sparse.csr_array(equations)
    told = sparse.csr_array(sparse.eye_array(left.shape[1]))
    while (left := _without_empty_rows(left)).shape[0]:
        rows, pivots = _chosen(left)
        step = _substitution(left, rows, pivots)
        told = sparse.csr_array(told @ step)
        others = np.setdiff1d(np.arange(left.shape[0]), rows)
        left = sparse.csr_array(left[others] @ step)
    told.eliminate_zeros()
    return told


def _without_empty_rows(equations: sparse.csr_array) -> sparse.csr_array:
    equations.eliminate_zeros()
    return equations[np.flatnonzero(np.diff(equations.indptr))]


def _chosen(equations: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Equations to solve in this round, and the count each is solved for; no count of one is another's.

    Raises ArithmeticError when no equation has a coefficient of 1 or -1.
    """
    taken, used = np.zeros((2, equations.shape[1]), bool)
    rows, pivots = [], []
    for row, pivot in _candidates(equations):
        members = equations.indices[equations.indptr[row] : equations.indptr[row + 1]]
        if not used[pivot] and not taken[members].any():
            taken[pivot], used[members] = True, True
            rows.append(row)
            pivots.append(pivot)
    if not rows:
        raise ArithmeticError("no sum can be solved for one of its counts in whole numbers")
    return np.array(rows), np.array(pivots)


def _candidates(equations: sparse.csr_array) -> list[tuple[int, int]]:
    """Each equation with its best count: first those whose count stands in the fewest equations."""
    size = np.diff(equations.indptr)
    row = np.repeat(np.arange(len(size)), size)
    degree = np.bincount(equations.indices, minlength=equations.shape[1])[equations.indices]
    order = np.lexsort((-equations.indices, degree, row))
    order = order[np.abs(equations.data[order]) == 1]
    best = order[np.unique(row[order], return_index=True)[1]]
    best = best[np.lexsort((equations.indices[best], row[best], size[row[best]], degree[best]))]
    return list(zip(row[best].tolist(), equations.indices[best].tolist(), strict=True))


def _substitution(equations: sparse.csr_array, rows: np.ndarray, pivots: np.ndarray) -> sparse.csr_array:
    """The counts so far by those that are left: a pivot is minus the rest of its equation."""
    n = equations.shape[1]
    kept = np.setdiff1d(np.arange(n), pivots)
    solved = equations[rows].tocoo()
    at = pivots[solved.coords[0]]
    sign = np.asarray(equations[rows, pivots]).ravel()[solved.coords[0]]
    rest = solved.coords[1] != at
    whole = sparse.coo_array(
        (
            np.r_[np.ones(len(kept)), -solved.data[rest] / sign[rest]],
            (np.r_[kept, at[rest]], np.r_[kept, solved.coords[1][rest]]),
        ),
        shape=(n, n),
    )
    return sparse.csr_array(sparse.csc_array(whole)[:, kept])
