"""A city's portfolio of 5 000 parcels and 20 levels against HiGHS on the same instance: prints a JSON line for each.

One level for every parcel at most, a budget and three targets that all bind, values that go with costs. The instance is
drawn from the seed given. Seconds are of processor time on one thread; the gap is that to each one's own bound.

    python benchmarks/portfolio.py [--seed 20261128] [--parcels 5000] [--levels 20] [--seconds 120]
"""

import argparse
import json
import os
import time

os.environ["OMP_NUM_THREADS"] = "1"

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.city.levels import city_portfolio
from citybraid.integrate.choose.solver import SilentHighs

TARGETS, GAP = 3, 5e-4
Floats = NDArray[np.float64]


def instance(seed: int, parcels: int, levels: int) -> GroupedChoice:
    """Return an instance whose targets lie halfway between what the budget's best choice gives and what it can give."""
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0.0, 0.6, (parcels, 1))
    cost = size * draw.uniform(1.0, 10.0, (parcels, levels))
    value = cost * draw.uniform(0.8, 1.2, cost.shape) + size * draw.uniform(0.0, 2.0, cost.shape)
    shares = draw.uniform(0.0, 1.0, (TARGETS, *cost.shape))
    gains = cost * shares + 0.2 * value * draw.uniform(0.0, 1.0, (TARGETS, *cost.shape))
    budget = 0.35 * float(cost.mean(axis=1).sum())
    usual = _reached(value, cost, budget, gains)
    possible = _reached((gains / usual[:, None, None]).sum(axis=0), cost, budget, gains)
    return GroupedChoice.of(value, cost, budget, gains=gains, targets=usual + 0.5 * (possible - usual))


def _reached(value: Floats, cost: Floats, budget: float, gains: Floats) -> Floats:
    """Return what a choice of the highest value within the budget gains."""
    free = GroupedChoice.of(value, cost, budget, gains=gains[:0], targets=np.zeros(0))
    found = city_portfolio(free)
    if found is None:
        raise SystemExit("no choice keeps the budget")
    padded = np.pad(gains, ((0, 0), (0, 0), (0, 1)))
    return np.asarray(padded[:, np.arange(len(cost)), found.level].sum(axis=1))


def ours(problem: GroupedChoice) -> dict[str, object]:
    """Return the line of the city portfolio."""
    city_portfolio(instance(1, 200, 5))
    begun = time.process_time()
    found = city_portfolio(GroupedChoice(problem.value, problem.use, problem.limit), gap=GAP)
    cpu = time.process_time() - begun
    if found is None:
        raise SystemExit("no choice keeps the limits")
    slack = (found.spare / np.abs(problem.limit)).round(6).tolist()
    return {
        "solver": "citybraid", "cpu_s": round(cpu, 3), "value": found.value, "bound": found.bound, "gap": found.gap,
        "kept": problem.keeps(found.level), "spare": slack, "prices": found.price.round(6).tolist(),
    }  # fmt: skip


def highs(problem: GroupedChoice, seconds: float) -> dict[str, object]:
    """Return the line of HiGHS on the whole programme, to the same gap or a limit of time."""
    groups, levels = problem.value.shape
    choice = sparse.kron(sparse.eye_array(groups), np.ones((1, levels)))
    matrix = sparse.csr_array(sparse.vstack([choice, sparse.csr_array(problem.use.reshape(problem.limit.size, -1))]))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = problem.value.size, matrix.shape[0], highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = problem.value.ravel(), np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_ = np.append(np.ones(groups), np.full(problem.limit.size, -np.inf))
    lp.row_upper_ = np.append(np.ones(groups), problem.limit)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    solver = SilentHighs()
    for option, value in (("threads", 1), ("random_seed", 0), ("mip_rel_gap", GAP), ("time_limit", seconds)):
        solver.setOptionValue(option, value)
    begun = time.process_time()
    solver.passModel(lp)
    solver.run()
    cpu, info = time.process_time() - begun, solver.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return {
        "solver": "HiGHS", "cpu_s": round(cpu, 3), "value": info.objective_function_value if found else None,
        "bound": info.mip_dual_bound, "gap": info.mip_gap if found else None,
        "status": solver.modelStatusToString(solver.getModelStatus()),
    }  # fmt: skip


def main() -> None:
    """Draw the instance and print both lines."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--parcels", type=int, default=5000)
    parser.add_argument("--levels", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120.0)
    asked = parser.parse_args()
    problem = instance(asked.seed, asked.parcels, asked.levels)
    for line in (ours(problem), highs(problem, asked.seconds)):
        print(json.dumps({"name": "portfolio", "seed": asked.seed, "work": problem.value.size, **line}))


if __name__ == "__main__":
    main()
