"""A planner's files to a plan: the whole chain on the demo town, resumed after a kill, explained and verified."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError, InputErrors, StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.model import reads
from citybraid.planning.rows import indicators
from citybraid.store.store import Store
from citybraid.study.explain import explanation
from citybraid.study.explain.comparison import compare
from citybraid.study.explain.verification import VerificationResult
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.coarse_town import without
from tests.discovered import models

ALTERNATIVES = ("as_is", "as_planned", "scheme_a", "scheme_b", "with_measures")


WITHOUT_DATA = (
    "beds_lost", "elderly_service_wait", "main_recovery", "near_recovery", "people_unserved", "quake_debris",
    "quake_displaced", "quake_heavy_buildings", "quake_recovery", "quake_services_lost", "recovery_loss",
    "service_wait_mean",
    "asset_annual_damage", "blackout_elderly", "children_exposed", "coastal_area", "drought_months",
    "elderly_exposed", "elderly_heat_person_hours", "heat_wave_deaths", "people_far_from_cool_room",
    "people_near_cool_room", "subsidence", "typhoon_wind", "water_deficit",
)  # fmt: skip
"""Indicators that the demo has no data for."""


def test_every_alternative_stands_in_every_table(ran: Run) -> None:
    assert set(ran.alternatives) == set(ALTERNATIVES)
    for name in ran.alternatives:
        table = ran.table(f"units/{name}")
        assert table is not None
        assert WHOLE_AREA in table.index
        assert len(table) == 17
        assert set(indicators()) - set(table) <= {"emissions_error", *WITHOUT_DATA}


STATED = "parameter:"
"""What a gap lacks begins so where the study states it on purpose."""


def test_a_gap_lacks_what_no_file_brings_and_no_model_made(ran: Run) -> None:
    for name in ran.alternatives:
        there = ran.layers(name).keys()
        gaps = {gap.model: gap for gap in ran.gaps(name)}
        assert gaps
        for gap in gaps.values():
            lacking = [need for need in gap.needs if not need.startswith(STATED)]
            assert gap.needs
            assert not there & {*lacking}, gap.model
        assert not gaps.keys() & {step.model for step in ran.steps(name)}


def test_every_model_of_the_demo_runs_or_says_what_it_lacks(ran: Run) -> None:
    """A model on its own, one that another replaces, and those of an ensemble belong to no study of the demo."""
    drawn = {"resilience.damage_draws"}
    of_draws = {name for model in models() if model.id in drawn for name in model.makes}
    drawn |= {model.id for model in models() for need in model.needs.values() if of_draws & {*reads(need.what)}}
    for name in ran.alternatives:
        told = {gap.model for gap in ran.gaps(name)} | {step.model for step in ran.steps(name)}
        there = ran.layers(name).keys()
        silent = [model for model in models() if not model.stage and not model.alone and model.id not in told | drawn]
        assert [model.id for model in silent if not model.fallback and not there & {*model.makes}] == []


def test_every_flood_closes_its_water_balance(ran: Run) -> None:
    residuals = [
        value for step in ran.steps("as_planned") for name, value in step.residuals.items() if name == "mass_error"
    ]
    assert len(residuals) == 4
    assert max(map(abs, residuals)) < 1e-6


def test_planned_parcels_are_empty_as_is_and_built_as_planned(ran: Run) -> None:
    now, planned = ran.table("units/as_is"), ran.table("units/as_planned")
    assert now is not None
    assert planned is not None
    assert planned["residents"][WHOLE_AREA] > now["residents"][WHOLE_AREA] * 1.2


def test_parcels_and_what_lies_outside_sum_to_the_total(ran: Run) -> None:
    layers = ran.layers("as_planned")
    parcels = ran.value(layers["parcel_emissions"][""]).sum()
    outside, total = (ran.value(layers[name][""]) for name in ("outside_parcels", "total_emissions"))
    assert parcels + outside == pytest.approx(total, rel=1e-9)


def test_the_portfolio_stays_within_its_budget_and_is_run_through_the_physics(ran: Run) -> None:
    choice, rerun = ran.choice, ran.table("rerun")
    assert choice is not None
    assert rerun is not None
    assert choice.cost <= choice.budget.total * (1 + 1e-9)
    whole = rerun[(rerun["unit"] == WHOLE_AREA) & (rerun["indicator"] == "emissions_per_resident")]
    before, after = ran.table("units/as_planned"), ran.table("units/with_measures")
    assert before is not None
    assert after is not None
    change = after["emissions_per_resident"][WHOLE_AREA] - before["emissions_per_resident"][WHOLE_AREA]
    assert float(whole["computed"].iloc[0]) == pytest.approx(change)
    front = ran.table("front")
    assert front is not None
    assert front["chosen"].sum() == 1
    assert front["gap"].between(0.0, 0.05 + 1e-6).all()


def test_each_measure_has_its_worth_in_the_currency_of_its_price(ran: Run) -> None:
    """Averted loss from the effects, cost from quantity and price: benefit over cost is that of the yearly sums."""
    table, effects, choice = ran.table("worth"), ran.table("effects"), ran.choice
    assert table is not None
    assert effects is not None
    assert choice is not None
    assert set(table["indicator"]) == {"expected_annual_damage", "energy_cost"}
    whole = effects[(effects["zone"] == WHOLE_AREA) & effects["indicator"].isin(set(table["indicator"]))]
    placed = whole.loc[whole["installed"] > 0.0, "measure"]
    assert set(table["measure"]) == set(placed) & set(choice.prices)
    by_measure = whole.set_index(["measure", "indicator"])
    for row in table.to_dict("records"):
        price, effect = choice.prices[row["measure"]], by_measure.loc[(row["measure"], row["indicator"])]
        assert row["averted"] == pytest.approx(-1e4 * effect["change"], abs=1e-3)
        assert row["cost"] == pytest.approx(price.present * effect["installed"])
        if price.upkeep:
            annuity = (price.present - price.build) / price.upkeep
            assert row["benefit"] == pytest.approx(row["averted"] * annuity, rel=1e-6, abs=1e-3)
        else:
            assert (row["benefit"] > 0.0) == (row["averted"] > 0.0)


def test_failing_parcels_have_reasons_and_fixes(ran: Run) -> None:
    failing, fixes = ran.table("failing"), ran.table("fixes")
    assert failing is not None
    assert fixes is not None
    controls = ran.table("controls/as_planned")
    assert controls is not None
    assert set(failing["parcel"]) == set(controls.loc[controls["state"] == "failed", "parcel"])
    assert (failing["excess"] > 0).all()
    assert set(zip(failing["parcel"], failing["control"], strict=True)) == set(
        zip(fixes["parcel"], fixes["control"], strict=True)
    )


def test_a_second_run_executes_no_step(ran: Run, town: Path) -> None:
    again = run_study(open_study(town), threads=2)
    assert again.manifest.executed == 0
    for name in ran.alternatives:
        assert ran.manifest.alternatives[name].layers == again.manifest.alternatives[name].layers


def test_one_corrected_storm_reruns_one_flood(ran: Run, town: Path) -> None:
    text = town.read_text(encoding="utf-8")
    changed = town.with_name("changed.toml")
    text = without(text, "as_planned", "scheme_a", "scheme_b")
    changed.write_text(text.replace("return_period = 20\n", "return_period = 30\n"), encoding="utf-8")
    again = run_study(open_study(changed), baseline_only=True)
    before = {step.key for step in ran.steps("as_is")}
    new = [step.name for step in again.steps("as_is") if step.key not in before]
    events = [name for name in new if "@" in name]
    assert {name.partition("@")[0] for name in events} >= {"resilience.flood", "resilience.flood_damage"}
    assert {name.partition("@")[2] for name in events} == {"p20"}
    assert {name for name in new if "@" not in name} == {
        "integrate.synergy.ecosystem_services",
        "integrate.synergy.service_hot_spots",
        "resilience.expected_annual_damage",
        "resilience.expected_annual_exposed",
        "resilience.flood_risk_line",
        "resilience.waterlogging",
    }


def test_a_number_walks_back_to_its_sources_and_on_to_its_instrument(ran: Run) -> None:
    found = explanation.explain(ran, "emissions_per_resident")
    assert set(found.values) == set(ran.alternatives)
    models = {step.model for step in found.steps}
    assert {"lowcarbon.building_energy", "lowcarbon.travel", "integrate.bridges.building_residents"} <= models
    assert {row.factor for row in found.rows} >= {"grid_emission_factor", "envelope", "travel_trip_rate"}
    assert {"buildings", "dry_bulb", "population"} <= {home.var for home in found.homes}
    assert 0 < found.unsure < 1
    assert found.indicator.instrument == "carbon_budget"
    assert found.objectives[0].id == "carbon"


def test_what_cannot_be_explained_says_why(ran: Run) -> None:
    with pytest.raises(InputError, match="does not exist"):
        explanation.explain(ran, "happiness")
    with pytest.raises(InputError, match="planning unit"):
        explanation.explain(ran, "canopy_cover", zone="nowhere")


def test_a_run_holds_where_nothing_differs_and_nothing_is_missing() -> None:
    """What verification finds in a whole run stands in test_ensemble.py."""
    assert VerificationResult(3, {}, ()).holds
    assert not VerificationResult(3, {"as_is:canopy_cover@": 0.1}, ()).holds
    assert not VerificationResult(3, {}, ("as_is:canopy_cover@",)).holds
    assert not VerificationResult(3, {}, (), ("as_is:canopy_cover@",)).holds


def test_two_runs_are_set_side_by_side_with_their_causes(ran: Run, town: Path) -> None:
    rows = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
    text = town.read_text(encoding="utf-8")
    own = (town.parent / "factors.csv").read_text(encoding="utf-8-sig").partition("\n")[2]
    row = "grid_emission_factor,,0.4,,,,kg kWh-1,,,,user,our utility,\n"
    (town.parent / "own.csv").write_text(rows + own + row, encoding="utf-8")
    changed = town.with_name("own.toml")
    text = without(text, "as_planned", "scheme_a", "scheme_b")
    changed.write_text(text.replace('"factors.csv"', '"own.csv"'), encoding="utf-8")
    other = run_study(open_study(changed), baseline_only=True)
    found = compare(ran, other)
    assert any(name.startswith("factors: grid_emission_factor") for name in found.causes)
    table = found.indicators.set_index(["alternative", "indicator"])["difference"]
    assert table["as_is", "building_emissions"] != 0
    assert table["as_is", "flooded_area"] == 0


def test_a_plain_flood_writes_a_file_for_each_raster_and_one_for_its_numbers(ran: Run) -> None:
    values = ran.store.folder / "values"
    floods = [(key, step) for key, step in ran.manifest.steps.items() if step.model == "resilience.flood"]
    assert floods
    for key, step in floods:
        alone = [made for made in step.makes if (values / made[:2] / made).is_dir()]
        records = list((ran.store.folder / "numbers").glob(f"{key}.*.json"))
        assert len(records) == 1
        assert len(alone) + 1 <= 8
        assert all(ran.store.intact(made) for made in step.makes)


def fewer(study: Path, *alternatives: str) -> None:
    """Take alternatives out of a copy of the town."""
    study.write_text(without(study.read_text(encoding="utf-8"), *alternatives), encoding="utf-8")


def forgotten(study: Path, ran: Run, *models: str) -> Path:
    """Take what these models made out of a study's store; returns the folder of what its Steps have noted."""
    store = Store(study.parent / ".citybraid" / "store")
    for key, step in ran.manifest.steps.items():
        if step.model.startswith(models):
            store.forget(step.makes)
            (store.folder / "steps" / key[:2] / f"{key}.json").unlink(missing_ok=True)
    return store.folder / "steps"


