"""Relations between services: where two are high together, how they correlate by scale, and what is traded off."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.synergy.trade_offs import bivariate_class, frontier, thirds
from citybraid.kernels.numerics.scales import ScaledCorrelation, correlations_by_scale
from citybraid.planning.rows import indicators
from citybraid.planning.zones import rasterized_zones
from citybraid.report.chapter import Block, Column, Figure, Paragraph, Table, cells, in_words, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.scene import Part, RasterPart, VectorPart
from citybraid.report.drawing.synergy_charts import (
    Dots,
    bivariate_map,
    bivariate_scale,
    correlation_lines,
    frontier_chart,
)
from citybraid.report.drawing.units import label, needed, signed
from citybraid.report.sheets import plain_sheet
from citybraid.report.synergy.services import Bundle, Service
from citybraid.report.view import View, grid_bounds, measure_title, named

Floats = NDArray[np.float64]
FEW = 3
"""Parcels or measures below which there is no frontier."""
TOGETHER = 0.1
"""Rank correlation beyond which two services go together or against one another [-]."""
MEASURED = ("patch_conductance", "habitat_quality")
COOLED = ("night_heat_island", "utci", "air_temperature")
"""Indicators of nature and of heat that measures are compared by, the first that measures change."""


def pairs(bundle: Bundle) -> list[tuple[Service, Service]]:
    """Return the pairs of services for maps: habitat against each service of climate."""
    habitat = [each for each in bundle.services if each.name == "habitat"]
    return [(each, other) for each in habitat for other in bundle.services if other.name in {"cooling", "retention"}]


def relation_blocks(bundle: Bundle) -> Iterator[Block]:
    """Yield bivariate maps, correlations by scale, and frontiers over parcels and measures."""
    for first, second in pairs(bundle):
        yield _bivariate(bundle, first, second)
    yield from _correlations(bundle)
    for first, second in pairs(bundle)[:1]:
        yield from _parcels(bundle, first, second)
    yield from _measures(bundle.view)


def _bivariate(bundle: Bundle, first: Service, second: Service) -> Figure:
    view, base = bundle.view, bundle.view.base
    one, other = bundle.supply(base, first), bundle.supply(base, second)
    classes = bivariate_class(one, other, first_limits=thirds(one), second_limits=thirds(other))
    parcels = view.outlines(base, "parcels")
    parts: list[Part] = [
        RasterPart(classes, grid_bounds(view.run.grid), bivariate_scale()),
        *([VectorPart(parcels, None, "#77736c", 0.25)] if parcels is not None else []),
    ]
    title = words("synergy.bivariate", first=first.title, second=second.title)
    known = classes[np.isfinite(classes)]
    shares = {name: f"{100.0 * float((known == code).mean()):.0f}" for name, code in (("both", 8), ("neither", 0))}

    def draw(language: str) -> Drawing:
        layer = view.layer(base, first.var)
        source = in_words(view.source(base, layer), language) if layer else ""
        notes = [in_words(words("synergy.bivariate_note", base=view.name(base)), language)]
        sheet = plain_sheet(view, base, language, title=title, source=source, legend=(), notes=notes)
        heads = in_words(first.title, language), in_words(second.title, language)
        return bivariate_map(sheet, parts, bounds=view.bounds, axes=heads)

    alt = words("synergy.bivariate_alt", first=first.title, second=second.title, **shares)
    caption = words("map.caption", what=title, alternative=view.name(base))
    return Figure(f"bivariate_{first.name}_{second.name}", caption, draw, alt, appendix=True)


def correlations(bundle: Bundle) -> dict[tuple[Service, Service], tuple[ScaledCorrelation, ...]]:
    """Return the rank correlation of every pair of services by scale, in the first alternative."""
    base = bundle.view.base
    by_pair = correlations_by_scale([bundle.supply(base, each) for each in bundle.services])
    return {(bundle.services[one], bundle.services[other]): scales for (one, other), scales in by_pair.items()}


def _correlations(bundle: Bundle) -> Iterator[Block]:
    by_pair = {pair: scales for pair, scales in correlations(bundle).items() if scales}
    if not by_pair:
        return
    rows = [
        {"pair": words("synergy.pair", first=first.title, second=second.title), "cell": each.size * bundle.cell,
         "correlation": each.correlation, "blocks": each.blocks}
        for (first, second), scales in by_pair.items() for each in scales
    ]  # fmt: skip
    known = {pair: [each for each in scales if np.isfinite(each.correlation)] for pair, scales in by_pair.items()}
    strongest = max((scales[0].correlation, pair) for pair, scales in known.items() if scales) if any(
        known.values()) else None  # fmt: skip
    if strongest is not None:
        weakest = min((scales[0].correlation, pair) for pair, scales in known.items() if scales)
        for value, pair in dict.fromkeys((strongest, weakest)):
            yield Paragraph(_verdict(value, pair))

    def draw(language: str) -> Drawing:
        lines = {
            in_words(words("synergy.pair", first=first.title, second=second.title), language): (
                np.array([each.size * bundle.cell for each in scales]),
                np.array([each.correlation for each in scales]),
            )
            for (first, second), scales in known.items()
            if scales
        }
        heads = [
            words(f"synergy.{name}").say(language) for name in ("scales", "cell_axis", "correlation", "scales_note")
        ]
        return correlation_lines(lines, Labels(*heads))

    if strongest is not None:
        yield Figure("correlation_by_scale", words("synergy.scales"), draw, appendix=True)
    frame = pd.DataFrame(rows)
    frame["pair"] = cells(frame["pair"])
    columns = [
        Column("pair", words("synergy.services")), Column("cell", words("synergy.cell"), "m", needed(frame["cell"])),
        Column("correlation", words("synergy.correlation"), "", 2), Column("blocks", words("synergy.blocks"), "", 0),
    ]  # fmt: skip
    yield Table(
        "correlation_by_scale", words("synergy.scales"), frame, columns, words("synergy.scales_note"), appendix=True
    )


def _verdict(value: float, pair: tuple[Service, Service]) -> Any:
    kind = "apart" if abs(value) <= TOGETHER else "together" if value > 0.0 else "against"
    return words(
        f"synergy.{kind}",
        first=pair[0].title,
        second=pair[1].title,
        correlation=signed(f"{round(value, 2) + 0.0:+.2f}"),
    )


def _parcels(bundle: Bundle, first: Service, second: Service) -> Iterator[Block]:
    """Yield the frontier of two services over parcels."""
    view = bundle.view
    shapes = view.shapes(view.base, "parcels")
    if shapes is None or len(shapes) < FEW:
        return
    zone = rasterized_zones(shapes.to_numpy(), view.run.grid)
    one, other = (_mean_by(zone, bundle.supply(view.base, each), len(shapes)) for each in (first, second))
    known = np.flatnonzero(np.isfinite(one) & np.isfinite(other))
    if known.size < FEW:
        return
    names = [view.parcel_name(str(shapes.index[at])) for at in known]
    dots = Dots(one[known], other[known], frontier(one[known], other[known]), names)

    def draw(language: str) -> Drawing:
        across, up = (_supply_unit(bundle, each, language) for each in (first, second))
        title = words("synergy.parcel_frontier", first=first.title, second=second.title).say(language)
        return frontier_chart(dots, Labels(title, across, up, words("synergy.supply_note").say(language)))

    caption = words("synergy.parcel_frontier", first=first.title, second=second.title)
    yield Figure("services_frontier", caption, draw, appendix=True)


def _supply_unit(bundle: Bundle, service: Service, language: str) -> str:
    """Return a service's name and unit for an axis."""
    layer = bundle.view.layer(bundle.view.base, service.var)
    unit = label(layer.var.unit_with_gas, language) if layer is not None else ""
    name = in_words(service.title, language)
    return f"{name} ({unit})" if unit else name


