"""Drainage pumps at the lowest ground of planning units, which lift the runoff of a design storm out of the area."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy.ndimage import binary_dilation, binary_propagation, distance_transform_edt

from citybraid.core.burning import rasterize
from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.defences import PUMP_CAPACITY, PUMP_START_LEVEL, PUMP_STOP_LEVEL, PUMPS
from citybraid.core.vocabulary.measures import PUMP_CAPACITY_ADDED
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.integrate.measures.design_runoff import coefficient_of, design_intensity, unit_means
from citybraid.integrate.measures.siting import CODE, area_of_cells, cell_area, cell_share, selected_units

CUBIC_METRES_A_SECOND = 1e-3 / 3600.0
"""m³ s⁻¹ of 1 mm h⁻¹ on 1 m²."""
PREFIX = "measure-pump-"
"""Prefix of the ids of this measure's pumps; the id of the planning unit follows."""
COLUMNS = ("pump_capacity", "pump_start_level", "pump_stop_level")
Floats = NDArray[np.float64]
BED = 0.1
"""Height above the bed of the nearest water up to which ground that meets it is its bed [m]."""


class PumpParams(MeasureParams):
    return_period: float | None = Field(None, gt=0.0, le=1000.0)
    """Return period of the storm whose runoff is lifted; the factor drain_design_period without it [year]."""
    design_time: float | None = Field(None, gt=0.0, le=1440.0)
    """Time in which the unit's runoff gathers; the factor drain_design_time without it [min]."""


class Pump(NamedTuple):
    pumps: PUMPS
    pump_capacity: PUMP_CAPACITY
    pump_start_level: PUMP_START_LEVEL
    pump_stop_level: PUMP_STOP_LEVEL
    pump_capacity_added: PUMP_CAPACITY_ADDED


@measure(
    version=2,
    cite="GB 50014-2021, 4.1 and ch. 6 (stormwater pumping stations lift the design discharge)",
    validity="Units whose water reaches their lowest ground and whose receiving water takes more; rivers are water in "
    "the land cover, else the pump may stand in one. Head, power, sump and outfall are not checked.",
    stage="equipment",
    quantity=PUMP_CAPACITY_ADDED,
    responsible="municipal drainage authority",
    build_years=2.0,
)
def pump(
    *,
    land_cover: LAND_COVER,
    terrain: TERRAIN,
    buildings: Annotated[View, Table("buildings")],
    units: Annotated[View, Table("units", (PUMP_CAPACITY_ADDED,))],
    storm_formula: Annotated[Factors, Fact("storm_formula")],
    coefficient: Annotated[Factors, Fact("runoff_coefficient")],
    period: Annotated[Factors, Fact("drain_design_period")],
    time: Annotated[Factors, Fact("drain_design_time")],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: PumpParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
    pumps: Annotated[View, Table("pumps", (PUMP_CAPACITY,), (PUMP_START_LEVEL, PUMP_STOP_LEVEL))] | None = None,
) -> Pump:
    """Put a pump at the lowest free cell of each planning unit, with the capacity share × psi i(P, t) F.

    psi, i and F are mean runoff coefficient, storm formula's intensity and ground of the unit, water not counted.
    The intake may stand on any known ground that no building touches, outside military and heritage land, neither in
    water, nor in its bed below a bridge, nor in a cell beside either: a pump there lifts the river that feeds it. The
    pump always runs and lifts what is there out of the area. Where a unit has such a pump already, it grows to the
    capacity; other pumps stay.
    """
    unit, cover = area_of_cells(units.geometry, grid=grid), np.asarray(land_cover)
    water = np.isin(cover, [CODE["water"], CODE["wetland"]])
    ground = (cover != 0) & ~water & (unit >= 0)
    height = np.asarray(terrain.values, dtype=np.float64)
    free = ground & ~_beside(water, height) & np.isfinite(height) & ~_touched(buildings.geometry, grid=grid)
    free &= cell_share(parcels, grid=grid, site=site, measure="pump") > 0.0
    lowest = _lowest(height, unit, free, count=len(units))
    intensity = design_intensity(storm_formula, period=p.return_period or period[""], minutes=p.design_time or time[""])
    runoff = unit_means(coefficient_of(cover, coefficient), unit, ground, count=len(units))[:-1] * intensity
    area = np.bincount(unit[ground], minlength=len(units)) * cell_area(grid)
    active = selected_units(units, p.where)[:-1] & (lowest >= 0)
    required = np.where(active, runoff * area * CUBIC_METRES_A_SECOND * p.share, 0.0)
    old = _existing(pumps, crs=units.crs)
    names = pd.Index([f"{PREFIX}{name}" for name in units.index])
    existing = old["pump_capacity"].reindex(names).fillna(0.0).to_numpy()
    more = pd.Series(np.maximum(required - existing, 0.0), index=names)
    table = _joined(old, more, lowest, grid=grid)
    return Pump(
        table.geometry,
        table["pump_capacity"],
        table["pump_start_level"],
        table["pump_stop_level"],
        units["pump_capacity_added"] + more.to_numpy(),
    )


