"""What if one parcel were otherwise: learned from runs of a made town, and answered without one."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import citybraid as cb
from citybraid.core.errors import Cancelled, InputError, InputErrors, StudyError
from citybraid.core.layer import Layer
from citybraid.core.remembered import remembered_rows
from citybraid.integrate.learn import conformal
from citybraid.integrate.measures.form.parcel_edit import CONTROLS
from citybraid.lowcarbon import stock
from citybraid.store.store import Store
from citybraid.study.open.events import Event, StepProgress
from citybraid.study.open.open_study import open_study
from citybraid.study.plan.required import required_steps
from citybraid.study.run.engine import Engine
from citybraid.study.whatif import at_once, features, learning, prepared
from citybraid.study.whatif.alternative import write_alternative
from citybraid.study.whatif.answer import Target, WhatIf, _decision, _Value, what_if
from citybraid.study.whatif.at_once import AtOnce, run_at_once
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.drawing import Ranges
from citybraid.study.whatif.edit import Edit, edit_of, read_edit
from citybraid.study.whatif.features import Features
from citybraid.study.whatif.placing import edited_place, placed
from tests.commands import citybraid
from tests.study.what_if_town import EDITS, write_what_if_town

pytestmark = pytest.mark.slow
DENSER = Edit("P00", controls=(("floor_area_ratio", 1.3),))
GREENER = Edit("P20", controls=(("building_density", 0.25), ("green_ratio", 0.34)))


def bench_of(path: Path) -> Bench:
    return Bench.of(open_study(path), Store(path.parent / ".citybraid" / "store"), threads=1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made town, learned with green roofs among the edits."""
    path = write_what_if_town(tmp_path_factory.mktemp("what_if"))
    learning.learn(bench_of(path), EDITS, 1, ("green_roof",))
    return path


