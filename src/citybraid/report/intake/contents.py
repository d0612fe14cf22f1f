"""Content of an intake report, from a check or from a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.errors import PlanError
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.step import Gap
from citybraid.report.chapter import Text, TextList, TranslatedText
from citybraid.report.drawing.scene import Bounds
from citybraid.report.view import View, grid_bounds, named
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.quality.trust import LayerQuality
from citybraid.store.store import Store
from citybraid.study.explain.checking import CheckResult
from citybraid.study.explain.prospects import Addition, Lineage, additions
from citybraid.study.plan.tiles import file_names

MARGIN = 0.02
"""Margin around the content of a map, as a share of its longer side [-]."""


@dataclass(frozen=True)
class Raster:
    """A raster as it was read."""

    name: str
    values: np.ndarray
    bounds: Bounds


@dataclass(frozen=True)
class IntakeReport:
    """Content of an intake report.

    `files` are the names of files by entry of the study; `shapes` are the tables with
    geometry, `rasters` what lies on the grid; both are drawn under the problems.
    """

    title: Text
    synthetic: bool
    crs: str
    files: Mapping[str, tuple[str, ...]]
    refused: Sequence[PlanError]
    findings: Sequence[Finding]
    problems: Sequence[Problem]
    contradictions: Sequence[Contradiction]
    mappings: Sequence[CodeMapping]
    trust: Sequence[LayerQuality]
    completeness: Mapping[str, float]
    origin: Mapping[str, Sequence[str]]
    native: Mapping[str, float]
    gaps: Sequence[Gap]
    additions: Sequence[Addition]
    objectives: Mapping[str, Text]
    shapes: Mapping[str, gpd.GeoSeries]
    rasters: Sequence[Raster]
    cell: float | None

    def names(self, entries: Sequence[str]) -> TextList:
        """Return display names of entries of the study: the file names, else the names of the quantities."""
        known: list[Text] = []
        for entry in entries:
            known += self.files.get(entry) or [named("var", entry)]
        return TextList(tuple(known), ", ")

    @property
    def bounds(self) -> Bounds | None:
        """The extent of all shapes and problems, else of the rasters, with a margin; None where there is nothing."""
        edges = [tuple(map(float, shapes.total_bounds)) for shapes in self.shapes.values() if len(shapes)]
        edges += [problem.shape.bounds for problem in self.problems if not problem.shape.is_empty]
        edges = edges or [tuple(raster.bounds) for raster in self.rasters]
        if not edges:
            return None
        west, south, east, north = zip(*edges, strict=True)
        left, bottom, right, top = min(west), min(south), max(east), max(north)
        room = MARGIN * max(right - left, top - bottom, 1.0)
        return Bounds(left - room, bottom - room, right + room, top + room)


def of_check(checked: CheckResult, store: Store) -> IntakeReport:
    """Return the intake report of a check."""
    config, intake = checked.study.asked, checked.seen.taken
    layers = [] if intake is None else [layer for group in intake.place.layers.values() for layer in group]
    return IntakeReport(
        title=TranslatedText.of(config.study.title), synthetic=config.study.synthetic, crs=config.study.crs,
        files={name: file_names(spec) for name, spec in config.files.items()},
        refused=checked.refused, findings=checked.findings,
        problems=() if intake is None else intake.problems,
        contradictions=() if intake is None else intake.contradictions,
        mappings=() if intake is None else intake.mappings, trust=() if intake is None else intake.trust,
        completeness={} if intake is None else intake.completeness, origin={} if intake is None else intake.origin,
        native={} if intake is None else intake.native, gaps=checked.gaps, additions=checked.additions,
        objectives={objective.id: TranslatedText.of(objective.title) for objective in config.objectives},
        shapes={layer.var.name: store.get(layer.key) for layer in layers if layer.var.kind == "geometry"},
        rasters=[_raster(layer, layer.grid, store.get(layer.key)) for layer in layers if layer.grid is not None],
        cell=None if intake is None else float(intake.grid.resolution.x),
    )  # fmt: skip


def of_run(view: View) -> IntakeReport:
    """Return the intake report of a run: of the files as read, before any alternative changes them."""
    run, config = view.run, view.run.manifest.asked
    homes = [layer for layer in run.homes if layer.var.kind == "geometry" or layer.grid is not None]
    return IntakeReport(
        title=view.title, synthetic=run.synthetic, crs=run.about.crs,
        files={name: file_names(spec) for name, spec in config.files.items()},
        refused=(), findings=run.findings, problems=run.problems, contradictions=run.contradictions,
        mappings=run.mappings, trust=run.trust,
        completeness=run.manifest.completeness, origin=run.manifest.origin,
        native={layer.var.name: pixel for layer in run.homes if (pixel := run.native(layer)) is not None},
        gaps=run.gaps(view.base),
        additions=additions(_lineage(view), run.trust, {each.id: each.indicator for each in config.objectives}),
        objectives={each.id: TranslatedText.of(each.title) for each in config.objectives},
        shapes={layer.var.name: run.value(layer) for layer in homes if layer.var.kind == "geometry"},
        rasters=[_raster(layer, layer.grid, run.value(layer)) for layer in homes if layer.grid is not None],
        cell=float(run.grid.resolution.x),
    )  # fmt: skip


def _raster(layer: Layer, grid: GeoBox, values: Any) -> Raster:
    cells = np.asarray(values, dtype=np.float64)
    return Raster(
        layer.var.name, np.where(cells == 0, np.nan, cells) if layer.var.kind == "int" else cells, grid_bounds(grid)
    )  # fmt: skip


def _lineage(view: View) -> Lineage:
    """Dependencies between quantities in the first alternative of a run."""
    names = view.names(view.base)
    parents: dict[str, frozenset[str]] = {}
    for step in view.run.steps(view.base):
        read = frozenset(names[key] for key in step.reads if key in names)
        for key in step.makes:
            if key in names:
                parents[names[key]] = parents.get(names[key], frozenset()) | read
    return Lineage(parents, frozenset(view.layers[view.base]), view.run.gaps(view.base))
