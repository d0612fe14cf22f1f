"""Messy files come in by the browser's door: uploaded, drafted, chosen, checked as the command line checks them."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.web.access.refusals import NotFound
from citybraid.web.configuration.settings import OWN
from citybraid.web.jobs.kinds import intake as intake_job
from tests.commands import citybraid
from tests.corpus.tables import workbook_of_controls
from tests.sources.planner_files import CRS, buildings, drawing, shapefile
from tests.web.uploading import bytes_of, changes, client_of, sent

pytestmark = pytest.mark.slow
FILES = {"控规.dxf", "现状 建筑.shp", "指标.xlsx"}


@pytest.fixture
def messy(tmp_path: Path) -> dict[str, bytes]:
    """A drawing in GBK and a shapefile in GBK, both without CRS, and a workbook of controls."""
    folder = tmp_path / "来的 资料"
    folder.mkdir()
    drawing(folder / "控规.dxf")
    shapefile(folder / "现状 建筑.shp", buildings())
    workbook_of_controls.make(folder)
    return bytes_of(folder)


@pytest.fixture
def made(owner: TestClient, messy: dict[str, bytes]) -> str:
    """Return the id of a study made of them."""
    upload = sent(owner, messy)
    answer = owner.post(f"/api/uploads/{upload}/study", json={"title": "嘉兴 片区（一）"})
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


@pytest.fixture
def other(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app, "other") as client:
        yield client


def test_messy_files_are_fixed_by_choices_and_checked_as_by_the_command_line(
    owner: TestClient, made: str, workspace: Path
) -> None:
    folder = workspace / "嘉兴 片区（一）"
    assert sorted(path.name for path in (folder / "data").glob("*")) == [
        "指标.xlsx", "控规.dxf", "现状 建筑.dbf", "现状 建筑.shp", "现状 建筑.shx",
    ]  # fmt: skip
    before = owner.get(f"/api/studies/{made}/settings").json()
    assert before["content"]["study"]["title"] == {"zh": "嘉兴 片区（一）", "en": "嘉兴 片区（一）"}
    assert "study.crs" in {each["where"] for each in before["troubles"]}

    files = {each["file"]["path"]: each for each in owner.get(f"/api/studies/{made}/files").json()["files"]}
    holds_what_is_known(files["data/现状 建筑.shp"])
    holds_a_drawing(owner, f"/api/studies/{made}/files", files["data/控规.dxf"]["file"]["id"])
    (sheet,) = files["data/指标.xlsx"]["entries"]
    assert (sheet["name"], sheet["role"]) == ("parcels_2", "parcels"), "a sheet of controls is known by its columns"
    no_drawing = files["data/现状 建筑.shp"]["file"]["id"]
    assert owner.get(f"/api/studies/{made}/files/{no_drawing}/layers").status_code == 404

    body = changes(
        owner, made,
        (("study", "crs"), CRS), (("study", "region"), "CN-ZJ-JX"), (("study", "resolution"), 20),
        (("files", "buildings", "crs"), CRS), (("files", "buildings", "encoding"), "gb18030"),
        (("files", "parcels", "crs"), CRS), (("study", "unknown_cover"), "gap"),
        (("files", "buildings", "columns"), {"floors": "层数", "year_built": "建成年代"}),
    )  # fmt: skip
    told = owner.post(f"/api/studies/{made}/settings", json=body).json()
    assert tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))["study"]["crs"] == ""
    written = owner.patch(f"/api/studies/{made}/settings", json=body).json()
    assert told["written"] == written["written"]
    assert (written["version"], written["troubles"]) == (before["version"] + 1, [])
    text = (folder / "study.toml").read_text(encoding="utf-8")
    assert written["text"] == text
    assert text.startswith("# Written by `citybraid new`")
    assert tomllib.loads(text)["files"]["buildings"]["columns"] == {"floors": "层数", "year_built": "建成年代"}

    holds_what_the_command_line_finds(owner, made, folder)


def holds_what_is_known(built: dict[str, Any]) -> None:
    """A look at the shapefile tells encoding, columns, rows, likely CRS, role and quantities."""
    assert built["file"]["layers"][0]["encoding"] == "gb18030"
    assert built["file"]["layers"][0]["columns"] == ["编号", "用途", "层数", "高度", "建成年代"]
    assert built["file"]["layers"][0]["count"] == 5
    assert any("EPSG:4549" in each for each in built["file"]["layers"][0]["crs_candidates"])
    (entry,) = built["entries"]
    assert (entry["name"], entry["role"]) == ("buildings", "buildings")
    held = {each["quantity"]: each for each in entry["columns"]}
    assert (held["floors"]["header"], held["floors"]["how"]) == ("层数", "known")
    assert (held["id"]["header"], held["id"]["title"]["zh"]) == ("编号", "行编号")
    reason = built["file"]["layers"][0]["reason"]
    assert "建筑" in reason["zh"]
    assert not re.search(r"[a-z]_[a-z]|polygon", reason["zh"] + reason["en"]), "titles, not codes"


def holds_a_drawing(owner: TestClient, path: str, file: str) -> None:
    """A look at the drawing tells its encoding and likely CRS, and draws it."""
    layers = owner.get(f"{path}/{file}/layers").json()
    assert layers["encoding"] in {"gbk", "gb18030", "cp936"}
    assert any("EPSG:4549" in each for each in layers["crs_candidates"])
    picture = owner.get(f"{path}/{file}/picture", params={"language": "zh"})
    assert picture.content.startswith(b"\x89PNG")


def holds_what_the_command_line_finds(owner: TestClient, made: str, folder: Path) -> None:
    """The job's record is, word for word, what `citybraid check --json` prints."""
    assert owner.get(f"/api/studies/{made}/intake").json() is None
    done = citybraid(*intake_job.command(folder, {}))
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode in {0, 2}, done.stderr
    assert [each["event"] for each in events][-1] == "Done"
    assert {each["file"] for each in events if each["event"] == "FileRead"} == FILES
    shown = owner.get(f"/api/studies/{made}/intake").json()
    by_line = citybraid("check", str(folder / "study.toml"), "--json", "--no-report")
    assert shown["record"] == json.loads(by_line.stdout)
    assert shown["record"]["ready"] == (by_line.returncode == 0) == (done.returncode == 0)
    read = owner.get(f"/api/studies/{made}/intake/reading").json()
    assert (read["planned"], {each["file"] for each in read["files"] if each["done"]}) == (3, FILES)
    assert not shown["outdated"]
    assert shown["record"]["origin"]["buildings"] == ["buildings"]
    drawn_map = owner.get(f"/api/studies/{made}/intake/map").json()
    assert {each["name"] for each in drawn_map["outlines"]} >= {"buildings", "parcels"}
    assert all(each["path"].startswith("M") for each in drawn_map["outlines"])