@pytest.fixture(scope="module")
def learned(town: Path) -> learning.Learned:
    return learning.learned(bench_of(town))


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that may run nothing."""

    def refuse(*_: object) -> None:
        pytest.fail("a Step was run")

    monkeypatch.setattr(Engine, "run", refuse)


def row(found: WhatIf, scope: str, name: str) -> pd.Series:
    only: pd.Series = found.table[(found.table["scope"] == scope) & (found.table["name"] == name)].iloc[0]
    return only


@pytest.mark.usefixtures("idle")
def test_an_edit_is_answered_without_a_step(learned: learning.Learned) -> None:
    found = what_if(learned, DENSER, seconds=0.0)
    assert {"predicted", "computed"} <= set(found.table["how"])
    assert row(found, "area", "transport_emissions")["after"] > row(found, "area", "transport_emissions")["before"]
    assert not found.outside


@pytest.mark.parametrize("edit", [DENSER, GREENER])
def test_the_run_lies_within_the_bands_and_is_what_was_computed(learned: learning.Learned, edit: Edit) -> None:
    """Bands hold on average over edits: of a single one, whose values go together, nearly all."""
    found = what_if(learned, edit)
    both = found.table.merge(found.run_full().table, on=["scope", "name"], suffixes=("", "_run"))
    known = both[both["how"].isin(["predicted", "wide"])]
    slack = 1e-9 * known["before"].abs() + 1e-9
    inside = (known["after_run"] >= known["low"] - slack) & (known["after_run"] <= known["high"] + slack)
    assert inside.mean() >= 0.8
    exact = both[both["how"] == "computed"]
    assert {"residents", "far", "bd", "gr", "height"} <= set(exact["name"])
    np.testing.assert_allclose(exact["after"], exact["after_run"], rtol=1e-6)


def test_what_is_quick_and_has_a_wide_band_is_run(town: Path, learned: learning.Learned) -> None:
    """Values that an answer has run are those of the full run; no more is run than the time allows."""
    edit = Edit("P01", controls=(("building_density", 0.31), ("floor_area_ratio", 1.37)))
    predicted = what_if(learned, edit, seconds=0.0)
    assert "run" not in set(predicted.table["how"])
    wide = predicted.table[predicted.table["how"] == "wide"]
    assert len(wide) > 0
    answered = cb.open(town).what_if(parcel="P01", building_density=0.31, floor_area_ratio=1.37).table
    run = answered[answered["how"] == "run"]
    assert len(run) > 0
    full = predicted.run_full().table
    both = run.merge(full, on=["scope", "name"], suffixes=("", "_run"))
    np.testing.assert_array_equal(both["after"], both["after_run"])
    assert (run["low"] == run["high"]).all()
    quick = AtOnce(learned.bench, Edit("P02", controls=(("building_density", 0.29),)))
    columns = {f"{scope}/{name}": 1.0 for scope, name in zip(wide["scope"], wide["name"], strict=True)}
    chosen, steps = quick.fitting(columns, 0.3)
    assert sum(quick.seconds[step.key] for step in steps) <= 0.3
    assert quick.fitting(columns, 0.0) == ((), ())
    assert set(chosen) <= set(quick.fitting(columns, np.inf)[0]) == set(columns)


def test_of_an_edit_only_the_buildings_that_it_changes_are_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan's own buildings are computed once before; energy is then, to the bit, that of all buildings anew."""
    counted: list[int] = []
    simulated = stock._simulate_buildings.__wrapped__  # type: ignore[attr-defined]  # below what is remembered

    def count(buildings: np.ndarray[tuple[int], np.dtype[np.intp]], *args: Any, **named: Any) -> Any:
        counted.append(len(buildings))
        return simulated(buildings, *args, **named)

    monkeypatch.setattr(stock, "_simulate_buildings", remembered_rows(1000)(count))
    monkeypatch.setattr(at_once, "REMEMBERING", 1e-3)
    bench = bench_of(write_what_if_town(tmp_path, weather=True))
    assert at_once.row_by_row(bench) == (), "nothing was run"
    energy = next(step for step in bench.planned.steps if step.model.id == "lowcarbon.building_energy")
    bench.engine.run(required_steps(bench.planned.steps, *(out.key for out in energy.outs)))
    every = counted.pop()
    assert energy.key in {step.key for step in at_once.row_by_row(bench)}
    assert every > 20
    quick = AtOnce(bench, Edit("P00", controls=(("floor_area_ratio", 2.6),)), {"lowcarbon.building_energy": 0.1})
    column = "area/energy_intensity"
    found = run_at_once(quick, {column: 1.0}, seconds=np.inf)[column]
    assert 0 < counted.pop() < every
    monkeypatch.setattr(stock, "_simulate_buildings", remembered_rows(1000)(count))
    bench.engine.rehearse(energy)
    assert counted == [every], "a rehearsal computes what is not remembered"
    step = next(step for step in quick.planned.steps if step.model.id == "lowcarbon.building_energy")
    assert not bench.engine.store.has(step.outs[2].key), "an answer writes nothing"
    stored = quick.engine.memory.get(step.outs[2].key)
    monkeypatch.setattr(stock, "_simulate_buildings", count_all(simulated))
    again = step.model.run(quick.engine._arguments(step, lambda _: None))
    np.testing.assert_array_equal(again["electricity"], stored)
    assert np.isfinite(found)


def test_what_answers_start_from_is_kept_for_later_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that finds the rows of the plan's buildings in the store computes none, and gets them to the bit."""
    counted: list[int] = []
    simulated = stock._simulate_buildings.__wrapped__  # type: ignore[attr-defined]  # below what is remembered

    def count(buildings: np.ndarray[tuple[int], np.dtype[np.intp]], *args: Any, **named: Any) -> Any:
        counted.append(len(buildings))
        return simulated(buildings, *args, **named)

    def begin_a_session() -> None:
        monkeypatch.setattr(stock, "_simulate_buildings", remembered_rows(1000)(count))

    begin_a_session()
    bench = bench_of(write_what_if_town(tmp_path, weather=True))
    energy = next(step for step in bench.planned.steps if step.model.id == "lowcarbon.building_energy")
    bench.engine.run(required_steps(bench.planned.steps, *(out.key for out in energy.outs)))
    every = counted.pop()
    begin_a_session()
    prepared.remember(bench, [energy])
    assert counted == [every], "nothing was kept"
    begin_a_session()
    prepared.remember(bench, [energy])
    assert counted == [every], "all is kept"
    again = energy.model.run(bench.engine._arguments(energy, lambda _: None))
    assert counted == [every, 0]
    np.testing.assert_array_equal(again["electricity"], bench.value(energy.outs[2]))
    for value in (bench.engine.store.folder / "values").glob("*/*/column*"):
        if value.parent.name not in {out.key for step in bench.planned.steps for out in step.outs}:
            value.write_bytes(b"damaged")
    begin_a_session()
    prepared.remember(bench, [energy])
    assert counted == [every, 0, every], "what is damaged is computed anew"


