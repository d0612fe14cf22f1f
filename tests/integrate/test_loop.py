"""Physics in the loop: on towns whose grids differ by what is written down, the loop ends where it must."""

import itertools

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.loop import Settled, settle
from citybraid.integrate.choose.prediction_check import predicted_against_computed
from citybraid.integrate.learn.two_grids import Sample
from tests.integrate.town import MEASURES, PRESENT, QUANTITY, RESPONSE, UNITS
from tests.integrate.two_towns import DAMAGE, TwoTowns, ground, proposer, settled

BUDGET = 300_000.0
FLOOD = ("detention_wetland", "green_roof", "rain_garden")
CELLS = [(name, unit) for name in FLOOD for unit in UNITS if QUANTITY[name][UNITS.index(unit)] > 0.0]


def best_of_all(town: TwoTowns, budget: float) -> float:
    """Return the largest damage avoided by any subset of whole cells within a budget, by the town's formula alone."""
    best = 0.0
    for chosen in itertools.product((0.0, 1.0), repeat=len(CELLS)):
        taken = {
            cell: share * QUANTITY[cell[0]][UNITS.index(cell[1])] for cell, share in zip(CELLS, chosen, strict=True)
        }
        if sum(PRESENT[name] * amount for (name, _), amount in taken.items()) > budget:
            continue
        change = pd.Series({
            unit: sum(town.full[name] * taken.get((name, unit), 0.0) for name in FLOOD)
            + town.clash * taken.get(("detention_wetland", unit), 0.0) * taken[("rain_garden", unit)]
            for unit in UNITS
        })  # fmt: skip
        best = max(best, -float(town.shape(change).sum()))
    return best


def avoided(found: Settled) -> list[float]:
    return [-float(each.computed["damage"][WHOLE_AREA]) for each in found.rounds]


def test_grids_that_agree_need_one_round() -> None:
    found = settled(TwoTowns(), BUDGET)
    assert (len(found.rounds), found.end) == (1, "agrees")
    assert found.rounds[0].within.all(axis=None)
    assert avoided(found)[0] == pytest.approx(best_of_all(TwoTowns(), BUDGET))


@pytest.mark.parametrize("factor", [0.4, 1.7])
def test_one_factor_for_all_measures_is_learned_and_predicted_exactly(factor: float) -> None:
    """A run known on both grids gives the factor: the band closes on the computed change."""
    town = TwoTowns(full={name: factor * each for name, each in RESPONSE["damage"].items()}, clash=factor * 0.002)
    lone = (MEASURES["rain_garden"],)
    full, coarse = (town(lone, grid=grid) - town((), grid=grid) for grid in ("full", "screening"))
    start = ground(town, samples=(Sample(full, coarse, 1e5),))
    found = settle(town, start, proposer(BUDGET), [DAMAGE], rounds=4)
    assert (len(found.rounds), found.end) == (1, "agrees")
    only = found.rounds[0]
    for unit in (*UNITS, WHOLE_AREA):
        assert only.prediction.change["damage"][unit] == pytest.approx(only.computed["damage"][unit], rel=0.03)
    assert found.fit.slope["damage"] == pytest.approx(factor, rel=0.02)
    assert avoided(found)[0] == pytest.approx(best_of_all(town, BUDGET))


def test_a_factor_for_each_measure_is_learned_from_measures_alone() -> None:
    """The screening grid ranks the measures the wrong way round; runs of each alone put that right."""
    full = {"detention_wetland": -2.0, "green_roof": -4.0, "rain_garden": -1.5}
    town = TwoTowns(full=full, clash=0.0)
    found = settled(town, BUDGET, alone=FLOOD)
    assert avoided(found)[found.kept] == pytest.approx(best_of_all(town, BUDGET))
    assert found.proposal.selection.adoption["green_roof"].max() == 1.0
    for name in FLOOD:
        assert found.effects.single[name].change["damage"][WHOLE_AREA] == pytest.approx(
            full[name] * sum(QUANTITY[name])
        )
        assert found.half[name]["damage"].max() == 0.0


def test_measures_that_keep_damage_from_each_other_on_the_full_grid_only_are_parted() -> None:
    """The wetland beside the garden undoes both: screening does not see it, the first re-run does."""
    town = TwoTowns(clash=0.03)
    found = settled(town, 600_000.0, alone=FLOOD)
    assert len(found.rounds) > 1
    assert found.kept > 0
    assert avoided(found)[found.kept] == pytest.approx(best_of_all(town, 600_000.0), rel=0.02)
    assert found.rounds[0].scales is not None


def test_what_saturates_on_the_full_grid_is_predicted_where_it_was_run() -> None:
    town = TwoTowns(shape=lambda change: -2_000.0 * (1.0 - np.exp(change / 2_000.0)))
    found = settled(town, BUDGET)
    assert avoided(found)[found.kept] == max(avoided(found))
    assert avoided(found)[found.kept] == pytest.approx(best_of_all(town, BUDGET), rel=0.1)


