"""Larger storm drains: a zone's capacity raised to the runoff of a design storm."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import UPGRADED_DRAINAGE_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import LAND_COVER
from citybraid.core.vocabulary.water import DRAIN_CAPACITY
from citybraid.integrate.measures.design_runoff import coefficient_of, design_intensity, unit_means
from citybraid.integrate.measures.siting import (
    CODE,
    area_of_cells,
    cell_area,
    cell_share,
    like,
    per_unit,
    selected_units,
)


class PipeUpgradeParams(MeasureParams):
    return_period: float | None = Field(None, gt=0.0, le=1000.0)
    """Return period of the storm that the drains shall carry; the factor drain_design_period without it [year]."""
    design_time: float | None = Field(None, gt=0.0, le=1440.0)
    """Time in which the zone's runoff gathers; the factor drain_design_time without it [min]."""


class PipeUpgrade(NamedTuple):
    drain_capacity: DRAIN_CAPACITY
    upgraded_drainage_area: UPGRADED_DRAINAGE_AREA


@measure(
    version=1,
    cite="GB 50014-2021, 4.1 (rational method: q psi F for the design storm)",
    validity="Zones whose drains find their outfall free: backwater, single pipes and inlets are not seen.",
    stage="ground",
    quantity=UPGRADED_DRAINAGE_AREA,
    responsible="municipal drainage authority",
    build_years=3.0,
)
def pipe_upgrade(
    *,
    land_cover: LAND_COVER,
    drain_capacity: DRAIN_CAPACITY,
    units: Annotated[View, Table("units", (UPGRADED_DRAINAGE_AREA,))],
    storm_formula: Annotated[Factors, Fact("storm_formula")],
    coefficient: Annotated[Factors, Fact("runoff_coefficient")],
    period: Annotated[Factors, Fact("drain_design_period")],
    time: Annotated[Factors, Fact("drain_design_time")],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: PipeUpgradeParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> PipeUpgrade:
    """Raise the drain capacity of whole planning units to psi i(P, t), the runoff of the design storm.

    psi is the unit's mean runoff coefficient by land cover, i the region's storm
    formula [mm h⁻¹]. Counted is ground with drains: built-up land use and streets, not open land,
    water or unknown cover. Cells that carry more already keep what they have; a share
    below 1 brings that share of what is lacking, as parts of a network renewed do.
    """
    unit = area_of_cells(units.geometry, grid=grid)
    cover = land_cover.values
    ground = (cover != 0) & ~np.isin(cover, [CODE["water"], CODE["wetland"]])
    fit = ground & selected_units(units, p.where)[unit]
    fit &= cell_share(parcels, grid=grid, site=site, measure="pipe_upgrade") > 0.0
    intensity = design_intensity(storm_formula, period=p.return_period or period[""], minutes=p.design_time or time[""])
    runoff = unit_means(coefficient_of(cover, coefficient), unit, fit, count=len(units)) * intensity
    old = np.nan_to_num(np.asarray(drain_capacity.values, dtype=np.float64))
    more = np.where(fit, np.maximum(runoff[unit] - old, 0.0), 0.0) * p.share
    area = np.where(more > 0.0, p.share * cell_area(grid), 0.0)
    return PipeUpgrade(
        like(drain_capacity, old + more),
        units["upgraded_drainage_area"] + per_unit(units, unit, area),
    )
