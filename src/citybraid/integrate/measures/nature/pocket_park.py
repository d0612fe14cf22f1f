"""Pocket park: small open parcels turned into parks, those farthest from existing parks first."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt

from citybraid.core.model import measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import POCKET_PARK_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import CANOPY_COVER, CANOPY_HEIGHT, LAND_COVER
from citybraid.integrate.measures.lowest_first import lowest_first
from citybraid.integrate.measures.nature.growth import PlantingParams, standing, taller
from citybraid.integrate.measures.siting import (
    CODE,
    area_of_cells,
    area_of_points,
    like,
    per_unit,
    rule,
    selected_units,
)

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

PARK = "1401"
"""Land-use code of parks."""
OPEN = ("grass", "shrubs", "bare", "paved")
"""Covers that a park may replace."""


class PocketParkParams(PlantingParams):
    pass


class PocketPark(NamedTuple):
    land_cover: LAND_COVER
    canopy_cover: CANOPY_COVER
    canopy_height: CANOPY_HEIGHT
    land_use: LAND_USE
    pocket_park_area: POCKET_PARK_AREA


@measure(
    version=1,
    cite="MOHURD (2022), notice on pocket parks: open to the public, mostly 400 to 10 000 m2; GB 51192-2016, "
    "source to be confirmed (share of green); Roman and Scatena (2011), Urban For. Urban Green. 10: 269-274 (survival)",
    validity="Whole parcels without buildings; who owns them and what they were kept for is not checked. Green lies "
    "inside, paths along the edge.",
    stage="ground",
    quantity=POCKET_PARK_AREA,
    responsible="municipal greening authority",
    build_years=1.0,
)
def pocket_park(
    *,
    land_cover: LAND_COVER,
    canopy_cover: CANOPY_COVER,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))],
    units: Annotated[View, Table("units", (POCKET_PARK_AREA,))],
    site: Annotated[Factors, Fact("measure_site")],
    park: Annotated[Factors, Fact("pocket_park")],
    tree: Annotated[Factors, Fact("street_tree")],
    tree_crown: Annotated[Factors, Fact("tree_crown")],
    growth: Annotated[Factors, Fact("plant_growth")],
    survival: Annotated[Factors, Fact("plant_survival")],
    grid: GeoBox,
    p: PocketParkParams,
    canopy_height: CANOPY_HEIGHT | None = None,
) -> PocketPark:
    """Lay out a park on each open parcel of 400 to 10 000 m2 whose land use has a siting share.

    May go on reserved land and squares without roofs. The parcel's use becomes park; its inner cells turn to grass up
    to the share of green, under trees over a share of that, the rest is paved. Each unit takes the parcels farthest
    from existing parks first, up to the share asked for of their area. At an `age` trees are as large as they are by
    then, less those that died.
    """
    cover = np.asarray(land_cover.values)
    at = area_of_cells(parcels.geometry, grid=grid)
    area = parcels.geometry.area.to_numpy(np.float64)
    caps = np.array([rule(site, "pocket_park", code if isinstance(code, str) else "") for code in parcels["land_use"]])
    closed = np.bincount(at[(at >= 0) & ~np.isin(cover, [CODE[name] for name in OPEN])], minlength=len(parcels))
    held = np.bincount(at[at >= 0], minlength=len(parcels))
    fit = (caps > 0.0) & (area >= park["least"]) & (area <= park["most"]) & (closed == 0) & (held > 0)
    unit = area_of_points(parcels.geometry.representative_point(), units.geometry)
    unit = np.where(fit & selected_units(units, p.where)[unit], unit, -1)
    chosen = lowest_first(unit, level=-_distance(parcels), amount=area, share=p.share)
    laid = (at >= 0) & chosen[at]
    green = _inner(at, laid, share=park["green_share"])
    stand = standing(
        "tree", p.age, crown=tree["crown_diameter"], height=tree_crown["height"], growth=growth, survival=survival
    )
    old = np.asarray(canopy_cover.values, dtype=np.float64)
    more = np.where(green, np.fmax(park["tree_share"] - old, 0.0), 0.0)
    new = np.where(laid, np.where(green, CODE["grass"], CODE["paved"]), cover).astype(land_cover.dtype)
    return PocketPark(
        like(land_cover, new),
        like(canopy_cover, np.minimum(old + stand.cover * more, 1.0)),
        taller(canopy_height, more > 0.0, height=stand.height, like=canopy_cover),
        pd.Series(np.where(chosen, PARK, parcels["land_use"]), index=parcels.index, dtype=object),
        units["pocket_park_area"] + per_unit(units, np.where(chosen, unit, -1), area),
    )


def _distance(parcels: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the distance of each parcel from the nearest park [m]; 0 everywhere where there is none."""
    parks = parcels.geometry[[isinstance(code, str) and code.startswith(PARK) for code in parcels["land_use"]]]
    if parks.empty:
        return np.zeros(len(parcels))
    return np.asarray(parcels.geometry.distance(parks.union_all()), dtype=np.float64)


def _inner(at: Ints, laid: Mask, *, share: float) -> Mask:
    """Return a share of each chosen parcel's cells, those farthest from its edge."""
    green = np.zeros(at.shape, dtype=np.bool_)
    for parcel in np.unique(at[laid]):
        here = at == parcel
        depth = distance_transform_edt(np.pad(here, 1))[1:-1, 1:-1]
        cells = np.flatnonzero(here)
        order = cells[np.argsort(-depth.ravel()[cells], kind="stable")]
        green.ravel()[order[: int(share * cells.size + 0.5)]] = True
    return green
