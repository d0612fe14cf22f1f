"""What of the uptake of vegetation rests on a rate of water that nobody has confirmed, or on green of unknown kind."""

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
KIND_UNKNOWN = "intake.green_kind_unknown"
"""Finding of intake: green counts as grass."""
TREES, GRASS = "10", "30"
"""Covers, as keys of rates."""


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


def uptake_of_unknown_green(view: View) -> Iterator[Block]:
    """Yield a sentence where green that no file tells trees from grass in takes up what grass does."""
    if not any(finding.text == KIND_UNKNOWN for finding in view.run.findings):
        return
    rates = _of_step(view)
    if not {TREES, GRASS} <= set(rates) or rates[TREES].value <= rates[GRASS].value:
        return
    _, grass = _uptake(view, {int(GRASS): rates[GRASS].value})
    if grass <= 0.0:
        return
    yield Paragraph(words(
        "uptake.kind_unknown", alternative=view.name(view.base), grass=Quantity(grass, "kg CO2e year-1", 1),
        trees=Quantity(grass * rates[TREES].value / rates[GRASS].value, "kg CO2e year-1", 0),
        **{f"{name}_rate": Quantity(rates[key].value * SQUARE_METRES / 1e3, "t CO2 ha-1 year-1", 2)
           for name, key in (("grass", GRASS), ("tree", TREES))},
    ))  # fmt: skip


def _of_step(view: View) -> dict[str, FactorRow]:
    """Return the rates of uptake that the run read, by cover."""
    step = next((step for step in view.run.steps(view.base) if step.model == MODEL), None)
    if step is None:
        return {}
    return {row.key: row for group in step.factors.values() for row in group if row.factor == RATE}


def _rates(view: View) -> dict[str, FactorRow]:
    """Return the rates of water and wetland by cover of which one is not sure; empty where all are."""
    codes = {str(code) for code in water_covers()}
    rows = {key: row for key, row in _of_step(view).items() if key in codes}
    return rows if any(str(row.status) in UNSURE and row.value > 0.0 for row in rows.values()) else {}


def _uptake(view: View, rates: dict[int, float]) -> tuple[float, float]:
    """Return the uptake of the study area, and that of the covers with rates, beside crowns over them [kg a year]."""
    sink, cover = (view.layer(view.base, name) for name in ("green_sink", "land_cover"))
    area = view.shapes(view.base, "study_area")
    if sink is None or cover is None or sink.grid is None or sink.grid != cover.grid or area is None:
        return 0.0, 0.0
    inside = rasterized_zones(area.to_numpy(), sink.grid) >= 0
    crowns = view.layer(view.base, "canopy_cover")
    open_sky = 1.0 if crowns is None or crowns.grid != sink.grid else 1.0 - np.nan_to_num(view.raster(crowns))
    kinds, cell = view.raster(cover), abs(sink.grid.resolution.x * sink.grid.resolution.y)
    part = sum(rate * ((kinds == code) & inside) * open_sky for code, rate in rates.items())
    return float(np.nansum(view.raster(sink)[inside]) * cell), float(np.sum(part) * cell)
