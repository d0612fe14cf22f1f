"""What parcels state against what stands on them: floor-area ratio, density, state, land use, height."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.sources.geometry.parcel_share import Standing, standing
from citybraid.sources.land_use.land_use import building_use
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import Choices, Repaired, Rules, Stage
from citybraid.sources.quality.contradictions import Compared, Numbers, numbers, stated, told
from citybraid.sources.repairs.filling.parcel_status import OPEN_USES

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
MOSTLY = 0.5
"""Share of its footprint from which a building belongs to a parcel [-]."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell where parcels and buildings contradict each other; nothing is changed.

    Ratio and density are limits, so only more than stated contradicts them; less does
    only where a file says that the parcel is built. Of planned plots only the state is looked at.
    """
    parcels, buildings = layers.table("parcels"), layers.table("buildings")
    if parcels is None or buildings is None:
        return Repaired(layers)
    found = standing(parcels.geometry.to_numpy(), buildings.geometry.to_numpy())
    lasting = _lasting(parcels, found)
    groups = [
        *_floor_area_ratio(layers, parcels, lasting, rules.choices), *_density(layers, parcels, lasting, rules.choices),
        *_state(layers, parcels, found, rules.choices), *_use(layers, parcels, buildings, lasting, rules.choices),
        *_height(layers, parcels, buildings, lasting, rules.choices),
    ]  # fmt: skip
    contradictions, findings = told(groups)
    return Repaired(layers, findings, (), contradictions)


def _lasting(parcels: gpd.GeoDataFrame, found: Standing) -> Standing:
    """Without what stands on planned plots today: it goes before the plan's numbers hold."""
    if "parcel_status" not in parcels:
        return found
    stays = parcels["parcel_status"].ne("planned").to_numpy(dtype=bool)[found.parcel]
    return Standing(found.parcel[stays], found.building[stays], found.area[stays])


def _sum(found: Standing, weights: Numbers, count: int) -> Numbers:
    return np.bincount(found.parcel, weights=weights, minlength=count).astype(float)


def _floor_area_ratio(
    layers: Layers, parcels: gpd.GeoDataFrame, found: Standing, choices: Choices
) -> Iterator[Compared]:
    """Ratios on parcels where the floors or the height of every building is stated."""
    ratio = stated(layers, "floor_area_ratio", "parcels")
    floors = layers.get("floors", on="buildings")
    if ratio is None or floors is None:
        return
    rows = floors.value.index
    known = np.isfinite(numbers(stated(layers, "floors", "buildings"), rows))
    known |= np.isfinite(numbers(stated(layers, "height", "buildings"), rows))
    storeys = floors.value.to_numpy(dtype=float)
    plot = shapely.area(parcels.geometry.to_numpy())
    unknown = _sum(found, (~known[found.building]).astype(float), len(plot)) > 0
    built = _sum(found, found.area * np.nan_to_num(storeys[found.building]), len(plot)) / plot
    limit = ratio.to_numpy(dtype=float)
    over = ~unknown & (built > limit * (1 + choices.floor_area_off)) & (built > limit + choices.ratio_off)
    yield Compared(
        "far_over", "parcels", "1", parcels.index, limit, built, choices.floor_area_off, "choices.floor_area_off"
    ).only(over)
    status = stated(layers, "parcel_status", "parcels")
    if status is None:
        return
    under = status.eq("built").to_numpy() & (built < limit * choices.built_short) & (limit > built + choices.ratio_off)
    under &= ~unknown & (built > 0)
    yield Compared(
        "far_under", "parcels", "1", parcels.index, limit, built, 1 - choices.built_short, "choices.built_short"
    ).only(under)


def _density(layers: Layers, parcels: gpd.GeoDataFrame, found: Standing, choices: Choices) -> Iterator[Compared]:
    density = stated(layers, "building_density", "parcels")
    if density is None:
        return
    plot = shapely.area(parcels.geometry.to_numpy())
    covered = _sum(found, found.area, len(plot)) / plot
    limit = density.to_numpy(dtype=float)
    over = covered > limit + choices.density_off
    yield Compared(
        "density", "parcels", "1", parcels.index, limit, covered, choices.density_off, "choices.density_off"
    ).only(over)


def _state(layers: Layers, parcels: gpd.GeoDataFrame, found: Standing, choices: Choices) -> Iterator[Compared]:
    """Parcels said to be built on which nothing stands, and planned ones on which something does."""
    status = stated(layers, "parcel_status", "parcels")
    if status is None:
        return
    count = len(parcels)
    real = found.area >= choices.overlap
    standing_there = np.bincount(found.parcel[real], minlength=count).astype(float)
    wants = np.ones(count, dtype=bool)
    if "land_use" in parcels:
        wants = parcels["land_use"].map(lambda code: building_use(code) not in OPEN_USES).to_numpy(dtype=bool)
    empty = status.eq("built").to_numpy() & wants & (standing_there == 0)
    one, none = np.ones(count), np.zeros(count)
    yield Compared(
        "built_empty", "parcels", "1", parcels.index, one, standing_there, choices.overlap, "choices.overlap"
    ).only(empty)
    taken = status.eq("planned").to_numpy() & (standing_there > 0)
    yield Compared(
        "planned_built", "parcels", "1", parcels.index, none, standing_there, choices.overlap, "choices.overlap"
    ).only(taken)


def _use(
    layers: Layers, parcels: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, found: Standing, choices: Choices
) -> Iterator[Compared]:
    """Parcels most of whose floor area, as stated, is of another use than their land use carries."""
    land, uses = stated(layers, "land_use", "parcels"), stated(layers, "building_use", "buildings")
    if land is None or uses is None:
        return
    carried = land.map(building_use).to_numpy(dtype=str)
    use = uses.to_numpy(dtype=str)
    storeys = np.nan_to_num(buildings["floors"].to_numpy(dtype=float), nan=1.0) if "floors" in buildings else None
    floor = found.area if storeys is None else found.area * np.maximum(storeys[found.building], 1.0)
    told_use = ~np.isin(use, ("", "other"))[found.building]
    whole = _sum(found, floor * told_use, len(parcels))
    fitting = _sum(found, floor * (told_use & (use[found.building] == carried[found.parcel])), len(parcels))
    share = np.divide(fitting, whole, out=np.ones(len(parcels)), where=whole > 0) * 100
    wrong = ~np.isin(carried, tuple(OPEN_USES)) & (share < (1 - choices.other_use) * 100)
    full = np.full(len(parcels), 100.0)
    more = {"use": carried.tolist()}
    yield Compared(
        "use", "parcels", "%", parcels.index, full, share, choices.other_use, "choices.other_use", more
    ).only(wrong)


def _height(
    layers: Layers, parcels: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, found: Standing, choices: Choices
) -> Iterator[Compared]:
    """The highest building of each parcel, of those whose height is stated, against the parcel's limit."""
    limit, height = stated(layers, "height_limit", "parcels"), stated(layers, "height", "buildings")
    if limit is None or height is None:
        return
    foot = shapely.area(buildings.geometry.to_numpy())
    own = found.area > MOSTLY * foot[found.building]
    on, tall = found.parcel[own], height.to_numpy(dtype=float)[found.building[own]]
    highest = pd.Series(tall).groupby(on).max().reindex(range(len(parcels))).to_numpy(dtype=float)
    top = limit.to_numpy(dtype=float)
    over = highest > top + choices.height_off
    yield Compared(
        "height", "parcels", "m", parcels.index, top, highest, choices.height_off, "choices.height_off"
    ).only(over)
