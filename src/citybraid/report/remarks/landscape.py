"""Habitat at a glance: how much of it holds together, and the landscape metrics of the alternatives."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.core.land_cover import open_water
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, UnitName, cells, words
from citybraid.report.remarks.alike import told_once
from citybraid.report.remarks.unseen import percent
from citybraid.report.view import View, named

METRICS = (
    "habitat_patches", "mean_patch_area", "largest_patch_share", "habitat_edge_density", "habitat_shape",
    "habitat_aggregation", "cover_diversity",
)  # fmt: skip
SQUARE_METRES = 1e4
TWENTIETH = 0.05
DIGITS = 3
"""Significant digits of a metric."""


def habitat_lead(view: View) -> Iterator[Block]:
    """Yield how much of the habitat counts as connected in the first and last alternative."""
    sentences = []
    for name in view.ends:
        habitat, connected = (view.number(name, each) for each in ("habitat_area", "connected_area"))
        if habitat is None or connected is None:
            continue
        if not habitat > 0.0:
            yield Paragraph(words("biodiversity.no_habitat", alternative=view.name(name)), "lead")
            continue
        sentences.append((view.name(name), {"habitat": Quantity(habitat, "ha"), "connected": Quantity(connected, "ha"),
                                       "share": percent(connected / habitat)}))  # fmt: skip
    yield from told_once("biodiversity.lead", sentences, "lead")
    yield from _beyond(view)
    yield from _in_water(view)


def _beyond(view: View) -> Iterator[Block]:
    """Yield how much of today's habitat lies on the grid but outside of the study area, where that is a twentieth."""
    layer = view.layer(view.base, "habitat_patch")
    if layer is None or layer.grid != view.run.grid:
        return
    patches = view.raster(layer) > 0
    beyond, total = int((patches & ~view.inside).sum()), int(patches.sum())
    if total and beyond >= TWENTIETH * total:
        cell = abs(layer.grid.resolution.x * layer.grid.resolution.y)
        share = percent(beyond / total)
        yield Paragraph(words("biodiversity.beyond", area=hectares(beyond, cell), share=share))


def _in_water(view: View) -> Iterator[Block]:
    """Yield how much of today's habitat is open water, where that is a twentieth: other animals live there."""
    layer, cover = (view.layer(view.base, name) for name in ("habitat_patch", "land_cover"))
    if layer is None or cover is None or layer.grid is None or layer.grid != cover.grid:
        return
    patches = view.raster(layer) > 0
    total, water = int(patches.sum()), int((patches & np.isin(view.raster(cover), sorted(open_water()))).sum())
    if total and water >= TWENTIETH * total:
        cell = abs(layer.grid.resolution.x * layer.grid.resolution.y)
        wet, land = (hectares(count, cell) for count in (water, total - water))
        yield Paragraph(words("biodiversity.in_water", water=wet, land=land, share=percent(water / total)))


def hectares(cells: int, cell: float) -> Quantity:
    """Return the area of cells of so many m2, which is rounded where it is said, as in the table of indicators."""
    return Quantity(cells * cell / SQUARE_METRES, "ha")


def landscape_table(view: View) -> Iterator[Block]:
    """Yield the landscape metrics of all alternatives, in the appendix; nothing without the model."""
    names = [name for name in view.run.alternatives if view.number(name, METRICS[0]) is not None]
    if not names:
        return
    layers = {metric: view.layer(names[0], metric) for metric in METRICS}
    frame = pd.DataFrame({"metric": cells(named("var", metric) for metric in METRICS)})
    frame["unit"] = cells(UnitName(layer.var.unit_with_gas) if layer else "" for layer in layers.values())
    columns = [Column("metric", words("plan.indicator")), Column("unit", words("explorer.unit"))]
    for at, name in enumerate(names):
        values = (view.number(name, metric) for metric in METRICS)
        frame[f"value_{at}"] = [float("nan") if value is None else float(f"{value:.{DIGITS}g}") for value in values]
        columns.append(Column(f"value_{at}", view.name(name)))
    yield Table(
        "landscape_metrics", words("biodiversity.landscape"), frame, columns, words("biodiversity.landscape_note"),
        appendix=True,
    )  # fmt: skip


def refuge_remarks(view: View) -> Iterator[Block]:
    """Yield climate refuges and native plantings of the first and last alternative, where the run has them."""
    sentences = []
    for name in view.ends:
        area, share, limit = (view.number(name, f"refuge_{each}") for each in ("area", "share", "limit"))
        if area is not None and share is not None and limit is not None:
            sentences.append((view.name(name), {"area": Quantity(area, "ha"), "share": percent(share),
                                           "limit": Quantity(limit, "degC", 1)}))  # fmt: skip
    yield from told_once("biodiversity.refuges", sentences)
    for name in view.ends:
        native = view.number(name, "native_planting")
        if native is not None:
            yield Paragraph(words("biodiversity.native", alternative=view.name(name), share=percent(native)))
