"""Rasters in tiles as a study names them: a folder stands for its rasters, each tile is told and counts."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from citybraid.core.errors import InputErrors
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import StudyIntake, take_in_study
from citybraid.study.plan.tiles import file_names
from tests.study.made_study import Made


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Studies of one place: its terrain in one file, in a folder of tiles, and in two folders with one name."""
    root = tmp_path_factory.mktemp("分幅")
    for name, path in (("whole", '"terrain.tif"'), ("folder", '"dem"'), ("same", '["w/dem.tif", "e/dem.tif"]')):
        (root / name).mkdir()
        file = Made(root / name, ("parcels", "terrain")).written()
        file.write_text(
            file.read_text(encoding="utf-8").replace('path = "terrain.tif"', f"path = {path}"), encoding="utf-8"
        )
    for name, tiles in (("folder", ("dem/一.tif", "dem/二.tif")), ("same", ("w/dem.tif", "e/dem.tif"))):
        split(root / name / "terrain.tif", [root / name / each for each in tiles])
    return root


def split(path: Path, tiles: list[Path]) -> None:
    with rasterio.open(path) as file:
        half = file.width // 2
        for tile, (first, last) in zip(tiles, ((0, half), (half, file.width)), strict=True):
            tile.parent.mkdir(exist_ok=True)
            part = Window(first, 0, last - first, file.height)
            about = file.profile | {"width": last - first, "transform": file.window_transform(part)}
            with rasterio.open(tile, "w", **about) as made:
                made.write(file.read(window=part))
    path.unlink()


def taken(folder: Path) -> StudyIntake:
    return take_in_study(open_study(folder / "study.toml"), Store(folder / "store"))


def test_a_folder_stands_for_its_tiles_and_each_is_told(studies: Path) -> None:
    """It was refused with "name the file in it", though no one file is the terrain."""
    asked = open_study(studies / "folder" / "study.toml").asked.files["terrain"]
    assert asked.paths == ("dem/一.tif", "dem/二.tif")
    assert [each for each in taken(studies / "folder").files if each.startswith("terrain")] == [
        "terrain:一.tif", "terrain:二.tif"
    ]  # fmt: skip


def test_tiles_of_one_name_are_two_files(studies: Path) -> None:
    """Keyed by name alone, the first was in no provenance, and a change of it was not read."""
    before = taken(studies / "same").files
    assert [each for each in before if each.startswith("terrain")] == ["terrain:w/dem.tif", "terrain:e/dem.tif"]
    with rasterio.open(studies / "same" / "w" / "dem.tif", "r+") as file:
        file.write(file.read() + np.float32(0.5))
    after = taken(studies / "same").files
    assert {name for name in after if after[name] != before[name]} == {"terrain:w/dem.tif"}
    assert file_names(FileSpec(path=("a/x.tif", "b/x.tif", "b/y.tif"))) == ("a/x.tif", "b/x.tif", "y.tif")


def test_folders_of_other_files_are_refused(studies: Path) -> None:
    file = studies / "folder" / "study.toml"
    other = file.with_name("other.toml")
    other.write_text(
        file.read_text(encoding="utf-8").replace('path = "parcels.gpkg"', 'path = "dem"'), encoding="utf-8"
    )
    with pytest.raises(InputErrors, match="'dem' is a folder"):
        take_in_study(open_study(other), Store(studies / "folder" / "store"))
