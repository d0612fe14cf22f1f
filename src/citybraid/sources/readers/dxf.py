"""DXF drawings: layers by pattern, arcs, nearly closed rings, texts given to the parcel that holds them."""

from collections.abc import Mapping
from pathlib import Path

import ezdxf.recover
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from ezdxf import filemanagement
from ezdxf.document import Drawing
from ezdxf.entities.mtext import MText
from ezdxf.lldxf.const import DXFError
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.codes import rows
from citybraid.sources.drawing import LINES, Note, Shapes, notes, on_layer, shapes
from citybraid.sources.encoding import named
from citybraid.sources.filespec import ShapeOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked
from citybraid.sources.plan_texts import layer_use, parted
from citybraid.sources.quantities import columns_of, geometry_of
from citybraid.sources.reading import Reading, findings
from citybraid.sources.tables import HANDLE, Said, interpreted
from citybraid.sources.target import Bounds, Target, union
from citybraid.sources.vectors import placed

SUFFIXES = (".dxf",)
VERSION = 1
METRES = {"m": 1.0, "mm": 0.001, "cm": 0.01, "km": 1000.0, "ft": 0.3048, "in": 0.0254}
INSUNITS = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m", 7: "km"}
PARTITIONS = frozenset({"parcels", "units"})
LINE_ROLES = frozenset({"streets", "inflows"})
SURROGATES = range(0xDC80, 0xDD00)


class Options(ShapeOptions):
    """What the study may say of a drawing."""

    encoding: str = ""
    layers: Mapping[str, str] = Field(default_factory=dict)
    unit: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the shapes of one role from a drawing, with what the texts inside each say.

    Raises InputError where the file is no DXF, has no shapes for the role, or the study names no CRS.
    """
    if geometry_of(role) is None:
        raise InputError("intake.role_not_table", name=path.name, role=role)
    drawing, found = _opened(path, options.encoding, role)
    scale, more = _scale(drawing, options.unit, path, role)
    found += more
    patterns, more = _patterns(drawing, role, options, path)
    found += more
    drawn = shapes(drawing.modelspace(), patterns, scale, rings=role not in LINE_ROLES)
    if role in PARTITIONS:
        found += _pierced(drawn, shapes(drawing.modelspace(), _known("holes"), scale, rings=True), role)
    if not drawn.shapes:
        layers = sorted({str(layer.dxf.name) for layer in drawing.layers})
        raise InputError(
            "intake.drawing_empty", name=path.name, role=role, patterns=patterns, layers=layers, open=len(drawn.open)
        )
    if len(drawn.shapes) > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=len(drawn.shapes), limit=limits.features)
    frame, more = _with_texts(drawn, notes(drawing.modelspace(), scale), role)
    found += [*more, *_mended(drawn, role, path)]
    frame = placed(frame, options.crs, name=path.name, axes=options.axes)
    reading = interpreted(frame, role, Said.of(options), target, name=path.name)
    return Reading(reading.layers, findings(found, reading.findings))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return the roles that the names of drawing layers suggest, each as a layer of its own."""
    drawing, _ = _opened(path, "", path.stem)
    used = {str(entity.dxf.layer) for entity in drawing.modelspace() if entity.dxftype() in LINES}
    found: list[Peeked] = []
    left = set(used)
    for role in dict.fromkeys(row["role"] for row in rows("drawing_layers") if row["role"] != "holes"):
        known = _known(role)
        hit = tuple(sorted(name for name in left if on_layer(name, known)))
        if hit:
            left -= set(hit)
            bounds = _bounds(drawing, hit)
            found.append(Peeked("line" if role in LINE_ROLES else "polygon", role, bounds=bounds, patterns=hit))
    every = tuple(sorted(used))
    return tuple(found) or (Peeked("polygon", "parcels", bounds=_bounds(drawing, every), patterns=every),)


def _bounds(drawing: Drawing, layers: tuple[str, ...]) -> Bounds | None:
    """The bounds of what stands on some layers, in the drawing's own unit; None where nothing does."""
    drawn = shapes(drawing.modelspace(), tuple(_escaped(name) for name in layers), 1.0, rings=False)
    return union([shape.bounds for shape in drawn.shapes])


def _known(role: str) -> tuple[str, ...]:
    """Layer patterns by which a role is known."""
    return tuple(row["pattern"] for row in rows("drawing_layers") if row["role"] == role)


