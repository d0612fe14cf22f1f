"""Ventilation by pencil: one block in a plot, roughness of cubes, an avenue that serves, and what is refused."""

import math
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.resilience.heat.ventilation import VentilationParams, between_buildings, summer_rose
from tests.outdoor_case import raster
from tests.ventilation_case import quarter, ventilated, wind


def test_one_block_in_a_plot_has_its_wall_over_the_plot() -> None:
    """λf = h w / A: 30 m × 20 m over a hectare is 0.06, whichever face the wind meets."""
    built = np.zeros((20, 20))
    built[8:12, 8:12] = 30.0
    for comes_from in (0.0, 90.0, 180.0, 270.0):
        found = ventilated(built, **wind(comes_from=comes_from))
        assert float(found.frontal_area_index.mean()) == pytest.approx(30.0 * 20.0 / 10_000.0)
        assert found.prevailing_wind == pytest.approx(comes_from)


def test_coarse_cells_show_a_turned_house_as_wide_as_it_is() -> None:
    """A house of 30 × 20 m, 10 m high, in cells of 10 m: from the south-east 50 / √2 = 35.4 m wide, to 5 %."""
    built = np.zeros((10, 10))
    built[4:6, 3:6] = 10.0
    found = ventilated(built, cell=10.0, **wind(comes_from=135.0))
    assert float(found.frontal_area_index.mean()) == pytest.approx(0.0354, rel=0.05)


def test_a_rose_weights_its_directions() -> None:
    """A slab of 100 m by 20 m, 10 m high: 0.1 with wind on its long side, 0.02 on its end; mean by their hours."""
    built = np.zeros((20, 20))
    built[8:12] = 10.0
    direction = np.where(np.arange(8760) % 4 == 0, 0.0, 270.0)
    found = ventilated(built, **(wind() | {"wind_direction": pd.Series(direction, name="wind_direction")}))
    assert float(found.frontal_area_index.mean()) == pytest.approx(0.25 * 0.1 + 0.75 * 0.02)
    assert found.prevailing_wind == pytest.approx(270.0)


def test_cubes_are_as_rough_as_published() -> None:
    """Staggered cubes with λp = λf = 0.16: roughness about 0.1 of the height, displacement 0.4 (Macdonald 1998)."""
    side = np.arange(100) % 10 < 4
    built = np.where(side[:, None] & side[None, :], 8.0, 0.0)
    found = ventilated(built, cell=2.0)
    assert float(found.frontal_area_index.mean()) == pytest.approx(0.16)
    displaced = 1.0 + 4.43**-0.16 * (0.16 - 1.0)
    rough = (1.0 - displaced) * math.exp(-((0.5 * 1.2 / 0.16 * (1.0 - displaced) * 0.16) ** -0.5))
    assert float(found.displacement_height.mean()) / 8.0 == pytest.approx(displaced)
    assert float(found.aerodynamic_roughness.mean()) / 8.0 == pytest.approx(rough)
    assert 0.3 < displaced < 0.5
    assert 0.08 < rough < 0.16


def test_the_avenue_is_the_corridor_and_serves_what_lies_beside_it() -> None:
    built = quarter(height=40.0)
    assert float(ventilated(built).frontal_area_index.max()) > 0.35
    found = ventilated(built)
    use = found.corridor_use.to_numpy()
    assert use[40:60].mean() > use[:40].mean()
    near = ventilated(built, p=VentilationParams(served=60.0)).corridor_served
    assert 0.0 < near < found.corridor_served <= 1.0


def test_without_a_way_nothing_is_served_and_without_buildings_all_is() -> None:
    assert ventilated(np.where(np.arange(120) % 2 == 0, 40.0, 0.0)[None, :] * np.ones((120, 1))).corridor_served == 0.0
    bare = ventilated(np.zeros((40, 40)))
    assert bare.corridor_served == 1.0
    assert float(bare.frontal_area_index.max()) == 0.0


