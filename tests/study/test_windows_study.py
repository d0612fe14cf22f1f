"""Windows, overhangs, fins and blinds from a survey's file through both doors to energy, with known answers."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.kernels.buildings.zone_light import unshaded
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST, Made

pytestmark = pytest.mark.slow
ZONE = {"lowcarbon.building_energy": {"climate_zone": "3A"}}
HEADER = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
NO_SUN = f"{HEADER}envelope,residential/jgj134_2010/3/solar_gain,0,,,,1,,,,user,a wall of glass that lets no sun in,\n"
NONE, BLANK = np.nan, [np.nan] * 9
SURVEY: dict[str, list[Any]] = {
    "窗墙比(%)": [35.0, 35.0, 35.0, 35.0, 35.0, 35.0, NONE, NONE, NONE],
    "北向窗墙比": [*BLANK[:6], 0.35, 0.2, NONE],
    "东向窗墙比": [*BLANK[:6], 0.35, 0.1, NONE],
    "南向窗墙比": [*BLANK[:6], 0.35, 0.6, NONE],
    "西向窗墙比": [*BLANK[:6], 0.35, 0.1, NONE],
    "水平遮阳比": [0.0, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    "垂直遮阳比": [0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    "遮阳启用辐照度": [NONE, NONE, NONE, 150.0, 150.0, 0.0, NONE, NONE, NONE],
    "遮阳透射比": [NONE, NONE, NONE, 0.1, 0.1, 0.0, NONE, NONE, NONE],
    "遮阳反射比": [NONE, NONE, NONE, 0.5, 0.5, 1.0, NONE, NONE, NONE],
    "遮阳位置": ["", "", "", "外遮阳", "内", "outside", "", "", ""],
}
PLAIN, OVERHANG, FINS, OUTSIDE, INSIDE, MIRROR, EVERY_SIDE, SOUTHWARD, UNKNOWN = (f"B{at}" for at in range(9))
ENGLISH = {
    "北向窗墙比": "window_share_north", "东向窗墙比": "window_share_east", "南向窗墙比": "window_share_south",
    "西向窗墙比": "window_share_west", "水平遮阳比": "overhang_ratio", "垂直遮阳比": "fin_ratio",
    "遮阳启用辐照度": "blind_irradiance", "遮阳透射比": "blind_transmittance", "遮阳反射比": "blind_reflectance",
    "遮阳位置": "blind_place",
}  # fmt: skip
WEATHER = ("dry-bulb", "relative-humidity", "global-horizontal", "direct-normal", "diffuse-horizontal")
PLACE = ("--latitude", "30.69", "--longitude", "120.76", "--time-zone", "8", "--elevation", "4")
RESULTS = ("heating_demand", "cooling_demand", "electricity", "peak_electricity")


def homes(**columns: Any) -> gpd.GeoDataFrame:
    """Return nine equal slabs, too far apart to shade one another."""
    table = {
        "id": [f"B{at}" for at in range(9)], "use": "residential", "floors": 6, "height": 19.2, "year": 2015,
        "floor_area": 3360.0, "residents": 80.0, **SURVEY, **columns,
    }  # fmt: skip
    corners = [(WEST + 2000.0 * (at % 3), SOUTH + 2000.0 * (at // 3)) for at in range(9)]
    shapes = [box(x + 20, y + 20, x + 60, y + 34) for x, y in corners]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("窗")
    Made(place, ("buildings", "weather"), parameters=ZONE, resolution=500.0).written()
    homes().to_file(place / "buildings.gpkg", engine="pyogrio")
    (place / "dark.csv").write_text(NO_SUN, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    done = citybraid("run", str(folder / "study.toml"), "--out", str(folder / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


def column(run: Run, name: str) -> pd.Series:
    values: pd.Series = run.value(run.layers("as_is")[name][""])
    return values


def by_model(folder: Path, buildings: str, out: str, *more: str) -> dict[str, pd.Series]:
    year = (word for name in WEATHER for word in (f"--{name}", "year.epw"))
    words = ("--buildings", buildings, *year, *PLACE, "--climate-zone", "3A", "--region", "CN", *more)
    done = citybraid("model", "lowcarbon.building_energy", *words, "--out", out, folder=folder)
    assert done.returncode == 0, done.stderr
    assert "the station lies" not in done.stdout + done.stderr
    return {name: gpd.read_file(folder / out / f"{name}.gpkg").set_index("id")[name] for name in RESULTS}


@pytest.fixture(scope="module")
def single(folder: Path) -> dict[str, pd.Series]:
    return by_model(folder, "buildings.gpkg", "single")


def test_both_doors_give_the_same_to_the_last_bit(run: Run, single: dict[str, pd.Series], folder: Path) -> None:
    for name in RESULTS:
        assert column(run, name).to_dict() == single[name].to_dict(), name
    told = json.loads((folder / "single" / "provenance.json").read_text("utf-8"))["findings"]
    assert any("envelope_standard = as_built" in each["en"] for each in told)


def test_what_shades_lowers_cooling_and_raises_heating(run: Run) -> None:
    cold, heat = column(run, "cooling_demand"), column(run, "heating_demand")
    for name in (OVERHANG, FINS, OUTSIDE, INSIDE, MIRROR):
        assert cold[name] < cold[PLAIN], name
        assert heat[name] > heat[PLAIN], name
    assert cold[MIRROR] < cold[OUTSIDE] < cold[INSIDE]


def test_a_share_of_every_side_is_that_of_the_facades(run: Run) -> None:
    for name in RESULTS:
        found = column(run, name)
        assert found[EVERY_SIDE] == pytest.approx(found[PLAIN], rel=1e-12)
        assert found[SOUTHWARD] != pytest.approx(found[PLAIN], rel=1e-3)
        assert found[UNKNOWN] != pytest.approx(found[PLAIN], rel=1e-6), "the factor's share is another"


def test_a_blind_that_reflects_all_is_glass_without_solar_gain(folder: Path, single: dict[str, pd.Series]) -> None:
    """Two ways to the same answer: a mirror before the glass in every lit hour, or a solar gain of 0."""
    dark = by_model(folder, "buildings.gpkg", "dark", "--factors", "dark.csv")
    for name in RESULTS:
        assert single[name][MIRROR] == pytest.approx(dark[name][PLAIN], rel=1e-9)
        assert dark[name][MIRROR] == pytest.approx(dark[name][PLAIN], rel=1e-9)


def test_an_overhang_of_the_file_by_pencil(run: Run) -> None:
    """Sun 45° high straight before the facade: 0.6 of the window is in shade; 60° to its side, tan 45° / cos 60°."""
    deep = float(column(run, "overhang_ratio")[OVERHANG])
    assert unshaded(deep, 0.0, 0.0, 1.0, 0.0) == pytest.approx(0.4)
    assert unshaded(deep, 0.0, 0.0, 1.0 / 0.5, 0.0) == pytest.approx(0.0)
    fin = float(column(run, "fin_ratio")[FINS])
    assert unshaded(0.0, 0.0, fin, 0.0, np.tan(np.pi / 4)) == pytest.approx(0.5)
    assert column(run, "window_share")[PLAIN] == pytest.approx(0.35), "35 under a heading with a percent sign"


@pytest.mark.parametrize("kind", ["shp", "geojson"])
def test_other_formats_and_cut_headings_give_the_same(kind: str, folder: Path, single: dict[str, pd.Series]) -> None:
    table = homes() if kind == "shp" else homes().rename(columns=ENGLISH)
    if kind == "shp":
        table = table.rename(columns={name: name.encode()[:10].decode(errors="ignore") for name in SURVEY})
    table.to_file(folder / f"survey.{kind}", engine="pyogrio", encoding="utf-8")
    found = by_model(folder, f"survey.{kind}", kind, "--crs", CRS)
    for name in RESULTS:
        assert found[name].to_numpy() == pytest.approx(single[name].to_numpy(), rel=1e-8)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"遮阳位置": ["between"] * 9}, ("blind_place", "between")),
        ({"遮阳透射比": [0.9] * 9}, ("blind_transmittance 0.9", "B3")),
    ],
)
def test_a_blind_that_cannot_be_is_refused_at_both_doors(
    changed: dict[str, Any], said: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    Made(tmp_path, ("weather", "buildings"), parameters=ZONE, resolution=500.0).written()
    homes(**changed).to_file(tmp_path / "buildings.gpkg", engine="pyogrio")
    year = (word for name in WEATHER for word in (f"--{name}", "year.epw"))
    words = ("--buildings", "buildings.gpkg", *year, *PLACE, "--climate-zone", "3A", "--region", "CN")
    for door in (("run", "study.toml", "--no-report"), ("model", "lowcarbon.building_energy", *words, "--out", "no")):
        done = citybraid(*door, folder=tmp_path)
        assert done.returncode == 2, done.stdout
        assert all(each in done.stderr for each in said), done.stderr
        assert "建筑“" in done.stderr
