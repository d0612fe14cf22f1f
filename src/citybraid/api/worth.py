"""What a change of stored carbon is worth today: the net present value of carbon that is stored or lost over years."""

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citybraid.api.choices import finite
from citybraid.core.errors import InputError
from citybraid.kernels.risk.cost_benefit import present_value

ENDS = {
    "price": (0.0, 1e12), "first": (-10_000.0, 10_000.0), "last": (-10_000.0, 10_000.0), "discount": (-0.9, 10.0),
    "price_decline": (-0.9, 10.0),
}  # fmt: skip
"""Least and greatest of each argument: money per t, years, shares a year."""


def carbon_value(
    change: ArrayLike, price: float, *, first: int, last: int, discount: float = 0.0, price_decline: float = 0.0
) -> NDArray[np.float64]:
    """Return the net present value of a change of stored carbon, of its shape, in the currency of the price.

    `change` [t of carbon, or t a hectare] comes about evenly over the years from `first` up to `last`, which is not
    counted; a year's part is worth `price` [money a t of carbon] in the first. `discount` is the market's rate a year,
    `price_decline` the share by which a tonne is worth less each year; both may be below 0. With n years it is
    V = change · price / n · Σ 1 / ((1 + discount)^t (1 + price_decline)^t), t = 0 … n - 1 (Sharp et al., InVEST, carbon
    storage and sequestration). To take a price of CO2, multiply it by 44/12.

    Raises:
        PlanError: change is not of finite numbers, a number is out of range, or the years do not follow each other.
    """
    given = {"price": price, "first": first, "last": last, "discount": discount, "price_decline": price_decline}
    for name, value in given.items():
        low, high = ENDS[name]
        if not isinstance(value, Real) or not low <= float(value) <= high:
            raise InputError("api.out_of_range", name=name, got=value, low=low, high=high)
    years = int(last) - int(first)
    if years < 1 or years != last - first:
        raise InputError("api.years_order", first=first, last=last)
    growth = 1.0 / (1.0 + price_decline) - 1.0
    worth = present_value(price / years, years=years, rate=discount, growth=growth, at_start=True)
    return worth * finite(change, "change")
