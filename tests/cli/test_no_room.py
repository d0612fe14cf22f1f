"""A study that cannot be written is told, and nothing half-written is left: full disk, limit on file sizes."""

import errno
import shutil
from pathlib import Path

import pytest

from citybraid.cli import app, drafting
from citybraid.cli.drafting import _nothing_half_written
from citybraid.core.errors import StoreError
from citybraid.sources.intake import intake
from citybraid.study.open.drafting import write_whole
from tests.commands import citybraid
from tests.study.made_study import Made

FULL = OSError(errno.ENOSPC, "No space left on device")


def test_what_a_full_disk_stops_is_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    def fills_the_disk() -> None:
        (folder / ".citybraid" / "store").mkdir(parents=True)
        (folder / "study.toml").write_text("[stu", encoding="utf-8")
        raise FULL

    with pytest.raises(StoreError) as fault, _nothing_half_written(folder):
        fills_the_disk()
    assert not folder.exists()
    for language in ("en", "zh"):
        assert str(folder) in fault.value.say(language)
        assert "No space left" in fault.value.say(language)


def test_a_store_without_room_ends_new(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with pytest.raises(StoreError) as fault, _nothing_half_written(folder):
        raise StoreError("store.unwritable", folder=folder, why="full")
    assert (fault.value.text, fault.value.values["why"]) == ("new.no_room", "full")
    assert not folder.exists()


def test_what_stood_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "study.toml"
    path.write_text("old", encoding="utf-8")
    (tmp_path / "notes.txt").touch()

    def half(self: Path, text: str, **_how: object) -> None:
        self.write_bytes(text[:2].encode())
        raise FULL

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(StoreError), _nothing_half_written(tmp_path):
        write_whole(path, "new")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["notes.txt", "study.toml"]
    assert path.read_bytes() == b"old"


def test_a_pilot_that_cannot_be_copied_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_name: str, folder: Path) -> Path:
        folder.mkdir()
        raise shutil.Error([("a", str(folder / "a"), "No space left on device")])

    monkeypatch.setattr(drafting, "copy_pilot", refused)
    done = citybraid("new", str(tmp_path / "new"), "--from", "gothenburg", "--lang", "en")
    assert done.returncode == StoreError.exit_code
    assert "No space left on device" in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_file_elsewhere_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder, file = tmp_path / "new", str(tmp_path / "data" / "a.shp")
    with pytest.raises(PermissionError), _nothing_half_written(folder):
        raise PermissionError(errno.EACCES, "Permission denied", file)


def test_a_system_that_gives_no_temporary_folder_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(**_how: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(app, "app", nowhere)
    done = citybraid("words", "--lang", "en")
    assert done.returncode == 2
    assert "TMPDIR" in done.stderr
    assert "'-'" not in done.stderr


def test_a_store_without_room_while_files_are_read_keeps_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counted as a fault of the file that was being read, with the code of wrong input."""

    def full(*_given: object) -> None:
        raise StoreError("store.unwritable", folder=tmp_path, why="No space left on device")

    monkeypatch.setattr(intake, "cached_reading", full)
    path = Made(tmp_path, ("parcels",)).written()
    done = citybraid("run", str(path), "--no-report", "--quiet", "--lang", "zh")
    assert done.returncode == StoreError.exit_code
    assert "--out" in done.stderr
