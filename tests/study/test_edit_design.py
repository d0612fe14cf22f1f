"""Random edits of parcels: what they span, and which measures they place."""

from types import SimpleNamespace
from typing import cast

import pytest

from citybraid.core.errors import InputError
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.drawing import Ranges
from citybraid.study.whatif.edit import Edit, learned_measures
from tests.study.what_if_town import write_what_if_town

USED = ("parcels", "classes", "shapes", "study", "parcel")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    path = write_what_if_town(tmp_path_factory.mktemp("edits"))
    return Bench.of(open_study(path), Store(path.parent / ".citybraid" / "store"), threads=1)


def test_random_edits_are_those_of_their_seed_and_within_the_plan(bench: Bench) -> None:
    ranges = Ranges(bench, ("green_roof",))
    edits = ranges.draw(60, 7)
    assert edits[:20] == ranges.draw(20, 7)
    assert edits != ranges.draw(60, 8)
    assert not any(ranges.outside(edit) for edit in edits)
    assert {bool(edit.land_use) for edit in edits} == {True, False} == {bool(edit.measures) for edit in edits}


def test_random_edits_span_what_an_edit_may_ask_for(bench: Bench) -> None:
    """Every group of classes, towers on any of them, parks for houses and houses for parks, a measure by itself."""
    ranges = Ranges(bench, ("green_roof",))
    edits = ranges.draw(400, 7)
    assert {edit.land_use[:2] for edit in edits if edit.land_use} == {code[:2] for code in ranges.codes}
    ratios = [value for edit in edits for name, value in edit.controls if name == "floor_area_ratio"]
    asked = ranges.asked("floor_area_ratio")
    assert min(ratios) < asked.least + 0.2
    assert max(ratios) > asked.most - 0.2
    open_land = set(ranges.open_land.index)
    assert any(edit.parcel in open_land and edit.land_use not in ("", "14") for edit in edits)
    assert any(edit.measures and not edit.plans for edit in edits)
    assert all(dict(edit.controls).keys() <= {"green_ratio"} for edit in edits if edit.land_use == "14")


def test_a_study_s_own_rows_span_the_edits(bench: Bench) -> None:
    """Spans and shares of the design are factor rows: those of a study hold, and none is empty."""
    rows = {"edit_span": {"least/floor_area_ratio": 2.0, "most/floor_area_ratio": 2.5}, "edit_design": {"opened": 0.0}}
    factors = {name: {**bench.factors[name], **rows.get(name, {})} for name in bench.factors}
    made = cast("Bench", SimpleNamespace(**{each: getattr(bench, each) for each in USED}, factors=factors))
    ranges = Ranges(made, ("green_roof",))
    edits = ranges.draw(200, 7)
    open_land = set(ranges.open_land.index)
    assert open_land
    assert not any(edit.plans and edit.parcel in open_land for edit in edits)
    stated = bench.parcels["floor_area_ratio"].dropna()
    ratios = [value for edit in edits for name, value in edit.controls if name == "floor_area_ratio"]
    assert max(ratios) <= max(2.5, stated.max())
    far = Edit(str(ranges.built.index[0]), controls=(("floor_area_ratio", 5.9),))
    assert not Ranges(bench, ()).outside(far)
    assert [error.text for error in ranges.outside(far)] == ["what_if.value_not_learned"]
    factors["edit_span"]["least/floor_area_ratio"] = 3.0
    with pytest.raises(InputError) as told:
        ranges.draw(20, 7)
    assert "least floor area ratio (3) is above its most (2.5)" in told.value.say("en").lower()


def test_measures_of_the_budget_are_learned_where_none_is_named(bench: Bench) -> None:
    study = bench.study
    assert learned_measures(study, ()) == ()
    budget = SimpleNamespace(candidates=("rain_garden", "green_roof", "built_form"))
    made = SimpleNamespace(asked=SimpleNamespace(budget=budget), measures=study.measures)
    assert learned_measures(cast("OpenStudy", made), ()) == ("green_roof", "rain_garden")
