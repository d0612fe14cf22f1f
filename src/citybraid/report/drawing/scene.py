"""The map of a sheet as pixels: cells and shapes of an extent, drawn once for the sheets of every language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from citybraid.core.wording.names import PlaceName, in_own_language
from citybraid.report.drawing.font import drawable, typeface
from citybraid.report.drawing.labels import HALO, LARGEST, Room, fitting, rooms
from citybraid.report.drawing.palettes import Scale

INK, PAPER = "#222222", "#fbfbf9"
POINTS = 72.0
"""Points in an inch."""
MARKER = 34.0
"""Size of a marker [pt²]."""
SIZES = 2
"""Sizes of a map that are cached at a time."""
Pixels = NDArray[np.uint8]
"""Rows from the top of red, green, blue and opacity."""


class Bounds(NamedTuple):
    """An extent in projected metres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """East-west size [m]."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """North-south size [m]."""
        return self.top - self.bottom


class Frame(NamedTuple):
    """Extent, size [pixel] and resolution [pixel per inch] of a picture."""

    bounds: Bounds
    width: int
    height: int
    dpi: float

    @property
    def transform(self) -> Affine2D:
        """From projected metres to pixels counted from the lower left corner."""
        left, bottom, _, _ = self.bounds
        scaled = Affine2D().translate(-left, -bottom)
        return scaled.scale(self.width / self.bounds.width, self.height / self.bounds.height)


@dataclass(frozen=True, eq=False)
class RasterPart:
    """Cells to draw: values (rows north to south), their extent and the scale that colours them."""

    values: NDArray[np.float64]
    bounds: Bounds
    scale: Scale
    alpha: float = 1.0
    known: NDArray[np.int16] | None = None
    """The class of each cell, where it is known."""

    @property
    def classes(self) -> NDArray[np.int16]:
        """The class of each cell, -1 where nothing is drawn."""
        return self.scale.classes(self.values) if self.known is None else self.known

    def pixels(self, frame: Frame) -> Pixels:
        """Return the colour of the cell under the middle of each pixel; transparent beyond the cells."""
        count = len(self.scale.colours)
        colours = np.zeros((count + 1, 4), dtype=np.uint8)
        colours[:count] = np.rint(255 * to_rgba_array(list(self.scale.colours), self.alpha))
        # One cell of padding on each side, transparent. RGBA as one 32-bit integer: one look-up instead of four.
        cells = np.zeros(np.add(self.values.shape, 2), dtype=np.uint32)
        cells[1:-1, 1:-1] = colours.view(np.uint32)[:, 0][self.classes]
        rows, columns = self.values.shape
        box, bounds = self.bounds, frame.bounds
        down = (np.arange(frame.height) + 0.5) * bounds.height / frame.height + (box.top - bounds.top)
        across = (np.arange(frame.width) + 0.5) * bounds.width / frame.width + (bounds.left - box.left)
        row = _within(down * rows / box.height, rows)
        column = _within(across * columns / box.width, columns)
        # Columns first: rows are then copied whole.
        return cells.take(column, axis=1).take(row, axis=0)[..., None].view(np.uint8)


def _within(at: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Index of the cell at each place, counted from 1; 0 and count + 1 are outside."""
    return (np.floor(at).clip(-1, count) + 1).astype(np.intp)


@dataclass(frozen=True, eq=False)
class Outlines:
    """Shapes prepared for drawing, once for many maps: areas with the number of the shape each is of, and lines."""

    areas: Sequence[Outline]
    owner: Sequence[int]
    lines: Sequence[NDArray[np.float64]]
    spots: Sequence[tuple[float, float]]
    shapes: Sequence[BaseGeometry] = ()
    _drawn: dict[tuple[object, ...], Pixels] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry]) -> "Outlines":
        """Prepare shapes for drawing."""
        geometries = list(shapes)
        areas = [(at, _outline(area)) for at, shape in enumerate(geometries) for area in _areas(shape)]
        lines = [np.asarray(line.coords, dtype=np.float64)[:, :2] for shape in geometries for line in _lines(shape)]
        spots = [(spot.x, spot.y) for spot in (_middle(shape) for shape in geometries if not shape.is_empty)]
        return cls([outline for _, outline in areas], [at for at, _ in areas], lines, spots, geometries)

    @cached_property
    def rooms(self) -> Sequence[Room]:
        """The room for a text in each shape that is not empty."""
        return rooms(self.shapes)

    def pixels(self, part: "VectorPart", frame: Frame) -> Pixels:
        """Return the shapes in one style on a transparent background; drawn once for each style and frame."""
        style = (part.fill, part.edge, part.width, part.alpha, part.marker, frame)
        if style not in self._drawn:
            self._drawn[style] = _single_style(part, self, frame)
        return self._drawn[style]


