"""Contours and spot heights make a terrain, with its interpolation and error told."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from citybraid.core.errors import InputErrors
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.rules import Rules
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, parcels

SLOPE = 0.05


def taken(root: Path, name: str) -> Intake:
    parcels().to_file(root / "地块.gpkg")
    files = {"parcels": FileSpec(path="地块.gpkg"), "terrain": FileSpec(path=name)}
    return take_in(files, TARGET, root=root, rules=Rules(TARGET, region="CN"))


def contours() -> gpd.GeoDataFrame:
    """Straight contours of a plane that rises to the east."""
    lines = [LineString([(WEST + east, SOUTH - 50), (WEST + east, SOUTH + 250)]) for east in range(-40, 260, 20)]
    return gpd.GeoDataFrame({"高程": [10 + SLOPE * east for east in range(-40, 260, 20)]}, geometry=lines, crs=CRS)


def test_a_plane_of_contours_is_found_again(tmp_path: Path) -> None:
    contours().to_file(tmp_path / "等高线.gpkg")
    assert {guess.path.name: guess.role for guess in guess_roles(tmp_path)} == {"等高线.gpkg": "terrain"}
    intake = taken(tmp_path, "等高线.gpkg")
    layer = next(each for each in intake.layers if each.var.name == "terrain")
    assert layer.grid is not None
    east = layer.grid.affine.c + (np.arange(layer.grid.shape[1]) + 0.5) * 5.0 - WEST
    assert np.allclose(layer.value.to_numpy(), 10 + SLOPE * east[None, :], atol=1e-4)
    (finding,) = [each for each in intake.findings if each.text == "intake.heights_read"]
    assert finding.count == 15
    assert finding.values["error"] == pytest.approx(0.0, abs=1e-3)


def test_the_error_of_uneven_ground_is_told(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    places = generator.uniform(-20, 220, (200, 2))
    heights = 10 + np.sin(places[:, 0] / 20) + generator.normal(0, 0.3, 200)
    spots = [Point(WEST + x, SOUTH + y) for x, y in places]
    gpd.GeoDataFrame({"elevation": heights}, geometry=spots, crs=CRS).to_file(tmp_path / "spot_height.gpkg")
    intake = taken(tmp_path, "spot_height.gpkg")
    (finding,) = [each for each in intake.findings if each.text == "intake.heights_read_spots"]
    assert 0.2 < float(str(finding.values["error"])) < 1.0
    assert "root mean square" in finding.say("en")


def test_a_single_contour_makes_no_terrain(tmp_path: Path) -> None:
    contours().iloc[:1].to_file(tmp_path / "等高线.gpkg")
    with pytest.raises(InputErrors) as caught:
        taken(tmp_path, "等高线.gpkg")
    assert [each.text for each in caught.value.problems] == ["intake.heights_few"]


@pytest.mark.parametrize(("header", "told"), [("高程", 1), ("高程(cm)", 0)])
def test_whole_heights_without_a_unit_are_told(header: str, told: int, tmp_path: Path) -> None:
    """A column in centimetres was read as metres without a word: ground of 3 m stood at 300 m."""
    spots = [Point(WEST + 20 * east, SOUTH + 20 * north) for east in range(10) for north in range(10)]
    heights = [300 + 2 * (at // 10 + at % 10) for at in range(100)]
    gpd.GeoDataFrame({header: heights}, geometry=spots, crs=CRS).to_file(tmp_path / "高程点.gpkg")
    intake = taken(tmp_path, "高程点.gpkg")
    found = [each for each in intake.findings if each.text == "intake.heights_whole"]
    assert [(each.kind, each.count, each.values["low"], each.values["high"]) for each in found] == (
        [("warning", 100, 300.0, 336.0)] * told
    )
    layer = next(each for each in intake.layers if each.var.name == "terrain")
    assert float(layer.value.max()) == pytest.approx(336.0 if told else 3.36, rel=5e-3)