def _mean_by(zone: NDArray[np.int32], values: Floats, count: int) -> Floats:
    inside = (zone >= 0) & np.isfinite(values)
    cells_in = np.bincount(zone[inside], minlength=count)
    total = np.bincount(zone[inside], weights=values[inside], minlength=count)
    return np.where(cells_in > 0, total / np.maximum(cells_in, 1), np.nan)


def _measures(view: View) -> Iterator[Block]:
    """Yield the frontier of two gains over measures of the screening runs, each at full adoption."""
    table = view.run.table("effects")
    if table is None:
        return
    wide = table[table["zone"] == WHOLE_AREA].pivot_table(index="measure", columns="indicator", values="change")
    chosen = [next((name for name in names if name in wide and (wide[name].abs() > 0.0).any()), None)
              for names in (MEASURED, COOLED)]  # fmt: skip
    if len(wide) < FEW or None in chosen:
        return
    names = [str(name) for name in chosen]
    gains = [_gain(name) * wide[name].to_numpy(dtype=np.float64) for name in names]
    on = frontier(gains[0], gains[1])

    def draw(language: str) -> Drawing:
        row_names = [in_words(measure_title(str(name)), language) for name in wide.index]
        across, up = (_axis(view, name, language) for name in names)
        title, note = (words(f"synergy.{name}").say(language) for name in ("measure_frontier", "gain_note"))
        return frontier_chart(Dots(gains[0], gains[1], on, row_names), Labels(title, across, up, note))

    yield Figure("measures_frontier", words("synergy.measure_frontier"), draw, appendix=True)


def _axis(view: View, indicator: str, language: str) -> str:
    unit = label(view.unit_of(indicator), language)
    name = in_words(named("indicator", indicator), language)
    return f"{name} ({unit})" if unit else name


def _gain(indicator: str) -> float:
    return 1.0 if indicators()[indicator].direction == "higher" else -1.0
