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
"""Position in a row of the maximum depth; for a divider it depends on its kind."""
RING = 3

MAX_NAMES = 12
Rows = Mapping[str, Sequence[Row]]


class Scale(NamedTuple):
    """Factors that convert lengths and areas to SI, and the flow unit that implies them."""

    length: float
    area: float
    flow: str


class Tables(NamedTuple):
    """A model's tables, each with geometry and raw columns; findings list what has no coordinates."""

    nodes: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    catchments: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def scale_of(rows: Rows, *, name: str) -> tuple[Scale, list[PlanError]]:
    """Return the units of a model: SWMM assumes CFS, with feet and acres, where none is stated."""
    stated = [row for row in rows.get("OPTIONS", ()) if row.words[0].upper() == "FLOW_UNITS" and len(row.words) > 1]
    flow = stated[-1].words[1].upper() if stated else "CFS"
    if flow in US:
        return Scale(FOOT, ACRE, flow), []
    problem = InputError(
        "intake.swmm_units", name=name, line=stated[-1].line if stated else 0, got=flow, needs=sorted(US | SI)
    )
    return Scale(1.0, HECTARE, flow), [] if flow in SI else [problem]


def tables_of(rows: Rows, scale: Scale, *, name: str) -> tuple[Tables, list[PlanError]]:
    """Return the tables of a model, and every invalid number or name in it."""
    problems: list[PlanError] = []
    points = _points(rows.get("COORDINATES", ()), "COORDINATES", problems, name=name)
    at = {node: places[-1] for node, places in points.items()}
    bends = _points(rows.get("VERTICES", ()), "VERTICES", problems, name=name)
    rings = _points(rows.get("POLYGONS", ()), "POLYGONS", problems, name=name)
    nodes, unplaced_nodes = _nodes(rows, at, scale, problems, name=name)
    links = _links(rows, at, bends, scale, problems, name=name)
    areas, unplaced_areas = _catchments(rows, rings, scale, problems, name=name)
    findings = []
    if unplaced_nodes:
        findings.append(_unplaced_finding("intake.swmm_nodes_unplaced", "drain_nodes", unplaced_nodes, name))
    if unplaced_areas:
        findings.append(_unplaced_finding("intake.swmm_areas_unplaced", "drain_catchments", unplaced_areas, name))
    return Tables(nodes, links, areas, tuple(findings)), problems


def _nodes(
    rows: Rows, at: Mapping[str, tuple[float, float]], scale: Scale, problems: list[PlanError], *, name: str
) -> tuple[gpd.GeoDataFrame, list[str]]:
    records: list[dict[str, object]] = []
    unplaced: list[str] = []
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
                unplaced.append(node)
                continue
            levels = {"invert_level": invert * scale.length, "node_depth": depth * scale.length}
            records.append({"id": node, "node_kind": kind, **levels, "geometry": shapely.Point(at[node])})
    return _frame(records, ("node_kind", "invert_level", "node_depth"), problems, name=name), unplaced


def _links(
    rows: Rows, at: Mapping[str, tuple[float, float]], bends: Mapping[str, list[tuple[float, float]]], scale: Scale,
    problems: list[PlanError], *, name: str,
) -> gpd.GeoDataFrame:  # fmt: skip
    shapes = {row.words[0]: row for row in rows.get("XSECTIONS", ())}
    known = {row.words[0] for section in NODES for row in rows.get(section, ())}
    records: list[dict[str, object]] = []
    for section, kind in LINKS.items():
        for row in rows.get(section, ()):
            link, start, end = row.words[:3]
            if missing := [node for node in (start, end) if node not in known]:
                problems.append(InputError("intake.swmm_node", name=name, line=row.line, link=link, node=missing[0]))
                continue
            if start not in at or end not in at:
                continue
            conduit, to_metre = kind == "conduit", scale.length
            line = shapely.LineString([at[start], *bends.get(link, ()), at[end]])
            records.append(
                {"id": link, "link_kind": kind, "from_node": start, "to_node": end,
                 "conduit_length": to_metre * _number(row, 3, section, problems, name=name) if conduit else math.nan,
                 "conduit_roughness": _number(row, 4, section, problems, name=name) if conduit else math.nan,
                 **_section(shapes.get(link), scale, problems, name=name), "geometry": line}
            )  # fmt: skip
    columns = (
        "link_kind", "from_node", "to_node", "conduit_length", "conduit_roughness", "conduit_shape", "conduit_height",
        "conduit_width",
    )  # fmt: skip
    return _frame(records, columns, problems, name=name)


def _section(row: Row | None, scale: Scale, problems: list[PlanError], *, name: str) -> dict[str, object]:
    """Return shape, height and width of a link's cross-section; irregular and street sections have no height here."""
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
    records: list[dict[str, object]] = []
    unplaced: list[str] = []
    for row in rows.get("SUBCATCHMENTS", ()):
        numbers = [_number(row, place, "SUBCATCHMENTS", problems, name=name) for place in (3, 4, 5, 6)]
        area, share, width, slope = numbers
        ring = rings.get(row.words[0], [])
        if len(ring) < RING:
            unplaced.append(row.words[0])
            continue
        records.append(
            {"id": row.words[0], "catchment_outlet": row.words[2], "catchment_area": area * scale.area,
             "catchment_imperviousness": share / 100, "catchment_width": width * scale.length,
             "catchment_slope": slope / 100, "geometry": shapely.Polygon(ring)}
        )  # fmt: skip
    columns = ("catchment_outlet", "catchment_area", "catchment_imperviousness", "catchment_width", "catchment_slope")
    return _frame(records, columns, problems, name=name), unplaced


def _points(
    rows: Sequence[Row], section: str, problems: list[PlanError], *, name: str
) -> dict[str, list[tuple[float, float]]]:
    points: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        place = (_number(row, 1, section, problems, name=name), _number(row, 2, section, problems, name=name))
        if all(math.isfinite(each) for each in place):
            points.setdefault(row.words[0], []).append(place)
    return points


def _number(row: Row, place: int, section: str, problems: list[PlanError], *, name: str) -> float:
    """Return a word of a row as a number; where it is none, return NaN and append a problem."""
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
    records: Sequence[Mapping[str, object]], columns: Sequence[str], problems: list[PlanError], *, name: str
) -> gpd.GeoDataFrame:
    """Return records as a table indexed by id; a repeated name is a problem."""
    ids = [str(each["id"]) for each in records]
    if twice := sorted({each for each in ids if ids.count(each) > 1}) if len(set(ids)) < len(ids) else []:
        problems.append(InputError("intake.swmm_twice", name=name, names=twice[:MAX_NAMES]))
    data = {column: [each[column] for each in records] for column in columns}
    shapes = [each["geometry"] for each in records]
    return gpd.GeoDataFrame(data, geometry=shapes, index=pd.Index(ids, dtype=object, name="id"))


def _unplaced_finding(text: str, layer: str, names: Sequence[str], name: str) -> Finding:
    return Finding("advice", text, layer, len(names), {"name": name, "examples": list(names[:4])})
