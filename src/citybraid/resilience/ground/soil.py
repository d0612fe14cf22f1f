"""Infiltration parameters and surface storage of ground and facilities."""

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.surface import (
    GREEN_ROOF_COVER,
    LAND_COVER,
    PERMEABLE_PAVING,
    RAIN_GARDEN,
    SOIL_GROUP,
)
from citybraid.core.vocabulary.water import (
    DETENTION_STORAGE,
    HYDRAULIC_CONDUCTIVITY,
    MOISTURE_DEFICIT,
    RAIN_INTENSITY,
    SUCTION_HEAD,
    SURFACE_STORAGE,
)
from citybraid.resilience.ground.ground_cover import (
    GROUPS,
    Group,
    by_cover,
    groups,
    paving_storage,
    raster,
    share,
)
from citybraid.resilience.ground.plots import parcel_values, plot_cell_count, plots
from citybraid.resilience.ground.runoff import rain_depth

MM_PER_M = 1000.0


class SoilParams(Params):
    """Assumptions on the ground."""

    soil_group: Group | None = None
    """Hydrologic soil group where no layer gives one: A, B, C or D; required where needed, without a default."""
    saturation: float | None = Field(None, ge=0.0, le=1.0)
    """Share of the pore space filled before the event; the factor initial_saturation where not given [-]."""


class Soil(NamedTuple):
    """Green-Ampt parameters and surface storage."""

    hydraulic_conductivity: HYDRAULIC_CONDUCTIVITY
    suction_head: SUCTION_HEAD
    moisture_deficit: MOISTURE_DEFICIT
    surface_storage: SURFACE_STORAGE


@model(
    version=4,
    cite="Rawls, Brakensiek and Miller (1983), J. Hydraul. Eng. 109(1), table 2 (Green-Ampt parameters by texture)",
    validity="Deep, uniform, uncompacted soil with a low water table; one event, no recovery between storms.",
)
def soil(
    *,
    land_cover: LAND_COVER,
    permeable_paving: PERMEABLE_PAVING,
    rain_garden: RAIN_GARDEN,
    green_ampt: Annotated[Factors, Fact("green_ampt")],
    initial_saturation: Annotated[Factors, Fact("initial_saturation")],
    pervious_share: Annotated[Factors, Fact("pervious_share")],
    depression_storage: Annotated[Factors, Fact("depression_storage")],
    facility_storage: Annotated[Factors, Fact("facility_storage")],
    paving_run_on: Annotated[Factors, Fact("paving_run_on")],
    p: SoilParams,
    rain_intensity: RAIN_INTENSITY | None = None,
    soil_group: SOIL_GROUP | None = None,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
    parcels: Annotated[View, Table("parcels", (), (DETENTION_STORAGE,))] | None = None,
    grid: GeoBox | None = None,
) -> Soil:
    """Return Green-Ampt parameters and surface storage of each cell.

    The soil group gives the texture's conductivity, suction and porosity; the pervious
    share of the cover, raised by permeable paving whose pores the event fills, scales the conductivity and
    the moisture deficit to the cell's mean. The deficit is the part of the porosity not filled before the
    event. Storage is the cover's depressions plus the volume of permeable paving,
    rain gardens and green roofs on the cell, and of the parcel's tanks and basins as a depth over its cells, which
    store the parcel's own rain only. Permeable paving stores at most the event's rain on its area and on
    `paving_run_on` times as much sealed ground; without an event's rain, its whole volume. No value where there is
    no cover.
    """
    group = groups(land_cover, soil_group, p.soil_group, "resilience.soil")
    paving, garden = share(permeable_paving, land_cover.shape), share(rain_garden, land_cover.shape)
    rain = None if rain_intensity is None else rain_depth(rain_intensity)
    pores, run_on = facility_storage["permeable_paving"], paving_run_on[""]
    stored = paving_storage(paving, storage=pores, run_on=run_on, depth=rain)
    full = stored >= paving * pores
    pervious = np.minimum(by_cover(land_cover, pervious_share, "pervious_share") + np.where(full, paving, 0.0), 1.0)
    conductivity, suction, porosity = (
        np.array([green_ampt[f"{name}/{part}"] for name in GROUPS])[group]
        for part in ("conductivity", "suction", "porosity")
    )
    storage = (
        by_cover(land_cover, depression_storage, "depression_storage")
        + stored
        + facility_storage["rain_garden"] * garden
        + facility_storage["green_roof"] * share(green_roof_cover, land_cover.shape)
        + _tanks(parcels, np.isfinite(pervious), grid)
    )
    covered = np.isfinite(pervious)
    filled = initial_saturation[""] if p.saturation is None else p.saturation
    return Soil(
        raster(conductivity * pervious),
        raster(np.where(covered, suction, np.nan)),
        raster(np.where(covered, porosity * (1.0 - filled) * pervious, np.nan)),
        raster(storage),
    )


def _tanks(parcels: View | None, covered: NDArray[np.bool_], grid: GeoBox | None) -> NDArray[np.float64]:
    """Return the volume of each parcel's tanks as a depth over its cells with cover [mm]; 0 outside parcels."""
    if parcels is None or grid is None or "detention_storage" not in parcels:
        return np.zeros(covered.shape)
    plot = plots(parcels.geometry, grid=grid)
    area = plot_cell_count(plot, covered) * abs(float(grid.resolution.x * grid.resolution.y))
    volume = np.nan_to_num(parcel_values(parcels["detention_storage"].to_numpy(np.float64), plot))
    return np.where(area > 0.0, volume * MM_PER_M / np.maximum(area, 1.0), 0.0)
