"""HiGHS behind a few functions: a linear or mixed-integer programme in, a solution and what proves it out."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
KINDS = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
TOLERANCES, TIGHT = ("primal_feasibility_tolerance", "mip_feasibility_tolerance"), 1e-9
"""Least of HiGHS's tolerances."""


@dataclass(frozen=True)
class Rows:
    """Constraints: low <= matrix @ x <= high."""

    matrix: sparse.csr_array
    low: Floats
    high: Floats

    @classmethod
    def none(cls, size: int) -> "Rows":
        """Return no constraints on this many variables."""
        return cls(sparse.csr_array((0, size)), np.zeros(0), np.zeros(0))

    def with_row(self, row: Floats, *, low: float = -np.inf, high: float = np.inf) -> "Rows":
        """Return these constraints with one more, scaled to coefficients of at most 1."""
        size = float(np.abs(row).max(initial=0.0)) or 1.0
        matrix = sparse.csr_array(sparse.vstack([self.matrix, sparse.csr_array(row[None, :] / size)]))
        return Rows(matrix, np.append(self.low, low / size), np.append(self.high, high / size))


class SilentHighs(highspy.Highs):
    """HiGHS without output: its own constructor prints a banner before any option can be set."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)  # noqa: FBT003  (HiGHS's own signature)


@dataclass(frozen=True)
class Shadow:
    """A solution of a linear programme, what one more of each row's bound adds to the gain, and reduced gains of x."""

    x: Floats
    row: Floats
    column: Floats


@dataclass(frozen=True)
class Bounded:
    """The best solution found, None where none was, and the bound on any solution's gain."""

    x: Floats | None
    bound: float


def maximise(gain: Floats, rows: Rows, *, upper: Floats, whole: Mask, exact: bool = False) -> Floats | None:
    """Return the x in [0, upper] that maximises gain @ x; None where no x meets the constraints.

    `whole` marks the variables that must be whole numbers; optimality is then proved
    to HiGHS's tolerance, not to a gap. One thread and a fixed seed: the same problem
    gives the same x. `exact` holds constraints to HiGHS's least tolerances. Raises
    StudyError where the solver stops for another reason.
    """
    highs, _ = _passed(gain, rows, upper=upper, whole=whole)
    for option in TOLERANCES if exact else ():
        highs.setOptionValue(option, TIGHT)
    return _solution(highs, upper) if _solved(highs) else None


def shadow(gain: Floats, rows: Rows, *, upper: Floats) -> Shadow | None:
    """Return the x in [0, upper] that maximises gain @ x with its dual values; None where no x meets the constraints.

    A row that does not bind has the dual value 0. Where several dual solutions exist, HiGHS's is returned.
    """
    highs, size = _passed(gain, rows, upper=upper, whole=np.zeros(gain.size, dtype=np.bool_))
    if not _solved(highs):
        return None
    solution = highs.getSolution()
    row, column = (np.asarray(dual, dtype=np.float64) * size for dual in (solution.row_dual, solution.col_dual))
    return Shadow(_solution(highs, upper), row, column)


def search(gain: Floats, rows: Rows, *, upper: Floats, whole: Mask, gap: float, nodes: int) -> Bounded | None:
    """Return the best x in [0, upper] found within a number of nodes or to a gap [units of gain], with its bound.

    None where no x meets the constraints. A number of nodes, not of seconds: the same problem gives the same x.
    """
    highs, size = _passed(gain, rows, upper=upper, whole=whole)
    exact = ((option, TIGHT) for option in TOLERANCES)
    for option, value in (("mip_abs_gap", gap / size), ("mip_max_nodes", nodes), *exact):
        highs.setOptionValue(option, value)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status not in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit}:
        raise StudyError("choose.solver", status=highs.modelStatusToString(status))
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Bounded(None, info.mip_dual_bound * size)
    return Bounded(_solution(highs, upper), info.mip_dual_bound * size)


def _passed(gain: Floats, rows: Rows, *, upper: Floats, whole: Mask) -> tuple[Any, float]:
    """Return HiGHS with a model, and the size by which its gain is divided."""
    size = float(np.abs(gain).max(initial=0.0)) or 1.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = gain.size, rows.low.size
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = gain / size
    lp.col_lower_, lp.col_upper_ = np.zeros(gain.size), upper
    lp.row_lower_, lp.row_upper_ = rows.low, rows.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = rows.matrix.indptr
    lp.a_matrix_.index_ = rows.matrix.indices
    lp.a_matrix_.value_ = rows.matrix.data
    if whole.any():
        lp.integrality_ = [KINDS[int(flag)] for flag in whole]
    highs: Any = SilentHighs()
    for option, value in (("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0)):
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    return highs, size


def _solved(highs: Any) -> bool:
    """Run HiGHS; tell whether any x meets the constraints, and raise StudyError where it stops for another reason."""
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return False
    if status != highspy.HighsModelStatus.kOptimal:
        raise StudyError("choose.solver", status=highs.modelStatusToString(status))
    return True


def _solution(highs: Any, upper: Floats) -> Floats:
    return np.clip(np.asarray(highs.getSolution().col_value, dtype=np.float64), 0.0, upper)
