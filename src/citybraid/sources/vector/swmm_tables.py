"""Nodes, links and catchments of a SWMM model as tables in SI units."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.vector.swmm_text import Row

FOOT, ACRE, HECTARE = 0.3048, 4046.8564224, 1e4
"""International foot [m], acre [m2] and hectare [m2]."""
US = frozenset({"CFS", "GPM", "MGD"})
SI = frozenset({"CMS", "LPS", "MLD"})
NODES = {"JUNCTIONS": "junction", "OUTFALLS": "outfall", "STORAGE": "storage", "DIVIDERS": "divider"}
LINKS = {"CONDUITS": "conduit", "PUMPS": "pump", "ORIFICES": "orifice", "WEIRS": "weir", "OUTLETS": "outlet"}
DEPTH_AT = {"JUNCTIONS": 2, "STORAGE": 2}
"""Word of a row that holds the greatest depth; a divider's depends on its kind."""
RING = 3

MOST_TOLD = 12
Rows = Mapping[str, Sequence[Row]]


class Scale(NamedTuple):
    """What numbers are multiplied by to be in SI: lengths, areas; and the flow unit that says so."""

    length: float
    area: float
    flow: str


class Tables(NamedTuple):
    """A model's tables, each with geometry and raw columns; what could not be placed is told."""

    nodes: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    catchments: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def scale_of(rows: Rows, *, name: str) -> tuple[Scale, list[PlanError]]:
    """Return the units of a model: SWMM takes CFS, and with it feet and acres, where it names none."""
    stated = [row for row in rows.get("OPTIONS", ()) if row.words[0].upper() == "FLOW_UNITS" and len(row.words) > 1]
    flow = stated[-1].words[1].upper() if stated else "CFS"
    if flow in US:
        return Scale(FOOT, ACRE, flow), []
    problem = InputError(
        "intake.swmm_units", name=name, line=stated[-1].line if stated else 0, got=flow, needs=sorted(US | SI)
    )
    return Scale(1.0, HECTARE, flow), [] if flow in SI else [problem]


def tables_of(rows: Rows, scale: Scale, *, name: str) -> tuple[Tables, list[PlanError]]:
    """Return the tables of a model, and every number or name in it that cannot be used."""
    problems: list[PlanError] = []
    points = _points(rows.get("COORDINATES", ()), "COORDINATES", problems, name=name)
    at = {node: places[-1] for node, places in points.items()}
    bends = _points(rows.get("VERTICES", ()), "VERTICES", problems, name=name)
    rings = _points(rows.get("POLYGONS", ()), "POLYGONS", problems, name=name)
    nodes, bare = _nodes(rows, at, scale, problems, name=name)
    links = _links(rows, at, bends, scale, problems, name=name)
    areas, flat = _catchments(rows, rings, scale, problems, name=name)
    told = []
    if bare:
        told.append(_told("intake.swmm_nodes_unplaced", "drain_nodes", bare, name))
    if flat:
        told.append(_told("intake.swmm_areas_unplaced", "drain_catchments", flat, name))
    return Tables(nodes, links, areas, tuple(told)), problems


def _nodes(
    rows: Rows, at: Mapping[str, tuple[float, float]], scale: Scale, problems: list[PlanError], *, name: str
) -> tuple[gpd.GeoDataFrame, list[str]]:
    found: list[dict[str, object]] = []
    bare: list[str] = []
    for section, kind in NODES.items():
        for row in rows.get(section, ()):
            node = row.words[0]
            place = DEPTH_AT.get(section)
            depth = (
                _number(row, place, section, problems, name=name)
                if place is not None and len(row.words) > place
                else math.nan
            )
            invert = _number(row, 1, section, problems, name=name)
            if node not in at:
                bare.append(node)
                continue
            levels = {"invert_level": invert * scale.length, "node_depth": depth * scale.length}
            found.append({"id": node, "node_kind": kind, **levels, "geometry": shapely.Point(at[node])})
    return _frame(found, ("node_kind", "invert_level", "node_depth"), problems, name=name), bare


