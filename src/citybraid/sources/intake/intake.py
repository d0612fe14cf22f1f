"""Take in the files of a study: read, repaired, gaps filled by stated rules, every step reported."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd

from citybraid.core.errors import InputError, InputErrors, PlanError, StoreError
from citybraid.core.finding import Finding
from citybraid.sources.fenced.intake_run import (
    IntakeOptions,
    ReadsPlanned,
    cached_reading,
    dataset_size,
    shared_sandbox,
)
from citybraid.sources.fenced.repairing import added, apply_repairs, runs_of_repairs
from citybraid.sources.fenced.safety import refuse_outside
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.imputing.draws import imputation_draws
from citybraid.sources.intake.code_mappings import with_code_mappings
from citybraid.sources.intake.foreign_money import foreign_money
from citybraid.sources.intake.foreign_sources import RecordingBook, foreign_findings
from citybraid.sources.intake.merging import completeness, merged
from citybraid.sources.intake.series_clocks import on_one_clock
from citybraid.sources.intake.several_files import several_files
from citybraid.sources.intake.tiles import tile_outside, with_tiles_joined
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.placement.extent_size import far_finding, size_problem
from citybraid.sources.placement.plausibility import check_positions
from citybraid.sources.placement.registration import register_drawings
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.dataset import require_valid_dataset
from citybraid.sources.protocol.discovery import (
    all_repairs,
    kind_of,
    known_roles,
    needs_place,
    plan_area_tables,
    reader_for,
    role_of,
)
from citybraid.sources.protocol.filespec import Calendar, FileSpec, options_of
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.quantities import INTERMEDIATE
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.protocol.target import Bounds, Target, is_metric, union
from citybraid.sources.text.calendars import of_region
from citybraid.sources.text.number_columns import MONEY_STATED
from citybraid.sources.vector.layer_choice import unread_layers

TOO_LARGE = frozenset({"study.grid_large", "study.grid_far"})
"""Text ids of problems of a grid with too many cells: nothing is made on it."""


@contextmanager
def gc_disabled() -> Iterator[None]:
    """Disable the cyclic garbage collector for a while, where it is enabled; reference counting still frees memory.

    With hundreds of thousands of shapes in memory each collection scans all of
    them and frees nothing: it took a fifth of the time of the checks.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


