"""Text of figures: each line is rasterised once as a mask and reused wherever a figure shows it again."""

from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from matplotlib import font_manager
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from numpy.typing import NDArray
from PIL import ImageFont

from citybraid.report.drawing.font import FALLBACK, FAMILY, WEIGHTS, face, registered

POINTS = 72.0
"""Points in an inch."""
UPRIGHT, TURNED = 0.0, 90.0
BOLD = "bold"
SLACK = 1e-6
"""Tolerance for sides that rounding leaves just below a whole pixel [pixel]."""


class Line(NamedTuple):
    """A line of text: opacity of each pixel, and their offset from the start of its base line [pixel].

    Rows run downwards, `top` counts upwards from the base line to the first row.
    """

    mask: NDArray[np.uint8]
    left: int
    top: int
    length: float


class Typeface:
    """The report's typeface in one size and weight; missing characters are set in the fallback font."""

    def __init__(self, size: float, *, bold: bool) -> None:
        weight = WEIGHTS[bold]
        other = font_manager.findfont(FontProperties(family=FALLBACK, weight="bold" if bold else "normal"))
        basic = ImageFont.Layout.BASIC
        self._faces = [ImageFont.truetype(str(path), size, layout_engine=basic) for path in (face(weight), other)]

    def line(self, text: str) -> Line:
        """Return a text as a rasterised line."""
        parts, length = list[tuple[NDArray[np.uint8], int, int]](), 0.0
        for run, chosen in runs(text):
            font = self._faces[chosen]
            drawn, (left, top) = font.getmask2(run, mode="L", anchor="ls")
            width, height = drawn.size
            mask = np.frombuffer(bytes(drawn), dtype=np.uint8).reshape(height, width)
            parts.append((mask, round(length) + int(left), int(top)))
            length += font.getlength(run)
        return _joined(parts, length)


def _joined(parts: list[tuple[NDArray[np.uint8], int, int]], length: float) -> Line:
    """Return masks side by side as one; each comes with its left and top edge, counted right and down."""
    left, top = min(part[1] for part in parts), min(part[2] for part in parts)
    right = max(at + mask.shape[1] for mask, at, _ in parts)
    bottom = max(at + mask.shape[0] for mask, _, at in parts)
    canvas = np.zeros((bottom - top, right - left), dtype=np.uint8)
    for mask, across, down in parts:
        rows, columns = mask.shape
        into = canvas[down - top : down - top + rows, across - left : across - left + columns]
        np.maximum(into, mask, out=into)
    return Line(canvas, left, -top, length)


def runs(text: str) -> list[tuple[str, int]]:
    """Return a text in runs of one font each: 0 the report's own, 1 the fallback."""
    own, segments = characters(), list[tuple[str, int]]()
    for char in text:
        chosen = int(char not in own)
        if segments and segments[-1][1] == chosen:
            segments[-1] = (segments[-1][0] + char, chosen)
        else:
            segments.append((char, chosen))
    return segments


@cache
def characters() -> frozenset[str]:
    """Return the characters that the report's own font can draw."""
    registered()
    font = font_manager.get_font(font_manager.findfont(FAMILY))
    return frozenset(map(chr, font.get_charmap()))


class FontHeights(NamedTuple):
    """Ascent, descent and gap between lines of a font, and the size of its em [font unit] (OpenType 1.9, OS/2)."""

    ascent: int
    descent: int
    gap: int
    em: int


