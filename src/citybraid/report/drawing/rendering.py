"""Rendering of figures: each is rasterised once and written as the files that documents and the page show."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from citybraid.report.drawing.cartography import DPI
from citybraid.report.drawing.description import described
from citybraid.report.drawing.png import png
from citybraid.report.drawing.scene import Painted, Scene
from citybraid.report.drawing.text_cache import Canvas, LineCache

COLOURS = 256
"""Colours of a picture, fitted to it."""


class RenderedFigure(NamedTuple):
    """A figure as a file, and as the page shows it: a data URL, empty where the page does not, with its size.

    `alt` says what is seen on it.
    """

    path: Path
    url: str
    size: tuple[int, int]
    alt: str = ""


RenderedFigures = Mapping[tuple[str, str], RenderedFigure]
"""Figures by (figure's name, language)."""


class FigureRenderer:
    """Renders figures; rasterised text is cached from one figure to the next."""

    def __init__(self) -> None:
        self._case = LineCache()
        self._scenes: list[Scene] = []

    def pixels(self, figure: Figure, dpi: int = DPI) -> NDArray[np.uint8]:
        """Return a figure as rows of red, green and blue."""
        figure.set_dpi(dpi)
        canvas = Canvas(figure, self._case)
        renderer = canvas.get_renderer()
        figure.draw(renderer)
        self._scenes += [each.scene for each in figure.findobj(Painted) if isinstance(each, Painted)]
        drawn = np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]  # matplotlib's
        # Pillow drops opacity in a third of the time that numpy takes.
        return np.asarray(Image.fromarray(drawn).convert("RGB"))

    def release(self) -> None:
        """Drop the pixels of the maps drawn so far: those of a figure serve its languages alone."""
        for scene in self._scenes:
            scene.release()
        self._scenes.clear()

    def plate(self, figure: Figure, path: Path, *, paged: bool, language: str = "en") -> RenderedFigure:
        """Write a figure into a PNG file, the same bytes as a data URL where the page shows it."""
        alt = described(figure, language)
        pixels = self.pixels(figure)
        image = Image.fromarray(pixels).quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        content = png(np.asarray(image), bytes(image.getpalette() or ()), dpi=DPI)
        path.write_bytes(content)
        url = f"data:image/png;base64,{base64.b64encode(content).decode()}" if paged else ""
        return RenderedFigure(path, url, image.size, alt)
