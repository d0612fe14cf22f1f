"""Depaving: paved ground taken up and sown, the lowest of each unit first."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import DEPAVED_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import LAND_COVER, PERMEABLE_PAVING, TERRAIN
from citybraid.integrate.measures.lowest_first import lowest_cells
from citybraid.integrate.measures.siting import CODE, area_of_cells, cell_area, like, per_unit, rule, selected_units


class DepavingParams(MeasureParams):
    pass


class Depaving(NamedTuple):
    land_cover: LAND_COVER
    depaved_area: DEPAVED_AREA


@measure(
    version=1,
    cite="USDA (1986), TR-55, table 2-2a (runoff of open space and of paving)",
    validity="Soil below old paving is taken to infiltrate as its soil group does: loosening and compaction are not "
    "seen, nor parking that is lost. Whole cells.",
    stage="surface",
    quantity=DEPAVED_AREA,
    responsible="land owner; municipal greening authority",
    build_years=1.0,
)
def depaving(
    land_cover: LAND_COVER,
    terrain: TERRAIN,
    permeable_paving: PERMEABLE_PAVING,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))],
    units: Annotated[View, Table("units", (DEPAVED_AREA,))],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: DepavingParams,
) -> Depaving:
    """Turn the lowest paved cells of each parcel into grass, up to the siting share of its land use.

    May go on cover 'paved' of parcels; not on roads, roofs, permeable paving, parks, heritage, military, industrial,
    mining or sanitation land. With a share below 1 each unit takes up its lowest feasible cells first, where runoff
    gathers.
    """
    unit, parcel = area_of_cells(units.geometry, grid=grid), area_of_cells(parcels.geometry, grid=grid)
    height = np.asarray(terrain.values, dtype=np.float64)
    fit = (land_cover.values == CODE["paved"]) & (np.asarray(permeable_paving.values) <= 0.0) & np.isfinite(height)
    fit &= selected_units(units, p.where)[unit] & (parcel >= 0)
    caps = [rule(site, "depaving", code if isinstance(code, str) else "") for code in parcels["land_use"]]
    feasible = np.zeros(grid.shape, dtype=np.bool_)
    for at in np.unique(parcel[fit]):
        feasible |= lowest_cells(height, fit & (parcel == at), share=caps[at])
    taken = np.zeros(grid.shape, dtype=np.bool_)
    for at in np.unique(unit[feasible]):
        taken |= lowest_cells(height, feasible & (unit == at), share=p.share)
    return Depaving(
        like(land_cover, np.where(taken, np.array(CODE["grass"], dtype=land_cover.dtype), land_cover.values)),
        units["depaved_area"] + per_unit(units, unit, np.where(taken, cell_area(grid), 0.0)),
    )
