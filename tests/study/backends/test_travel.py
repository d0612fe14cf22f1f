"""Steps and errors travel between processes."""

import pickle
from pathlib import Path
from typing import Annotated, Any

import pytest

from citybraid.core.errors import BalanceError, InputError, InputErrors, PlanError, StudyError
from citybraid.core.model import model
from citybraid.core.text import Phrase
from citybraid.core.var import Var
from citybraid.study.plan.regrid import COARSEN, CONSTANT_COLUMN, CONSTANT_RASTER, REFINE
from citybraid.study.run.backends.travel import packed, unpacked
from tests.study.backends.clockwork import Clock, Water


def test_a_step_is_the_same_after_its_journey(tmp_path: Path) -> None:
    for step in Clock.made(tmp_path, events=2).steps:
        arrived = unpacked(packed(step))
        assert arrived == step
        assert arrived.model is step.model


@pytest.mark.parametrize("inserted", [COARSEN, REFINE, CONSTANT_RASTER, CONSTANT_COLUMN])
def test_models_that_the_planner_inserts_travel_by_name(inserted: Any, tmp_path: Path) -> None:
    step = Clock.made(tmp_path, events=1).steps[0]
    moved = type(step)(inserted, step.key, step.reads, step.extra, step.outs)
    assert unpacked(packed(moved)).model is inserted


def test_a_step_travels_light(tmp_path: Path) -> None:
    step = Clock.made(tmp_path, events=12).steps[-1]
    assert len(packed(step)) < 4000


def test_a_model_made_in_a_function_stays_at_home(tmp_path: Path) -> None:
    @model(version=1, cite="toy", validity="toy")
    def homely(rain: Annotated[float, Var("rain", "mm", "Rain", on="")]) -> Water:
        raise NotImplementedError

    step = Clock.made(tmp_path, events=1).steps[0]
    with pytest.raises(StudyError) as caught:
        packed(type(step)(homely, step.key, step.reads, step.extra, step.outs))
    assert "homely" in caught.value.say("zh")


@pytest.mark.parametrize(
    "fault",
    [
        StudyError("study.step", name="a", step="b", why=Phrase("plan.rows", {"table": "t", "column": "c"})),
        BalanceError("check.balance", where="x", var="y", got=1.0, bound=0.1),
        InputErrors([InputError("cluster.which"), InputError("cluster.extra")]),
    ],
)
def test_an_error_says_the_same_in_another_process(fault: PlanError) -> None:
    arrived = pickle.loads(pickle.dumps(fault))  # noqa: S301  (our own bytes)
    assert type(arrived) is type(fault)
    assert [arrived.say(language) for language in ("en", "zh")] == [fault.say(language) for language in ("en", "zh")]