def test_no_path_takes_paved_ground_beyond_the_buildings_that_files_tell() -> None:
    """300 m of paved ground without buildings around a town are no corridor; of crops they are one. Inside nothing
    but the blocks at the rim, half seen, is lost."""
    built = np.zeros((240, 240))
    built[60:180, 60:180] = quarter(height=40.0)
    paved, crops = (np.full(built.shape, code) for code in (50, 40))
    unknown = ventilated(built, land_cover=raster(paved))
    assert float(unknown.frontal_area_index.to_numpy()[80:160, 80:160].max()) > 0.35
    told = np.isfinite(unknown.corridor_use.to_numpy())
    assert not told[:60].any()
    assert not told[:, :60].any()
    assert told[80:160, 80:160].all()
    assert unknown.corridor_use.to_numpy()[100:120, 80:160].max() > 0.0, "the avenue is the way"
    assert not np.isfinite(ventilated(built).corridor_use.to_numpy()[:60]).any(), "nor without a cover"
    around = ventilated(built, land_cover=raster(crops)).corridor_use.to_numpy()
    assert np.isfinite(around).all()
    assert around[:60].max() > 0.0


def test_a_river_between_two_banks_is_open_and_beyond_the_last_house_nothing_is_told() -> None:
    """Blocks of 100 m: banks 500 m apart, middle to middle, hold with a gap of 600 m and not with one of 300 m."""
    built = np.zeros((9, 12), bool)
    built[:, 2] = built[:, 7] = True
    wide, narrow = (between_buildings(built, (100.0, 100.0), gap) for gap in (600.0, 300.0))
    assert wide[4, 2:8].all()
    assert not wide[:, :2].any()
    assert not wide[:, 8:].any()
    np.testing.assert_array_equal(narrow, built)
    assert between_buildings(np.zeros((3, 3), bool), (100.0, 100.0), 500.0).all()


def test_a_row_of_houses_on_paved_ground_is_not_left_without_any_block() -> None:
    """Blocks at the rim are left out where the town has others: one row of blocks keeps them."""
    built = np.zeros((120, 120))
    built[44:56] = 10.0
    use = ventilated(built, land_cover=raster(np.full(built.shape, 50))).corridor_use.to_numpy()
    assert np.isfinite(use[40:60]).all()
    assert not np.isfinite(use[:40]).any()


def test_unknown_ground_has_no_value() -> None:
    ground = np.zeros((40, 40))
    ground[:, :10] = np.nan
    found = ventilated(quarter(40, 40), terrain=raster(ground))
    told = np.isfinite(found.frontal_area_index.to_numpy())
    assert not told[:, :10].any()
    assert told[:, 10:].all()


def test_a_summer_without_wind_or_ground_is_refused() -> None:
    with pytest.raises(InputError) as calm:
        ventilated(quarter(40, 40), **wind(speed=0.1))
    assert calm.value.text == "ventilation.no_wind"
    with pytest.raises(InputError) as void:
        ventilated(quarter(40, 40), terrain=raster(np.full((40, 40), np.nan)))
    assert void.value.text == "heat.no_ground"
    with pytest.raises(InputError) as short:
        ventilated(quarter(40, 40), wind_direction=pd.Series(np.full(8760, np.nan), name="wind_direction"))
    assert short.value.text == "heat.no_full_year"


def test_the_rose_is_that_of_summer() -> None:
    direction = np.zeros(8760)
    direction[151 * 24 : 243 * 24] = 135.0
    speed, comes = (pd.Series(each, name="x") for each in (np.full(8760, 2.0), direction))
    for first, last, wanted in ((151, 243, 135.0), (334, 424, 0.0)):
        rose = summer_rose(speed, comes, days=np.arange(first, last) % 365, calm=0.5)
        assert math.degrees(rose.prevailing) == pytest.approx(wanted)


def test_figure_of_ventilation(figure: Callable[[str], Path]) -> None:
    built = quarter(200, 320, height=24.0)
    built[:, 160:] *= 2.0
    found = ventilated(built)
    left, right = plt.figure(figsize=(11, 3.6), layout="constrained").subplots(1, 2)
    for axes, values, title, colours in (
        (left, found.frontal_area_index, "frontal area index", "cividis"),
        (right, found.corridor_use, "use of wind paths, wind from the west", "PuBuGn"),
    ):
        shown = axes.imshow(values, extent=(0, 1600, 0, 1000), cmap=colours)
        axes.contour(np.flipud(built > 0.0), [0.5], extent=(0, 1600, 0, 1000), colors="black", linewidths=0.15)
        axes.set_title(title)
        axes.set_xlabel("m")
        axes.figure.colorbar(shown, ax=axes, shrink=0.8)
    assert float(found.corridor_use.max()) > 0.2
    plt.savefig(figure("resilience.ventilation"), dpi=110)
