"""Fuel of cars by their speed, relative to that at the speed for which the average factor holds."""

import numpy as np

from citybraid.core.streets.street_network import Floats
from citybraid.core.var import Factors
from citybraid.kernels.transport.links import link_time
from citybraid.lowcarbon.travel.street_graph import HOUR, StreetGraph

HOURS = 24.0


def relative_fuel(speed: Floats, curve: Factors) -> Floats:
    """Return the fuel a kilometre at mean speeds [km/h] over that at the curve's reference speed.

    inverse / v + constant + linear v + square v^2, at its ends for slower and faster cars.
    """
    return _fuel(np.clip(speed, curve["slowest"], curve["fastest"]), curve) / _fuel(np.array(curve["reference"]), curve)


def day_fuel(graph: StreetGraph, *, flow: Floats, time: Floats, peak_share: float, curve: Factors) -> Floats:
    """Return the fuel of a car on each link over that of a kilometre at the reference speed [km], mean of a day.

    The share of the peak hour drives at the speed of its flow [h-1] and time [min]; the other hours share the rest of
    the day's cars evenly.
    """
    others = flow * (1.0 - peak_share) / (peak_share * (HOURS - 1.0))
    peak, rest = (relative_fuel(_speed(graph.length, each), curve) for each in (time, link_time(graph.law, others)))
    return graph.length * (peak_share * peak + (1.0 - peak_share) * rest)


def _speed(length: Floats, time: Floats) -> Floats:
    return np.divide(length * HOUR, time, out=np.zeros_like(length), where=time > 0.0)


def _fuel(speed: Floats, curve: Factors) -> Floats:
    used: Floats = curve["inverse"] / speed + curve["constant"] + curve["linear"] * speed + curve["square"] * speed**2
    return used
