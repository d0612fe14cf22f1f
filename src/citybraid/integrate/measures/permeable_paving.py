"""Permeable paving in place of paved ground."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import PERMEABLE_PAVING_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import LAND_COVER, PERMEABLE_PAVING, TERRAIN
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


class PermeablePavingParams(MeasureParams):
    pass


class PermeablePaving(NamedTuple):
    permeable_paving: PERMEABLE_PAVING
    permeable_paving_area: PERMEABLE_PAVING_AREA


@measure(
    version=1,
    cite="DB11/685-2021 (share of hard ground); Smith (2006) (slope)",
    validity="Walks, squares, parking and yards, no carriageways or roofs; ground water and soil are not checked.",
    stage="surface",
    quantity=PERMEABLE_PAVING_AREA,
    responsible="municipal works; land owner",
    build_years=1.0,
)
def permeable_paving(
    land_cover: LAND_COVER,
    terrain: TERRAIN,
    permeable_paving: PERMEABLE_PAVING,
    units: Annotated[View, Table("units", (PERMEABLE_PAVING_AREA,))],
    site: Annotated[Factors, Fact("measure_site")],
    steepest: Annotated[Factors, Fact("measure_slope")],
    grid: GeoBox,
    p: PermeablePavingParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> PermeablePaving:
    """Lay permeable paving on a share of each paved cell.

    May go on cover 'paved' no steeper than the limit; not on roads or roofs, nor on
    heritage, military, polluting industrial, mining or sanitation land. A cell's
    share rises to at most that of the siting rule for its land use.
    """
    unit = area_of_cells(units.geometry, grid=grid)
    fit = (land_cover.values == CODE["paved"]) & (slope(terrain, grid=grid) <= steepest["permeable_paving"])
    cap = cell_share(parcels, grid=grid, site=site, measure="permeable_paving")
    cap = np.where(fit & selected_units(units, p.where)[unit], cap, 0.0)
    old = np.asarray(permeable_paving.values, dtype=np.float64)
    more = np.fmax(cap - old, 0.0) * p.share
    return PermeablePaving(
        like(permeable_paving, np.minimum(old + more, 1.0)),
        units["permeable_paving_area"] + per_unit(units, unit, more * cell_area(grid)),
    )
