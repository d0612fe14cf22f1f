"""Geometry repaired where only one interpretation is possible, reported with its place where several are."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.geometry.effort import entangled
from citybraid.sources.geometry.self_crossing import kind_of, location_of, make_valid, too_complex
from citybraid.sources.geometry.shapes import (
    AREAS,
    COLLECTION,
    LINES,
    Flags,
    GeometryRepair,
    Shapes,
    limit_problems,
    parts_of,
)
from citybraid.sources.geometry.spikes import remove_spikes
from citybraid.sources.protocol.discovery import geometry_settings
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules, Stage

STAGE: Stage = "geometry"
READS: tuple[str, ...] = ()
FENCED = True
VERSION = 4
DIMENSIONS = {"area": AREAS, "line": LINES}
LINE = 1
NOTHING = shapely.Polygon()


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Repair every table's shapes; every repair and every remaining fault is reported with its place.

    A repair that changes the area by more than `area_change` is ambiguous: the row
    keeps the chosen interpretation, and the user is asked to redraw it.
    """
    findings: list[Finding] = []
    problems: list[Problem] = []
    for geometry in [each for each in layers if each.var.kind == "geometry"]:
        table = geometry.var.on
        outcome = repair_geometry(geometry.value, table, rules.choices)
        findings += outcome.findings
        problems += outcome.problems
        if outcome.shapes.empty:
            raise InputError("intake.layer_empty", name=table)
        if len(outcome.shapes) < len(geometry.value):
            layers = layers.kept_rows(table, outcome.shapes.index)
        current = layers.get(geometry.var.name, on=table)
        if current is not None:
            layers = layers.put(replace(current, value=outcome.shapes))
    places, more = limit_problems(problems)
    return RepairResult(layers, (*findings, *more), places)


