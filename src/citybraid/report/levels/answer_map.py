"""Maps of answers on page one: places of one kind in one colour, and what the words name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from citybraid.report.chapter import Figure, Text, TextList, in_words, words
from citybraid.report.drawing.cartography import Entry, Sheet, draw_map
from citybraid.report.drawing.labels import OF_UNITS
from citybraid.report.drawing.palettes import Scale
from citybraid.report.drawing.scene import Part, RasterPart, VectorPart
from citybraid.report.levels.names import unit_names
from citybraid.report.sheets import map_blocks, mapped, themes
from citybraid.report.view import View, grid_bounds, named

EDGE, GROUND, ROOF = "#8d8880", "#f3f1ec", "#a8a198"
HALF = 0.5
WORST, MIDDLE, BEST = "#b5432f", "#f0c36d", "#dfe8dc"
"""Colours of places that are named first, of the next and of the others."""
THIRDS = 3


class Kind(NamedTuple):
    """Places of one kind: what the legend says, their colour and shapes; lines have a width, points a marker."""

    text: Text
    colour: str
    shapes: Sequence[BaseGeometry]
    labels: Sequence[str] = ()
    width: float = 0.4
    marker: str = ""

    @property
    def areal(self) -> bool:
        """Whether the places are areas."""
        return all(each.geom_type.endswith("Polygon") for each in self.shapes)

    @property
    def part(self) -> VectorPart:
        """What is drawn: areas filled within a fine edge, lines and markers in the colour itself."""
        edge = EDGE if self.areal else self.colour
        fill = self.colour if self.areal else None
        return VectorPart(list(self.shapes), fill, edge, self.width, labels=self.labels, marker=self.marker,
                          letters=OF_UNITS)  # fmt: skip

    def entry(self, language: str) -> Entry:
        """Return the line of the legend."""
        kind = "marker" if self.marker else "area" if self.areal else "line"
        return Entry(in_words(self.text, language), self.colour, kind, self.marker)


class Under(NamedTuple):
    """Cells below the places: what the legend says, their colour, and where they are."""

    text: Text
    colour: str
    cells: NDArray[np.bool_]

    def part(self, view: View) -> RasterPart:
        """What is drawn."""
        values = np.where(self.cells, 1.0, np.nan)
        return RasterPart(values, grid_bounds(view.run.grid), Scale((), (self.colour,), codes=(1,)))


def kinds_map(
    view: View, name: str, title: Text, kinds: Sequence[Kind], *, alternative: str | None = None,
    under: Under | None = None, over: Under | None = None,
) -> Figure:  # fmt: skip
    """Return a map of places by kind, the first kinds below the others; kinds without places are not in the legend.

    Cells `under` the places are hidden where places are areas, those `over` them are not. Areas of one kind alone tell
    nothing.
    """
    present = [kind for kind in kinds if len(kind.shapes)]
    parts: list[Part] = [*([] if under is None else [under.part(view)]), *(kind.part for kind in present)]
    if over is not None:
        named_above = [replace(kind.part, fill=None) for kind in present]
        parts = [*(replace(kind.part, labels=()) for kind in present), over.part(view), *named_above]
    shown = view.base if alternative is None else alternative

    def draw(language: str) -> Any:
        legend = [kind.entry(language) for kind in reversed(present)]
        legend += [Entry(in_words(each.text, language), each.colour) for each in (over, under) if each is not None]
        sheet = Sheet(
            title=in_words(title, language), project=in_words(view.title, language), language=language,
            alternative=in_words(view.name(shown), language), source=words("answer_map.source").say(language),
            legend=legend, notes=[in_words(note, language) for note in view.notes], synthetic=view.run.synthetic,
        )  # fmt: skip
        return draw_map(sheet, parts, bounds=view.bounds)

    counts = [words("answer_map.kind", kind=kind.text, count=len(kind.shapes)) for kind in reversed(present)]
    alt = words("answer_map.alt", kinds=TextList(tuple(counts), ", "))
    telling = len(present) > 1 or not all(kind.areal for kind in present)
    caption = words("map.caption", what=title, alternative=view.name(shown))
    return Figure(f"answer_{name}", caption, draw, alt, telling=telling)


def sheet_map(view: View, name: str, var: str) -> Figure | None:
    """Return the map of a quantity on cells, alternatives side by side where they differ; None where none is drawn."""
    row = next(each for each in mapped() if each.var == var)
    figure = next((block for block in map_blocks(view, row) if isinstance(block, Figure)), None)
    if figure is None:
        return None
    drawn = [theme for theme in themes(view, row, view.run.alternatives) if not theme.empty]
    classes = {int(each) for theme in drawn for each in np.unique(theme.classes)}
    return replace(figure, name=f"answer_{name}", appendix=False, telling=len(classes) > 1)


def units_map(view: View, name: str, title: Text, order: Sequence[str], *, told: int) -> Figure | None:
    """Return a map of planning units, worst first: those that the words name, the next third, and the others.

    Units that the program cut have numbers for names: roofs on them show where they lie. None without outlines.
    """
    shapes = view.shapes(view.base, "units")
    if shapes is None:
        return None
    ranks = {zone: place for place, zone in enumerate(order)}
    upto = told + max(1, len(order) // THIRDS)
    groups: Mapping[str, list[str]] = {
        "answer_map.other": [str(zone) for zone in shapes.index if ranks.get(str(zone), upto) >= upto],
        "answer_map.next": [zone for zone, place in ranks.items() if told <= place < upto],
        "answer_map.worst": [zone for zone, place in ranks.items() if place < told],
    }
    names, by_id = unit_names(view), {str(key): shape for key, shape in shapes.items()}
    colours = dict(zip(groups, (BEST, MIDDLE, WORST), strict=True))
    kinds = [
        Kind(
            words(text, count=told), colours[text], [by_id[zone] for zone in zones if zone in by_id],
            [names.get(zone, zone) for zone in zones if zone in by_id],
        )
        for text, zones in groups.items()
    ]  # fmt: skip
    return kinds_map(view, name, title, kinds, over=_roofs(view) if view.units_cut else None)


def _roofs(view: View) -> Under | None:
    """Return the cells that roofs cover for the most part; None where no cell tells."""
    layer = view.layer(view.base, "building_fraction")
    if layer is None or layer.grid != view.run.grid:
        return None
    return Under(named("var", "buildings"), ROOF, view.raster(layer) >= HALF)
