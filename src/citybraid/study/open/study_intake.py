"""Intake into the store: the study's files become the input layers of a Place; unchanged files are not read again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.catalogue import event_design
from citybraid.core.check import check_range
from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer, digest
from citybraid.core.place import Place
from citybraid.core.tables import record_tables, unchanged
from citybraid.core.var import Var
from citybraid.sources.fenced.intake_run import IntakeEvent, IntakeOptions, ReadsPlanned, ReadStarted
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.dataset import is_dataset
from citybraid.sources.protocol.discovery import reader_for, repairs_version
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.sources.protocol.filespec import options_of
from citybraid.sources.protocol.imputation import Draw
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Choices, Rules
from citybraid.sources.quality.data_quality import layer_quality
from citybraid.sources.quality.trust import LayerQuality
from citybraid.store.store import Store
from citybraid.study.open import climate, event_layers, forcing
from citybraid.study.open.control_edits import edited, read_edits
from citybraid.study.open.events import Emit, Event, FileRead, FilesPlanned, FileStarted, quiet
from citybraid.study.open.imputed_layers import draw_records, imputation_record, layers_of
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.plan_conflicts import conflict_problems
from citybraid.study.open.plan_figures import figure_contradictions
from citybraid.study.open.reading_cache import ReadingCache
from citybraid.study.plan.homes import content_key, grid_of, grid_record
from citybraid.study.plan.tiles import file_names

INTAKE_VERSION = 13
"""Record format; raised when the content of a record changes."""
STUDY_FILE_PROVENANCE: Mapping[str, Any] = MappingProxyType(
    {"completeness": 1.0, "native": None, "origin": ("study.toml",)}
)
"""Provenance of values that the study file itself states."""


@dataclass(frozen=True)
class StudyIntake:
    """Result of intake: the Place as it is, with findings and provenance.

    `problems` are faults of shapes with their location, `contradictions` statements that disagree,
    `mappings` how every code and category of the files was interpreted, `trust` the rating of each layer.
    `completeness` and `native` (pixel of the file [m]) are by Var name, `origin` names
    the file entries of the study behind a layer, `files` the leaf key of each file. `imputed`
    holds by Var name how rows were imputed, `draws` the columns of each imputation draw.
    """

    place: Place
    grid: GeoBox
    findings: tuple[Finding, ...]
    completeness: Mapping[str, float]
    native: Mapping[str, float]
    origin: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    mappings: tuple[CodeMapping, ...] = ()
    trust: tuple[LayerQuality, ...] = ()
    imputed: Mapping[str, Any] = field(default_factory=dict)
    draws: tuple[tuple[Layer, ...], ...] = ()


@dataclass(frozen=True)
class IntakePreview:
    """Intake that continued past refused files; `taken` is None where no file gives the extent of the area."""

    findings: tuple[Finding, ...]
    refused: tuple[PlanError, ...]
    taken: StudyIntake | None


def take_in_study(study: OpenStudy, store: Store, *, emit: Emit = quiet) -> StudyIntake:
    """Read the files of a study into the store, or return the stored intake where nothing has changed.

    Raises:
        InputErrors: all problems of the files.
    """
    files = _leaf_keys(study)
    record = _stored_record(study, store, files)
    if record is None:
        with record_tables() as tables:
            intake = _read(study, store, emit, keep_going=False)
            if intake.target.base is None:
                raise InputErrors([PlanError("study.no_extent")])
            record = _intake_record(study, store, intake)
        record["tables"] = dict(tables)
        store.note(_key(study, files), record)
    return _stored_intake(study, store, record, files)


def preview_intake(
    study: OpenStudy, store: Store, *, emit: Emit = quiet, sandbox: Sandbox | None = None
) -> IntakePreview:
    """Read the files of a study as `take` does, but continue past refused files and return their errors with the rest.

    `sandbox` is a reading worker to reuse; without it one is started for this call.
    """
    files = _leaf_keys(study)
    record = _stored_record(study, store, files)
    if record is not None:
        stored = _stored_intake(study, store, record, files)
        return IntakePreview(stored.findings, (), stored)
    with record_tables() as tables:
        intake = _read(study, store, emit, keep_going=True, sandbox=sandbox)
        if intake.target.base is None:
            return IntakePreview(intake.findings, intake.refused or (PlanError("study.no_extent"),), None)
        record = _intake_record(study, store, intake)
    record["tables"] = dict(tables)
    if not intake.refused:
        store.note(_key(study, files), record)
    try:
        stored = _stored_intake(study, store, record, files)
    except PlanError as fault:
        return IntakePreview(intake.findings, (*intake.refused, fault), None)
    return IntakePreview(stored.findings, intake.refused, stored)


def _key(study: OpenStudy, files: Mapping[str, str]) -> str:
    about = study.asked.study
    rows = digest([asdict(row) for row in study.book.rows if row.origin != "citybraid"])
    return digest("intake", INTAKE_VERSION, repairs_version(), files,
                  study.asked.files, about.crs, about.resolution, about.buffer,
                  about.region, about.year, about.unknown_cover, rows, study.asked.imputation,
                  *([] if about.unit_count is None else [about.unit_count]),
                  *([about.currency] if about.currency else []))  # fmt: skip


def _stored_record(study: OpenStudy, store: Store, files: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the stored record of an intake of exactly these files.

    None where there is none, where a value is missing or damaged, or where a table that readers, repairs or checks
    used has changed.
    """
    record = store.noted(_key(study, files))
    if record is None or not unchanged(record["tables"]):
        return None
    return record if all(store.intact(key) for key in _keys(record)) else None


