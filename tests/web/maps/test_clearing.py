import os
from pathlib import Path

import pytest

from citybraid.web.maps.clearing import YOUNG_S, clear_tiles
from citybraid.web.maps.kept import FOLDER


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with one run of the layer `abc`, and tiles of that, of a layer that went, and a draft left behind."""
    (tmp_path / "runs" / "001").mkdir(parents=True)
    (tmp_path / "runs" / "001" / "manifest.json").write_text('{"layers": [{"key": "abc"}]}', encoding="utf-8")
    tiles = tmp_path / FOLDER
    for name in ("abc-0-d1", "old-0-d1", ".f00.old-0-d1"):
        (tiles / name).mkdir(parents=True)
        (tiles / name / "5.tif").write_bytes(b"x")
    for name in ("abc.pmtiles", "gone.pmtiles"):
        (tiles / name).write_bytes(b"x")
    for each in tiles.iterdir():
        os.utime(each, (0, 0))
    (tiles / "new.pmtiles").write_bytes(b"x")
    return tmp_path


def test_tiles_of_layers_that_no_run_names_go(study: Path) -> None:
    assert clear_tiles(study) == 3
    assert {each.name for each in (study / FOLDER).iterdir()} == {"abc-0-d1", "abc.pmtiles", "new.pmtiles"}
    assert clear_tiles(study) == 0
    assert YOUNG_S > 60


def test_nothing_goes_where_a_manifest_cannot_be_read(study: Path) -> None:
    (study / "runs" / "002" / "manifest.json").mkdir(parents=True)
    assert clear_tiles(study) == 0


def test_a_study_without_tiles_has_none_to_clear(tmp_path: Path) -> None:
    assert clear_tiles(tmp_path) == 0
