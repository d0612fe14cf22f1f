"""What holds for compact growth whatever the controls: floor area kept, limits kept, nothing below 0."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import BUILDING_DENSITY, FLOOR_AREA_RATIO, HEIGHT_LIMIT
from tests.examples import at_most
from tests.integrate.growing_town import grown, parcels
from tests.ranges import ends


@given(st.integers(0, 2**31), st.floats(0.0, 1.0), st.floats(50.0, 2000.0))
@at_most(25)
def test_floor_area_is_kept_and_limits_hold(seed: int, share: float, distance: float) -> None:
    random = np.random.default_rng(seed)
    count = len(parcels())
    plots = parcels(
        floor_area_ratio=random.uniform(0.0, 3.0, count), height_limit=random.choice([12.0, 24.0, 60.0], count)
    )
    found = grown(plots, share=share, distance=distance)
    area = plots.geometry.area
    assert (found.floor_area_ratio * area).sum() == pytest.approx((plots["floor_area_ratio"] * area).sum())
    assert (found.floor_area_ratio >= 0.0).all()
    gained = found.floor_area_ratio > plots["floor_area_ratio"] + 1e-9
    most = 0.25 * np.floor(plots["height_limit"] / 3.0)
    assert (found.floor_area_ratio[gained] <= most[gained] + 1e-9).all()
    assert found.moved_floor_area.sum() == pytest.approx(
        ((found.floor_area_ratio - plots["floor_area_ratio"]).clip(lower=0.0) * area).sum()
    )


def corners() -> list[tuple[float, float, float]]:
    return list(itertools.product(ends(FLOOR_AREA_RATIO), ends(BUILDING_DENSITY), ends(HEIGHT_LIMIT)))


@pytest.mark.parametrize(("ratio", "density", "limit"), corners())
def test_corners(ratio: float, density: float, limit: float) -> None:
    plots = parcels(floor_area_ratio=ratio, building_density=density, height_limit=limit)
    found = grown(plots)
    assert found.floor_area_ratio.sum() == pytest.approx(plots["floor_area_ratio"].sum())
