"""Landfill methane: first-order decay of the IPCC guidelines."""

import json
from pathlib import Path

import numpy as np
import pytest

import citybraid as cb
from citybraid.core.factor import COLUMNS
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


@pytest.mark.case("validation/carbon_waste_fod/expected.json")
def test_pulse_by_the_model(cases: Path, published: Published, tmp_path: Path) -> None:
    """The same pulse by `lowcarbon.landfill_methane` with its own rows; three pulses in a row in closed form."""
    want = json.loads((cases / "validation/carbon_waste_fod/expected.json").read_text("utf-8"))["pulse_100Gg"]
    rows = tmp_path / "rows.csv"
    rows.write_text(",".join(COLUMNS) + "\nlandfill,oxidation,0,,,,1,,,,verified,the case,\n", "utf-8")
    gigagram = 1e6
    for year, name in ((1, "CH4_year1"), (10, "CH4_year10")):
        found = cb.models.landfill_methane(landfilled_waste=100.0 * gigagram, years=year, factors=str(rows))
        got = found.methane_in_year / gigagram
        published.near(f"by the model, year {year}", got, want[name], share=1e-6, unit="Gg")
    later = (50.0 * gigagram, 200.0 * gigagram)
    found = cb.models.landfill_methane(landfilled_waste=100.0 * gigagram, later=later, years=7, factors=str(rows))
    closed = (
        0.05 * (1.0 - np.exp(-RATE)) * sum(m * np.exp(-RATE * (6 - at)) for at, m in enumerate((100.0, 50.0, 200.0)))
    )
    published.near(
        "by the model, three years' waste in the seventh",
        found.methane_in_year / gigagram,
        closed,
        share=1e-6,
        unit="Gg",
    )
