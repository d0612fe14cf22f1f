"""DXF drawings: layers by pattern, all curve types, rings joined and closed, texts assigned to the enclosing shape."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
from pydantic import Field
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.cad.controls import Controls, controls
from citybraid.sources.cad.drawing import GAP, Shapes, shapes
from citybraid.sources.cad.entities import DrawingEntities, PlacedEntity, drawing_entities
from citybraid.sources.cad.findings import block_findings, require_own_content, ring_findings, skipped_findings
from citybraid.sources.cad.heights import drawn_heights
from citybraid.sources.cad.layer_patterns import matches_layer
from citybraid.sources.cad.layers import DrawingTable, extent, layer_table
from citybraid.sources.cad.legend import swatches
from citybraid.sources.cad.opening import open_drawing
from citybraid.sources.cad.rings import cut_nested_rings, drop_duplicates, join_lines
from citybraid.sources.cad.roles import HEIGHTS, HOLES, is_drawn_as_line, known_patterns, patterns, roles
from citybraid.sources.cad.texts import DrawingText, drawing_texts, shape_of_texts
from citybraid.sources.cad.units import METRES, Unit, unit_of
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.placement.datum import parse_datum
from citybraid.sources.placement.registration import ANCHORS, by_points, transformed
from citybraid.sources.placement.zones import candidates
from citybraid.sources.protocol.discovery import geometry_settings, raster_settings
from citybraid.sources.protocol.filespec import Register, ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import Reading, SourceLayer, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.tabular.drawn_terrain import terrain_reading
from citybraid.sources.tabular.tables import HANDLE, ColumnOptions, table_reading, to_study_crs
from citybraid.sources.vector.preview import Kind, LayerPreview
from citybraid.sources.vector.vectors import check_vertices, georeferenced

SUFFIXES = (".dxf",)
VERSION = 14
LOCAL = "local"
"""CRS entry of a drawing in local coordinates."""


class Options(ShapeOptions):
    """Options of a drawing in the study file."""

    encoding: str = ""
    layers: Mapping[str, str] = Field(default_factory=dict)
    unit: str = ""
    hidden: bool = False
    gap: float = GAP
    registration: Register | None = None


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the shapes of one role from a drawing, with the attributes from texts in, at or pointing to each.

    Raises InputError where the file is no DXF, is truncated or too large, has no shapes for
    the role, or the study names no CRS.
    """
    heights = raster_settings(role).heights
    if geometry_of(role) is None and not heights:
        raise InputError("intake.role_not_table", name=path.name, role=role)
    crs = _crs(options, path)
    layer_patterns = _layer_patterns(role, options)
    file = open_drawing(
        path, encoding=options.encoding, layer=role, keep=lambda name: matches_layer(name, layer_patterns)
    )
    content = drawing_entities(file.drawing)
    names = {str(layer.dxf.name) for layer in file.drawing.layers} | {part.layer for part in content.parts}
    names |= {part.layer for part in content.spots} if heights else set()
    unit, unit_findings = unit_of(file.drawing, extent(content), options.unit, crs, target, name=path.name, layer=role)
    chosen, more = patterns(names, role, options.layers, path)
    findings_read = [*file.findings, *unit_findings, *more, *block_findings(content, role, path)]
    selected, more = _selected_parts(content, chosen, role, options, path)
    if heights:
        reading = _terrain(
            content, selected, chosen, options, unit=unit, target=target, limits=limits, path=path, role=role
        )
        return Reading(reading.layers, findings(findings_read, more, reading.findings))
    drawn = shapes(selected, unit, rings=not is_drawn_as_line(role), gap=options.gap)
    visible = [part for part in content.parts if not part.hidden or options.hidden]
    texts = drawing_texts(visible, unit)
    findings_read += more
    if not is_drawn_as_line(role):
        findings_read += _process_rings(drawn, visible, texts, role=role, unit=unit, gap=options.gap)
    if not drawn.shapes:
        require_own_content(content, path)
        raise InputError(
            "intake.drawing_empty", name=path.name, role=role, patterns=chosen, layers=sorted(names),
            open=len(drawn.open),
        )  # fmt: skip
    if len(drawn.shapes) > limits.features:
        raise InputError("intake.too_many_features", name=path.name, got=len(drawn.shapes), limit=limits.features)
    frame = gpd.GeoDataFrame({HANDLE: _unique_handles(drawn.handles)}, geometry=drawn.shapes)
    annotations = Controls()
    if column := geometry_settings(role).layer_says:
        frame = frame.assign(**{column: drawn.layers})
    elif not is_drawn_as_line(role):
        annotations = controls(drawn, texts, role, unit)
        frame = frame.assign(**annotations.columns(len(frame)))
    findings_read += [*annotations.findings, *ring_findings(drawn, role, path), *skipped_findings(drawn, role, path)]
    check_vertices(frame.geometry, limits, name=path.name)
    frame = _placed(frame, options, target, path)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    layers = (*reading.layers, *_anchors(content, options, role, unit, target))
    reading = Reading(
        layers,
        findings(findings_read, reading.findings),
        _problems(annotations, reading, frame, role=role, target=target, path=path),
    )
    return _by_points(reading, options.registration, unit, role, path)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return the roles that names and content of drawing layers suggest, each as a layer of its own."""
    table = layers(path)
    with_shapes = tuple(sorted(layer.name for layer in table.layers if layer.shapes))

    def preview(role: str, names: tuple[str, ...], kind: Kind) -> LayerPreview:
        others = tuple(name for name in with_shapes if name not in names)
        bounds = _bounds_in_metres(table.bounds_of(names), table.unit)
        return LayerPreview(kind, role, bounds=bounds, patterns=names, others=others, encoding=table.encoding)

    drawn = {
        role: tuple(sorted(layer.name for layer in table.layers if layer.role == role and layer.shapes))
        for role in roles()
    }
    previews = [
        preview(role, names, "line" if is_drawn_as_line(role) else "polygon") for role, names in drawn.items() if names
    ]
    if heights := tuple(sorted(layer.name for layer in table.layers if layer.role == HEIGHTS)):
        previews.append(preview(HEIGHTS, heights, "line"))
    return tuple(previews) or (preview("parcels", with_shapes, "polygon"),)


def _bounds_in_metres(bounds: Bounds | None, unit: str) -> Bounds | None:
    """Return bounds in drawing units as a CRS in metres has them, where only then some CRS fits.

    Headers often state millimetres over coordinates in metres: those stay.
    """
    if bounds is None or candidates(bounds):
        return bounds
    west, south, east, north = (edge * METRES[unit] for edge in bounds)
    return (west, south, east, north) if candidates((west, south, east, north)) else bounds


def layers(path: Path, *, encoding: str = "") -> DrawingTable:
    """Return every layer of a drawing with its content and probable role."""
    file = open_drawing(path, encoding=encoding, layer=path.name)
    return layer_table(file, drawing_entities(file.drawing), path)


def _crs(options: Options, path: Path) -> CRS | None:
    """The CRS that the study names; None where the drawing has local coordinates, or those of a web map."""
    local = options.crs.casefold() == LOCAL
    if local and options.registration is None:
        raise InputError("intake.registration_missing", name=path.name)
    if options.registration is not None and not local:
        raise InputError("intake.registration_crs", name=path.name, got=options.crs or "-")
    if local or not options.crs or parse_datum(options.crs) is not None:
        return None
    return parse_crs(options.crs, name=path.name)


def _layer_patterns(role: str, options: Options) -> tuple[str, ...]:
    """Patterns of the layers to read; a large drawing is reduced to these."""
    to = options.registration.to if options.registration is not None else ""
    return tuple(
        pattern
        for each in (role, to, HOLES)
        for pattern in ((options.layers[each],) if each in options.layers else known_patterns(each))
    )


def _selected_parts(
    content: DrawingEntities, layer_patterns: Sequence[str], role: str, options: Options, path: Path
) -> tuple[list[PlacedEntity], list[Finding]]:
    """The parts on matching layers; those switched off or frozen only where the study includes them."""
    fits = {layer: matches_layer(layer, layer_patterns) for layer in {part.layer for part in content.parts}}
    selected = [part for part in content.parts if fits[part.layer]]
    hidden = [part for part in selected if part.hidden]
    if not hidden:
        return selected, []
    values = {"name": path.name, "layers": sorted({part.layer for part in hidden})}
    if options.hidden:
        return selected, [Finding("found", "intake.hidden_read", role, len(hidden), values)]
    visible = [part for part in selected if not part.hidden]
    return visible, [Finding("rejected", "intake.hidden_left", role, len(hidden), values)]


def _process_rings(
    drawn: Shapes, visible: Sequence[PlacedEntity], texts: Sequence[DrawingText], *, role: str, unit: Unit, gap: float
) -> list[Finding]:
    """Join rings, remove duplicates, and cut nested rings out of one another, in place."""
    joining = join_lines(drawn, unit, gap=gap)
    drawn.open += joining.left
    duplicates = drop_duplicates(drawn, unit)
    legend = set(swatches(drawn.shapes, texts)) if geometry_settings(role).partition else set()
    drawn.only(row for row in range(len(drawn.shapes)) if row not in legend)
    hole_patterns = known_patterns(HOLES)
    holes = shapes((part for part in visible if matches_layer(part.layer, hole_patterns)), unit, rings=True, gap=gap)
    row, _ = shape_of_texts(drawn.shapes, texts)
    labelled = np.zeros(len(drawn.shapes), dtype=bool)
    labelled[row[row >= 0]] = True
    nesting = cut_nested_rings(drawn, holes, speaks=list(labelled), partition=geometry_settings(role).partition)
    counts = {
        ("repaired", "intake.rings_joined"): joining.made,
        ("repaired", "intake.rings_divided"): joining.divided,
        ("repaired", "intake.rings_twice"): duplicates,
        ("repaired", "intake.rings_nested"): len(nesting.pierced),
        ("rejected", "intake.rings_legend"): len(legend),
        ("guessed", "intake.rings_courts"): len(nesting.courts),
        ("rejected", "intake.rings_around"): len(nesting.around),
    }
    return [Finding(kind, text, role, count) for (kind, text), count in counts.items() if count]  # type: ignore[arg-type]  # the kinds above


def _unique_handles(handles: Sequence[str]) -> list[str]:
    """Unique handles: repeated ones get a number."""
    counts: dict[str, int] = {}
    unique = []
    for handle in handles:
        counts[handle] = counts.get(handle, 0) + 1
        unique.append(handle if counts[handle] == 1 else f"{handle}-{counts[handle]}")
    return unique


def _placed(frame: gpd.GeoDataFrame, options: Options, target: Target, path: Path) -> gpd.GeoDataFrame:
    """The frame in its CRS; local coordinates are labelled with the study's CRS until they are registered."""
    if options.crs.casefold() == LOCAL:
        return frame.set_crs(parse_crs(target.crs, name=path.name))
    return georeferenced(frame, options.crs, name=path.name, axes=options.axes)


