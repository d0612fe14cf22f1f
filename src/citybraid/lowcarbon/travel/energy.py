"""Distances by mode and the energy and emissions that they take."""

from typing import NamedTuple

import numpy as np

from citybraid.core.streets.street_network import Floats
from citybraid.core.var import Factors
from citybraid.lowcarbon.travel.modes import BUS, CAR, CYCLE, METRO
from citybraid.lowcarbon.travel.traffic import Driven, Traffic, Ways
from citybraid.lowcarbon.travel.trips import Trips


class Travelled(NamedTuple):
    """Trips and distances [km] of each zone's residents a day by mode (rows), and the distance of their cars.

    `burnt` is the distance that the fuel of these cars would be enough for at the reference speed [km].
    """

    trips: Floats
    distance: Floats
    car: Floats
    burnt: Floats
    outside: Floats


class Emitted(NamedTuple):
    """Emissions of each zone [kg a day]: of fuels and of electricity by mode (rows)."""

    fuel: Floats
    electric: Floats
    charged: Floats
    """What the cars with engines of each zone would emit if they were electric [kg a day]."""


def travelled(trips: tuple[Trips, ...], ways: Ways, traffic: Traffic, *, occupancy: float) -> Travelled:
    """Sum residents' trips and distances by mode; cars drive the way of the assignment, shared by those in them."""
    inside = sum(each.inside for each in trips) * traffic.inside
    outward = sum(each.outward for each in trips) * traffic.outward
    far = ways.to_gateway[:, :, None] + ways.around.distance
    distance = (inside * ways.between).sum(axis=2) + (outward * far).sum(axis=(2, 3))

    def by_car(of: Driven) -> Floats:
        total: Floats = (inside[CAR] * of.inside).sum(axis=1) + (outward[CAR] * of.outward).sum(axis=(1, 2))
        return total

    distance[CAR] = by_car(traffic.car)
    count = inside.sum(axis=2) + outward.sum(axis=(2, 3))
    return Travelled(
        count, distance, distance[CAR] / occupancy, by_car(traffic.burnt) / occupancy, outward.sum(axis=(0, 2, 3))
    )


def emitted(done: Travelled, *, energy: Factors, electric_share: Factors, grid: float) -> Emitted:
    """Return the emissions of a day: energy per vehicle or passenger kilometre, by the share of electric vehicles.

    Fuel of cars follows their speed, electricity does not.
    """
    fuel, power = np.zeros_like(done.distance), np.zeros_like(done.distance)
    fuel[CAR] = done.burnt * (1.0 - electric_share["car"]) * energy["car_fuel"]
    fuel[BUS] = done.distance[BUS] * (1.0 - electric_share["bus"]) * energy["bus_fuel"]
    power[CAR] = done.car * electric_share["car"] * energy["car_electric"]
    power[BUS] = done.distance[BUS] * electric_share["bus"] * energy["bus_electric"]
    power[CYCLE] = done.distance[CYCLE] * electric_share["cycle"] * energy["cycle_electric"]
    power[METRO] = done.distance[METRO] * energy["metro"]
    charged = done.car * (1.0 - electric_share["car"]) * energy["car_electric"]
    return Emitted(fuel, power * grid, charged * grid)
