"""Measures run at once, on several machines alternatives too: with the same results, each Step once."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from citybraid.study.open.events import Event, StageFinished, StageStarted, StepsPlanned
from citybraid.study.open.open_study import open_study
from citybraid.study.run.backends.backend import Room
from citybraid.study.run.backends.in_process import InProcess
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
ROLES = ("parcels", "buildings", "terrain", "land_cover", "storm")


@dataclass(frozen=True)
class Several(InProcess):
    """Threads of this process that pass for two machines."""

    @property
    def rooms(self) -> tuple[Room, ...]:
        return (Room(1, None), Room(1, None))


def ran(folder: Path, backend: InProcess, told: list[Event]) -> Run:
    folder.mkdir()
    made = Made(
        folder, ROLES, storms=(10.0,), alternatives=("as_is", "greener"), measures=("rain_garden",), budget=True,
        candidates=("rain_garden", "permeable_paving"),
    )  # fmt: skip
    return run_study(open_study(made.written()), emit=told.append, backend=backend)


def announced(told: list[Event], stage: str) -> list[int]:
    """Return how many Steps are run at once in a stage, batch by batch."""
    named = [event.stage if isinstance(event, StageStarted | StageFinished) else "" for event in told]
    first = named.index(stage)
    within = told[first : named.index(stage, first + 1)]
    return [event.steps for event in within if isinstance(event, StepsPlanned)]


def test_what_runs_at_once_is_what_runs_one_after_another(tmp_path: Path) -> None:
    told = list[Event](), list[Event]()
    alone, together = (
        ran(tmp_path / name, backend, events)
        for name, backend, events in zip(("a", "b"), (InProcess(1), Several(1)), told, strict=True)
    )
    assert together.manifest.executed == alone.manifest.executed
    assert together.manifest.alternatives == alone.manifest.alternatives
    assert together.tables == alone.tables
    for name in alone.tables:
        one, other = alone.table(name), together.table(name)
        assert one is not None
        assert other is not None
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    stages = [
        {event.stage: event.computed or 0 for event in events if isinstance(event, StageFinished)} for events in told
    ]
    assert "alternatives" not in stages[0]
    assert stages[1]["alternatives"] == stages[0]["as_is"] + stages[0]["greener"]
    assert stages[1]["as_is"] == stages[1]["greener"] == 0
    assert stages[1]["effects"] == stages[0]["effects"]
    assert announced(told[0], "effects") == announced(told[1], "effects")
