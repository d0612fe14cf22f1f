"""DXF drawings: layers by pattern, every curve, rings joined and closed, texts given to what holds them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
from pydantic import Field
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.cad.controls import Controls, controls
from citybraid.sources.cad.drawing import GAP, Shapes, on_layer, shapes
from citybraid.sources.cad.entities import Part, Parts, parts
from citybraid.sources.cad.findings import left_out, of_blocks, of_shapes
from citybraid.sources.cad.layers import DrawingTable, extent, layer_table
from citybraid.sources.cad.opening import opened
from citybraid.sources.cad.rings import deduplicated, joined, pierced
from citybraid.sources.cad.roles import HOLES, as_lines, known, patterns, roles
from citybraid.sources.cad.texts import Note, holders, notes
from citybraid.sources.cad.units import Unit, unit_of
from citybraid.sources.placement.crs import parsed
from citybraid.sources.placement.datum import declared
from citybraid.sources.placement.registration import ANCHORS, by_points, moved
from citybraid.sources.protocol.discovery import shapes_of
from citybraid.sources.protocol.filespec import Register, ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import Found, Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import HANDLE, Said, interpreted, projected
from citybraid.sources.vector.preview import Kind, Peeked
from citybraid.sources.vector.vectors import check_vertices, placed

SUFFIXES = (".dxf",)
VERSION = 2
LOCAL = "local"
"""What a study says of a drawing whose coordinates are its own."""


class Options(ShapeOptions):
    """What the study may say of a drawing."""

    encoding: str = ""
    layers: Mapping[str, str] = Field(default_factory=dict)
    unit: str = ""
    hidden: bool = False
    gap: float = GAP
    registration: Register | None = None


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the shapes of one role from a drawing, with what the texts in, at or pointing to each say.

    Raises InputError where the file is no DXF, is cut off or too vast, has no shapes for
    the role, or the study names no CRS.
    """
    if geometry_of(role) is None:
        raise InputError("intake.role_not_table", name=path.name, role=role)
    crs = _crs(options, path)
    wanted = _wanted(role, options)
    file = opened(path, encoding=options.encoding, layer=role, keep=lambda name: on_layer(name, wanted))
    whole = parts(file.drawing)
    names = {str(layer.dxf.name) for layer in file.drawing.layers} | {part.layer for part in whole.parts}
    unit, told = unit_of(file.drawing, extent(whole), options.unit, crs, target, name=path.name, layer=role)
    chosen, more = patterns(names, role, options.layers, path)
    found = [*file.findings, *told, *more, *of_blocks(whole, role, path)]
    here, more = _shown(whole, chosen, role, options, path)
    drawn = shapes(here, unit, rings=not as_lines(role), gap=options.gap)
    visible = [part for part in whole.parts if not part.hidden or options.hidden]
    texts = notes(visible, unit)
    found += more
    if not as_lines(role):
        found += _ordered(drawn, visible, texts, role=role, unit=unit, gap=options.gap)
    if not drawn.shapes:
        raise InputError(
            "intake.drawing_empty", name=path.name, role=role, patterns=chosen, layers=sorted(names),
            open=len(drawn.open),
        )  # fmt: skip
    if len(drawn.shapes) > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=len(drawn.shapes), limit=limits.features)
    frame = gpd.GeoDataFrame({HANDLE: _numbered(drawn.handles)}, geometry=drawn.shapes)
    said = Controls()
    if column := shapes_of(role).layer_says:
        frame = frame.assign(**{column: drawn.layers})
    elif not as_lines(role):
        said = controls(drawn, texts, role, unit)
        frame = frame.assign(**said.columns(len(frame)))
    found += [*said.findings, *of_shapes(drawn, role, path), *left_out(drawn, role, path)]
    check_vertices(frame.geometry, limits, name=path.name)
    frame = _placed(frame, options, target, path)
    reading = interpreted(frame, role, Said.of(options), target, name=path.name)
    layers = (*reading.layers, *_anchors(whole, options, role, unit, target))
    reading = Reading(
        layers, findings(found, reading.findings), _problems(said, reading, frame, role=role, target=target, path=path)
    )
    return _by_points(reading, options.registration, unit, role, path)


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return the roles that names and content of drawing layers suggest, each as a layer of its own."""
    table = layers(path)
    found: list[Peeked] = []
    for role in roles():
        mine = [layer for layer in table.layers if layer.role == role and layer.shapes]
        if mine:
            names = tuple(sorted(layer.name for layer in mine))
            kind: Kind = "line" if as_lines(role) else "polygon"
            found.append(Peeked(kind, role, bounds=table.bounds_of(names), patterns=names))
    every = tuple(sorted(layer.name for layer in table.layers if layer.shapes))
    return tuple(found) or (Peeked("polygon", "parcels", bounds=table.bounds_of(every), patterns=every),)


def layers(path: Path, *, encoding: str = "") -> DrawingTable:
    """Return every layer of a drawing with what stands on it and the role it probably has."""
    file = opened(path, encoding=encoding, layer=path.name)
    return layer_table(file, parts(file.drawing), path)


def _crs(options: Options, path: Path) -> CRS | None:
    """The CRS that the study names; None where the drawing's coordinates are its own, or web maps'."""
    local = options.crs.casefold() == LOCAL
    if local and options.registration is None:
        raise InputError("intake.registration_missing", name=path.name)
    if options.registration is not None and not local:
        raise InputError("intake.registration_crs", name=path.name, got=options.crs or "-")
    if local or not options.crs or declared(options.crs) is not None:
        return None
    return parsed(options.crs, name=path.name)


def _wanted(role: str, options: Options) -> tuple[str, ...]:
    """Patterns of the layers that a vast drawing is thinned to."""
    to = options.registration.to if options.registration is not None else ""
    return tuple(
        pattern
        for each in (role, to, HOLES)
        for pattern in ((options.layers[each],) if each in options.layers else known(each))
    )


def _shown(
    whole: Parts, chosen: Sequence[str], role: str, options: Options, path: Path
) -> tuple[list[Part], list[Finding]]:
    """The parts on the layers that fit; those that are switched off or frozen only where the study asks for them."""
    fits = {layer: on_layer(layer, chosen) for layer in {part.layer for part in whole.parts}}
    here = [part for part in whole.parts if fits[part.layer]]
    hidden = [part for part in here if part.hidden]
    if not hidden:
        return here, []
    values = {"name": path.name, "layers": sorted({part.layer for part in hidden})}
    if options.hidden:
        return here, [Finding("found", "intake.hidden_read", role, len(hidden), values)]
    shown = [part for part in here if not part.hidden]
    return shown, [Finding("rejected", "intake.hidden_left", role, len(hidden), values)]


def _ordered(
    drawn: Shapes, visible: Sequence[Part], texts: Sequence[Note], *, role: str, unit: Unit, gap: float
) -> list[Finding]:
    """Rings joined, freed of doubles, and cut out of one another, in place."""
    made = joined(drawn, unit, gap=gap)
    drawn.open += made.left
    twice = deduplicated(drawn, unit)
    on_holes = known(HOLES)
    holes = shapes((part for part in visible if on_layer(part.layer, on_holes)), unit, rings=True, gap=gap)
    row, _ = holders(drawn.shapes, texts)
    speaks = np.zeros(len(drawn.shapes), dtype=bool)
    speaks[row[row >= 0]] = True
    nesting = pierced(drawn, holes, speaks=list(speaks), partition=shapes_of(role).partition)
    counts = {
        ("repaired", "intake.rings_joined"): made.made,
        ("repaired", "intake.rings_divided"): made.divided,
        ("repaired", "intake.rings_twice"): twice,
        ("repaired", "intake.rings_nested"): len(nesting.pierced),
        ("guessed", "intake.rings_courts"): len(nesting.courts),
        ("rejected", "intake.rings_around"): len(nesting.around),
    }
    return [Finding(kind, text, role, count) for (kind, text), count in counts.items() if count]  # type: ignore[arg-type]  # the kinds above


def _numbered(handles: Sequence[str]) -> list[str]:
    """Handles that stand once each: the second of a name gets a number."""
    seen: dict[str, int] = {}
    given = []
    for handle in handles:
        seen[handle] = seen.get(handle, 0) + 1
        given.append(handle if seen[handle] == 1 else f"{handle}-{seen[handle]}")
    return given


def _placed(frame: gpd.GeoDataFrame, options: Options, target: Target, path: Path) -> gpd.GeoDataFrame:
    """The frame in its CRS; coordinates of the drawing's own pass as the study's until they are registered."""
    if options.crs.casefold() == LOCAL:
        return frame.set_crs(parsed(target.crs, name=path.name))
    return placed(frame, options.crs, name=path.name, axes=options.axes)


def _problems(
    said: Controls, reading: Reading, frame: gpd.GeoDataFrame, *, role: str, target: Target, path: Path
) -> tuple[Problem, ...]:
    """What contradicts, at its place in the study's CRS."""
    if not said.problems:
        return ()
    where = gpd.GeoDataFrame(geometry=[shape for _, _, shape, _ in said.problems])
    options = frame.attrs.get("position")
    axes, crs = (options.axes, options.named) if options is not None else ("", "")
    there = placed(where, crs, name=path.name, axes=axes) if crs else where.set_crs(frame.crs)
    moved_there = projected(there.geometry, target, name=path.name)
    rows = next(each.value.index for each in reading.layers if each.var.kind == "geometry")
    return said.told([str(each) for each in rows], list(moved_there), role)


def _anchors(whole: Parts, options: Options, role: str, unit: Unit, target: Target) -> tuple[Found, ...]:
    """Shapes of the drawing that another layer is matched with, where they are not those of the role itself."""
    to = options.registration.to if options.registration is not None else ""
    if not to or to == role:
        return ()
    wanted = (options.layers[to],) if to in options.layers else known(to)
    here = [part for part in whole.parts if not part.hidden and on_layer(part.layer, wanted)]
    drawn = shapes(here, unit, rings=True, gap=options.gap)
    return (Found(ANCHORS, gpd.GeoSeries(drawn.shapes, crs=target.crs)),) if drawn.shapes else ()


def _by_points(reading: Reading, register: Register | None, unit: Unit, role: str, path: Path) -> Reading:
    if register is None or not register.points:
        return reading
    fit = by_points(register, unit.factor, name=path.name)
    values = {"name": path.name, "points": fit.matched, "method": register.method, **fit.told()}
    kind = "found" if fit.matched > 1 else "guessed"
    told = Finding("found" if kind == "found" else "guessed", "intake.registered_by_points", role, 1, values)
    there = moved(reading, fit.placement)
    return Reading(there.layers, (*there.findings, told), there.problems)
