"""Fixtures of every test, and the account of validation: what ran, what was absent."""

import gc
import os
import re
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import matplotlib as mpl
import pytest
from threadpoolctl import threadpool_limits

from citybraid.core import catalogue
from citybraid.study.run.run import Run
from tests.examples import USUAL
from tests.importing import Ahead
from tests.sorting import MEASURED, Clock, Costs, scheduler, sort
from tests.worker import SharedWorker
from tests.written import Written

ROOT = Path(__file__).parents[1]
VALIDATION = "tests/validation/"
ON_CI = os.environ.get("CI", "").lower() == "true"


def keep_bytecode() -> None:
    """Where Python is to write no bytecode, have it written into pytest's cache, for this process and those it starts.

    Else every worker rewrites the assertions of 900 files anew, and each of hundreds of commands compiles the program.
    """
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(ROOT / ".pytest_cache" / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


keep_bytecode()
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do: for workers, and for what this process loads
threadpool_limits(int(os.environ["OPENBLAS_NUM_THREADS"]), user_api="blas")  # what plugins and imports have loaded
mpl.use("Agg")
catalogue.known()
hypothesis.settings.register_profile(
    "citybraid",
    deadline=None,
    max_examples=int(os.environ.get("CITYBRAID_EXAMPLES", str(USUAL))),
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("citybraid")


def cases_folder() -> Path:
    """Return where published cases and real data lie; they are no part of the repository."""
    return (ROOT / os.environ.get("CITYBRAID_CASES", "../shared")).resolve()


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of published cases (`validation/`), facts and real data; a test that asks is absent without it."""
    folder = cases_folder()
    if not (folder / "validation").is_dir():
        pytest.skip("absent: no published cases; set CITYBRAID_CASES to their folder")
    return folder


@pytest.fixture
def figure(tmp_path: Path) -> Callable[[str], Path]:
    """Give the path to save a model's figure to: its method page's with CITYBRAID_FIGURES=1, else a scratch folder."""

    def path(model_id: str) -> Path:
        if os.environ.get("CITYBRAID_FIGURES") == "1":
            folder = ROOT / "docs" / "explanation" / "method" / "figures"
            folder.mkdir(parents=True, exist_ok=True)
        else:
            folder = tmp_path
        return folder / f"{model_id}.png"

    return path


@pytest.fixture(scope="session")
def town_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of a small town, made by hand, for all that is read in reports."""
    from tests.report.made_run import made_run

    return made_run(tmp_path_factory.mktemp("规划 run"))


@pytest.fixture(scope="session")
def town_report(town_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The whole report of that run, written once."""
    from citybraid.report.write import write_report

    made = Written(tmp_path_factory.mktemp("规划 项目（一）"), [])
    write_report(town_run, made.folder, system="planning", tick=made.told.append)
    return made


@pytest.fixture(scope="session")
def coarse_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo town on coarse cells, in a folder with a Chinese name and a space; returns the study file."""
    from tests.coarse_town import write_coarse_town

    return write_coarse_town(tmp_path_factory.mktemp("规划 项目（一）") / "town")


@pytest.fixture(scope="session")
def coarse_run(coarse_town: Path) -> Run:
    """The whole run of the coarse town."""
    from citybraid.study.open.open_study import open_study
    from citybraid.study.run.pipeline import run_study

    return run_study(open_study(coarse_town), threads=2)


class Account:
    """Counts the validation tests that ran and those whose published case was absent."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.ran: set[str] = set()
        self.absent: set[str] = set()

    @property
    def missing(self) -> list[str]:
        """Expected tests that did not run; empty where validation was not asked for as a whole."""
        if not ON_CI or not self._whole():
            return []
        lines = (ROOT / VALIDATION / "expected.txt").read_text(encoding="utf-8").splitlines()
        expected = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
        return sorted(expected - {_function(node) for node in self.ran - self.absent})

    def _whole(self) -> bool:
        chosen = self.config.option
        if chosen.keyword or chosen.markexpr or chosen.collectonly:
            return False
        target = ROOT / VALIDATION
        return any(target.is_relative_to((ROOT / argument).resolve()) for argument in self.config.args)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of a validation test."""
        if not report.nodeid.startswith(VALIDATION):
            return
        if report.skipped:
            self.absent.add(report.nodeid)
        elif report.when == "call":
            self.ran.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run on CI that validated less than `expected.txt` lists."""
        if self.missing and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Close the run with the count."""
        if self.ran or self.absent or self.missing:
            terminalreporter.line(f"validation: {len(self.ran)} ran, {len(self.absent)} absent")
        for name in self.missing:
            terminalreporter.line(f"validation expected but not run: {name}", red=True)


def _function(node: str) -> str:
    return re.sub(r"\[.*", "", node.removeprefix(VALIDATION), flags=re.DOTALL)


WORKER = pytest.StashKey[SharedWorker]()


@pytest.fixture(scope="session", autouse=True)
def _worker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Read the files of all tests, published cases and pilots with one worker; see tests/worker.py."""
    own = (cases_folder(), ROOT / "pilots", ROOT / "src" / "citybraid" / "pilots")
    shared = SharedWorker(tmp_path_factory.getbasetemp(), *filter(Path.is_dir, own))
    request.config.stash[WORKER] = shared
    with pytest.MonkeyPatch.context() as patch:
        shared.lend(patch)
        shared.on = request.node.items[0].get_closest_marker("own_worker") is None
        yield
        shared.end()


@pytest.fixture(scope="session", autouse=True)
def _turns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile no kernel that another process of a parallel run is compiling; see tests/compiling.py."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    from tests.compiling import each_once

    with each_once(tmp_path_factory.getbasetemp().parent / "compiling"):
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Mark a test absent whose `case` marker names what is not there; give tests that are marked so their own workers.

    Not by a fixture that all tests use: that takes longer than many a test.
    """
    for marker in item.iter_markers("case"):
        if not (cases_folder() / marker.args[0]).exists():
            pytest.skip(f"absent: {marker.args[0]} is not under CITYBRAID_CASES")
    if WORKER in item.config.stash:
        item.config.stash[WORKER].on = item.get_closest_marker("own_worker") is None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, and never again among the million objects that this has made."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests are slow, and put them first."""
    sort(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep tests that share something on one process (--dist loadgroup)."""
    return scheduler(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_configure(config: pytest.Config) -> None:
    """Keep accounts where the run ends: not in the workers of a parallel run, which share out what they import."""
    measured = os.environ.get(MEASURED) == "1"
    if measured:
        config.pluginmanager.register(Clock(), "clock")
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(Ahead(), "ahead")
    else:
        config.pluginmanager.register(Account(config), "validation-account")
        if measured:
            config.pluginmanager.register(Costs(), "costs")
