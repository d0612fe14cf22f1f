"""Envelope retrofit: walls, roofs and windows of old buildings upgraded to a standard."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import ENVELOPE_STANDARD
from citybraid.core.vocabulary.measures import RETROFITTED_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.oldest_first import oldest
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share

AS_BUILT = "as_built"


class EnvelopeRetrofitParams(MeasureParams):
    standard: str = "gb55015"
    """Envelope after the retrofit: a vintage name of the U-value factors, or a package that renews parts.

    Packages are renewed_windows, renewed_roof and renewed_skin (walls, windows and joints); the deep one of homes in
    zone 3 is nearly_zero.
    """


class EnvelopeRetrofit(NamedTuple):
    envelope_standard: ENVELOPE_STANDARD
    retrofitted_area: RETROFITTED_AREA


@measure(
    version=2,
    cite="GB 55015-2021 (envelope limits; in force from 2022-04-01)",
    validity="Whole buildings of conditioned uses; structure, facade protection and owners' consent are not checked.",
    stage="roof",
    quantity=RETROFITTED_AREA,
    responsible="building owner; municipal housing authority",
    build_years=1.0,
)
def envelope_retrofit(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, ENVELOPE_STANDARD))],
    units: Annotated[View, Table("units", (RETROFITTED_AREA,))],
    uses: Annotated[Factors, Fact("envelope_retrofit_use")],
    newest: Annotated[Factors, Fact("envelope_standard_year")],
    site: Annotated[Factors, Fact("measure_site")],
    p: EnvelopeRetrofitParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> EnvelopeRetrofit:
    """Renew the envelope of buildings older than the standard, the oldest first.

    May go on buildings still as built, completed up to the standard's year, of
    conditioned uses, outside heritage and military land. With a share below 1 each
    unit renews its oldest buildings until the share of the feasible floor area is
    reached (a building counts when its middle lies within the share). Buildings of one
    year are an even sample of uses and sizes.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    fit = (buildings["envelope_standard"] == AS_BUILT) & (buildings["year_built"] <= newest[""])
    allowed = (
        use_share(buildings["building_use"], uses)
        * building_share(buildings, parcels, site=site, measure="envelope_retrofit")
        > 0.0
    )
    area = np.nan_to_num(buildings["floors"].to_numpy(dtype=float)) * buildings.geometry.area.to_numpy()
    feasible = fit.to_numpy() & allowed & selected_units(units, p.where)[unit] & (area > 0.0)
    year = buildings["year_built"].to_numpy(dtype=float)
    renewed = oldest(np.where(feasible, unit, -1), year=year, area=area, share=p.share, use=buildings["building_use"])
    return EnvelopeRetrofit(
        pd.Series(np.where(renewed, p.standard, buildings["envelope_standard"].to_numpy()), index=buildings.index),
        units["retrofitted_area"] + per_unit(units, unit, np.where(renewed, area, 0.0)),
    )