class LineCache:
    """Cache of rasterised lines by text, size and weight, and of fonts' heights, as figures repeat many of them."""

    def __init__(self) -> None:
        self._heights: dict[tuple[tuple[str, ...], str | int], FontHeights | None] = {}
        self._types: dict[tuple[float, bool], Typeface] = {}
        self._lines: dict[tuple[str, float, bool], Line] = {}

    def line(self, text: str, prop: FontProperties, dpi: float) -> Line:
        """Return a text set in a font's size and weight."""
        size, bold = prop.get_size_in_points() * dpi / POINTS, prop.get_weight() == BOLD
        if (text, size, bold) not in self._lines:
            if (size, bold) not in self._types:
                self._types[size, bold] = Typeface(size, bold=bold)
            self._lines[text, size, bold] = self._types[size, bold].line(text)
        return self._lines[text, size, bold]

    def heights(self, prop: FontProperties) -> FontHeights | None:
        """Return the heights of a font, None where it does not state them."""
        key = (tuple(prop.get_family()), prop.get_weight())
        if key not in self._heights:
            font = font_manager.get_font(font_manager.findfont(prop))
            stated, head = font.get_sfnt_table("OS/2"), font.get_sfnt_table("head")
            self._heights[key] = (
                FontHeights(
                    stated["sTypoAscender"], -stated["sTypoDescender"], stated["sTypoLineGap"], head["unitsPerEm"]
                )
                if stated is not None and head is not None
                else None
            )
        return self._heights[key]


class CachedTextRenderer(RendererAgg):
    """Agg renderer that draws text from the line cache; slanted text and formulas are left to Agg."""

    def __init__(self, width: float, height: float, dpi: float, case: LineCache) -> None:
        super().__init__(width, height, dpi)  # type: ignore[no-untyped-call]  # matplotlib's
        self._case = case

    def draw_text(  # noqa: PLR0917  (matplotlib's own signature)
        self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: FontProperties, angle: float,
        ismath: Literal["TeX"] | bool = False, mtext: Text | None = None,  # noqa: FBT001, FBT002  (matplotlib's own signature)
    ) -> None:  # fmt: skip
        """Draw a line of text from the start of its base line; y counts downwards."""
        if ismath or angle not in (UPRIGHT, TURNED):
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
            return
        line = self._case.line(s, prop, self.dpi)
        if not line.mask.size:
            return
        rows = line.mask.shape[0]
        mask, left, bottom = line.mask, line.left, line.top - rows
        if angle == TURNED:
            mask, left, bottom = np.rot90(mask), -line.top, line.left
        pixels = np.empty((*mask.shape, 4), dtype=np.uint8)
        pixels[..., :3] = np.rint(255 * np.asarray(gc.get_rgb()[:3]))
        pixels[..., 3] = mask
        self.draw_image(gc, round(x) + left, round(self.height - y) + bottom, pixels[::-1])

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Literal["TeX"] | bool,  # noqa: FBT001  (matplotlib's own signature)
    ) -> tuple[float, float, float]:  # fmt: skip
        """Return how wide and tall a text is and how far it reaches below its base line [pixel]."""
        if ismath:
            extent: tuple[float, float, float]
            extent = super().get_text_width_height_descent(s, prop, ismath)  # type: ignore[no-untyped-call]  # matplotlib's
            return extent
        line = self._case.line(s, prop, self.dpi)
        rows, columns = line.mask.shape
        return max(line.length, float(line.left + columns)), float(rows), float(rows - line.top)

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float] | tuple[None, None, None]:
        """Return a font's ascent, descent and gap between lines [pixel]: matplotlib looks for the font at each text."""
        heights = self._case.heights(prop)
        if heights is None:
            return None, None, None
        scale = 1 / heights.em * prop.get_size_in_points() * self.dpi / POINTS
        return heights.ascent * scale, heights.descent * scale, heights.gap * scale


class Canvas(FigureCanvasAgg):
    """A figure's canvas whose texts come from a line cache."""

    def __init__(self, figure: Figure, case: LineCache) -> None:
        super().__init__(figure)
        wide, tall = (int(side + SLACK) for side in figure.bbox.size)
        self._cached_renderer = CachedTextRenderer(wide, tall, figure.dpi, case)

    def get_renderer(self) -> CachedTextRenderer:
        """Return the renderer for the figure's size."""
        return self._cached_renderer
