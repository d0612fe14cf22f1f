"""Undo and redo: any sequence of changes, undos and redos leaves the list that an editor would have."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from citybraid.web.plans.drawn import drawn
from citybraid.web.plans.history import history
from tests.examples import at_most

STEPS = st.lists(st.one_of(st.just("undo"), st.just("redo"), st.tuples(st.sampled_from("abc"), st.integers(0, 9))))


def entry(step: Any) -> dict[str, Any]:
    if isinstance(step, str):
        return {"kind": step}
    return {"kind": "controls", "parcels": [step[0]], "values": {"floor_area_ratio": float(step[1])}}


@given(STEPS)
@at_most(200)
def test_any_sequence_is_the_list_applied(steps: list[Any]) -> None:
    done: list[Any] = []
    back: list[Any] = []
    for step in steps:
        if step == "undo":
            back += [done.pop()] if done else []
        elif step == "redo":
            done += [back.pop()] if back else []
        else:
            done, back = [*done, step], []
    log = list(enumerate(map(entry, steps), start=1))
    told = history(log)
    by_number = dict(log)
    assert [by_number[number] for number in told.counting] == [entry(step) for step in done]
    assert [by_number[number] for number in told.undone] == [entry(step) for step in back]
    expected: dict[str, dict[str, float]] = {}
    for name, value in done:
        expected[name] = {"floor_area_ratio": float(value)}
    assert drawn(by_number[number] for number in told.counting).parcels == expected


def test_a_value_put_back_leaves_the_parcel_as_it_was() -> None:
    changes = [
        {"kind": "controls", "parcels": ["a", "b"], "values": {"green_ratio": 0.4, "height_limit": 30.0}},
        {"kind": "controls", "parcels": ["a"], "values": {"green_ratio": None, "height_limit": None}},
        {"kind": "controls", "parcels": ["b"], "values": {"green_ratio": None}},
    ]
    assert drawn(changes).parcels == {"b": {"height_limit": 30.0}}


def test_a_placement_is_placed_otherwise_and_taken_away() -> None:
    place = {"kind": "place", "placement": "p1", "measure": "green_roof", "site": {"parcels": ["a"]}, "params": {}}
    again = {**place, "params": {"share": 0.5}}
    removals = [{"kind": "remove", "placement": "p1"}, {"kind": "remove", "placement": "base:0:built_form"}]
    assert drawn([place, again]).placed["p1"].params == {"share": 0.5}
    told = drawn([place, *removals])
    assert not told.placed
    assert told.removed == {"base:0:built_form"}
