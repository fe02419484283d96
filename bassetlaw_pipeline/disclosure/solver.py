"""The one door to the solver, HiGHS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np
from scipy import sparse

# No time limit: an answer must not depend on how busy the computer is. The nodes are limited instead.
_LARGE = 2000  # variables
_COMMON = {"output_flag": False, "threads": 1}
_SIMPLEX = {"solver": "simplex"}
_INTERIOR = {"solver": "ipm"}
_NODES = 50
_NO_LIMIT = 2**31 - 1
_WARM_START = {"solver": "simplex", "simplex_strategy": 4, "presolve": "off"}  # 4: the primal simplex method
Pair = tuple[np.ndarray, np.ndarray]  # the least and the most


class NoSolution(ArithmeticError):
    """The programme has no solution, or none was found within its limits."""


class GaveUp(NoSolution):
    """None was found within the limits; there may be one."""


def solve(
    objective: np.ndarray, matrix: sparse.sparray, rows: Pair, columns: Pair, steps: int | None = None
) -> np.ndarray:
    """The x with the smallest objective; matrix @ x and x lie between the two ends of rows and columns.

    Large programmes go by interior points: with sums over overlapping periods the simplex method takes
    several times as long for them, and half as long for small ones. With `steps` the simplex method gives up
    after so many. Raises NoSolution.
    """
    small = _SIMPLEX if steps or len(objective) < _LARGE else _INTERIOR
    solver = _solver(small | ({"simplex_iteration_limit": steps} if steps else {}))
    solver.passModel(_programme(objective, matrix, rows, columns))
    solver.run()
    return _optimum(solver)


def solve_whole(
    objective: np.ndarray,
    matrix: sparse.sparray,
    rows: Pair,
    columns: Pair,
    whole: np.ndarray,
    nodes: int = _NODES,
) -> np.ndarray:
    """As `solve`; variables of which `whole` is True take whole numbers only.

    Raises NoSolution, of those GaveUp when it takes more than so many nodes.
    """
    solver = _solver({"mip_max_nodes": nodes, "mip_rel_gap": 0.01})
    programme = _programme(objective, matrix, rows, columns)
    kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    programme.integrality_ = [kinds[int(one)] for one in whole]
    solver.passModel(programme)
    solver.run()
    found = solver.getInfo().primal_solution_status
    if found != highspy.SolutionStatus.kSolutionStatusFeasible:
        status = solver.getModelStatus()
        proven = status == highspy.HighsModelStatus.kInfeasible
        raise (NoSolution if proven else GaveUp)(solver.modelStatusToString(status))
    return np.asarray(solver.getSolution().col_value)


class WarmStartProgramme:
    """A programme asked for one objective after the other: matrix @ y between two limits that y = 0 keeps.

    Every answer is found from y = 0 anew, so it does not depend on what was asked before.
    """

    def __init__(self, matrix: sparse.sparray) -> None:
        self.rows, self._columns = matrix.shape
        self._numbers = np.arange(max(self.rows, self._columns), dtype=np.int32)
        self._solver = _solver(_WARM_START)
        rows, columns = (np.full((2, n), [[-np.inf], [np.inf]]) for n in matrix.shape)
        self._solver.passModel(_programme(np.zeros(self._columns), matrix, tuple(rows), tuple(columns)))
        self._origin = highspy.HighsBasis()
        self._origin.col_status = [highspy.HighsBasisStatus.kZero] * self._columns
        self._origin.row_status = [highspy.HighsBasisStatus.kBasic] * self.rows
        self._origin.valid = True

    def limit(self, low: np.ndarray, high: np.ndarray) -> None:
        """Set what the rows lie between; 0 has to."""
        self._low, self._high = low, high
        self._solver.changeRowsBounds(self.rows, self._numbers[: self.rows], low, high)  # type: ignore[attr-defined]

    def smallest(
        self, objective: np.ndarray, rows: np.ndarray, limits: Pair, steps: int | None = None
    ) -> np.ndarray:
        """The y with the smallest objective, while some rows have other limits (0 within them, too).

        With `steps` the answer is the best one after so many. Raises NoSolution.
        """
        rows = rows.astype(np.int32)
        self._solver.changeColsCost(self._columns, self._numbers[: self._columns], objective)
        self._solver.changeRowsBounds(len(rows), rows, *limits)  # type: ignore[attr-defined]
        self._solver.setOptionValue("simplex_iteration_limit", steps or _NO_LIMIT)
        try:
            self._solver.setBasis(self._origin)
            self._solver.run()
            return _optimum(self._solver, or_feasible=steps is not None)
        finally:
            self._solver.changeRowsBounds(len(rows), rows, self._low[rows], self._high[rows])  # type: ignore[attr-defined]


def _solver(options: Mapping[str, Any]) -> highspy.Highs:
    solver = highspy.Highs()
    for name, value in (_COMMON | dict(options)).items():
        solver.setOptionValue(name, value)
    return solver


def _programme(objective: np.ndarray, matrix: sparse.sparray, rows: Pair, columns: Pair) -> highspy.HighsLp:
    by_column = sparse.csc_array(matrix)
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = by_column.shape
    programme.col_cost_ = objective.astype(float)
    programme.row_lower_, programme.row_upper_ = (limit.astype(float) for limit in rows)
    programme.col_lower_, programme.col_upper_ = (limit.astype(float) for limit in columns)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = by_column.indptr.astype(np.int32)
    programme.a_matrix_.index_ = by_column.indices.astype(np.int32)
    programme.a_matrix_.value_ = by_column.data.astype(float)
    return programme


def _optimum(solver: highspy.Highs, or_feasible: bool = False) -> np.ndarray:
    """The answer; with `or_feasible` also one that the limit of steps left short of the best."""
    status = solver.getModelStatus()
    feasible = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status != highspy.HighsModelStatus.kOptimal and not (or_feasible and feasible):
        raise NoSolution(solver.modelStatusToString(status))
    return np.asarray(solver.getSolution().col_value)
