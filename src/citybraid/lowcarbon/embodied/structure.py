"""Structures of buildings, and the materials that a floor area of each needs."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Fact, Factors

Array = NDArray[np.float64]
AS_BUILT = "as_built"
CONCRETE, WOOD = "concrete", "timber"


class MaterialTables(NamedTuple):
    """Factor tables of materials: storeys of structures, amounts per floor area, and emissions per amount."""

    structure_limit: Annotated[Factors, Fact("structure_limit")]
    material_intensity: Annotated[Factors, Fact("material_intensity")]
    material_emission_factor: Annotated[Factors, Fact("material_emission_factor")]
    embodied_per_area: Annotated[Factors, Fact("embodied_per_area")]
    building_stage: Annotated[Factors, Fact("building_stage")]
    wood_storage: Annotated[Factors, Fact("wood_storage")]


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


def stated(column: pd.Series | None, count: int) -> NDArray[np.object_]:
    """Return what a text column of the buildings states, '' where they are as built or nothing is said."""
    if column is None:
        return np.full(count, "", dtype=object)
    texts = column.fillna(AS_BUILT).astype(str)
    return texts.where(texts != AS_BUILT, "").to_numpy(dtype=object)


def per_area(
    uses: pd.Series, kinds: NDArray[np.object_], materials: MaterialTables, *, system: NDArray[np.object_],
    mix: NDArray[np.object_],
) -> Array:  # fmt: skip
    """Return A1 to A3 of each building per floor area [kg m-2].

    A structure or concrete that the building states wins, then a row of its use (`embodied_per_area`), then its
    structure by storeys. Raises InputError for a structure or concrete without rows.
    """
    of_use = materials.embodied_per_area
    of_kind = {pair: _of_structure(*pair, materials) for pair in set(zip(_kinds(kinds, system), mix, strict=True))}
    return np.array(
        [
            of_use[use] if use in of_use and not system_ and not mix_ else of_kind[str(kind), str(mix_)]
            for use, kind, system_, mix_ in zip(uses.astype(str), _kinds(kinds, system), system, mix, strict=True)
        ],
        dtype=np.float64,
    )  # fmt: skip


def wood_per_area(system: NDArray[np.object_], materials: MaterialTables) -> Array:
    """Return the timber of each building per floor area [m3 m-2]: that of the structure it states."""
    amounts = {name: materials.material_intensity.get(f"{name}/{WOOD}", 0.0) for name in set(system)}
    return np.array([amounts[name] for name in system], dtype=np.float64)


def _of_structure(kind: str, mix: str, materials: MaterialTables) -> float:
    """Return A1 to A3 of a structure of a concrete ('' is the ordinary one) per floor area [kg m-2]."""
    rows: Mapping[str, float] = {
        key.partition("/")[2]: value
        for key, value in materials.material_intensity.items()
        if key.partition("/")[0] == kind
    }
    if not rows:
        raise InputError("factor.key_missing", factor="material_intensity", key=f"{kind}/steel")
    factors = materials.material_emission_factor
    return sum(
        amount * factors[f"{CONCRETE}/{mix}" if mix and material == CONCRETE else material]
        for material, amount in rows.items()
    )


def _kinds(kinds: NDArray[np.object_], system: NDArray[np.object_]) -> list[str]:
    return [str(name or kind) for kind, name in zip(kinds, system, strict=True)]
