"""Contradictions within buildings: height and floors, floor area and footprint, future years, one year for all."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import Disagreement, Numbers, contradiction_rows, numbers, stated_column

VERSION = 3

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
ROOF = 1.0
"""Storeys that roof, parapet, plinth and plant may add to a building's height."""
MANY = 50
"""Buildings with a year from which an estate built at once is no longer the reason for one year."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report buildings whose statements cannot all be true; no data change."""
    buildings = layers.table("buildings")
    if buildings is None:
        return RepairResult(layers)
    groups = [
        *_storeys(layers, buildings, rules), *_floor_area(layers, buildings, rules), *_year(layers, buildings, rules),
    ]  # fmt: skip
    contradictions, findings = contradiction_rows(groups)
    return RepairResult(layers, (*findings, *_one_year(layers, rules)), (), contradictions)


def _storeys(layers: Layers, buildings: gpd.GeoDataFrame, rules: Rules) -> Iterator[Disagreement]:
    """Heights outside the floors times the storey heights of the use, a storey allowed for the roof."""
    height, floors = stated_column(layers, "height", "buildings"), stated_column(layers, "floors", "buildings")
    if height is None or floors is None:
        return
    usual, low, high = _storey_heights(layers, buildings, rules)
    up, count = height.to_numpy(dtype=float), floors.to_numpy(dtype=float)
    wrong = (count > 0) & ((up < count * low) | (up > (count + ROOF) * high))
    rows = buildings.index[wrong]
    more = {
        "floors": count[wrong].tolist(), "low": (count * low)[wrong].tolist(),
        "high": ((count + ROOF) * high)[wrong].tolist(),
    }  # fmt: skip
    yield Disagreement(
        "storeys", "buildings", "m", rows, up[wrong], (count * usual)[wrong], ROOF, "factors.storey_height", more
    )


def _storey_heights(layers: Layers, buildings: gpd.GeoDataFrame, rules: Rules) -> tuple[Numbers, Numbers, Numbers]:
    """Typical, lowest and highest storey height [m]: those of the stated use, else of any use."""
    rows = rules.book.resolve("storey_height", region=rules.region, year=rules.year).rows
    bounds = {key: (row.value, row.low or row.value, row.high or row.value) for key, row in rows.items()}
    low, high = min(each[1] for each in bounds.values()), max(each[2] for each in bounds.values())
    anything = (rows["other"].value, low, high)
    use_column = stated_column(layers, "building_use", "buildings")
    uses = [""] * len(buildings) if use_column is None else use_column.tolist()
    at = np.array([anything if use == "other" else bounds.get(use, anything) for use in uses], dtype=float)
    return at[:, 0], at[:, 1], at[:, 2]


def _floor_area(layers: Layers, buildings: gpd.GeoDataFrame, rules: Rules) -> Iterator[Disagreement]:
    """Stated floor areas against footprints times stated floors."""
    area, floors = stated_column(layers, "floor_area", "buildings"), stated_column(layers, "floors", "buildings")
    if area is None or floors is None:
        return
    floor_area = numbers(area, buildings.index)
    computed = shapely.area(buildings.geometry.to_numpy()) * floors.to_numpy(dtype=float)
    wrong = np.abs(computed - floor_area) > rules.choices.floor_area_off * np.maximum(floor_area, computed)
    yield Disagreement(
        "floor_area", "buildings", "m2", buildings.index[wrong], floor_area[wrong], computed[wrong],
        rules.choices.floor_area_off, "choices.floor_area_off",
    )  # fmt: skip


def _year(layers: Layers, buildings: gpd.GeoDataFrame, rules: Rules) -> Iterator[Disagreement]:
    """Years of completion after the study's year."""
    year = stated_column(layers, "year_built", "buildings")
    if year is None:
        return
    years = year.to_numpy(dtype=float)
    wrong = years > rules.year
    now = np.full(int(wrong.sum()), float(rules.year))
    yield Disagreement("year", "buildings", "year", buildings.index[wrong], years[wrong], now, 0.0, "study.year")


def _one_year(layers: Layers, rules: Rules) -> Iterator[Finding]:
    """Nearly all buildings with one and the same year: a value filled in, or where the record of the source begins."""
    year = stated_column(layers, "year_built", "buildings")
    known = None if year is None else year.dropna().round()
    if known is None or len(known) < MANY:
        return
    counts = known.value_counts()
    count, most = int(counts.iloc[0]), round(float(counts.index[0]))
    if count >= rules.choices.one_year * len(known):
        share = f"{100.0 * count / len(known):.0f}"
        yield Finding("advice", "intake.one_year", "buildings", count, {"share": share, "year": most})
