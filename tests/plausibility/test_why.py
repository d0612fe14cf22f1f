"""Why this portfolio: its numbers from the tables of effects, adoption and prices alone, with a pencil.

No solver runs here: costs are quantities at their prices, worths gains less what money gains elsewhere, and sums are
those of the tables' rows.
"""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import yearly_losses
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow
CLOSE = 1e-6


def table(run: Run, name: str) -> pd.DataFrame:
    found = run.table(name)
    assert found is not None
    return found


def present(run: Run) -> dict[str, float]:
    """Present cost of a unit of each measure: building, and upkeep over its life at 8 % a year."""
    assert run.choice is not None
    return {
        name: price.build + price.upkeep * (1.0 - 1.08**-price.lifetime) / 0.08
        for name, price in run.choice.prices.items()
    }


def test_the_cost_of_a_cell_is_its_quantity_at_the_present_price(ran: Run) -> None:
    cells, effects, prices = table(ran, "why_cells"), table(ran, "effects"), present(ran)
    lone = effects.drop_duplicates(["measure", "zone"]).set_index(["measure", "zone"])["installed"]
    for row in cells.to_dict("records"):
        assert row["cost"] == pytest.approx(prices[row["measure"]] * lone[row["measure"], row["unit"]], rel=1e-6)


def test_the_money_spent_is_what_the_adopted_shares_cost(ran: Run) -> None:
    """The budget holds for shares of lone quantities; placed, measures of whole cells differ by their rounding."""
    assert ran.choice is not None
    cells = table(ran, "why_cells")
    spent = float((cells["cost"] * cells["adoption"]).sum())
    assert spent == pytest.approx(ran.choice.cost, rel=0.01)
    assert spent <= ran.choice.budget.total * 1.01


def test_worth_is_what_a_cell_gains_less_what_its_money_gains_elsewhere(ran: Run) -> None:
    cells, head = table(ran, "why_cells"), table(ran, "why").iloc[0]
    worth = cells["gain"] + cells["kept"] - float(head["per_money"]) * cells["cost"]
    np.testing.assert_allclose(cells["worth"], worth, rtol=CLOSE, atol=CLOSE * float(worth.abs().max()))


def test_what_is_built_to_the_full_is_worth_its_money_and_what_is_too_dear_is_not(ran: Run) -> None:
    """Gain for money of what is built in part lies at the edge or above, of what is too dear at the edge or below."""
    cells, edge = table(ran, "why_cells"), float(table(ran, "why")["per_money"].iloc[0])
    cells = cells[cells["cost"] > 0.0]
    served = (cells["gain"] + cells["kept"]) / cells["cost"]
    dear, full = cells["reason"] == "dear", cells["reason"] == "full"
    assert (dear | full).any()
    assert (served[dear] <= edge * (1.0 + CLOSE)).all()
    assert (served[full] >= edge * (1.0 - CLOSE)).all()


def test_the_next_money_is_spent_and_gains_what_its_purchases_gain(ran: Run) -> None:
    """Purchases are the difference of two portfolios: costs sum to what is spent, gains to what is told."""
    head, bought = table(ran, "why").iloc[0], table(ran, "why_next")
    assert float(bought["cost"].sum()) == pytest.approx(float(head["spent"]), rel=1e-4)
    assert float(head["spent"]) <= float(head["amount"]) * (1.0 + CLOSE)
    assert float(head["gain"]) >= 0.0


def test_the_next_money_gains_no_more_than_the_edge_says(ran: Run) -> None:
    """Each yuan gains less than the one before: the next ten million gain at most so many times the gain of one."""
    head = table(ran, "why").iloc[0]
    assert float(head["gain"]) <= float(head["amount"]) * float(head["per_money"]) * (1.0 + 1e-3)


def test_the_next_step_of_a_unit_costs_no_less_than_at_the_edge(ran: Run) -> None:
    """What is cheaper than the edge is built: what is left in a unit costs more, unless other goals hold it back."""
    units, head, limits = table(ran, "why_units"), table(ran, "why").iloc[0], table(ran, "why_limits")
    edge = float(head["per_money"])
    bound = limits[(limits["indicator"] != "") & (limits["goal_cost"] > 0.0)]
    cost = units["cost"].dropna()
    assert len(cost)
    if bound.empty and edge > 0.0:
        assert (cost >= (1.0 - 1e-3) / edge).all()
    assert (cost > 0.0).all()


