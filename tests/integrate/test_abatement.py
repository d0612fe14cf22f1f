"""The abatement curve: increments computed beside what is taken before, and their order."""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor
from citybraid.integrate.choose.abatement import COLUMNS, abatement_curve
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.learn.effects import EffectTable, Pair, Single, effects
from citybraid.planning.rows import yearly_net_emissions, yearly_totals
from tests.integrate.town import MEASURES, UNITS, Town, price_list, row

NET = "net_emissions"
INDEX = ["one", WHOLE_AREA]


def single(amount: float, abated: float) -> Single:
    change = pd.DataFrame({NET: [-abated, -abated]}, index=INDEX)
    return Single(pd.Series([amount], index=INDEX[:1]), change)


def pair(first: float, second: float, interaction: float) -> Pair:
    frame = pd.DataFrame({NET: [interaction, interaction]}, index=INDEX)
    return Pair(pd.Series(first, index=INDEX), pd.Series(second, index=INDEX), frame, frame)


def table(pairs: dict[tuple[str, str], Pair]) -> EffectTable:
    base = pd.DataFrame({NET: [1000.0, 1000.0]}, index=INDEX)
    return EffectTable(base, {"a": single(10.0, 100.0), "b": single(5.0, 80.0), "c": single(1.0, 20.0)}, pairs)


def price(build: float) -> Price:
    """Ten years without interest: a tenth a year."""
    return Price(build, 0.0, 10.0, build, "user", (rate(),))


def rate() -> Factor:
    return row("discount_rate", "", 0.0)


PRICES = {"a": price(100.0), "b": price(480.0), "c": price(1000.0)}


def test_without_pairs_the_curve_is_in_order_of_lone_cost() -> None:
    """a: 100 a year for 100 t; b: 240 for 80 t; c: 100 for 20 t."""
    found = abatement_curve(table({}), PRICES, NET)
    assert list(found["measure"]) == ["a", "b", "c"]
    assert found["marginal"].to_numpy() == pytest.approx([1.0, 3.0, 5.0])
    assert found["cumulative"].to_numpy() == pytest.approx([100.0, 180.0, 200.0])


BILL = "energy_cost"


def billed(saving: dict[str, float], shared: float = 0.0) -> EffectTable:
    """Return the table with bills that fall, and what the pair of a and b saves less than both."""
    plain = table({("a", "b"): pair(1.0, 1.0, 60.0)})
    one = {
        name: Single(each.installed, each.change.assign(**{BILL: -saving.get(name, 0.0)}))
        for name, each in plain.single.items()
    }
    both = plain.pair["a", "b"]
    together = Pair(both.first, both.second, both.change, both.interaction.assign(**{BILL: shared}))
    return EffectTable(plain.base.assign(**{BILL: 500.0}), one, {("a", "b"): together})


def test_bills_saved_come_off_the_cost_and_may_pay_for_all_of_it() -> None:
    """b saves 25 units of 10 a year: 240 − 250 for 80 t; beside it a has 40 t left for 100, and its 5 units less 2."""
    found = abatement_curve(billed({"a": 5.0, "b": 25.0}, shared=2.0), PRICES, NET, bills={BILL: 10.0})
    assert list(found["measure"]) == ["b", "a", "c"]
    assert found["marginal"].to_numpy() == pytest.approx([-10 / 80, (100 - 30) / 40, 5.0])
    assert found["saved"].to_numpy() == pytest.approx([250.0, 30.0, 0.0])
    assert found["cost"].sum() == pytest.approx(100 + 240 + 100 - 280)
    assert found["alone_cost"].to_numpy() == pytest.approx([-10.0, 50.0, 100.0])


def test_bills_that_the_study_does_not_have_change_nothing() -> None:
    plain, asked = (abatement_curve(table({}), PRICES, NET, bills=bills) for bills in (None, {BILL: 10.0}))
    pd.testing.assert_frame_equal(plain, asked)
    assert (plain["saved"] == 0.0).all()


def test_an_overlap_makes_the_second_dearer_and_turns_the_order() -> None:
    """Beside a, 60 of b's 80 t are gone: 240 for 20 t is 12; c comes first."""
    found = abatement_curve(table({("a", "b"): pair(1.0, 1.0, 60.0)}), PRICES, NET)
    assert list(found["measure"]) == ["a", "c", "b"]
    assert found["marginal"].to_numpy() == pytest.approx([1.0, 5.0, 12.0])
    assert found["alone"].to_numpy() == pytest.approx([100.0, 20.0, 80.0])
    assert found["abatement"].sum() == pytest.approx(200.0 - 60.0)


def test_room_that_another_measure_takes_costs_and_abates_nothing() -> None:
    """Half of b fits beside a: 40 t and 120 a year, at the same 3 a tonne."""
    found = abatement_curve(table({("a", "b"): pair(1.0, 0.5, 0.0)}), PRICES, NET).set_index("measure")
    assert (found["abatement"]["b"], found["cost"]["b"], found["marginal"]["b"]) == pytest.approx((40.0, 120.0, 3.0))


def test_a_measure_that_abates_nothing_beside_the_others_stands_last_without_a_price() -> None:
    found = abatement_curve(table({("a", "b"): pair(1.0, 1.0, 90.0)}), PRICES, NET)
    assert list(found["measure"]) == ["a", "c", "b"]
    assert np.isnan(found["marginal"].iloc[-1])
    assert found["abatement"].iloc[-1] == pytest.approx(-10.0)


def test_two_measures_are_what_their_run_together_gave() -> None:
    """Run by the town, in which green roofs leave modules less room and the rest is exact."""
    town = Town()
    names = ("green_roof", "rooftop_pv")
    found = effects(town, [MEASURES[name] for name in names], UNITS)
    curve = abatement_curve(found, price_list(), "emissions")
    together = found.pair[names].change["emissions"][WHOLE_AREA]
    assert curve["abatement"].sum() == pytest.approx(-together)
    assert curve["cumulative"].iloc[-1] == pytest.approx(-together)


def test_no_indicator_or_no_price_gives_an_empty_table() -> None:
    assert list(abatement_curve(table({}), PRICES, "none").columns) == list(COLUMNS)
    assert abatement_curve(table({}), {}, NET).empty


def test_what_is_abated_is_the_whole_inventory_before_what_leaves_methane_out() -> None:
    """The demo's wetland stood in the curve with 1.8 t abated, while its methane adds 7.8 t to the whole inventory."""
    assert list(yearly_totals()) == ["inventory_emissions", "net_emissions"]


def test_a_measure_that_adds_emissions_stands_at_the_end_with_its_sign() -> None:
    base = pd.DataFrame({NET: [100.0, 100.0]}, index=INDEX)
    ponds = EffectTable(base, {"pond": single(1.0, -7.8), "roof": single(1.0, 10.0)}, {})
    curve = abatement_curve(ponds, {"roof": price(100.0), "pond": price(1.0)}, NET).set_index("measure")
    assert list(curve.index) == ["roof", "pond"]
    assert curve.loc["pond", "alone"] == pytest.approx(-7.8)
    assert np.isnan(curve["marginal"].to_numpy()[1])
    assert curve.loc["pond", "cumulative"] == pytest.approx(2.2)


def test_the_indicator_is_the_net_of_the_carbon_budget() -> None:
    assert yearly_net_emissions() == {"net_emissions": 1.0}
