"""The map of problems over the input layers: interactive on the page, a map sheet in documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray
from rasterio.transform import from_bounds
from shapely.geometry.base import BaseGeometry

from citybraid.core.burning import rasterize
from citybraid.report.chapter import (
    BackgroundLayer,
    Figure,
    Mark,
    Picture,
    ProblemMap,
    Shapes,
    Text,
    TranslatedText,
    in_words,
    words,
)
from citybraid.report.drawing.cartography import Entry, Sheet, draw_map
from citybraid.report.drawing.palettes import SERIES, Scale, code_colours, code_names, named_classes, scale_of
from citybraid.report.drawing.scene import Bounds, Part, RasterPart, VectorPart
from citybraid.report.intake.contents import IntakeReport, Raster
from citybraid.report.intake.tables import kind_title, layer_name
from citybraid.report.view import LANGUAGES, named
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import vocabulary

MOST_MARKS = 800
"""Most problems that a page shows; all of them are in problems.gpkg."""
MOST_SHAPES = 8000
"""Most shapes of a layer that a page draws as vectors; a layer with more is drawn as a raster."""
PIXELS = 1600
"""Longer side of a picture [pixel]."""
GENERAL = 0.0004
"""Detail that a map of the whole area does not show, as a share of its longer side [-]."""


@dataclass(frozen=True)
class LayerStyle:
    """How a table is drawn: the fill of its areas and the colour of its lines."""

    fill: str | None
    edge: str


STYLES: Mapping[str, LayerStyle] = {
    "study_area": LayerStyle(None, "#1d2126"), "units": LayerStyle(None, "#7a5c99"),
    "parcels": LayerStyle("#e9e4d8", "#8f8a82"), "streets": LayerStyle(None, "#a39d94"),
    "buildings": LayerStyle("#b9b2a8", "#857f76"),
}  # fmt: skip
"""Styles by table, in drawing order."""
NAMED_CODES = frozenset({"land_cover"})
"""Rasters whose codes have names and colours of their own."""
OTHER = LayerStyle("#dfe6ea", "#8a98a1")
COLOURS = tuple(SERIES[at] for at in (5, 0, 3, 1, 2, 4, 7, 6))


def kinds_of(report: IntakeReport) -> Mapping[str, tuple[Text, str]]:
    """Return the kinds of problems with their names and colours, the most frequent first."""
    counts: dict[str, int] = {}
    for problem in report.problems:
        counts[problem.text] = counts.get(problem.text, 0) + 1
    ordered = sorted(counts, key=lambda text: -counts[text])
    return {text: (kind_title(text), COLOURS[at % len(COLOURS)]) for at, text in enumerate(ordered)}


def problem_map(report: IntakeReport) -> ProblemMap | None:
    """Return the map for the page; None where there is nothing to draw."""
    if (bounds := report.bounds) is None:
        return None
    shown = shown_problems(report.problems)
    left = len(report.problems) - len(shown)
    how = words("problem_map.how_part", shown=len(shown), left=left) if left else words("problem_map.how")
    return ProblemMap(bounds, [*_grounds(report, bounds)], kinds_of(report), [*_marks(report, shown)], how)


def shown_problems(problems: Sequence[Problem]) -> Sequence[Problem]:
    """Return the problems that a page shows: open ones first, those with a place before others, some of every kind."""
    turns: dict[str, int] = {}
    ranked: list[tuple[bool, int, int]] = []
    for at, problem in enumerate(problems):
        turns[problem.text] = turns.get(problem.text, 0) + 1
        ranked.append((problem.mended, turns[problem.text], at))
    selected = sorted(ranked)[:MOST_MARKS]
    shown = [problems[at] for _, _, at in sorted(selected, key=lambda rank: rank[2])]
    return sorted(shown, key=lambda problem: (problem.mended, problem.shape.is_empty, problem.text))


def _marks(report: IntakeReport, problems: Sequence[Problem]) -> Iterator[Mark]:
    for problem in problems:
        yield Mark(problem.text, problem.shape, problem_words(report, problem), problem.mended)


def problem_words(report: IntakeReport, problem: Problem) -> TranslatedText:
    """Return what is said of a problem, with its layer by name."""
    layer = layer_name(report, problem.layer)
    return TranslatedText({each: _message(problem, in_words(layer, each), each) for each in LANGUAGES})


def _message(problem: Problem, layer: str, language: str) -> str:
    return Problem(problem.text, layer, problem.row, problem.shape, problem.mended, problem.values).say(language)


def _grounds(report: IntakeReport, bounds: Bounds) -> Iterator[BackgroundLayer]:
    ordered = sorted(report.shapes, key=lambda name: [*STYLES, name].index(name))
    for name in ordered:
        style, title = STYLES.get(name, OTHER), named("var", name)
        colour = style.fill or style.edge
        shapes = report.shapes[name]
        if len(shapes) > MOST_SHAPES:
            content: Shapes | Picture = _picture(shapes, bounds, colour)
        else:
            content = Shapes([str(each) for each in shapes.index], simplified(shapes, bounds), style.edge)
        yield BackgroundLayer(name, title, content, [(title, colour)], style.fill)
    for raster in report.rasters:
        if (ground := _raster_ground(raster)) is not None:
            yield ground


def simplified(shapes: gpd.GeoSeries, bounds: Bounds) -> list[BaseGeometry]:
    """Return shapes simplified to a tolerance far below a pixel of the whole map, with their topology preserved."""
    tolerance = 0.1 * GENERAL * max(bounds.width, bounds.height)
    return list(shapes.simplify(tolerance, preserve_topology=True))


def _picture(shapes: gpd.GeoSeries, bounds: Bounds, colour: str) -> Picture:
    """A layer of very many shapes as a mask raster."""
    cell = max(bounds.width, bounds.height) / PIXELS
    size = max(1, round(bounds.height / cell)), max(1, round(bounds.width / cell))
    affine = from_bounds(bounds.left, bounds.bottom, bounds.right, bounds.top, size[1], size[0])
    geometries = [shape for shape in shapes if not shape.is_empty]
    burnt = rasterize([(shape, 1) for shape in geometries], out_shape=size, transform=affine, dtype="uint8")
    return Picture(np.where(burnt == 1, 1.0, np.nan), bounds, Scale((), (colour,), codes=(1,)))


def _raster_ground(raster: Raster) -> BackgroundLayer | None:
    step = max(1, -(-max(raster.values.shape) // PIXELS))
    values = raster.values[::step, ::step]
    if not np.isfinite(values).any():
        return None
    scale = _scale(raster.name, values)
    title = named("var", raster.name)
    return BackgroundLayer(
        raster.name, title, Picture(values, raster.bounds, scale), _legend(raster, scale), shown=False
    )


def _scale(name: str, values: NDArray[np.float64]) -> Scale:
    if not vocabulary()[name].categories and name not in NAMED_CODES:
        return scale_of(name, [values])
    codes = sorted({int(code) for code in np.unique(values[np.isfinite(values)])})
    coloured = code_colours(name) if name in NAMED_CODES else {}
    return named_classes(codes, {code: coloured.get(str(code), SERIES[at % len(SERIES)])
                                 for at, code in enumerate(codes)})  # fmt: skip


def _legend(raster: Raster, scale: Scale) -> Sequence[tuple[Text, str]]:
    if not scale.codes:
        return list(zip(scale.labels(), scale.colours, strict=True))[::-1]
    plain = dict(vocabulary()[raster.name].categories)
    names = {lang: code_names(raster.name, lang) if raster.name in NAMED_CODES else {} for lang in LANGUAGES}
    return [
        (TranslatedText({lang: names[lang].get(str(code), plain.get(code, str(code))) for lang in LANGUAGES}), colour)
        for code, colour in zip(scale.codes, scale.colours, strict=True)
    ]


def problem_sheet(report: IntakeReport) -> Figure | None:
    """Return the map for documents; None where no problem has a place."""
    placed = [problem for problem in report.problems if not problem.shape.is_empty]
    bounds = report.bounds
    if bounds is None or not placed:
        return None
    caption = words("problem_map.sheet", count=len(placed))
    return Figure("intake_problems", caption, lambda language: _draw(report, placed, bounds, language), paged=False)


def _drawn(shapes: gpd.GeoSeries, style: LayerStyle, bounds: Bounds) -> Part:
    if len(shapes) <= MOST_SHAPES:
        return VectorPart(list(shapes), style.fill, style.edge, 0.3)
    picture = _picture(shapes, bounds, style.fill or style.edge)
    return RasterPart(picture.values, picture.bounds, picture.scale)


def _draw(report: IntakeReport, placed: Sequence[Problem], bounds: Bounds, language: str) -> Drawing:
    kinds = kinds_of(report)
    parts: list[Part] = []
    legend: list[Entry] = []
    for name in sorted(report.shapes, key=lambda each: [*STYLES, each].index(each)):
        style = STYLES.get(name, OTHER)
        parts.append(_drawn(report.shapes[name], style, bounds))
        kind = "area" if style.fill else "line"
        legend.append(Entry(in_words(named("var", name), language), style.fill or style.edge, kind))
    spot = 0.008 * max(bounds.width, bounds.height)
    for text, (title, colour) in kinds.items():
        geometries = [problem.shape for problem in placed if problem.text == text]
        if geometries:
            parts.append(
                VectorPart([shape.representative_point().buffer(spot) for shape in geometries], colour, "white", 0.6)
            )
            legend.append(Entry(f"{in_words(title, language)} ({len(geometries)})", colour))
    sheet = Sheet(
        title=words("problem_map.title").say(language), project=in_words(report.title, language), alternative="",
        language=language, source=", ".join(name for names in report.files.values() for name in names)[:120],
        legend=legend, synthetic=report.synthetic,
    )  # fmt: skip
    return draw_map(sheet, parts, bounds=bounds)
