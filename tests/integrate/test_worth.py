"""Cost and benefit of each measure alone: against the model's own answer, and what has no row."""

import pandas as pd
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import FactorBook
from citybraid.integrate.choose.prices import prices
from citybraid.integrate.choose.worth import worth
from citybraid.integrate.learn.effects import EffectTable, Single
from citybraid.planning.rows import indicators, yearly_losses
from citybraid.resilience.damage.cost_benefit import CostBenefitParams, cost_benefit
from tests.integrate.town import row

LOSS = "expected_annual_damage"
RATE, LIFE = 0.06, 25.0


def effects(installed: float = 100.0, change: float = -30.0) -> EffectTable:
    """A loss of 200 in two units, in 10^4 of the currency a year, of which a measure averts 30."""
    index = ["east", "west", WHOLE_AREA]
    base = pd.DataFrame({LOSS: [120.0, 80.0, 200.0], "canopy": [0.1, 0.2, 0.15]}, index=index)
    moved = pd.DataFrame({LOSS: [change, 0.0, change], "canopy": 0.0}, index=index)
    amount = pd.Series([installed, 0.0], index=index[:2])
    return EffectTable(base, {"storage_tank": Single(amount, moved)}, {})


def price(build: float = 15_000.0, upkeep: float = 300.0, status: str = "user") -> FactorBook:
    return FactorBook(
        (
            row("measure_cost", "storage_tank", build, status), row("measure_upkeep", "storage_tank", upkeep),
            row("measure_lifetime", "storage_tank", LIFE), row("discount_rate", "", RATE),
        )
    )  # fmt: skip


def table(book: FactorBook, found: EffectTable | None = None) -> pd.DataFrame:
    known = prices(["storage_tank"], book, region="CN", year=2025).known
    return worth(found or effects(), known, yearly_losses())


def test_yearly_losses_are_those_in_money_and_their_unit_is_the_tables() -> None:
    assert yearly_losses() == {"asset_annual_damage": 1e4, "energy_cost": 1e4, LOSS: 1e4}
    assert indicators()[LOSS].unit.startswith("10^4 ")


def test_a_measure_is_worth_what_the_model_says() -> None:
    """From quantity, unit price and an indicator in 10^4 a year to the model's figures in the currency itself."""
    (found,) = table(price()).to_dict("records")
    want = cost_benefit(
        damage_without_measure=2_000_000.0, damage_with_measure=1_700_000.0, investment_cost=1_500_000.0,
        upkeep_cost=30_000.0, service_life=LIFE, p=CostBenefitParams(discount_rate=RATE),
    )  # fmt: skip
    assert (found["measure"], found["indicator"], found["status"]) == ("storage_tank", LOSS, "user")
    got = [found[name] for name in ("benefit", "cost", "net", "ratio", "payback")]
    assert got == pytest.approx(list(want), rel=1e-12)


def test_its_cost_is_that_of_the_budget() -> None:
    known = prices(["storage_tank"], price(), region="CN", year=2025).known["storage_tank"]
    assert table(price())["cost"].item() == pytest.approx(100.0 * known.present, rel=1e-12)


def test_a_measure_that_raises_the_loss_is_worth_less_than_nothing() -> None:
    (found,) = table(price(), effects(change=5.0)).to_dict("records")
    assert found["averted"] == -50_000.0
    assert found["ratio"] < 0.0 > found["net"]


def test_a_measure_without_effect_averts_nothing_and_no_sign() -> None:
    (found,) = table(price(), effects(change=0.0)).to_dict("records")
    assert str(found["averted"]) == str(found["benefit"]) == "0.0"


def test_what_has_no_price_costs_nothing_or_installs_nothing_has_no_row() -> None:
    assert worth(effects(), {}, yearly_losses()).empty
    assert table(price(build=0.0, upkeep=0.0)).empty
    assert table(price(), effects(installed=0.0)).empty
    assert list(table(price(), effects(installed=0.0)).columns) == list(table(price()).columns)


def test_an_assumed_price_is_told() -> None:
    assert table(price(status="assumed"))["status"].item() == "assumed"
