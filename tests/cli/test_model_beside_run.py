"""The same files through `citybraid run` and `citybraid model` give the same numbers, column by column."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from odc.geo.geobox import GeoBox
from rasterio.transform import from_origin
from shapely.geometry import box

import citybraid as cb
from citybraid.api.rasters import georeferenced, grid_in
from citybraid.core import catalogue
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather
from citybraid.study.run.single import option_of
from tests.commands import citybraid

pytestmark = pytest.mark.slow

CRS, WEST, SOUTH = "EPSG:4549", 500_000.0, 3_400_000.0
FILES = {"terrain": "terrain.tif", "land_cover": "cover.tif", "canopy_height": "trees.tif", "buildings": "homes.gpkg",
         "parcels": "parcels.gpkg", "units": "units.gpkg", "weather": "year.epw"}  # fmt: skip
DOORS = (
    "resilience.roughness", "resilience.landslide", "resilience.heat_island", "resilience.summer_climate",
    "biodiversity.habitat_suitability", "biodiversity.resistance_surface", "lowcarbon.green_sink",
    "lowcarbon.wetland_methane", "lowcarbon.embodied_carbon", "lowcarbon.transport", "lowcarbon.parking_need",
    "integrate.bridges.building_height", "integrate.bridges.building_fraction",
)  # fmt: skip
"""Models of all strands that read files alone."""
ROOF, ROOFS = 52, ("building_height", "building_fraction")
"""Class of roofs, and what is made of buildings: a command that takes land cover alone does not know these."""
RASTERS = {"terrain": "terrain.tif", "land_cover": "cover.tif", "canopy_cover": "cover_of_trees.tif"}
EPW = {"dry_bulb": 6, "relative_humidity": 8, "global_horizontal": 13, "wind_speed": 21}
STUDY = """
[study]
name = "seam"
title = { zh = "缝", en = "Seam" }
crs = "EPSG:4549"
region = "CN-ZJ"
year = 2025
resolution = 10
[parameters."lowcarbon.building_energy"]
climate_zone = "3A"
[alternatives.as_is]
title = { zh = "现状", en = "Existing" }
"""


def homes() -> gpd.GeoDataFrame:
    """Four buildings with every column of their windows, shades and blinds."""
    shapes = [box(WEST + 40 * at + 20, SOUTH + 60, WEST + 40 * at + 40, SOUTH + 80) for at in range(4)]
    columns = {
        "id": list("abcd"), "building_use": ["residential", "residential", "office", "school"],
        "floors": [6, 11, 8, 4], "height": [18.0, 33.0, 30.0, 15.0], "year_built": [1985, 2012, 2020, 1995],
        "window_share": [0.3, 0.35, 0.5, 0.4], "window_share_south": [0.45, 0.35, 0.5, 0.4],
        "overhang_ratio": [0.0, 0.3, 0.0, 0.2], "fin_ratio": [0.0, 0.0, 0.2, 0.0],
        "blind_irradiance": [300.0, 300.0, 200.0, 150.0], "blind_transmittance": [0.2, 0.2, 0.1, 0.15],
        "blind_reflectance": [0.5] * 4, "blind_air_temperature": [20.0, np.nan, 15.0, np.nan],
        "blind_place": ["outside", "outside", "inside", "inside"],
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def write_files(root: Path) -> None:
    """Write the files of the study."""
    ground = np.add.outer(np.linspace(4, 3, 20), np.zeros(18))
    cover = np.full((20, 18), 30.0)
    cover[10:] = 50
    trees = np.zeros((20, 18))
    trees[2:4, 2:8] = 9
    rasters = {"terrain": ground, "cover": cover, "trees": trees, "cover_of_trees": (trees > 0).astype(float)}
    for name, values in rasters.items():
        kind = "uint8" if name == "cover" else "float32"
        profile = {"driver": "GTiff", "height": 20, "width": 18, "count": 1, "dtype": kind, "crs": CRS}
        with rasterio.open(
            root / f"{name}.tif", "w", transform=from_origin(WEST, SOUTH + 200, 10, 10), **profile
        ) as target:
            target.write(values.astype(kind), 1)
    homes().to_file(root / "homes.gpkg")
    plots = [box(WEST + 40 * at + 10, SOUTH + 40, WEST + 40 * at + 50, SOUTH + 120) for at in range(4)]
    uses = {"id": list("pqrs"), "land_use": ["0701", "0701", "0902", "0804"]}
    gpd.GeoDataFrame(uses, geometry=plots, crs=CRS).to_file(root / "parcels.gpkg")
    people = {"unit_name": ["甲"], "population": [300], "65岁及以上人口": [60]}
    gpd.GeoDataFrame(people, geometry=[box(WEST, SOUTH, WEST + 180, SOUTH + 200)], crs=CRS).to_file(root / "units.gpkg")
    write_epw(root / "year.epw", weather(seed=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("缝")
    write_files(root)
    entries = "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in FILES.items())
    (root / "study.toml").write_text(STUDY + entries, encoding="utf-8")
    done = citybraid("run", str(root / "study.toml"), "--no-report", "--quiet")
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def run(folder: Path) -> cb.Run:
    return cb.open_run(folder / "runs" / "001")


def alone(folder: Path, name: str, *words: str) -> Path:
    """Run one model on the study's files, and return the folder of its results."""
    out = folder / name
    done = citybraid("model", name, *words, "--region", "CN-ZJ", "--quiet", "--out", str(out), folder=folder)
    assert done.returncode == 0, done.stderr
    return out


