"""People cut off: at most those who live there, the end no worse than the peak; corners."""

from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.resilience.rescue.isolated_people import IsolatedPeople, isolated_people
from tests.ranges import ends
from tests.resilience.street_town import CRS, grid, raster

HERE = grid(60, 60)
LIMIT = 7.0
seeds = st.integers(0, 2**32 - 1)


def homes(residents: float = 10.0) -> gpd.GeoDataFrame:
    shapes = [box(x + 2, y + 2, x + 8, y + 8) for x in range(0, 70, 10) for y in range(0, 60, 10)]
    return gpd.GeoDataFrame({"residents": [residents] * len(shapes)}, geometry=shapes, crs=CRS)


def layers(seed: int) -> dict[str, Any]:
    """Return times that water only makes longer, with the coverage that they lead to."""
    rng = np.random.default_rng(seed)
    found = {}
    for name in ("hospital", "fire"):
        time = rng.uniform(0, 12, HERE.shape)
        time[rng.random(HERE.shape) < 0.1] = np.nan
        for state in ("", "after_", "peak_"):
            found[f"{state}{name}_time"] = time.copy()
            found[f"{state}{name}_coverage"] = (np.nan_to_num(time, nan=np.inf) <= LIMIT).astype(float)
            time += rng.uniform(0, 6, HERE.shape)
            time[rng.random(HERE.shape) < 0.2] = np.nan
    for name in ("hospital", "fire"):
        del found[f"after_{name}_coverage"]
    return {name: raster(values) for name, values in found.items()}


def people(given_layers: dict[str, Any], buildings: gpd.GeoDataFrame) -> IsolatedPeople:
    return isolated_people(buildings=buildings, grid=HERE, **given_layers)


@given(seeds)
def test_bounds_and_order(seed: int) -> None:
    found = people(layers(seed), homes())
    isolated, late, after = (values.fillna(0.0) for values in found)
    assert (isolated <= 10.0).all()
    assert (after <= isolated).all()
    in_time = np.maximum(layers(seed)["hospital_coverage"], layers(seed)["fire_coverage"]).to_numpy()
    timely = in_time[::-1].T.ravel() > 0
    assert (late[:36][timely] >= isolated[:36][timely]).all()
    assert late[36:].sum() == 0, "off the grid"


@given(seeds)
def test_no_water_cuts_nobody_off(seed: int) -> None:
    dry = layers(seed)
    for state in ("peak_", "after_"):
        for name in ("hospital_time", "fire_time", "hospital_coverage", "fire_coverage"):
            if f"{state}{name}" in dry:
                dry[f"{state}{name}"] = dry[name]
    for values in people(dry, homes()):
        assert (values.dropna() == 0).all()


@given(seeds, st.floats(0, 1e4), st.floats(0, 10))
def test_in_step_with_residents(seed: int, residents: float, factor: float) -> None:
    one, other = people(layers(seed), homes(residents)), people(layers(seed), homes(residents * factor))
    for few, many in zip(one, other, strict=True):
        np.testing.assert_allclose(many, few * factor, rtol=1e-12)


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(RESIDENTS), float("nan")), (1.0, float("nan"))))


@pytest.mark.parametrize(("residents", "time"), corners())
def test_corners(residents: float, time: float) -> None:
    nowhere = raster(np.full(HERE.shape, np.nan))
    given_layers = dict.fromkeys(layers(0), nowhere) | {"fire_time": raster(np.full(HERE.shape, time))}
    found = people(given_layers, homes(residents)).isolated_people.to_numpy()[:36]
    np.testing.assert_array_equal(found, np.full(36, residents if np.isfinite(time) else np.nan))
