"""The land-use plan as a drawing: GBK-encoded DXF R2000, a layer per land use, controls as texts."""

import re
from io import StringIO
from pathlib import Path

import ezdxf.filemanagement
from ezdxf.document import Drawing
from ezdxf.layouts.layout import Modelspace
from shapely.geometry import Point

from citybraid.sources.synthetic.frame import LABEL, ORIGIN, SIDE, on_map
from citybraid.sources.synthetic.parcels import Parcel
from citybraid.sources.synthetic.streets import Street
from citybraid.sources.synthetic.zoning import use_name

TEXT_HEIGHT = 2.5
LEADING = 3.4
"""Distance between two lines of text [m]."""
CLASS_DIGITS = 2
HAND_DRAWN = 41
"""Interval of parcels whose ring is left open by a few centimetres, as in hand-drawn plans."""
COLORS = {"07": 2, "08": 6, "09": 1, "10": 34, "11": 191, "12": 8, "13": 154, "14": 3, "16": 7, "17": 5, "01": 51}
"""AutoCAD colour by class of land use."""
CLOCKS = re.compile(r"(\$TD(?:CREATE|UCREATE|UPDATE|UUPDATE)\n *40\n)[^\n]+")
GUIDS = re.compile(r"(\$(?:FINGERPRINTGUID|VERSIONGUID)\n *2\n)[^\n]+")
EZDXF_STAMP = re.compile(r"\d+\.\d+[^\n]* @ \d{4}-\d\d-\d\dT[^\n]+")
JULIAN = "2461041.5"
"""1 January 2026 as a Julian date."""


def layer_of(code: str) -> str:
    """Name of the layer that holds a land use."""
    return f"用地-{code}-{use_name(code)}"


def _texts(parcel: Parcel) -> list[str]:
    lines = [parcel.number, parcel.code if len(parcel.code) > CLASS_DIGITS else f"用地代码 {parcel.code}"]
    if parcel.controls is not None:
        stated = parcel.controls
        lines += [
            f"容积率 {stated.floor_area_ratio:.1f}",
            f"建筑密度 {stated.building_density:.0%}",
            f"限高 {stated.height_limit:g}m",
            f"绿地率 {stated.green_ratio:.0%}",
        ]
    return lines


def _draw_ring(space: Modelspace, parcel: Parcel, number: int) -> None:
    corners = [(round(x, 2), round(y, 2)) for x, y in on_map(parcel.shape).exterior.coords]
    layer = {"layer": layer_of(parcel.code)}
    if number % HAND_DRAWN == 0:
        x, y = corners[-1]
        space.add_lwpolyline([*corners[:-1], (x + 0.03, y - 0.02)], dxfattribs=layer)
        return
    space.add_lwpolyline(corners[:-1], close=True, dxfattribs=layer)


def _draw_texts(space: Modelspace, parcel: Parcel) -> None:
    """Single-line texts where all of them start inside the parcel, else one multi-line text."""
    shape = on_map(parcel.shape)
    point = shape.representative_point()
    lines = _texts(parcel)
    top = point.y + LEADING * (len(lines) - 1) / 2
    places = [(round(point.x, 2), round(top - LEADING * row, 2)) for row in range(len(lines))]
    if all(shape.contains(Point(place)) for place in places):
        for line, place in zip(lines, places, strict=True):
            space.add_text(line, height=TEXT_HEIGHT, dxfattribs={"layer": "地块指标"}).set_placement(place)
        return
    attributes = {"layer": "地块指标", "char_height": TEXT_HEIGHT, "insert": (round(point.x, 2), round(point.y, 2))}
    space.add_mtext("\\P".join(lines), dxfattribs=attributes)


def _draw_title(space: Modelspace) -> None:
    west, south = ORIGIN
    words = (
        f"嘉兴高铁新城详细规划（{LABEL}数据，非真实规划） SYNTHETIC DATA - NOT A REAL PLAN",
        "CGCS2000 / 3度带 中央经线120° (EPSG:4549)，单位：米",
    )
    for row, line in enumerate(words):
        text = space.add_text(line, height=14.0, dxfattribs={"layer": f"说明-{LABEL}数据"})
        text.set_placement((west, south + SIDE + 44.0 - 24.0 * row))


def _document() -> Drawing:
    document = ezdxf.filemanagement.new("R2000", setup=False, units=6)
    document.encoding = "gbk"
    return document


def write_drawing(path: Path, parcels: tuple[Parcel, ...], pieces: tuple[Street, ...]) -> Path:
    """Write the parcels with their texts and the streets' centre lines."""
    document = _document()
    for code in sorted({parcel.code for parcel in parcels}):
        document.layers.add(layer_of(code), color=COLORS[code[:2]])
    for name, color in (("地块指标", 7), ("道路中心线", 9), (f"说明-{LABEL}数据", 1)):
        document.layers.add(name, color=color)
    space = document.modelspace()
    for number, parcel in enumerate(parcels, 1):
        _draw_ring(space, parcel, number)
        _draw_texts(space, parcel)
    for piece in pieces:
        line = [(round(x, 2), round(y, 2)) for x, y in on_map(piece.line).coords]
        space.add_lwpolyline(line, dxfattribs={"layer": "道路中心线"})
    _draw_title(space)
    text = StringIO()
    document.write(text)
    fixed = CLOCKS.sub(rf"\g<1>{JULIAN}", text.getvalue())
    fixed = GUIDS.sub(r"\g<1>{00000000-0000-0000-0000-000000000000}", fixed)
    fixed = EZDXF_STAMP.sub("2026-01-01", fixed)
    path.write_bytes(fixed.encode("gbk"))
    return path
