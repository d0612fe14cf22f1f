"""How residents travel: generalised time of each mode, and shares by nested logit."""

from typing import NamedTuple

import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.streets.street_network import Floats
from citybraid.core.var import Factors
from citybraid.kernels.transport.mode_choice import Choice, nested_logit

MODES = ("walk", "cycle", "bus", "metro", "car")
WALK, CYCLE, BUS, METRO, CAR = range(5)
NESTS = ("active", "transit", "car")
NEST = np.array([0, 0, 1, 1, 2])
HOUR = 60.0


class Access(NamedTuple):
    """Way on foot to the nearest stop of a kind [km], inf without one, and its headway [min]."""

    way: Floats
    headway: Floats


class Choosing(NamedTuple):
    """Coefficients of mode choice: constants, time and cost, speeds [km/h], fares and costs."""

    choice: Factors
    speed: Factors
    cost: Factors


def utility(
    distance: Floats, car_time: Floats, *, bus: tuple[Access, Access], metro: tuple[Access, Access], of: Choosing,
    cycled: Floats | None = None,
) -> Floats:  # fmt: skip
    """Return the utility of each mode (first axis): a constant less generalised time times its coefficient.

    `bus` and `metro` are stops at the origin and at the destination, shaped to broadcast over `distance` [km];
    `car_time` is the time in the car [min], `cycled` the distance as cyclists feel it, which lanes shorten [km].
    Money is time by the value of time; minutes on foot, be it all the way or to stops, and those of waiting weigh more.
    """
    choice, speed, cost = of
    minute = HOUR / choice["value_of_time"]

    def transit(kind: str, stops: tuple[Access, Access]) -> Floats:
        start, end = stops
        walk = (start.way + end.way) / speed["walk"] * HOUR
        out_of_vehicle = choice["out_of_vehicle"] * (walk + 0.5 * start.headway)
        return out_of_vehicle + distance / speed[kind] * HOUR + cost[f"{kind}_fare"] * minute

    times = np.stack([
        choice["on_foot"] * distance / speed["walk"] * HOUR,
        (distance if cycled is None else cycled) / speed["cycle"] * HOUR + choice["cycle_access"],
        transit("bus", bus),
        transit("metro", metro),
        car_time + choice["car_access"] + (cost["car_km"] * distance + cost["parking"]) * minute,
    ])  # fmt: skip
    constant = np.array([choice[f"constant/{mode}"] for mode in MODES]).reshape(-1, *(1,) * distance.ndim)
    return np.where(np.isfinite(times), constant - choice["time"] * np.where(np.isfinite(times), times, 0.0), -np.inf)


def shares(utilities: Floats, choice: Factors) -> Choice:
    """Return the share of each mode, and the logsum; raises InputError for a nest whose scale is not in (0, 1]."""
    for name in NESTS:
        if not 0.0 < choice[f"nest/{name}"] <= 1.0:
            raise InputError("travel.nest", key=f"nest/{name}", got=choice[f"nest/{name}"])
    return nested_logit(utilities, nest=NEST, scale=np.array([choice[f"nest/{name}"] for name in NESTS]))