def test_a_killed_run_goes_on_where_it_stopped(ran: Run, ran_copy: Path) -> None:
    command = [sys.executable, "-m", "citybraid", "run", str(ran_copy), "--baseline", "--no-report", "--json"]
    fewer(ran_copy, "scheme_a", "scheme_b")
    store = forgotten(ran_copy, ran, "resilience", "biodiversity")
    kept = _steps_in(store)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 600
        while len(_steps_in(store) - kept) < 12 and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
    done = _steps_in(store)
    assert not list((ran_copy.parent / "runs").glob("*/manifest.json"))
    again = run_study(open_study(ran_copy), baseline_only=True)
    done &= set(again.manifest.steps)
    assert len(done - kept) >= 12
    assert again.manifest.executed > 0
    assert again.manifest.executed + len(done) <= len(again.manifest.steps) + 2
    for name in ("as_is", "as_planned"):
        assert ran.manifest.alternatives[name].layers == again.manifest.alternatives[name].layers
    made = {each for step in again.manifest.steps.values() for each in step.makes}
    whole, resumed = (_bytes_of(each, made) for each in (ran.store.folder, again.store.folder))
    assert whole
    assert [name for name in whole.keys() | resumed.keys() if whole.get(name) != resumed.get(name)] == []


def _bytes_of(store: Path, made: set[str]) -> dict[str, bytes]:
    """Every chunk, table and file of numbers that Steps made in a store, with its bytes."""
    chunks = [file for key in made for file in (store / "values" / key[:2] / key).rglob("*") if file.is_file()]
    numbers = [file for file in (store / "numbers").glob("*.json") if made & {*json.loads(file.read_bytes())}]
    return {str(file.relative_to(store)): file.read_bytes() for file in (*chunks, *numbers)}


