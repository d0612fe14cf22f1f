"""Loop of waste heat, air and cooling: buildings warm the air that makes them cool more; trees and water cool it.

The path that is cut is the air: cooling is first computed in the weather file's air, then in the air that what stands
and grows there, and its own waste heat, make, until air changes no more. Strands hand in their half as a function;
neither knows the other.
"""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.model import var_of
from citybraid.core.var import Var
from citybraid.core.vocabulary.energy import COOLING_DEMAND, HEAT_REJECTED
from citybraid.core.vocabulary.heat import AIR_WARMING, HOURLY_AIR
from citybraid.core.vocabulary.place import FLOOR_AREA
from citybraid.core.vocabulary.weather import DRY_BULB, LATITUDE

F64 = NDArray[np.float64]

HOURS, DAY = 8760, 24
TOLERANCE = 0.01
"""Change of the air between two rounds at which the loop is closed [K]."""
MOST_ROUNDS = 20


class Loop(NamedTuple):
    """A loop between strands: the quantity that is cut, and those by which its halves are read."""

    cut: Var
    """Given to the one half, and found from the other."""
    released: Var
    """What the first half gives the second."""
    demand: Var
    """What the loop changes in the first half."""
    air: Var
    """What the second half makes."""
    weight: Var
    """How much each row of `released` counts in the mean of the second half."""
    weather: Var
    """Outdoor air of the weather file by hour, which tells with the latitude when the hot season is."""
    latitude: Var


HEAT_LOOP = Loop(
    *(var_of(each) for each in (AIR_WARMING, HEAT_REJECTED, COOLING_DEMAND, HOURLY_AIR, FLOOR_AREA, DRY_BULB, LATITUDE))
)


class Cooled(NamedTuple):
    """What buildings do in an air."""

    released: F64
    """Heat rejected outdoors, in any shape that the other half takes [W or W m-2]."""
    demand: float
    """Heat removed by cooling over the time that counts [kWh]."""


class Cooling(Protocol):
    """The energy strand's half."""

    def __call__(self, warming: F64) -> Cooled:
        """Return what buildings do where the air is so much warmer than the weather file's [K]."""
        ...


class Air(Protocol):
    """The heat strand's half."""

    def __call__(self, released: F64) -> F64:
        """Return how much warmer the air is than the weather file's with this heat [K], by hour or place.

        With no heat that is what the ground and what grows on it change.
        """
        ...


class HeatLoop(NamedTuple):
    """The loop open and closed."""

    surroundings: F64
    """Warming by what stands and grows, without waste heat [K]; below 0 where trees, grass or water came."""
    open_warming: F64
    """With the waste heat of buildings in the weather file's air [K]."""
    warming: F64
    """With the waste heat of buildings in the air that it makes [K]."""
    open_demand: float
    """Cooling in the weather file's air [kWh]."""
    demand: float
    """Cooling in the air of the closed loop [kWh]."""
    rounds: int
    """How often cooling was computed."""
    residual: float
    """Last change of the air [K]."""

    @property
    def air_gain(self) -> float:
        """Return the mean warming that closing the loop adds [K]."""
        return float((self.warming - self.open_warming).mean())

    @property
    def demand_gain(self) -> float:
        """Return what the air of the place adds to cooling, over cooling in the weather file's air [-]."""
        return self.demand / self.open_demand - 1.0 if self.open_demand > 0.0 else 0.0


def over_summer(warming: F64, days: NDArray[np.int64]) -> F64:
    """Return the warming of every hour of a year [K]: that of a day (24 hours) on each of some days, 0 else.

    The days, 0 being 1 January, are those of the hot season, over which buildings reject the heat that is read.
    """
    year = np.zeros((HOURS // DAY, DAY))
    year[days] = warming
    return year.ravel()


def heat_loop(
    cooling: Cooling, air: Air, *, start: F64, tolerance: float = TOLERANCE, most_rounds: int = MOST_ROUNDS,
    cut: bool = False,
) -> HeatLoop:  # fmt: skip
    """Return the fixed point of waste heat, air and cooling from a warming of 0 with the shape of `start`.

    With `cut` the air does not reach the buildings: both results are those of the open loop. Rounds follow one another
    in a fixed order, so that the same halves give the same bits. Raises InputError where the air still changes by more
    than `tolerance` [K] after `most_rounds`, or is not finite.
    """
    before = np.zeros_like(start, dtype=np.float64)
    first = cooling(before)
    still, opened = air(np.zeros_like(first.released)), air(first.released)
    if cut:
        return HeatLoop(still, opened, opened, first.demand, first.demand, 1, 0.0)
    now, residual = opened, float(np.abs(opened).max(initial=0.0))
    cooled, rounds = first, 1
    while residual > tolerance and rounds < most_rounds:
        cooled = cooling(now)
        before, now = now, air(cooled.released)
        residual, rounds = float(np.abs(now - before).max(initial=0.0)), rounds + 1
    if not residual <= tolerance:
        raise InputError("heat_loop.open", rounds=rounds, residual=f"{residual:.3g}", tolerance=f"{tolerance:g}")
    return HeatLoop(still, opened, now, first.demand, cooled.demand, rounds, residual)