def stated(folder: Path, run: cb.Run) -> str:
    """Write the buildings with what the run derived of them, and return the file's name."""
    frame, found = homes().set_index("id"), run.table("buildings")
    for name in ("floor_area", "envelope_standard", "residents"):
        frame[name] = found[name].reindex(frame.index)
    frame.reset_index().to_file(folder / "stated.gpkg")
    return "stated.gpkg"


def column(folder: Path, name: str) -> pd.Series:
    values: pd.Series = gpd.read_file(folder / f"{name}.gpkg").set_index("id")[name]
    return values


def test_windows_shades_and_blinds_reach_the_energy_of_a_building_by_both_doors(folder: Path, run: cb.Run) -> None:
    found = run.table("buildings")
    given = ("--terrain", "terrain.tif", "--canopy-height", "trees.tif", "--dry-bulb", "year.epw")
    out = alone(folder, "lowcarbon.building_energy", "--buildings", stated(folder, run), *given, "--climate-zone", "3A")
    kept = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert "trees.tif" in kept["inputs"]["canopy_cover"]["derived_from"]
    assert kept["inputs"]["diffuse_horizontal"] == {"derived_from": ["year.epw"]}
    assert {"single.derived", "single.also_held"} <= {each["text"] for each in kept["findings"]}
    for name in ("cooling_demand", "heating_demand", "electricity", "gas"):
        assert column(out, name).to_numpy() == pytest.approx(found[name].reindex(list("abcd")).to_numpy(), rel=1e-6)
    assert found["floor_area"].reindex(list("abcd")).tolist() == [2400.0, 4400.0, 3200.0, 1600.0]


def test_residents_and_old_people_of_a_unit_reach_its_homes(folder: Path, run: cb.Run) -> None:
    """300 people, 60 of 65 and over, by 2 400 and 4 400 m2 of homes."""
    found = run.table("buildings").reindex(list("abcd"))
    assert found["elderly"].tolist() == pytest.approx([60 * 2400 / 6800, 60 * 4400 / 6800, 0.0, 0.0])
    out = alone(
        folder, "integrate.bridges.building_residents", "--buildings", stated(folder, run), "--units", "units.gpkg"
    )
    assert column(out, "residents").to_numpy() == pytest.approx(found["residents"].to_numpy(), rel=1e-6)


def test_ground_and_trees_reach_the_greenery_of_a_plot_by_both_doors(folder: Path, run: cb.Run) -> None:
    out = alone(
        folder, "biodiversity.plot_greenery", "--land-cover", "cover.tif", "--parcels", "parcels.gpkg",
        "--canopy-cover", "cover_of_trees.tif",
    )  # fmt: skip
    found = run.table("parcels").reindex(list("pqrs"))
    for name in ("biotope_area_factor", "green_plot_ratio"):
        assert column(out, name).to_numpy() == pytest.approx(found[name].to_numpy(), rel=1e-6)


def of_study(run: cb.Run, name: str) -> np.ndarray:
    """Return a quantity of the run; a raster without the cells that the study knows for roofs by its buildings."""
    values = np.asarray(run.value(name), np.float64)
    if values.ndim != 2 or name in ROOFS:
        return values
    return np.where(np.asarray(run.value("land_cover")) == ROOF, np.nan, values)


def of_command(out: Path, name: str) -> np.ndarray:
    """Return what a command wrote of a quantity: a raster, a number, or a column by id."""
    if (out / f"{name}.tif").is_file():
        with rasterio.open(out / f"{name}.tif") as source:
            return np.where(source.dataset_mask() > 0, source.read(1).astype(np.float64), np.nan)
    if (out / f"{name}.csv").is_file():
        return np.asarray(pd.read_csv(out / f"{name}.csv").iloc[:, 1], np.float64)
    return column(out, name).to_numpy(np.float64)


def in_python(folder: Path, name: str, buildings: str) -> Any:
    """Call a model with what the files hold, read as any Python program reads them."""
    model = catalogue.load(name)
    words: dict[str, Any] = {"grid": grid_in(raster(folder / "terrain.tif"))}
    rows = [line.split(",") for line in (folder / "year.epw").read_text(encoding="utf-8").splitlines()]
    words |= {key: raster(folder / file) for key, file in RASTERS.items()}
    words |= {key: pd.Series([float(row[at]) for row in rows[8:]]) for key, at in EPW.items()}
    words["relative_humidity"] = 0.01 * words["relative_humidity"]
    words |= {"latitude": float(rows[0][6]), "elevation": float(rows[0][9])}
    words["buildings"] = gpd.read_file(folder / buildings).set_index("id")
    known = {key: value for key, value in words.items() if key in model.needs or key == "grid"}
    return getattr(cb.models, model.name)(**known, region="CN-ZJ", year=2025)


def raster(path: Path) -> xr.DataArray:
    with rasterio.open(path) as source:
        grid = GeoBox(source.shape, source.transform, CRS)
        return georeferenced(xr.DataArray(source.read(1).astype(float), dims=("y", "x")), grid)


@pytest.mark.parametrize("name", DOORS)
def test_study_command_and_python_give_the_same_numbers(folder: Path, run: cb.Run, name: str) -> None:
    model, buildings = catalogue.load(name), stated(folder, run)
    files = {**RASTERS, "dry_bulb": "year.epw", "buildings": buildings}
    words = [word for key in model.needs if key in files for word in (option_of(key), files[key])]
    words += ["--grid", "terrain.tif"] if name.startswith("integrate.bridges") else []
    out, called = alone(folder, name, *words), in_python(folder, name, buildings)
    for each in model.makes:
        expected = of_study(run, each)
        known = np.isfinite(expected).ravel()
        assert known.any()
        for found in (of_command(out, each), np.asarray(getattr(called, each), np.float64)):
            assert found.ravel()[known] == pytest.approx(expected.ravel()[known], rel=1e-5), each
