"""What would stop a run is found by the check: by computing light Steps, or by the preconditions of costly ones."""

from pathlib import Path

import pytest

from citybraid.core.errors import PlanError, StudyError
from citybraid.store.store import Store
from citybraid.study.explain.checking import CheckResult, check, checked_cost, planned
from citybraid.study.explain.rehearsal import rehearse
from citybraid.study.open.events import Event, StageFinished, StepFinished
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.engine import Engine
from tests.commands import citybraid
from tests.study.made_study import Made

ZONE = {"lowcarbon.building_energy": {"climate_zone": "3A"}}
HOMES = ("parcels", "buildings", "weather")
TIMELESS = 0.0
"""No Step is light: preconditions alone."""


def checked(path: Path) -> CheckResult:
    study = open_study(path)
    return check(study, Store(study.folder / ".citybraid" / "store"))


def told(problems: tuple[PlanError, ...]) -> str:
    return "\n".join(each.say("en") for each in problems)


def by_preconditions(path: Path) -> str:
    study = open_study(path)
    store = Store(study.folder / ".citybraid" / "other")
    intake = take_in_study(study, store)
    plans, problems = planned(study, intake)
    assert not problems
    return told(rehearse(plans, Engine(store), cells=1, rows=1, step_seconds=TIMELESS))


def test_a_storm_without_a_formula_leaves_a_gap_where_a_file_brings_another_storm(tmp_path: Path) -> None:
    found = checked(Made(tmp_path, ("parcels", "terrain", "storm"), storms=(20,)).written())
    assert not found.refused
    gaps = {gap.model: gap.needs for gap in found.gaps}
    assert gaps["resilience.flood_risk_line"] == ("factor:storm_formula",)
    assert "resilience.flood" not in gaps


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a study with buildings: what one check of them computed serves the next."""
    folder = tmp_path_factory.mktemp("zones")
    Made(folder, HOMES, parameters=ZONE).written()
    return folder


@pytest.mark.parametrize("zone", ["1A", "1B", "1C", "5A", "5B"])
def test_a_climate_zone_without_rows_is_told_before_the_run(homes: Path, zone: str) -> None:
    parameters = {"lowcarbon.building_energy": {"climate_zone": zone}}
    path = homes / "study.toml"
    path.write_text(Made(homes, HOMES, parameters=parameters)._text(), encoding="utf-8")
    refused = checked(path).refused
    for said in (told(refused), by_preconditions(path)):
        assert f"no row for 'residential/{zone}/'" in said
        assert "lowcarbon.building_energy" in said
    assert "alternative 'Alternative (as_is)', Energy of buildings (lowcarbon.building_energy)" in told(refused)


def test_floor_areas_of_some_buildings_only_are_filled_and_told_before_the_run(tmp_path: Path) -> None:
    """They left the energy of all buildings uncomputed."""
    path = Made(tmp_path, ("parcels", "buildings", "weather"), parameters=ZONE, floor_areas=10).written()
    found = citybraid("check", str(path), "--lang", "en", "--no-report")
    assert found.returncode == 0, found.stdout
    assert "4 buildings state no floor area; they got their footprint times floors" in found.stdout + found.stderr


def test_what_the_check_computed_is_not_computed_again(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels", "buildings", "weather"), parameters=ZONE).written()
    found = checked(path)
    assert not found.refused
    study = open_study(path)
    store = Store(study.folder / ".citybraid" / "store")
    steps = [step for plan in found.plans.values() for step in plan.steps]
    assert len(steps) > 10
    assert Engine(store).run(steps) == ()


def test_a_check_says_how_many_steps_it_computed_and_a_second_one_that_none_is_left(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels", "buildings", "weather"), parameters=ZONE).written()
    study, store, events = open_study(path), Store(tmp_path / ".citybraid" / "store"), list[Event]()
    found = check(study, store, emit=events.append)
    stages = {event.stage: event.computed for event in events if isinstance(event, StageFinished)}
    ran = {event.step for event in events if isinstance(event, StepFinished) and event.computed}
    assert stages == {"intake": None, "trial": len(ran)}
    assert len(ran) > 10
    size = checked_cost(found, store)
    assert size is not None
    assert size.steps == 0
    again = citybraid("check", str(path), "--lang", "en", "--no-report")
    assert "trial of the models: 0 steps computed" in again.stderr
    assert "All steps of a run are computed and stored already" in again.stdout
    assert "for 0 steps" not in again.stdout


def test_alternatives_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels",), alternatives=("as_is", "AS_IS")).written()
    with pytest.raises(PlanError, match="differ only in case") as refused:
        open_study(path)
    assert "as_is, AS_IS" in str(refused.value)


def test_a_plan_that_does_not_fit_the_memory_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Made(tmp_path, ("parcels", "terrain", "storm")).written()
    monkeypatch.setattr("citybraid.study.run.preflight.free_mib", lambda: 0.01)
    assert [each.text for each in checked(path).refused] == ["preflight.memory"]


def test_a_portfolio_without_its_goal_is_not_ready(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels",), budget=True).written()
    said = [each for each in checked(path).refused if isinstance(each, StudyError)]
    assert "choose.goal_missing" in [each.text for each in said]
