"""Joint effects by design in a study: from the file to tables, the same with the same seed, resumed from the store."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import Cancelled, InputErrors
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor
from citybraid.store.store import Store
from citybraid.study.explain.checking import expected_cost
from citybraid.study.open.events import Event, StageFinished, StageStarted
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.varied_factors import Source
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.interplay.interactions import drawn_rows, interaction_frames
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.preflight import InteractionSize
from citybraid.study.run.run import Run
from tests.braided_town import UNITS, Braided
from tests.study.test_measure_paths import ROOMY

pytestmark = pytest.mark.slow

SKIP = (
    "resilience.landslide", "lowcarbon.overheating", "lowcarbon.travel", "resilience.outdoor_comfort",
    "resilience.flood", "resilience.canopy_air", "lowcarbon.hourly_balance", "biodiversity.mspa",
)  # fmt: skip
MEASURES = ("green_roof", "rooftop_pv", "street_trees")


def opened(folder: Path, extra: str = "", *, measures: tuple[str, ...] = MEASURES) -> OpenStudy:
    names = ", ".join(f'"{name}"' for name in SKIP)
    asked = f"\n[models]\nskip = [{names}]\n[interactions]\nmeasures = {list(measures)}\n{extra}"
    return open_study(Braided(folder, height=3.0, factors=ROOMY, extra=asked).written())


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[OpenStudy, Run, list[Event]]:
    """Placements vary only, so that the pair's size is known by hand."""
    study, events = opened(tmp_path_factory.mktemp("town"), "vary = false\n"), list[Event]()
    return study, run_study(study, threads=1, emit=events.append), events


def table(run: Run, name: str) -> pd.DataFrame:
    found = run.table(name)
    assert found is not None
    return found


def effects(run: Run) -> dict[tuple[str, str], dict[Hashable, Any]]:
    rows = table(run, "interaction_effects").to_dict("records")
    return {(str(row["term"]), str(row["indicator"])): row for row in rows}


def test_the_pair_that_shares_roofs_is_found_with_its_size(ran: tuple[OpenStudy, Run, list[Event]]) -> None:
    """Offices lose 0.2 of their modules beside green roofs: in each half of the town, and half of it in the mean."""
    _, run, _ = ran
    rows = effects(run)
    pair, alone = rows["green_roof * rooftop_pv", "pv_avoided"], rows["rooftop_pv", "pv_avoided"]
    offices = 0.7 * 5 / (0.7 * 5 + 0.4 * 7)
    # The main effect is a mean over green roofs and trees on and off, each half of the runs.
    lone = alone["effect"] - 0.5 * (pair["effect"] + rows["rooftop_pv * street_trees", "pv_avoided"]["effect"])
    assert pair["effect"] / lone == pytest.approx(-0.2 / 0.7 * offices, rel=0.02)
    assert rows["green_roof * street_trees", "canopy_cover"]["kind"] == "additive"
    assert rows["green_roof", "canopy_cover"]["kind"] == "none"
    assert table(run, "interaction_runs").shape == (8, 3)


def test_intervals_hold_the_mean_over_all_placements(ran: tuple[OpenStudy, Run, list[Event]]) -> None:
    """By another route: half of what the pair does where both are built everywhere, for PV acts unit by unit."""
    study, run, _ = ran
    taken = take_in_study(study, Store(study.folder / ".citybraid" / "store"))
    engine = Engine(Store(study.folder / ".citybraid" / "store"), threads=1)
    evaluator = Evaluator(study, taken.place, (), engine, taken.grid)
    uses = {name: study.use(name, {}) for name in MEASURES}

    def whole(*names: str) -> float:
        portfolio = tuple(uses[name] for name in names)
        return float(evaluator(portfolio, grid="screening")["pv_avoided"][WHOLE_AREA])

    joint = whole("green_roof", "rooftop_pv") - whole("green_roof") - whole("rooftop_pv") + whole()
    row = effects(run)["green_roof * rooftop_pv", "pv_avoided"]
    assert row["effect"] == pytest.approx(0.5 * joint, rel=0.03)
    assert row["low"] <= 0.5 * joint <= row["high"]


def test_placements_are_halves_and_their_complements(ran: tuple[OpenStudy, Run, list[Event]]) -> None:
    draws = table(ran[1], "interaction_draws")
    places = [set(units.split()) for units in draws["units"]]
    assert len(places) == 8
    for one, other in zip(places[::2], places[1::2], strict=True):
        assert one | other == set(UNITS)
        assert not one & other


def test_pairs_that_act_on_each_other_say_where_they_meet(ran: tuple[OpenStudy, Run, list[Event]]) -> None:
    every, paths = table(ran[1], "interaction_effects"), table(ran[1], "interaction_paths")
    sure = every[(every["order"] == 2) & every["kind"].isin(["help", "hinder"])]
    assert len(sure) > 0
    merged = sure.merge(paths, on=["term", "indicator"], how="left")
    roofs = merged[merged["term"] == "green_roof * rooftop_pv"]
    assert set(roofs["model"]) == {"integrate.measures.rooftop_pv"}
    assert set(roofs["first"]) == {"free_roof"}
    assert merged["model"].notna().all()