def _beside(water: NDArray[np.bool_], height: Floats) -> NDArray[np.bool_]:
    """Return the cells of water, those of its bed that another cover hides, such as a bridge, and those beside them."""
    if not water.any():
        return water
    nearest = distance_transform_edt(~water, return_distances=False, return_indices=True)
    bed = np.nan_to_num(height, nan=np.inf) <= height[tuple(nearest)] + BED
    around = np.ones((3, 3), dtype=np.bool_)
    channel = binary_propagation(water, structure=around, mask=water | bed)
    return np.asarray(binary_dilation(channel, structure=around), dtype=np.bool_)


def _lowest(height: Floats, unit: NDArray[np.int64], free: NDArray[np.bool_], *, count: int) -> NDArray[np.int64]:
    """Return each unit's lowest free cell as a flat position, the first of equals; -1 where it has none."""
    positions = np.full(count, -1, dtype=np.int64)
    cells = np.flatnonzero(free)
    # Highest first: the last assignment to a unit is its lowest cell.
    cells = cells[np.argsort(height.ravel()[cells], kind="stable")][::-1]
    positions[unit.ravel()[cells]] = cells
    return positions


def _touched(buildings: gpd.GeoSeries, *, grid: GeoBox) -> NDArray[np.bool_]:
    """Return which cells a building touches."""
    shapes = [shape for shape in buildings if shape is not None and not shape.is_empty]
    if not shapes:
        return np.zeros(tuple(grid.shape), dtype=np.bool_)
    burnt = rasterize(shapes, out_shape=tuple(grid.shape), transform=grid.affine, all_touched=True, dtype="uint8")
    return np.asarray(burnt > 0, dtype=np.bool_)


def _existing(pumps: gpd.GeoDataFrame | None, *, crs: object) -> gpd.GeoDataFrame:
    """Return the existing pumps with every column."""
    if pumps is None:
        return gpd.GeoDataFrame({name: np.zeros(0) for name in COLUMNS}, geometry=gpd.GeoSeries([], crs=crs), crs=crs)
    absent = {name: np.nan for name in COLUMNS if name not in pumps}
    return pumps.assign(**absent)


def _joined(old: gpd.GeoDataFrame, more: pd.Series, lowest: NDArray[np.int64], *, grid: GeoBox) -> gpd.GeoDataFrame:
    """Return old pumps, grown by `more`, and those of `more` that are new, at their cells' centres."""
    new = ((more > 0.0) & ~more.index.isin(old.index)).to_numpy()
    row, column = np.unravel_index(lowest[new], tuple(grid.shape))
    points = gpd.points_from_xy(*(grid.affine * (column + 0.5, row + 0.5)))
    capacity = old["pump_capacity"].to_numpy(np.float64) + more.reindex(old.index).fillna(0.0).to_numpy()
    no_level = np.full(int(new.sum()), np.nan)
    values = {
        "pump_capacity": np.append(capacity, more[new].to_numpy()),
        **{name: np.append(old[name].to_numpy(np.float64), no_level) for name in COLUMNS[1:]},
    }
    shapes = np.append(np.asarray(old.geometry, dtype=object), np.asarray(points, dtype=object))
    index = pd.Index([*old.index, *more.index[new]], dtype=object)
    return gpd.GeoDataFrame(values, geometry=shapes, index=index, crs=old.crs)
