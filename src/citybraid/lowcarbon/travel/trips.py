"""Where residents go: trips between zones and to the rest of the city, by purpose."""

from typing import NamedTuple

import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.streets.street_network import Floats
from citybraid.core.var import Factors
from citybraid.kernels.transport.trip_table import deterrence, furness

RINGS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 18.0, 25.0, 40.0)
"""Edges of the rings of city around the streets [km]."""
PURPOSES = ("commute", "other")


class Surroundings(NamedTuple):
    """The city around: distance from each gateway to a ring [km], and the residents there, by gateway and ring."""

    distance: Floats
    people: Floats


class Trips(NamedTuple):
    """Trips a day: of residents between zones, of residents to a gateway's ring, and of people from there to zones."""

    inside: Floats
    outward: Floats
    inward: Floats
    length: float
    """Mean length that the survey gives for the purpose [km]."""


def surroundings(radius: float, gateways: int, *, reach: float, density: float, detour: float) -> Surroundings:
    """Return the city around a circle of streets, of even density and as wide as `reach` [km], shared by gateways."""
    edge = np.unique(np.minimum(np.array(RINGS), reach))
    area = np.pi * np.diff((radius + edge) ** 2)
    middle = 0.5 * (edge[1:] + edge[:-1])
    share = np.full(gateways, 1.0 / gateways)
    return Surroundings(np.tile(detour * middle, (gateways, 1)), density * share[:, None] * area)


def distribute(
    purpose: str, *, made: Floats, drawn: Floats, between: Floats, to_gateway: Floats, around: Surroundings,
    city: Factors, rate: float, length: float,
) -> Trips:  # fmt: skip
    """Distribute trips made in zones over those drawn, by doubly constrained gravity with the surroundings as a zone.

    Deterrence falls exponentially with distance, at the rate that gives the survey's mean length in an even city
    (2 over length). Trips of the surroundings stay there at the density of an even city (the table's last entry).
    Without surroundings, what is drawn is scaled to what is made. Raises InputError where trips have nowhere to go.
    """
    decay = 2.0 / length
    weight = around.people * rate
    far = to_gateway[:, :, None] + around.distance
    pull = weight * deterrence(far, decay=decay)
    near = deterrence(between, decay=decay)
    outside = float(weight.sum())
    if outside == 0.0:
        if drawn.sum() == 0.0:
            raise InputError("travel.nothing_draws", purpose=purpose)
        scaled = drawn * made.sum() / drawn.sum()
        trips = furness(near, origins=made, destinations=scaled).trips
        return Trips(trips, np.zeros_like(far), np.zeros_like(far), length)
    even = city["density"] * rate * 2.0 * np.pi / (decay * city["detour"]) ** 2
    edge = pull.sum(axis=(1, 2))
    table = np.block([[near, edge[:, None]], [edge, np.array([outside * even])]])
    from_outside = outside + drawn.sum() - made.sum()
    if from_outside < 0.0:
        raise InputError("travel.surroundings_too_small", purpose=purpose, trips=round(float(made.sum())))
    balanced = furness(table, origins=np.append(made, from_outside), destinations=np.append(drawn, outside)).trips
    shape = pull / np.where(edge > 0.0, edge, 1.0)[:, None, None]
    return Trips(
        balanced[:-1, :-1], balanced[:-1, -1][:, None, None] * shape, balanced[-1, :-1][:, None, None] * shape, length
    )
