import itertools
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from citybraid.core import catalogue
from citybraid.core.errors import InputError, StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import Factor, FactorBook, shipped
from citybraid.integrate.choose.fix import cheapest_fix
from citybraid.integrate.choose.fronts.front import distinct, hypervolume, knee, nondominated
from citybraid.integrate.choose.fronts.shares_front import shares_front
from citybraid.integrate.choose.portfolio import Chosen, portfolio, uses
from citybraid.integrate.choose.prices import prices, refuse_assumed, refuse_unusable
from citybraid.integrate.choose.programme import COST, Goal, Programme, Target
from citybraid.integrate.learn.effects import EffectTable, Single, effects
from citybraid.integrate.learn.interactions import interactions
from tests.integrate.town import BASE, DIRECTION, MEASURES, PRESENT, UNITS, Town, price_list, price_rows, row

DAMAGE = Goal("damage", -1)
GOALS = (DAMAGE, Goal("emissions", -1), Goal("cooling", 1))
BUDGET = 400_000.0


@cache
def programme() -> Programme:
    return Programme.of(effects(Town(), list(MEASURES.values()), UNITS), price_list())


def test_budget_is_kept_and_used() -> None:
    found = portfolio(programme(), DAMAGE, budget=BUDGET)
    assert found.cost <= BUDGET * (1 + 1e-9)
    assert found.predicted["damage"][WHOLE_AREA] < 0
    assert found.cost == pytest.approx(float((found.installed * pd.Series(PRESENT)).to_numpy().sum()))


def test_the_solver_says_nothing() -> None:
    script = "from citybraid.integrate.choose.solver import SilentHighs; SilentHighs().run()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_more_budget_never_serves_worse() -> None:
    gains = [
        -portfolio(programme(), DAMAGE, budget=budget).predicted["damage"][WHOLE_AREA] for budget in (0, 1e5, 2e5, 4e5)
    ]
    assert gains[0] == 0
    assert gains == sorted(gains)


def test_whole_adoption_is_the_best_of_all_subsets() -> None:
    """Every subset of the wetland's and rain garden's cells, by the town itself."""
    found = portfolio(programme(), DAMAGE, budget=BUDGET, whole=True)
    assert set(np.unique(found.adoption.to_numpy().round(9))) <= {0.0, 1.0}
    members = uses(programme(), found, MEASURES)
    outcome = Town()(members)["damage"][WHOLE_AREA] - sum(BASE["damage"])
    assert found.predicted["damage"][WHOLE_AREA] == pytest.approx(outcome)
    cells = [cell for cell in programme().cells if cell[0] in {"detention_wetland", "green_roof", "rain_garden"}]
    at = {cell: number for number, cell in enumerate(programme().cells)}
    coefficient = programme().coefficients("damage")
    best = 0.0
    for subset in itertools.product((0.0, 1.0), repeat=len(cells)):
        x = np.zeros(programme().size)
        x[[at[cell] for cell in cells]] = subset
        x = programme().products(x)
        if programme().cost @ x <= BUDGET:
            best = min(best, float(coefficient @ x))
    assert found.predicted["damage"][WHOLE_AREA] == pytest.approx(best)


def test_a_share_of_land_is_predicted_by_the_land_that_it_changes() -> None:
    """Shares of land are no means by area; shared out by quantity, -4.3 ha of 378 were predicted as -0.45 %."""
    rows = ["a", "b", WHOLE_AREA]
    change = pd.DataFrame({"flooded_share": [-2.0, 0.0, -2.0 * 90.0 / 170.0]}, rows)
    installed = pd.Series([1.0, 9.0, 10.0], rows)
    table = EffectTable(
        pd.DataFrame({"flooded_share": [10.0, 10.0, 10.0]}, rows), {"rain_garden": Single(installed, change)}, {},
        pd.Series({"a": 100.0, "b": 100.0}),
    )  # fmt: skip
    found = Programme.of(table, price_list()).coefficients("flooded_share")
    assert found.tolist() == pytest.approx([-2.0 * 90.0 / 170.0, 0.0])


