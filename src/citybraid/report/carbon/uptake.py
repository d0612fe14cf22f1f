"""What of the uptake of vegetation is that of water and wetland, whose rate nobody has confirmed."""

from collections.abc import Iterator

import numpy as np

from citybraid.core.land_cover import water_covers
from citybraid.planning.zones import rasterized_zones
from citybraid.report.chapter import Block, Paragraph, Quantity, words
from citybraid.report.remarks.basis import UNSURE
from citybraid.report.view import View, named
from citybraid.study.run.manifest import FactorRow

MODEL, RATE = "lowcarbon.green_sink", "sink_rate"
LEAST = 0.02
"""Least share of the uptake that is told [-]."""
SQUARE_METRES = 1e4
"""In a hectare."""


def uptake_of_water(view: View) -> Iterator[Block]:
    """Yield a sentence where a part of the uptake that counts rests on a rate of water whose status is not sure."""
    rates = _rates(view)
    if not rates:
        return
    total, water = _uptake(view, {int(key): row.value for key, row in rates.items()})
    if total <= 0.0 or water < LEAST * total:
        return
    row = next(iter(rates.values()))
    yield Paragraph(words(
        "uptake.water", alternative=view.name(view.base), total=Quantity(total, "kg CO2e year-1", 1),
        water=Quantity(water, "kg CO2e year-1", 1), rest=Quantity(total - water, "kg CO2e year-1", 1),
        share=Quantity(100.0 * water / total, "%", 0), status=named("status", str(row.status)),
        rate=Quantity(row.value * SQUARE_METRES / 1e3, "t CO2 ha-1 year-1", 2),
    ))  # fmt: skip


def _rates(view: View) -> dict[str, FactorRow]:
    """Return the rates of water and wetland by cover of which one is not sure; empty where all are."""
    step = next((step for step in view.run.steps(view.base) if step.model == MODEL), None)
    if step is None:
        return {}
    codes = {str(code) for code in water_covers()}
    rows = {row.key: row for group in step.factors.values() for row in group if row.factor == RATE and row.key in codes}
    return rows if any(str(row.status) in UNSURE and row.value > 0.0 for row in rows.values()) else {}


def _uptake(view: View, rates: dict[int, float]) -> tuple[float, float]:
    """Return the uptake of the study area, and that of water and wetland beside the crowns over them [kg a year]."""
    sink, cover = (view.layer(view.base, name) for name in ("green_sink", "land_cover"))
    area = view.shapes(view.base, "study_area")
    if sink is None or cover is None or sink.grid is None or sink.grid != cover.grid or area is None:
        return 0.0, 0.0
    inside = rasterized_zones(area.to_numpy(), sink.grid) >= 0
    crowns = view.layer(view.base, "canopy_cover")
    open_sky = 1.0 if crowns is None or crowns.grid != sink.grid else 1.0 - np.nan_to_num(view.raster(crowns))
    kinds, cell = view.raster(cover), abs(sink.grid.resolution.x * sink.grid.resolution.y)
    water = sum(rate * ((kinds == code) & inside) * open_sky for code, rate in rates.items())
    return float(np.nansum(view.raster(sink)[inside]) * cell), float(np.sum(water) * cell)
