"""The loop of waste heat, air and cooling in a study: closed, cut, and what it carries from unit to unit."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.integrate.couplings.heat_loop import TOLERANCE, over_summer
from citybraid.store.store import Store
from citybraid.study.explain.checking import expected_cost
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.interplay.paths import meeting
from citybraid.study.run.pipeline import run_study
from tests.braided_town import Braided, Opened

pytestmark = pytest.mark.slow

SKIP = (
    "resilience.landslide", "lowcarbon.overheating", "lowcarbon.travel", "resilience.outdoor_comfort",
    "resilience.flood", "lowcarbon.hourly_balance",
)  # fmt: skip
CLOSED = "[couplings]\nheat_loop = true\n"


def town(folder: Path, *, extra: str = "", skip: tuple[str, ...] = ()) -> Opened:
    """Return six-storey buildings, so that there is heat to reject."""
    names = ", ".join(f'"{name}"' for name in (*SKIP, *skip))
    return Braided(folder, height=18.0, extra=f"\n[models]\nskip = [{names}]\n{extra}").opened()


def cooling(opened: Opened, *measures: object) -> np.ndarray:
    """Return the cooling demand of each building in the plan as an evaluator runs it."""
    planned = opened.evaluator.planned(tuple(measures), grid="full")  # type: ignore[arg-type]
    return np.asarray(opened.evaluator.engine.memory.get(planned.place.one("cooling_demand").key), np.float64)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return town(tmp_path_factory.mktemp("closed"), extra=CLOSED)


def test_the_loop_comes_to_rest_and_the_plan_cools_in_its_air(closed: Opened) -> None:
    """By another route: a plan whose air is given as warm as the loop found needs the same cooling."""
    demand = cooling(closed)
    found = closed.evaluator.loops["full"][""]
    assert found.residual <= TOLERANCE
    assert 2 <= found.rounds <= 6
    assert 0.02 < found.open_warming.mean() < 1.0
    assert 0.0 < found.air_gain < 0.1 * found.open_warming.mean()
    assert demand.sum() == pytest.approx(found.demand, rel=1e-3)
    # A kelvin more for a whole summer costs some 10 to 20 % of cooling in such air: so much for each of these.
    assert found.demand_gain / found.warming.mean() == pytest.approx(0.12, abs=0.06)


def test_open_and_cut_loops_leave_the_demand_of_the_files_air(closed: Opened, tmp_path: Path) -> None:
    opened = cooling(town(tmp_path / "open"))
    cut = town(tmp_path / "cut", extra=CLOSED, skip=("integrate.bridges.waste_heat",))
    np.testing.assert_array_equal(cooling(cut), opened)
    found = cut.evaluator.loops["full"][""]
    np.testing.assert_array_equal(found.warming, 0.0)
    assert (found.rounds, found.demand_gain) == (1, 0.0)
    assert (cooling(closed) > opened).all()


def test_buildings_that_are_renewed_spare_their_neighbours_cooling_only_through_the_loop(
    closed: Opened, tmp_path: Path
) -> None:
    """Without the loop a retrofit ends at the building's own walls."""
    spared = {}
    for name, opened in (("closed", closed), ("open", town(tmp_path / "open"))):
        use = opened.use("envelope_retrofit", where=("SW", "NW"))
        change = cooling(opened, use) - cooling(opened)
        planned = opened.evaluator.planned((use,), grid="full")
        renewed = opened.evaluator.engine.memory.get(planned.place.one("envelope_standard").key) != "as_built"
        assert renewed.any()
        spared[name] = change[~renewed.to_numpy()]
    np.testing.assert_array_equal(spared["open"], 0.0)
    assert np.ptp(np.sign(spared["closed"])) == 0.0
    assert np.abs(spared["closed"]).min() > 0.0


def test_trees_cool_the_air_in_which_buildings_cool_only_through_the_loop(closed: Opened, tmp_path: Path) -> None:
    """Cooler air of trees lowered no cooling, while waste heat raised it.

    By another route: what the loop adds to the trees' effect is what a town cools in air so much cooler, given as such.
    Cut, where the streets' air is not computed, buildings change by the trees' shade alone, as with the loop open.
    """
    trees = closed.use("street_trees")
    planted, bare = cooling(closed, trees), cooling(closed)
    found, base = closed.evaluator.loops["full"]["street_trees"], closed.evaluator.loops["full"][""]
    np.testing.assert_array_equal(base.surroundings, 0.0)
    assert -1.0 < found.surroundings[10:16].mean() < -0.01
    assert found.warming.mean() == pytest.approx(base.warming.mean() + found.surroundings.mean(), abs=0.02)
    opened, cut = town(tmp_path / "open"), town(tmp_path / "cut", extra=CLOSED, skip=("resilience.canopy_air",))
    shaded = cooling(opened, trees) - cooling(opened)
    np.testing.assert_array_equal(cooling(cut, trees) - cooling(cut), shaded)
    assert (planted - bare < shaded).all()
    spared = (shaded - (planted - bare)).sum() / bare.sum()
    assert spared / -found.surroundings.mean() == pytest.approx(0.12, abs=0.06)


def test_cooling_measures_meet_in_the_heat_that_buildings_reject_by_the_warming_of_the_air(
    closed: Opened, tmp_path: Path
) -> None:
    """The path was told without its quantities, and by heating, which no street air is warmed by.

    Cut, where no waste heat reaches the air, nothing of it is left: the island is the same with both, one and neither.
    """
    uses = closed.use("cool_roof"), closed.use("envelope_retrofit")
    met = meeting(closed.evaluator, *uses, indicator="night_heat_island", grid="full")
    assert met is not None
    assert (met.model, met.quantity) == ("lowcarbon.building_energy", "heat_rejected")
    assert met.first.split() == ["air_warming", "cool_roof"]
    assert met.second.split() == ["air_warming", "envelope_standard"]
    cut = town(tmp_path, extra=CLOSED, skip=("integrate.bridges.waste_heat",))
    there = [cut.use("cool_roof"), cut.use("envelope_retrofit")]
    assert meeting(cut.evaluator, *there, indicator="night_heat_island", grid="full") is None


def test_warming_of_a_day_holds_in_summer_only() -> None:
    year = over_summer(np.arange(24.0), np.arange(334, 424) % 365)
    assert year.size == 8760
    assert year[:24].tolist() == year[-24:].tolist() == year[334 * 24 : 335 * 24].tolist() == list(range(24))
    assert not year[59 * 24 : 334 * 24].any()
    assert year.sum() == (31 + 31 + 28) * sum(range(24))


def test_a_run_tells_the_loop_of_each_alternative(tmp_path: Path) -> None:
    names = ", ".join(f'"{name}"' for name in SKIP)
    path = Braided(tmp_path, height=18.0, extra=f"\n[models]\nskip = [{names}]\n{CLOSED}").written()
    table = run_study(open_study(path), threads=1).table("heat_loop")
    assert table is not None
    assert table["alternative"].tolist() == ["as_is"]
    row = table.iloc[0]
    assert row["residual"] <= TOLERANCE
    assert row["demand"] > row["open_demand"] > 0.0


def test_the_cost_of_the_rounds_is_told_before(tmp_path: Path) -> None:
    steps = {}
    for name, extra in (("open", ""), ("closed", CLOSED)):
        study = town(tmp_path / name, extra=extra).study
        store = Store(study.folder / "empty")
        steps[name] = expected_cost(study, take_in_study(study, store), store, threads=1).steps
    assert steps["closed"] > steps["open"] + 3 * 4
