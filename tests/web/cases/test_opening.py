"""Cases of others opened as studies: laid out, held against runs, and refused where they bring what is not theirs."""

import json
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from citybraid.study.open.open_study import asked_by
from tests.commons.made_case import made_place, packed, parts_of, rewritten
from tests.web.packed_place import FREE, put_place
from tests.web.uploading import bytes_of, sent


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case whose inputs are all packed."""
    return packed(made_place(tmp_path / "there", entries=FREE), tmp_path / "made.case.zip").file


def opened(owner: TestClient, content: bytes, name: str = "made.case.zip") -> tuple[int, dict[str, object]]:
    answer = owner.post(f"/api/uploads/{sent(owner, {name: content})}/case")
    return answer.status_code, answer.json()


def test_a_case_becomes_a_study_with_its_files_where_it_names_them(
    owner: TestClient, case: Path, workspace: Path
) -> None:
    status, made = opened(owner, case.read_bytes())
    assert status == 201, made
    folder = workspace / str(made["folder"])
    study = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    assert study["study"]["data"] == "data"
    assert sorted(path.name for path in folder.iterdir()) == ["case", "data", "lessons.toml", "study.toml"]
    assert (folder / "data" / "站点" / "dem.asc").read_bytes() == b"ncols 1\n"
    assert asked_by(folder / "study.toml").files.keys() == {"rain", "ground", "houses"}
    told = owner.get(f"/api/studies/{made['id']}/case").json()
    assert (told["name"], told["authors"], told["held"]["absent"]) == ("made", ["Wang"], [])
    assert [each["file"]["path"] for each in owner.get(f"/api/studies/{made['id']}/files").json()["files"]] == [
        "houses.csv", "storm.csv", "站点/dem.asc",
    ]  # fmt: skip
    assert owner.get(f"/api/uploads/{made['id']}").status_code == 404, "the upload is gone"


def test_every_value_of_the_case_is_held_against_a_run(owner: TestClient, case: Path, workspace: Path) -> None:
    _, made = opened(owner, case.read_bytes())
    runs = workspace / str(made["folder"]) / "runs"
    put_place(workspace / "other", entries=FREE)
    shutil.copytree(workspace / "other" / "runs", runs)
    url = f"/api/studies/{made['id']}/runs/001/case/told"
    told = owner.get(url).json()
    assert told["values"] > 5
    assert (told["same"], told["differing"]) == (told["values"], [])
    (table,) = (runs / "001" / "tables" / "units").glob("as_is.parquet")
    units = pd.read_parquet(table)
    name = next(each for each in units.columns if units[each].notna().all() and (units[each] != 0).all())
    units[name] *= 1.01
    units.to_parquet(table)
    told = owner.get(url).json()
    assert told["values"] - told["same"] == len(units)
    assert {each["indicator"]["en"] for each in told["differing"]} != set()
    first = told["differing"][0]
    assert first["computed"] == pytest.approx(first["told"] * 1.01)


def test_a_study_begun_otherwise_is_of_no_case(owner: TestClient, study: str, workspace: Path) -> None:
    put_place(workspace / "片区 一")
    assert owner.get(f"/api/studies/{study}/case").json() is None
    assert owner.get(f"/api/studies/{study}/runs/001/case/told").status_code == 404


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_case_leaves_nothing(owner: TestClient, workspace: Path, content: bytes) -> None:
    before = bytes_of(workspace / "片区 一")
    status, told = opened(owner, content)
    assert (status, told["error"]) == (422, "case.no_archive")
    assert [each.name for each in workspace.iterdir() if not each.name.startswith(".")] == ["片区 一"]
    assert bytes_of(workspace / "片区 一") == before


def test_a_changed_part_is_refused(owner: TestClient, case: Path) -> None:
    parts = parts_of(case)
    parts["results/indicators.csv"] = parts["results/indicators.csv"].replace(b"1", b"2")
    assert opened(owner, rewritten(case, parts, listed=False).read_bytes())[1]["error"] == "case.part_changed"


def test_a_case_brings_no_run_and_no_hidden_file(owner: TestClient, case: Path, workspace: Path) -> None:
    parts = parts_of(case) | {
        "study/runs/001/manifest.json": b"{}", "study/.citybraid/files.json": b"{}", "study/.hidden.toml": b"",
    }  # fmt: skip
    status, told = opened(owner, rewritten(case, parts).read_bytes())
    assert (status, told["error"]) == (400, "web.cases.reserved")
    del parts["study/.hidden.toml"]
    status, made = opened(owner, rewritten(case, parts).read_bytes())
    assert status == 201
    folder = workspace / str(made["folder"])
    assert made["runs"] == []
    assert not (folder / "runs").exists()
    assert not (folder / ".citybraid" / "files.json").exists()
    assert (folder / "case" / "study" / "runs" / "001" / "manifest.json").is_file(), "kept aside, as a part of the case"


@pytest.mark.parametrize("place", ["runs/001/manifest.json", "case/x.csv", "Runs/x.csv", ".citybraid/x.csv"])
def test_inputs_that_would_fill_the_workspaces_own_folders_are_refused(
    owner: TestClient, case: Path, place: str
) -> None:
    parts = parts_of(case)
    parts[f"study/{place}"] = parts.pop("inputs/storm.csv")
    card = json.loads(parts["case.json"])
    for each in card["inputs"]:
        for piece in each["pieces"]:
            piece["path"] = piece["path"].replace("storm.csv", place)
    parts["case.json"] = json.dumps(card).encode()
    parts["study/study.toml"] = parts["study/study.toml"].replace(b"storm.csv", place.encode())
    assert opened(owner, rewritten(case, parts).read_bytes())[1]["error"] == "web.cases.reserved"


def test_an_upload_of_two_files_and_one_without_room_are_refused(owner: TestClient, case: Path) -> None:
    upload = sent(owner, {"a.case.zip": case.read_bytes(), "b.csv": b"id\n1\n"})
    assert owner.post(f"/api/uploads/{upload}/case").json()["error"] == "web.cases.one_file"
    owner.delete(f"/api/uploads/{upload}")