def test_shared_room_is_never_overdrawn() -> None:
    found = portfolio(programme(), Goal("emissions", -1), budget=1e9)
    green, pv = found.adoption["green_roof"], found.adoption["rooftop_pv"]
    assert (pv <= 1.0 - 0.4 * green + 1e-9).all()


def test_prediction_matches_the_town_where_it_is_linear() -> None:
    found = portfolio(programme(), Goal("emissions", -1), budget=BUDGET)
    computed = Town()(uses(programme(), found, MEASURES)) - Town()(())
    assert found.predicted["emissions"][WHOLE_AREA] == pytest.approx(computed["emissions"][WHOLE_AREA], rel=2e-3)


def test_targets_are_met_or_their_shortfall_is_told() -> None:
    reachable = Target("cooling", 1, 60.0)
    found = portfolio(programme(), DAMAGE, budget=BUDGET, targets=[reachable])
    assert not found.shortfall
    assert found.predicted["cooling"][WHOLE_AREA] + sum(BASE["cooling"]) >= 60.0 - 1e-6
    hopeless = Target("damage", -1, 0.0, unit="north")
    found = portfolio(programme(), DAMAGE, budget=BUDGET, targets=[reachable, hopeless])
    assert set(found.shortfall) == {hopeless}
    assert found.shortfall[hopeless] == pytest.approx(3e4 - 500 - 800, rel=1e-3)


def test_equal_shares_travel_in_one_use() -> None:
    found = portfolio(programme(), DAMAGE, budget=1e9, whole=True)
    names = [use.model.name for use in uses(programme(), found, MEASURES)]
    assert len(names) == len(set(names))


def test_of_a_fronts_points_none_beats_another() -> None:
    found = shares_front(programme(), GOALS, budget=BUDGET)
    assert len(found.portfolios) >= 8
    signed = found.points.to_numpy() * np.array([goal.direction for goal in GOALS])
    assert nondominated(signed).all()
    assert all(point.cost <= BUDGET * (1 + 1e-6) for point in found.portfolios)
    single = portfolio(programme(), DAMAGE, budget=BUDGET).predicted["damage"][WHOLE_AREA]
    assert found.points["damage"].min() == pytest.approx(single, rel=1e-3)
    assert 0 <= found.knee < len(found.portfolios)


def test_a_point_that_leads_by_rounding_alone_is_beaten() -> None:
    """The demo's front held the best canopy alone beside points with as much of it, and less carbon."""
    values = np.array([[0.0, 0.0, 1.0 + 1e-12], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0 - 1e-12]])
    assert nondominated(values)[0]
    assert distinct(values).tolist() == [1, 2]


def test_cost_may_be_a_goal() -> None:
    found = shares_front(programme(), (DAMAGE, Goal("cooling", 1), Goal(COST, -1)), budget=BUDGET)
    assert found.points[COST].min() == pytest.approx(0.0, abs=1.0)
    assert isinstance(found.portfolios[0], Chosen)


def test_knee_is_nearest_to_the_ideal() -> None:
    assert knee(np.array([[0.0, 1.0], [0.8, 0.8], [1.0, 0.0]])) == 1


def test_hypervolume_of_boxes() -> None:
    assert hypervolume(np.array([[0.0, 0.0]]), np.array([2.0, 3.0])) == pytest.approx(6.0)
    assert hypervolume(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([2.0, 2.0])) == pytest.approx(3.0)
    corners = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert hypervolume(corners, np.array([2.0, 2.0, 2.0])) == pytest.approx(7.0)
    assert hypervolume(corners, np.array([0.0, 0.0, 0.0])) == 0.0


def test_assumed_prices_are_refused_outside_the_demo() -> None:
    refuse_assumed(price_list(), assumed_prices_allowed=False)
    refuse_assumed(price_list("assumed"), assumed_prices_allowed=True)
    with pytest.raises(StudyError, match="green_roof"):
        refuse_assumed(price_list("assumed"), assumed_prices_allowed=False)


def test_a_missing_price_is_listed_not_filled() -> None:
    rows = [one for one in price_rows() if (one.factor, one.key) != ("measure_lifetime", "green_roof")]
    found = prices(PRESENT, FactorBook(tuple(rows)), region="CN", year=2025)
    assert found.missing == {"green_roof": ("measure_lifetime",)}
    assert "green_roof" not in found.known


