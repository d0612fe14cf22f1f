"""Landfill methane: first-order decay of the IPCC guidelines."""

import json
from pathlib import Path

import numpy as np
import pytest

from citybraid.kernels.waste.first_order_decay import Waste, generated, methane_potential
from tests.validation.publishing import Published

YEARS = 60
RATE = 0.09
"""Decay rate of bulk waste in the wet temperate zone [year-1] (IPCC 2006, vol. 5, table 3.3)."""


@pytest.mark.case("validation/carbon_waste_fod/expected.json")
def test_pulse(cases: Path, published: Published) -> None:
    """A pulse of 100 Gg (DOC 0.15, DOCf 0.5, MCF 1, F 0.5, k 0.09), without oxidation, over 60 years."""
    file = cases / "validation" / "carbon_waste_fod" / "expected.json"
    want = json.loads(file.read_text(encoding="utf-8"))["pulse_100Gg"]
    potential = methane_potential(Waste(0.15, 0.5, 1.0, 0.5))
    deposited = np.zeros(YEARS + 1)
    deposited[0] = 100.0
    made = generated(deposited, potential=potential, rate=RATE, delay=6.0)
    published.near("methane of the pulse in all time", 100.0 * potential, want["L0"], share=1e-6, unit="Gg")
    published.near("methane in the first year", made[1], want["CH4_year1"], share=1e-6, unit="Gg")
    published.near("methane in the tenth year", made[10], want["CH4_year10"], share=1e-6, unit="Gg")
    published.near("methane of 60 years", made.sum(), want["sum_60y"], share=1e-6, unit="Gg")
