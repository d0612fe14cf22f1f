"""Published optima: knapsacks P01 to P06 (Burkardt) and hypervolumes of ZDT fronts (Zitzler 2000)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.front import hypervolume
from citybraid.integrate.choose.portfolio import portfolio
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.programme import Goal, Programme
from citybraid.integrate.learn.effects import EffectTable, Single


@pytest.mark.case("validation/optimisation_known/known.json")
@pytest.mark.parametrize("name", ["P01", "P02", "P03", "P04", "P05", "P06"])
def test_knapsack(cases: Path, name: str) -> None:
    known = json.loads((cases / "validation/optimisation_known/known.json").read_text(encoding="utf-8"))[name]
    items = [f"item{number:02d}" for number in range(len(known["weights"]))]
    installed = pd.Series(known["weights"], index=items, dtype=float)
    change = pd.DataFrame(
        {"profit": [*map(float, known["profits"]), float(sum(known["profits"]))]}, index=[*items, WHOLE_AREA]
    )
    effects = EffectTable(change * 0.0, {"measure": Single(installed, change)}, {})
    price = Price(build=1.0, upkeep=0.0, lifetime=1.0, present=1.0, status="user", rows=())
    programme = Programme.of(effects, {"measure": price})
    found = portfolio(programme, Goal("profit", 1), budget=float(known["capacity"]), whole=True)
    assert found.cost <= known["capacity"] + 1e-6
    assert found.predicted["profit"][WHOLE_AREA] == pytest.approx(known["optimum"], abs=1e-6)


@pytest.mark.parametrize(("power", "volume"), [(0.5, 0.876667), (2.0, 0.543333)], ids=["ZDT1", "ZDT2"])
def test_hypervolume(power: float, volume: float) -> None:
    first = np.linspace(0.0, 1.0, 100_001)
    points = np.column_stack([first, 1.0 - first**power])
    assert hypervolume(points, np.array([1.1, 1.1])) == pytest.approx(volume, abs=2e-5)
