"""Rasters of threats and access through a study: from GeoTIFFs to the indicator by hand; refusals and guesses."""

import re
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.geometry import box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.commands import citybraid
from tests.geotiffs import CRS, NORTH, WEST, write_raster

pytestmark = pytest.mark.slow

HEAD = """
[study]
name = "threats"
title = { zh = "威胁", en = "Threats" }
crs = "EPSG:4549"
region = "CN-ZJ"
year = 2025
resolution = 1000
synthetic = true

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }

[parameters."biodiversity.habitat_quality"]
reading = "nearest"

[parameters."biodiversity.connectivity"]
distance = 1000
probability = 0.1
link_distance = 800
smallest = 0

[files.units]
path = "units.gpkg"

[files.land_cover]
path = "cover.tif"
"""
TRAFFIC = """
[files.traffic]
path = "pressures.tif"
role = "threat_intensity"
threat = "{threat}"
variable = "band {band}"
"""
MINES = """
[files.mines]
path = "industrial_mining.tif"
role = "threat_intensity"
"""
ACCESS = """
[files.threat_access]
path = "access.tif"
"""


def made(folder: Path, text: str) -> Path:
    """Write a row of a road, a wood and a roof of 1 km, thrice, with pressures on them, and the study file."""

    def rows(*values: float) -> NDArray[np.float32]:
        return np.tile(np.array(values, dtype=np.float32), (3, 1))

    write_raster(folder / "cover.tif", rows(51, 10, 52).astype(np.uint8), cell=1000.0, nodata=0)
    write_raster(folder / "pressures.tif", rows(0, 0, 0), rows(0.25, 0, 0), cell=1000.0)
    write_raster(folder / "industrial_mining.tif", rows(0, 0, 0.5), cell=1000.0)
    write_raster(folder / "access.tif", rows(1, 0.5, 1), cell=1000.0)
    everywhere = box(WEST, NORTH - 3000.0, WEST + 3000.0, NORTH)
    gpd.GeoDataFrame({"unit_name": ["u"]}, geometry=[everywhere], crs=CRS).to_file(folder / "units.gpkg", layer="units")
    (folder / "study.toml").write_text(HEAD + text, encoding="utf-8")
    return folder / "study.toml"


class Ran(NamedTuple):
    view: View
    quality: float
    """Habitat quality of the wood."""
    indicator: float


def ran(path: Path) -> Ran:
    view = View(run_study(open_study(path), threads=1))
    layer, table = view.layer("as_is", "habitat_quality"), view.run.table("units/as_is")
    assert layer is not None
    assert table is not None
    values = view.raster(layer)
    assert (values[:, [0, 2]] == 0.0).all()
    return Ran(view, float(values[1, 1]), float(table["habitat_quality"][WHOLE_AREA]))


def quality(degraded: float) -> float:
    lost: float = 1.0 / (1.0 + (0.5 / degraded) ** 2.5) if degraded > 0.0 else 0.0
    return 1.0 - lost


HOMES, ROADS, MINE = 0.2 * 0.8 * 0.9, 0.5 * 0.9 * 0.8, 0.3 * 0.8 * 0.8
"""Weight × decay over 1 km × sensitivity of the wood, by the source's tables 3 and 4."""


@pytest.mark.parametrize(
    ("text", "degraded"),
    [
        ("", (HOMES + ROADS) / 0.7),
        (TRAFFIC.format(threat="transport", band=2), (HOMES + 0.25 * ROADS) / 0.7),
        (MINES, HOMES + ROADS + 0.5 * MINE),
        (TRAFFIC.format(threat="transport", band=2) + MINES + ACCESS, 0.5 * (HOMES + 0.25 * ROADS + 0.5 * MINE)),
    ],
)
def test_from_files_to_the_indicator(tmp_path: Path, text: str, degraded: float) -> None:
    found = ran(made(tmp_path, text))
    assert found.quality == pytest.approx(quality(degraded), rel=1e-6)
    assert found.indicator == pytest.approx(quality(degraded) / 3.0, rel=1e-6)


def test_the_study_sets_both_distances_of_connectivity(tmp_path: Path) -> None:
    view = ran(made(tmp_path, "")).view
    assert view.number("as_is", "link_distance") == 800.0
    assert view.number("as_is", "half_chance_distance") == pytest.approx(1000.0 * np.log10(2.0))
    assert view.number("as_is", "integral_connectivity") == pytest.approx((3.0 / 9.0) ** 2)


def test_a_threat_without_rows_is_refused_before_anything_runs(tmp_path: Path) -> None:
    path = made(tmp_path, TRAFFIC.format(threat="poachers", band=2))
    done = citybraid("check", str(path), "--no-report", folder=tmp_path)
    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert "poachers" in told
    assert "industrial_mining" in told
    assert "habitat_threat,poachers/weight" in told
    assert "生境质量" in told


def test_a_threat_belongs_to_its_role_only(tmp_path: Path) -> None:
    path = made(tmp_path, ACCESS.replace('"access.tif"', '"access.tif"\nthreat = "transport"'))
    done = citybraid("check", str(path), "--no-report", folder=tmp_path)
    assert done.returncode != 0
    assert "threat" in done.stderr + done.stdout


def test_a_new_study_takes_the_threats_of_its_files(tmp_path: Path) -> None:
    """Both rasters of threats are used, one named after its threat; of the other the threats are offered."""
    files = tmp_path / "files"
    files.mkdir()
    made(files, "")
    (files / "study.toml").unlink()
    (files / "pressures.tif").unlink()
    (files / "industrial_mining.tif").rename(files / "threat_industrial_mining.tif")
    write_raster(files / "noise_threat.tif", np.zeros((3, 3), dtype=np.float32) + 0.5, cell=1000.0)
    done = citybraid("new", "study", "--files", "files", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert re.search(r'threat = "industrial_mining"', text)
    assert re.search(r"# threat = .*industrial_mining, residential, transport", text)
    assert "[files.threat_access]" in text
