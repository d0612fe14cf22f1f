"""Rendering of figures: each is rasterised once and written as the files that documents and the page show."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from citybraid.core.text import say
from citybraid.report.drawing.cartography import DPI, Entry, MapFigure, Panel, Sheet, length_name, round_length
from citybraid.report.drawing.description import described
from citybraid.report.drawing.png import png
from citybraid.report.drawing.scene import Painted, Scene
from citybraid.report.drawing.text_cache import Canvas, LineCache

LARGE = 700
"""Height to which the small maps of a sheet are drawn for the body of a page, where two stand side by side [pixel]."""
ALL = 3
"""Maps of a sheet that a page shows all together; of more the first and the last, and the others on demand."""
BAR = 0.4
"""Longest scale bar of a map on a page [share of its width]."""


class PageMap(NamedTuple):
    """A map of a sheet as the page shows it: its name, a data URL, its size [pixel], and what is seen on it."""

    name: str
    url: str
    size: tuple[int, int]
    alt: str


class PageKey(NamedTuple):
    """What the page writes beside the maps of a sheet; `bar` is a length and the share of a map's width it takes."""

    title: str
    entries: Sequence[Entry]
    notes: Sequence[str]
    source: str
    bar: tuple[str, float]
    synthetic: bool


class RenderedFigure(NamedTuple):
    """A figure as a file, and as the page shows it: a data URL, empty where the page does not, with its size.

    `alt` says what is seen on it. A map sheet has no data URL of its own but its `maps`, of which the page shows
    those that `first` numbers at once, and their `key`.
    """

    path: Path
    url: str
    size: tuple[int, int]
    alt: str = ""
    maps: Sequence[PageMap] = ()
    first: Sequence[int] = ()
    key: PageKey | None = None


RenderedFigures = Mapping[tuple[str, str], RenderedFigure]
"""Figures by (figure's name, language)."""


class FigureRenderer:
    """Renders figures; rasterised text is cached from one figure to the next."""

    def __init__(self) -> None:
        self._case = LineCache()
        self._scenes: list[Scene] = []
        self._pictures: dict[tuple[int, int, int], tuple[str, tuple[int, int]]] = {}

    def pixels(self, figure: Figure, dpi: int = DPI) -> NDArray[np.uint8]:
        """Return a figure as rows of red, green, blue and opacity."""
        figure.set_dpi(dpi)
        canvas = Canvas(figure, self._case)
        renderer = canvas.get_renderer()
        figure.draw(renderer)
        self._scenes += [each.scene for each in figure.findobj(Painted) if isinstance(each, Painted)]
        return np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]  # matplotlib's

    def release(self) -> None:
        """Drop the pixels of the maps drawn so far: those of a figure serve its languages alone."""
        for scene in self._scenes:
            scene.release()
        self._scenes.clear()
        self._pictures.clear()

    def plate(
        self, figure: Figure, path: Path, *, paged: bool, language: str = "en", large: bool = False, seen: str = ""
    ) -> RenderedFigure:
        """Write a figure into a PNG file, the same bytes as a data URL where the page shows it; a sheet's maps alone.

        The small maps of a sheet are drawn `large` for the body of a page. The file says what is `seen` on it.
        """
        alt = described(figure, language, seen)
        pixels = self.pixels(figure)
        content, size = png(pixels, dpi=DPI, seen=alt), (pixels.shape[1], pixels.shape[0])
        path.write_bytes(content)
        if paged and isinstance(figure, MapFigure) and figure.whole:
            maps, first = self._maps(figure, large=large)
            return RenderedFigure(path, "", size, alt, maps, first, _key(figure.sheet, figure.panels, language))
        return RenderedFigure(path, _url(content) if paged else "", size, alt)

    def _maps(self, figure: MapFigure, *, large: bool) -> tuple[list[PageMap], list[int]]:
        """Return the maps of a sheet that has been drawn, and which of them the page shows at once."""
        painted = [artist for artist in figure.artists if isinstance(artist, Painted)]
        count = len(painted)
        first = list(range(count)) if count <= ALL or not large or figure.sheet.together else [0, count - 1]
        maps = []
        for at, (artist, panel) in enumerate(zip(painted, figure.panels, strict=True)):
            times = max(1.0, LARGE / artist.size[1]) if large and at in first else 1.0
            wide, tall = (round(times * side) for side in artist.size)
            url, size = self._picture(artist.scene, wide, tall, figure.dpi)
            maps.append(PageMap(panel.name, url, size, artist.told))
        return maps, first

    def _picture(self, scene: Scene, wide: int, tall: int, dpi: float) -> tuple[str, tuple[int, int]]:
        """Return a map as a data URL, made once for all languages, and its size."""
        which = (id(scene), wide, tall)
        if which not in self._pictures:
            self._pictures[which] = (_url(png(scene.pixels(wide, tall, dpi), dpi=DPI)), (wide, tall))
        return self._pictures[which]


def _url(content: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _key(sheet: Sheet, panels: Sequence[Panel], language: str) -> PageKey:
    across = panels[0].scene.bounds.width
    length = round_length(BAR * across)
    source = f"{say('map.source', language)}  {sheet.source}" if sheet.source else ""
    return PageKey(
        sheet.legend_title, tuple(sheet.legend), tuple(sheet.notes), source,
        (length_name(length, language), length / across), sheet.synthetic,
    )  # fmt: skip
