"""Parcels as a DXF drawing with their controls as texts, for any CAD program; GBK for old ones, UTF-8 for new ones."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from ezdxf import filemanagement
from ezdxf.document import Drawing
from ezdxf.enums import MTextEntityAlignment
from ezdxf.layouts.layout import Modelspace
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.core.text import say
from citybraid.report.drawing.font import MISSING
from citybraid.report.drawing.palettes import code_colours

Release = Literal["R2000", "R2010"]
PARCELS, HOLES, TEXTS, REMARKS = "用地-地块", "内环", "文字-控制指标", "说明"
"""Layer names; a ring of a DXF has no holes, so they lie on a layer of their own."""
STYLE, FONT = "HZ", "simsun.ttf"
PERCENT = frozenset({"building_density", "green_ratio"})
METRES_UNIT = 6
SMALLEST, LARGEST = 1.0, 6.0
"""Text height [m]."""
STATED = ("plot_number", "land_use", "floor_area_ratio", "building_density", "green_ratio", "height_limit")
"""Controls written on the drawing, in the order that planners read them."""


def write_dxf(path: Path, parcels: gpd.GeoDataFrame, *, release: Release, remarks: Sequence[str] = ()) -> Path:
    """Write parcels as closed polylines coloured by land use, each with its controls as a text inside it.

    R2000 is written in GBK (code page 936): characters that GBK lacks are shown as 〓. R2010 is UTF-8.
    The drawing's unit is the metre. DXF has no field for a CRS: it is written with the remarks, above the parcels.
    """
    drawing = filemanagement.new(release, setup=False, units=METRES_UNIT)
    if release == "R2000":
        drawing.encoding = "gbk"
        drawing.header["$DWGCODEPAGE"] = "ANSI_936"
    for name in (PARCELS, HOLES, TEXTS, REMARKS):
        drawing.layers.add(name)
    drawing.styles.add(STYLE, font=FONT)
    colours = code_colours("land_use")
    space = drawing.modelspace()
    for at, shape in enumerate(parcels.geometry):
        row = {str(name): value for name, value in parcels.iloc[at].items()}
        _outline(space, shape, colours.get(str(row.get("land_use", "")), "#8c8c8c"))
        _label(drawing, shape, stated(row))
    _remark(drawing, parcels, [*remarks, str(parcels.crs)])
    drawing.saveas(path)
    return path


def write_outlines(
    path: Path, layers: Mapping[str, gpd.GeoSeries], *, release: Release, colours: Mapping[str, str],
    remarks: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Write areas as closed polylines, a layer of the drawing for each kind, the id of each area as a text inside it.

    Holes lie on the layer too: CAD programs hatch by rings. Encoding and unit as for parcels.
    """
    drawing = filemanagement.new(release, setup=False, units=METRES_UNIT)
    if release == "R2000":
        drawing.encoding = "gbk"
        drawing.header["$DWGCODEPAGE"] = "ANSI_936"
    drawing.styles.add(STYLE, font=FONT)
    for name in (*layers, TEXTS, REMARKS):
        drawing.layers.add(name)
    for name, shapes in layers.items():
        for key, shape in shapes.items():
            _outline(drawing.modelspace(), shape, colours[name], kinds=(name, name))
            _label(drawing, shape, [str(key)])
    every = gpd.GeoDataFrame(geometry=pd.concat(list(layers.values())))
    _remark(drawing, every, [*remarks, str(every.crs)])
    drawing.saveas(path)
    return path


def stated(row: Mapping[str, object]) -> list[str]:
    """Return the lines that a parcel's controls are written in, those that are missing left out."""
    lines: list[str] = []
    for name in STATED:
        value = row.get(name)
        if value is None or (isinstance(value, float) and not np.isfinite(value)) or value == "":
            continue
        lines.append(f"{say(f'drawing.{name}', 'zh')}：{_value(name, value)}")
    return lines


def _value(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    amount = float(str(value))
    if name in PERCENT:
        return f"{100 * amount:.6g}%"
    return f"{amount:.6g}m" if name == "height_limit" else f"{amount:.6g}"


def _outline(space: Modelspace, shape: BaseGeometry, colour: str, *, kinds: tuple[str, str] = (PARCELS, HOLES)) -> None:
    """Draw outer rings on the first kind of layer, holes on the second."""
    red, green, blue = bytes.fromhex(colour.lstrip("#"))
    for area in _areas(shape):
        for ring, layer in [(area.exterior, kinds[0]), *((hole, kinds[1]) for hole in area.interiors)]:
            line = space.add_lwpolyline(
                [point[:2] for point in ring.coords[:-1]], close=True, dxfattribs={"layer": layer}
            )
            line.rgb = (red, green, blue)


def _areas(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return [area for area in shape.geoms if isinstance(area, Polygon)] if isinstance(shape, MultiPolygon) else []


def _label(drawing: Drawing, shape: BaseGeometry, lines: list[str]) -> None:
    if not lines or shape.is_empty:
        return
    spot = shape.representative_point()
    height = min(max(float(np.sqrt(shape.area)) / 22, SMALLEST), LARGEST)
    text = "\\P".join(_plain(line, drawing.output_encoding) for line in lines)
    note = drawing.modelspace().add_mtext(text, dxfattribs={"layer": TEXTS, "style": STYLE, "char_height": height})
    note.set_location((spot.x, spot.y), attachment_point=MTextEntityAlignment.MIDDLE_CENTER)


def _remark(drawing: Drawing, parcels: gpd.GeoDataFrame, lines: Sequence[str]) -> None:
    if parcels.empty:
        return
    left, _, _, top = parcels.total_bounds
    for at, line in enumerate(reversed(lines)):
        text = drawing.modelspace().add_text(
            _plain(line, drawing.output_encoding), height=2 * LARGEST, dxfattribs={"layer": REMARKS, "style": STYLE}
        )
        text.set_placement((left, top + 4 * LARGEST * (at + 1)))


def _plain(line: str, encoding: str) -> str:
    """Return a line without MTEXT control characters and characters that the encoding lacks."""
    line = line.translate({ord("\\"): "/", ord("{"): "(", ord("}"): ")", ord("^"): " "})
    return "".join(char if _writable(char, encoding) else MISSING for char in line)


def _writable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
