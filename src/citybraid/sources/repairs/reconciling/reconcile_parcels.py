"""Statements of parcels against the buildings on them: floor-area ratio, density, status, land use, height."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.sources.geometry.parcel_share import ParcelOverlaps, parcel_overlaps
from citybraid.sources.land_use.land_use import building_use
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import Disagreement, Numbers, contradiction_rows, numbers, stated_column
from citybraid.sources.repairs.filling.parcel_status import OPEN_USES

VERSION = 2

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
MOSTLY = 0.5
"""Share of its footprint from which a building belongs to a parcel [-]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report where parcels and buildings contradict each other; no data change.

    Ratio and density are limits, so only more than stated contradicts them; less contradicts
    only where a file states that the parcel is built. Of planned plots only the status is checked.
    """
    parcels, buildings = layers.table("parcels"), layers.table("buildings")
    if parcels is None or buildings is None:
        return RepairResult(layers)
    shares = parcel_overlaps(parcels.geometry.to_numpy(), buildings.geometry.to_numpy())
    permanent = _without_planned(parcels, shares)
    groups = [
        *_floor_area_ratio(layers, parcels, permanent, rules.choices),
        *_density(layers, parcels, permanent, rules.choices), *_state(layers, parcels, shares, rules.choices),
        *_use(layers, parcels, buildings, permanent, rules.choices),
        *_height(layers, parcels, buildings, permanent, rules.choices),
    ]  # fmt: skip
    contradictions, findings = contradiction_rows(groups)
    return RepairResult(layers, findings, (), contradictions)


def _without_planned(parcels: gpd.GeoDataFrame, shares: ParcelOverlaps) -> ParcelOverlaps:
    """Without the present buildings of planned plots: they are demolished before the plan applies."""
    if "parcel_status" not in parcels:
        return shares
    permanent = parcels["parcel_status"].ne("planned").to_numpy(dtype=bool)[shares.parcel]
    return ParcelOverlaps(shares.parcel[permanent], shares.building[permanent], shares.area[permanent])


def _by_parcel(shares: ParcelOverlaps, weights: Numbers, count: int) -> Numbers:
    return np.bincount(shares.parcel, weights=weights, minlength=count).astype(float)


def _floor_area_ratio(
    layers: Layers, parcels: gpd.GeoDataFrame, shares: ParcelOverlaps, choices: Choices
) -> Iterator[Disagreement]:
    """Floor-area ratios of parcels where the floors or the height of every building is stated."""
    ratio = stated_column(layers, "floor_area_ratio", "parcels")
    floors = layers.get("floors", on="buildings")
    if ratio is None or floors is None:
        return
    rows = floors.value.index
    known = np.isfinite(numbers(stated_column(layers, "floors", "buildings"), rows))
    known |= np.isfinite(numbers(stated_column(layers, "height", "buildings"), rows))
    storeys = floors.value.to_numpy(dtype=float)
    plot = shapely.area(parcels.geometry.to_numpy())
    unknown = _by_parcel(shares, (~known[shares.building]).astype(float), len(plot)) > 0
    built = _by_parcel(shares, shares.area * np.nan_to_num(storeys[shares.building]), len(plot)) / plot
    limit = ratio.to_numpy(dtype=float)
    over = ~unknown & (built > limit * (1 + choices.floor_area_off)) & (built > limit + choices.ratio_off)
    yield Disagreement(
        "far_over", "parcels", "1", parcels.index, limit, built, choices.floor_area_off, "choices.floor_area_off"
    ).only(over)
    status = stated_column(layers, "parcel_status", "parcels")
    if status is None:
        return
    under = status.eq("built").to_numpy() & (built < limit * choices.built_short) & (limit > built + choices.ratio_off)
    under &= ~unknown & (built > 0)
    yield Disagreement(
        "far_under", "parcels", "1", parcels.index, limit, built, 1 - choices.built_short, "choices.built_short"
    ).only(under)


def _density(
    layers: Layers, parcels: gpd.GeoDataFrame, shares: ParcelOverlaps, choices: Choices
) -> Iterator[Disagreement]:
    density = stated_column(layers, "building_density", "parcels")
    if density is None:
        return
    plot = shapely.area(parcels.geometry.to_numpy())
    covered = _by_parcel(shares, shares.area, len(plot)) / plot
    limit = density.to_numpy(dtype=float)
    over = covered > limit + choices.density_off
    yield Disagreement(
        "density", "parcels", "1", parcels.index, limit, covered, choices.density_off, "choices.density_off"
    ).only(over)


def _state(
    layers: Layers, parcels: gpd.GeoDataFrame, shares: ParcelOverlaps, choices: Choices
) -> Iterator[Disagreement]:
    """Parcels stated as built without buildings, and planned ones with buildings."""
    status = stated_column(layers, "parcel_status", "parcels")
    if status is None:
        return
    count = len(parcels)
    real = shares.area >= choices.overlap
    building_count = np.bincount(shares.parcel[real], minlength=count).astype(float)
    expects_building = np.ones(count, dtype=bool)
    if "land_use" in parcels:
        expects_building = (
            parcels["land_use"].map(lambda code: building_use(code) not in OPEN_USES).to_numpy(dtype=bool)
        )
    empty = status.eq("built").to_numpy() & expects_building & (building_count == 0)
    one, none = np.ones(count), np.zeros(count)
    yield Disagreement(
        "built_empty", "parcels", "1", parcels.index, one, building_count, choices.overlap, "choices.overlap"
    ).only(empty)
    occupied = status.eq("planned").to_numpy() & (building_count > 0)
    yield Disagreement(
        "planned_built", "parcels", "1", parcels.index, none, building_count, choices.overlap, "choices.overlap"
    ).only(occupied)


def _use(
    layers: Layers, parcels: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, shares: ParcelOverlaps, choices: Choices
) -> Iterator[Disagreement]:
    """Parcels most of whose stated floor area is of another use than their land use implies."""
    land, uses = stated_column(layers, "land_use", "parcels"), stated_column(layers, "building_use", "buildings")
    if land is None or uses is None:
        return
    carried = land.map(building_use).to_numpy(dtype=str)
    use = uses.to_numpy(dtype=str)
    storeys = np.nan_to_num(buildings["floors"].to_numpy(dtype=float), nan=1.0) if "floors" in buildings else None
    floor = shares.area if storeys is None else shares.area * np.maximum(storeys[shares.building], 1.0)
    use_known = ~np.isin(use, ("", "other"))[shares.building]
    total_floor = _by_parcel(shares, floor * use_known, len(parcels))
    matching_floor = _by_parcel(
        shares, floor * (use_known & (use[shares.building] == carried[shares.parcel])), len(parcels)
    )
    percent = np.divide(matching_floor, total_floor, out=np.ones(len(parcels)), where=total_floor > 0) * 100
    wrong = ~np.isin(carried, tuple(OPEN_USES)) & (percent < (1 - choices.other_use) * 100)
    full = np.full(len(parcels), 100.0)
    more = {"use": carried.tolist()}
    yield Disagreement(
        "use", "parcels", "%", parcels.index, full, percent, choices.other_use, "choices.other_use", more
    ).only(wrong)


def _height(
    layers: Layers, parcels: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, shares: ParcelOverlaps, choices: Choices
) -> Iterator[Disagreement]:
    """The highest building of stated height on each parcel against the parcel's height limit."""
    limit, height = stated_column(layers, "height_limit", "parcels"), stated_column(layers, "height", "buildings")
    if limit is None or height is None:
        return
    foot = shapely.area(buildings.geometry.to_numpy())
    own = shares.area > MOSTLY * foot[shares.building]
    on, tall = shares.parcel[own], height.to_numpy(dtype=float)[shares.building[own]]
    highest = pd.Series(tall).groupby(on).max().reindex(range(len(parcels))).to_numpy(dtype=float)
    top = limit.to_numpy(dtype=float)
    over = highest > top + choices.height_off
    yield Disagreement(
        "height", "parcels", "m", parcels.index, top, highest, choices.height_off, "choices.height_off"
    ).only(over)
