"""Intake into the store: a planner's files become the homes of a Place, once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.check import check_range
from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer, digest
from citybraid.core.model import var_of
from citybraid.core.place import Place
from citybraid.core.var import Var
from citybraid.core.vocabulary.water import RETURN_PERIOD, STORM_DURATION
from citybraid.sources.code_mapping import CodeMapping
from citybraid.sources.discovery import reader_for, repairs_version
from citybraid.sources.filespec import options_of
from citybraid.sources.intake import take_in
from citybraid.sources.leaf import leaf_key
from citybraid.sources.pieces import is_one
from citybraid.sources.problem import Contradiction, Problem
from citybraid.sources.quantities import vocabulary
from citybraid.sources.reading import Found
from citybraid.sources.rules import Rules
from citybraid.store.store import Store
from citybraid.study.homes import content_key, grid_of, grid_record
from citybraid.study.opened import OpenStudy

INTAKE_VERSION = 3
"""Raised when a record of intake holds something else than before."""
STATED: Mapping[str, Any] = MappingProxyType({"completeness": 1.0, "native": None, "origin": ("study.toml",)})
"""What the study file itself states rests on no other file."""


@dataclass(frozen=True)
class Taken:
    """The Place as it is, and what intake told of it.

    `problems` lie where a shape is at fault, `contradictions` tell which statements disagree,
    `mappings` what every code and word of the files was read as.
    `completeness` and `native` (pixel of the file [m]) are by Var name, `origin` names
    the entries of the study a layer rests on, `files` the leaf key of each file.
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


def take(study: OpenStudy, store: Store) -> Taken:
    """Read the files of a study into the store, or find that they are there already.

    Raises:
        InputErrors: all that is wrong with the files.
    """
    files = _leaves(study)
    about = study.asked.study
    rows = digest([asdict(row) for row in study.book.rows if row.origin != "citybraid"])
    key = digest("intake", INTAKE_VERSION, repairs_version(), files,
                 study.asked.files, about.crs, about.resolution, about.buffer,
                 about.region, about.year, rows)  # fmt: skip
    record = store.noted(key)
    if record is None or not all(store.has(layer["key"]) for layer in record["layers"]):
        record = _read(study, store)
        store.note(key, record)
    return _taken(study, store, record, files)


def _leaves(study: OpenStudy) -> dict[str, str]:
    """Return the leaf key of every file that can be had; intake itself tells of the others."""
    found: dict[str, str] = {}
    for name, spec in study.asked.files.items():
        for text in spec.paths:
            path = (study.data / text).resolve()
            if is_one(path):
                try:
                    reader = reader_for(path)
                    found[f"{name}:{path.name}"] = leaf_key(path, reader, options_of(spec, reader.options, name=name))
                except PlanError:
                    found[f"{name}:{path.name}"] = "unreadable"
    return found


def _read(study: OpenStudy, store: Store) -> dict[str, Any]:
    about = study.asked.study
    rules = Rules(study.target, book=study.book, region=about.region, year=about.year)
    intake = take_in(study.asked.files, study.target, root=study.data, rules=rules)
    if intake.target.base is None:
        raise InputErrors([PlanError("study.no_extent")])
    layers = []
    for found in intake.layers:
        key = content_key(found.var, found.value, found.grid)
        store.put(key, found.value)
        layers.append(_recorded(found, key))
    return {
        "layers": layers,
        "findings": [asdict(finding) for finding in intake.findings],
        "grid": grid_record(intake.target.base),
        "problems": [problem.record() for problem in intake.problems],
        "contradictions": [asdict(each) for each in intake.contradictions],
        "mappings": [asdict(each) for each in intake.mappings],
    }


def _recorded(found: Found, key: str) -> dict[str, Any]:
    return {
        "var": found.var.name,
        "key": key,
        "at": dict(found.at),
        "grid": None if found.grid is None else grid_record(found.grid),
        "completeness": found.completeness,
        "native": found.native_resolution,
        "origin": sorted(found.origin),
    }


def _taken(study: OpenStudy, store: Store, record: Mapping[str, Any], files: Mapping[str, str]) -> Taken:
    layers = [_layer(told) for told in record["layers"]]
    grid = grid_of(record["grid"])
    own = [*_forcing(study, store), *_uniform(study, store, grid)]
    layers += own
    told = [*record["layers"], *({"var": each.var.name, **STATED} for each in own)]
    return Taken(
        place=Place().put(layers),
        grid=grid,
        findings=(*(Finding(**finding) for finding in record["findings"]), *_given_storms(study, record)),
        completeness={each["var"]: float(each["completeness"]) for each in told},
        native={each["var"]: float(each["native"]) for each in told if each["native"]},
        origin={each["var"]: tuple(each["origin"]) for each in told},
        files=files,
        problems=tuple(Problem.of(each) for each in record["problems"]),
        contradictions=tuple(Contradiction(**each) for each in record["contradictions"]),
        mappings=tuple(CodeMapping(**each) for each in record["mappings"]),
    )


def _given_storms(study: OpenStudy, record: Mapping[str, Any]) -> list[Finding]:
    """Tell each design storm whose rain a file brings: the file wins over the formula."""
    brought = {label for told in record["layers"] for label in told["at"].values()}
    return [
        Finding("advice", "study.storm_given", "rain_intensity", 1, {"name": storm.label, "years": storm.return_period})
        for storm in study.asked.storms
        if storm.label in brought
    ]


def _layer(told: Mapping[str, Any]) -> Layer:
    grid = None if told["grid"] is None else grid_of(told["grid"])
    return Layer(vocabulary()[told["var"]], told["key"], grid, frozenset(told["at"].items()))


def _forcing(study: OpenStudy, store: Store) -> list[Layer]:
    made = [_number(store, vocabulary()[name], value) for name, value in study.asked.numbers.items()]
    for storm in study.asked.storms:
        made.append(_number(store, var_of(RETURN_PERIOD), storm.return_period, event=storm.label))
        made.append(_number(store, var_of(STORM_DURATION), storm.duration, event=storm.label))
    return made


def _uniform(study: OpenStudy, store: Store, grid: GeoBox) -> list[Layer]:
    made: list[Layer] = []
    for name, number in study.asked.uniform.items():
        var = vocabulary()[name]
        value = xr.DataArray(np.full(grid.shape, number), dims=("y", "x"))
        check_range(var, value, where=f"[uniform] {name}")
        key = content_key(var, value, grid)
        store.put(key, value)
        made.append(Layer(var, key, grid))
    return made


def _number(store: Store, var: Var, value: float, **at: str) -> Layer:
    check_range(var, float(value), where=f"[numbers] {var.name}")
    key = content_key(var, float(value), None)
    store.put(key, float(value))
    return Layer(var, key, None, frozenset(at.items()))