def test_a_study_is_nobody_elses(owner: TestClient, made: str, other: TestClient, messy: dict[str, bytes]) -> None:
    file = owner.get(f"/api/studies/{made}/files").json()["files"][0]["file"]["id"]
    seen = owner.get(f"/api/studies/{made}/settings").json()
    body = changes(owner, made, (("study", "year"), 2030))
    upload = sent(owner, messy)
    for method, path, sent_body in (
        ("get", "", None), ("delete", "", None), ("get", "/files", None), ("get", "/settings", None),
        ("post", "/settings", body), ("patch", "/settings", body), ("get", "/intake", None),
        ("get", "/intake/map", None), ("get", "/intake/reading", None),
        ("get", f"/files/{file}/layers", None), ("get", f"/files/{file}/picture", None),
        ("delete", f"/files/{file}?version=1&digest={seen['digest']}", None),
        ("post", "/files/added", {"upload": upload, "version": 1, "digest": seen["digest"]}),
    ):  # fmt: skip
        answer = other.request(method, f"/api/studies/{made}{path}", json=sent_body)
        assert answer.status_code == NotFound.status, (method, path, answer.text)
    for method, path in (("get", ""), ("put", "/0/files"), ("delete", ""), ("post", "/study")):
        answer = other.request(method, f"/api/uploads/{upload}{path}", json={"title": "x"})
        assert answer.status_code == NotFound.status, (method, path)
    assert other.get("/api/studies").json() == []
    assert owner.get(f"/api/studies/{made}").status_code == 200


