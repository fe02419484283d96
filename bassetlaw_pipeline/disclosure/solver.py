"""The one door to the solver, HiGHS: through SciPy, and through highspy where one programme is asked often.

Belongs here: how a programme is put to it, so that the same programme gives the same answer. Does not
belong here: what the programmes mean.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

# No time limit: an answer must not depend on how busy the computer is. The nodes are limited instead.
_LARGE = 2000  # variables
_WHOLE = {"node_limit": 50, "mip_rel_gap": 0.01}
_QUIET = {"output_flag": False, "threads": 1}.items()
_PRIMAL = {
    "presolve": "off",
    "solver": "simplex",
    "simplex_strategy": 4,
}.items()  # 4: the primal simplex method


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


class FromNought:
    """A programme asked for one objective after the other: matrix @ y between two limits that y = 0 keeps.

    SciPy has no means to keep a programme or to say where to start. Every answer is found from y = 0 anew,
    so it does not depend on what was asked before.
    """

    def __init__(self, matrix: sparse.csr_array) -> None:
        self.rows, self._columns = matrix.shape
        self._numbers = np.arange(max(self.rows, self._columns), dtype=np.int32)
        self._solver = highspy.Highs()
        for name, value in (*_QUIET, *_PRIMAL):
            self._solver.setOptionValue(name, value)
        self._solver.passModel(_unlimited(sparse.csc_array(matrix)))
        self._nought = highspy.HighsBasis()
        self._nought.col_status = [highspy.HighsBasisStatus.kZero] * self._columns
        self._nought.row_status = [highspy.HighsBasisStatus.kBasic] * self.rows
        self._nought.valid = True

    def limit(self, low: np.ndarray, high: np.ndarray) -> None:
        """Set what the rows lie between; 0 has to."""
        self._low, self._high = low, high
        self._solver.changeRowsBounds(self.rows, self._numbers[: self.rows], low, high)

    def smallest(self, objective: np.ndarray, row: int, limits: tuple[float, float]) -> np.ndarray:
        """The y with the smallest objective, while one row has other limits. Raises NoSolution."""
        self._solver.changeColsCost(self._columns, self._numbers[: self._columns], objective)
        self._solver.changeRowBounds(row, *limits)
        try:
            self._solver.setBasis(self._nought)
            self._solver.run()
            status = self._solver.getModelStatus()
            if status != highspy.HighsModelStatus.kOptimal:
                raise NoSolution(self._solver.modelStatusToString(status))
            return np.asarray(self._solver.getSolution().col_value)
        finally:
            self._solver.changeRowBounds(row, self._low[row], self._high[row])


def _unlimited(matrix: sparse.csc_array) -> Any:
    """The programme without limits and without an objective."""
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = matrix.shape
    programme.col_cost_ = np.zeros(matrix.shape[1])
    programme.col_lower_, programme.col_upper_ = np.full((2, matrix.shape[1]), [[-np.inf], [np.inf]])
    programme.row_lower_, programme.row_upper_ = np.full((2, matrix.shape[0]), [[-np.inf], [np.inf]])
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    programme.a_matrix_.index_ = matrix.indices.astype(np.int32)
    programme.a_matrix_.value_ = matrix.data.astype(float)
    return programme
