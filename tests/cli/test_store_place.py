"""The store of a study on a disk that is full: beside --out, as the message tells, where there is room."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from citybraid.cli.store_place import FOLDER, study_store


class Usage(NamedTuple):
    """Free space of a disk [byte]."""

    free: int


def disks(monkeypatch: pytest.MonkeyPatch, full: Path, *, left: int, there: int) -> None:
    """Let the disk of one folder have so much left, all others so much."""
    monkeypatch.setattr("shutil.disk_usage",
                        lambda place: Usage(left if Path(place).is_relative_to(full) else there))  # fmt: skip


@pytest.mark.parametrize(
    ("left", "there", "moved"),
    [(0, 10**9, True), (10**6, 10**9, True), (10**9, 10**12, False), (10**6, 10**5, False)],
    ids=["full", "nearly full", "room", "both full"],
)
def test_a_full_disk_is_left_for_that_of_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int, there: int, moved: bool
) -> None:
    (home := tmp_path / "study").mkdir()
    disks(monkeypatch, home, left=left, there=there)
    study: Any = SimpleNamespace(folder=home)
    store = study_store(study, tmp_path / "elsewhere" / "results")
    assert store.folder == (tmp_path / "elsewhere" if moved else home) / FOLDER
    assert study_store(study, None).folder == home / FOLDER
