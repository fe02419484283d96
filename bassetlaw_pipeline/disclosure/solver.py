"""The one door to the solver (HiGHS, through SciPy).

Belongs here: how a programme is put to it, so that the same programme gives the same answer. Does not
belong here: what the programmes mean.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

# No time limit: an answer must not depend on how busy the computer is. The nodes are limited instead.
_LARGE = 2000  # variables
_WHOLE = {"node_limit": 50, "mip_rel_gap": 0.01}


class NoSolution(ArithmeticError):
    """The programme has no solution, or none was found within its limits."""


def solve(
    objective: np.ndarray,
    matrix: sparse.sparray,
    rows: tuple[np.ndarray, np.ndarray],
    columns: tuple[np.ndarray, np.ndarray],
    steps: int | None = None,
) -> np.ndarray:
    """The x with the smallest objective; matrix @ x and x lie between the two ends of rows and columns.

    Large programmes go by interior points: with sums over overlapping periods the simplex method takes
    several times as long for them, and half as long for small ones. With `steps` the simplex method gives up
    after so many. Raises NoSolution.
    """
    equal = rows[0] == rows[1]
    wide = np.flatnonzero(~equal)
    below, above = wide[np.isfinite(rows[1][wide])], wide[np.isfinite(rows[0][wide])]
    matrix = sparse.csr_array(matrix)
    found = linprog(
        objective,
        A_eq=matrix[np.flatnonzero(equal)],
        b_eq=rows[0][equal],
        A_ub=sparse.vstack([matrix[below], -matrix[above]]),
        b_ub=np.r_[rows[1][below], -rows[0][above]],
        bounds=np.c_[columns],
        method="highs-ds" if steps or len(objective) < _LARGE else "highs-ipm",
        options={"maxiter": steps} if steps else None,
    )
    if found.x is None or found.status != 0:
        raise NoSolution(found.message)
    return found.x


def solve_whole(
    objective: np.ndarray,
    matrix: sparse.sparray,
    rows: tuple[np.ndarray, np.ndarray],
    columns: tuple[np.ndarray, np.ndarray],
    whole: np.ndarray,
) -> np.ndarray:
    """As `solve`; variables of which `whole` is True take whole numbers only. Raises NoSolution."""
    constraints = LinearConstraint(matrix, *rows)
    found = milp(
        objective,
        constraints=constraints,
        bounds=Bounds(*columns),
        integrality=whole.astype(int),
        options=_WHOLE,
    )
    if found.x is None:
        raise NoSolution(found.message)
    return found.x
