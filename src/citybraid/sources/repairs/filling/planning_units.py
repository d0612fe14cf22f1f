"""Planning units cut from the study area where no file supplies them: squares, or a stated number of equal area."""

import math

import geopandas as gpd
import pandas as pd
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers, fill_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 3

STAGE: Stage = "units"
READS = ("study_area", "units")
SMALLEST_SHARE = 0.02
"""A clipped piece below this share of a full square becomes no unit of its own [-]."""

HALVINGS = 60
"""Bisections of a cut, enough for the last bit of a coordinate."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Name every unit; where there are none, cut the study area into the stated number of equal areas, else squares."""
    units = layers.get("units", on="units")
    var = vocabulary()["unit_name"]
    if units is not None:
        names = layers.get(var.name, on="units")
        gap = missing_mask(names, units.value.index)
        if not gap.any():
            return RepairResult(layers)
        ids = pd.Series(units.value.index, index=units.value.index, dtype=object)
        return RepairResult(
            layers.put(fill_missing(names, var, ids)),
            (Finding("guessed", "intake.units_named", "units", int(gap.sum())),),
        )
    area = layers.get("study_area", on="study_area")
    if area is None:
        return RepairResult(layers)
    shape, count = area.value.iloc[0], rules.choices.unit_count
    if count is None:
        cut, side = squares(shape, rules.choices.unit_side, rules.choices.most_units)
        finding = Finding("guessed", "intake.units_made", "units", len(cut), {"side": side})
    else:
        cut = equal_areas(shape, count)
        size = shape.area / count
        finding = Finding("guessed", "intake.units_cut", "units", len(cut), {"area": round(size / 1e4, 1)})
    shapes = gpd.GeoSeries(list(cut.values()), index=pd.Index(cut, dtype=object, name="id"), crs=area.value.crs)
    ids = pd.Series(shapes.index, index=shapes.index, dtype=object, name=var.name)
    none = pd.Series(data=False, index=shapes.index)
    return RepairResult(
        layers.put(SourceLayer(vocabulary()["units"], shapes, stated=none), SourceLayer(var, ids, stated=none)),
        (finding,),
    )


def squares(shape: BaseGeometry, side: float, most: int) -> tuple[dict[str, BaseGeometry], float]:
    """Cut a shape into k by k squares with k from a side [m]; slivers at the edge join the nearest unit."""
    west, south, east, north = shape.bounds
    longer = max(east - west, north - south)
    count = min(max(1, math.floor(longer / side + 0.5)), math.isqrt(most))
    step = longer / count
    pieces: dict[str, BaseGeometry] = {}
    slivers: list[BaseGeometry] = []
    for row in range(count):
        for column in range(count):
            top, left = north - row * step, west + column * step
            piece = shape.intersection(box(left, top - step, left + step, top))
            if piece.area >= SMALLEST_SHARE * step**2:
                pieces[f"R{row + 1}C{column + 1}"] = piece
            elif piece.area > 0:
                slivers.append(piece)
    if not pieces:
        return {"R1C1": shape}, longer
    for sliver in slivers:
        near = min(pieces, key=lambda name: pieces[name].distance(sliver))
        pieces[near] = pieces[near].union(sliver)
    return pieces, step


def equal_areas(shape: BaseGeometry, count: int) -> dict[str, BaseGeometry]:
    """Cut a shape into `count` parts of equal area by straight cuts across its longer side, numbered from the north.

    Each cut divides the parts still to be made as evenly as their number allows; the same shape gives the same parts.
    """
    parts = _halved(shape, count)
    rows = sorted(parts, key=lambda part: (-round(part.centroid.y), round(part.centroid.x)))
    width = len(str(count))
    return {f"U{at:0{width}d}": part for at, part in enumerate(rows, 1)}


def _halved(shape: BaseGeometry, count: int) -> list[BaseGeometry]:
    if count == 1:
        return [shape]
    first = count // 2
    west, south, east, north = shape.bounds
    across = east - west >= north - south
    low, high = (west, east) if across else (south, north)
    wanted, box_of = shape.area * first / count, _left_box if across else _lower_box
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        small = shape.intersection(box_of(shape.bounds, middle)).area < wanted
        low, high = (middle, high) if small else (low, middle)
    one = shape.intersection(box_of(shape.bounds, 0.5 * (low + high)))
    return [*_halved(one, first), *_halved(shape.difference(one), count - first)]


def _left_box(bounds: tuple[float, float, float, float], at: float) -> BaseGeometry:
    return box(bounds[0], bounds[1], at, bounds[3])


def _lower_box(bounds: tuple[float, float, float, float], at: float) -> BaseGeometry:
    return box(bounds[0], bounds[1], bounds[2], at)
