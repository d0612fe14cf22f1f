"""Services: counts within their number, the same under any unit of heat, carbon and runoff; corners of the ranges."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_QUALITY
from citybraid.core.vocabulary.heat import NIGHT_HEAT_ISLAND
from citybraid.core.vocabulary.lowcarbon.emissions import GREEN_SINK
from citybraid.core.vocabulary.water import RUNOFF_DEPTH
from citybraid.integrate.synergy.ecosystem_services import EcosystemServices, ecosystem_services
from tests.ranges import ends

Values = NDArray[np.float64]
drawn = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random((4, 5, 6)))


def found(values: Values) -> EcosystemServices:
    habitat, carbon, heat, runoff = (xr.DataArray(each, dims=("y", "x")) for each in values)
    return ecosystem_services(habitat, carbon, heat, {"a": runoff})


@given(drawn)
def test_counts_lie_between_none_and_all_and_each_service_beats_its_median_on_half_the_cells(values: Values) -> None:
    bundle = found(values).bundle
    counts = bundle.multifunctionality.to_numpy()
    assert counts.sum() == 4 * 15
    assert ((counts >= 0) & (counts <= bundle.service_richness)).all()
    assert ((bundle.service_index >= 0.0) & (bundle.service_index <= 1.0)).all()


@given(drawn, st.floats(0.1, 10.0), st.floats(0.0, 5.0))
def test_scale_and_level_of_heat_and_runoff_do_not_matter(values: Values, times: float, more: float) -> None:
    other = values.copy()
    other[2:] = times * values[2:] + more
    plain, scaled = found(values).bundle, found(other).bundle
    np.testing.assert_allclose(scaled.service_index, plain.service_index, atol=1e-9)
    assert abs(scaled.multifunctionality - plain.multifunctionality).sum() <= 2


@given(drawn)
def test_a_map_turned_round_gives_the_same_turned_round(values: Values) -> None:
    turned = found(values[:, ::-1, ::-1]).bundle.service_index.to_numpy()[::-1, ::-1]
    np.testing.assert_allclose(turned, found(values).bundle.service_index, atol=1e-12)


def corners() -> list[tuple[float, ...]]:
    return list(product(*(ends(name) for name in (HABITAT_QUALITY, GREEN_SINK, NIGHT_HEAT_ISLAND, RUNOFF_DEPTH))))


@pytest.mark.parametrize("levels", corners())
def test_corners(levels: tuple[float, ...]) -> None:
    values = np.stack([np.full((2, 3), level) for level in levels])
    same = found(values)
    assert same.cooling is not None
    assert not same.cooling.cooling_service.any()
    assert not same.bundle.multifunctionality.any()
    assert not same.bundle.service_index.any()
