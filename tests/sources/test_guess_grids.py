"""What grids, drains, packed text and old workbooks in a folder probably are."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from citybraid.sources.intake.guess import Guess, guess_roles
from tests.sources.planner_files import raster
from tests.sources.readers.test_grids import CORNER, classic, grid, store
from tests.sources.readers.test_swmm import model


@pytest.fixture(scope="module")
def guesses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Guess]:
    root = tmp_path_factory.mktemp("资料")
    grid(root / "高程.asc", CORNER)
    model(root / "雨水管网.inp")
    raster(root / "landcover.tif", np.full((80, 80), 30, dtype=np.uint8))
    (root / "建筑.csv.gz").write_bytes(gzip.compress("编号,层数,建成年代\nA,6,1998\n".encode()))
    shutil.copyfile(root / "高程.asc", root / "坏.nc")
    return {guess.path.name: guess for guess in guess_roles(root)}


def test_roles(guesses: dict[str, Guess]) -> None:
    roles = {name: guess.role for name, guess in guesses.items()}
    assert roles["高程.asc"] == "terrain"
    assert roles["雨水管网.inp"] == "drainage"
    assert roles["landcover.tif"] == "land_cover"
    assert roles["建筑.csv.gz"] == "buildings"
    assert set(roles) == {
        "高程.asc",
        "雨水管网.inp",
        "landcover.tif",
        "建筑.csv.gz",
        "坏.nc",
    }
    assert guesses["坏.nc"].reason == "intake.not_this_format"


def test_what_only_the_user_knows_is_asked(guesses: dict[str, Guess]) -> None:
    assert guesses["高程.asc"].asks["crs"][0] == "EPSG:4549"
    assert guesses["雨水管网.inp"].asks["crs"][0] == "EPSG:4549"
    assert "crs" not in guesses["建筑.csv.gz"].asks


def test_data_sets_are_known_by_their_variables(tmp_path: Path) -> None:
    store(tmp_path / "a.zarr", 3)
    guess = guess_roles(tmp_path)[0]
    assert (guess.role, guess.crs) == ("terrain", "EPSG:4549")
    shutil.rmtree(tmp_path / "a.zarr")
    classic(tmp_path / "b.nc")
    assert guess_roles(tmp_path)[0].role == "terrain"
