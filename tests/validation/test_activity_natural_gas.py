"""Activity data against the natural-gas case: 1 000 MWh burnt in homes, with the defaults of the IPCC."""

import json
from pathlib import Path

import pytest

from citybraid.lowcarbon.activity.activity_emissions import ActivityEmissionsParams, activity_emissions
from tests.activity_data import amounts, factors
from tests.validation.publishing import Published

CASE = "validation/carbon_waste_fod/expected.json"
HOMES = "2020/residential/1/{}/natural_gas"


@pytest.mark.case(CASE)
def test_natural_gas_of_homes(cases: Path, published: Published) -> None:
    """Tonnes of each gas and of CO2 equivalent by AR5."""
    want = json.loads((cases / CASE).read_text(encoding="utf-8"))["natgas_1000MWh_residential"]
    lines = amounts(energy={"2020/residential/natural_gas/居民": 1000 * 3.6e-3})
    found = activity_emissions(**lines, **factors(), p=ActivityEmissionsParams(factors="ipcc"))
    mass = found.activity_emitted
    published.near("energy", found.activity_consumed[HOMES.format("CO2")], want["TJ"], by=1e-6, unit="TJ")
    published.near("CO2", mass[HOMES.format("CO2")] / 1e3, want["CO2_t"], by=1e-6, unit="t")
    published.near("CH4", mass[HOMES.format("CH4")], want["CH4_kg"], by=1e-6, unit="kg")
    published.near("N2O", mass[HOMES.format("N2O")], want["N2O_kg"], by=1e-6, unit="kg")
    published.near("CO2 equivalent", found.activity_total / 1e3, want["CO2e_t_AR5"], by=1e-6, unit="t")
