"""Appraisal of alternatives: what their measures cost, and the yearly losses that they avoid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, Portfolio, Use
from citybraid.core.layer import digest
from citybraid.integrate.choose.prices import Price, embodied_by_key, prices
from citybraid.kernels.risk.cost_benefit import Flows, cost_benefit, present_value
from citybraid.planning.appraisal import MeasureCost, avoided_a_year, equal_yearly
from citybraid.planning.parties import avoided_by_zone, by_party
from citybraid.study.run.choosing import is_purchasable
from citybraid.study.run.outcome import AlternativeResult, Frames, RunContext

COSTS = (
    "alternative", "measure", "quantity", "unit", "build", "present", "annual", "upkeep", "lifetime", "assumed",
    "status", "carbon",
)  # fmt: skip
TOTALS = (
    "alternative", "against", "build", "present", "annual_cost", "annual_benefit", "ratio", "net", "payback", "life",
    "unpriced", "assumed",
)  # fmt: skip
PARTIES = ("alternative", "party", "annual_cost", "annual_benefit", "net", "cost_assumed", "benefit_assumed")
ZONES = ("alternative", "unit", "annual_cost", "annual_benefit", "net")


def appraisal(bench: RunContext, alternatives: Sequence[AlternativeResult]) -> Frames:
    """Return the costs of each alternative's measures, and its totals against the alternative without them.

    `costs` has a row per alternative and measure with the status of its price and its embodied carbon [kg], NaN where
    it has none; `appraisal` a row per alternative.
    `parties` has what each party pays and gains a year, by alternative, `money_units` the same by planning unit: both
    for alternatives whose measures all have prices, against the one without them.

    `against` is the alternative with the same built form and no other measure, '' where the study has none: without
    it there is no benefit. `ratio` is the yearly benefit over the yearly cost, NaN where a measure has no price; `net`
    the present value of the difference over `life`, the measures' mean lifetime by cost, and `payback` the discounted
    payback [year], NaN where there is none. A price that rests on an assumed row counts in a synthetic study alone.
    """
    used = {worked.name: _purchased(worked.evaluator.base) for worked in alternatives}
    price_list = _prices(bench, {use.price_key for uses in used.values() for use in uses.values()})
    costs = [row for worked in alternatives for row in _costs(bench, worked, used[worked.name], price_list)]
    frame = pd.DataFrame(costs, columns=list(COSTS))
    rate = next((price.discount_rate for price in price_list.values()), np.nan)
    rows = [_totals(worked, alternatives, frame, rate) for worked in alternatives]
    frames = {"costs": frame, "appraisal": pd.DataFrame(rows, columns=list(TOTALS))}
    return {**frames, **_who(bench, alternatives, frame)}


def _who(bench: RunContext, alternatives: Sequence[AlternativeResult], costs: pd.DataFrame) -> Frames:
    """Return who pays and who gains, by party and by planning unit."""
    budget = bench.study.asked.budget
    stated = {} if budget is None else {name: {**shares} for name, shares in budget.payers.items()}
    parties: list[pd.DataFrame] = []
    zones: list[pd.DataFrame] = []
    for worked in alternatives:
        own = costs[costs["alternative"] == worked.name]
        without = _without_measures(worked, alternatives) if len(own) else None
        if without is None or without.indicators is None or worked.indicators is None or own["annual"].isna().any():
            continue
        avoided = avoided_by_zone(without.indicators.by_zone, worked.indicators.by_zone)
        annual = {str(row.measure): float(row.annual) for row in own.itertuples()}  # type: ignore[arg-type]  # a float column
        whole = {str(name): float(avoided[name][WHOLE_AREA]) for name in avoided}
        bodies = {name: bench.study.measures[name].responsible for name in annual}
        parties_of = by_party(annual, whole, stated, bodies, region=bench.study.asked.study.region)
        parties.append(parties_of.assign(alternative=worked.name)[list(PARTIES)])
        gained = avoided.sum(axis=1, min_count=1)
        zones.append(_by_unit(bench, worked, without, own, gained).assign(alternative=worked.name))
    return {"parties": pd.concat(parties), "money_units": pd.concat(zones)[list(ZONES)]} if parties else {}


def _by_unit(
    bench: RunContext, worked: AlternativeResult, without: AlternativeResult, own: pd.DataFrame, gained: pd.Series
) -> pd.DataFrame:
    """Return yearly cost by what is installed in each unit, and yearly benefit where losses fall; the whole last."""
    installed = worked.evaluator.installed(()) - without.evaluator.installed(())
    cost = pd.Series(0.0, index=installed.index)
    for row in own.to_dict("records"):
        quantity = bench.study.measures[str(row["measure"])].quantity
        amount = installed[quantity.name] if quantity is not None else cost * 0.0
        whole = float(amount[WHOLE_AREA])
        cost += float(row["annual"]) * amount / whole if whole else 0.0
    table = pd.DataFrame({"annual_cost": cost, "annual_benefit": gained.reindex(cost.index)})
    table["net"] = table["annual_benefit"] - table["annual_cost"]
    return table.rename_axis("unit").reset_index()


def _purchased(portfolio: Portfolio) -> Mapping[str, Use]:
    return {use.model.name: use for use in portfolio if is_purchasable(use.model)}


def _prices(bench: RunContext, names: Iterable[str]) -> Mapping[str, Price]:
    study, about = bench.study, bench.study.asked.study
    known = prices(names, study.book, region=about.region, year=about.year).known
    return {name: price for name, price in known.items() if about.synthetic or not price.assumed}


def _costs(
    bench: RunContext, worked: AlternativeResult, uses: Mapping[str, Use], price_list: Mapping[str, Price]
) -> list[dict[str, Any]]:
    rows, about = [], bench.study.asked.study
    embodied = embodied_by_key(bench.study.book, region=about.region, year=about.year)
    for name, use in uses.items():
        quantity = _installed(bench, worked, name)
        price = price_list.get(use.price_key)
        cost = MeasureCost(name, quantity, *_amounts(price, quantity), assumed=price is not None and price.assumed)
        unit = getattr(bench.study.measures[name].quantity, "unit", "")
        status = "" if price is None else price.status
        carbon = quantity * embodied.get(use.price_key, np.nan)
        rows.append({"alternative": worked.name, "unit": unit, "status": status, "carbon": carbon, **cost._asdict()})
    return rows


def _amounts(price: Price | None, quantity: float) -> tuple[float, float, float, float, float]:
    """Return the cost of building, its present value with upkeep, the equal yearly cost, upkeep, and the lifetime."""
    if price is None:
        return np.nan, np.nan, np.nan, np.nan, np.nan
    rate = price.rows[-1].value
    annual = equal_yearly(price.build, years=price.lifetime, rate=rate) + price.upkeep
    amounts = (price.build, price.present, annual, price.upkeep)
    build, present, yearly, upkeep = (quantity * each for each in amounts)
    return build, present, yearly, upkeep, price.lifetime


def _installed(bench: RunContext, worked: AlternativeResult, measure: str) -> float:
    """Return what an alternative installs of a measure beyond what is there already."""
    quantity = bench.study.measures[measure].quantity
    layers = () if quantity is None else worked.planned.homes.layers.get(quantity.name, ())
    before = () if quantity is None else bench.taken.place.layers.get(quantity.name, ())
    amount, existing = (float(sum(bench.engine.memory.get(one.key).sum() for one in each)) for each in (layers, before))
    return amount - existing


def _totals(
    worked: AlternativeResult, alternatives: Sequence[AlternativeResult], costs: pd.DataFrame, rate: float
) -> dict[str, Any]:
    own = costs[costs["alternative"] == worked.name]
    without = _without_measures(worked, alternatives) if len(own) else None
    benefit = None
    if without is not None and without.indicators is not None and worked.indicators is not None:
        benefit = avoided_a_year(without.indicators.by_zone, worked.indicators.by_zone)
    annual = float(own["annual"].sum())
    complete = len(own) > 0 and bool(own["annual"].notna().all())
    build = float(own["build"].sum())
    life = float((own["build"] * own["lifetime"]).sum() / build) if complete and build > 0.0 else np.nan
    net, payback = np.nan, np.nan
    if benefit is not None and np.isfinite(life):
        net = present_value(benefit - annual, years=life, rate=rate)
        payback = cost_benefit(Flows(benefit, build, float(own["upkeep"].sum()), life, rate)).payback
    return {
        "alternative": worked.name, "against": "" if without is None else without.name,
        "build": build, "present": float(own["present"].sum()), "annual_cost": annual,
        "annual_benefit": np.nan if benefit is None else benefit,
        "ratio": benefit / annual if benefit is not None and complete and annual > 0.0 else np.nan,
        "net": net, "payback": payback, "life": life,
        "unpriced": " ".join(own.loc[own["annual"].isna(), "measure"]), "assumed": bool(own["assumed"].any()),
    }  # fmt: skip


def _without_measures(worked: AlternativeResult, alternatives: Sequence[AlternativeResult]) -> AlternativeResult | None:
    """Return the alternative with the same built form and nothing that a budget buys."""
    form = _identity(use for use in worked.evaluator.base if not is_purchasable(use.model))
    return next((other for other in alternatives if _identity(other.evaluator.base) == form), None)


def _identity(portfolio: Iterable[Use]) -> list[tuple[str, str]]:
    return sorted((use.model.id, digest(use.params)) for use in portfolio)
