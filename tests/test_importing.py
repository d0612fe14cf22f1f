"""Processes of a parallel run import all test modules, each in an order of its own."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.importing import Ahead, from_own_share, modules_of

FILES = ("tests/a/test_one.py", "tests/b/test_broken.py", "tests/b/test_two.py", "tests/test_three.py")


def test_every_process_imports_all_and_begins_elsewhere() -> None:
    orders = [from_own_share(FILES, number, 2) for number in range(2)]
    assert [order[0] for order in orders] == [FILES[0], FILES[2]]
    assert all(sorted(order) == sorted(FILES) for order in orders)
    assert {from_own_share(FILES[:1], number, 3) for number in range(3)} == {FILES[:1]}


def test_what_is_asked_for_is_imported_and_what_is_broken_is_left_to_its_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"asked_{tmp_path.name}"
    for file in ("a/test_one.py", "b/test_broken.py", "b/test_two.py", "b/helper.py", "c/test_unasked.py"):
        path = tmp_path / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("assert False\n" if "broken" in file else "VALUE = 3\n", encoding="utf-8")
    arguments = [f"{name}/a/test_one.py::test_x[1]", f"{name}/b", f"{name}/gone.py"]
    assert [path.name for path in modules_of(arguments, tmp_path)] == ["test_one.py", "test_broken.py", "test_two.py"]
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw1")
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "2")
    session: Any = SimpleNamespace(config=SimpleNamespace(args=arguments, rootpath=tmp_path))
    Ahead().pytest_collection(session)
    imported = {each for each in sys.modules if each.startswith(f"{name}.") and ".test_" in each}
    assert imported == {f"{name}.a.test_one", f"{name}.b.test_two"}
    for each in [each for each in sys.modules if each.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, each)