def test_modules_do_not_spill_over_and_cooler_air_does(ran: tuple[OpenStudy, Run, list[Event]]) -> None:
    spill = table(ran[1], "spill_over").set_index(["measure", "indicator"])["share"]
    assert spill["rooftop_pv", "pv_avoided"] == 0.0
    assert 0.2 < spill["street_trees", "air_temperature"] < 0.6
    assert spill["street_trees", "canopy_cover"] == 0.0


def test_each_repetition_is_told_as_it_runs(ran: tuple[OpenStudy, Run, list[Event]]) -> None:
    started = [each.stage for each in ran[2] if isinstance(each, StageStarted) and "interactions" in each.stage]
    assert started == [f"interactions {at}/8" for at in range(1, 9)]


def test_the_cost_is_told_before(ran: tuple[OpenStudy, Run, list[Event]]) -> None:
    study, _, _ = ran
    store = Store(study.folder / ".citybraid" / "store")
    taken = take_in_study(study, store)
    size = InteractionSize.of(study, taken)
    assert size is not None
    # Eight runs and a cube of eight in each of eight repetitions, 1 + 3 + 3 runs to trace pairs, 2 x 3 for spill-over.
    assert size.runs == 8 * (8 + 8) + 7 + 6
    asked = study.asked.model_copy(
        update={"interactions": study.asked.interactions.model_copy(update={"measures": ()})}
    )
    bare = OpenStudy(study.path, asked, study.book, study.models, study.measures, study.data)
    with_runs, without = (expected_cost(each, taken, store, threads=1) for each in (study, bare))
    assert with_runs.steps > without.steps + 100 * size.runs / 8
    assert with_runs.seconds > without.seconds


def test_a_run_that_was_stopped_goes_on_where_it_stopped(tmp_path: Path) -> None:
    study = opened(tmp_path, "vary = true\nspill_over = false\ntriples = 0\n", measures=("green_roof", "rooftop_pv"))
    store = Store(study.folder / "store")
    taken = take_in_study(study, store)

    def frames(emit: object) -> tuple[dict[str, pd.DataFrame], int]:
        evaluator = Evaluator(study, taken.place, (), Engine(store, threads=1), taken.grid)
        found = interaction_frames(evaluator, study.asked.interactions, emit)  # type: ignore[arg-type]
        return found, evaluator.ran

    def stop(event: Event) -> None:
        if isinstance(event, StageFinished) and event.stage.startswith("interactions 2/"):
            raise Cancelled("engine.cancelled", done=0, total=0)

    with pytest.raises(Cancelled):
        frames(stop)
    finished = list[StageFinished]()
    first, ran = frames(lambda event: finished.append(event) if isinstance(event, StageFinished) else None)
    assert [event.computed for event in finished][:2] == [0, 0]
    assert all(event.computed for event in finished[2:])
    second, again = frames(lambda _: None)
    assert again == 0 < ran
    pd.testing.assert_frame_equal(first["interaction_effects"], second["interaction_effects"])
    levels = first["interaction_draws"].drop(columns=["replicate", "units"]).to_numpy()
    assert levels.shape[1] > 20
    assert len(np.unique(levels[:, 0])) == 8, "a Latin hypercube: every repetition has another level"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ('measures = ["green_roof"]', "interactions.measures"),
        ('measures = ["green_roof", "green_roof"]', "study.twice"),
        ('measures = ["green_roof", "no_such_thing"]', "study.unknown_measure"),
    ],
)
def test_wrong_words_are_refused_before_anything_runs(tmp_path: Path, words: str, text: str) -> None:
    path = Braided(tmp_path, extra=f"\n[interactions]\n{words}\n").written()
    with pytest.raises(InputErrors) as failure:
        open_study(path)
    assert text in {problem.text for problem in failure.value.problems}
    assert all(problem.say("zh") != problem.say("en") for problem in failure.value.problems)


def test_fewer_than_eight_repetitions_are_refused(tmp_path: Path) -> None:
    path = Braided(
        tmp_path, extra='\n[interactions]\nmeasures = ["green_roof", "rooftop_pv"]\nreplicates = 7\n'
    ).written()
    with pytest.raises(InputErrors, match="replicates"):
        open_study(path)


def test_draws_stay_within_what_a_factor_can_be() -> None:
    """A share of 0.05 with a deviation of 0.04 is drawn at 0, not below; one of 0.97 at 1; a shift may be negative."""
    rows = [
        Factor("damage", key, value, "1", "user", low=value - side, high=value + side, distribution="normal")
        for key, value, side in (("low", 0.05, 0.04), ("high", 0.97, 0.02), ("shift", -0.2, 0.3))
    ]
    source = Source("damage", "1", tuple(rows))
    least, most = ([row.value for row in drawn_rows(source, level)] for level in (0.01, 0.99))
    assert least[0] == 0.0
    assert most[1] == 1.0
    assert least[2] < -0.5
