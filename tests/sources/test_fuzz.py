"""Each reader on thousands of damaged files: a reading or a clean refusal in both languages, nothing else.

So is each role that a table of cells is read in: series, activity data, lists of plants, heat streams and pumps.
What is read goes on through the checks and repairs of the main process.

Each reader is given CITYBRAID_FUZZ_EXAMPLES files (10 where nothing is said), the same ones each time; `make fuzz` asks
for 4 000. With CITYBRAID_FUZZ_KEEP the files that broke a reader down, hung it or filled its memory (all of them told)
are kept in that folder.
"""

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.core.text import visible
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import Reader, all_readers, reader_for
from citybraid.sources.protocol.filespec import FileSpec, options_of
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.protocol.target import Target
from tests.corpus.case import Case
from tests.corpus.corpus import CASES
from tests.corpus.mutation import CELL_CHANGES, CHANGES, Operation, Seed, mutated
from tests.corpus.running import made
from tests.sources.cell_seeds import cell_roles, family, table_of
from tests.sources.planner_files import CRS, SOUTH, WEST

EXAMPLES = int(os.environ.get("CITYBRAID_FUZZ_EXAMPLES", "10"))
LIMITS = Limits(seconds=10, memory_mib=768)
TARGET = Target(CRS, 5.0).placed((WEST, SOUTH, WEST + 200, SOUTH + 200))
ALARMS = {"intake.crashed", "intake.too_slow", "intake.too_big"}
CELLS = cell_roles()
READERS = {reader.id.rpartition(".")[2]: reader for reader in all_readers()}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Case, Seed]]]:
    """Good and odd files of the corpus that are read, by reader."""
    root = tmp_path_factory.mktemp("seeds")
    found: dict[str, list[tuple[Case, Seed]]] = {}
    for case in CASES:
        if case.group in ("good", "odd") and not case.refusal:
            path = made(case, root)
            found.setdefault(reader_for(path).id.rpartition(".")[2], []).append((case, Seed.of(path)))
    return found


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def sandbox(ground: Path) -> Iterator[Sandbox]:
    with Sandbox(ground) as started:
        yield started


@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore")  # some seeds can only be made against a library's advice
@pytest.mark.parametrize("name", sorted(READERS))
def test_damaged_files_are_read_or_refused(
    name: str, seeds: dict[str, list[tuple[Case, Seed]]], ground: Path, sandbox: Sandbox
) -> None:
    assert seeds.get(name), f"the corpus has no good file for {name}: add one to tests/corpus"
    told: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES)
    @given(st.sampled_from(seeds[name]), CHANGES, st.booleans())
    def hold(seed: tuple[Case, Seed], changes: list[tuple[float, Operation]], whole: bool) -> None:
        told[attempt(READERS[name], seed, changes, whole, ground, sandbox)] += 1

    hold()
    assert told.total() == EXAMPLES
    print(f"{name}: {told.total()} files; {dict(told.most_common())}")  # noqa: T201  (shown by -s)


@pytest.mark.fuzz
@pytest.mark.parametrize("kin", sorted({family(role) for role in CELLS.values()}))
def test_damaged_tables_of_cells_are_read_or_refused(kin: str, ground: Path, sandbox: Sandbox) -> None:
    tables = [
        (Case(name, "good", name, name, Path, said={"crs": CRS}), Seed("表.csv", {"表.csv": table_of(role).encode()}))
        for name, role in sorted(CELLS.items())
        if family(role) == kin
    ]
    reader = READERS["delimited"]
    refused = {
        case.name: text for case, seed in tables if (text := attempt(reader, (case, seed), [], False, ground, sandbox))
    }
    assert not refused, "a good table is refused: write one of this layout into tests/sources/cell_seeds.py"
    told: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES)
    @given(st.sampled_from(tables), CELL_CHANGES)
    def hold(seed: tuple[Case, Seed], changes: list[tuple[float, Operation]]) -> None:
        told[attempt(reader, seed, changes, False, ground, sandbox)] += 1

    hold()
    print(f"{kin}: {told.total()} tables; {dict(told.most_common())}")  # noqa: T201  (shown by -s)


def attempt(
    reader: Reader, seed: tuple[Case, Seed], changes: list[tuple[float, Operation]], whole: bool, ground: Path,
    sandbox: Sandbox,
) -> str:  # fmt: skip
    """Damage a file, read it, and return the text id of what was told, '' where it was read."""
    case, good = seed
    shutil.rmtree(ground / "x", ignore_errors=True)
    (ground / "x").mkdir()
    path = _written(good, changes, whole, ground / "x")
    before = sorted(each.name for each in path.parent.rglob("*"))
    spec = FileSpec(path=path.name, role=case.role, **case.said)  # type: ignore[arg-type]
    job = Job(reader.module.__name__, path, case.role, options_of(spec, reader.options, name=path.name), TARGET, LIMITS)
    try:
        reading = sandbox.read(job)
    except PlanError as fault:
        faults = fault.problems if isinstance(fault, InputErrors) else (fault,)
        for each in faults:
            assert visible(each.say("en")) == each.say("en")
            assert each.say("zh") != each.say("en")
            assert str(ground) not in each.say("en")
        _keep(path, faults[0].text)
        assert sorted(each.name for each in path.parent.rglob("*")) == before
        return faults[0].text
    assert isinstance(reading, Reading)
    told = (*reading.findings, *_checked(reading, spec, path, sandbox))
    for finding in told:
        assert visible(finding.say("en")) == finding.say("en")
        assert finding.say("zh")
    assert sorted(each.name for each in path.parent.rglob("*")) == before
    return ""


class Given(Sandbox):
    """Stands for a worker that has read a file already; shapes are repaired by the one that all tests share."""

    def __init__(self, reading: Reading, worker: Sandbox) -> None:
        super().__init__()
        self._reading, self._worker = reading, worker

    def read(self, job: Job) -> Reading:
        return self._reading

    def repair(self, modules: Iterable[ModuleType], layers: Layers, rules: Rules, limits: Limits) -> RepairResult:
        return self._worker.repair(modules, layers, rules, limits)


def _checked(reading: Reading, spec: FileSpec, path: Path, worker: Sandbox) -> Sequence[Finding | PlanError]:
    """What the checks and repairs of the main process tell of a reading that a damaged file yielded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citybraid.sources.intake.intake.Sandbox", lambda _folder: Given(reading, worker))
        try:
            return take_in({"file": spec}, TARGET, root=path.parent).findings
        except PlanError as fault:  # a repair refuses by itself what leaves a layer without shapes
            return fault.problems if isinstance(fault, InputErrors) else (fault,)


def _written(good: Seed, changes: list[tuple[float, Operation]], whole: bool, where: Path) -> Path:
    if good.packed and whole:
        return good.write(where, mutated(good, changes[1:]), changes[0][1])
    return good.write(where, mutated(good, changes))


def _keep(path: Path, text: str) -> None:
    """Keep what broke a reader down, where asked to."""
    if text in ALARMS and (kept := os.environ.get("CITYBRAID_FUZZ_KEEP")):
        goal = Path(kept) / f"{text}-{time.time_ns()}"
        shutil.copytree(path.parent, goal)