def _middle(shape: BaseGeometry) -> Point:
    """The middle of a line, a point inside an area."""
    return shape.interpolate(0.5, normalized=True) if isinstance(shape, LineString) else shape.representative_point()


@dataclass(frozen=True, eq=False)
class VectorPart:
    """Shapes to draw: a colour for all or one for each; None is not filled. Markers have the edge's colour."""

    shapes: Sequence[BaseGeometry] | Outlines
    fill: str | Sequence[str | None] | None = None
    edge: str | None = "#8a8a8a"
    width: float = 0.3
    alpha: float = 1.0
    labels: Sequence[str] = ()
    marker: str = ""
    letters: float = LARGEST
    """Largest type of the labels [pt]."""

    @cached_property
    def outlines(self) -> Outlines:
        """The shapes prepared for drawing, once for all languages."""
        return self.shapes if isinstance(self.shapes, Outlines) else Outlines.of(self.shapes)

    @property
    def plain(self) -> bool:
        """Whether every shape looks the same and none has a text."""
        return not self.labels and (self.fill is None or isinstance(self.fill, str))


Part = RasterPart | VectorPart


@dataclass(frozen=True, eq=False)
class Scene:
    """Content of a map within an extent, without any text around it."""

    parts: Sequence[Part]
    bounds: Bounds
    _drawn: dict[Frame, Pixels] = field(default_factory=dict, repr=False)
    _read: dict[str, "Scene"] = field(default_factory=dict, repr=False)

    def pixels(self, width: int, height: int, dpi: float) -> Pixels:
        """Return the map in a size; the last two drawn, of a sheet and a page, are cached for the next language."""
        frame = Frame(self.bounds, width, height, dpi)
        if frame not in self._drawn:
            if len(self._drawn) >= SIZES:
                self._drawn.clear()
            self._drawn[frame] = _drawn(self.parts, frame)
        return self._drawn[frame]

    def read_in(self, language: str) -> "Scene":
        """Return the map with its labels in a language; itself where no label has a name in another."""
        if not any(isinstance(text, PlaceName) for part in self.parts for text in getattr(part, "labels", ())):
            return self
        if language not in self._read:
            self._read[language] = Scene([_in_language(part, language) for part in self.parts], self.bounds)
        return self._read[language]

    def release(self) -> None:
        """Drop the cached pixels, once the map is drawn in every language: hundreds of maps would fill the memory."""
        self._drawn.clear()


def _in_language(part: Part, language: str) -> Part:
    """Return a part with its labels in a language; its outlines are those of all languages."""
    if isinstance(part, RasterPart) or not part.labels:
        return part
    own = [in_own_language(text, language) for text in part.labels]
    return replace(part, shapes=part.outlines, labels=own)


