"""Land cover that no file tells: left out of shares of cover, assumed paved in models, and told beside the numbers."""

import tomllib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.errors import InputErrors
from citybraid.core.place import Place
from citybraid.core.vocabulary.surface import COVER
from citybraid.planning.rows import indicators
from citybraid.planning.unit_table import unit_table
from citybraid.planning.zones import Zones
from citybraid.report.carbon.flows import crosswalk, land_use_sectors
from citybraid.report.chapter import Figure, Paragraph, in_words
from citybraid.report.chapters.c10_first_page import chapter
from citybraid.report.remarks.result_limits import limit_notes
from citybraid.report.view import View
from citybraid.resilience.ground.ground_cover import raster
from citybraid.resilience.sponge.annual_runoff_control import AnnualRunoffControlParams, annual_runoff_control
from citybraid.store.store import Store
from citybraid.study.open.drafting import create_study
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.made_study import CRS, SOUTH, WEST, Made

CELL = 10.0
SOIL = {"resilience.soil": {"soil_group": "C"}}
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
    assert any("land cover of 60.0% of the plan area" in note for note in notes), notes
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


def floods(folder: Path, *, choice: str) -> Path:
    """Write a small town whose land-cover raster has no data on a strip, and return its study file."""
    study = Made(folder, ("parcels", "terrain", "land_cover", "storm"), parameters=SOIL).written()
    with rasterio.open(folder / "cover.tif", "r+") as raster:
        cover = raster.read(1)
        cover[:, : int(0.3 * cover.shape[1])] = 0
        raster.write(cover, 1)
    chosen = f'year = 2025\nunknown_cover = "{choice}"' if choice else "year = 2025"
    study.write_text(study.read_text(encoding="utf-8").replace("year = 2025", chosen), encoding="utf-8")
    return study


def flooded(folder: Path, *, choice: str) -> Run:
    return run_study(open_study(floods(folder, choice=choice)), store=Store(folder / "store"), threads=1)


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["", "paved"])
def test_a_raster_with_holes_reaches_floods_and_page_one_says_how(tmp_path: Path, choice: str) -> None:
    """From the file to the sentence: what no cell tells is paved for floods, unknown for shares, and told as chosen."""
    run = flooded(tmp_path, choice=choice)
    layers = run.layers("as_is")
    assumed = np.asarray(run.value(layers["assumed_land_cover"][""]))
    depth = next(iter(run.layers("as_is")["max_depth"].values()))
    assert np.isfinite(np.asarray(run.value(depth))[assumed == 50]).all()
    (finding,) = [each for each in run.manifest.findings if each.text.startswith("intake.cover_")]
    share = float(str(finding.values["share"]))
    assert share == pytest.approx(100 * (assumed == 0).mean(), abs=5)
    view = View(run)
    notes = [in_words(note, "en") for note in limit_notes(view, ["flooded_area"])]
    reading = "By choice of the study" if choice else "does not choose how to read the rest"
    assert [note for note in notes if f"known on {share:.1f}% of the plan area" in note and reading in note], notes
    first = [block.text for block in chapter(view).blocks if isinstance(block, Paragraph) and block.kind == "warning"]
    assert [text for text in first if reading in in_words(text, "en")]
    assert [text for text in first if ("按项目文件的选择" if choice else "未选择读法") in in_words(text, "zh")]
    assert finding.kind == ("guessed" if choice else "warning")
    assert ("As the study chooses" in finding.say("en")) == bool(choice)


def test_a_study_may_choose_gaps(tmp_path: Path) -> None:
    run = flooded(tmp_path, choice="gap")
    assert "land_cover" not in run.layers("as_is")
    assert "max_depth" not in run.layers("as_is")
    assert [each for each in run.manifest.findings if each.text == "intake.cover_gap"]
    assert [gap for gap in run.gaps("as_is") if "land_cover" in gap.needs]


def test_another_choice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match="unknown_cover"):
        open_study(floods(tmp_path, choice="grass"))


def test_a_drafted_study_states_the_choice(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    shapes = [box(WEST, SOUTH, WEST + 400, SOUTH + 160)]
    gpd.GeoDataFrame({"land_use": ["R2"]}, geometry=shapes, crs=CRS).to_file(tmp_path / "files" / "parcels.gpkg")
    created = create_study(tmp_path / "town", tmp_path / "files", crs=CRS)
    assert tomllib.loads(created.draft.text)["study"]["unknown_cover"] == "paved"


@pytest.mark.slow
def test_land_alone_makes_no_flow_chart(tmp_path: Path) -> None:
    """The case that broke a report: uptake of land on parcels, and no emissions of any sector."""
    study = Made(tmp_path, ("parcels", "buildings", "streets", "land_cover")).written()
    view = View(run_study(open_study(study), store=Store(tmp_path / "store"), threads=1))
    table = land_use_sectors(view, view.base)
    assert table is not None
    assert not (table[["stationary", "transport", "waste", "processes"]] > 0).any(axis=None)
    assert not [block for block in crosswalk(view) if isinstance(block, Figure)]
