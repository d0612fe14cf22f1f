"""A hydrograph that is linear between its labels: its volume is the trapezoid's, and it is told from means of steps."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

import citybraid as cb
from citybraid.core.errors import InputError
from citybraid.resilience.rain.forcing import Course, Steps, course, intervals

GRID = GeoBox.from_bbox((0, 0, 40, 40), crs="EPSG:32651", resolution=10)
INFLOWS = gpd.GeoDataFrame(geometry=[Point(15, 15)], crs="EPSG:32651")
UNEVEN = pd.Series([0.0, 2.0, 2.0, 0.0], index=[0.0, 0.1, 0.3, 0.55])
"""2 m³/s within 6 min, held for 12, gone within 15: 2 700 m³."""
POOL = {
    "terrain": 0.0, "manning": 0.05, "inflows": INFLOWS, "grid": GRID, "longest_step": 60.0,
    "north": "closed", "south": "closed", "east": "closed", "west": "closed",
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*uneven times")
def test_volume_is_the_trapezoids() -> None:
    found = cb.models.flood(inflow_hydrograph=UNEVEN, recession=60.0, **POOL)
    assert found.inflow_volume == pytest.approx(2700.0, rel=1e-12)
    assert found.stored_volume == pytest.approx(2700.0, rel=1e-6)


def test_flow_between_labels_is_on_the_line() -> None:
    hydrograph = course(UNEVEN.iloc[:2], "inflow_hydrograph", until=None)
    forcing = intervals(Steps(np.array([0.0, 360.0]), np.zeros(1)), hydrograph, [], until=360.0, most=np.inf)
    ends = [each.until for each in forcing.stretches]
    np.testing.assert_allclose(ends, [60.0, 120.0, 180.0, 240.0, 300.0, 360.0])
    flows = [each.inflow for each in forcing.stretches]
    np.testing.assert_allclose(flows, 2.0 * (np.arange(6) + 0.5) / 6)
    assert forcing.inflow == pytest.approx(360.0)


def test_one_value_holds_for_the_duration_and_the_last_label_ends_the_flow() -> None:
    assert course(pd.Series([3.0], index=[0.0]), "q", until=120.0).rates.tolist() == [3.0, 3.0]
    ended = intervals(
        Steps(np.array([0.0, 240.0]), np.zeros(1)), Course(np.array([0.0, 60.0]), np.array([1.0, 1.0])), [],
        until=240.0, most=np.inf,
    )  # fmt: skip
    assert ended.inflow == pytest.approx(60.0)


@pytest.mark.filterwarnings("ignore:.*uneven times")
@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"inflow_hydrograph": UNEVEN, "inflow_discharge": UNEVEN}, "flood.inflow_twice"),
        ({"inflow_hydrograph": UNEVEN, "inflows": None}, "flood.inflow_half"),
        ({"rain_intensity": pd.Series([1.0, 1.0], index=[0.0, 0.1])}, "flood.inflow_half"),
    ],
)
def test_halves_and_doubles_are_refused(given: dict[str, object], text: str) -> None:
    with pytest.raises(InputError) as caught:
        cb.models.flood(**{**POOL, **given})
    assert caught.value.text == text
    if "inflow_hydrograph" in given:
        assert "inflow_hydrograph" in caught.value.say("zh")
