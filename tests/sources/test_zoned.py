"""Zones with a number each: polygons become the raster that their role names."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, box

from citybraid.core.errors import InputErrors
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target

CRS = "EPSG:4549"
X, Y = 500_000.0, 3_400_000.0
TARGET = Target(crs=CRS, cell=10.0)


def zones(path: Path, header: str = "排水能力(mm/h)", values: tuple[object, ...] = (36.0, 20.0)) -> Path:
    """Write two zones side by side; the border cuts the cells of a column in half."""
    shapes = [box(X, Y, X + 95, Y + 100), box(X + 95, Y, X + 200, Y + 100)]
    gpd.GeoDataFrame({header: list(values)}, geometry=shapes, crs=CRS).to_file(path)
    return path


def taken(folder: Path, **columns: str) -> Intake:
    area = gpd.GeoDataFrame(geometry=[box(X, Y, X + 200, Y + 200)], crs=CRS)
    area.to_file(folder / "范围.gpkg")
    name = next(path.name for path in folder.iterdir() if path.stem == "zones")
    files = {
        "drain_capacity": FileSpec(path=name, columns=columns), "study_area": FileSpec(path="范围.gpkg"),
    }  # fmt: skip
    return take_in(files, TARGET, root=folder)


def capacity(intake: Intake) -> np.ndarray:
    return np.asarray(next(each.value for each in intake.layers if each.var.name == "drain_capacity"))


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_zones_become_a_raster(tmp_path: Path, suffix: str) -> None:
    zones(tmp_path / f"zones.{suffix}", header="排水能力")
    intake = taken(tmp_path)
    found = capacity(intake)
    assert found.shape == (20, 20)
    assert (found[:10] == 0.0).all(), "no zone, no drains"
    assert (found[10:, :9] == 36.0).all()
    assert (found[10:, 10:] == 20.0).all()
    assert np.allclose(found[10:, 9], 28.0, atol=3.3)
    assert "intake.zones_read" in {each.text for each in intake.findings}


def test_units_and_columns_that_the_study_names(tmp_path: Path) -> None:
    zones(tmp_path / "zones.gpkg", header="q (mm/d)", values=(864.0, "不详"))
    found = capacity(taken(tmp_path, drain_capacity="q (mm/d)"))
    assert found[15, 3] == pytest.approx(36.0)
    assert found[15, 15] == 0.0


def test_what_zones_may_not_be(tmp_path: Path) -> None:
    zones(tmp_path / "zones.gpkg", header="名称", values=("a", "b"))
    with pytest.raises(InputErrors) as caught:
        taken(tmp_path)
    assert [each.text for each in caught.value.problems] == ["intake.zones_no_column"]
    lines = [LineString([(X, Y), (X + 50, Y + 50)])]
    (tmp_path / "zones.gpkg").unlink()
    gpd.GeoDataFrame({"排水能力": [3.0]}, geometry=lines, crs=CRS).to_file(tmp_path / "zones.gpkg")
    with pytest.raises(InputErrors) as caught:
        taken(tmp_path)
    assert [each.text for each in caught.value.problems] == ["intake.zones_no_polygon"]


def test_values_out_of_range_are_told_and_left_out(tmp_path: Path) -> None:
    zones(tmp_path / "zones.gpkg", values=(36.0, 1e308))
    intake = taken(tmp_path)
    assert capacity(intake)[15, 15] == 0.0
    assert "intake.cell_out_of_range" in {each.text for each in intake.findings}
