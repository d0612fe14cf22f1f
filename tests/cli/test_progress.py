"""How far the reading of files has come: file n of m, share by bytes, time left."""

import time

import pytest

from citybraid.cli.progress import Files
from citybraid.study.open.events import FileRead, FilesPlanned, FileStarted


def test_files_count_by_number_and_time_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    files = Files()
    files.tell(FilesPlanned(3, 1000))
    assert files.left is None
    files.tell(FileStarted("a"))
    assert files.number == "1/3"
    files.tell(FileRead("a", 250, 2.0, known=False))
    now = 102.0
    assert files.share == 0.25
    assert files.left == pytest.approx(6.0)
    files.tell(FileStarted("b"))
    files.tell(FileRead("b", 750, 1.0, known=True))
    assert files.number == "2/3"
    assert files.left == 0.0


def test_empty_files_have_no_time_left() -> None:
    files = Files()
    files.tell(FilesPlanned(0, 0))
    assert files.share == 0.0
    assert files.left is None
