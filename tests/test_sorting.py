"""Tests that share what is costly run on one process, and heavy ones run first."""

from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.sorting import COSTLY as SECONDS
from tests.sorting import HEAVY, SLOW_FILES, Costs, costly, process, scheduler

COSTLY = ("coarse_run", "notebook", "town_run")
"""Fixtures of a session that no two processes of a parallel run should make."""


class Node:
    """A process of a parallel run as its scheduler sees it."""

    shutting_down = False

    def __init__(self, number: int) -> None:
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.given: list[int] = []

    def send_runtest_some(self, tests: list[int]) -> None:
        self.given += tests

    def shutdown(self) -> None:
        self.shutting_down = True


class Config:
    """The options that a scheduler reads."""

    def __init__(self) -> None:
        self.option = SimpleNamespace(loadscopereorder=True)

    def getvalue(self, name: str) -> list[str]:
        return {"tx": ["2*popen"]}[name]


def test_every_slow_file_exists(request: pytest.FixtureRequest) -> None:
    assert [file for file in sorted(SLOW_FILES) if not (request.config.rootpath / file).is_file()] == []


def test_every_costly_test_exists(request: pytest.FixtureRequest) -> None:
    gone = []
    for test in costly():
        file, _, name = test.partition("::")
        path, function = request.config.rootpath / file, name.partition("[")[0]
        if not path.is_file() or f"def {function}(" not in path.read_text(encoding="utf-8"):
            gone.append(test)
    assert gone == []


def test_costs_are_written_below_the_head_of_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.sorting.COSTS", kept := tmp_path / "costs.txt")
    kept.write_text("# a head\ntests/gone.py::test_gone\n", encoding="utf-8")
    costs = Costs()
    for test, seconds in (("b", SECONDS / 2), ("a", SECONDS), ("b", SECONDS / 2), ("c", SECONDS / 2)):
        report: Any = SimpleNamespace(nodeid=test, processor=seconds)
        costs.pytest_runtest_logreport(report)
    costs.pytest_sessionfinish()
    assert kept.read_text(encoding="utf-8") == "# a head\na\nb\n"


def test_a_process_gets_whole_files_and_those_that_share() -> None:
    tests = [
        "tests/study/test_pipeline.py::a", "tests/core/test_place.py::a[x::y]", "tests/study/test_ensemble.py::b",
        "tests/core/test_place.py::b", "tests/core/test_group.py::a",
    ]  # fmt: skip
    config: Any = Config()
    made = scheduler(config, None)
    nodes: list[Any] = [Node(0), Node(1)]
    for node in nodes:
        made.add_node(node)
        made.add_node_collection(node, tests)
    made.schedule()
    assert [node.given for node in nodes] == [[0, 2, 4], [1, 3]]


def test_what_is_costly_is_made_on_one_process(request: pytest.FixtureRequest) -> None:
    makers = defaultdict(set)
    for item in request.session.items:
        assert isinstance(item, pytest.Function)
        known = item._fixtureinfo.name2fixturedefs
        for name in COSTLY:
            if name in known and known[name][-1].scope == "session":
                makers[name].add(process(item.nodeid))
    assert all(len(found) == 1 for found in makers.values()), makers


def test_files_with_heavy_tests_come_first(request: pytest.FixtureRequest) -> None:
    items = request.session.items
    heavy = {item.path for item in items if any(map(item.get_closest_marker, HEAVY))}
    order = [item.path in heavy for item in items]
    assert order == sorted(order, reverse=True)
