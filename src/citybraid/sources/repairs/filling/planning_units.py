"""Planning units: squares cut from the study area where no file supplies units."""

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

VERSION = 2

STAGE: Stage = "units"
READS = ("study_area", "units")
SMALLEST_SHARE = 0.02
"""A clipped piece below this share of a full square becomes no unit of its own [-]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Name every unit; create units of k by k squares where there are none."""
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
    shape = area.value.iloc[0]
    cut, side = squares(shape, rules.choices.unit_side, rules.choices.most_units)
    shapes = gpd.GeoSeries(list(cut.values()), index=pd.Index(cut, dtype=object, name="id"), crs=area.value.crs)
    ids = pd.Series(shapes.index, index=shapes.index, dtype=object, name=var.name)
    none = pd.Series(data=False, index=shapes.index)
    finding = Finding("guessed", "intake.units_made", "units", len(cut), {"side": side})
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