def _pierced(drawn: Shapes, holes: Shapes, role: str) -> list[Finding]:
    """Cut out of each ring the rings inside it: parcels and units do not lie on one another."""
    rings = np.array(drawn.shapes, dtype=object)
    inner = np.array([*drawn.shapes, *holes.shapes], dtype=object)
    if not len(rings):
        return []
    held, outer = shapely.STRtree(rings).query(shapely.make_valid(inner), predicate="within")
    held, outer = held[held != outer], outer[held != outer]
    smaller = shapely.area(inner[held]) < shapely.area(rings[outer])
    held, outer = held[smaller], outer[smaller]
    for ring in np.unique(outer):
        drawn.shapes[ring] = shapely.difference(rings[ring], shapely.union_all(inner[held[outer == ring]]))
    return [Finding("repaired", "intake.rings_nested", role, len(np.unique(outer)))] if len(outer) else []


def _opened(path: Path, encoding: str, role: str) -> tuple[Drawing, list[Finding]]:
    """The drawing, its texts decoded: the study's encoding, else the drawing's, else GB18030 where that one fails."""
    if path.suffix.lower() == ".dwg":
        raise InputError("intake.dwg", name=path.name)
    try:
        said = named(encoding, name=path.name) if encoding else None
        drawing = filemanagement.readfile(path, encoding=said, errors="surrogateescape")
        if said is None and _is_garbled(drawing):
            drawing = filemanagement.readfile(path, encoding="gb18030", errors="surrogateescape")
            note = {"name": path.name, "stated": drawing.header.get("$DWGCODEPAGE", "-"), "encoding": "gb18030"}
            return drawing, [Finding("repaired", "intake.encoding_wrong", role, values=note)]
    except (OSError, UnicodeError) as fault:
        raise InputError("intake.not_this_format", name=path.name, format="DXF") from fault
    except DXFError as fault:
        return _recovered(path, role, fault)
    values = {"name": path.name, "encoding": drawing.encoding}
    return drawing, [Finding("found", "intake.encoding_stated", role, values=values)]


def _recovered(path: Path, role: str, fault: Exception) -> tuple[Drawing, list[Finding]]:
    try:
        drawing, audit = ezdxf.recover.readfile(path)
    except (OSError, UnicodeError, DXFError, ValueError) as worse:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from worse
    note = {"name": path.name, "why": str(fault)[:160]}
    return drawing, [Finding("repaired", "intake.drawing_recovered", role, max(1, len(audit.errors)), note)]


def _is_garbled(drawing: Drawing) -> bool:
    """Whether names or texts hold bytes that its encoding does not know, or is Chinese read as western."""
    words = [str(layer.dxf.name) for layer in drawing.layers]
    words += [str(text.dxf.text) for text in drawing.modelspace().query("TEXT")]
    words += [text.text for text in drawing.modelspace().query("MTEXT") if isinstance(text, MText)]
    joined = "".join(words)
    if any(ord(letter) in SURROGATES for letter in joined):
        return True
    if drawing.encoding not in ("cp1252", "latin_1"):
        return False
    high = [letter for letter in joined if not letter.isascii()]
    return bool(high) and _is_chinese(joined, drawing.encoding)


def _is_chinese(text: str, encoding: str) -> bool:
    """Whether western text is really GB18030: its bytes decode to Chinese letters, all of them."""
    try:
        read = text.encode(encoding).decode("gb18030")
    except UnicodeError:
        return False
    return all("一" <= letter <= "鿿" or letter.isascii() or letter in "，。：；（）≤≥—·" for letter in read)


def _scale(drawing: Drawing, said: str, path: Path, role: str) -> tuple[float, list[Finding]]:
    if said:
        if said not in METRES:
            raise InputError("intake.drawing_unit", name=path.name, got=said, needs=sorted(METRES))
        return METRES[said], []
    unit = INSUNITS.get(int(drawing.header.get("$INSUNITS", 0) or 0))
    if unit is None:
        return 1.0, [Finding("guessed", "intake.unit_guessed", role, values={"name": path.name, "unit": "m"})]
    notes = (
        [] if unit == "m" else [Finding("found", "intake.unit_stated", role, values={"name": path.name, "unit": unit})]
    )
    return METRES[unit], notes


