"""Embodied carbon of each building: materials and erection, a new one in its place, retrofit and demolition."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.lowcarbon.embodied import (
    BIOGENIC_STORAGE,
    CONCRETE_MIX,
    DEMOLITION_CARBON,
    EMBODIED_CARBON,
    EMBODIED_YEARLY,
    REBUILD_EMBODIED,
    RETROFIT_EMBODIED,
    STRUCTURE_SYSTEM,
)
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, FLOORS, HEIGHT, YEAR_BUILT
from citybraid.lowcarbon.embodied.structure import MaterialTables, per_area, stated, structures, wood_per_area


class EmbodiedCarbon(NamedTuple):
    embodied_carbon: EMBODIED_CARBON
    embodied_yearly: EMBODIED_YEARLY
    rebuild_embodied: REBUILD_EMBODIED
    retrofit_embodied: RETROFIT_EMBODIED
    demolition_carbon: DEMOLITION_CARBON
    biogenic_storage: BIOGENIC_STORAGE


NEEDED = (BUILDING_USE, FLOORS, HEIGHT, YEAR_BUILT, FLOOR_AREA)


@model(
    version=2,
    cite="GB/T 51366-2019, ch. 5 (erection, demolition), ch. 6 and app. D (materials); EN 15978:2011, stages A, C",
    validity=(
        "Concrete, steel, bricks and windows of ordinary buildings by storeys and year: no basements, piles, finishes "
        "or services, hence a lower bound. Past and future buildings count at today's material factors."
    ),
)
def embodied_carbon(
    buildings: Annotated[View, Table("buildings", NEEDED, optional=(STRUCTURE_SYSTEM, CONCRETE_MIX))],
    materials: MaterialTables,
) -> EmbodiedCarbon:
    """Amounts of materials per floor area times their emission factors, and what erection adds [kg CO2e].

    It was or will be emitted once, when the building is erected, and elsewhere: it stands in no annual account. Divided
    by the design life it is a memo beside them. Retrofit is insulation of the envelope and new windows.
    """
    area = buildings["floor_area"].to_numpy(dtype=np.float64)
    floors, year = (buildings[name].to_numpy(dtype=np.float64) for name in ("floors", "year_built"))
    stage, factor = materials.building_stage, materials.material_emission_factor
    erected = 1.0 + stage["erection"]
    system, mix = (stated(buildings.get(name), len(buildings)) for name in ("structure_system", "concrete_mix"))
    now = np.maximum(year, materials.structure_limit["masonry/year"] + 1.0)
    standing, anew = (
        per_area(
            buildings["building_use"], structures(floors, built, materials.structure_limit), materials, system=system,
            mix=mix,
        )
        for built in (year, now)
    )  # fmt: skip
    envelope = _envelope(buildings)
    retrofit = (
        envelope * stage["retrofit/insulation"] * factor["insulation"]
        + area * stage["retrofit/window"] * factor["window"]
    )

    def column(values: NDArray[np.float64]) -> pd.Series:
        return pd.Series(values, index=buildings.index, dtype=np.float64)

    return EmbodiedCarbon(
        embodied_carbon=column(area * standing * erected),
        embodied_yearly=column(area * standing * erected / stage["design_life"]),
        rebuild_embodied=column(area * anew * erected),
        retrofit_embodied=column(retrofit * erected),
        demolition_carbon=column(area * stage["demolition"]),
        biogenic_storage=column(area * wood_per_area(system, materials) * materials.wood_storage[""]),
    )


def _envelope(buildings: View) -> NDArray[np.float64]:
    """Return the area of walls and roof [m2]."""
    shapes = buildings.geometry
    height = buildings["height"].to_numpy(dtype=np.float64)
    return np.asarray(shapes.length.to_numpy() * height + shapes.area.to_numpy(), dtype=np.float64)
