"""Share of a city that lies within the study area: by people, or where no one says how many, by built-up area."""

from typing import Annotated, NamedTuple

import numpy as np
import shapely

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.lowcarbon.downscaling import CITY_BUILT_AREA, CITY_POPULATION, PLAN_SHARE
from citybraid.core.vocabulary.place import RESIDENTS, STUDY_AREA


class PlanShare(NamedTuple):
    plan_share: PLAN_SHARE


@model(
    version=1,
    cite="GPC (2014), Global Protocol for Community-Scale Inventories, ch. 5.3, eq. 5.2: scaling by population",
    validity="The city's people are those of the year and the area of the statistics; one share for all sectors.",
)
def plan_share_by_population(
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))], study_area: STUDY_AREA,
    city_population: CITY_POPULATION,
) -> PlanShare:  # fmt: skip
    """Residents of the study area over those of the city [-].

    A building counts where its representative point lies. Raises InputError where more people live in the plan than
    in the city, and where a building's residents are unknown.
    """
    area = shapely.union_all(study_area.to_numpy())
    inside = shapely.covers(area, shapely.point_on_surface(buildings.geometry.to_numpy()))
    people = buildings["residents"].to_numpy(dtype=np.float64)[inside]
    if unknown := int(np.isnan(people).sum()):
        raise InputError("downscaling.unknown_residents", count=unknown)
    residents = float(people.sum())
    if residents > city_population:
        raise InputError("downscaling.larger_population", got=round(residents), city=round(city_population))
    return PlanShare(plan_share=residents / city_population)


@model(
    version=1,
    cite="GPC (2014), Global Protocol for Community-Scale Inventories, ch. 5.3, eq. 5.2: scaling by a proxy",
    validity="Used only without city_population: a dense plan has more of the city than its area says.",
    fallback=True,
)
def plan_share_by_area(study_area: STUDY_AREA, city_built_area: CITY_BUILT_AREA) -> PlanShare:
    """Study area over the city's built-up area [-]. Raises InputError where the plan is larger than the city."""
    area = float(shapely.union_all(study_area.to_numpy()).area)
    if area > city_built_area:
        raise InputError("downscaling.larger_area", got=round(area), city=round(city_built_area))
    return PlanShare(plan_share=area / city_built_area)
