import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.emissions import ELECTRICITY_EMISSIONS, HEAT_EMISSIONS, TRANSPORT_EMISSIONS
from citybraid.lowcarbon.pathway.levers import LEVERS
from citybraid.lowcarbon.pathway.renewal import LEAST
from citybraid.lowcarbon.pathway.settings import PathwayParams
from tests.blocks import AREA, blocks, inventory, pathway_factors, pathway_of
from tests.examples import at_most
from tests.ranges import ends

FACTORS = pathway_factors()
share = st.floats(0, 1)
amounts = st.lists(st.floats(0, 1e6), min_size=3, max_size=3)


def course(
    amount: list[float], *, rate: float = 0.0, adopted: float = 0.0, scenario: str = "present", saved: float = 0.2
) -> Any:
    """Return the pathway of amounts of electricity, heat and travel, of which a renewed envelope saves a share."""
    table = blocks(
        renewed_electricity_saving=[saved * each * amount[0] for each in (1, 2, 1, 0)],
        renewed_heat_saving=[saved * each * amount[1] for each in (1, 1, 1, 0)],
        electricity_emissions=[amount[0], 2 * amount[0], amount[0], amount[0]], heat_emissions=amount[1],
        transport_emissions=amount[2],
    )  # fmt: skip
    settings = PathwayParams(
        start=2025, scenario=scenario, retrofit_rate=rate, heat_pump_share=adopted, heat_pump_cop=3.0,
        electric_vehicle_share=adopted, pv_roof_share=adopted, pv_yield=150.0,
    )  # fmt: skip
    lines = inventory(table, land_in_1_in_CO2_in_removal=-1e3)
    return pathway_of(table, inventory_equivalent=lines, study_area=AREA, factors=FACTORS, p=settings)


@at_most(8)
@given(amounts, share, share, st.floats(-0.5, 1.0))
def test_wedges_close_and_floor_area_balances_in_every_year(
    amount: list[float], rate: float, adopted: float, saved: float
) -> None:
    found = course(amount, rate=rate, adopted=adopted, scenario="iea_accelerated", saved=saved)
    wedges = sum(getattr(found, f"wedge_{name}") for name in LEVERS)
    size = 1.0 + found.pathway_reference.abs().max()
    off = found.pathway_reference - wedges - found.pathway_emissions
    assert off.abs().max() <= 1e-9 * size
    balance = found.stock_floor_area.diff() - found.stock_built + found.stock_demolished
    assert balance.iloc[1:].abs().max() <= 1e-9 * found.stock_floor_area.max()
    assert (found.stock_built >= 0).all()


@at_most(8)
@given(amounts, st.floats(0, 0.1), st.floats(0, 0.1))
def test_more_retrofit_never_emits_more(amount: list[float], rate: float, more: float) -> None:
    one, two = (course(amount, rate=each).pathway_emissions for each in (rate, rate + more))
    assert (two <= one + 1e-6).all()


@at_most(8)
@given(amounts, share)
def test_retrofit_of_all_saves_what_was_simulated_of_what_stands(amount: list[float], saved: float) -> None:
    one, all_of_it = (course(amount, rate=each, saved=saved) for each in (0.0, 1.0))
    lower = (one.pathway_emissions - all_of_it.pathway_emissions)["2026"]
    most = saved * (4 * amount[0] + 3 * amount[1])
    unseen = 1e-6 + LEAST * 5 * sum(amount)
    assert 0.9 * most - unseen <= lower <= most * (1 + 1e-9) + 1e-6, "less the part that is torn down in the year"


@at_most(8)
@given(amounts)
def test_a_cleaner_grid_never_emits_more_and_the_start_is_the_same(amount: list[float]) -> None:
    slow, fast = (course(amount, scenario=name).pathway_stationary for name in ("iea_announced", "iea_accelerated"))
    assert (fast <= slow * (1 + 1e-12)).all()
    assert fast["2025"] == pytest.approx(slow["2025"])


@at_most(8)
@given(amounts, st.floats(0.1, 10))
def test_emissions_scale(amount: list[float], times: float) -> None:
    one, many = (course([scale * each for each in amount]).pathway_stationary for scale in (1.0, times))
    assert many.to_numpy() == pytest.approx(times * one.to_numpy(), rel=1e-9, abs=1e-6)


def corners() -> list[tuple[float, ...]]:
    return list(itertools.product(ends(ELECTRICITY_EMISSIONS), ends(HEAT_EMISSIONS), ends(TRANSPORT_EMISSIONS)))


@pytest.mark.parametrize("amount", corners())
def test_corners(amount: tuple[float, ...]) -> None:
    found = course(list(amount), rate=0.2, adopted=1.0, scenario="iea_announced")
    assert np.isfinite(found.pathway_emissions).all()
    assert 0.0 <= found.residual_emissions <= 2.0
    assert 2025 <= found.emissions_peak_year <= 2060
