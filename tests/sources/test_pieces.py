"""Folders that are one data set: found, limited, hashed as one, never descended into."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.dataset import dataset_files, is_dataset, iter_datasets, require_valid_dataset
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits


class Fake:
    id = "fake"
    version = 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A geodatabase in name, beside a plain file and a plain folder."""
    gdb = tmp_path / "资料" / "城市.gdb"
    (gdb / "deep").mkdir(parents=True)
    (gdb / "b.gdbtable").write_bytes(b"two")
    (gdb / "a.gdbtable").write_bytes(b"one")
    (gdb / "deep" / "c").write_bytes(b"three")
    (gdb / "a.sr.lock").write_bytes(b"")
    (tmp_path / "资料" / "说明.txt").write_text("x", encoding="utf-8")
    return gdb


def fault(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(InputError) as caught:
        require_valid_dataset(path, limits or Limits(), entry="buildings", said=path.name)
    assert caught.value.say("en") != caught.value.say("zh")
    return caught.value.text


def test_a_folder_of_data_is_one_thing_and_is_not_descended_into(folder: Path) -> None:
    assert is_dataset(folder)
    assert not is_dataset(folder.parent)
    assert [path.name for path in iter_datasets(folder.parent.parent)] == ["城市.gdb", "说明.txt"]
    require_valid_dataset(folder, Limits(), entry="buildings", said="城市.gdb")


def test_pieces_come_sorted_and_without_locks(folder: Path) -> None:
    assert [path.name for path in dataset_files(folder, most=9)] == ["a.gdbtable", "b.gdbtable", "c"]


def test_a_key_changes_with_any_piece_but_not_with_locks_or_the_folders_name(folder: Path) -> None:
    first = leaf_key(folder, Fake(), Options())
    (folder / "b.rd.lock").write_bytes(b"x")
    moved = folder.rename(folder.parent / "b.gdb")
    assert leaf_key(moved, Fake(), Options()) == first
    (moved / "deep" / "c").write_bytes(b"four!")
    assert leaf_key(moved, Fake(), Options()) != first


def test_other_folders_empty_ones_large_ones_and_links_are_told(folder: Path) -> None:
    assert fault(folder.parent) == "intake.folder_given"
    assert fault(folder.parent / "fehlt.gdb") == "intake.file_missing"
    assert fault(folder, Limits(folder_pieces=2)) == "intake.folder_pieces"
    assert fault(folder, Limits(file_mib=1e-6)) == "intake.file_large"
    (folder.parent / "leer.gdb").mkdir()
    assert fault(folder.parent / "leer.gdb") == "intake.file_empty"
    (folder / "link").symlink_to(folder.parent / "说明.txt")
    assert fault(folder) == "intake.folder_link"
