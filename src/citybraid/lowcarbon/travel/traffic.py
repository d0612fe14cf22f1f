"""Cars on the streets: choice of mode and user equilibrium, in turn until times and choices agree."""

from typing import NamedTuple

import numpy as np

from citybraid.core.streets.street_network import Floats
from citybraid.core.var import Factors
from citybraid.kernels.transport.equilibrium import Equilibrium, user_equilibrium
from citybraid.kernels.transport.paths import path_costs, path_sums
from citybraid.lowcarbon.travel.car_fuel import day_fuel, relative_fuel
from citybraid.lowcarbon.travel.modes import CAR, Access, Choosing, shares, utility
from citybraid.lowcarbon.travel.street_graph import HOUR, StreetGraph
from citybraid.lowcarbon.travel.trips import Surroundings, Trips
from citybraid.lowcarbon.travel.zones import Zones

ROUNDS = 4
"""Rounds of mode choice and assignment; times are averaged over rounds."""
GAP = 1e-4


class Ways(NamedTuple):
    """Distances between zones, from zones to gateways, and on to the rings around [km]; the first two for cyclists."""

    between: Floats
    to_gateway: Floats
    around: Surroundings
    cycled: tuple[Floats, Floats]


class Service(NamedTuple):
    """Access to bus and metro of each zone, and the mean of the city around."""

    bus: Access
    metro: Access
    city_bus: Access
    city_metro: Access


class Driven(NamedTuple):
    """Distance of a car between zones and to rings [km], or what it would be at the reference speed for its fuel."""

    inside: Floats
    outward: Floats


class Traffic(NamedTuple):
    """Shares of modes between zones and to rings (modes first), distance and fuel of cars, and the last assignment."""

    inside: Floats
    outward: Floats
    car: Driven
    burnt: Driven
    assigned: Equilibrium


class _Times(NamedTuple):
    inside: Floats
    to_gateway: Floats


def travel_traffic(
    graph: StreetGraph, zones: Zones, ways: Ways, trips: tuple[Trips, ...], *, service: Service, of: Choosing,
    load: Factors, fuel: Factors,
) -> Traffic:  # fmt: skip
    """Choose modes and assign the cars of the peak hour, each round with the mean car times of the rounds before.

    A trip to work or shops and the way back are half each; people from around travel as residents do on the same way.
    """
    ends = np.concatenate([zones.node, graph.gateways])
    count, local = zones.node.size, of.speed["local_car"]
    free = path_costs(graph.cars, graph.law.free, origins=ends, ends=ends)
    times = mean = _door_to_door(free, zones, ways, local)
    inside = sum(each.inside for each in trips)
    outer = sum(each.outward for each in trips), sum(each.inward for each in trips)
    for number in range(1, ROUNDS + 1):
        mean = _Times(*(old + (new - old) / number for old, new in zip(mean, times, strict=True)))
        chosen, chosen_outward = _shares(mean, ways, service, of)
        cars = np.zeros((ends.size, ends.size))
        cars[:count, :count] = inside * chosen[CAR]
        cars[:count, count:] = ((outer[0] + outer[1]) * chosen_outward[CAR]).sum(axis=2)
        demand = 0.5 * (cars + cars.T) / load["car_occupancy"] * load["peak_share"]
        flows = user_equilibrium(graph.cars, graph.law, ends=ends, demand=demand, gap=GAP)
        times = _door_to_door(flows.cost, zones, ways, local)
    burnt = day_fuel(graph, flow=flows.flow, time=flows.time, peak_share=load["peak_share"], curve=fuel)
    at_local, in_city = (float(relative_fuel(np.array(of.speed[name]), fuel)) for name in ("local_car", "city_car"))
    return Traffic(
        chosen, chosen_outward, _driven(graph, zones, ways, flows, graph.length, (1.0, 1.0)),
        _driven(graph, zones, ways, flows, burnt, (at_local, in_city)), flows,
    )  # fmt: skip


def _driven(
    graph: StreetGraph, zones: Zones, ways: Ways, flows: Equilibrium, of_link: Floats, weight: tuple[float, float]
) -> Driven:
    """Sum an amount of each link along the ways of cars; the ways to doors and those beyond have their own weights."""
    count, (local, beyond) = zones.node.size, weight
    ends = np.concatenate([zones.node, graph.gateways])
    driven = path_sums(graph.cars, flows.time, of_link, origins=zones.node, ends=ends)
    leg = zones.leg * local
    inner = driven[:, :count] + leg[:, None] + leg
    np.fill_diagonal(inner, np.diag(ways.between) * local)
    return Driven(inner, driven[:, count:, None] + leg[:, None, None] + ways.around.distance * beyond)


def _door_to_door(cost: Floats, zones: Zones, ways: Ways, local: float) -> _Times:
    """Return car times between zones and to gateways [min]; the ways to doors and within zones at local speed."""
    count = zones.node.size
    leg = zones.leg / local * HOUR
    inside = cost[:count, :count] + leg[:, None] + leg
    np.fill_diagonal(inside, np.diag(ways.between) / local * HOUR)
    return _Times(inside, cost[:count, count:] + leg[:, None])


def _shares(times: _Times, ways: Ways, service: Service, of: Choosing) -> tuple[Floats, Floats]:
    def pair(access: Access) -> tuple[Access, Access]:
        return Access(access.way[:, None], access.headway[:, None]), Access(access.way, access.headway)

    def outer(access: Access, city: Access) -> tuple[Access, Access]:
        return Access(access.way[:, None, None], access.headway[:, None, None]), city

    inside = utility(ways.between, times.inside, bus=pair(service.bus), metro=pair(service.metro), of=of,
                     cycled=ways.cycled[0])  # fmt: skip
    far = ways.to_gateway[:, :, None] + ways.around.distance
    beyond = ways.around.distance / of.speed["city_car"] * HOUR
    outward = utility(
        far, times.to_gateway[:, :, None] + beyond, bus=outer(service.bus, service.city_bus),
        metro=outer(service.metro, service.city_metro), of=of, cycled=ways.cycled[1][:, :, None] + ways.around.distance,
    )  # fmt: skip
    return shares(inside, of.choice).share, shares(outward, of.choice).share


def street_flow(graph: StreetGraph, flow: Floats, streets: int) -> Floats:
    """Return the flow of each street: that of its busiest stretch, both ways together."""
    stretches = int(graph.stretch.max()) + 1
    both = np.bincount(graph.stretch, weights=flow, minlength=stretches)
    busiest = np.zeros(streets)
    np.maximum.at(busiest, graph.street, both[graph.stretch])
    return busiest