def _links(
    rows: Rows, at: Mapping[str, tuple[float, float]], bends: Mapping[str, list[tuple[float, float]]], scale: Scale,
    problems: list[PlanError], *, name: str,
) -> gpd.GeoDataFrame:  # fmt: skip
    shapes = {row.words[0]: row for row in rows.get("XSECTIONS", ())}
    known = {row.words[0] for section in NODES for row in rows.get(section, ())}
    found: list[dict[str, object]] = []
    for section, kind in LINKS.items():
        for row in rows.get(section, ()):
            link, start, end = row.words[:3]
            if missing := [node for node in (start, end) if node not in known]:
                problems.append(InputError("intake.swmm_node", name=name, line=row.line, link=link, node=missing[0]))
                continue
            if start not in at or end not in at:
                continue
            conduit, much = kind == "conduit", scale.length
            line = shapely.LineString([at[start], *bends.get(link, ()), at[end]])
            found.append(
                {"id": link, "link_kind": kind, "from_node": start, "to_node": end,
                 "conduit_length": much * _number(row, 3, section, problems, name=name) if conduit else math.nan,
                 "conduit_roughness": _number(row, 4, section, problems, name=name) if conduit else math.nan,
                 **_section(shapes.get(link), scale, problems, name=name), "geometry": line}
            )  # fmt: skip
    columns = (
        "link_kind", "from_node", "to_node", "conduit_length", "conduit_roughness", "conduit_shape", "conduit_height",
        "conduit_width",
    )  # fmt: skip
    return _frame(found, columns, problems, name=name)


def _section(row: Row | None, scale: Scale, problems: list[PlanError], *, name: str) -> dict[str, object]:
    """Shape, height and width of a link's section; a surveyed or named one has no height of its own here."""
    if row is None:
        return {"conduit_shape": "", "conduit_height": math.nan, "conduit_width": math.nan}
    shape = row.words[1].upper()
    if shape in ("IRREGULAR", "STREET"):
        return {"conduit_shape": shape, "conduit_height": math.nan, "conduit_width": math.nan}
    height = _number(row, 2, "XSECTIONS", problems, name=name)
    round_ = shape in ("CIRCULAR", "FORCE_MAIN", "FILLED_CIRCULAR", "CUSTOM")
    width = math.nan if round_ or len(row.words) <= 3 else _number(row, 3, "XSECTIONS", problems, name=name)  # noqa: PLR2004  (name, shape, height)
    return {"conduit_shape": shape, "conduit_height": height * scale.length, "conduit_width": width * scale.length}


def _catchments(
    rows: Rows, rings: Mapping[str, list[tuple[float, float]]], scale: Scale, problems: list[PlanError], *, name: str
) -> tuple[gpd.GeoDataFrame, list[str]]:
    found: list[dict[str, object]] = []
    flat: list[str] = []
    for row in rows.get("SUBCATCHMENTS", ()):
        numbers = [_number(row, place, "SUBCATCHMENTS", problems, name=name) for place in (3, 4, 5, 6)]
        area, share, width, slope = numbers
        ring = rings.get(row.words[0], [])
        if len(ring) < RING:
            flat.append(row.words[0])
            continue
        found.append(
            {"id": row.words[0], "catchment_outlet": row.words[2], "catchment_area": area * scale.area,
             "catchment_imperviousness": share / 100, "catchment_width": width * scale.length,
             "catchment_slope": slope / 100, "geometry": shapely.Polygon(ring)}
        )  # fmt: skip
    columns = ("catchment_outlet", "catchment_area", "catchment_imperviousness", "catchment_width", "catchment_slope")
    return _frame(found, columns, problems, name=name), flat


def _points(
    rows: Sequence[Row], section: str, problems: list[PlanError], *, name: str
) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        place = (_number(row, 1, section, problems, name=name), _number(row, 2, section, problems, name=name))
        if all(math.isfinite(each) for each in place):
            found.setdefault(row.words[0], []).append(place)
    return found


def _number(row: Row, place: int, section: str, problems: list[PlanError], *, name: str) -> float:
    """A word of a row as a number; where it is none, NaN, and a problem is added."""
    try:
        value = float(row.words[place])
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    problems.append(
        InputError(
            "intake.swmm_number", name=name, line=row.line, section=section, got=row.words[place][:40], place=place + 1
        )
    )
    return math.nan


def _frame(
    found: Sequence[Mapping[str, object]], columns: Sequence[str], problems: list[PlanError], *, name: str
) -> gpd.GeoDataFrame:
    """A table by ids; a name that stands twice is a problem."""
    ids = [str(each["id"]) for each in found]
    if twice := sorted({each for each in ids if ids.count(each) > 1}) if len(set(ids)) < len(ids) else []:
        problems.append(InputError("intake.swmm_twice", name=name, names=twice[:MOST_TOLD]))
    data = {column: [each[column] for each in found] for column in columns}
    shapes = [each["geometry"] for each in found]
    return gpd.GeoDataFrame(data, geometry=shapes, index=pd.Index(ids, dtype=object, name="id"))


def _told(text: str, layer: str, names: Sequence[str], name: str) -> Finding:
    return Finding("advice", text, layer, len(names), {"name": name, "examples": list(names[:4])})
