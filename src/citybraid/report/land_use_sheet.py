"""The land-use sheet: parcels in the standard's colours with their numbers, and the names of streets."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Figure, TextList, in_words, words
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels
from citybraid.report.drawing.palettes import code_names, land_use_shades
from citybraid.report.drawing.scene import Scene, VectorPart
from citybraid.report.drawing.units import number
from citybraid.report.sheets import TOLD, plain_sheet
from citybraid.report.view import View

EDGE, EDGE_WIDTH = "#555555", 0.3


@dataclass(frozen=True)
class LandUse:
    """Land use of an alternative's parcels, ready to draw."""

    view: View
    alternative: str

    @classmethod
    def of(cls, view: View, alternative: str) -> "LandUse | None":
        """Return an alternative's land use, None where the run has no parcels with land use."""
        known = view.layer(alternative, "parcels") is not None and view.layer(alternative, "land_use") is not None
        return cls(view, alternative) if known else None

    @cached_property
    def codes(self) -> list[str]:
        """The code of each parcel."""
        shapes, column = self.view.shapes(self.alternative, "parcels"), self.view.column(self.alternative, "land_use")
        return [] if shapes is None or column is None else [str(code) for code in column.reindex(shapes.index)]

    @cached_property
    def scene(self) -> Scene:
        """The map, drawn once for the sheets of every language."""
        colours, outlines = land_use_shades(), self.view.outlines(self.alternative, "parcels")
        fills, numbers = [colours.get(code) for code in self.codes], parcel_numbers(self.view, self.alternative)
        parcels = [] if outlines is None else [VectorPart(outlines, fills, EDGE, EDGE_WIDTH, labels=numbers)]
        return Scene([*parcels, *street_names(self.view, self.alternative)], self.view.bounds)

    def sheet(self, language: str) -> Sheet:
        """Return all that is written on the sheet."""
        names, colours, layer = (
            code_names("land_use", language),
            land_use_shades(),
            self.view.layer(self.alternative, "land_use"),
        )
        legend = [Entry(f"{code} {names[code]}", colours[code]) for code in sorted({*self.codes} & {*colours})]
        source = "" if layer is None else in_words(self.view.source(self.alternative, layer), language)
        title = words("map.land_use")
        return plain_sheet(self.view, self.alternative, language, title=title, source=source, legend=legend)

    def seen(self, language: str) -> str:
        """Return the largest uses with their shares of the parcels' area."""
        shapes, names = self.view.shapes(self.alternative, "parcels"), code_names("land_use", language)
        if shapes is None:
            return ""
        shares = shapes.area.groupby(np.asarray(self.codes, dtype=object)).sum() / shapes.area.sum()
        order = shares.sort_values(ascending=False, kind="stable").head(TOLD)
        rows = [
            words("alt.share", name=names.get(str(code), str(code)), share=number(100.0 * float(share), digits=0))
            for code, share in order.items()
        ]
        return TextList(tuple(rows), ", ").say(language)


def land_use_sheet(view: View, alternative: str) -> Figure | None:
    """Return the land-use sheet, None where the run has no parcels with land use."""
    use = LandUse.of(view, alternative)
    if use is None:
        return None

    def draw(language: str) -> Drawing:
        return draw_panels(use.sheet(language), [Panel("", use.scene, use.seen(language))], bounds=view.bounds)

    caption = words("map.caption", what=words("map.land_use"), alternative=view.name(alternative))
    return Figure(f"land_use_{alternative}", caption, draw)


def parcel_numbers(view: View, alternative: str) -> list[str]:
    """Return the plot number of each parcel, its id where it has none."""
    shapes = view.shapes(alternative, "parcels")
    return [] if shapes is None else [view.parcel_name(str(parcel)) for parcel in shapes.index]


def street_names(view: View, alternative: str) -> Iterator[VectorPart]:
    """Yield the names of streets, each on the longest of its lines."""
    names, shapes = view.column(alternative, "street_name"), view.shapes(alternative, "streets")
    if names is None or shapes is None:
        return
    lengths = shapes.length
    longest: dict[str, object] = {}
    for street, name in names.reindex(shapes.index).items():
        if isinstance(name, str) and name and lengths[street] > lengths.get(longest.get(name), 0.0):
            longest[name] = street
    if longest:
        yield VectorPart(list(shapes.loc[list(longest.values())]), None, None, 0.0, labels=list(longest))
