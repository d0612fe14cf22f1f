"""Weighted energy balances: the examples of EN ISO 52000-1, annex J, as published with an open implementation."""

import json
from pathlib import Path

import numpy as np
import pytest

import citybraid as cb
from citybraid.kernels.energy.weighted import Weights, electricity_balance, weighted_energy
from tests.golden.cases.lowcarbon_weighted_energy import WEIGHTS
from tests.validation.publishing import Published

FOLDER = "validation/energy_iso52000"
GRID, SUN, GAS = Weights(0.5, 2.0, 0.42), Weights(1.0, 0.0, 0.0), Weights(0.0, 1.1, 0.22)
"""Weights of annex J: electricity of the grid and of photovoltaics, natural gas."""
EXAMPLES = {"J1": "cte_J1_Base", "J2": "cte_J2_Base_PV", "J5": "cte_J5_Gas_boiler_PV_aux"}


def amounts(file: Path) -> dict[str, float]:
    """Return used and produced electricity and gas [kWh] of an example's file."""
    found = dict.fromkeys(("used", "produced", "gas"), 0.0)
    lines = file.read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if not line.startswith("#")):
        kind, *words, value = line.split(",")
        if kind == "PRODUCCION":
            found["produced"] += float(value)
        elif kind == "AUX" or words[-1:] == ["ELECTRICIDAD"]:
            found["used"] += float(value)
        elif words[-1:] == ["GASNATURAL"]:
            found["gas"] += float(value)
    return found


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.case(FOLDER)
def test_examples_by_the_model(cases: Path, published: Published, example: str) -> None:
    """The same files, as they stand, by `lowcarbon.weighted_energy`; k_exp = 1."""
    case = json.loads((cases / FOLDER / "expected.json").read_text(encoding="utf-8"))[f"{EXAMPLES[example]}_kexp_1"]
    text = (cases / FOLDER / case["file"]).read_text(encoding="utf-8")
    found = cb.models.weighted_energy(energy_components=text, energy_weights=WEIGHTS)
    wanted = [each[name] for each in case["expected"] for name in ("ren", "nren", "co2")]
    error = max(abs(got - want) for got, want in zip(found[:6], wanted, strict=True))
    published.at_most(f"{example} by the model, steps A and B: largest error", error, 0.1, unit="kWh/m2, kg/m2")


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.case(FOLDER)
def test_examples_of_annex_j(cases: Path, published: Published, example: str) -> None:
    """Electric heating, half of it by photovoltaics, and a gas boiler with photovoltaics for its pumps; k_exp = 1."""
    case = json.loads((cases / FOLDER / "expected.json").read_text(encoding="utf-8"))[f"{EXAMPLES[example]}_kexp_1"]
    given = {name: np.array([value]) for name, value in amounts(cases / FOLDER / case["file"]).items()}
    flows = electricity_balance(given["produced"][:, None], given["used"][:, None], matched=False)
    found = weighted_energy(flows, ((given["gas"], GAS),), grid=GRID, on_site=SUN, k_exp=1.0)
    for step, got, want in zip("BA", (found.step_b[0], found.step_a[0]), case["expected"], strict=True):
        for name, unit, value in zip(("ren", "nren", "co2"), ("kWh/m2", "kWh/m2", "kg/m2"), got, strict=True):
            published.near(f"{example}, step {step}: {name}", value, want[name], by=0.1, unit=unit)