def test_shipped_prices_are_money_per_unit_of_what_is_bought() -> None:
    measures = [model for model in catalogue.discover() if model.stage is not None]
    units = {model.name: model.quantity.unit for model in measures if model.quantity is not None}
    found = prices(units, shipped(), region="CN", year=2025)
    assert {"pump", "levee", "pipe_upgrade", "early_warning", "floor_elevation", "rain_garden"} <= set(found.known)
    refuse_unusable(found.known, units, currency="CNY")


def inverse(part: str) -> str:
    """Return a part of a unit upside down; nothing for counts."""
    name, power = re.fullmatch(r"([a-zA-Z]*|1)(-?\d+)?", part).groups() if part != "1" else ("", "1")  # type: ignore[union-attr]
    turned = -int(power or 1)
    return "" if not name else name if turned == 1 else f"{name}{turned}"


def test_shipped_embodied_carbon_is_kilograms_per_unit_of_what_is_bought() -> None:
    """By hand: 72.3 kg of steel a metre of pipe at 2.34 kg; 42.5 g over 78 536 kWh of 3 kW; 4.6 kg a tree."""
    bought = {model.name: model.quantity.unit for model in catalogue.discover() if model.quantity is not None}
    rows = shipped().resolve("measure_embodied_carbon", region="CN", year=2025).rows
    assert {"rooftop_pv", "envelope_retrofit", "heat_pump", "battery_storage", "heat_pipes", "cycle_lanes"} <= set(rows)
    for name, one in rows.items():
        assert one.unit == " ".join(["kg", *map(inverse, bought[name].split())]).removesuffix(" "), name
        assert one.value > 0.0
        assert one.source, name
    assert rows["rooftop_pv"].value == pytest.approx(0.0425 * 78_536 / 3.0, rel=1e-3)
    assert rows["woodland"].value == pytest.approx(4.6 * 54e6 / (1.11e6 * 1e4 / 15.0), rel=2e-3)
    assert rows["riparian_buffer"].value == rows["woodland"].value, "the same trees, as many a square metre"
    assert rows["heat_pipes"].value == pytest.approx(np.pi * 0.419 * 0.007 * 7850 * 2.34, rel=2e-3)
    assert rows["district_heat"].value == pytest.approx(2 * 169.3 * 56.53e3 / 5.156e6, rel=0.01)
    assert rows["permeable_paving"].value == pytest.approx(7_066_210 / 64_065, rel=1e-3)
    assert rows["storage_tank"].value == pytest.approx(559.0 / (np.pi / 4 * 2.1**2), rel=5e-3)
    assert rows["pocket_park"].value == pytest.approx((27.08 + 61.45) / 2, abs=0.05)


@pytest.mark.parametrize(
    ("factor", "value", "unit"),
    [
        ("measure_cost", -1.0, "CNY m-2"), ("measure_cost", 20.0, "10^4 CNY m-2"), ("measure_cost", 20.0, "CNY m-3"),
        ("measure_upkeep", 2.0, "CNY m-2"), ("measure_lifetime", 0.0, "year"), ("measure_cost", 20.0, ""),
        ("measure_embodied_carbon", 0.02, "t m-2"), ("measure_embodied_carbon", -1.0, "kg m-2"),
        ("measure_embodied_carbon", 20.0, "kg m-3"),
    ],
)  # fmt: skip
def test_prices_of_another_unit_or_below_nothing_are_refused(factor: str, value: float, unit: str) -> None:
    units = {"measure_cost": "CNY m-2", "measure_upkeep": "CNY m-2 year-1", "measure_lifetime": "year"}
    rows = [Factor(name, "green_roof", 20.0, told, "user") for name, told in units.items()]
    rate = Factor("discount_rate", "", 0.06, "1", "user")
    good = prices(["green_roof"], FactorBook((*rows, rate)), region="CN", year=2025).known
    refuse_unusable(good, {"green_roof": "m2"}, currency="CNY")
    bad = FactorBook((*rows, rate, Factor(factor, "green_roof", value, unit, "user")))
    with pytest.raises(StudyError, match=factor) as caught:
        refuse_unusable(prices(["green_roof"], bad, region="CN", year=2025).known, {"green_roof": "m2"}, currency="CNY")
    assert "green_roof" in caught.value.say("zh")


