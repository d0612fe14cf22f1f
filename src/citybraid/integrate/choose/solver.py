"""HiGHS behind one function: a linear or mixed-integer programme in, a solution out."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import StudyError

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Constraints: low <= matrix @ x <= high."""

    matrix: sparse.csr_array
    low: Floats
    high: Floats

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


def maximise(gain: Floats, rows: Rows, *, upper: Floats, whole: Mask) -> Floats | None:
    """Return the x in [0, upper] that maximises gain @ x; None where no x meets the constraints.

    `whole` marks the variables that must be whole numbers; optimality is then proved
    to HiGHS's tolerance, not to a gap. One thread and a fixed seed: the same problem
    gives the same x. Raises StudyError where the solver stops for another reason.
    """
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
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    if whole.any():
        lp.integrality_ = [kinds[int(flag)] for flag in whole]
    highs: Any = SilentHighs()
    for option, value in (("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0)):
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status != highspy.HighsModelStatus.kOptimal:
        raise StudyError("choose.solver", status=highs.modelStatusToString(status))
    return np.clip(np.asarray(highs.getSolution().col_value, dtype=np.float64), 0.0, upper)