def test_fits_are_kept_and_give_the_same_bands(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = replace(learning.learned(bench_of(town)), keeps=False).band(DENSER)

    def fail(*_: object) -> None:
        pytest.fail("a fit was made")

    monkeypatch.setattr(conformal._Fit, "of", fail)
    kept = learning.learned(bench_of(town)).band(DENSER)
    np.testing.assert_array_equal(np.stack(kept), np.stack(made))


def test_a_copied_step_took_what_the_step_that_was_computed_took(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.note("computed", {"work": 1.5})
    store.note("copied", {"seconds": 0.01, "same_as": "computed"})
    store.note("copied again", {"seconds": 0.01, "same_as": "copied"})
    store.note("of a step that is gone", {"same_as": "gone"})
    keys = ("computed", "copied", "copied again", "of a step that is gone", "unknown")
    assert [at_once.worked(store, key) for key in keys] == [1.5, 1.5, 1.5, None, None]


def count_all(simulated: Any) -> Any:
    """Return the simulation of all buildings, without any that are remembered."""
    return lambda keys, *args, **named: simulated(np.arange(len(keys)), *args, **named)


def test_a_step_costs_what_it_took_in_the_sample(learned: learning.Learned) -> None:
    quick = AtOnce(learned.bench, Edit("P10", controls=(("building_density", 0.23),)), {"resilience.flood": 0.5})
    seconds = {step.model.id: quick.seconds[step.key] for step in quick.planned.steps}
    assert seconds["resilience.flood"] == 0.5 + at_once.WAITING
    assert seconds["resilience.flood_depth"] > at_once.HANDLING, "that of its table"
    assert all(seconds > 0.0 for seconds in learned.work.values())


def test_residents_follow_from_floor_area_over_living_area(learned: learning.Learned) -> None:
    """0.3 more of 8100 m2, at the living area per person."""
    living = learned.bench.factors["living_area_per_person"][""]
    change = row(what_if(learned, DENSER), "area", "residents")
    assert change["after"] - change["before"] == pytest.approx(0.3 * 8100.0 / living, rel=0.01)


def test_setback_and_parking_follow_from_the_plot_alone(learned: learning.Learned) -> None:
    """The least distance of what is built from the plot's edge, and the norm times its floor area: 1 space a 100 m2."""
    assert {"parcel/setback", "parcel/parking"} <= learned.exact
    edit = Edit("P00", controls=(("building_density", 0.2), ("floor_area_ratio", 1.1)))
    table = what_if(learned, edit, seconds=0.0).table.set_index(["scope", "name"]).loc["parcel"]
    built, edge = learned.features.buildings(edit), learned.bench.shapes["P00"].boundary
    assert table.loc[["setback", "parking"], "how"].tolist() == ["computed"] * 2
    assert table["after"]["setback"] == pytest.approx(min(each.footprint.distance(edge) for each in built))
    assert table["after"]["parking"] == pytest.approx(0.01 * sum(each.footprint.area * each.floors for each in built))
    assert table["before"]["parking"] < table["after"]["parking"] == table["low"]["parking"] == table["high"]["parking"]


def test_floor_area_is_told_by_use_for_trips_and_visits_go_with_it(learned: learning.Learned) -> None:
    """By pencil: shops for homes on a parcel; what its uses gain is all that is no home."""
    known = learned.features.uses
    shops = learned.features.change(Edit("P00", "0901", controls=(("floor_area_ratio", 1.3),)))
    denser = learned.features.change(DENSER)
    assert "residential" not in known
    assert shops.homes < 0.0 < shops.other
    assert sum(shops.uses) == pytest.approx(shops.other)
    assert sum(denser.uses) == pytest.approx(denser.other, abs=1e-6)
    counts = sum(len(part) for part in (shops.loads, shops.uses))
    assert learned.features([DENSER]).moved.shape[1] > counts


@pytest.mark.parametrize(
    "edit",
    [Edit("P00"), Edit("P00", measures=(("green_roof", 0.0),)), Edit("P00", controls=(("floor_area_ratio", 1.0),))],
)
def test_an_edit_that_states_what_is_planned_changes_nothing(learned: learning.Learned, edit: Edit) -> None:
    table = what_if(learned, edit).table
    known = table[table["how"] != "unknown"]
    for end in ("after", "low", "high"):
        np.testing.assert_allclose(known[end], known["before"], rtol=1e-9, atol=1e-12)
    place = edited_place(learned.bench, Edit("P00", controls=(("floor_area_ratio", 1.0),)))
    assert place.one("floor_area_ratio").key == learned.bench.taken.place.one("floor_area_ratio").key


def test_a_measure_is_placed_on_its_parcel_alone(learned: learning.Learned) -> None:
    bench, edit = learned.bench, Edit("P00", measures=(("green_roof", 1.0),))
    planned = bench.evaluator(bench.taken.place, (*bench.base, *placed(bench, edit))).planned((), grid="screening")
    place = planned.place
    roofs, shapes = bench.value(place.one("green_roof")), bench.value(place.one("buildings"))
    greened = roofs[roofs > 0.0].index
    assert len(greened) > 0
    assert shapes[greened].centroid.within(bench.shapes["P00"]).all()
    amount = bench.value(place.one("green_roof_area"))
    assert amount.to_numpy() == pytest.approx([(roofs * shapes.area).sum(), 0.0])


def test_outside_what_was_learned_there_is_no_band_and_a_run_decides(learned: learning.Learned) -> None:
    for edit, text in (
        (Edit("P00", controls=(("floor_area_ratio", 9.0),)), "what_if.value_not_learned"),
        (Edit("P00", measures=(("rooftop_pv", 0.5),)), "what_if.measure_not_learned"),
        (Edit("P00", land_use="100101"), ""),
        (Edit("P00", controls=(("floor_area_ratio", 5.5), ("green_ratio", 0.7))), ""),
        (Edit("P00", land_use="1401", controls=(("green_ratio", 0.7),)), ""),
        (Edit("P00", land_use="0101"), "what_if.code_not_learned"),
        (Edit("P00", land_use="1207"), "what_if.code_not_learned"),
        (Edit("P02", controls=(("floor_area_ratio", 1.0),)), "what_if.no_value_learned"),
    ):
        found = what_if(learned, edit, seconds=0.0)
        assert [fault.text for fault in found.outside][:1] == [text] * bool(text)
        assert ("predicted" in set(found.table["how"])) != bool(text)
        assert found.undecided or not text
        assert not any(name in fault.say("en") + fault.say("zh") for name in CONTROLS for fault in found.outside)
    (fault,) = what_if(learned, Edit("P00", controls=(("green_ratio", 0.99),)), seconds=0.0).outside
    assert fault.say("en").startswith("Green space ratio 99%: runs were learned from ")


def test_decisions_by_where_the_target_lies() -> None:
    value = _Value(5.0, 4.0, 6.0, 0.1, "predicted")
    ends: list[tuple[Target | None, str]] = [(Target(7.0, at_most=True), "met"), (Target(3.0, at_most=True), "missed")]
    ends += [(Target(5.5, at_most=True), "within"), (Target(5.5, at_most=False), "within"), (None, "")]
    ends += [(Target(3.0, at_most=False), "met"), (Target(7.0, False), "missed"), (Target(5.9, True, 0.02), "met")]
    assert [_decision(target, value) for target, _ in ends] == [decision for _, decision in ends]
    assert _decision(Target(1.0, at_most=True), _Value(np.nan, np.nan, np.nan, np.nan, "unknown")) == "unknown"


def test_a_raster_that_no_number_is_read_of_is_no_context(
    learned: learning.Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storm of a file beside design storms is not run: the demo, which has one, could not be learned."""
    unread = learned.bench.planned.place.layers["max_depth"][-1].key
    value = Bench.value

    def refuse(bench: Bench, layer: Layer) -> Any:
        assert layer.key != unread
        return value(bench, layer)

    monkeypatch.setattr(Bench, "value", refuse)
    monkeypatch.setattr(features, "never_read", lambda *_: frozenset({unread}))
    inputs = Features(learned.bench, ())([DENSER, GREENER])
    assert inputs.context.shape == (2, learned.inputs.context.shape[1] - 1)


def test_an_edit_that_no_building_can_meet_says_so(learned: learning.Learned, town: Path) -> None:
    """Ratio 9 on 30 % of the plot under 40 m: 13 storeys of 3 m give 3.9, so that less is built than is stated."""
    found = what_if(learned, Edit("P00", controls=(("floor_area_ratio", 9.0),)), seconds=0.0)
    (row,) = found.contradictions.to_dict("records")
    assert (row["parcel"], row["conflict"], row["needs"]) == ("P00", "storeys", 9.0)
    assert row["offers"] == pytest.approx(0.3 * 13)
    assert what_if(learned, DENSER, seconds=0.0).contradictions.empty
    assert what_if(learned, Edit("P00", measures=(("green_roof", 0.5),)), seconds=0.0).contradictions.empty
    done = citybraid("whatif", str(town), "--parcel", "P00", "--set", "far=9", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "! Parcels P00: a floor area ratio of 9.00 does not fit" in done.stdout


def test_a_stopped_learning_goes_on_where_it_was(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "town" / "study.toml"
    shutil.copytree(town.parent, path.parent)
    counted, few = list[Edit](), 6
    run = learning.run_edit

    def count(bench: Bench, edit: Edit, *, stored: bool) -> dict[str, float]:
        assert not stored, "a sample on a coarse grid keeps outcomes alone"
        counted.append(edit)
        return run(bench, edit, stored=stored)

    monkeypatch.setattr(learning, "run_edit", count)

    def stop(event: Event) -> None:
        if isinstance(event, StepProgress) and event.step == "what_if" and event.share > 0.3:
            raise Cancelled("cli.interrupted")

    bench = bench_of(path)
    bench.engine.emit = stop
    with pytest.raises(Cancelled):
        learning.learn(bench, few, 9)
    done = len(counted)
    assert 0 < done < few
    assert len(learning.learned(bench_of(path)).edits) == EDITS, "the former sample stays"
    assert learning.left(bench, Ranges(bench, ()).draw(few, 9)) == few - done
    learning.learn(bench_of(path), few, 9)
    assert len(counted) == few


def test_a_sample_of_another_study_is_refused(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "town" / "study.toml"
    shutil.copytree(town.parent, path.parent)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("canopy_cover = 0.1", "canopy_cover = 0.2"), encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        learning.learned(bench_of(path))
    assert refused.value.text == "what_if.stale"
    shutil.rmtree(path.parent / ".citybraid")
    with pytest.raises(StudyError) as refused:
        learning.learned(bench_of(path))
    assert refused.value.text == "what_if.not_learned"


BAD = {
    ("P99", "far=2"): "what_if.unknown_parcel",
    ("P00", "colour=2"): "what_if.unknown_control",
    ("P00", "far"): "what_if.form",
    ("P00", "far=many"): "what_if.no_number",
    ("P00", "far=nan"): "what_if.no_number",
    ("P00", "density=1.2"): "what_if.out_of_range",
    ("P00", "far=-1"): "what_if.out_of_range",
    ("P00", "far=2", "far=3"): "what_if.twice",
    ("P00", "far=2", "floor_area_ratio=2"): "what_if.twice",
    ("P00", "land_use=99"): "what_if.unknown_code",
    ("P22", "far=0"): "what_if.controls_needed",
}


@pytest.mark.parametrize("words", BAD)
def test_bad_edits_are_refused_in_both_languages(words: tuple[str, ...], learned: learning.Learned, town: Path) -> None:
    parcel, *settings = words
    with pytest.raises(InputError) as refused:
        what_if(learned, read_edit(learned.bench.study, parcel, settings, []))
    fault = refused.value
    assert (fault.problems[0] if isinstance(fault, InputErrors) else fault).text == BAD[words]
    done = citybraid("whatif", str(town), "--parcel", parcel, *(each for word in settings for each in ("--set", word)))
    assert done.returncode == 2
    assert all(fault.say(language).splitlines()[-1] in done.stderr for language in ("zh", "en"))


def test_bad_measures_are_refused(learned: learning.Learned) -> None:
    study = learned.bench.study
    bad = (({"green_rof": 0.5}, "what_if.unknown_measure"), ({"green_roof": 1.5}, "what_if.out_of_range"))
    for measures, text in bad:
        with pytest.raises(InputErrors) as refused:
            edit_of(study, "P00", {}, measures)
        assert refused.value.problems[0].text == text
    for words in (["--set", "far=2"], []):
        assert citybraid("whatif", str(study.path), *words).returncode == 2


def test_the_command_prints_the_edit_in_both_languages_and_as_json(town: Path) -> None:
    words = ("whatif", str(town), "--parcel", "P00", "--set", "far=1.3", "--measure", "green_roof=0.5")
    for lang, said in (("zh", "常住人口"), ("en", "Residents")):
        done = citybraid(*words, "--quiet", "--lang", lang)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
    record = json.loads(citybraid(*words, "--quiet", "--json").stdout.splitlines()[-1])
    values = {(each["scope"], each["name"]): each for each in record["values"]}
    assert values["area", "residents"]["low"] <= values["area", "residents"]["high"]
    assert record["full_run"].endswith("--measure green_roof=0.5 --full")


def test_an_edit_with_a_measure_is_written_as_an_alternative_whose_run_it_is(
    learned: learning.Learned, tmp_path: Path
) -> None:
    """The study states the parcel's controls and the roof of one parcel: its numbers are those of the edit's run."""
    source = learned.bench.study.path
    shutil.copytree(source.parent, tmp_path / "town")
    path = tmp_path / "town" / source.name
    edit = Edit("P00", controls=(("floor_area_ratio", 1.3),), measures=(("green_roof", 0.5),))
    found = what_if(learning.learned(bench_of(path)), edit)
    written = write_alternative(found, "asked", {"zh": "改", "en": "Edit"})
    assert written.land is not None
    assert written.land.is_file()
    bench = Bench.of(open_study(path), found.bench.engine.store, alternative="asked", threads=1)
    there = learning.state_of(bench, bench.taken.place, bench.base)["zones"][""]
    full = found.run_full().table
    rows = full[full["scope"] == "area"].set_index("name")["after"]
    assert len(rows) > 20
    for name, value in rows.items():
        assert there[str(name)] == pytest.approx(value, nan_ok=True), name
    words = ("--parcel", "P00", "--measure", "green_roof=0.5", "--write", "again", "--quiet", "--lang", "zh")
    done = citybraid("whatif", str(path), *words)
    assert done.returncode == 0, done.stderr
    assert "方案“again”已写入" in done.stdout
    again = open_study(path).asked.alternatives["again"]
    assert (again.title["zh"], again.measures[-1].measure) == ("假设分析：地块 P00", "green_roof")
    with pytest.raises(InputError) as refused:
        write_alternative(found, "asked", {"zh": "改", "en": "Edit"})
    assert refused.value.text == "what_if.alternative_taken"
    with pytest.raises(InputError) as refused:
        write_alternative(what_if(learned, Edit("P00")), "none", {"zh": "无", "en": "None"})
    assert refused.value.text == "what_if.nothing_to_write"