@pytest.mark.parametrize(("value", "unit"), [(6.0, "1"), (6.0, "%"), (0.06, "year-1"), (-0.02, "1"), (np.nan, "1")])
def test_a_discount_rate_in_percent_or_below_nothing_is_refused(value: float, unit: str) -> None:
    rows = [row for row in price_rows() if row.factor != "discount_rate"]
    book = FactorBook((*rows, Factor("discount_rate", "", value, unit, "user")))
    known = prices(["green_roof"], book, region="CN", year=2025).known
    with pytest.raises(StudyError, match="discount rate") as caught:
        refuse_unusable(known, {"green_roof": "m2"}, currency="CNY")
    assert "折现率" in caught.value.say("zh")


def test_a_price_is_brought_to_the_last_year_of_an_index_with_gaps() -> None:
    """100 of 2010 at an index of 1.0 in 2010, 1.2 in 2015 and 1.5 in 2024: 120 in a study of 2018."""
    cost = Factor("measure_cost", "green_roof", 100.0, "CNY m-2", "user", source="s")
    told = Factor("measure_price_year", "green_roof", 2010.0, "year", "user", source="s")
    index = [Factor("consumer_price_index", key, value, "1", "user")
             for key, value in (("2010", 1.0), ("2015", 1.2), ("2024", 1.5))]  # fmt: skip
    kept = [row for row in price_rows() if row.factor != "measure_cost"]
    price = prices(["green_roof"], FactorBook((*kept, cost, told, *index)), region="CN", year=2018).known["green_roof"]
    assert price.level is not None
    assert price.build == pytest.approx(120.0)
    assert price.level.now == 2015


def test_upkeep_enters_at_present_value() -> None:
    rows = (*price_rows(), row("measure_upkeep", "green_roof", 10.0), row("measure_embodied_carbon", "green_roof", 3.0))
    price = prices(["green_roof"], FactorBook(rows), region="CN", year=2025).known["green_roof"]
    assert price.present == pytest.approx(200.0 + 10.0 * 9.818147407)
    assert price.carbon == 3.0


def test_embodied_carbon_is_none_where_a_row_is_missing() -> None:
    assert portfolio(programme(), DAMAGE, budget=BUDGET).carbon is None
    assert portfolio(programme(), DAMAGE, budget=0.0).carbon == 0


def test_nothing_to_choose_is_told() -> None:
    with pytest.raises(StudyError, match="no measure"):
        Programme.of(programme().effects, {})


@pytest.mark.parametrize("budget", [-1.0, float("nan")])
def test_budget_must_be_a_number(budget: float) -> None:
    with pytest.raises(StudyError, match="budget"):
        portfolio(programme(), DAMAGE, budget=budget)


def test_unknown_indicator_is_told() -> None:
    with pytest.raises(InputError, match="noise"):
        portfolio(programme(), Goal("noise", 1), budget=BUDGET)


def cost_by_search(target: Target) -> float:
    """Return the least cost of any two measures on a fine lattice of adoptions."""
    table = programme().effects
    best = np.inf
    lattice = np.linspace(0.0, 1.0, 401)
    for one, other in itertools.combinations(table.single, 2):
        pair = table.pair[one, other]
        gain = [table.single[name].change[target.indicator][target.unit] for name in (one, other)]
        cost = [table.single[name].installed[target.unit] * PRESENT[name] for name in (one, other)]
        room = float(pair.first[target.unit]), float(pair.second[target.unit])
        both = pair.interaction[target.indicator][target.unit] / (room[0] * room[1])
        a, b = np.meshgrid(lattice, lattice)
        value = table.base[target.indicator][target.unit] + a * gain[0] + b * gain[1] + a * b * both
        able = (target.direction * (value - target.value) >= 0) & (b <= 1 - (1 - room[1]) * a + 1e-9)
        if able.any():
            best = min(best, float((a * cost[0] + b * cost[1])[able].min()))
    return best


