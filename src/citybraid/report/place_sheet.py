"""Map of what the files hold, where they state no land use: plots, streets, buildings and points."""

from typing import NamedTuple

from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Figure, in_words, words
from citybraid.report.drawing.cartography import Entry, Panel, draw_panels
from citybraid.report.drawing.scene import Scene, VectorPart
from citybraid.report.sheets import plain_sheet
from citybraid.report.view import View, named


class _Style(NamedTuple):
    """How a table is drawn: fill, edge and width of its lines [pixel]."""

    fill: str | None
    edge: str
    width: float


STYLES: dict[str, _Style] = {
    "parcels": _Style("#f3f0e8", "#b3ab9c", 0.3),
    "streets": _Style(None, "#9a8f80", 0.6),
    "buildings": _Style("#8f9aa6", "#5f6a75", 0.2),
    "facilities": _Style(None, "#b4552d", 1.0),
    "assets": _Style(None, "#7a4f8a", 1.0),
}
"""Tables in the order in which they are drawn."""


def place_sheet(view: View, alternative: str) -> Figure | None:
    """Return the map of a run's tables as they were read, None where no file holds shapes."""
    tables = [name for name in STYLES if view.layer(alternative, name) is not None]
    if not tables:
        return None
    scene = Scene([_part(view, alternative, name) for name in tables], view.bounds)  # drawn once for all languages

    def draw(language: str) -> Drawing:
        legend = [
            Entry(in_words(named("var", name), language), STYLES[name].fill or STYLES[name].edge,
                  "area" if STYLES[name].fill else "line")
            for name in tables
        ]  # fmt: skip
        layers = [layer for name in tables if (layer := view.layer(alternative, name)) is not None]
        sources = dict.fromkeys(in_words(view.source(alternative, layer), language) for layer in layers)
        sheet = plain_sheet(
            view, alternative, language, title=words("map.place"), source="; ".join(sources), legend=legend
        )
        return draw_panels(sheet, [Panel("", scene)], bounds=view.bounds)

    caption = words("map.caption", what=words("map.place"), alternative=view.name(alternative))
    return Figure(f"place_{alternative}", caption, draw)


def _part(view: View, alternative: str, name: str) -> VectorPart:
    outlines, style = view.outlines(alternative, name), STYLES[name]
    marker = "o" if style.fill is None and name != "streets" else ""
    return VectorPart(outlines if outlines is not None else (), style.fill, style.edge, style.width, marker=marker)
