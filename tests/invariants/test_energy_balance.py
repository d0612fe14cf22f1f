import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import DISTRICT_HEAT, PV_GENERATION
from citybraid.core.vocabulary.lowcarbon.supply import GRID_IMPORT
from tests.lowcarbon.test_supply import weighted
from tests.ranges import ends

amount, share = st.floats(0, 1e6), st.floats(0, 1)


@given(amount, amount, share, amount, share)
def test_exports_only_ever_help(taken: float, made: float, exported: float, heat: float, k_exp: float) -> None:
    given_ = {"grid_import": [taken] * 4, "pv_generation": [made] * 4, "district_heat": [heat] * 4, "gas": [0.0] * 4}
    found = weighted(k_exp=k_exp, grid_export=[exported * made] * 4, **given_)
    assert (found.primary_energy <= found.primary_energy_used + 1e-6).all()
    assert 0 <= found.primary_renewable_share <= 1
    alone = weighted(k_exp=k_exp, grid_export=[0.0] * 4, **given_ | {"pv_generation": [made * (1 - exported)] * 4})
    np.testing.assert_allclose(found.primary_energy_used, alone.primary_energy_used, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize(
    "corner", list(itertools.product(ends(GRID_IMPORT), ends(PV_GENERATION), ends(DISTRICT_HEAT), (0, 1)))
)
def test_corners(corner: tuple[float, float, float, int]) -> None:
    taken, made, heat, all_exported = corner
    found = weighted(
        grid_import=[taken] * 4,
        pv_generation=[made] * 4,
        grid_export=[made * all_exported] * 4,
        district_heat=[heat] * 4,
        gas=[0.0] * 4,
    )
    assert np.isfinite(found.primary_energy).all()
    assert 0 <= found.primary_renewable_share <= 1
