"""Land cover that no file tells: left out of shares of cover, assumed paved in models, and told beside the numbers."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.place import Place
from citybraid.core.vocabulary.surface import COVER
from citybraid.planning.rows import indicators
from citybraid.planning.unit_table import unit_table
from citybraid.planning.zones import Zones
from citybraid.report.chapter import in_words
from citybraid.report.remarks.result_limits import limit_notes
from citybraid.report.view import View
from citybraid.resilience.ground.ground_cover import raster
from citybraid.resilience.sponge.annual_runoff_control import AnnualRunoffControlParams, annual_runoff_control
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.made_study import CRS, SOUTH, WEST

CELL = 10.0
STUDY = f"""[study]
name = "half"
title = {{ zh = "半", en = "Half" }}
crs = "{CRS}"
region = "CN"
year = 2025
resolution = {CELL}
[files.parcels]
path = "parcels.gpkg"
[files.study_area]
path = "area.gpkg"
[files.units]
path = "units.gpkg"
[alternatives.as_is]
title = {{ zh = "现状", en = "As it is" }}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A square of 400 m: a park on 40 % of it, a road on 20 %, the rest is told by nothing."""
    folder = tmp_path_factory.mktemp("半")
    shapes = [box(WEST, SOUTH, WEST + 400, SOUTH + 160), box(WEST, SOUTH + 160, WEST + 400, SOUTH + 240)]
    parcels = gpd.GeoDataFrame({"id": ["park", "road"], "land_use": ["G1", "S1"]}, geometry=shapes, crs=CRS)
    parcels.to_file(folder / "parcels.gpkg")
    whole = [box(WEST, SOUTH, WEST + 400, SOUTH + 400)]
    gpd.GeoDataFrame(geometry=whole, crs=CRS).to_file(folder / "area.gpkg")
    gpd.GeoDataFrame({"id": ["all"], "name": ["all"]}, geometry=whole, crs=CRS).to_file(folder / "units.gpkg")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return run_study(open_study(folder / "study.toml"), store=Store(folder / "store"), threads=1)


def test_unknown_cells_are_left_out_of_shares_of_cover(run: Run) -> None:
    layers = run.layers("as_is")
    place = Place().put(layer for by_label in layers.values() for layer in by_label.values())
    shapes = run.value(layers["units"][""]).rename("units")
    zones = Zones(shapes, place, run.value, run.grid)
    table = unit_table(zones, [indicators()[name] for name in ("blue_green_share", "pervious_share")]).by_zone
    known = 100 * 0.4 / 0.6
    assert table["blue_green_share"].to_numpy() == pytest.approx([known, known], abs=0.7), "of 40 with the rest paved"
    assert table["pervious_share"].to_numpy() == pytest.approx([known, known], abs=0.7)


def test_models_read_the_assumed_class(run: Run) -> None:
    cover = np.asarray(run.value(run.layers("as_is")["land_cover"][""]))
    assumed = np.asarray(run.value(run.layers("as_is")["assumed_land_cover"][""]))
    inside = cover.size
    assert (cover == 0).sum() == 0
    assert (assumed == 50).sum() == pytest.approx(0.4 * inside, rel=0.02)
    assert (cover[assumed == 50] == 50).all()


def test_the_share_known_is_told_beside_the_numbers(run: Run) -> None:
    notes = [in_words(note, "en") for note in limit_notes(View(run), ["blue_green_share"])]
    assert any("land cover of 60.0 % of the plan area" in note for note in notes), notes
    assert not [note for note in limit_notes(View(run), ["residents"]) if "60.0" in in_words(note, "en")]


def coded(values: NDArray[np.uint8]) -> xr.DataArray:
    return xr.DataArray(values, dims=("y", "x"))


def test_runoff_control_is_of_known_ground() -> None:
    """Half the plot is grass, half is told by nothing: the rate is that of grass, 1 less its coefficient."""
    grid = GeoBox((4, 8), Affine(10, 0, WEST, 0, -10, SOUTH + 40), CRS)
    cover = np.full(grid.shape, 50, np.uint8)
    cover[:, :4] = 30
    assumed = np.where(cover == 50, cover, 0).astype(np.uint8)
    zero = raster(np.zeros(grid.shape))
    plot = gpd.GeoDataFrame(index=pd.Index(["a"], name="parcels"), geometry=[box(WEST, SOUTH, WEST + 80, SOUTH + 40)])
    coefficients = {name: 0.9 for _, name in COVER} | {"grass": 0.15}
    coefficients |= dict.fromkeys(("rain_garden", "green_roof", "permeable_paving"), 0.3)
    given: dict[str, Any] = {
        "land_cover": coded(cover), "permeable_paving": zero, "rain_garden": zero, "coefficient": coefficients,
        "facility_storage": {"rain_garden": 200.0}, "threshold": {"": 2.0}, "grid": grid, "parcels": plot,
        "p": AnnualRunoffControlParams(daily_rain="published"),
        "design_rain": {"0.6": 12.0, "0.75": 22.0, "0.85": 33.0},
    }  # fmt: skip
    found = annual_runoff_control(**given, assumed_land_cover=coded(assumed)).annual_runoff_control.to_numpy()
    assert found[:, :4] == pytest.approx(0.85)
    assert np.isnan(found[:, 4:]).all()
    paved = annual_runoff_control(**given).annual_runoff_control.to_numpy()
    assert paved == pytest.approx((0.85 + 0.0) / 2, abs=0.06), "as paved, half the plot would keep nothing"
    planned = cover.copy()
    planned[:, 4:] = 30
    changed = annual_runoff_control(**given | {"land_cover": coded(planned)}, assumed_land_cover=coded(assumed))
    assert changed.annual_runoff_control.to_numpy() == pytest.approx(0.85), "what a plan sets is known"
