"""Built form: the buildings, land cover and canopy that parcel controls lead to."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import ENVELOPE_STANDARD, FREE_ROOF, GREEN_ROOF, PV_ROOF
from citybraid.core.vocabulary.measures import (
    PLANNED_FLOOR_AREA,
    REALISED_DENSITY,
    REALISED_FLOOR_AREA_RATIO,
    REALISED_GREEN_RATIO,
)
from citybraid.core.vocabulary.place import (
    BUILDING_DENSITY,
    BUILDING_USE,
    BUILDINGS,
    FLOOR_AREA,
    FLOOR_AREA_RATIO,
    FLOORS,
    GREEN_RATIO,
    HEIGHT,
    HEIGHT_LIMIT,
    LAND_USE,
    LEAST_BUILDING_DENSITY,
    LEAST_FLOOR_AREA_RATIO,
    LIVING_WEIGHT,
    MOST_GREEN_RATIO,
    PARCEL_STATUS,
    PLANNED_RESIDENTS,
    POPULATION,
    YEAR_BUILT,
)
from citybraid.core.vocabulary.preparedness import PREPARED_SHARE
from citybraid.core.vocabulary.risk import FLOOR_HEIGHT, PROTECTION_HEIGHT
from citybraid.core.vocabulary.surface import CANOPY_COVER, CANOPY_HEIGHT, LAND_COVER
from citybraid.integrate.measures.built_ground import ground
from citybraid.integrate.measures.form.plot import Controls, build, uses_of
from citybraid.integrate.measures.form.residents import displaced_residents, new_residents
from citybraid.integrate.measures.nature.growth import taller
from citybraid.integrate.measures.siting import area_of_cells, area_of_points, like, per_unit, selected_units

PLANNED = "planned"
HOMES = (
    "building_use", "floors", "height", "year_built", "envelope_standard", "free_roof", "green_roof", "pv_roof",
    "living_weight", "planned_residents", "floor_height", "protection_height", "prepared_share",
)  # fmt: skip
"""The columns of the buildings table that the built form writes back."""
EMPTY = {"envelope_standard": "as_built", "free_roof": 1.0, "green_roof": 0.0, "pv_roof": 0.0, "living_weight": 1.0}
"""Initial values of a new building; columns not named here have no value."""


OTHER_ENDS = {
    "floor_area_ratio": "least_floor_area_ratio", "building_density": "least_building_density",
    "green_ratio": "most_green_ratio",
}  # fmt: skip
"""Columns with the other end of a control's span: it counts where that end alone is stated."""
PlannedParcels = Annotated[
    View,
    Table(
        "parcels",
        (LAND_USE, PARCEL_STATUS, FLOOR_AREA_RATIO, BUILDING_DENSITY, HEIGHT_LIMIT, GREEN_RATIO),
        optional=(LEAST_FLOOR_AREA_RATIO, LEAST_BUILDING_DENSITY, MOST_GREEN_RATIO),
    ),
]
ExistingBuildings = Annotated[
    View,
    Table(
        "buildings",
        optional=(
            BUILDING_USE, FLOORS, HEIGHT, YEAR_BUILT, ENVELOPE_STANDARD, FREE_ROOF, GREEN_ROOF, PV_ROOF, FLOOR_AREA,
            LIVING_WEIGHT, PLANNED_RESIDENTS, FLOOR_HEIGHT, PROTECTION_HEIGHT, PREPARED_SHARE,
        ),
    ),
]  # fmt: skip


class BuiltFormParams(MeasureParams):
    share: float = Field(1.0, ge=1.0, le=1.0)
    """A plan is carried out whole; name units under `where` for a part of it [-]."""
    year: int = Field(ge=1900, le=2200)
    """Year in which the planned buildings are completed."""


