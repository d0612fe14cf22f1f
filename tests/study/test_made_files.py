"""Files that a study's generator makes beside data of another folder: read together, and fenced in as well."""

from pathlib import Path

import pytest

from citybraid.core.errors import PlanError
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.study_intake import take_in_study
from tests.study.delta import write_study


def parted(folder: Path, *, parcels: str = "parcels.gpkg") -> OpenStudy:
    """Return a study whose units and weather lie in a folder of data, parcels and buildings beside its file."""
    path, data = write_study(folder / "own", ("qingpu",), "CN-SH"), folder / "data"
    data.mkdir()
    for name in ("units.gpkg", "year.epw"):
        path.with_name(name).rename(data / name)
    text = path.read_text(encoding="utf-8")
    for name, file in (("parcels", parcels), ("buildings", "buildings.gpkg")):
        text = text.replace(
            f'[files.{name}]\npath = "{name}.gpkg"\n', f'[files.{name}]\npath = "{file}"\nmade = true\n'
        )
    path.write_text(text, encoding="utf-8")
    return open_study(path, data=data)


def test_made_files_are_read_beside_the_data(tmp_path: Path) -> None:
    study = parted(tmp_path)
    assert study.roots == (tmp_path / "data", tmp_path / "own")
    place = take_in_study(study, Store(tmp_path / "store")).place
    assert {"parcels", "buildings", "units"} <= set(place.layers)


def test_a_made_file_lies_in_the_studys_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.gpkg").write_bytes(b"x")
    study = parted(tmp_path, parcels="../secret.gpkg")
    with pytest.raises(PlanError, match="leads out of") as refused:
        take_in_study(study, Store(tmp_path / "store"))
    assert "parcels" in refused.value.say("zh")


def test_a_study_without_made_files_is_read_from_its_data_alone(tmp_path: Path) -> None:
    study = open_study(write_study(tmp_path / "own", ("qingpu",), "CN-SH"))
    assert study.roots == (study.data,)