@dataclass(frozen=True)
class Intake:
    """Result of intake: layers, findings, completeness by layer name, the grids, and problems.

    `refused` lists what could not be taken in, where intake was to continue on errors; `positions`
    the place of each table's shapes in each file; `draws` are columns to put in place of
    those that rules filled, with other equally likely values.
    """

    layers: tuple[SourceLayer, ...]
    findings: tuple[Finding, ...]
    completeness: Mapping[str, float]
    target: Target
    problems: tuple[Problem, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    refused: tuple[PlanError, ...] = ()
    mappings: tuple[CodeMapping, ...] = ()
    positions: tuple[tuple[str, Position], ...] = ()
    draws: tuple[tuple[SourceLayer, ...], ...] = ()


class Request(NamedTuple):
    """One file with its entry in the study file."""

    name: str
    spec: FileSpec
    role: str
    path: Path


def take_in(
    files: Mapping[str, FileSpec],
    target: Target,
    *,
    root: Path,
    made_root: Path | None = None,
    rules: Rules | None = None,
    limits: Limits | None = None,
    conduct: IntakeOptions = IntakeOptions(),  # noqa: B008  (frozen)
) -> Intake:
    """Read every file, repair and fill what rules can fill, and report all of it.

    Tables are read first: where the study names no extent they determine the extent of the grids;
    rasters are then warped once. All problems of all files are collected and reported
    together. Paths are relative to `root`, those of files that a generator made to `made_root`.

    Raises:
        InputErrors: all problems with the files, unless `conduct` says to keep going.
    """
    bounds, placed_before = limits or Limits(), target.base is not None
    roots = {False: root, True: made_root or root}
    if not is_metric(parse_crs(target.crs, name="crs")):
        raise InputError("intake.crs_not_metric", got=target.crs)
    with shared_sandbox(conduct.sandbox, own=lambda: Sandbox(*dict.fromkeys(roots.values()))) as sandbox:
        files, problems = with_code_mappings(files, target, root=root, sandbox=sandbox, limits=bounds)
        requests, more = _requests(files, roots, bounds, of_region(rules.region if rules else ""))
        problems += more
        gridded = [request for request in requests if kind_of(request.role) in ("raster", "field")]
        placeless = [request for request in requests if not needs_place(request.role)]
        conduct.tell(ReadsPlanned(len(requests), sum(dataset_size(request.path) for request in requests)))
        readings, more = _read(placeless, target, bounds, sandbox=sandbox, conduct=conduct)
        problems += more
        readings = register_drawings(readings, files, problems)
        layers = _merged([reading for reading in readings if reading], problems)
        target = _placed(target, layers, gridded, sandbox=sandbox, limits=bounds, problems=problems)
        late = [request for request in requests if request not in placeless]
        if target.base is None:
            late = [request for request in late if request not in gridded]
        placed, more = _read(late, target, bounds, sandbox=sandbox, conduct=conduct)
        problems += more
        readings = on_one_clock(with_tiles_joined([*readings, *placed], target))
        layers = _merged([reading for reading in readings if reading], problems)
        read = _Read(target, layers, readings, problems, placed_before=placed_before)
        return _completed(read, files, rules or Rules(target), conduct, sandbox=sandbox, limits=bounds)


class _Read(NamedTuple):
    """What was read of the files, before it is checked and repaired."""

    target: Target
    layers: Layers
    readings: list[Reading]
    problems: list[PlanError]
    placed_before: bool


def _completed(
    read: _Read, files: Mapping[str, FileSpec], given: Rules, conduct: IntakeOptions, *, sandbox: Sandbox,
    limits: Limits,
) -> Intake:  # fmt: skip
    """Return what was read, checked and repaired."""
    target, layers, readings, problems, placed_before = read
    unfenced = _unfenced(sandbox, files)
    findings = [finding for reading in readings for finding in reading.findings]
    problems += foreign_money(findings, given.currency)
    findings = [each for each in findings if each.text != MONEY_STATED or not given.currency]
    if target.base is None and (large := [each for each in problems if each.text in TOO_LARGE]):
        if not conduct.keep_going:
            raise InputErrors(_distinct([*large, *problems]))
        return Intake((), (*unfenced, *findings), {}, target, refused=tuple(_distinct([*large, *problems])))
    doubts = check_positions(layers, readings, target, problems)
    problems = _distinct([*doubts.problems, *doubts.apart.values()])
    if problems and not conduct.keep_going:
        raise InputErrors(problems)
    leading = None if placed_before else _leading_table(layers)
    findings += [] if leading is None else far_finding(leading.var.on, leading.value)
    layer_problems = [problem for reading in readings for problem in reading.problems]
    book = RecordingBook(given.book.rows)
    placed_rules = replace(given, target=target, book=book)
    outcome = _repaired_or_reported(
        layers.without(tables=(*doubts.apart, *doubts.beside)), placed_rules, problems, conduct,
        sandbox=sandbox, limits=limits,
    )  # fmt: skip
    foreign = foreign_findings(book.used.values(), given.region, text="intake.foreign_factors") if given.region else ()
    kept_layers = outcome.layers.without(
        tables=("ground", "heritage_sites", "spot_heights"),
        names=[var.name for var in INTERMEDIATE if var.on != "ground"],
    )
    return Intake(
        tuple(kept_layers), (*unfenced, *unread_layers(findings), *doubts.findings, *outcome.findings, *foreign),
        completeness(kept_layers), target, (*layer_problems, *outcome.problems),
        outcome.contradictions, tuple(problems), tuple(mapping for reading in readings for mapping in reading.mappings),
        tuple((each.var.on, each.position) for reading in readings for each in reading.layers if each.position),
        draws=imputation_draws(outcome.layers, placed_rules),
    )  # fmt: skip


def _unfenced(sandbox: Sandbox, files: Mapping[str, FileSpec]) -> tuple[Finding, ...]:
    """Sandbox restrictions that this operating system could not enforce on the reading process."""
    first = next(iter(files), "")
    return tuple(Finding("advice", f"intake.unfenced_{each}", first) for each in sandbox.unfenced)


def _repaired_or_reported(
    layers: Layers, rules: Rules, problems: list[PlanError], conduct: IntakeOptions, *, sandbox: Sandbox, limits: Limits
) -> RepairResult:
    try:
        return repaired(layers, rules, sandbox=sandbox, limits=limits)
    except PlanError as fault:
        if not conduct.keep_going:
            raise
        problems += fault.problems if isinstance(fault, InputErrors) else [fault]
        return RepairResult(layers)


def _distinct(problems: Iterable[PlanError]) -> list[PlanError]:
    """Return problems without duplicates."""
    return list({(problem.text, repr(problem.values)): problem for problem in problems}.values())


@gc_disabled()
def repaired(layers: Layers, rules: Rules, *, sandbox: Sandbox, limits: Limits) -> RepairResult:
    """Apply every repair in order, those of shapes in the fenced process under the limits of readers.

    Raises InputError where these exceed their time or memory, or break down.
    """
    total = RepairResult(layers)
    for fenced, modules in runs_of_repairs(all_repairs()):
        fenced_here = fenced and any(layer.var.kind == "geometry" for layer in total.layers)
        step = (
            sandbox.repair(modules, total.layers, rules, limits)
            if fenced_here
            else apply_repairs(modules, total.layers, rules)
        )
        total = added(total, step, step.layers)
    return total


def _requests(
    files: Mapping[str, FileSpec], roots: Mapping[bool, Path], limits: Limits, calendar: Calendar
) -> tuple[list[Request], list[PlanError]]:
    """Return the files to read; `roots` holds the folders of the study's data and of what is made."""
    requests: list[Request] = []
    problems: list[PlanError] = []
    for name, spec in files.items():
        role = spec.role or name
        stated = role_of(role)
        if stated is None or not stated.entry:
            problems.append(InputError("intake.role_unknown", name=name, role=role, needs=known_roles()))
            continue
        root = roots[spec.made]
        for text in spec.paths:
            path = (root / text).resolve()
            try:
                refuse_outside(root / text, root, entry=name, said=text)
                require_valid_dataset(path, limits, entry=name, said=text)
                requests.append(Request(name, _in_calendar(spec, path, calendar), role, path))
            except PlanError as fault:
                problems.append(fault)
    return requests, problems


def _in_calendar(spec: FileSpec, path: Path, calendar: Calendar) -> FileSpec:
    """Return an entry with the calendar of the region's files, where it states none and its reader has years."""
    if spec.calendar or not calendar or "calendar" not in reader_for(path).options.model_fields:
        return spec
    return spec.model_copy(update={"calendar": calendar})


def _read(
    requests: Iterable[Request], target: Target, limits: Limits, *, sandbox: Sandbox, conduct: IntakeOptions
) -> tuple[list[Reading], list[PlanError]]:
    readings: list[Reading] = []
    problems: list[PlanError] = []
    read: set[str] = set()
    named: list[str] = []
    refused: list[tuple[Request, PlanError]] = []
    for request in requests:
        try:
            readings.append(cached_reading(_job(request, target, limits), sandbox, conduct).of(request.name))
            read.add(request.role)
            named.append(request.path.name)
        except InputErrors as fault:
            problems += fault.problems
        except StoreError:  # a full disk is no fault of the file, and the next cannot be kept either
            raise
        except PlanError as fault:
            refused.append((request, fault))
    readings.append(Reading((), several_files(list(zip(named, readings, strict=True)))))
    for request, refusal in refused:
        if (beside := tile_outside(refusal, request.role, read)) is not None:
            readings.append(beside)
        else:
            problems.append(refusal)
    return readings, problems


def _job(request: Request, target: Target, limits: Limits) -> Job:
    reader = reader_for(request.path)
    options = options_of(request.spec, reader.options, name=request.name)
    return Job(reader.module_name, request.path, request.role, options, target, limits)


def _merged(readings: Sequence[Reading], problems: list[PlanError]) -> Layers:
    """The layers of all readings; of conflicting ones the first is kept and the others are reported."""
    try:
        return merged(readings)
    except PlanError:
        pass
    accepted: list[Reading] = []
    for reading in readings:
        try:
            merged([*accepted, reading])
            accepted.append(reading)
        except PlanError as fault:
            problems.append(fault)
    return merged(accepted)


def _placed(
    target: Target,
    layers: Layers,
    gridded: Iterable[Request],
    *,
    sandbox: Sandbox,
    limits: Limits,
    problems: list[PlanError],
) -> Target:
    """The target with its grids: over the study's extent, else the leading table's, else the rasters' common extent."""
    if target.base is not None:
        return target
    if (leading := _leading_table(layers)) is not None:
        shapes = leading.value
        return _sized(target, _edges(shapes.total_bounds), limits, problems, shapes)
    extents: dict[str, list[Bounds]] = {}
    for request in (each for each in gridded if kind_of(each.role) == "raster"):
        try:
            extents.setdefault(request.role, []).append(sandbox.extent(_job(request, target, limits)))
        except PlanError as fault:
            problems.append(fault)
    common = _common_extent([whole for tiles in extents.values() if (whole := union(tiles)) is not None])
    anything = union([_edges(layer.value.total_bounds) for layer in layers if layer.var.kind == "geometry"])
    extent = common or anything
    return _sized(target, extent, limits, problems) if extent is not None else target


def _sized(
    target: Target, bounds: Bounds, limits: Limits, problems: list[PlanError], shapes: gpd.GeoSeries | None = None
) -> Target:
    """The target with its grids; without, and a problem reported, where they would have too many cells."""
    problem = size_problem(target, bounds, limits, shapes)
    if problem is None:
        return target.placed(bounds)
    problems.append(problem)
    return target


def _leading_table(layers: Layers) -> SourceLayer | None:
    """Shapes of the leading table; a table disjoint from all others gives way to one that overlaps another."""
    tables = {layer.var.on: layer for layer in layers if layer.var.kind == "geometry"}
    extents = {name: _edges(layer.value.total_bounds) for name, layer in tables.items()}
    likely = [name for name in plan_area_tables() if name in extents]
    joined = [name for name in likely if sum(_overlap(extents[name], other) for other in extents.values()) > 1]
    first = next(iter([*joined, *likely]), None)
    return None if first is None else tables[first]


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _edges(bounds: Iterable[float]) -> Bounds:
    west, south, east, north = (float(edge) for edge in bounds)
    return west, south, east, north


def _common_extent(extents: list[Bounds]) -> Bounds | None:
    if not extents:
        return None
    west, south, east, north = zip(*extents, strict=True)
    inside = max(west), max(south), min(east), min(north)
    return inside if inside[0] < inside[2] and inside[1] < inside[3] else union(extents)
