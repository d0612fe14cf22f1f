"""Urban climate map by hand, its bounds, what level and scale do not change, corners, the figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import gaussian_filter

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.heat import NIGHT_HEAT_ISLAND
from citybraid.report.drawing.palettes import code_colours, code_names
from citybraid.resilience.heat.climate_map import ClimateMap, climate_map
from tests.district import raster
from tests.ranges import ends

Values = NDArray[np.float64]


def of(night: Values, day: Values | None = None) -> ClimateMap:
    rows, columns = night.shape
    grid = GeoBox.from_bbox((0, 0, 100 * columns, 100 * rows), crs="EPSG:32651", resolution=100.0)
    return climate_map(
        night_heat_island=raster(night), day_heat_island=raster(night if day is None else day),
        thermal_load_class=resolve("thermal_load_class"), grid=grid,
    )  # fmt: skip


def golden_case() -> Mapping[str, Any]:
    night = np.array([[0.0, 1.0, 2.0], [5.0, 2.2, np.nan]])
    return {
        "night_heat_island": raster(night), "day_heat_island": raster(0.2 * night),
        "thermal_load_class": resolve("thermal_load_class"),
        "grid": GeoBox.from_bbox((0, 0, 300, 200), crs="EPSG:32651", resolution=100.0),
    }  # fmt: skip


def test_by_hand() -> None:
    """Night 0 1 2 5 K, day the same: mean 2, range 5: loads -0.4, -0.2, 0 and 0.6."""
    found = of(np.array([[0.0, 1.0], [2.0, 5.0]]))
    np.testing.assert_allclose(found.thermal_load, [[-0.4, -0.2], [0.0, 0.6]])
    assert found.climate_map_class.to_numpy().tolist() == [[1, 2], [4, 7]]
    assert (found.thermal_load_area, found.cooling_load_area) == (1.0, 2.0)


def test_night_and_day_count_alike() -> None:
    """Warm by night and as much cooler by day: no load."""
    found = of(np.array([[2.0, 0.0, 1.0]]), np.array([[0.0, 2.0, 1.0]]))
    assert found.climate_map_class.to_numpy().tolist() == [[4, 4, 4]]


def test_every_published_class_stands_where_its_bounds_say() -> None:
    """Loads of -0.5 to 0.5 in steps of 0.01: mean 0, range 1, so that a load is its own."""
    found = of(np.linspace(-0.5, 0.5, 101)[None, :])
    load, classes = found.thermal_load.to_numpy()[0], found.climate_map_class.to_numpy()[0]
    for low, high, code in ((-9, -0.25, 1), (-0.25, -0.15, 2), (-0.15, -0.05, 3), (0.05, 0.15, 5), (0.15, 0.25, 6),
                            (0.25, 9, 7)):  # fmt: skip
        clear = (load > low + 1e-6) & (load < high - 1e-6)
        assert set(classes[clear]) == {code}
    assert set(classes[np.abs(load) < 0.05 - 1e-6]) == {4}


def test_cells_without_both_have_no_class_and_none_at_all_is_refused() -> None:
    night = np.array([[0.0, 1.0, np.nan]])
    found = of(night, np.array([[0.0, 1.0, 1.0]]))
    assert found.climate_map_class.to_numpy().tolist() == [[1, 7, 0]]
    assert np.isnan(found.thermal_load.to_numpy()[0, 2])
    with pytest.raises(InputError, match="climate map"):
        of(np.full((2, 2), np.nan))


drawn = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random((6, 7)))


@given(drawn, st.floats(0.1, 10.0), st.floats(-5.0, 5.0))
def test_level_and_scale_do_not_matter_and_a_mirror_turns_heat_to_cool(heat: Values, times: float, more: float) -> None:
    plain, other = of(heat), of(times * heat + more)
    np.testing.assert_allclose(other.thermal_load, plain.thermal_load, atol=1e-9)
    np.testing.assert_allclose(of(-heat).thermal_load, -plain.thermal_load, atol=1e-9)
    assert abs(float(plain.thermal_load.mean())) < 1e-9
    assert float(plain.thermal_load.max() - plain.thermal_load.min()) == pytest.approx(1.0)


def corners() -> list[float]:
    return [*ends(NIGHT_HEAT_ISLAND)]


@pytest.mark.parametrize("level", corners())
def test_corners(level: float) -> None:
    found = of(np.full((2, 3), level))
    assert (found.climate_map_class == 4).all()
    assert (found.thermal_load == 0.0).all()
    assert found.thermal_load_area == found.cooling_load_area == 0.0


def test_figure(figure: Callable[[str], Path]) -> None:
    noise = gaussian_filter(np.random.default_rng(5).normal(size=(60, 90)), 6.0)
    classes = of(20.0 * noise).climate_map_class.to_numpy()
    colours, names = code_colours("climate_map_class"), code_names("climate_map_class", "en")
    fig, axes = plt.subplots(figsize=(6.8, 3.4), layout="constrained")
    axes.imshow(classes, cmap=ListedColormap([*colours.values()]), vmin=0.5, vmax=7.5)
    axes.set_axis_off()
    fig.legend(handles=[Patch(color=colours[code], label=names[code]) for code in colours], loc="outside right upper",
               frameon=False)  # fmt: skip
    fig.savefig(figure("resilience.climate_map"), dpi=110)
    plt.close(fig)
