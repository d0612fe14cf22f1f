"""Rain from gauges: between the least and the most of them, whatever the way, and the same wherever the grid lies."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.core.vocabulary.forcing import GAUGE_RAIN
from citybraid.resilience.rain.gauge_rain import GaugeRain, GaugeRainParams, gauge_rain
from tests.ranges import ends

spots = st.lists(
    st.tuples(st.floats(-500.0, 2500.0), st.floats(-500.0, 1500.0), st.floats(0.0, 200.0)), min_size=1, max_size=6
)
WAYS = ({"method": "thiessen", "block": 100.0}, {"method": "idw", "power": 2.0, "block": 100.0})
ways = st.sampled_from(WAYS)


def spread(gauges: list[tuple[float, float, float]], way: dict[str, object], shift: float = 0.0) -> GaugeRain:
    grid = GeoBox.from_bbox((shift, 0, shift + 2000, 1000), crs="EPSG:32651", resolution=20)
    names = [str(number) for number in range(len(gauges))]
    places = gpd.GeoDataFrame(geometry=[Point(x + shift, y) for x, y, _ in gauges], index=names, crs="EPSG:32651")
    rain = {
        name: pd.Series([rate, 0.5 * rate], index=[0.0, 0.5]) for name, (_, _, rate) in zip(names, gauges, strict=True)
    }
    return gauge_rain(gauges=places, gauge_rain=rain, grid=grid, p=GaugeRainParams.model_validate(way))


@given(spots, ways)
def test_between_the_least_and_the_most(gauges: list[tuple[float, float, float]], way: dict[str, object]) -> None:
    found = spread(gauges, way)
    rates = [rate for _, _, rate in gauges]
    first = found.rain_field.to_numpy()[0]
    assert first.min() >= min(rates) - 1e-3
    assert first.max() <= max(rates) + 1e-3
    assert found.rain_intensity.iloc[0] == pytest.approx(first.mean(dtype=np.float64), rel=1e-5, abs=1e-9)


@given(spots, ways, st.integers(-100, 100))
def test_knows_no_place(gauges: list[tuple[float, float, float]], way: dict[str, object], shift: int) -> None:
    whole = [(float(round(x)) + 0.25, float(round(y)) + 0.25, rate) for x, y, rate in gauges]
    here, there = (spread(whole, way, 20.0 * by).rain_intensity for by in (0, shift))
    np.testing.assert_allclose(here, there, rtol=1e-5, atol=1e-9)


def corners() -> list[float]:
    return list(ends(GAUGE_RAIN))


@pytest.mark.parametrize("rate", corners())
@pytest.mark.parametrize("way", WAYS)
def test_corners(rate: float, way: dict[str, object]) -> None:
    found = spread([(50.0, 50.0, rate), (50.0, 50.0, rate)], way).rain_field
    np.testing.assert_allclose(found[0], rate)
