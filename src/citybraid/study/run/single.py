"""Run of a single model: inputs from files and numbers, results to files with their provenance."""

import hashlib
import json
import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import xarray as xr
from odc.geo.geobox import GeoBox
from pydantic import ValidationError

from citybraid.core.currency import currency_of, in_currency
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import FactorBook, Resolved
from citybraid.core.finding import Finding
from citybraid.core.group import flatten
from citybraid.core.model import Model, Need, Params, var_of
from citybraid.core.tables import record_tables
from citybraid.core.text import Phrase, csv_safe
from citybraid.core.var import Fact, Over, RunFacts, Table, Threads, Tick, Var, is_listing
from citybraid.sources.fenced.intake_run import shared_sandbox
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.series_clocks import with_one_clock
from citybraid.sources.protocol.dataset import is_dataset
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.study.open.control_edits import PARCELS
from citybraid.study.open.own_factors import own_findings
from citybraid.study.open.validation_errors import option_error
from citybraid.study.plan.beside import beside_files
from citybraid.study.plan.tiles import tiles_of
from citybraid.study.run.machine import machine_class
from citybraid.study.run.single_files import SingleFiles
from citybraid.study.run.single_findings import (
    IntakeFindings,
    Tell,
    beyond_ceilings,
    empty_results,
    ignore_findings,
)
from citybraid.study.run.single_region import foreign_factors
from citybraid.study.run.versions import versions

AnyModel = Model[Any, Any]
YEARS = (1990, 2100)
"""First and last year that a run may be of, as of a study."""
COMMON = (
    "out", "region", "year", "factors", "crs", "cell", "grid", "beside", "rate", "edits", "schema", "strict", "lang",
    "quiet", "help",
)  # fmt: skip
"""Options common to all models: a parameter of the same name is asked for with param- before it."""
KINDS = ("grid", "time", "field", "")
"""Homes of quantities whose files have a text of their own."""


@dataclass(frozen=True)
class SingleRunRequest:
    """User input of a single run: paths or numbers by input name, parameters, region, year, default CRS and cell."""

    inputs: Mapping[str, Sequence[str]]
    params: Mapping[str, Any]
    book: FactorBook
    region: str = ""
    year: int = 2025
    crs: str = ""
    cell: float | None = None
    grid: str = ""
    """A raster whose grid is used where no input is a raster."""
    rates: Mapping[str, float] = field(default_factory=dict)
    """What a unit of another currency costs in that of the region."""
    beside: Sequence[str] = ()
    """Files that a study would take in with the inputs, as ROLE=FILE, for what they tell of these."""
    edits: str = ""
    """A file of edits of parcels' controls; '' for none."""
    strict: bool = False
    """Whether everything that intake repairs, guesses, rejects or doubts is an error."""

    @property
    def folders(self) -> frozenset[Path]:
        """Folders of the input files."""
        texts = (*(text for texts in self.inputs.values() for text in texts), *self.beside, self.grid)
        paths = (Path(each) for text in texts if text for each in (text, text.partition("=")[2]) if each)
        return frozenset(path.resolve().parent for path in paths if is_dataset(path))


@dataclass
class _Context:
    files: SingleFiles
    currency: str
    arguments: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)
    """What was given for each input: a file with the key of its content, or a number; by label where it has some."""
    factors: dict[str, Any] = field(default_factory=dict)
    facts: RunFacts = field(default_factory=RunFacts)
    threads: Threads = field(default_factory=lambda: Threads(os.cpu_count() or 1))

    @property
    def grid(self) -> GeoBox | None:
        """The grid of the run, None where no raster tells it."""
        return self.files.grid


