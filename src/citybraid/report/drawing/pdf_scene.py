"""Maps of an atlas as vectors: shapes and cells that sheets share, and names where they fit."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from citybraid.report.drawing.font import drawable
from citybraid.report.drawing.labels import HALO, TALL, Label, fitting
from citybraid.report.drawing.pdf import PdfFont, Stream, colour, form, indexed_picture
from citybraid.report.drawing.scene import INK, Bounds, Outlines, RasterPart, Scene, VectorPart

MARK = 2.2
"""Half the side of a marker [pt]."""
BASE = 0.36
"""Height of the middle of a line of text above its base line over the size of its type."""


class Frame(NamedTuple):
    """Where a map lies on a sheet: its lower left corner [pt], its scale [pt m-1] and its extent."""

    left: float
    bottom: float
    per_metre: float
    bounds: Bounds

    def at(self, east: float, north: float) -> tuple[float, float]:
        """Return the place of a point on the sheet [pt]."""
        return (
            self.left + (east - self.bounds.left) * self.per_metre,
            self.bottom + (north - self.bounds.bottom) * self.per_metre,
        )


class Paths(NamedTuple):
    """Operators that make the path of each area and line, in metres from the corner of an extent (8.5.2)."""

    areas: Sequence[str]
    lines: Sequence[str]


@dataclass
class DrawingCache:
    """Paths, drawings, pictures and labels that the sheets of all languages share.

    Keys hold what was drawn itself, not its address: a shape that is freed would leave its address to the next.
    """

    paths: dict[tuple[Outlines, Bounds], Paths] = field(default_factory=dict)
    streams: dict[tuple[object, ...], Stream] = field(default_factory=dict)
    labels: dict[tuple[object, ...], list[Label]] = field(default_factory=dict)
    set_labels: dict[tuple[object, ...], list[str]] = field(default_factory=dict)

    def stream(self, key: tuple[object, ...], make: Callable[[], Stream]) -> Stream:
        """Return a drawing, made when it is first asked for."""
        if key not in self.streams:
            self.streams[key] = make()
        return self.streams[key]

    def path(self, outlines: Outlines, bounds: Bounds) -> Paths:
        """Return the paths of shapes, made once for an extent."""
        key = (outlines, bounds)
        if key not in self.paths:
            areas = [_closed(each, bounds) for each in outlines.areas]
            self.paths[key] = Paths(areas, [_opened(line, bounds) for line in outlines.lines])
        return self.paths[key]


class Page:
    """Content of a page: operators, and the drawings that they name."""

    def __init__(self, font: PdfFont) -> None:
        self.font, self.operators, self.shared = font, list[str](), dict[str, Stream]()

    def add(self, *operators: str) -> None:
        """Add operators."""
        self.operators.extend(operators)

    def text(self, x: float, y: float, text: str, size: float, *, ink: str = INK, align: float = 0.0) -> None:
        """Add lines of text from a base line downwards; `align` 0 is left, 0.5 centred, 1 right."""
        for at, line in enumerate(text.split("\n")):
            if line:
                left, low = x - align * self.font.width(line, size), y - 1.35 * size * at
                self.add(f"BT {colour(ink)} /F {size:.2f} Tf {left:.2f} {low:.2f} Td <{self.font.hexes(line)}> Tj ET")

    def box(
        self, x: float, y: float, wide: float, tall: float, *, fill: str = "", edge: str = "#333333", line: float = 0.5
    ) -> None:
        """Add a rectangle."""
        paint = "B" if fill else "S"
        self.add(f"{line} w", *([colour(fill)] if fill else []), colour(edge, stroke=True))
        self.add(f"{x:.2f} {y:.2f} {wide:.2f} {tall:.2f} re {paint}")

    def place(self, stream: Stream, matrix: Sequence[float]) -> None:
        """Place a drawing or a picture."""
        name = f"X{len(self.shared)}"
        self.shared[name] = stream
        self.add("q", f"{' '.join(f'{part:.6f}' for part in matrix)} cm", f"/{name} Do", "Q")


def add_scene(page: Page, scene: Scene, frame: Frame, cache: DrawingCache) -> None:
    """Add a map, cut at its extent."""
    wide, tall = (side * frame.per_metre for side in (frame.bounds.width, frame.bounds.height))
    page.add("q", f"{frame.left:.2f} {frame.bottom:.2f} {wide:.2f} {tall:.2f} re W n")
    for part in scene.parts:
        if isinstance(part, RasterPart):
            _cells(page, part, frame, cache)
        else:
            _shapes(page, part, frame, cache)
    page.add("Q")
    page.box(frame.left, frame.bottom, wide, tall, line=0.9)


def _cells(page: Page, part: RasterPart, frame: Frame, cache: DrawingCache) -> None:
    key = ("cells", part)
    picture = cache.stream(key, lambda: indexed_picture(part.classes, part.scale.colours))
    size = (part.bounds.width * frame.per_metre, part.bounds.height * frame.per_metre)
    page.place(picture, (size[0], 0, 0, size[1], *frame.at(part.bounds.left, part.bounds.bottom)))


def _shapes(page: Page, part: VectorPart, frame: Frame, cache: DrawingCache) -> None:
    outlines = part.outlines
    fills = part.fill if part.fill is None or isinstance(part.fill, str) else tuple(part.fill)
    if part.width or part.marker or fills:
        key = ("shapes", outlines, fills, part.edge, part.width, part.marker, frame.per_metre)
        box = (0.0, 0.0, frame.bounds.width, frame.bounds.height)
        paths = cache.path(outlines, frame.bounds)
        drawing = cache.stream(key, lambda: form(_operators(part, outlines, paths, frame), box))
        page.place(drawing, (frame.per_metre, 0, 0, frame.per_metre, frame.left, frame.bottom))
    if part.labels:
        place = ("labels", outlines, tuple(part.labels), part.letters, frame.per_metre)
        if place not in cache.labels:
            cache.labels[place] = list(fitting(part.labels, outlines.rooms, frame.per_metre, part.letters))
        if (here := (*place, page.font, frame)) not in cache.set_labels:
            cache.set_labels[here] = [_label(page.font, label, frame) for label in cache.labels[place]]
        page.add(*cache.set_labels[here])


def _label(font: PdfFont, label: Label, frame: Frame) -> str:
    """Return the operators of a name upon a map, its lines one below the other."""
    lines = label.text.split("\n")
    middle = 0.5 * (len(lines) - 1)
    return " ".join(
        _line(font, label, frame, drawable(line), (middle - at) * TALL * label.size) for at, line in enumerate(lines)
    )


def _line(font: PdfFont, label: Label, frame: Frame, text: str, up: float) -> str:
    """Return the operators of a line of a name, so much above the name's middle [pt]."""
    turn = math.radians(label.angle)
    (x, y), cos, sin = frame.at(label.east, label.north), math.cos(turn), math.sin(turn)
    back, down = -0.5 * font.width(text, label.size), up - BASE * label.size
    x, y = x + back * cos - down * sin, y + back * sin + down * cos
    shown = f"<{font.hexes(text)}> Tj"
    place = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {y:.2f} Tm"
    halo = f"{HALO * label.size:.2f} w {colour('#ffffff', stroke=True)} 1 j 1 Tr {place} {shown}"
    return f"BT /F {label.size:.2f} Tf {halo} 0 Tr {colour(INK)} {place} {shown} ET"


