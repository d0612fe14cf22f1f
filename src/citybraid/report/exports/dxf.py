"""Parcels as a DXF drawing with their controls as texts, for any CAD program; GBK for old ones, UTF-8 for new ones."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args
from unicodedata import normalize

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from ezdxf import filemanagement
from ezdxf.colors import aci2rgb
from ezdxf.document import Drawing
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.mtext import MText
from ezdxf.entities.text import Text as DxfText
from ezdxf.enums import MTextEntityAlignment, TextEntityAlignment
from ezdxf.lldxf.tagwriter import AbstractTagWriter
from shapely.geometry import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.core.text import say
from citybraid.report.chapter import in_words
from citybraid.report.drawing.font import MISSING
from citybraid.report.drawing.palettes import code_colours, code_names
from citybraid.report.remarks.crs_title import crs_title

Release = Literal["R2000", "R2010"]
PARCELS, HOLES, TEXTS, REMARKS, CODES = "用地-地块", "内环", "文字-控制指标", "说明", "溯源码"
USES = "用地-"
UNKNOWN, INK = "#8c8c8c", "#ffffff"
"""Colours of parcels without a use of the standard, and of texts: white, which is black on white paper."""
"""Layer names; a ring of a DXF has no holes, so they lie on a layer of their own."""
STYLE, FONT = "HZ", "simsun.ttf"
PERCENT = frozenset({"building_density", "green_ratio"})
METRES_UNIT, CLOSED = 6, 1
SMALLEST, LARGEST = 1.0, 6.0
"""Text height [m]."""
SCREEN, ROOM = 1.6, 1.1
"""Width of a CAD program's window over its height, and the view over what is drawn [-]."""
HYPHENS: Mapping[str, str] = {"\N{MINUS SIGN}": "-", "\N{NON-BREAKING HYPHEN}": "-", "\N{SUPERSCRIPT MINUS}": "-"}
"""Signs that GBK lacks and a hyphen stands for."""
LEADING = 5 / 3
"""Distance of a text's lines as a share of its height (DXF reference, MTEXT)."""
OTHER_ENDS = {
    "floor_area_ratio": "least_floor_area_ratio", "building_density": "least_building_density",
    "green_ratio": "most_green_ratio", "height_limit": "least_height",
}  # fmt: skip
"""Quantities that hold the other end where the plan states a span."""
STATED = ("plot_number", "land_use", "floor_area_ratio", "building_density", "green_ratio", "height_limit")
"""Controls written on the drawing, in the order that planners read them."""


def write_dxf(
    paths: Mapping[Release, Path], parcels: gpd.GeoDataFrame, *, remarks: Sequence[str] = (),
    codes: Mapping[str, str] | None = None,
) -> list[Path]:  # fmt: skip
    """Write parcels as closed polylines on a layer for each land use, each with its controls as a text inside it.

    Layers and outlines have the standard's colours. `codes` are written on a layer of their own, below the controls.

    The drawing is made once and written in each release to its path. R2000 is written in GBK (code page 936):
    characters that GBK lacks are written plainly (m² as m2), else shown as 〓. R2010 is UTF-8. The drawing's unit is
    the metre. DXF has no field for a CRS: it is written with the remarks, above the parcels.
    """
    colours, names = code_colours("land_use"), code_names("land_use", "zh")
    present = sorted({str(code) for code in parcels["land_use"]} & set(colours)) if "land_use" in parcels else []
    layers = {code: _plain_layer(f"{USES}{code}-{names[code]}") for code in present}
    drawing = _new({PARCELS: UNKNOWN, **{layers[code]: colours[code] for code in present}, HOLES: UNKNOWN, TEXTS: INK,
                    REMARKS: INK, **({CODES: UNKNOWN} if codes else {})})  # fmt: skip
    for at, shape in enumerate(parcels.geometry):
        row = {str(name): value for name, value in parcels.iloc[at].items()}
        code = str(row.get("land_use", ""))
        _outline(drawing, shape, colours.get(code, UNKNOWN), kinds=(layers.get(code, PARCELS), HOLES))
        lines = stated(row)
        _label(drawing, shape, lines)
        if provenance := (codes or {}).get(str(parcels.index[at]), ""):
            _code(drawing, shape, provenance, below=len(lines))
    _remark(drawing, parcels, [*remarks, crs_name(parcels)])
    return _save(drawing, paths)


