"""Appraisal of alternatives: what their measures cost, and the yearly losses that they avoid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import Portfolio, Use
from citybraid.core.layer import digest
from citybraid.integrate.choose.prices import Price, prices
from citybraid.planning.appraisal import MeasureCost, avoided_a_year, equal_yearly
from citybraid.study.run.choosing import is_purchasable
from citybraid.study.run.outcome import AlternativeResult, Frames, RunContext

COSTS = ("alternative", "measure", "quantity", "unit", "build", "present", "annual", "assumed")
TOTALS = ("alternative", "against", "build", "present", "annual_cost", "annual_benefit", "ratio", "unpriced", "assumed")


def appraisal(bench: RunContext, alternatives: Sequence[AlternativeResult]) -> Frames:
    """Return the costs of each alternative's measures, and its totals against the alternative without them.

    `costs` has a row per alternative and measure, NaN where it has no price; `appraisal` a row per alternative.
    `against` is the alternative with the same built form and no other measure, '' where the study has none: without
    it there is no benefit. `ratio` is the yearly benefit over the yearly cost, NaN where a measure has no price. A
    price that rests on an assumed row counts in a synthetic study alone.
    """
    used = {worked.name: _purchased(worked.evaluator.base) for worked in alternatives}
    price_list = _prices(bench, {name for uses in used.values() for name in uses})
    costs = [row for worked in alternatives for row in _costs(bench, worked, used[worked.name], price_list)]
    frame = pd.DataFrame(costs, columns=list(COSTS))
    rows = [_totals(worked, alternatives, frame) for worked in alternatives]
    return {"costs": frame, "appraisal": pd.DataFrame(rows, columns=list(TOTALS))}


def _purchased(portfolio: Portfolio) -> Mapping[str, Use]:
    return {use.model.name: use for use in portfolio if is_purchasable(use.model)}


def _prices(bench: RunContext, names: Iterable[str]) -> Mapping[str, Price]:
    study, about = bench.study, bench.study.asked.study
    known = prices(names, study.book, region=about.region, year=about.year).known
    return {name: price for name, price in known.items() if about.synthetic or not price.assumed}


def _costs(
    bench: RunContext, worked: AlternativeResult, uses: Mapping[str, Use], price_list: Mapping[str, Price]
) -> list[dict[str, Any]]:
    rows = []
    for name in uses:
        quantity = _installed(bench, worked, name)
        price = price_list.get(name)
        cost = MeasureCost(name, quantity, *_amounts(price, quantity), assumed=price is not None and price.assumed)
        unit = getattr(bench.study.measures[name].quantity, "unit", "")
        rows.append({"alternative": worked.name, "unit": unit, **cost._asdict()})
    return rows


def _amounts(price: Price | None, quantity: float) -> tuple[float, float, float]:
    """Return the cost of building, its present value with upkeep, and the equal yearly cost of a quantity."""
    if price is None:
        return np.nan, np.nan, np.nan
    rate = price.rows[-1].value
    annual = equal_yearly(price.build, years=price.lifetime, rate=rate) + price.upkeep
    return quantity * price.build, quantity * price.present, quantity * annual


def _installed(bench: RunContext, worked: AlternativeResult, measure: str) -> float:
    """Return what an alternative installs of a measure beyond what is there already."""
    quantity = bench.study.measures[measure].quantity
    layers = () if quantity is None else worked.planned.homes.layers.get(quantity.name, ())
    before = () if quantity is None else bench.taken.place.layers.get(quantity.name, ())
    amount, existing = (float(sum(bench.engine.memory.get(one.key).sum() for one in each)) for each in (layers, before))
    return amount - existing


def _totals(
    worked: AlternativeResult, alternatives: Sequence[AlternativeResult], costs: pd.DataFrame
) -> dict[str, Any]:
    own = costs[costs["alternative"] == worked.name]
    without = _without_measures(worked, alternatives) if len(own) else None
    benefit = None
    if without is not None and without.indicators is not None and worked.indicators is not None:
        benefit = avoided_a_year(without.indicators.by_zone, worked.indicators.by_zone)
    annual = float(own["annual"].sum())
    complete = len(own) > 0 and bool(own["annual"].notna().all())
    return {
        "alternative": worked.name, "against": "" if without is None else without.name,
        "build": float(own["build"].sum()), "present": float(own["present"].sum()), "annual_cost": annual,
        "annual_benefit": np.nan if benefit is None else benefit,
        "ratio": benefit / annual if benefit is not None and complete and annual > 0.0 else np.nan,
        "unpriced": " ".join(own.loc[own["annual"].isna(), "measure"]), "assumed": bool(own["assumed"].any()),
    }  # fmt: skip


def _without_measures(worked: AlternativeResult, alternatives: Sequence[AlternativeResult]) -> AlternativeResult | None:
    """Return the alternative with the same built form and nothing that a budget buys."""
    form = _identity(use for use in worked.evaluator.base if not is_purchasable(use.model))
    return next((other for other in alternatives if _identity(other.evaluator.base) == form), None)


def _identity(portfolio: Iterable[Use]) -> list[tuple[str, str]]:
    return sorted((use.model.id, digest(use.params)) for use in portfolio)
