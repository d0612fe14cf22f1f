"""Which way to describe infiltration an event uses: the one whose layers are there, or the one that is named."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import xarray as xr

from citybraid.core.errors import InputError

Method = Literal["green_ampt", "horton", "curve_number"]
Layers = Mapping[str, xr.DataArray | None]
METHODS: Mapping[Method, tuple[str, ...]] = MappingProxyType(
    {
        "green_ampt": ("hydraulic_conductivity", "suction_head", "moisture_deficit"),
        "horton": ("horton_first_rate", "horton_last_rate", "horton_decay"),
        "curve_number": ("potential_retention", "initial_abstraction"),
    }
)
"""Layers of each way to describe infiltration."""


def chosen(given: Layers, named: Method | None) -> Layers:
    """Return the layers of the named method, of the only one given where none is named; others are None.

    Raises InputError where two are given and none is named, where the named one is not given, or one is half given.
    """
    there = [each for each, parts in METHODS.items() if any(given[part] is not None for part in parts)]
    if named is None and len(there) > 1:
        raise InputError("flood.two_soils", methods=there)
    if named is not None and named not in there:
        raise InputError("flood.soil_absent", method=named, needs=list(METHODS[named]))
    method = named or next(iter(there), None)
    parts = METHODS[method] if method is not None else ()
    if lacking := [part for part in parts if given[part] is None]:
        raise InputError("flood.soil_half", method=method, needs=list(parts), lacking=lacking)
    return {name: layer if name in parts else None for name, layer in given.items()}