def test_a_measure_that_harms_on_the_full_grid_only_is_given_up() -> None:
    """Wetlands help on the screening grid and harm on the full one: the sign of the re-run decides."""
    town = TwoTowns(full={**RESPONSE["damage"], "detention_wetland": 6.0}, clash=0.0)
    found = settled(town, BUDGET)
    assert found.rounds[0].proposal.selection.adoption["detention_wetland"].max() > 0.0
    assert found.kept > 0
    assert avoided(found)[found.kept] > avoided(found)[0]
    assert found.proposal.selection.adoption["detention_wetland"]["west"] == 0.0
    assert found.rounds[0].scales is not None
    assert found.rounds[0].scales["damage"]["detention_wetland"] < 0.0
    assert found.rounds[0].scales["damage"]["rain_garden"] > 0.0
    known = settled(town, BUDGET, alone=FLOOD)
    assert avoided(known)[known.kept] == pytest.approx(best_of_all(town, BUDGET))


def test_a_measure_that_screening_does_not_see_is_found_when_run_alone() -> None:
    coarse = {**RESPONSE["damage"], "green_roof": 0.0}
    full = {**RESPONSE["damage"], "green_roof": -20.0}
    found = settled(TwoTowns(coarse=coarse, full=full, clash=0.0), BUDGET, alone=("green_roof", "rain_garden"))
    assert found.proposal.selection.adoption["green_roof"].max() == 1.0
    assert avoided(found)[found.kept] == pytest.approx(
        best_of_all(TwoTowns(coarse=coarse, full=full, clash=0.0), BUDGET)
    )


def test_without_any_run_on_both_grids_the_band_is_as_wide_as_the_change() -> None:
    town = TwoTowns(full={name: 1.3 * each for name, each in RESPONSE["damage"].items()})
    base = ground(town).bases
    assert base.full["damage"].equals(base.screening["damage"])
    start = ground(town)
    start = start._replace(bases=start.bases._replace(screening=start.bases.screening * 1.01))
    first = settle(town, start, proposer(BUDGET), [DAMAGE], rounds=1).rounds[0]
    change, half = first.prediction.change["damage"], first.prediction.half["damage"]
    assert half[WHOLE_AREA] == pytest.approx(abs(change[WHOLE_AREA]))
    assert first.prediction.half["emissions"].max() == 0.0
    assert first.prediction.change["emissions"][WHOLE_AREA] == first.computed["emissions"][WHOLE_AREA]


def test_an_indicator_without_value_in_a_unit_stops_nothing() -> None:
    found = settled(TwoTowns(empty="damage", full={n: 0.5 * v for n, v in RESPONSE["damage"].items()}), BUDGET)
    assert np.isnan(found.rounds[0].computed["damage"]["north"])
    assert np.isfinite(found.rounds[0].prediction.half["damage"][WHOLE_AREA])
    assert found.proposal.selection.cost <= BUDGET * (1 + 1e-9)


def test_a_run_that_fails_ends_the_loop_with_its_error() -> None:
    town = TwoTowns(full={**RESPONSE["damage"], "detention_wetland": 6.0}, clash=0.0, fails_at=2)
    with pytest.raises(RuntimeError, match="this portfolio failed"):
        settled(town, BUDGET)


def test_a_budget_of_nothing_buys_nothing_and_ends_at_once() -> None:
    found = settled(TwoTowns(full={n: 2.0 * v for n, v in RESPONSE["damage"].items()}), 0.0)
    assert (len(found.rounds), found.end, found.proposal.members) == (1, "agrees", ())
    assert found.rounds[0].computed.abs().to_numpy().max() == 0.0


def test_the_number_of_rounds_is_kept() -> None:
    town = TwoTowns(full={**RESPONSE["damage"], "detention_wetland": 6.0}, clash=0.0)
    found = settled(town, BUDGET, rounds=1)
    assert (len(found.rounds), found.end) == (1, "rounds")
    assert town.full_runs == 1


def test_the_table_of_a_round_says_what_lies_in_its_band() -> None:
    found = settled(TwoTowns(clash=0.03), 600_000.0)
    first = found.rounds[0]
    table = predicted_against_computed(found.bases.full, first.prediction, first.computed, first.within)
    row = table[(table["unit"] == WHOLE_AREA) & (table["indicator"] == "damage")].iloc[0]
    assert row["computed"] == pytest.approx(first.computed["damage"][WHOLE_AREA])
    assert row["difference"] == pytest.approx(row["predicted"] - row["computed"])
    assert row["relative"] == pytest.approx(row["difference"] / abs(row["computed"]))
    assert not row["within"]
    assert not row["low"] <= row["computed"] <= row["high"]
    assert set(table["unit"]) == {WHOLE_AREA, *UNITS}
    inside = table[table["within"]]
    allowed = np.maximum((inside["high"] - inside["low"]) / 2.0, 0.1 * inside["computed"].abs())
    assert (inside["difference"].abs() <= allowed + 1e-6 * inside["base"].abs() + 1e-9).all()
    assert isinstance(table, pd.DataFrame)