def _steps_in(store: Path) -> set[str]:
    """Keys of Steps that are done: a store also keeps readings of files."""
    return {path.stem for path in store.glob("*/*.json") if '"residuals"' in path.read_text(encoding="utf-8")}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_an_interrupt_stops_within_two_seconds_and_keeps_what_is_done(ran: Run, ran_copy: Path) -> None:
    fewer(ran_copy, "scheme_a", "scheme_b")
    forgotten(ran_copy, ran, "resilience")
    command = [sys.executable, "-m", "citybraid", "run", str(ran_copy), "--baseline", "--no-report", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "resilience.flood@" in line and json.loads(line)["event"] == "StepStarted":
                break
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        _, told = process.communicate(timeout=300)
        waited = time.monotonic() - sent
    assert process.returncode == 130
    assert "Stopped by you" in told
    assert "已按您的要求停止" in told
    assert waited < 120  # 2 s on an idle machine; the bound only tells a hang from a stop
    store = Store(ran_copy.parent / ".citybraid" / "store")
    assert len(list((store.folder / "steps").glob("*/*.json"))) > 3


def test_every_problem_of_a_study_file_is_told_at_once(town_copy: Path) -> None:
    text = town_copy.read_text(encoding="utf-8")
    text = text.replace('measure = "rooftop_pv"', 'measure = "magic"').replace("duration = 120", "duration = 1", 1)
    town_copy.write_text(text + "\n[rubbish]\nx = 1\n", encoding="utf-8")
    with pytest.raises(InputErrors) as told:
        open_study(town_copy)
    assert {problem.text for problem in told.value.problems} == {"study.unknown_word", "study.value"}
    town_copy.write_text(text.replace("duration = 1\n", "duration = 120\n"), encoding="utf-8")
    with pytest.raises(InputErrors, match="magic"):
        open_study(town_copy)


@pytest.mark.parametrize("damage", ["cut", "empty", "gone"])
def test_a_damaged_file_is_told_and_nothing_is_written(town_copy: Path, damage: str, tmp_path: Path) -> None:
    path = next((town_copy.parent / "data").glob("*.tif"))
    content = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    with pytest.raises(InputErrors) as told:
        take_in_study(open_study(town_copy), Store(tmp_path / "store"))
    assert path.name in told.value.say("en")
    assert path.name in told.value.say("zh")
    assert not (town_copy.parent / "runs").exists()


def test_assumed_prices_are_refused_outside_a_synthetic_study(ran_copy: Path) -> None:
    text = ran_copy.read_text(encoding="utf-8").replace("synthetic = true", "synthetic = false")
    alone = text.replace("[alternatives.scheme_a]", "[alternatives.scheme_x]")
    ran_copy.write_text(alone, encoding="utf-8")
    with pytest.raises(StudyError, match="assumed"):
        run_study(open_study(ran_copy))


def test_a_study_may_extend_another(town: Path) -> None:
    child = town.with_name("child.toml")
    child.write_text('extends = "study.toml"\n[study]\nyear = 2040\n', encoding="utf-8")
    found = open_study(child)
    assert found.asked.study.year == 2040
    assert found.asked.study.name == "jiaxing-hsr"


def test_the_screening_grid_is_compared_with_the_full_one(ran: Run) -> None:
    table = ran.table("grids")
    assert table is not None
    assert np.isfinite(table["difference"]["air_temperature"])
    assert isinstance(table, pd.DataFrame)
    assert math.isclose(table["screening"]["residents"], table["full"]["residents"])


def test_files_count_from_the_folder_that_the_study_names(town_copy: Path) -> None:
    (town_copy.parent / "elsewhere").mkdir()
    (town_copy.parent / "data").rename(town_copy.parent / "elsewhere" / "data")
    text = town_copy.read_text(encoding="utf-8")
    town_copy.write_text(text.replace("[study]\n", '[study]\ndata = "elsewhere"\n'), encoding="utf-8")
    assert open_study(town_copy).data == town_copy.parent.resolve() / "elsewhere"
    town_copy.write_text(text.replace("[study]\n", '[study]\ndata = "gone"\n'), encoding="utf-8")
    assert open_study(town_copy).data == town_copy.parent.resolve()
    elsewhere = town_copy.parent / "elsewhere"
    assert open_study(town_copy, data=elsewhere).data == elsewhere.resolve()


def test_a_quantity_that_is_no_indicator_walks_back_too(ran: Run) -> None:
    """Embodied carbon, hot hours and pathways stand in the report; they are added or averaged by their unit."""
    found = explanation.explain(ran, "embodied_carbon")
    assert found.values["as_is"] == pytest.approx(ran.value(ran.layers("as_is")["embodied_carbon"][""]).sum())
    assert "lowcarbon.embodied_carbon" in {step.model for step in found.steps}
    assert {row.factor for row in found.rows}
    hours = explanation.explain(ran, "hours_above_30")
    assert hours.values["as_is"] == pytest.approx(ran.value(ran.layers("as_is")["hours_above_30"][""]).mean())
    with pytest.raises(InputError, match="does not exist"):
        explanation.explain(ran, "building_use")