def _keys(record: Mapping[str, Any]) -> list[str]:
    filled = [key for entry in record["imputed"].values() for key in entry["columns"].values()]
    drawn = [column["key"] for columns in record["draws"] for column in columns]
    return [*(layer["key"] for layer in record["layers"]), *filled, *drawn]


def _leaf_keys(study: OpenStudy) -> dict[str, str]:
    """Return the leaf key of every existing file; intake reports the missing ones.

    A file goes by its name; of several of one name in an entry (tiles in folders of their own) each by its path.
    """
    keys: dict[str, str] = {}
    for name, spec in study.asked.files.items():
        for text, shown in zip(spec.paths, file_names(spec), strict=True):
            path = (study.root(spec) / text).resolve()
            if is_dataset(path):
                said = f"{name}:{shown}"
                try:
                    reader = reader_for(path)
                    keys[said] = leaf_key(path, reader, options_of(spec, reader.options, name=name))
                except PlanError:
                    keys[said] = "unreadable"
        if isinstance(spec.mapping, str) and (mapping_path := (study.data / spec.mapping).resolve()).is_file():
            try:
                reader = reader_for(mapping_path)
                keys[f"{name}:{mapping_path.name} (mapping)"] = leaf_key(mapping_path, reader, reader.options())
            except PlanError:
                keys[f"{name}:{mapping_path.name} (mapping)"] = "unreadable"
    return keys


def _read(study: OpenStudy, store: Store, emit: Emit, *, keep_going: bool, sandbox: Sandbox | None = None) -> Intake:
    about = study.asked.study
    imputation = study.asked.imputation
    rules = Rules(
        study.target, Choices(unknown_cover=about.unknown_cover, unit_count=about.unit_count), study.book,
        region=about.region, currency=study.currency, year=about.year, draws=imputation.draws,
        draw=Draw(seed=imputation.seed),
    )  # fmt: skip
    conduct = IntakeOptions(keep_going, lambda progress: emit(_event(progress)), ReadingCache(store), sandbox)
    return take_in(
        study.asked.files, study.target, root=study.data, made_root=study.roots[-1], rules=rules,
        limits=study.asked.limits, conduct=conduct,
    )  # fmt: skip


def _event(progress: IntakeEvent) -> Event:
    if isinstance(progress, ReadsPlanned):
        return FilesPlanned(progress.files, progress.size)
    if isinstance(progress, ReadStarted):
        return FileStarted(progress.file)
    return FileRead(progress.file, progress.size, progress.seconds, progress.known)


def _intake_record(study: OpenStudy, store: Store, intake: Intake) -> dict[str, Any]:
    """Store the values of an intake and return the record of their keys."""
    layers = []
    for layer in intake.layers:
        key = content_key(layer.var, layer.value, layer.grid)
        store.put(key, layer.value)
        layers.append(_layer_record(layer, key))
    trusts = layer_quality(intake, study.asked.files, year=study.asked.study.year)
    return {
        "layers": layers,
        "findings": [asdict(finding) for finding in intake.findings],
        "grid": None if intake.target.base is None else grid_record(intake.target.base),
        "problems": [problem.record() for problem in intake.problems],
        "contradictions": [asdict(each) for each in intake.contradictions],
        "mappings": [asdict(each) for each in intake.mappings],
        "trust": [asdict(each) for each in trusts],
        "imputed": imputation_record(intake.layers, store),
        "draws": draw_records(intake.draws, store),
    }


