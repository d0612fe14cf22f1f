import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from citybraid.sources.protocol.limits import Limits
from citybraid.web.studies.uploads import MOST_FILES
from tests.web.uploading import client_of, sent


def announce(client: TestClient, *files: tuple[str, int]) -> dict[str, Any]:
    answer = client.post("/api/uploads", json={"files": [{"path": path, "size": size} for path, size in files]})
    return {"status": answer.status_code, **answer.json()}


def uploads(workspace: Path) -> list[Path]:
    return list((workspace / ".citybraid" / "uploads").glob("*/*"))


@pytest.mark.parametrize("name", ["../study.toml", "/etc/x.csv", "a\\..\\..\\b.csv", "con.csv", "a\u0000.csv"])
def test_names_that_lead_elsewhere_are_refused(owner: TestClient, workspace: Path, name: str) -> None:
    told = announce(owner, ("ok.csv", 1), (name, 1))
    assert (told["status"], told["error"]) == (400, "web.upload_name")
    assert uploads(workspace) == []


def test_what_is_not_wanted_is_told_and_the_rest_taken(owner: TestClient) -> None:
    too_large = int(Limits().file_mib * 2**20) + 1
    told = announce(
        owner, ("资料/地块.shp", 9), ("资料/地块.DBF", 9), (".DS_Store", 9), ("资料/控规.dwg", 9), ("说明.md", 9),
        ("大.tif", too_large), ("x.rar", 9), ("库.gdb/a0001.gdbtable", 9),
    )  # fmt: skip
    files = {each["path"]: each["refused"] for each in told["files"]}
    assert [name for name, refused in files.items() if not refused] == [
        "资料/地块.shp", "资料/地块.DBF", "库.gdb/a0001.gdbtable",
    ]  # fmt: skip
    assert all(set(refused) == {"en", "zh"} for refused in files.values() if refused)
    assert "512" in files["大.tif"]["zh"]


def test_an_upload_is_resumed_where_it_broke_off(owner: TestClient, workspace: Path) -> None:
    told = announce(owner, ("表.csv", 10))
    path = f"/api/uploads/{told['id']}"
    assert owner.put(f"{path}/0/files", content=b"a,b\n").json()["received"] == 4
    assert owner.get(path).json()["files"][0]["received"] == 4
    half = owner.post(f"{path}/study", json={"title": "t"})
    assert half.json()["error"] == "web.upload_half"
    assert owner.put(f"{path}/0/files", params={"offset": 2}, content=b"x").json()["error"] == "web.upload_offset"
    longer = owner.put(f"{path}/0/files", params={"offset": 4}, content=b"1,2\n3,4\n")
    assert longer.json()["error"] == "web.upload_longer"
    assert owner.put(f"{path}/1/files", content=b"x").status_code == 404
    assert owner.put(f"{path}/0/files", params={"offset": 4}, content=b"1,2\n3\n").json()["received"] == 10
    assert (uploads(workspace)[0] / "data" / "表.csv").read_bytes() == b"a,b\n1,2\n3\n"
    assert owner.delete(path).status_code == 204
    assert uploads(workspace) == []
    assert owner.get(path).status_code == 404


def test_two_files_of_one_name_and_too_many_are_refused(owner: TestClient) -> None:
    assert announce(owner, ("a.csv", 1), ("A.csv", 1))["error"] == "web.upload_twice"
    assert announce(owner, ("a.csv", 1), ("a.csv/b.csv", 1))["error"] == "web.upload_twice"
    assert announce(owner, ("x.pdf", 1))["error"] == "web.upload_nothing"
    large = announce(owner, ("terrain.tif", 2**40))
    assert (large["error"], "terrain.tif" in large["said"]["zh"]) == ("web.upload_large", True)
    many = [(f"{number}.csv", 1) for number in range(MOST_FILES + 1)]
    assert announce(owner, *many)["error"] == "web.upload_count"


def test_a_bomb_is_refused_and_nothing_is_left(owner: TestClient, workspace: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("地块.csv", b"0" * 40_000_000)
    upload = sent(owner, {"bomb.zip": packed.getvalue()})
    answer = owner.post(f"/api/uploads/{upload}/study", json={"title": "bomb"})
    assert answer.status_code == 201
    study = answer.json()["id"]
    (listed,) = owner.get(f"/api/studies/{study}/files").json()["files"]
    assert listed["entries"] == []
    assert "16" in listed["file"]["refused"]["en"]
    assert sum(path.stat().st_size for path in workspace.rglob("*") if path.is_file()) < 2_000_000


def test_files_that_hold_nothing_leave_the_upload_as_it_was(owner: TestClient, workspace: Path) -> None:
    upload = sent(owner, {"a.shx": b"x"})
    answer = owner.post(f"/api/uploads/{upload}/study", json={"title": "leer"})
    assert answer.json()["error"] == "new.empty"
    assert not (workspace / "leer").exists()
    assert owner.get(f"/api/uploads/{upload}").json()["files"][0]["received"] == 1


def test_quotas_hold(app: FastAPI) -> None:
    with client_of(app, "small", space_mib=1) as small:
        assert announce(small, ("a.csv", 2_000_000))["error"] == "web.quota"
        assert announce(small, ("a.csv", 10))["status"] == 201
