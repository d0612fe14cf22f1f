"""A portfolio whose placed measures cost other than their shares say is chosen again until the budget is spent."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from citybraid.study.run import choosing

TOTAL = 100_000.0


class _Selection(SimpleNamespace):
    """A portfolio that costs what may be spent, `most` at most; placed, as `prices` tells."""


def _cost(monkeypatch: pytest.MonkeyPatch, prices: Any, *, most: float = 1e12, front: Any = None) -> tuple[float, int]:
    """Return what the portfolio costs that is chosen, placed, and how many were tried."""
    tried: list[float] = []

    def selected(_evaluator: object, _programme: object, _budget: object, allowed: float) -> Any:
        tried.append(allowed)
        return _Selection(cost=min(allowed, most), shortfall={}), front

    monkeypatch.setattr(choosing, "_selected", selected)
    monkeypatch.setattr(choosing, "uses", lambda *_: ())
    monkeypatch.setattr(choosing, "_by_measure", lambda *_: None)
    monkeypatch.setattr(choosing, "placed", lambda _p, made, _i: _Selection(cost=prices(made.cost), shortfall={}))
    evaluator: Any = SimpleNamespace(installed=lambda _: pd.DataFrame())
    budget: Any = SimpleNamespace(total=TOTAL)
    return choosing._within(evaluator, SimpleNamespace(floors=()), (), budget).selection.cost, len(tried)  # type: ignore[arg-type]


def test_what_costs_as_much_as_was_said_is_chosen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _cost(monkeypatch, lambda cost: 0.985 * cost) == (98_500.0, 1)


def test_a_smaller_choice_that_leaves_money_is_followed_by_one_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """116 640 is too much, so 85 730 may be spent and 72 000 are; between both lies one of 96 000."""

    def prices(cost: float) -> float:
        return 116_640.0 if cost > 95_000.0 else 96_000.0 if cost > 90_000.0 else 72_000.0

    cost, tried = _cost(monkeypatch, prices)
    assert cost == 96_000.0
    assert 3 <= tried <= choosing.TRIES


def test_shares_that_cost_less_when_placed_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each yuan of shares costs 0.66 where it is placed, as wetlands that fill whole sites on the coarse grid."""
    cost, tried = _cost(monkeypatch, lambda cost: 0.66 * cost)
    assert cost == pytest.approx(TOTAL)
    assert tried == 2


def test_money_that_nothing_is_left_for_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _cost(monkeypatch, lambda cost: cost, most=60_000.0) == (60_000.0, 1)


def test_a_balance_of_goals_is_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    front: Any = SimpleNamespace(knee=0, portfolios=())
    monkeypatch.setattr(choosing, "replace", lambda made, **_: made)
    assert _cost(monkeypatch, lambda cost: 0.8 * cost, front=front) == (80_000.0, 1)


def test_lumps_that_no_choice_fits_are_told_beyond_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _cost(monkeypatch, lambda _: 130_000.0) == (130_000.0, choosing.TRIES)