def run_single(
    model: AnyModel, request: SingleRunRequest, out: Path, tick: Tick, *, sandbox: Sandbox | None = None,
    tell: Tell = ignore_findings,
) -> tuple[Path, ...]:  # fmt: skip
    """Run one model and write a file per output, named after its Var, and provenance.json.

    One worker reads all files: `sandbox` if given, which must have access to the folders of them all. `tell` is called
    with what intake found in the files, before anything is computed.

    Raises:
        InputErrors: all problems of the inputs; with `strict`, also all that intake repaired, guessed or rejected.
        RangeError, BalanceError: an input or result is out of range or a balance does not close.
    """
    with shared_sandbox(sandbox, own=lambda: Sandbox(*sorted(request.folders))) as worker, record_tables() as tables:
        context = _gather(model, request, tick, worker)
    if request.strict:
        context.files.findings.refuse()
    tell(context.files.findings)
    started = time.perf_counter()
    outputs = flatten(model.of(context.arguments))
    seconds = time.perf_counter() - started
    _tell_of_results(context.files.findings, outputs, model, tell, strict=request.strict)
    out.mkdir(parents=True, exist_ok=True)
    written = _write(model, outputs, context, out, currency=currency_of(request.region))
    provenance = {
        **_request_record(model, request, context), "tables": dict(tables), **_computed(model, outputs, context),
        "seconds": round(seconds, 3), "versions": versions(), "outputs": [path.name for path in written],
    }  # fmt: skip
    path = out / "provenance.json"
    path.write_text(json.dumps(provenance, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    return (*written, path)


def _tell_of_results(
    findings: IntakeFindings, outputs: Mapping[str, Any], model: AnyModel, tell: Tell, *, strict: bool
) -> None:
    """Tell of results without any value or above all that may be, and keep it; raises InputErrors where `strict`."""
    doubts = IntakeFindings(empty_results(outputs, model.makes) + beyond_ceilings(outputs, model.makes))
    if strict:
        doubts.refuse()
    if doubts.findings:
        findings.take(doubts.findings)
        tell(doubts)


def _request_record(model: AnyModel, request: SingleRunRequest, context: _Context) -> dict[str, Any]:
    """Return the part of the provenance that determines the results: model, inputs, parameters, factors."""
    return {
        "model": model.id, "version": model.version, "cite": model.cite, "validity": model.validity,
        "inputs": context.inputs, "parameters": dict(request.params), "region": request.region, "year": request.year,
        "crs": request.crs, "cell": request.cell, "rates": dict(request.rates), "factors": context.factors,
    }  # fmt: skip


def _computed(model: AnyModel, outputs: Mapping[str, Any], context: _Context) -> dict[str, Any]:
    """Return the part of the provenance that the run adds: findings, numbers, facts of the run and its machine."""
    return {
        **context.files.findings.record(),
        "residuals": {name: float(value) for name, value in outputs.items() if model.makes[name].closes is not None},
        "numbers": {name: _known(value) for name, value in outputs.items() if model.makes[name].on == ""},
        "run": {**context.facts, "threads": int(context.threads), "machine": dict(machine_class())},
        "unfenced": list(context.files.sandbox.unfenced),
    }  # fmt: skip


def _known(number: float) -> float | None:
    """Return a number as JSON can hold it: None where it has no value."""
    return None if np.isnan(number) else number


def _gather(model: AnyModel, request: SingleRunRequest, tick: Tick, sandbox: Sandbox) -> _Context:
    problems: list[PlanError] = []
    if not YEARS[0] <= request.year <= YEARS[1]:
        problems.append(InputError("single.year", got=request.year, low=YEARS[0], high=YEARS[1]))
    inputs, tiles = tiles_of(request.inputs, model.needs)
    request = replace(request, inputs=inputs)
    files = {
        name: text for name, texts in request.inputs.items() for text in texts
        if _number(_unlabelled(model.needs[name], text)) is None
    }  # fmt: skip
    currency = currency_of(request.region)
    edits = _edits(model, request)
    files_read = SingleFiles(
        sandbox, crs=request.crs, cell=request.cell, currency=currency, rates=request.rates, edits=edits,
        book=request.book, region=request.region, year=request.year, tiles=tiles,
    )  # fmt: skip
    context = _Context(files_read, currency)
    if edits is not None:
        context.inputs["edits"] = {"file": edits.name, "key": hashlib.sha256(edits.read_bytes()).hexdigest()[:20]}
    context.files.grid = _grid(model, files, request, context.files)
    if request.grid:
        path = Path(request.grid)
        reader = reader_for(path)
        context.inputs["grid"] = {"file": path.name, "key": leaf_key(path, reader, reader.options())}
    beside = beside_files(request.beside)
    _read_together(model, files, context.files, beside)
    if beside:
        context.inputs["beside"] = {
            role: {"file": path.name, "key": files_read.key_of(path, role)} for role, path in beside.items()
        }
    for name, need in model.needs.items():
        try:
            context.arguments[name] = _argument(model, name, need, request, context, tick)
        except InputErrors as fault:
            problems += fault.problems
        except PlanError as fault:
            problems.append(fault)
    if problems:
        raise InputErrors(problems)
    context.arguments, notes = with_one_clock(context.arguments, context.files.timed)
    context.files.findings.take(notes)
    context.files.tell_held()
    context.files.findings.take(own_findings(request.book, params=[request.params]))
    context.arguments = model.with_zeros(context.arguments)
    context.files.findings.take(_idle(model, context.arguments))
    factors = [each for each in context.arguments.values() if isinstance(each, Resolved)]
    context.files.findings.take(foreign_factors(factors, request.region, context.grid, context.arguments))
    return context


def _read_together(model: AnyModel, files: Mapping[str, str], reading: SingleFiles, beside: Mapping[str, Path]) -> None:
    """Take in the files of all inputs at once; those by label, as depths of several events, are read one by one."""
    inputs_asked = {name: need.what for name, need in model.needs.items() if isinstance(need.what, Var | Table)}
    given = [(what, Path(files[name])) for name, what in inputs_asked.items() if name in files and not is_listing(what)]
    wanted = {
        what.on if isinstance(what, Table) else what.name for name, what in inputs_asked.items() if name not in files
    }
    reading.read_together(given, wanted, beside)


def _edits(model: AnyModel, request: SingleRunRequest) -> Path | None:
    """Return the file of edits; raises InputError where there is none, or where the model reads no parcels."""
    if not request.edits:
        return None
    if not any(isinstance(need.what, Table) and need.what.on == PARCELS for need in model.needs.values()):
        raise InputError("single.edits_unread", model=model.id)
    path = Path(request.edits)
    if not path.is_file():
        raise InputError("single.no_file", option="--edits", got=request.edits, kind="CSV")
    return path


def _idle(model: AnyModel, arguments: Mapping[str, Any]) -> list[Finding]:
    """Return findings on optional inputs that are given but that the model leaves out without a parameter set."""
    params = next((value for value in arguments.values() if isinstance(value, Params)), None)
    conditions = {
        (when.given, when.param, str(when.value))
        for when in model.when.values()
        if when.param
        and model.needs[when.given].optional
        and arguments.get(when.given) is not None
        and not when.holds(arguments, params)
    }
    return [
        Finding("advice", "single.input_idle", given, 1,
                {"option": option_of(given), "param": f"{option_of(param)} {value}"})
        for given, param, value in sorted(conditions)
    ]  # fmt: skip


def _argument(  # noqa: PLR0917  (each is one part of one call)
    model: AnyModel, name: str, need: Need, request: SingleRunRequest, context: _Context, tick: Tick
) -> Any:
    what = need.what
    if isinstance(what, Fact):
        known = any(row.holds(request.region) for row in request.book.by_name.get(what.name, ()))
        return _factor(what, request, context) if known or not need.optional else None
    if what == "tick":
        return tick
    if what == "threads":
        return context.threads
    if what == "facts":
        return context.facts
    if isinstance(what, Var | Table | Over):
        texts = request.inputs.get(name, ())
        if isinstance(what, Table) and not texts and what.on in context.files.brought:
            texts = (str(context.files.brought[what.on]),)
        value = _value(name, what, texts, context)
        driven = any(request.inputs.get(each) for each in need.zero_beside)
        if value is None and not need.optional and not driven:
            raise InputError("single.missing", model=model.id, name=name, kind=_kind(what), option=option_of(name))
        return value
    if isinstance(what, type) and issubclass(what, Params):
        return _params(model, what, request)
    if context.grid is None and not need.optional:
        raise InputError("single.no_grid", model=model.id)
    return context.grid


def _derived(name: str, what: Var | Table, context: _Context) -> Any:
    """Return what the files hold or tell for an input that is not given, None where nothing."""
    made = context.files.derived(what, option=option_of(name))
    if made is None:
        return None
    context.inputs[name] = {"derived_from": list(made.files)}
    return made.value


def _grid(model: AnyModel, files: Mapping[str, str], request: SingleRunRequest, reading: SingleFiles) -> GeoBox | None:
    """Return the grid of the first input raster, in the order of the model's signature.

    Where none is given and the model cannot do without, that of the cell that is given over the tables' shapes.
    """
    for name, need in model.needs.items():
        var = (
            need.what if isinstance(need.what, Var) else var_of(need.what.var) if isinstance(need.what, Over) else None
        )
        if var is None or var.on != "grid" or name not in files:
            continue
        path = Path(files[name].rpartition("=")[2])
        if not is_dataset(path):
            raise InputError("single.no_file", option=option_of(name), got=str(path), kind=_kind(need.what))
        return reading.grid_of(path)
    if request.grid and not is_dataset(Path(request.grid)):
        raise InputError("single.no_file", option="--grid", got=request.grid, kind="GeoTIFF / ASC / NetCDF")
    if request.grid:
        return reading.grid_of(Path(request.grid))
    if not any(need.what is GeoBox and not need.optional for need in model.needs.values()):
        return None
    tables = [Path(files[name]) for name, need in model.needs.items() if isinstance(need.what, Table) and name in files]
    return reading.grid_over(path for path in tables if is_dataset(path))


def _value(name: str, what: Var | Table | Over, texts: Sequence[str], context: _Context) -> Any:
    """Return an input from what was typed for it, else from what intake made of the other files; None where neither.

    Raises InputError where it was given twice.
    """
    if not texts:
        return None if isinstance(what, Over) else _derived(name, what, context)
    if isinstance(what, Over):
        pairs = [text.partition("=") for text in texts]
        if wrong := [text for text, (_, mark, _) in zip(texts, pairs, strict=True) if not mark]:
            raise InputError("single.labels", name=name, got=wrong)
        labels = [label for label, _, _ in pairs]
        if twice := sorted({label for label in labels if labels.count(label) > 1}):
            raise InputError("single.label_twice", name=name, got=twice)
        values = {label: _single_value(name, var_of(what.var), text, context) for label, _, text in pairs}
        context.inputs[name] = {label: given for label, (_, given) in values.items()}
        return {label: value for label, (value, _) in values.items()}
    if len(texts) > 1:
        raise InputError("single.input_twice", name=name, got=list(texts))
    if isinstance(what, Table):
        if not is_dataset(Path(texts[0])):
            raise InputError("single.no_file", option=option_of(name), got=texts[0], kind=_kind(what))
        view = context.files.view(what, Path(texts[0]))
        context.inputs[name] = {"file": Path(texts[0]).name, "key": context.files.key}
        return view
    value, context.inputs[name] = _single_value(name, what, texts[0], context)
    return value


def _single_value(name: str, var: Var, text: str, context: _Context) -> tuple[Any, dict[str, Any]]:
    """Return a quantity and what was given for it: a file with the key of its content, or a number."""
    number = None if is_listing(var) else _number(text)
    if number is None:
        path = Path(text)
        if not is_dataset(path):
            raise InputError("single.no_file", option=option_of(name), got=text, kind=_kind(var))
        value = context.files.value(var, path)
        return value, {"file": context.files.named(path), "key": context.files.key}
    if not math.isfinite(number):
        raise InputError("single.not_finite", option=option_of(name), got=text)
    given = {"number": number, "unit": in_currency(var.unit, context.currency)}
    if var.on == "grid":
        if context.grid is None:
            raise InputError("single.no_grid", model=var.name)
        kind = np.int32 if var.kind == "int" else np.float64
        return xr.DataArray(np.full(context.grid.shape, number, dtype=kind), dims=("y", "x")), given
    if var.on == "":
        return number, given
    raise InputError("single.needs_file", name=var.name, kind=_kind(var))


def _factor(fact: Fact, request: SingleRunRequest, context: _Context) -> Resolved:
    resolved: Resolved = request.book.resolve(fact.name, region=request.region, year=request.year, by_year=fact.by_year)
    context.factors[fact.name] = [asdict(row) for row in resolved.rows.values()]
    return resolved


def _params(model: AnyModel, kind: type[Params], request: SingleRunRequest) -> Params:
    try:
        return kind(**request.params)
    except ValidationError as fault:
        inputs = (*COMMON, *(name for name, need in model.needs.items() if isinstance(need.what, Var | Table | Over)))
        raise InputErrors(option_error(model.id, kind, each, inputs) for each in fault.errors()) from fault


def option_of(name: str) -> str:
    """Return an option as it is typed."""
    return f"--{name.replace('_', '-')}"


def _unlabelled(need: Need, text: str) -> str:
    """Return what was typed for an input without the label that it has along an outer axis."""
    return text.partition("=")[2] if isinstance(need.what, Over) else text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _kind(what: Any) -> str | Phrase:
    var = var_of(what.var) if isinstance(what, Over) else what
    if isinstance(var, Table):
        return "GeoPackage, Shapefile, GeoJSON, DXF"
    if is_listing(var):
        return "TXT / CSV / TNTP"
    unit = in_currency(var.unit, "") or "1"
    return Phrase(f"single.kind_{var.on or 'number'}", {"unit": unit}) if var.on in KINDS else str(var.on)


def _write(
    model: AnyModel, outputs: Mapping[str, Any], context: _Context, out: Path, *, currency: str
) -> tuple[Path, ...]:
    written: list[Path] = []
    for name, value in outputs.items():
        var = replace(model.makes[name], unit=in_currency(model.makes[name].unit, currency))
        if var.on == "grid":
            written.append(_write_raster(value, var, context.grid, out / f"{name}.tif"))
        elif isinstance(value, gpd.GeoSeries):
            path = out / f"{name}.gpkg"
            gpd.GeoDataFrame(geometry=value).reset_index(names="id").to_file(path, layer=name, engine="pyogrio")
            written.append(path)
        elif var.on == "field":
            written.append(_write_field(value, var, context.grid, out / f"{name}.nc"))
        elif var.on == "time":
            path = out / f"{name}.csv"
            value.rename(f"{name} [{var.unit}]").to_csv(path, index_label="hours")
            written.append(path)
        elif var.on == "":
            path = out / f"{name}.csv"
            pd.DataFrame([(name, value, var.unit)], columns=["name", "value", "unit"]).to_csv(path, index=False)
            written.append(path)
        else:
            written.append(_write_column(value, var, context, out / f"{name}.gpkg"))
    return tuple(written)


def _write_raster(value: xr.DataArray, var: Var, grid: GeoBox | None, path: Path) -> Path:
    if grid is None:
        raise InputError("single.no_grid", model=var.name)
    data = value.to_numpy()
    kind, nodata = ("int32", 0) if var.kind == "int" else ("float32", np.nan)
    profile = {
        "driver": "GTiff", "height": data.shape[0], "width": data.shape[1], "count": 1, "dtype": kind,
        "crs": grid.crs.to_wkt() if grid.crs else None, "transform": grid.affine, "nodata": nodata,
        "compress": "deflate", "tiled": True,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(data.astype(kind), 1)
        target.update_tags(units=var.unit, long_name=var.about, name=var.name)
        target.set_band_description(1, f"{var.name} [{var.unit}]")
    return path


def _write_field(value: xr.DataArray, var: Var, grid: GeoBox | None, path: Path) -> Path:
    """Write a field as NetCDF with CF attributes, which intake can read."""
    wkt = grid.crs.to_wkt() if grid is not None and grid.crs is not None else ""
    dataset = value.assign_attrs(units=var.unit, long_name=var.about, grid_mapping="spatial_ref").to_dataset(
        name=var.name
    )
    dataset = dataset.assign(spatial_ref=xr.DataArray(np.int32(0), attrs={"crs_wkt": wkt}))
    for axis, unit in (("time", "hours"), ("y", "m"), ("x", "m")):
        dataset[axis].attrs.update(units=unit, axis={"time": "T", "y": "Y", "x": "X"}[axis])
    dataset.to_netcdf(path, engine="scipy")
    return path


def _write_column(value: pd.Series, var: Var, context: _Context, path: Path) -> Path:
    view = next(
        (
            each
            for each in context.arguments.values()
            if isinstance(each, gpd.GeoDataFrame) and each.index.equals(value.index)
        ),
        None,
    )
    if view is None:
        path = path.with_suffix(".csv")
        labelled = value.rename(f"{var.name} [{var.unit}]").rename(index=lambda each: csv_safe(str(each)))
        labelled.map(lambda cell: csv_safe(cell) if isinstance(cell, str) else cell).to_csv(path, index_label="id")
        return path
    table = gpd.GeoDataFrame({var.name: value}, geometry=view.geometry, crs=view.crs)
    table.reset_index(names="id").to_file(path, layer=var.name, engine="pyogrio")
    return path