def write_outlines(
    paths: Mapping[Release, Path], layers: Mapping[str, gpd.GeoSeries], *, colours: Mapping[str, str],
    remarks: Sequence[str] = (), labels: Mapping[str, Sequence[str]] | None = None,
) -> list[Path]:  # fmt: skip
    """Write areas as closed polylines, a layer of the drawing for each kind, each with its label inside, else its id.

    Holes lie on the layer too: CAD programs hatch by rings. Releases, encoding and unit as for parcels.
    """
    drawing = _new({**{name: colours[name] for name in layers}, TEXTS: INK, REMARKS: INK})
    for name, shapes in layers.items():
        for key, shape in shapes.items():
            _outline(drawing, shape, colours[name], kinds=(name, name))
            _label(drawing, shape, list((labels or {}).get(str(key), [str(key)])))
    every = gpd.GeoDataFrame(geometry=pd.concat(list(layers.values())))
    _remark(drawing, every, [*remarks, crs_name(every)])
    return _save(drawing, paths)


def crs_name(frame: gpd.GeoDataFrame) -> str:
    """Return the name of a table's CRS with its code, as planners write it; nothing where it has none."""
    return "" if frame.crs is None else in_words(crs_title(frame.crs), "zh")


def release_paths(folder: Path, name: str) -> dict[Release, Path]:
    """Return the path of a drawing in each release."""
    return {release: folder / f"{name}_{release}.dxf" for release in get_args(Release)}


def _new(layers: Mapping[str, str]) -> Drawing:
    """Return an empty drawing with coloured layers; R2000 has numbered colours alone, of which the nearest is taken."""
    drawing = filemanagement.new("R2010", setup=False, units=METRES_UNIT)
    for name, colour in layers.items():
        drawing.layers.add(name, color=nearest_colour(colour), true_color=int(colour.lstrip("#"), 16))
    drawing.styles.add(STYLE, font=FONT)
    return drawing


@cache
def nearest_colour(colour: str) -> int:
    """Return the number of the AutoCAD colour that is nearest to a colour; 1 to 255."""
    wanted = np.array(list(bytes.fromhex(colour.lstrip("#"))), dtype=np.float64)
    known = np.array([aci2rgb(number) for number in range(1, 256)], dtype=np.float64)
    return 1 + int(np.argmin(((known - wanted) ** 2).sum(axis=1)))


def _plain_layer(name: str) -> str:
    """Return a layer's name without the characters that CAD programs forbid in one."""
    return name.translate(dict.fromkeys(map(ord, '<>/\\":;?*|=`,'), "-"))


def _save(drawing: Drawing, paths: Mapping[Release, Path]) -> list[Path]:
    """Write a drawing in each release, the newest first: GBK replaces characters for good.

    It opens on what is drawn: CAD programs begin at the origin else, thousands of kilometres away.
    """
    _open_on_all(drawing)
    for release in sorted(paths, reverse=True):
        if release == "R2000":
            drawing.dxfversion = release
            drawing.encoding = "gbk"
            drawing.header["$DWGCODEPAGE"] = "ANSI_936"
            for note in drawing.modelspace():
                if isinstance(note, MText):
                    note.text = _encodable(note.text)
                elif isinstance(note, DxfText):
                    note.dxf.text = _encodable(note.dxf.text)
        drawing.saveas(paths[release])
    return list(paths.values())


def _open_on_all(drawing: Drawing) -> None:
    """Set the extents of a drawing and the view that it opens with, from its outlines."""
    corners = [each.reach for each in drawing.modelspace() if isinstance(each, Ring)]
    if not corners:
        return
    bounds = np.array(corners, dtype=float)
    (west, south), (east, north) = bounds[:, :2].min(axis=0).tolist(), bounds[:, 2:].max(axis=0).tolist()
    drawing.modelspace().reset_extents((west, south, 0.0), (east, north, 0.0))
    high = max(north - south, (east - west) / SCREEN) * ROOM
    drawing.set_modelspace_vport(high, ((west + east) / 2, (south + north) / 2))


def stated(row: Mapping[str, object]) -> list[str]:
    """Return the lines that a parcel's controls are written in, those that are missing left out."""
    lines: list[str] = []
    for name in STATED:
        value, other = row.get(name), row.get(OTHER_ENDS.get(name, ""))
        if _absent(value) and _absent(other):
            continue
        lines.append(f"{say(f'drawing.{name}', 'zh')}：{_span(name, value, other)}")
    return lines


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, float) and not np.isfinite(value)) or value == ""


def _span(name: str, value: object, other: object) -> str:
    """Return a value, the two ends of a span (1.5-2.5), or the other end alone with its sign (≥1.2)."""
    if _absent(other):
        return _value(name, value)
    if _absent(value):
        return f"{'≤' if name == 'green_ratio' else '≥'}{_value(name, other)}"
    return "-".join(_value(name, each) for each in sorted((value, other), key=lambda each: float(str(each))))


