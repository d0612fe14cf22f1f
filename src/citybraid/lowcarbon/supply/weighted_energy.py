"""Weighted energy of one building or site by its carriers, services and sources (EN ISO 52000-1)."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.lowcarbon.weighted import (
    ENERGY_COMPONENTS,
    ENERGY_WEIGHTS,
    WEIGHTED_CARBON,
    WEIGHTED_CARBON_USED,
    WEIGHTED_NONRENEWABLE,
    WEIGHTED_NONRENEWABLE_USED,
    WEIGHTED_RENEWABLE,
    WEIGHTED_RENEWABLE_USED,
    WEIGHTED_SERVICE_CARBON,
    WEIGHTED_SERVICE_NONRENEWABLE,
    WEIGHTED_SERVICE_RENEWABLE,
)
from citybraid.kernels.energy.carriers import carrier_flows
from citybraid.kernels.energy.weighted import Weights
from citybraid.lowcarbon.supply.energy_components import (
    AMBIENT,
    COGEN,
    POWER,
    SOURCES,
    WHOLE,
    Components,
    WeightTable,
    components_of,
)

Array = NDArray[np.float64]
NOTHING = Weights(0.0, 0.0, 0.0)


class WeightedEnergyParams(Params):
    k_exp: float = Field(1.0, ge=0.0, le=1.0)
    """Share of what exports save outside that is credited [-]."""
    reference_area: float = Field(1.0, ge=1e-3, le=1e9)
    """Area by which results are divided [m2]; 1 gives those of the whole building."""
    load_matching: bool = False
    """Whether the matching factor holds, for steps of a month whose hours of sun and use do not coincide."""


class WeightedEnergy(NamedTuple):
    """Step B, step A (`used`), and step B by service."""

    weighted_renewable: WEIGHTED_RENEWABLE
    weighted_nonrenewable: WEIGHTED_NONRENEWABLE
    weighted_carbon: WEIGHTED_CARBON
    weighted_renewable_used: WEIGHTED_RENEWABLE_USED
    weighted_nonrenewable_used: WEIGHTED_NONRENEWABLE_USED
    weighted_carbon_used: WEIGHTED_CARBON_USED
    weighted_service_renewable: WEIGHTED_SERVICE_RENEWABLE
    weighted_service_nonrenewable: WEIGHTED_SERVICE_NONRENEWABLE
    weighted_service_carbon: WEIGHTED_SERVICE_CARBON


@model(
    version=1,
    cite="EN ISO 52000-1:2017, ch. 9.6 and 11.6 (steps A and B, k_exp, matching factor, cogeneration)",
    validity="One building or site whose uses and productions are known by carrier; no storage. Sun and wind on site "
    "serve before cogeneration. Weights are those of the file: none are built in.",
    alone=True,
)
def weighted_energy(
    *, energy_components: ENERGY_COMPONENTS, energy_weights: ENERGY_WEIGHTS, p: WeightedEnergyParams
) -> WeightedEnergy:
    """Return renewable and non-renewable primary energy [kWh m-2] and CO2 [kg m-2] of a building's carriers.

    Both texts are in the words of CTE DB-HE, as CteEPBD reads them. Each carrier is balanced step by step: what the
    site makes serves rated uses first; what is left goes to other uses, then to the grid. Step A takes exports off
    with the weights of what made them (cogenerated electricity: those of its fuel), step B also by `k_exp` with what
    they save. Exports without weights of their own have those of their supply in step A, of the grid's in step B.
    By service, a carrier counts by its uses. CO2 has no value where the weights state none. Raises InputErrors for
    lines that are none of these, InputError where a carrier that is used lacks its weights.
    """
    given, weights = components_of(energy_components), WeightTable(energy_weights)
    carriers = dict.fromkeys((*(each for each, _ in given.used), *(each for each, _ in given.produced), *given.fuel))
    step_a, step_b, by_service = np.zeros(3), np.zeros(3), dict[str, Array]()
    fuel = _fuel(given, weights)
    for carrier in carriers:
        uses = {service: amounts.sum() for (each, service), amounts in given.used.items() if each == carrier}
        one_a, one_b = _carrier(carrier, given, weights, fuel=fuel, p=p)
        step_a, step_b = step_a + one_a, step_b + one_b
        total = sum(uses.values())
        for service, use in (uses if total > 0.0 else {WHOLE: 1.0}).items():
            share = use / total if total > 0.0 else 1.0
            by_service[service] = by_service.get(service, np.zeros(3)) + share * one_b
    per = 1.0 / p.reference_area
    services = pd.DataFrame.from_dict(by_service, orient="index", columns=list(Weights._fields)).astype(float) * per
    credited, used = (step_b * per).tolist(), (step_a * per).tolist()
    return WeightedEnergy(
        weighted_renewable=credited[0],
        weighted_nonrenewable=credited[1],
        weighted_carbon=credited[2],
        weighted_renewable_used=used[0],
        weighted_nonrenewable_used=used[1],
        weighted_carbon_used=used[2],
        weighted_service_renewable=services["renewable"],
        weighted_service_nonrenewable=services["nonrenewable"],
        weighted_service_carbon=services["carbon"],
    )


def _fuel(given: Components, weights: WeightTable) -> Array:
    """Return the weighted energy of what cogenerated electricity is made of; raises InputError where none is made."""
    if given.fuel and not given.produced.get((POWER, COGEN), np.zeros(1)).any():
        raise InputError("energy_components.fuel_alone", got=sorted(given.fuel))
    return sum(
        (amounts.sum() * np.array(weights.supply(carrier)) for carrier, amounts in given.fuel.items()), np.zeros(3)
    )


def _carrier(
    carrier: str, given: Components, weights: WeightTable, *, fuel: Array, p: WeightedEnergyParams
) -> tuple[Array, Array]:
    """Return the weighted energy of a carrier in steps A and B; that of cogeneration's fuel counts with electricity."""
    none = np.zeros(given.steps)
    used = sum((amounts for (each, _), amounts in given.used.items() if each == carrier), none)
    if carrier in AMBIENT:
        counted = used.sum() * np.array(weights.supply(carrier, "INSITU"))
        return counted, counted
    made = np.array([given.produced.get((carrier, source), none) for source in SOURCES])
    flows = carrier_flows(used, made, given.others.get(carrier, none), matched=p.load_matching)
    grid = weights.supply(carrier) if flows.delivered > 0.0 or made.any() else NOTHING
    step_a, saved = flows.delivered * np.array(grid), np.zeros(3)
    for source, produced, to_others, to_grid in zip(SOURCES, *flows[1:], strict=True):
        if produced <= 0.0:
            continue
        by_fuel = source == COGEN and bool(given.fuel)
        own = Weights(*(fuel / produced)) if by_fuel else weights.supply(carrier, source)
        step_a += produced * np.array(own)
        for amount, to in ((to_others, "A_NEPB"), (to_grid, "A_RED")):
            if amount > 0.0:
                stated = None if source == COGEN else own
                what = np.array(own if by_fuel else weights.exported(carrier, source, to, "A", stated))
                step_a -= amount * what
                saved += amount * (np.array(weights.exported(carrier, source, to, "B", grid)) - what)
    return step_a, step_a - p.k_exp * saved
