"""Rain garden: sunken planted ground that retains and infiltrates runoff."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import RAIN_GARDEN_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import LAND_COVER, RAIN_GARDEN, TERRAIN
from citybraid.integrate.measures.siting import (
    CODE,
    area_of_cells,
    cell_area,
    cell_share,
    like,
    per_unit,
    selected_units,
    slope,
)


class RainGardenParams(MeasureParams):
    pass


class RainGarden(NamedTuple):
    rain_garden: RAIN_GARDEN
    rain_garden_area: RAIN_GARDEN_AREA


@measure(
    version=1,
    cite="DB11/685-2021 (share of sunken green); Great Rivers Greenway design guidelines (slope)",
    validity="Existing grass on parcels; distance to foundations, pipes and ground water is not checked.",
    stage="surface",
    quantity=RAIN_GARDEN_AREA,
    responsible="municipal greening authority; land owner",
    build_years=1.0,
)
def rain_garden(
    land_cover: LAND_COVER,
    terrain: TERRAIN,
    rain_garden: RAIN_GARDEN,
    units: Annotated[View, Table("units", (RAIN_GARDEN_AREA,))],
    site: Annotated[Factors, Fact("measure_site")],
    steepest: Annotated[Factors, Fact("measure_slope")],
    grid: GeoBox,
    p: RainGardenParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> RainGarden:
    """Sink and plant a share of each grass cell.

    May go on cover 'grass' no steeper than the limit, on parcels of construction land;
    not on farmland, woodland, wetland, water, heritage, military or polluted land, nor
    on ground outside every parcel. Trees keep their ground.
    """
    unit = area_of_cells(units.geometry, grid=grid)
    fit = (land_cover.values == CODE["grass"]) & (slope(terrain, grid=grid) <= steepest["rain_garden"])
    cap = cell_share(parcels, grid=grid, site=site, measure="rain_garden")
    cap = np.where(fit & selected_units(units, p.where)[unit], cap, 0.0)
    old = np.asarray(rain_garden.values, dtype=np.float64)
    more = np.fmax(cap - old, 0.0) * p.share
    return RainGarden(
        like(rain_garden, np.minimum(old + more, 1.0)),
        units["rain_garden_area"] + per_unit(units, unit, more * cell_area(grid)),
    )