@pytest.mark.parametrize("share", [0.999, 0.97, 0.95, 0.92])
def test_cheapest_fix_is_the_cheapest(share: float) -> None:
    target = Target("damage", -1, share * BASE["damage"][2], unit="west")
    fix = cheapest_fix(programme().effects, price_list(), target)
    assert fix is not None
    assert fix.value == pytest.approx(target.value, rel=1e-6)
    assert fix.cost <= cost_by_search(target) + 1e-6
    assert fix.cost == pytest.approx(cost_by_search(target), rel=6e-2)


def test_a_pair_fixes_what_no_measure_can() -> None:
    target = Target("damage", -1, BASE["damage"][0] - 1500.0, unit="east")
    fix = cheapest_fix(programme().effects, price_list(), target)
    assert fix is not None
    assert len(fix.adoption) == 2


def test_what_cannot_be_fixed_is_none() -> None:
    assert cheapest_fix(programme().effects, price_list(), Target("damage", -1, 0.0, unit="east")) is None


def test_a_measure_that_must_be_complete_is_paid_in_full() -> None:
    target = Target("damage", -1, 0.999 * BASE["damage"][2], unit="west")
    table = EffectTable(programme().effects.base, programme().effects.single, {})
    part = cheapest_fix(table, price_list(), target)
    assert part is not None
    ((name, share),) = part.adoption.items()
    assert 0.0 < share < 1.0
    lone = EffectTable(table.base, {name: table.single[name]}, {})
    full = cheapest_fix(lone, price_list(), target, undivided={name})
    assert full is not None
    assert full.adoption == {name: 1.0}
    assert full.cost == pytest.approx(part.cost / share)
    assert full.value < part.value


def test_what_is_met_needs_no_fix() -> None:
    fix = cheapest_fix(programme().effects, price_list(), Target("damage", -1, 9e9, unit="east"))
    assert fix is not None
    assert fix.adoption == {}


def test_figure(figure: Callable[[str], Path]) -> None:
    found = shares_front(programme(), GOALS, budget=BUDGET)
    of = interactions(programme().effects, directions=DIRECTION)
    of = of[(of["unit"] == WHOLE_AREA) & (of["indicator"] == "damage")]
    drawn, (left, right) = plt.subplots(1, 2, figsize=(11.5, 4.8), layout="constrained")
    points = found.points
    marks = left.scatter(points["damage"], points["emissions"], c=points["cooling"], cmap="viridis", s=40)
    drawn.colorbar(marks, ax=left, label="change of cooling")
    at = points.iloc[found.knee]
    left.scatter(at["damage"], at["emissions"], s=170, facecolors="none", edgecolors="#c62828", linewidths=1.6)
    left.annotate("knee", (at["damage"], at["emissions"]), xytext=(10, 8), textcoords="offset points", color="#c62828")
    left.set(xlabel="change of damage (less is better)", ylabel="change of emissions (less is better)")
    left.set_title(f"Front of three goals: {len(points)} portfolios", fontsize=10)
    names = sorted(MEASURES)
    colours = {"help": "#2e7d32", "additive": "#e0e0e0", "hinder": "#c62828", "none": "#ffffff"}
    for pair in of.itertuples():
        x, y = names.index(str(pair.second)), names.index(str(pair.first))
        colour = colours[str(pair.kind)]
        right.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="0.6"))
        right.annotate(str(pair.kind), (x, y), ha="center", va="center", fontsize=7)
    right.set(xlim=(0.5, 4.5), ylim=(3.5, -0.5), xticks=range(1, 5), yticks=range(4))
    right.set_xticklabels([name.replace("_", "\n") for name in names[1:]], fontsize=8)
    right.set_yticklabels([name.replace("_", "\n") for name in names[:4]], fontsize=8)
    right.set_title("Pairs: damage in the whole town", fontsize=10)
    path = figure("integrate.choose")
    drawn.savefig(path, dpi=110)
    plt.close(drawn)
    assert path.stat().st_size > 5000
