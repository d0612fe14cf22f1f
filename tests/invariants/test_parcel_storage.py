"""Storage by parcel: volumes are depths times areas, and what is lacking is what is required less what is held."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.vocabulary.water import REQUIRED_STORAGE, SPONGE_STORAGE
from citybraid.resilience.sponge.parcel_storage import parcel_storage
from tests.ranges import ends
from tests.resilience.sponge_town import GRID, layer, parcels


def corners() -> list[tuple[float, float]]:
    return list(product(ends(REQUIRED_STORAGE), ends(SPONGE_STORAGE)))


@given(st.floats(0.0, 1e4), st.floats(0.0, 1e4))
@example(*corners()[0])
@example(*corners()[1])
@example(*corners()[2])
@example(*corners()[3])
def test_corners(needed: float, held: float) -> None:
    found = parcel_storage(required_storage=layer(needed), sponge_storage=layer(held), parcels=parcels(), grid=GRID)
    assert found.required_volume["built"] == pytest.approx(needed * 0.8)
    assert found.sponge_volume["park"] == pytest.approx(held * 0.8)
    assert found.storage_shortfall["built"] == pytest.approx(max(needed - held, 0.0) * 0.8)


@given(st.floats(0.0, 100.0))
def test_a_parcel_without_values_has_none(held: float) -> None:
    depth = layer(held)
    depth[:, :2] = np.nan
    found = parcel_storage(required_storage=depth, sponge_storage=depth, parcels=parcels(), grid=GRID)
    assert np.isnan(found.required_volume["built"])
    assert found.required_volume["park"] == pytest.approx(held * 0.8)
