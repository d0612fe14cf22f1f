"""What an answer runs at once: the choice of Steps by their time, threads, and garbage left for later."""

import gc
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.study.whatif import answer, learning
from citybraid.study.whatif.at_once import AtOnce

COSTS = {"form": 0.1, "heat": 0.5, "storm": 0.3, "depth": 0.3, "count": 0.05}
BEHIND = {
    "area/warm": ("form", "heat"),
    **{f"area/wet_{at}": ("form", "storm", "depth", "count") for at in range(5)},
    "unit/warm": ("form", "heat"),
    "unit/quick": ("form",),
}


class Made(AtOnce):
    """Columns of a made plan: two by heat, five by a flood that takes longer, one that only needs the built form."""

    def steps(self, column: str) -> frozenset[str]:
        """Return the Steps behind a column."""
        return frozenset(BEHIND[column])


def made(threads: int = 2) -> AtOnce:
    bench: Any = SimpleNamespace(engine=SimpleNamespace(threads=threads))
    edit: Any = None
    quick = Made(bench, edit)
    steps = [SimpleNamespace(key=key) for key in COSTS]
    quick.__dict__.update(seconds=COSTS, planned=SimpleNamespace(steps=steps))
    return quick


@pytest.mark.parametrize("warm", [0.5, 1.0, 2.5])
def test_dear_steps_behind_much_are_not_shut_out_by_cheap_ones(warm: float) -> None:
    """1 s holds heat or floods, not both: what is worth most is run, though heat may give more for its time."""
    worth = {name: warm if "warm" in name else 0.5 for name in BEHIND}
    chosen, steps = made().fitting(worth, 1.0)
    both = {
        frozenset(name for name in BEHIND if set(BEHIND[name]) <= {"form", *some})
        for some in (("heat",), ("storm", "depth", "count"))
    }
    assert sum(COSTS[step.key] for step in steps) <= 1.0
    assert set(chosen) == max(both, key=lambda names: sum(worth[name] for name in names))


def test_what_comes_first_is_run_first_and_more_time_runs_all() -> None:
    worth = dict.fromkeys(BEHIND, 0.5)
    assert {"area/warm", "unit/warm"} <= set(made().fitting(worth, 1.0, first=[["area/warm"]])[0])
    wet = [name for name in BEHIND if "wet" in name]
    asked = made().fitting(worth, 1.0, first=[["area/warm"], wet])[0]
    assert {"area/warm", "unit/warm"} <= set(asked), "what is asked about comes first"
    assert not set(wet) & set(asked)
    assert set(wet) <= set(made().fitting(worth, 1.0, first=[wet, ["area/warm"]])[0])
    assert set(made().fitting(worth, 1.25)[0]) == set(BEHIND)
    assert made().fitting(worth, 0.0) == ((), ())


def test_a_question_about_what_is_no_indicator_is_refused_with_near_names() -> None:
    answer.refuse_unknown(["night_heat_island", "far"])
    with pytest.raises(InputError) as refused:
        answer.refuse_unknown(["night_heat_islands"])
    assert "night_heat_island," in str(refused.value) or "night_heat_island)" in str(refused.value)


def test_rounding_of_a_sum_is_no_change() -> None:
    assert learning._change(15.935699843073593, 15.935699843073621) == 0.0
    assert learning._change(0.0, 1e-14) == 1e-14
    assert learning._change(5.0, 5.0001) == pytest.approx(1e-4)
    assert np.isnan(learning._change(np.nan, 1.0))


def test_time_by_the_clock_counts_two_threads_at_most() -> None:
    assert [made(threads).processor(0.6) for threads in (1, 2, 16)] == pytest.approx([0.6, 1.2, 1.2])


def test_garbage_waits_until_an_answer_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full collection goes through all that a session remembers, a quarter of a second on the demo."""
    seen: list[bool] = []

    def answered(*_: object) -> str:
        seen.append(gc.isenabled())
        return "answer"

    monkeypatch.setattr(answer, "_answer", answered)
    nothing: Any = None
    assert str(answer.what_if(nothing, nothing)) == "answer"
    assert seen == [False]
    assert gc.isenabled()
