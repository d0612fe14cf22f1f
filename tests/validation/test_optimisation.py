"""Published optima: knapsacks P01 to P06 (Burkardt) and hypervolumes of ZDT fronts (Zitzler 2000)."""

import json
from pathlib import Path

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.city.levels import city_portfolio
from citybraid.integrate.choose.fronts.front import hypervolume
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.programme import Goal
from tests.integrate.knapsack import knapsack


@pytest.mark.case("validation/optimisation_known/known.json")
@pytest.mark.parametrize("name", ["P01", "P02", "P03", "P04", "P05", "P06"])
def test_knapsack(cases: Path, name: str) -> None:
    known = json.loads((cases / "validation/optimisation_known/known.json").read_text(encoding="utf-8"))[name]
    programme = knapsack(known["weights"], known["profits"])
    found = portfolio(programme, Goal("profit", 1), budget=float(known["capacity"]), whole=True)
    assert found.cost <= known["capacity"] + 1e-6
    assert found.predicted["profit"][WHOLE_AREA] == pytest.approx(known["optimum"], abs=1e-6)
    value, weight = (np.array(known[name], dtype=float)[:, None] for name in ("profits", "weights"))
    free = np.zeros((0, len(value), 1))
    city = city_portfolio(
        GroupedChoice.of(value, weight, float(known["capacity"]), gains=free, targets=free[:, 0, 0]), prove=True
    )
    assert city is not None
    assert city.value == known["optimum"]
    assert city.bound == pytest.approx(known["optimum"], abs=1e-6)


@pytest.mark.parametrize(("power", "volume"), [(0.5, 0.876667), (2.0, 0.543333)], ids=["ZDT1", "ZDT2"])
def test_hypervolume(power: float, volume: float) -> None:
    first = np.linspace(0.0, 1.0, 100_001)
    points = np.column_stack([first, 1.0 - first**power])
    assert hypervolume(points, np.array([1.1, 1.1])) == pytest.approx(volume, abs=2e-5)