def _layer_record(layer: SourceLayer, key: str) -> dict[str, Any]:
    return {
        "var": layer.var.name,
        "key": key,
        "at": dict(layer.at),
        "grid": None if layer.grid is None else grid_record(layer.grid),
        "completeness": layer.completeness,
        "native": layer.native_resolution,
        "origin": sorted(layer.origin),
    }


def _stored_intake(study: OpenStudy, store: Store, record: Mapping[str, Any], files: Mapping[str, str]) -> StudyIntake:
    layers = [_layer(entry) for entry in record["layers"]]
    grid = grid_of(record["grid"])
    rows = read_edits(study.folder / study.asked.edits) if study.asked.edits else ()
    layers, taken = edited(layers, rows, store, file=study.asked.edits) if rows else (layers, [])
    study_layers = [*_stated(study, store), *_uniform(study, store, grid)]
    findings = [*_given_storms(study, record), *forcing.forcing_findings(layers, study.asked, study.book)]
    event_layers.check_events(study.asked, layers, study.book)
    layers, changed = climate.changed_weather(layers, study.asked, study.book, store)
    findings += [*taken, *changed]
    layers = forcing.compound_events([*layers, *study_layers], study.asked, study.book, _put(store))
    findings += event_layers.event_findings(study.asked, layers)
    layers += event_layers.event_layers(study.asked, layers, _keep(store))
    place = Place().put(layers)
    conflicts = conflict_problems(study, place, lambda layer: store.get(layer.key), grid=grid)
    figures = figure_contradictions(study.asked.plan_figures, place, lambda layer: store.get(layer.key), grid=grid)
    entries = [*record["layers"], *({"var": each.var.name, **STUDY_FILE_PROVENANCE} for each in study_layers)]
    return StudyIntake(
        place=place,
        grid=grid,
        findings=(*(Finding(**finding) for finding in record["findings"]), *findings),
        completeness={each["var"]: float(each["completeness"]) for each in entries},
        native={each["var"]: float(each["native"]) for each in entries if each["native"]},
        origin={each["var"]: tuple(each["origin"]) for each in entries},
        files=files,
        problems=(*(Problem.of(each) for each in record["problems"]), *conflicts),
        contradictions=(*(Contradiction(**each) for each in record["contradictions"]), *figures),
        mappings=tuple(CodeMapping(**each) for each in record["mappings"]),
        trust=tuple(LayerQuality.of(each) for each in record["trust"]),
        imputed=record["imputed"],
        draws=tuple(layers_of(columns, vocabulary()) for columns in record["draws"]),
    )


def _given_storms(study: OpenStudy, record: Mapping[str, Any]) -> list[Finding]:
    """Return a finding for each design storm whose rain comes from a file, which takes precedence over the formula."""
    rain = event_design().falling[0].name
    file_events = {label for entry in record["layers"] for label in entry["at"].values()}
    return [
        Finding("advice", "study.storm_given", rain, 1, {"name": storm.label, "years": storm.return_period})
        for storm in study.asked.storms
        if storm.label in file_events
    ]


def _layer(entry: Mapping[str, Any]) -> Layer:
    grid = None if entry["grid"] is None else grid_of(entry["grid"])
    return Layer(vocabulary()[entry["var"]], entry["key"], grid, frozenset(entry["at"].items()))


def _stated(study: OpenStudy, store: Store) -> list[Layer]:
    layers = [_number(store, vocabulary()[name], value) for name, value in study.asked.numbers.items()]
    return layers + forcing.storm_layers(study.asked, study.book, _put(store))


def _put(store: Store) -> forcing.PutNumber:
    return lambda var, value, event: _number(store, var, value, event=event)


def _keep(store: Store) -> event_layers.Put:
    def keep(var: Var, value: Any, event: str) -> Layer:
        key = content_key(var, value, None)
        store.put(key, value)
        return Layer(var, key, None, frozenset({"event": event}.items()))

    return keep


def _uniform(study: OpenStudy, store: Store, grid: GeoBox) -> list[Layer]:
    layers: list[Layer] = []
    for name, number in study.asked.uniform.items():
        var = vocabulary()[name]
        value = xr.DataArray(np.full(grid.shape, number), dims=("y", "x"))
        check_range(var, value, where=f"[uniform] {name}")
        key = content_key(var, value, grid)
        store.put(key, value)
        layers.append(Layer(var, key, grid))
    return layers


def _number(store: Store, var: Var, value: float, **at: str) -> Layer:
    check_range(var, float(value), where=f"[numbers] {var.name}")
    key = content_key(var, float(value), None)
    store.put(key, float(value))
    return Layer(var, key, None, frozenset(at.items()))