def _value(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    amount = float(str(value))
    if name in PERCENT:
        return f"{100 * amount:.6g}%"
    return f"{amount:.6g}m" if name == "height_limit" else f"{amount:.6g}"


class Ring(DXFGraphic):
    """A closed polyline whose vertices are kept as written: ezdxf's own would format each anew for every release."""

    DXFTYPE = "LWPOLYLINE"
    vertices = ""
    reach: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """West, south, east and north of the vertices [m]."""

    def export_entity(self, tagwriter: AbstractTagWriter) -> None:
        """Write the layer and the colour, then the vertices."""
        super().export_entity(tagwriter)
        tagwriter.write_str(self.vertices)


def _outline(drawing: Drawing, shape: BaseGeometry, colour: str, *, kinds: tuple[str, str] = (PARCELS, HOLES)) -> None:
    """Draw outer rings on the first kind of layer, holes on the second."""
    space, true_colour = drawing.modelspace(), int(colour.lstrip("#"), 16)
    for area in _areas(shape):
        for ring, layer in [(area.exterior, kinds[0]), *((hole, kinds[1]) for hole in area.interiors)]:
            line = Ring.new(dxfattribs={"layer": layer, "true_color": true_colour}, doc=drawing)
            line.vertices, line.reach = _vertices(ring), ring.bounds
            space.add_entity(line)


def _vertices(ring: LinearRing) -> str:
    """Return a closed polyline: number of vertices, flag, each vertex (DXF 2012 reference, LWPOLYLINE)."""
    points = shapely.get_coordinates(ring)[:-1].tolist()
    places = "".join(f" 10\n{x}\n 20\n{y}\n" for x, y in points)
    return f"100\nAcDbPolyline\n 90\n{len(points)}\n 70\n{CLOSED}\n{places}"


def _areas(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    return [area for area in shape.geoms if isinstance(area, Polygon)] if isinstance(shape, MultiPolygon) else []


def _label(drawing: Drawing, shape: BaseGeometry, lines: list[str]) -> None:
    if not lines or shape.is_empty:
        return
    spot = shape.representative_point()
    height = _height(shape)
    text = "\\P".join(map(_plain, lines))
    note = drawing.modelspace().add_mtext(text, dxfattribs={"layer": TEXTS, "style": STYLE, "char_height": height})
    note.set_location((spot.x, spot.y), attachment_point=MTextEntityAlignment.MIDDLE_CENTER)


def _code(drawing: Drawing, shape: BaseGeometry, code: str, *, below: int) -> None:
    """Write a code in brackets below so many lines of a label."""
    if shape.is_empty:
        return
    spot, height = shape.representative_point(), _height(shape)
    text = drawing.modelspace().add_text(f"[{code}]", height=height, dxfattribs={"layer": CODES, "style": STYLE})
    down = height * (below / 2 + 1) * LEADING
    text.set_placement((spot.x, spot.y - down), align=TextEntityAlignment.MIDDLE_CENTER)


def _height(shape: BaseGeometry) -> float:
    """Return the height of a text inside a shape [m]."""
    return min(max(float(np.sqrt(shape.area)) / 22, SMALLEST), LARGEST)


def _remark(drawing: Drawing, parcels: gpd.GeoDataFrame, lines: Sequence[str]) -> None:
    if parcels.empty:
        return
    left, _, _, top = parcels.total_bounds
    for at, line in enumerate(reversed(lines)):
        text = drawing.modelspace().add_text(
            _plain(line), height=2 * LARGEST, dxfattribs={"layer": REMARKS, "style": STYLE}
        )
        text.set_placement((left, top + 4 * LARGEST * (at + 1)))


def _plain(line: str) -> str:
    """Return a line without MTEXT control characters."""
    return line.translate({ord("\\"): "/", ord("{"): "(", ord("}"): ")", ord("^"): " "})


def _encodable(text: str) -> str:
    """Return a text in which characters that GBK lacks are written plainly (m² as m2), else shown as 〓."""
    return "".join(char if _in_gbk(char) else _plainer(char) for char in text)


def _plainer(char: str) -> str:
    """Return what a character is written as where GBK lacks it: a raised or lowered digit as a digit, a minus as -."""
    plain = HYPHENS.get(char) or normalize("NFKC", char)
    return plain if all(map(_in_gbk, plain)) else MISSING


def _in_gbk(char: str) -> bool:
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