class Painted(Artist):
    """A scene at a place of a figure, rasterised when the size is known."""

    def __init__(self, scene: Scene, place: tuple[float, float, float, float], label: str = "") -> None:
        """`place` is left, bottom, width and height on the figure [inch]; `label` says what is seen.

        `size` is the width and height that it was drawn with last [pixel].
        """
        super().__init__()
        self.scene, self.place, self.told = scene, place, label
        self.size = (0, 0)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the pixels at their place."""
        figure = self.get_figure(root=True)
        if figure is None:
            return
        left, bottom, wide, tall = (side * figure.dpi for side in self.place)
        west, south = round(left), round(bottom)
        self.size = (round(left + wide) - west, round(bottom + tall) - south)
        pixels = self.scene.pixels(*self.size, figure.dpi)
        renderer.draw_image(renderer.new_gc(), west, south, pixels[::-1])


def _drawn(parts: Iterable[Part], frame: Frame) -> Pixels:
    """Return the parts drawn over one another on the background."""
    canvas = _Canvas(frame, PAPER)
    for part in parts:
        if isinstance(part, RasterPart):
            canvas.paste(part.pixels(frame))
        elif part.plain and isinstance(part.shapes, Outlines):
            canvas.paste(part.shapes.pixels(part, frame))
        else:
            canvas.draw(part, part.outlines)
    return canvas.pixels


def _single_style(part: "VectorPart", shapes: Outlines, frame: Frame) -> Pixels:
    canvas = _Canvas(frame, "none")
    canvas.draw(part, shapes)
    return canvas.pixels


class _Canvas:
    """A pixel buffer to draw on."""

    def __init__(self, frame: Frame, paper: str) -> None:
        size = (frame.width / frame.dpi, frame.height / frame.dpi)
        self._figure = Figure(figsize=size, dpi=frame.dpi, facecolor=paper)
        self._renderer = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's
        self._figure.patch.draw(self._renderer)
        self._transform = frame.transform
        self._per_metre = frame.width / frame.bounds.width * POINTS / frame.dpi

    @property
    def pixels(self) -> Pixels:
        """A copy of the buffer."""
        return np.array(self._renderer.buffer_rgba())

    def paste(self, pixels: Pixels) -> None:
        """Draw pixels of the same size over the buffer."""
        self._renderer.draw_image(self._renderer.new_gc(), 0, 0, pixels[::-1])

    def draw(self, part: VectorPart, shapes: Outlines) -> None:
        """Draw shapes: areas, lines, markers, and texts upon them."""
        with typeface():
            for artist in _artists(part, shapes, self._per_metre):
                artist.set_figure(self._figure)
                artist.set_transform(self._transform)
                artist.draw(self._renderer)


def _artists(part: VectorPart, shapes: Outlines, per_metre: float) -> Iterable[Artist]:
    fill = part.fill
    if shapes.areas:
        one = [fill or "none"] if fill is None or isinstance(fill, str) else []
        faces = one or [(fill or ())[at] or "none" for at in shapes.owner]
        # Each colour is read once: matplotlib would read that of every shape.
        rgba = {colour: to_rgba(colour, part.alpha) for colour in {*faces, part.edge or "none"}}
        yield PathCollection(
            shapes.areas, facecolors=np.array([rgba[face] for face in faces]), edgecolors=rgba[part.edge or "none"],
            linewidths=part.width,
        )  # fmt: skip
    if shapes.lines and part.width:
        colour = fill if isinstance(fill, str) else part.edge or INK
        yield LineCollection(shapes.lines, colors=colour, linewidths=part.width, alpha=part.alpha)
    if part.marker and shapes.spots:
        x, y = np.transpose(shapes.spots)
        yield Line2D(
            x, y, linestyle="none", marker=part.marker, markersize=MARKER**0.5, markerfacecolor=part.edge or INK,
            markeredgecolor="white", markeredgewidth=0.5,
        )  # fmt: skip
    for label in fitting(part.labels, shapes.rooms, per_metre, part.letters) if part.labels else ():
        yield Text(
            label.east, label.north, drawable(label.text), fontsize=label.size, rotation=label.angle, ha="center",
            va="center", rotation_mode="anchor", color=INK,
            path_effects=[withStroke(linewidth=HALO * label.size, foreground="white")],
        )  # fmt: skip


def _areas(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return list(shape.geoms) if isinstance(shape, MultiPolygon) else []


def _lines(shape: BaseGeometry) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    return list(shape.geoms) if isinstance(shape, MultiLineString) else []


def _outline(area: Polygon) -> Outline:
    """The rings as one path; holes run against the outer ring, or they would be filled."""
    turned = orient(area)
    rings = [np.asarray(ring.coords)[:, :2] for ring in (turned.exterior, *turned.interiors)]
    codes = [np.r_[Outline.MOVETO, np.full(len(ring) - 2, Outline.LINETO), Outline.CLOSEPOLY] for ring in rings]
    return Outline(np.concatenate(rings), np.concatenate(codes))
