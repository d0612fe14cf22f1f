"""Rendering of figures: each is rasterised once and written as the files that documents and the page show."""

import base64
import io
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from citybraid.report.drawing.cartography import DPI
from citybraid.report.drawing.description import described
from citybraid.report.drawing.png import write_png
from citybraid.report.drawing.scene import Painted, Scene
from citybraid.report.drawing.text_cache import Canvas, LineCache

WIDEST = 1220
"""Widest figure inside the page [pixel]; the full size is a file beside it."""
COLOURS, QUICK = 256, 3
"""Colours of a picture on the page, fitted to it, and its level of compression: as small as WebP in half the time."""


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
        """Write a figure into a PNG file, and encode it as a data URL where the page shows it."""
        alt = described(figure, language)
        pixels = self.pixels(figure)
        write_png(path, pixels, dpi=DPI)
        image = Image.fromarray(pixels)
        if not paged:
            return RenderedFigure(path, "", image.size, alt)
        if image.width > WIDEST:
            tall = round(image.height * WIDEST / image.width)
            image = image.resize((WIDEST, tall), Image.Resampling.HAMMING)
        return RenderedFigure(path, _url(image), image.size, alt)


def _url(image: Image.Image) -> str:
    out = io.BytesIO()
    fitted = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    fitted.save(out, "PNG", compress_level=QUICK)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
