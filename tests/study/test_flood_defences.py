"""Levees, gates, culverts and pumps from files as offices keep them: guessed, read, and told of each."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.report.exports.write import write_exports
from citybraid.report.view import View
from citybraid.resilience.flood.flood import flood
from citybraid.sources.intake.guess import guess_roles
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.single import SingleRunRequest, run_single

pytestmark = pytest.mark.slow

CRS = "EPSG:4549"
WEST, SOUTH = 500000.0, 3400000.0
ROLES = {"levees": "堤防.gpkg", "gates": "水闸.gpkg", "culverts": "涵洞.gpkg", "pumps": "泵站.gpkg"}


def at(*points: tuple[float, float]) -> list[BaseGeometry]:
    moved = [(WEST + x, SOUTH + y) for x, y in points]
    return [LineString(moved) if len(moved) > 1 else Point(moved[0])]


def save(path: Path, shapes: list[BaseGeometry], **columns: object) -> None:
    table = {"编号": ["甲-01"], **{name: [value] for name, value in columns.items()}}
    gpd.GeoDataFrame(table, geometry=shapes, crs=CRS).to_file(path)


def raster(path: Path, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    rows, columns = values.shape
    place = from_origin(WEST, SOUTH + 5.0 * rows, 5.0, 5.0)
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", crs=CRS, transform=place
    ) as file:
        file.write(values.astype(np.float32), 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A river of 2 m behind a levee of 3 m, and the town's files."""
    ground = np.where(np.arange(24)[None, :] < 8, 0.0, 1.0) + np.zeros((12, 1))
    raster(tmp_path / "dem.tif", ground)
    raster(tmp_path / "water.tif", np.where(ground < 0.5, 2.0, 0.0))
    save(tmp_path / "堤防.gpkg", at((50, -10), (50, 70)), 堤顶高程=3.0)
    save(tmp_path / "水闸.gpkg", at((46, 42), (54, 42)), 闸孔净宽=2.0, 闸底高程="1.6 m")
    save(tmp_path / "涵洞.gpkg", at((30, 20), (70, 20)), 管径="600mm", 进口底高程=0.3, 出口底高程=0.2)
    save(tmp_path / "泵站.gpkg", at((90, 20)), 排涝流量=0.2, 起泵水位=1.1, 停泵水位=1.05)
    (tmp_path / "rain.csv").write_text("minutes,rain_intensity [mm/h]\n0,0\n10,0\n", encoding="utf-8")
    return tmp_path


def given(folder: Path) -> SingleRunRequest:
    files = {name: [str(folder / file)] for name, file in ROLES.items()}
    more = {"terrain": ["dem.tif"], "initial_depth": ["water.tif"], "rain_intensity": ["rain.csv"]}
    inputs = {**files, "manning": ["0.03"], **{name: [str(folder / file)] for name, (file,) in more.items()}}
    closed = dict.fromkeys(("north", "south", "west", "east"), "closed")
    return SingleRunRequest(inputs=inputs, params={**closed, "duration": 1200.0}, book=shipped())


def test_their_roles_are_guessed(folder: Path) -> None:
    guessed = {guess.path.name: guess.role for guess in guess_roles(folder)}
    assert {name: guessed[name] for name in ROLES.values()} == {file: role for role, file in ROLES.items()}


def test_a_flood_reads_them_and_tells_of_each(folder: Path) -> None:
    written = {path.stem: path for path in run_single(flood, given(folder), folder / "out", lambda _: None)}

    def told(name: str) -> float:
        table = gpd.read_file(written[name])
        assert table["id"].tolist() == ["甲-01"]
        return float(table[name].iloc[0])

    assert told("levee_volume") == told("levee_peak") == 0.0
    assert told("gate_volume") > 100.0
    assert told("culvert_volume") > 100.0
    assert told("pump_peak") == pytest.approx(0.2)
    assert told("pump_volume") > 10.0


def test_a_plain_flood_writes_nothing_of_works_and_drains(folder: Path) -> None:
    told = given(folder)
    plain = {name: paths for name, paths in told.inputs.items() if name not in ROLES}
    written = run_single(flood, replace(told, inputs=plain), folder / "plain", lambda _: None)
    assert {path.stem for path in written} == {
        "max_depth", "final_depth", "max_speed", "hazard_rating", "arrival_time", "flood_duration", "depth_course",
        "rain_volume", "inflow_volume", "outflow_volume", "infiltration_volume", "drained_volume", "stored_volume",
        "mass_error", "provenance",
    }  # fmt: skip
    told = given(folder)
    pumped = {name: paths for name, paths in told.inputs.items() if name not in ROLES or name == "pumps"}
    more = run_single(flood, replace(told, inputs=pumped), folder / "pumped", lambda _: None)
    assert {path.stem for path in more} - {path.stem for path in written} == {"pump_peak", "pump_volume"}


def test_a_levee_without_a_crest_is_refused(folder: Path) -> None:
    save(folder / "堤防.gpkg", at((50, -10), (50, 70)), 名称="东堤")
    with pytest.raises(InputError) as fault:
        run_single(flood, given(folder), folder / "out", lambda _: None)
    assert fault.value.text == "flood.levee_crest"
    assert not (folder / "out").exists()


STUDY = """
[study]
name = "river"
title = { zh = "河边", en = "By the river" }
crs = "EPSG:4549"
region = "CN-SH"
year = 2025
resolution = 5
synthetic = true

[files]
terrain = { path = "dem.tif" }
levees = { path = "堤防.gpkg", columns = { crest_level = "堤顶高程" } }
gates = { path = "水闸.gpkg" }
culverts = { path = "涵洞.gpkg" }
pumps = { path = "泵站.gpkg" }

[files.storm]
path = "rain.csv"
event = "dry"

[uniform]
manning = 0.03
initial_depth = 1.2

[parameters."resilience.flood"]
north = "closed"
south = "closed"
east = "closed"
west = 2.5
duration = 900.0

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }
"""


def test_a_study_reads_them_and_its_gis_files_tell_of_each(folder: Path) -> None:
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    run = run_study(open_study(folder / "study.toml"), threads=1)
    assert "resilience.flood" not in {gap.model for gap in run.gaps("as_is")}
    write_exports(View(run), folder / "out", lambda _: None)
    for table, name in (("levees", "levee"), ("gates", "gate"), ("culverts", "culvert"), ("pumps", "pump")):
        frame = gpd.read_file(folder / "out" / "gis" / "plan.gpkg", layer=f"{table}_as_is")
        assert float(frame[f"{name}_volume_dry"].iloc[0]) >= 0.0
        assert frame.crs == CRS
    assert float(frame["pump_volume_dry"].iloc[0]) > 10.0