def repair_geometry(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Return shapes that are 2D, valid, of the table's geometry type and of non-zero extent."""
    outcome = GeometryRepair(shapes)
    for step in STEPS:
        after = step(outcome.shapes, table, choices)
        outcome = GeometryRepair(after.shapes, outcome.findings + after.findings, outcome.problems + after.problems)
    return outcome


def _present(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Drop rows without geometry."""
    del choices
    plain = shapes.to_numpy()
    missing = shapely.is_missing(plain) | shapely.is_empty(plain)
    return _without(shapes, missing, table, "shape_empty", places=[NOTHING] * int(missing.sum()))


def _flat(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Drop Z and M values."""
    del choices
    plain = shapes.to_numpy()
    high = shapely.has_z(plain) | shapely.has_m(plain)
    if not high.any():
        return GeometryRepair(shapes)
    flat = gpd.GeoSeries(shapely.force_2d(plain), index=shapes.index, crs=shapes.crs)
    return GeometryRepair(flat, (Finding("found", "intake.shape_flat", table, int(high.sum())),))


def _of_kind(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Enforce the table's geometry type: collections reduced, closed lines filled, the rest dropped."""
    del choices
    dimension = DIMENSIONS.get(geometry_settings(table).shape)
    plain = shapes.to_numpy().copy()
    kinds = shapely.get_type_id(plain)
    odd = (kinds == COLLECTION) | (shapely.get_dimensions(plain) != dimension)
    if dimension is None or not odd.any():
        return GeometryRepair(shapes)
    fixed = np.zeros(len(plain), dtype=bool)
    places: list[BaseGeometry] = []
    for at in np.flatnonzero(odd):
        shape = plain[at]
        fitting = parts_of(shape, dimension)
        if fitting.is_empty and dimension == AREAS and kinds[at] == LINE and shape.is_ring:
            fitting = shapely.Polygon(shape.coords)
        if not fitting.is_empty:
            plain[at], fixed[at] = fitting, True
            places.append(shape)
    changed = gpd.GeoSeries(plain, index=shapes.index, crs=shapes.crs)
    problems = _problems(shapes.index[fixed], table, "shape_collection", places, mended=True)
    findings = (Finding("repaired", "intake.shape_collection", table, len(problems)),) if problems else ()
    rest = _without(changed, odd & ~fixed, table, "shape_kind")
    return GeometryRepair(rest.shapes, findings + rest.findings, (*problems, *rest.problems))


def _checkable(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Drop shapes whose edges are too crowded to be checked: the time would grow with their square."""
    del choices
    return _without(shapes, entangled(shapes.to_numpy()), table, "shape_tangled")


def _valid(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Repair self-intersections; those whose area hardly changes are repairs, the others are guesses."""
    invalid = ~shapely.is_valid(shapes.to_numpy())
    thin = _without(shapes, invalid & (shapely.get_dimensions(shapes.to_numpy()) != AREAS), table, "shape_extent")
    plain = thin.shapes.to_numpy()
    bad = np.flatnonzero(~shapely.is_valid(plain)) if invalid.any() else np.zeros(0, dtype=np.intp)
    if not len(bad):
        return thin
    shapes = thin.shapes
    reasons = shapely.is_valid_reason(plain[bad])
    kinds = np.array([kind_of(each) for each in reasons], dtype=object)
    hopeless = kinds == "not_finite"
    hopeless[~hopeless] = too_complex(plain[bad][~hopeless])
    dropped = _row_flags(len(plain), bad[hopeless])
    places = [NOTHING if kind == "not_finite" else plain[at] for at, kind in zip(bad, kinds, strict=True)]
    out = _without(shapes, dropped, table, "shape_tangled", [places[at] for at in np.flatnonzero(hopeless)])
    bad, reasons, kinds = bad[~hopeless], reasons[~hopeless], kinds[~hopeless]
    before = np.abs(shapely.area(plain[bad]))
    answer = plain.copy()
    answer[bad] = make_valid(plain[bad])
    after = shapely.area(answer[bad])
    share = np.abs(after - before) / np.maximum(before, choices.least_area)
    clear = share <= choices.area_change
    problems = [
        Problem(
            f"intake.problem_{kind}", table, str(shapes.index[at]), location_of(reason, plain[at]), mended=bool(sure),
            values={"before": float(was), "after": float(now)},
        )
        for at, kind, reason, sure, was, now in zip(bad, kinds, reasons, clear, before, after, strict=True)
    ]  # fmt: skip
    changed = gpd.GeoSeries(answer, index=shapes.index, crs=shapes.crs)[~dropped]
    findings = [
        Finding(
            "repaired" if sure else "guessed", "intake.shape_untied" if sure else "intake.shape_untied_guess",
            table, int(of.sum()), _worst(shapes.index[bad[of]], np.abs(after - before)[of], share[of]),
        )
        for sure, of in ((True, clear), (False, ~clear)) if of.any()
    ]  # fmt: skip
    return GeometryRepair(
        changed, (*thin.findings, *out.findings, *findings), (*thin.problems, *out.problems, *problems)
    )


def _worst(rows: pd.Index, change: np.ndarray, share: np.ndarray) -> dict[str, object]:
    at = int(np.argmax(share))
    return {"change": round(float(change.sum()), 2), "worst": str(rows[at]), "share": round(float(share[at]) * 100, 3)}


def _blunt(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Remove spikes at the corners of areas."""
    if DIMENSIONS.get(geometry_settings(table).shape) != AREAS or shapes.empty:
        return GeometryRepair(shapes)
    cut = remove_spikes(shapes.to_numpy(), choices)
    if not cut.spiked.any():
        return GeometryRepair(shapes)
    changed = gpd.GeoSeries(cut.shapes, index=shapes.index, crs=shapes.crs)
    open_ = cut.spiked & ~cut.mended
    problems = (
        *_problems(shapes.index[cut.mended], table, "shape_needle", cut.tips[cut.mended], mended=True),
        *_problems(shapes.index[open_], table, "shape_needle", cut.tips[open_]),
    )
    findings = [
        Finding("repaired" if sure else "advice", text, table, int(of.sum()))
        for sure, text, of in (
            (True, "intake.shape_needle", cut.mended), (False, "intake.shape_needle_left", open_),
        ) if of.any()
    ]  # fmt: skip
    return GeometryRepair(changed, tuple(findings), problems)


def _extended(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Drop areas of no area and lines of no length."""
    dimension = DIMENSIONS.get(geometry_settings(table).shape)
    plain = shapes.to_numpy()
    if dimension is None:
        return GeometryRepair(shapes)
    extent = shapely.area(plain) if dimension == AREAS else shapely.length(plain)
    return _without(shapes, extent < choices.least_area, table, "shape_extent")


def _single(shapes: gpd.GeoSeries, table: str, choices: Choices) -> GeometryRepair:
    """Count multipart rows; they stay one row."""
    del choices
    several = shapely.get_num_geometries(shapes.to_numpy()) > 1
    if table not in ("parcels", "buildings") or not several.any():
        return GeometryRepair(shapes)
    return GeometryRepair(shapes, (Finding("found", "intake.shape_multipart", table, int(several.sum())),))


STEPS: tuple[Callable[[gpd.GeoSeries, str, Choices], GeometryRepair], ...] = (
    _present, _flat, _of_kind, _checkable, _valid, _blunt, _extended, _single,
)  # fmt: skip


def _row_flags(count: int, rows: np.ndarray) -> Flags:
    flags = np.zeros(count, dtype=bool)
    flags[rows] = True
    return flags


def _without(
    shapes: gpd.GeoSeries, dropped: Flags, table: str, fault: str, places: Iterable[BaseGeometry] | None = None
) -> GeometryRepair:
    """The shapes without the dropped rows, each reported as a problem of this kind."""
    if not dropped.any():
        return GeometryRepair(shapes)
    positions: Shapes | list[BaseGeometry] = shapes.to_numpy()[dropped] if places is None else list(places)
    problems = _problems(shapes.index[dropped], table, fault, positions)
    return GeometryRepair(shapes[~dropped], (Finding("rejected", f"intake.{fault}", table, len(problems)),), problems)


def _problems(
    rows: pd.Index, table: str, fault: str, places: Iterable[BaseGeometry], *, mended: bool = False
) -> tuple[Problem, ...]:
    text = f"intake.problem_{fault.removeprefix('shape_')}"
    return tuple(Problem(text, table, str(row), place, mended=mended) for row, place in zip(rows, places, strict=True))
