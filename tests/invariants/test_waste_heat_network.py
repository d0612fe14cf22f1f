"""Waste heat in a network: energy is conserved, and more waste heat never leaves more to others."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import HEATING_DEMAND
from citybraid.core.vocabulary.lowcarbon.industry import PLANT_WASTE_HEAT_TEMPERATURE
from citybraid.lowcarbon.supply.waste_heat_network import WasteHeatNetwork
from tests.lowcarbon.test_waste_heat_network import GJ, networked, sources
from tests.ranges import ends

source = st.tuples(st.just(0.0), st.floats(0, 1e4), st.floats(0, 400))
shift = st.sampled_from(["one", "two", "three", "continuous"])


def conserved(found: WasteHeatNetwork, demand: float, waste: float) -> None:
    scale = 1e-9 * max(demand, waste, 1.0)
    fed = found.waste_heat_to_network + found.network_pump_power + found.network_heat_made
    assert fed == pytest.approx(demand + found.network_heat_loss, abs=scale)
    assert found.waste_heat_to_network + found.waste_heat_lost == pytest.approx(waste, abs=scale)
    assert (found.network_heat_left >= 0).all()
    assert (found.network_pump_load >= 0).all()


@given(st.lists(source, min_size=1, max_size=4), shift, st.floats(20, 150), st.floats(0, 0.5), st.floats(0, 1e6))
def test_energy_is_conserved(
    rows: list[tuple[float, float, float]], shift: str, flow: float, loss: float, demand: float
) -> None:
    found = networked(sources(*rows, shift=shift), flow=flow, loss=loss, demand=demand)
    conserved(found, 3 * demand, GJ * sum(row[1] for row in rows))


@given(st.floats(0, 1e3), st.floats(0, 1e3), st.floats(0, 300))
def test_more_waste_heat_never_leaves_more_to_others(waste: float, more: float, warmth: float) -> None:
    one = networked(sources((0, waste, warmth)))
    assert networked(sources((0, waste + more, warmth))).network_heat_made <= one.network_heat_made * (1 + 1e-9)


@pytest.mark.parametrize(
    ("demand", "warmth", "waste"),
    list(itertools.product(ends(HEATING_DEMAND), ends(PLANT_WASTE_HEAT_TEMPERATURE), (0.0, 1e9))),
)
def test_corners(demand: float, warmth: float, waste: float) -> None:
    conserved(networked(sources((0, waste, warmth)), demand=demand), 3 * demand, GJ * waste)
