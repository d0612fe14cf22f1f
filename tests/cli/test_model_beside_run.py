"""The same files through `citybraid run` and `citybraid model` give the same numbers, column by column."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

import citybraid as cb
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather import weather
from tests.commands import citybraid

pytestmark = pytest.mark.slow

CRS, WEST, SOUTH = "EPSG:4549", 500_000.0, 3_400_000.0
FILES = {"terrain": "terrain.tif", "land_cover": "cover.tif", "canopy_height": "trees.tif", "buildings": "homes.gpkg",
         "parcels": "parcels.gpkg", "units": "units.gpkg", "weather": "year.epw"}  # fmt: skip
SERIES = ("dry-bulb", "relative-humidity", "global-horizontal", "direct-normal", "diffuse-horizontal", "latitude",
          "longitude", "elevation", "time-zone")  # fmt: skip
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("缝")
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
    year = [word for name in SERIES for word in (f"--{name}", "year.epw")]
    trees = ("--terrain", "terrain.tif", "--canopy-height", "trees.tif", "--canopy-cover", "cover_of_trees.tif")
    out = alone(
        folder, "lowcarbon.building_energy", "--buildings", stated(folder, run), *trees, *year, "--climate-zone", "3A"
    )
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
