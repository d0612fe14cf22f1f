"""What a second process makes is what this one would make, and no failure of it is lost."""

import os
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.report.drawing import beside as module
from citybraid.report.drawing.beside import Job, beside
from citybraid.report.write import write_report
from citybraid.study.run.run import Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a copy of a process is made on Linux alone")


def _square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def test_jobs_are_done_in_a_second_process_in_their_order() -> None:
    told: list[float] = []
    with beside([partial(_square, number) for number in range(50)], elsewhere=True) as made:
        results = made.results(told.append)
    assert [value for value, _ in results] == [number * number for number in range(50)]
    assert os.getpid() not in {process for _, process in results}
    assert told == sorted(told)


def test_without_a_second_process_jobs_are_done_here_when_asked_for() -> None:
    with beside([partial(_square, 3)], elsewhere=False) as made:
        assert made.results() == [(9, os.getpid())]
    nothing: list[Job[int]] = []
    with beside(nothing, elsewhere=True) as none:
        assert none.results() == []


def test_more_than_a_pipe_holds_comes_through() -> None:
    with beside([lambda: "x" * 5_000_000, lambda: "y" * 5_000_000], elsewhere=True) as made:
        time.sleep(0.3)
        assert [len(text) for text in made.results()] == [5_000_000, 5_000_000]


def test_the_error_of_a_job_is_raised_here() -> None:
    def fail() -> tuple[int, int]:
        raise InputError("report.language", got="fr", needs=("zh", "en"))

    jobs: list[Job[tuple[int, int]]] = [partial(_square, 2), fail]
    with beside(jobs, elsewhere=True) as made, pytest.raises(InputError, match="'fr'"):
        made.results()


def test_this_process_helps_from_the_last_job_back() -> None:
    here, told = os.getpid(), list[float]()

    def slow(number: int) -> tuple[int, int]:
        time.sleep(0.02)
        return _square(number)

    with beside([partial(slow, number) for number in range(40)], elsewhere=True) as made:
        results = made.results(told.append, helping=True)
    assert [value for value, _ in results] == [number * number for number in range(40)]
    mine = [process == here for _, process in results]
    assert any(mine)
    assert mine == sorted(mine)  # the first ones there, the last ones here
    assert told == sorted(told)


def test_a_killed_process_leaves_its_jobs_to_this_one() -> None:
    here = os.getpid()

    def die(number: int) -> tuple[int, int]:
        if os.getpid() != here and number == 2:
            os.kill(os.getpid(), 9)
        return _square(number)

    with beside([partial(die, number) for number in range(5)], elsewhere=True) as made:
        results = made.results()
    assert [value for value, _ in results] == [0, 1, 4, 9, 16]
    assert [process == here for _, process in results] == [False, False, True, True, True]


def test_a_process_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    here = os.getpid()

    def hang(number: int) -> tuple[int, int]:
        if os.getpid() != here:
            time.sleep(600.0)
        return _square(number)

    with beside([partial(hang, 4)], elsewhere=True) as made:
        assert made.results() == [(16, here)]


def test_leaving_early_ends_the_second_process() -> None:
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), beside([lambda: time.sleep(600.0)], elsewhere=True):
        raise KeyboardInterrupt
    assert time.monotonic() - started < 500.0  # it waits for no job


@pytest.mark.slow
def test_a_report_made_in_two_processes_has_the_same_bytes(town_run: Run, report: Path, tmp_path: Path) -> None:
    write_report(town_run, tmp_path, system="planning", elsewhere=True)
    names = {path.relative_to(report) for path in report.rglob("*") if path.is_file()}
    assert names == {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    steady = [name for name in names if name.suffix in {".png", ".html", ".pdf", ".tif", ".docx"}]
    assert len(steady) >= 50
    for name in steady:
        assert (tmp_path / name).read_bytes() == (report / name).read_bytes(), name
