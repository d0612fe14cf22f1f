"""Waste of building and tearing down, and its recycling."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.byproducts import (
    CONSTRUCTION_WASTE,
    DEMOLITION_WASTE,
    DEMOLITION_YEAR,
    RECYCLED_WASTE,
    RECYCLING_AVOIDED,
)
from citybraid.core.vocabulary.place import FLOOR_AREA, YEAR_BUILT
from citybraid.lowcarbon.waste.shares import not_negative

KG_IN_T = 1e3
EARLIEST = 1000.0


class BuildingWasteParams(Params):
    start: int = Field(ge=1900, le=2200)
    """First year of the period [year]."""
    end: int = Field(ge=1900, le=2200)
    """Last year of the period [year]."""
    recycled_share: float = Field(ge=0.0, le=1.0)
    """Share of the waste that is recycled [-]."""
    avoided_per_tonne: float | None = Field(None, ge=0.0, le=1e5)
    """Emissions that recycling a tonne avoids [kg t-1]; none: they are not computed."""


class BuildingWaste(NamedTuple):
    construction_waste: CONSTRUCTION_WASTE
    demolition_waste: DEMOLITION_WASTE
    recycled_waste: RECYCLED_WASTE
    recycling_avoided: RECYCLING_AVOIDED


@model(
    version=1,
    cite="Li et al. (2013), Resour. Conserv. Recycl. 74: 20 (waste per gross floor area)",
    validity=(
        "Means per floor area, whatever the structure: excavated soil, decoration and roads are left out. What is "
        "avoided is a potential beside the accounts, by the factor that the study gives."
    ),
)
def building_waste(
    buildings: Annotated[View, Table("buildings", (FLOOR_AREA, YEAR_BUILT, DEMOLITION_YEAR))],
    building_waste: Annotated[Factors, Fact("building_waste")],
    p: BuildingWasteParams,
) -> BuildingWaste:
    """Waste of buildings that are built and torn down in a period, and what of it is recycled [kg].

    Floor area times waste per floor area. Raises InputError where the period ends before it starts, a demolition is
    before the building's completion, or a factor is negative.
    """
    if p.end < p.start:
        raise InputError("building_waste.period", start=p.start, end=p.end)
    area, built, gone = (buildings[name] for name in ("floor_area", "year_built", "demolition_year"))
    bad = (gone > 0) & ((gone < EARLIEST) | (gone < built))
    if bad.any():
        first = str(buildings.index[bad][0])
        raise InputError("building_waste.year", count=int(bad.sum()), first=first, got=float(gone[first]))
    per_area = {
        name: not_negative(building_waste[name], factor="building_waste", key=name) for name in ("built", "demolished")
    }
    made, torn = (
        area.where((year >= p.start) & (year <= p.end), 0.0) * per_area[name]
        for year, name in ((built, "built"), (gone, "demolished"))
    )
    recycled = (made + torn) * p.recycled_share
    return BuildingWaste(made, torn, recycled, _avoided(recycled, p.avoided_per_tonne))


def _avoided(recycled: pd.Series, per_tonne: float | None) -> pd.Series:
    values: NDArray[np.float64] = recycled.to_numpy(dtype=np.float64) / KG_IN_T
    return pd.Series(values * (np.nan if per_tonne is None else per_tonne), index=recycled.index)
