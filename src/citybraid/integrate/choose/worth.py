"""Cost and benefit of each measure alone: the yearly losses that it averts over its lifetime against its price."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.learn.effects import EffectTable
from citybraid.kernels.risk.cost_benefit import Flows, cost_benefit

COLUMNS = ("measure", "indicator", "averted", "investment", "upkeep", "lifetime", "rate", "benefit", "cost", "net",
           "ratio", "payback", "status")  # fmt: skip


def worth(effects: EffectTable, prices: Mapping[str, Price], losses: Mapping[str, float]) -> pd.DataFrame:
    """Return a row per priced measure and yearly loss: the measure alone, at full adoption in the whole area.

    `losses` gives the indicators that are money lost a year, with the currency that one unit of each is worth.
    Columns: averted [currency per year, negative where the loss rises], investment and upkeep [per year], lifetime
    [year], discount rate, present benefit and cost, net present value, benefit-cost ratio, discounted payback [year,
    NaN where there is none], status of the price. A measure that installs nothing or costs nothing has no row.
    """
    rows = [row for name in effects.single if name in prices for row in _rows(effects, name, prices[name], losses)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    effects: EffectTable, measure: str, price: Price, losses: Mapping[str, float]
) -> Iterator[dict[str, Any]]:  # fmt: skip
    single = effects.single[measure]
    installed = float(single.installed.sum())
    investment, upkeep = price.build * installed, price.upkeep * installed
    if investment + upkeep <= 0.0:
        return
    for indicator, currency in losses.items():
        if indicator not in single.change:
            continue
        averted = 0.0 - float(single.change[indicator][WHOLE_AREA]) * currency
        flows = Flows(averted, investment, upkeep, price.lifetime, price.discount_rate)
        yield {
            "measure": measure, "indicator": indicator, "averted": averted, "investment": investment,
            "upkeep": upkeep, "lifetime": price.lifetime, "rate": price.discount_rate,
            **cost_benefit(flows)._asdict(), "status": price.status,
        }  # fmt: skip