def _terrain(
    content: DrawingEntities, selected: Sequence[PlacedEntity], patterns_read: Sequence[str], options: Options, *,
    unit: Unit, target: Target, limits: Limits, path: Path, role: str,
) -> Reading:  # fmt: skip
    """Return the terrain of contours and spot heights on matching layers."""
    spots = [
        part for part in content.spots
        if matches_layer(part.layer, patterns_read) and (options.hidden or not part.hidden)
    ]  # fmt: skip
    drawn = drawn_heights(selected, spots, unit)
    place = _placing(options, target, unit, path)
    return terrain_reading(drawn, unit, place, target, limits=limits, path=path, role=role)


def _placing(
    options: Options, target: Target, unit: Unit, path: Path
) -> Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]:
    """Return what puts contours and spots in their CRS; those in local coordinates are placed by control points."""
    register = options.registration
    if register is not None and not register.points:
        raise InputError("intake.heights_registration", name=path.name)

    def place(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        located = _placed(frame, options, target, path)
        if register is None:
            return located
        fit = by_points(register, unit.factor, name=path.name)
        return located.set_geometry(located.geometry.affine_transform(fit.placement.matrix))

    return place


def _problems(
    annotations: Controls, reading: Reading, frame: gpd.GeoDataFrame, *, role: str, target: Target, path: Path
) -> tuple[Problem, ...]:
    """Contradictions, with their place in the study's CRS."""
    if not annotations.problems:
        return ()
    places = gpd.GeoDataFrame(geometry=[shape for _, _, shape, _ in annotations.problems])
    options = frame.attrs.get("position")
    axes, crs = (options.axes, options.named) if options is not None else ("", "")
    located = georeferenced(places, crs, name=path.name, axes=axes) if crs else places.set_crs(frame.crs)
    projected_places = to_study_crs(located.geometry, target, name=path.name)
    rows = next(each.value.index for each in reading.layers if each.var.kind == "geometry")
    return annotations.told([str(each) for each in rows], list(projected_places), role)


def _anchors(
    content: DrawingEntities, options: Options, role: str, unit: Unit, target: Target
) -> tuple[SourceLayer, ...]:
    """Shapes of the drawing for matching with another layer, where the role is another."""
    to = options.registration.to if options.registration is not None else ""
    if not to or to == role:
        return ()
    layer_patterns = (options.layers[to],) if to in options.layers else known_patterns(to)
    selected = [part for part in content.parts if not part.hidden and matches_layer(part.layer, layer_patterns)]
    drawn = shapes(selected, unit, rings=True, gap=options.gap)
    return (SourceLayer(ANCHORS, gpd.GeoSeries(drawn.shapes, crs=target.crs)),) if drawn.shapes else ()


def _by_points(reading: Reading, register: Register | None, unit: Unit, role: str, path: Path) -> Reading:
    if register is None or not register.points:
        return reading
    fit = by_points(register, unit.factor, name=path.name)
    values = {"name": path.name, "points": fit.matched, "method": register.method, **fit.told()}
    kind = "found" if fit.matched > 1 else "guessed"
    finding = Finding("found" if kind == "found" else "guessed", "intake.registered_by_points", role, 1, values)
    registered = transformed(reading, fit.placement)
    return Reading(registered.layers, (*registered.findings, finding), registered.problems)
