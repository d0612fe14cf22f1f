import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.web.application.backup import backup, restore
from citybraid.web.configuration.settings import Mode, Settings
from tests.web.team import PASSWORD, made_team


@pytest.fixture
def settings(workspace: Path, bundle: Path) -> Settings:
    """Return a team's settings; its study has a file, a run, and values that can be computed again."""
    team = made_team(workspace, bundle)
    with team.client("olga") as client:
        client.get("/api/session")
    study = workspace / "片区 一"
    for name in ("data/建筑.csv", "runs/001/manifest.json", ".citybraid/store/x"):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text(name, encoding="utf-8")
    (workspace / "library").mkdir()
    (workspace / "library" / "library.json").write_text("{}", encoding="utf-8")
    settings: Settings = team.app.state.server.settings
    return settings


def moved(settings: Settings, folder: Path) -> Settings:
    return replace(settings, folder=folder, database="")


def test_a_backup_brings_people_studies_and_files_back(settings: Settings, tmp_path: Path, bundle: Path) -> None:
    written = backup(settings, tmp_path / "b.tar.gz")
    there = moved(settings, tmp_path / "new 新")
    assert restore(there, tmp_path / "b.tar.gz") == written
    study = there.folder / "片区 一"
    assert (study / "data/建筑.csv").read_text(encoding="utf-8") == "data/建筑.csv"
    assert (study / "runs/001/manifest.json").is_file()
    assert not (study / ".citybraid").exists()
    assert (there.folder / "library" / "library.json").is_file(), "the library of cases"
    from fastapi.testclient import TestClient

    from citybraid.web.application.factory import create_app

    with TestClient(
        create_app(there, bundle=bundle), base_url="http://127.0.0.1", headers={"x-citybraid": "1"}
    ) as client:
        assert client.post("/api/login", json={"name": "olga", "password": PASSWORD}).status_code == 204
        assert {each["folder"] for each in client.get("/api/studies").json()} == {"片区 一", "secret"}


def test_a_backup_with_values_brings_those_of_runs_alone(settings: Settings, tmp_path: Path) -> None:
    (settings.folder / "片区 一" / ".citybraid" / "tiles").mkdir()
    (settings.folder / "片区 一" / ".citybraid" / "tiles" / "y").write_text("y", encoding="utf-8")
    plain = backup(settings, tmp_path / "a.tar.gz")
    written = backup(settings, tmp_path / "b.tar.gz", values=True)
    assert written.files == plain.files + 1
    there = moved(settings, tmp_path / "new")
    restore(there, tmp_path / "b.tar.gz")
    own = there.folder / "片区 一" / ".citybraid"
    assert (own / "store/x").read_text(encoding="utf-8") == ".citybraid/store/x"
    assert not (own / "tiles").exists()


def test_a_backup_holds_no_session(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "b.tar.gz")
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        rows = archive.extractfile("rows.jsonl")
        assert rows is not None
        assert b'"logins"' not in rows.read()


def test_nothing_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    backup(settings, tmp_path / "b.tar.gz")
    with pytest.raises(InputError, match="exists already"):
        backup(settings, tmp_path / "b.tar.gz")
    with pytest.raises(InputError, match="empty folder"):
        restore(settings, tmp_path / "b.tar.gz")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_half_a_backup_restores_nothing(settings: Settings, tmp_path: Path, share: float) -> None:
    backup(settings, tmp_path / "b.tar.gz")
    whole = (tmp_path / "b.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: int(len(whole) * share)])
    there = moved(settings, tmp_path / "new")
    with pytest.raises(InputError, match="damaged"):
        restore(there, tmp_path / "half.tar.gz")
    assert [each.name for each in there.folder.iterdir()] == [".citybraid"]
    restore(there, tmp_path / "b.tar.gz")


def test_a_hostile_backup_leaves_nothing_outside(settings: Settings, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        for name in ("about.json", "../evil"):  # the first makes the folder that the second leads out of
            entry = tarfile.TarInfo(name)
            entry.size = 4
            archive.addfile(entry, BytesIO(b"evil"))
    with pytest.raises(InputError, match="damaged"):
        restore(moved(settings, tmp_path / "new"), tmp_path / "evil.tar.gz")
    assert not (tmp_path / "evil").exists()


def test_a_team_mode_is_kept(settings: Settings) -> None:
    assert settings.mode is Mode.TEAM