def _patterns(drawing: Drawing, role: str, options: Options, path: Path) -> tuple[tuple[str, ...], list[Finding]]:
    """Layer patterns of a role: the study's, else known names, else every layer; what is guessed is told."""
    names = sorted({str(layer.dxf.name) for layer in drawing.layers})
    if pattern := options.layers.get(role):
        if not any(on_layer(name, (pattern,)) for name in names):
            raise InputError("intake.drawing_layer_absent", name=path.name, got=pattern, needs=names)
        return (pattern,), []
    known = _known(role)
    hit = tuple(name for name in names if on_layer(name, known))
    chosen = tuple(_escaped(name) for name in hit) or ("*",)
    values = {"name": path.name, "layers": hit or names}
    return chosen, [Finding("guessed", "intake.drawing_layers_guessed", role, len(hit or names), values)]


def _escaped(name: str) -> str:
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in name)


def _with_texts(drawn: Shapes, texts: list[Note], role: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """The shapes with columns of what the texts inside say; where shapes nest, the smallest has the text."""
    frame = gpd.GeoDataFrame({HANDLE: drawn.handles}, geometry=drawn.shapes)
    allowed = columns_of(role)
    if role in LINE_ROLES:
        return frame.assign(road_class=drawn.layers) if role == "streets" else frame, []
    holder = _holders(frame.geometry, texts)
    cells: dict[str, dict[int, str]] = {}
    loose, unread, twice = 0, [], 0
    for note, row in zip(texts, holder, strict=True):
        stated, rest = parted(note.lines, allowed, layer=note.layer)
        if row < 0:
            loose += bool(stated)
            continue
        unread += rest
        for var, value in stated.items():
            before = cells.setdefault(var, {}).setdefault(int(row), value)
            twice += before != value
    attached = sum(map(len, cells.values()))
    by_layer = {row: use for row, layer in enumerate(drawn.layers) if (use := layer_use(layer))}
    silent = {
        row: use for row, use in by_layer.items() if "land_use" in allowed and row not in cells.get("land_use", {})
    }
    if silent:
        cells.setdefault("land_use", {}).update(silent)
    columns = {var: pd.Series(values, dtype=object).reindex(range(len(frame))) for var, values in cells.items()}
    told = [Finding("found", "intake.texts_attached", role, attached, {"columns": sorted(cells)})] if cells else []
    told += [Finding("found", "intake.use_from_layer", role, len(silent))] if silent else []
    told += [Finding("rejected", "intake.texts_loose", role, loose)] if loose else []
    told += [Finding("rejected", "intake.texts_contradict", role, twice)] if twice else []
    told += (
        [Finding("found", "intake.texts_unread", role, len(unread), {"examples": sorted(set(unread))[:4]})]
        if unread
        else []
    )
    return frame.assign(**columns), told


def _holders(rings: gpd.GeoSeries, texts: list[Note]) -> np.ndarray:
    """The row of the smallest ring that holds each text, -1 where none does."""
    points = shapely.points(np.array([(text.x, text.y) for text in texts], dtype=float).reshape(-1, 2))
    tree = shapely.STRtree(rings.to_numpy())
    text, ring = tree.query(points, predicate="intersects")
    order = np.lexsort((rings.area.to_numpy()[ring], text))
    holder = np.full(len(texts), -1)
    firsts, at = np.unique(text[order], return_index=True)
    holder[firsts] = ring[order][at]
    return holder


def _mended(drawn: Shapes, role: str, path: Path) -> list[Finding]:
    found: list[Finding] = []
    if drawn.mended:
        found.append(
            Finding(
                "repaired",
                "intake.rings_closed",
                role,
                len(drawn.mended),
                {"name": path.name, "largest": max(drawn.mended)},
            )
        )
    if drawn.open:
        x, y = drawn.open[0]
        found.append(
            Finding(
                "rejected",
                "intake.rings_open",
                role,
                len(drawn.open),
                {"name": path.name, "x": round(x, 1), "y": round(y, 1)},
            )
        )
    if drawn.other:
        kinds = [f"{kind} ({count})" for kind, count in sorted(drawn.other.items())]
        found.append(
            Finding(
                "rejected",
                "intake.entities_skipped",
                role,
                sum(drawn.other.values()),
                {"name": path.name, "kinds": kinds},
            )
        )
    return found
