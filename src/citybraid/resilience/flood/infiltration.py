"""Infiltration method of an event: the one whose layers are given, or the one that is named."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.forcing import (
    HORTON_DECAY,
    HORTON_FIRST_RATE,
    HORTON_LAST_RATE,
    INITIAL_ABSTRACTION,
    POTENTIAL_RETENTION,
)
from citybraid.core.vocabulary.water import (
    DRAIN_CAPACITY,
    HYDRAULIC_CONDUCTIVITY,
    MOISTURE_DEFICIT,
    SUCTION_HEAD,
    SURFACE_STORAGE,
)

Method = Literal["green_ampt", "horton", "curve_number"]
Layers = Mapping[str, xr.DataArray | None]
METHODS: Mapping[Method, tuple[str, ...]] = MappingProxyType(
    {
        "green_ampt": ("hydraulic_conductivity", "suction_head", "moisture_deficit"),
        "horton": ("horton_first_rate", "horton_last_rate", "horton_decay"),
        "curve_number": ("potential_retention", "initial_abstraction"),
    }
)
"""Layers of each infiltration method."""


class Losses(NamedTuple):
    """Layers of the sinks of surface water: infiltration by any method, storage, and drains as a rate."""

    hydraulic_conductivity: HYDRAULIC_CONDUCTIVITY | None = None
    suction_head: SUCTION_HEAD | None = None
    moisture_deficit: MOISTURE_DEFICIT | None = None
    horton_first_rate: HORTON_FIRST_RATE | None = None
    horton_last_rate: HORTON_LAST_RATE | None = None
    horton_decay: HORTON_DECAY | None = None
    potential_retention: POTENTIAL_RETENTION | None = None
    initial_abstraction: INITIAL_ABSTRACTION | None = None
    surface_storage: SURFACE_STORAGE | None = None
    drain_capacity: DRAIN_CAPACITY | None = None


def infiltration_layers(losses: Losses, named: Method | None) -> Layers:
    """Return the infiltration layers of the named method, or of the only one given; others are None.

    Raises InputError where two are given and none is named, or the method's layers are missing or incomplete.
    """
    layers: Layers = {part: getattr(losses, part) for parts in METHODS.values() for part in parts}
    available = [each for each, parts in METHODS.items() if any(layers[part] is not None for part in parts)]
    if named is None and len(available) > 1:
        raise InputError("flood.two_soils", methods=available)
    if named is not None and named not in available:
        raise InputError("flood.soil_absent", method=named, needs=list(METHODS[named]))
    method = named or next(iter(available), None)
    parts = METHODS[method] if method is not None else ()
    if lacking := [part for part in parts if layers[part] is None]:
        raise InputError("flood.soil_half", method=method, needs=list(parts), lacking=lacking)
    return {name: layer if name in parts else None for name, layer in layers.items()}
