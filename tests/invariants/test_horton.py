"""Horton's soil: never faster at last than at first; wetter is slower; paving opened never slows it."""

from typing import Literal

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER, PERMEABLE_PAVING, SOIL_GROUP
from citybraid.resilience.ground.horton import Horton, HortonParams, horton
from tests.ranges import ends

Moisture = Literal["dry", "partly_dry", "drained", "saturated"]
WET: tuple[Moisture, ...] = ("dry", "partly_dry", "drained", "saturated")
covers = st.sampled_from([code for code, _ in COVER])


def taken(cover: int, group: int, paving: float = 0.0, moisture: Moisture = "drained") -> Horton:
    codes, soils = (xr.DataArray(np.full((1, 2), one, np.int32), dims=("y", "x")) for one in (cover, group))
    names = ("horton_rate", "horton_moisture", "horton_vegetation", "pervious_share")
    rows = {name: shipped().resolve(name, region="CN", year=2025) for name in names}
    opened = xr.DataArray(np.full((1, 2), paving), dims=("y", "x"))
    p = HortonParams(moisture=moisture, soil_group="D")
    return horton(land_cover=codes, soil_group=soils, permeable_paving=opened, p=p, **rows)


@given(covers, st.integers(1, 4), st.floats(0.0, 1.0))
def test_wetter_is_slower_and_never_rises(cover: int, group: int, paving: float) -> None:
    first = [float(taken(cover, group, paving, moisture).horton_first_rate.max()) for moisture in WET]
    last = float(taken(cover, group, paving).horton_last_rate.max())
    assert first == sorted(first, reverse=True)
    assert first[-1] == pytest.approx(last)
    assert float(taken(cover, group, 1.0).horton_last_rate.max()) >= last


@given(covers, st.integers(1, 3))
def test_tighter_soils_take_less(cover: int, group: int) -> None:
    one, other = taken(cover, group), taken(cover, group + 1)
    assert float(one.horton_first_rate.max()) >= float(other.horton_first_rate.max())
    assert float(one.horton_last_rate.max()) >= float(other.horton_last_rate.max())


def corners() -> list[tuple[int, float]]:
    return [(int(group), paving) for group in ends(SOIL_GROUP) for paving in ends(PERMEABLE_PAVING)]


@pytest.mark.parametrize(("group", "paving"), corners())
@pytest.mark.parametrize("cover", [10, 51, 90])
def test_corners(cover: int, group: int, paving: float) -> None:
    found = taken(cover, group, paving)
    assert (found.horton_first_rate >= found.horton_last_rate).all()
    assert (found.horton_decay > 0.0).all()