def _operators(part: VectorPart, outlines: Outlines, paths: Paths, frame: Frame) -> str:
    """Return shapes as operators in metres from the corner: a path for each colour, outlines of one width."""
    by_colour: dict[str | None, list[str]] = {}
    for path, owner in zip(paths.areas, outlines.owner, strict=True):
        fill = part.fill if part.fill is None or isinstance(part.fill, str) else part.fill[owner]
        by_colour.setdefault(fill, []).append(path)
    lines = [f"{part.width / frame.per_metre:.3f} w", colour(part.edge or INK, stroke=True), "1 j"]
    stroked = bool(part.edge and part.width)
    for fill, areas in by_colour.items():
        paint = ("B" if stroked else "f") if fill else ("S" if stroked else "n")
        lines += [*([colour(fill)] if fill else []), *areas, paint]
    if paths.lines and part.width:
        lines += [*([colour(part.fill, stroke=True)] if isinstance(part.fill, str) else []), *paths.lines, "S"]
    if part.marker:
        half, bounds = MARK / frame.per_metre, frame.bounds
        lines.append(colour(part.edge or INK))
        lines += [
            f"{x - bounds.left - half:.1f} {y - bounds.bottom - half:.1f} {2 * half:.2f} {2 * half:.2f} re f"
            for x, y in outlines.spots
        ]
    return "\n".join(lines)


def _closed(area: Outline, bounds: Bounds) -> str:
    points = (np.asarray(area.vertices, dtype=np.float64) - (bounds.left, bounds.bottom)).tolist()
    verbs = {Outline.MOVETO: "m", Outline.LINETO: "l"}
    kinds = np.asarray(area.codes, dtype=np.uint8).tolist()
    return " ".join(
        "h" if kind == Outline.CLOSEPOLY else f"{x:.1f} {y:.1f} {verbs[kind]}"
        for (x, y), kind in zip(points, kinds, strict=True)
    )


def _opened(line: NDArray[np.float64], bounds: Bounds) -> str:
    (x, y), *rest = (line - (bounds.left, bounds.bottom)).tolist()
    return " ".join([f"{x:.1f} {y:.1f} m", *(f"{east:.1f} {north:.1f} l" for east, north in rest)])