def test_an_old_version_is_a_conflict_that_names_who(
    owner: TestClient, study: str, app: FastAPI, workspace: Path
) -> None:
    body = changes(owner, study, (("study", "year"), 2030))
    assert owner.patch(f"/api/studies/{study}/settings", json=body).status_code == 200
    again = owner.patch(f"/api/studies/{study}/settings", json=body)
    assert (again.status_code, again.json()["error"]) == (409, "web.study_changed")
    assert "owner" in again.json()["said"]["en"]
    body = changes(owner, study, (("study", "year"), 2040))
    path = workspace / "片区 一" / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    outside = owner.patch(f"/api/studies/{study}/settings", json=body)
    assert (outside.status_code, outside.json()["error"]) == (409, "web.study_changed_outside")
    assert "2030" in path.read_text(encoding="utf-8")
    assert owner.get(f"/api/studies/{study}").json()["version"] == 2


@pytest.mark.parametrize(
    ("at", "value", "status"),
    [
        (("study", "year"), 1600, 422), (("study", "crs"), "EPSG:4326", 422), (("study", "resolution"), -1, 422),
        (("study", "data"), "..", 400), (("study", "name"), "x", 400), (("extends", "x"), "y", 400),
        (("files", "a", "path"), "../片区 二/study.toml", 400), (("files", "a"), {"path": "/etc/passwd"}, 400),
        (("files", "a"), {"path": "study.toml", "made": True}, 400), (("annex", "text"), "../x", 400),
        (("files", "a", "mapping"), "../../x.csv", 400), (("parameters", "x"), {}, 400),
    ],
)  # fmt: skip
def test_what_does_not_fit_or_leads_out_is_refused(
    owner: TestClient, study: str, at: tuple[str, ...], value: Any, status: int, workspace: Path
) -> None:
    before = (workspace / "片区 一" / "study.toml").read_bytes()
    answer = owner.patch(f"/api/studies/{study}/settings", json=changes(owner, study, (at, value)))
    assert answer.status_code == status, answer.json()
    assert set(answer.json()["said"]) == {"en", "zh"}
    assert (workspace / "片区 一" / "study.toml").read_bytes() == before
    assert [path.name for path in (workspace / "片区 一").iterdir() if path.name != OWN] == ["study.toml"]
    assert owner.get(f"/api/studies/{study}").json()["version"] == 1


def test_a_file_is_added_replaced_and_taken_out(
    owner: TestClient, study: str, workspace: Path, messy: dict[str, bytes]
) -> None:
    folder = workspace / "片区 一"
    upload = sent(owner, {name: content for name, content in messy.items() if "建筑" in name})
    seen = owner.get(f"/api/studies/{study}/settings").json()
    body = {"upload": upload, "version": seen["version"], "digest": seen["digest"]}
    added = owner.post(f"/api/studies/{study}/files/added", json=body)
    assert (added.status_code, added.json()) == (201, {"entries": ["buildings"], "version": 2})
    assert tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))["files"]["buildings"]["path"] == (
        "data/现状 建筑.shp"
    )
    again = sent(owner, {"现状 建筑.shp": messy["现状 建筑.shp"]})
    seen = owner.get(f"/api/studies/{study}/settings").json()
    body = {"upload": again, "version": seen["version"], "digest": seen["digest"]}
    replaced = owner.post(f"/api/studies/{study}/files/added", json=body).json()
    assert replaced.get("entries") == [], replaced
    seen = owner.get(f"/api/studies/{study}/settings").json()
    file = owner.get(f"/api/studies/{study}/files").json()["files"][0]["file"]
    answer = owner.delete(
        f"/api/studies/{study}/files/{file['id']}", params={"version": seen["version"], "digest": seen["digest"]}
    )
    assert answer.json()["content"].get("files", {}) == {}
    assert list((folder / "data").iterdir()) == []
    assert sorted(path.name for path in (folder / ".citybraid" / "removed").glob("*/*")) == [
        "现状 建筑.dbf", "现状 建筑.shp", "现状 建筑.shx",
    ]  # fmt: skip