class BuiltForm(NamedTuple):
    buildings: BUILDINGS
    building_use: BUILDING_USE
    floors: FLOORS
    height: HEIGHT
    year_built: YEAR_BUILT
    envelope_standard: ENVELOPE_STANDARD
    free_roof: FREE_ROOF
    green_roof: GREEN_ROOF
    pv_roof: PV_ROOF
    living_weight: LIVING_WEIGHT
    planned_residents: PLANNED_RESIDENTS
    floor_height: FLOOR_HEIGHT
    protection_height: PROTECTION_HEIGHT
    prepared_share: PREPARED_SHARE
    land_cover: LAND_COVER
    canopy_cover: CANOPY_COVER
    canopy_height: CANOPY_HEIGHT
    population: POPULATION
    realised_floor_area_ratio: REALISED_FLOOR_AREA_RATIO
    realised_density: REALISED_DENSITY
    realised_green_ratio: REALISED_GREEN_RATIO
    planned_floor_area: PLANNED_FLOOR_AREA


@measure(
    version=6,
    cite="Controls of the detailed plan (floor area ratio, density, height, green ratio); layout rules of this project",
    validity="Massing for physics, not a design: rows of slabs or podiums with towers; sunlight rules are not checked.",
    stage="build",
    quantity=PLANNED_FLOOR_AREA,
    responsible="developer under the parcel's land contract",
    build_years=3.0,
)
def built_form(
    parcels: PlannedParcels,
    units: Annotated[View, Table("units", (PLANNED_FLOOR_AREA,), optional=(POPULATION,))],
    land_cover: LAND_COVER,
    canopy_cover: CANOPY_COVER,
    use_share: Annotated[Factors, Fact("parcel_use")],
    archetype: Annotated[Factors, Fact("archetype")],
    storey_height: Annotated[Factors, Fact("storey_height")],
    living_area: Annotated[Factors, Fact("living_area_per_person")],
    tree_share: Annotated[Factors, Fact("planted_tree_share")],
    tree_crown: Annotated[Factors, Fact("tree_crown")],
    grid: GeoBox,
    p: BuiltFormParams,
    buildings: ExistingBuildings | None = None,
    canopy_height: CANOPY_HEIGHT | None = None,
) -> BuiltForm:
    """Build every planned parcel to its controls, deterministically, and lay out its ground.

    Buildings stand inside set-backs, whole storeys high, within the height limit;
    footprints sum to the density and floor areas to the floor area ratio where the
    plot allows it; what is reached is returned per parcel (none where nothing was
    planned). Of a span the upper end counts (of the green ratio the lower one); the other end counts where
    it alone is stated. Existing buildings whose centroid lies on a planned parcel make way. A
    floor area known from a file becomes storeys (area over footprint), so that it is
    kept. New homes have residents at the living area per person (`planned_residents`), which add to
    the unit's population; the residents of homes that make way leave it. So nobody moves into or out of the
    homes that stay.
    """
    planned = _planned(parcels, units, p)
    new, ratio, density = _new_buildings(planned, parcels, rows=(use_share, archetype, storey_height))
    area = new.geometry.area.to_numpy() * new["floors"].to_numpy(dtype=float)
    new["year_built"] = float(p.year)
    new["planned_residents"] = new_residents(new["building_use"], area, living_area=living_area[""])
    remaining = _remaining(buildings, planned)
    table = _joined(remaining, new)
    laid = ground(
        np.asarray(land_cover.values, dtype=np.int64),
        np.asarray(canopy_cover.values, dtype=np.float64),
        parcel=area_of_cells(planned.geometry, grid=grid),
        roof=area_of_cells(new.geometry, grid=grid) >= 0,
        green_ratio=planned["green_ratio"].to_numpy(dtype=float),
        trees=tree_share[""],
    )
    unit = area_of_points(new.geometry.centroid, units.geometry)
    people = units["population"].astype(float) if "population" in units else pd.Series(np.nan, index=units.index)
    people = people - displaced_residents(buildings, remaining, units)
    green = pd.Series(laid.green_ratio, index=planned.index)
    return BuiltForm(
        buildings=gpd.GeoSeries(table.geometry),
        **{name: table[name] for name in HOMES},
        land_cover=like(land_cover, laid.cover.astype(land_cover.dtype)),
        canopy_cover=like(canopy_cover, laid.canopy.astype(canopy_cover.dtype)),
        canopy_height=taller(
            canopy_height, laid.canopy > np.asarray(canopy_cover.values), height=tree_crown["height"], like=canopy_cover
        ),
        population=people + per_unit(units, unit, new["planned_residents"].to_numpy(dtype=float)),
        realised_floor_area_ratio=ratio.reindex(parcels.index),
        realised_density=density.reindex(parcels.index),
        realised_green_ratio=green.reindex(parcels.index),
        planned_floor_area=units["planned_floor_area"] + per_unit(units, unit, area),
    )


