"""Structures of buildings, and the materials that a floor area of each needs."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Fact, Factors

Array = NDArray[np.float64]


class MaterialTables(NamedTuple):
    """Factor tables of materials: storeys of structures, amounts per floor area, and emissions per amount."""

    structure_limit: Annotated[Factors, Fact("structure_limit")]
    material_intensity: Annotated[Factors, Fact("material_intensity")]
    material_emission_factor: Annotated[Factors, Fact("material_emission_factor")]
    embodied_per_area: Annotated[Factors, Fact("embodied_per_area")]
    building_stage: Annotated[Factors, Fact("building_stage")]


def structures(floors: Array, year: Array, limit: Factors) -> NDArray[np.object_]:
    """Return the structure of each building by its storeys: masonry or frame, middle, high, tower.

    Few-storeyed buildings up to a year are masonry. Raises InputError where storeys or year are unknown.
    """
    for name, values in (("floors", floors), ("year_built", year)):
        if (unknown := ~np.isfinite(values)).any():
            raise InputError("embodied.attribute", column=name, count=int(unknown.sum()))
    low = floors <= limit["low/floors"]
    tall = np.select(
        [floors <= limit["middle/floors"], floors <= limit["high/floors"]], ["middle", "high"], default="tower"
    )
    return np.where(low, np.where(year <= limit["masonry/year"], "masonry", "frame"), tall).astype(object)


def per_area(uses: pd.Series, kinds: NDArray[np.object_], materials: MaterialTables) -> Array:
    """Return A1 to A3 of each building per floor area [kg m-2].

    A row of its use (`embodied_per_area`) wins over its structure's materials times their factors.
    """
    of_kind = {str(kind): _of_structure(str(kind), materials) for kind in set(kinds)}
    stated = materials.embodied_per_area
    return np.array(
        [
            stated[use] if use in stated else of_kind[str(kind)]
            for use, kind in zip(uses.astype(str), kinds, strict=True)
        ],
        dtype=np.float64,
    )  # fmt: skip


def _of_structure(kind: str, materials: MaterialTables) -> float:
    rows: Mapping[str, float] = {
        key.partition("/")[2]: value
        for key, value in materials.material_intensity.items()
        if key.partition("/")[0] == kind
    }
    if not rows:
        raise InputError("factor.key_missing", factor="material_intensity", key=f"{kind}/steel")
    return sum(amount * materials.material_emission_factor[material] for material, amount in rows.items())
