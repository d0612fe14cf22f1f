"""A street's drains from a study file: run apart and coupled with the flood, capacities by zone, and told exports."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from citybraid.core.errors import PlanError
from citybraid.report.view import View
from citybraid.report.water_works import coupled
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.resilience.drained_street import CRS, street

pytestmark = pytest.mark.slow

STUDY = """
[study]
name = "street"
title = { zh = "街道", en = "Street" }
crs = "EPSG:32651"
region = "CN-SH"
year = 2025
resolution = 5
synthetic = true

[files.drainage]
path = "管网.inp"
crs = "EPSG:32651"

[files.study_area]
path = "范围.gpkg"

[files.terrain]
path = "dem.tif"

[files.storm]
path = "storm.csv"
event = "cloudburst"

[files.drain_capacity]
path = "分区.gpkg"

[uniform]
manning = 0.03

[parameters."resilience.flood"]
drains = "coupled"

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }
"""


def written(folder: Path, *, text: str = STUDY, zone: tuple[float, float] = (0.0, 20.0)) -> Path:
    """Write a street of 55 x 200 m and its study; its drains stand at y = 27.5 m, its zone of unknown pipes below."""
    folder.mkdir()
    (folder / "管网.inp").write_bytes(street().encode("gb18030"))
    gpd.GeoDataFrame(geometry=[box(0, 0, 200, 55)], crs=CRS).to_file(folder / "范围.gpkg")
    zones = gpd.GeoDataFrame({"排水能力": [36.0]}, geometry=[box(0, zone[0], 200, zone[1])], crs=CRS)
    zones.to_file(folder / "分区.gpkg")
    bed = 10.0 + 0.02 * np.abs(np.mgrid[0:11, 0:40][0] - 5)
    profile = {"driver": "GTiff", "height": 11, "width": 40, "count": 1, "dtype": "float32", "nodata": -9999.0}
    with rasterio.open(folder / "dem.tif", "w", crs=CRS, transform=from_origin(0, 55, 5, 5), **profile) as target:
        target.write(bed.astype("float32"), 1)
    rows = "".join(f"{minute},{5 if minute < 30 else 0}\n" for minute in range(0, 60, 5))
    (folder / "storm.csv").write_text(f"time_min,rain_mm\n{rows}", encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_study(open_study(written(tmp_path_factory.mktemp("排水 a") / "街道")), threads=1)


def value(run: Run, name: str) -> object:
    (layer,) = run.layers("as_is")[name].values()
    return run.value(layer)


def test_a_study_runs_its_drains_and_couples_its_flood(ran: Run) -> None:
    assert not {"resilience.drainage", "resilience.flood"} & {gap.model for gap in ran.gaps("as_is")}
    assert float(value(ran, "outfall_volume")) > 10.0  # type: ignore[arg-type]
    assert float(value(ran, "drains_taken")) > 50.0  # type: ignore[arg-type]
    assert value(ran, "node_coupling").to_dict()["O1"] == "outfall"  # type: ignore[attr-defined]
    residuals = {name: told for step in ran.steps("as_is") for name, told in step.residuals.items()}
    assert abs(residuals["mass_error"]) < 1e-9
    assert abs(residuals["exchange_error"]) < 1e-9


def test_zones_of_unknown_pipes_drain_by_capacity(ran: Run) -> None:
    capacity = np.asarray(value(ran, "drain_capacity"))
    assert (capacity[7:] == 36.0).all()
    assert (capacity[:7] == 0.0).all()
    assert float(value(ran, "drained_volume")) > 1.0  # type: ignore[arg-type]


def test_what_is_made_for_nodes_is_a_column_of_the_drains(ran: Run) -> None:
    frame = View(ran).frame("as_is", "drain_nodes")
    assert frame is not None
    assert set(frame.index) == {"J1", "J2", "J3", "J4", "O1"}


def test_a_zone_over_known_pipes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError) as caught:
        run_study(open_study(written(tmp_path / "a", zone=(0.0, 55.0))), threads=1)
    assert caught.value.text == "drains.twice"
    assert "4" in caught.value.say("zh")


def test_apart_the_flood_knows_no_pipes(tmp_path: Path) -> None:
    text = STUDY.replace('drains = "coupled"', 'drains = "apart"')
    run = run_study(open_study(written(tmp_path / "a", text=text)), threads=1)
    assert float(value(run, "outfall_volume")) > 10.0  # type: ignore[arg-type]
    assert not {"drains_taken", "node_taken", "exchange_error", "levee_peak"} & run.layers("as_is").keys()
    assert not coupled(View(run), "as_is")