def _planned(parcels: gpd.GeoDataFrame, units: gpd.GeoDataFrame, p: BuiltFormParams) -> gpd.GeoDataFrame:
    """Return the planned parcels whose centroid lies in a chosen unit; all of them where no unit is named.

    Controls of which the other end alone is stated have that value.
    """
    planned = parcels[(parcels["parcel_status"] == PLANNED).to_numpy()].copy()
    for name, other in OTHER_ENDS.items():
        if other in planned:
            planned[name] = planned[name].astype(float).fillna(planned[other].astype(float))
    if p.where is None:
        return planned
    unit = area_of_points(planned.geometry.centroid, units.geometry)
    return planned[selected_units(units, p.where)[unit]]


def _new_buildings(
    planned: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, *, rows: tuple[Factors, Factors, Factors]
) -> tuple[gpd.GeoDataFrame, pd.Series, pd.Series]:
    """Return the new buildings, and the floor area ratio and density reached on each planned parcel."""
    use_share, archetype, storey_height = rows
    records: dict[str, dict[str, object]] = {}
    reached: dict[str, tuple[float, float]] = {}
    for parcel, row in planned.iterrows():
        controls = Controls(float(row["floor_area_ratio"]), float(row["building_density"]), float(row["height_limit"]))
        uses = uses_of(row["land_use"], use_share)
        if not uses or not controls.stated:
            continue
        buildings = build(row.geometry, controls, uses=uses, archetype=archetype, storey_height=storey_height)
        for number, building in enumerate(buildings):
            records[f"{parcel}-{number + 1:02d}"] = {
                "geometry": building.footprint, "building_use": building.use,
                "floors": float(building.floors), "height": building.height,
            }  # fmt: skip
        plot = row.geometry.area
        reached[str(parcel)] = (
            sum(building.footprint.area * building.floors for building in buildings) / plot,
            min(1.0, sum(building.footprint.area for building in buildings) / plot),
        )
    columns = ["geometry", "building_use", "floors", "height"]
    table = pd.DataFrame.from_dict(records, orient="index", columns=columns)
    ratio, density = (pd.Series({name: pair[part] for name, pair in reached.items()}, dtype=float) for part in (0, 1))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=parcels.crs), ratio, density


def _remaining(buildings: gpd.GeoDataFrame | None, planned: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the existing buildings that remain, with storeys from a known floor area."""
    if buildings is None:
        return None
    remains = area_of_points(buildings.geometry.centroid, planned.geometry) < 0
    existing = buildings[remains].copy()
    if "floor_area" not in existing:
        return existing
    by_area = existing["floor_area"].astype(float) / existing.geometry.area
    existing["floors"] = (
        by_area if "floors" not in existing else by_area.where(by_area.notna(), existing["floors"].astype(float))
    )
    return existing


def _joined(existing: gpd.GeoDataFrame | None, new: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return existing and new buildings as one table with every column; raises InputError for duplicate ids."""
    for name in HOMES:
        if name not in new:
            new[name] = EMPTY.get(name, np.nan)
    if existing is None:
        return new
    if duplicates := sorted(set(existing.index) & set(new.index)):
        raise InputError("built_form.id_twice", ids=duplicates[:5])
    for name in HOMES:
        if name not in existing:
            existing[name] = EMPTY.get(name, np.nan if name != "building_use" else None)
    columns = ["geometry", *HOMES]
    return gpd.GeoDataFrame(
        pd.concat([existing[columns], new[columns]]), geometry="geometry", crs=new.crs or existing.crs
    )
