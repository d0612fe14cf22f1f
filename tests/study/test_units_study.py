"""Two parcels under headings in unusual units, from the files through a run and a model: equal to arithmetic."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from citybraid.core.text import LANGUAGES
from citybraid.study.run.run import Run
from tests.commands import citybraid

pytestmark = pytest.mark.slow
CRS, WEST, SOUTH = "EPSG:4549", 500_000.0, 3_400_000.0
FILES = {"parcels": "parcels.gpkg", "buildings": "homes.gpkg", "heritage_sites": "sites.gpkg", "units": "units.gpkg",
         "land_cover": "cover.tif", "terrain": "terrain.tif", "storm": "rain.csv"}  # fmt: skip
STUDY = """factors = "factors.csv"
[study]
name = "seam"
title = { zh = "缝", en = "Seam" }
crs = "EPSG:4549"
region = "CN-ZJ"
year = 2025
resolution = 10
[alternatives.as_is]
title = { zh = "现状", en = "Existing" }
[alternatives.green]
title = { zh = "复绿", en = "Depaved" }
measures = [{ measure = "depaving" }]
"""
HEADS = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
ROWS = (
    "carbon_stock,30/soil,10,,,,kg/m²,CN-ZJ,,,user,survey,\n"
    "carbon_stock,sealed/soil_share,0.7,,,,1,CN-ZJ,,,user,survey,\n"
    "measure_site,depaving/,0.5,,,,1,CN,,,user,half,\n"
)
GAINED = 0.3 * 10.0 * (44 / 12) / 20
"""CO2 that a square metre of soil takes up again in a year, unsealed: 30 % of 10 kg of carbon, over 20 years [kg]."""
PARCELS: dict[str, list[object]] = {
    "编号": ["P1", "P2"], "用地代码": ["070102", "070102"], "容积率(%)": [150, 200], "建筑密度（‰）": [300, 250],
    "限高(分米)": [240, "60m"], "绿地率": ["30%", "35%"], "规划单位面积调蓄容积(m³/亩)": [10, None],
    "规划建筑能耗强度上限(MJ/㎡)": [180, 360], "地块户数（百户）": [1, 2], "调蓄设施容积(升)": [5000, None],
}  # fmt: skip
ENGLISH: dict[str, list[object]] = {
    "id": ["P1", "P2"], "land_use": ["070102", "070102"], "FAR (m2/m2)": [1.5, 2.0],
    "site_coverage (permille)": [300, 250],
    "max_height (ft)": [24 / 0.3048, 60 / 0.3048], "green_ratio (%)": [30, 35], "planned_storage (mm)": [15, None],
    "planned_energy_intensity (kWh/(m2·a))": [50, 100], "households": [100, 200], "detention_storage (L)": [5000, None],
}  # fmt: skip
EXPECTED = {
    "floor_area_ratio": [1.5, 2.0], "building_density": [0.3, 0.25], "height_limit": [24.0, 60.0],
    "green_ratio": [0.3, 0.35], "planned_storage": [150.0, np.nan], "planned_energy_intensity": [50.0, 100.0],
    "households": [100.0, 200.0], "detention_storage": [5.0, np.nan],
}  # fmt: skip


def layer(path: Path, columns: dict[str, list[object]], *corners: tuple[float, float, float, float]) -> None:
    shapes = [box(WEST + west, SOUTH + south, WEST + east, SOUTH + north) for west, south, east, north in corners]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path, engine="pyogrio")


def raster(path: Path, values: np.ndarray) -> None:
    profile = {"height": 12, "width": 24, "count": 1, "dtype": str(values.dtype), "crs": CRS}
    with rasterio.open(path, "w", "GTiff", transform=from_origin(WEST, SOUTH + 120, 10, 10), **profile) as target:
        target.write(values, 1)


def written(folder: Path, parcels: dict[str, list[object]], *, rows: str = ROWS, rain: str = "雨量(cm)") -> Path:
    layer(folder / "parcels.gpkg", parcels, (10, 10, 110, 110), (130, 10, 230, 110))
    homes: dict[str, list[object]] = {
        "id": ["A", "B"], "building_use": ["residential"] * 2, "层数": ["6层", "11F"], "height (cm)": [1800, 3300],
        "建筑面积（千平方米）": [5.4, 8.8], "year_built": [1990, 2005], "屋面反射层比例(‰)": [250, None],
    }  # fmt: skip
    layer(folder / "homes.gpkg", homes, (20, 20, 50, 50), (140, 20, 180, 40))
    layer(folder / "sites.gpkg", {"id": ["H"]}, (135, 15, 185, 45))
    layer(
        folder / "units.gpkg",
        {"单元名称": ["甲"], "人口(百人)": [3], "65岁及以上人口（百人）": [0.6]},
        (0, 0, 240, 120),
    )
    cover = np.full((12, 24), 30, np.uint8)
    cover[:, 13:23] = 50
    raster(folder / "cover.tif", cover)
    raster(folder / "terrain.tif", np.add.outer(np.linspace(5, 4, 12), np.zeros(24)).astype(np.float32))
    (folder / "rain.csv").write_text(f"历时(分钟),{rain}\n0,0.5\n30,1.0\n60,0\n", encoding="utf-8")
    (folder / "factors.csv").write_text(HEADS + rows, encoding="utf-8")
    entries = "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in FILES.items())
    (folder / "study.toml").write_text(STUDY + entries, encoding="utf-8")
    return folder / "study.toml"


def ran(folder: Path, parcels: dict[str, list[object]]) -> Run:
    done = citybraid("run", str(written(folder, parcels)), "--no-report", "--quiet")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "runs" / "001")


@pytest.fixture(scope="module", params=["zh", "en"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return ran(tmp_path_factory.mktemp("单位"), PARCELS if request.param == "zh" else ENGLISH)


def column(run: Run, name: str, alternative: str = "as_is") -> list[float]:
    (key,) = run.layers(alternative)[name].values()
    return list(run.value(key))


def test_controls_reach_their_columns_and_the_control_table(run: Run) -> None:
    for name, expected in EXPECTED.items():
        assert column(run, name) == pytest.approx(expected, nan_ok=True), name
    table = run.table("controls/as_is")
    assert table is not None
    stated = table[table["parcel"] == "P1"].set_index("control")["stated"]
    assert stated[["far", "bd", "gr", "height", "storage", "energy"]].tolist() == pytest.approx(
        [1.5, 30.0, 30.0, 24.0, 150.0, 50.0]
    )


def test_people_old_people_roofs_and_protected_homes(run: Run) -> None:
    """300 people and 60 old ones by 100 and 200 households; the site covers the second home only."""
    assert column(run, "residents") == pytest.approx([100.0, 200.0])
    assert column(run, "elderly") == pytest.approx([20.0, 40.0])
    assert column(run, "heritage") == [0.0, 1.0]
    assert column(run, "cool_roof") == [0.25, 0.0]
    assert column(run, "floor_area") == [5400.0, 8800.0]
    assert column(run, "height") == [18.0, 33.0]


def test_a_depth_of_rain_by_step_becomes_its_intensity(run: Run) -> None:
    """0.5 and 1 cm in half an hour are 10 and 20 mm/h."""
    assert column(run, "rain_intensity")[:2] == pytest.approx([10.0, 20.0])


def test_land_depaved_gains_what_the_study_s_own_factors_say(run: Run) -> None:
    """Half of the paved cells of P2 are unsealed: of its 100, 8 lie under its building."""
    gain = column(run, "land_carbon_gain", "green")
    assert np.nansum(gain) * 100.0 == pytest.approx(4600.0 * GAINED, rel=1e-6)
    assert not np.nansum(column(run, "land_carbon_gain"))


def test_the_model_alone_gives_the_same_for_a_changed_cover(tmp_path: Path) -> None:
    written(tmp_path, PARCELS)
    former = np.full((12, 24), 30, np.uint8)
    former[:, 13:23] = 50
    later = former.copy()
    later[:2, 13:23] = 30
    raster(tmp_path / "later.tif", later)
    words = ("--former-land-cover", "cover.tif", "--land-cover", "later.tif", "--region", "CN-ZJ")
    done = citybraid(
        "model", "lowcarbon.land_use_change", *words, "--factors", "factors.csv", "--out", "alone", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / "alone" / "land_carbon_gain.tif") as source:
        assert np.nansum(source.read(1)) == pytest.approx(20 * GAINED, rel=1e-6)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("carbon_stock,30/soil,100,,,,t ha-1,CN,,,user,survey,\n", "t ha-1"),
        ("carbon_stock,30/soil,nan,,,,kg m-2,CN,,,user,survey,\n", "nan"),
        ("carbon_stock,30/soil,,,,,kg m-2,CN,,,user,survey,\n", "factors.csv"),
        ("surface_albedo,paved,25,,,,%,CN,,,user,survey,\n", "%"),
    ],
)
def test_a_factor_in_another_unit_or_without_a_number_is_refused(rows: str, told: str, tmp_path: Path) -> None:
    study = written(tmp_path, PARCELS, rows=rows)
    done = citybraid("check", str(study), "--no-report")
    assert done.returncode == 2
    assert done.stderr.count(told) >= len(LANGUAGES), "in each language"


@pytest.mark.parametrize("rain", ["雨量(kWh)", "雨量", "rain (%)"])
def test_rain_in_no_unit_of_rain_is_refused(rain: str, tmp_path: Path) -> None:
    study = written(tmp_path, PARCELS, rain=rain)
    done = citybraid("check", str(study), "--no-report")
    assert done.returncode == 2
    assert done.stderr.count(rain) >= len(LANGUAGES), "in each language"


def test_a_control_in_a_unit_of_another_is_refused_before_the_run(tmp_path: Path) -> None:
    wrong = {("容积率(m)" if head == "容积率(%)" else head): cells for head, cells in PARCELS.items()}
    done = citybraid("check", str(written(tmp_path, wrong)), "--no-report")
    assert done.returncode == 2
    for told in ("column '容积率(m)' has the name of the control floor_area_ratio, but is in m", "floor_area_ratio = "):
        assert told in done.stderr