def test_the_price_of_a_target_is_its_cost_in_the_goal_over_that_of_money(ran: Run) -> None:
    limits, edge = table(ran, "why_limits"), float(table(ran, "why")["per_money"].iloc[0])
    rows = limits[(limits["indicator"] != "") & limits["price"].notna()]
    np.testing.assert_allclose(rows["price"], rows["goal_cost"] / edge, rtol=CLOSE)


def test_without_a_measure_the_goal_is_never_better_unless_targets_are_given_up(ran: Run) -> None:
    """Fewer choices are never better; a portfolio that falls further short of its targets may be."""
    without, limits = table(ran, "why_measures"), table(ran, "why_limits")
    short = set(table(ran, "why_missed")["measure"])
    if (limits.loc[limits["indicator"] != "", "shortfall"] > 0.0).any():
        short = set(without["measure"])
    size = float(without["lost"].abs().max())
    rest = without[~without["measure"].isin(short)]
    assert (rest["lost"] >= -CLOSE * max(size, 1e-9)).all()


def test_money_reaches_parcels_and_closes_at_every_level(ran: Run) -> None:
    """Parcels and the ground outside make up the unit, units the whole; none spends more than the portfolio there."""
    cells, parcels, units = table(ran, "why_cells"), table(ran, "parcel_money"), table(ran, "parcel_money_units")
    by_unit = units.set_index("unit")
    given = (cells["cost"] * cells["adoption"]).groupby(cells["unit"]).sum()
    inner = by_unit.drop(WHOLE_AREA)
    np.testing.assert_allclose(inner["money"], given.reindex(inner.index), rtol=CLOSE, atol=1e-3)
    spent = parcels.groupby("unit")["cost"].sum().reindex(inner.index)
    np.testing.assert_allclose(inner["spent"], spent, rtol=CLOSE, atol=1e-3)
    assert (inner["spent"] <= inner["money"] * (1.0 + CLOSE) + 1e-3).all()
    assert float(by_unit["spent"][WHOLE_AREA]) == pytest.approx(float(spent.sum()), rel=CLOSE)


def test_what_is_paid_and_gained_sums_to_the_totals(ran: Run) -> None:
    parties, totals, costs = (
        table(ran, "parties"),
        table(ran, "appraisal").set_index("alternative"),
        table(ran, "costs"),
    )
    for name, rows in parties.groupby("alternative"):
        inside = rows[rows["party"] != WHOLE_AREA]
        assert inside["annual_cost"].sum() == pytest.approx(costs[costs["alternative"] == name]["annual"].sum())
        assert inside["annual_benefit"].sum() == pytest.approx(totals["annual_benefit"][name])
        factor = (1.0 - 1.08 ** -float(totals["life"][name])) / 0.08
        net = factor * float(totals["annual_benefit"][name] - totals["annual_cost"][name])
        assert totals["net"][name] == pytest.approx(net, rel=1e-9)


def test_what_is_paid_by_assumption_is_what_the_study_does_not_settle(ran: Run) -> None:
    """All yearly cost is open but that of measures whose payers the study states, or China's laws name alone.

    Whom bills fall on, the electricity law says (Art. 33); whom damage falls on is assumed.
    """
    assert ran.choice is not None
    assert ran.about.region.startswith("CN")
    laws = {
        "backup_power", "detention_wetland", "early_warning", "levee", "new_stops", "pipe_upgrade", "pocket_park",
        "pump", "street_trees", "transit_frequency", "woodland",
    }  # fmt: skip
    settled = {*ran.choice.budget.payers, *laws}
    parties, costs = table(ran, "parties"), table(ran, "costs")
    against = table(ran, "appraisal").set_index("alternative")["against"]
    whole = parties[parties["party"] == WHOLE_AREA].set_index("alternative")
    for name, rows in costs[costs["alternative"].isin(whole.index)].groupby("alternative"):
        open_ = rows[~rows["measure"].isin(settled)]["annual"].sum()
        assert whole["cost_assumed"][name] == pytest.approx(open_)
        was, now = (table(ran, f"units/{each}").loc[WHOLE_AREA] for each in (str(against[name]), str(name)))
        damage = yearly_losses()["expected_annual_damage"] * (was - now)["expected_annual_damage"]
        assert whole["benefit_assumed"][name] == pytest.approx(damage)
