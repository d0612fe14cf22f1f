"""Resilience: floods and heat."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray

from citybraid.report.chapter import (
    Block,
    Chapter,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    appended,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels, anomaly, exceedance
from citybraid.report.drawing.palettes import street_pixel
from citybraid.report.drawing.units import label
from citybraid.report.heat.hottest_day import hottest_day
from citybraid.report.heat.people_in_heat import heat_lead, people_in_heat
from citybraid.report.remarks.flood_coarse import coarse_floods
from citybraid.report.remarks.runoff_methods import runoff_methods
from citybraid.report.strand import gap_blocks, indicator_blocks, strand_maps
from citybraid.report.view import View, named

DEPTH = "max_depth"
POINTS = "waterlogging_points"
INDICES = ("standardized_balance", "standardized_precipitation")
"""Drought indices, the one with evaporation first."""
ONSET = -1.0
"""Index below which there is a drought (McKee et al. 1993)."""
IN_DOCUMENTS = 20


def chapter(view: View) -> Chapter:
    """Return the chapter of floods and heat."""
    blocks: list[Block] = [
        *heat_lead(view), *indicator_blocks(view, "resilience"), *runoff_methods(view), *appended(_exceedance(view)),
        *hottest_day(view), *people_in_heat(view), *strand_maps(view, "resilience"), *coarse_floods(view),
        *_waterlogging(view), *_drought(view), *gap_blocks(view, "resilience"),
    ]  # fmt: skip
    return Chapter("resilience", words("resilience.title"), blocks)


def _waterlogging(view: View) -> Iterator[Block]:
    """Yield the list of waterlogging points of each alternative, the largest first.

    Alternatives whose points are those of an earlier one are told, not listed again.
    """
    seen: list[gpd.GeoDataFrame] = []
    for name in view.run.alternatives:
        frame = view.frame(name, POINTS)
        if frame is None or frame.empty:
            continue
        if any(frame.equals(each) for each in seen):
            yield Paragraph(words("waterlogging.same", alternative=view.name(name)), appendix=True)
            continue
        seen.append(frame)
        rows = frame.drop(columns="geometry").assign(point=[str(each).rpartition("-")[2] for each in frame.index])
        middle = frame.geometry.representative_point()
        rows = rows.assign(x=middle.x.round().to_numpy(), y=middle.y.round().to_numpy()).reset_index(drop=True)
        columns = [
            Column("point", words("waterlogging.point")),
            Column("waterlogging_area", named("var", "waterlogging_area"), "m2"),
            Column("waterlogging_depth", named("var", "waterlogging_depth"), "m", 2),
            Column("waterlogging_duration", named("var", "waterlogging_duration"), "h", 1),
            Column("x", words("waterlogging.x"), "m", 0), Column("y", words("waterlogging.y"), "m", 0),
        ]  # fmt: skip
        title = words("waterlogging.list", alternative=view.name(name))
        note = TextList((words("waterlogging.note"), words("waterlogging.split"), _time_under_water(view, name)), " ")
        yield Table(
            f"{POINTS}_{name}", title, rows, columns, note, most=IN_DOCUMENTS, printed=IN_DOCUMENTS, appendix=True
        )


def _time_under_water(view: View, alternative: str) -> Text:
    """Return from which depth and until when time under water counts, nothing where no Step made it."""
    layer = view.layer(alternative, "flood_duration")
    maker = None if layer is None else view.run.maker(alternative, layer)
    if maker is None or "threshold" not in maker.params:
        return ""
    return words("waterlogging.time", threshold=Quantity(float(maker.params["threshold"]), "m", 2))


def _drought(view: View) -> Iterator[Block]:
    """Yield the course of the drought index that the run has; the climate is the same for all alternatives."""
    start = view.number(view.base, "record_start")
    name = next((each for each in INDICES if view.layer(view.base, each) is not None), None)
    if start is None or name is None:
        return
    values = view.column(view.base, name)
    if values is None or not values.notna().any():
        return
    years = start + np.arange(len(values)) / 12.0
    known = values.to_numpy(np.float64)

    def draw(language: str) -> Drawing:
        labels = Labels(
            words("drought.title").say(language), x=words("drought.years").say(language),
            y=words(f"drought.{name}_axis").say(language),
        )  # fmt: skip
        return anomaly(years, known, labels, marked=ONSET)

    yield Figure("drought", words("drought.caption", index=named("var", name)), draw, appendix=True)


def _exceedance(view: View) -> Iterator[Block]:
    by_alternative = {name: layer for name in view.run.alternatives if (layer := view.layer(name, DEPTH)) is not None}
    layers = [(name, layer.label, layer) for name, layer in by_alternative.items()]
    if not layers:
        return
    cell = layers[0][2].grid
    area = 1.0 if cell is None else float(abs(cell.resolution.x * cell.resolution.y))

    def draw(language: str) -> Drawing:
        depths = {}
        for name, event, layer in layers:
            words_of = (in_words(part, language) for part in (view.event_name(name, event), view.name(name)))
            depths[" · ".join(filter(None, words_of))] = on_land(view, name, view.raster(layer))
        what = in_words(named("var", DEPTH), language)
        labels = Labels(
            words("resilience.exceedance").say(language), x=f"{what} ({label('m', language)})",
            y=f"{words('resilience.area').say(language)} ({label('ha', language)})",
        )  # fmt: skip
        return exceedance(depths, labels, cell_area=area)

    native = max(view.native(name, layer) or 0.0 for name, _, layer in layers)
    limit = street_pixel(DEPTH)
    coarse = limit is not None and native > limit
    caption = (
        words("resilience.exceedance_coarse", native=round(native, 1))
        if coarse
        else words("resilience.exceedance_caption")
    )
    yield Figure("depth_exceedance", caption, draw)


def on_land(view: View, alternative: str, depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a depth within the study area, without what holds water by nature where the run tells it apart.

    That is water bodies, wetlands and channels under streets: the ground that counts as flooded in the indicators.
    """
    within = np.where(view.inside, depth, np.nan) if view.inside.shape == depth.shape else depth
    layer = view.layer(alternative, "water_body")
    if layer is None:
        return within
    kind = np.asarray(view.run.value(layer))
    return np.where(kind == 0, within, np.nan) if kind.shape == within.shape else within
