"""Cache of file readings in the store: an unchanged file is not read again, whatever else changes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from citybraid.core.errors import StoreError
from citybraid.core.finding import Finding
from citybraid.core.layer import digest
from citybraid.core.tables import unchanged
from citybraid.core.var import Var
from citybraid.sources.fenced.sandbox import Job
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import INTERMEDIATE, vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.plan.homes import content_key, grid_of, grid_record

VERSION = 2
"""Record format; raised when the content of a record changes."""
CACHED_FIELDS = frozenset(
    {"var", "value", "grid", "at", "stated", "native_resolution", "origin", "position", "mappings"}
)
"""Fields of a layer that a record holds; a layer with other fields set is not cached."""


class ReadingCache:
    """Readings by file, reader, options, role and grid; values are stored under their content keys."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, job: Job) -> Reading | None:
        """Return the cached reading of a job; None where none is complete, or a table that it used has changed."""
        record = self._store.noted(_key(job))
        if record is None or not unchanged(record["tables"]):
            return None
        try:
            return Reading(
                tuple(self._layer(entry, job.target) for entry in record["layers"]),
                tuple(Finding(**entry) for entry in record["findings"]),
                tuple(Problem.of(entry) for entry in record["problems"]),
                record["tables"],
            )
        except (StoreError, KeyError, TypeError, ValueError):
            return None

    def keep(self, job: Job, reading: Reading) -> None:
        """Cache the reading of a job, unless a record cannot hold all of it."""
        if not all(_is_complete(layer) for layer in reading.layers):
            return
        record = {
            "layers": [self._record(layer) for layer in reading.layers],
            "findings": [asdict(finding) for finding in reading.findings],
            "problems": [problem.record() for problem in reading.problems],
            "tables": dict(reading.tables),
        }
        try:
            self._store.note(_key(job), record)
        except TypeError:  # a finding's value is not JSON-serialisable: the file is read again next time
            return

    def _record(self, layer: SourceLayer) -> Mapping[str, Any]:
        stated = layer.stated
        return {
            "on": layer.var.on, "var": layer.var.name, "key": self._put(layer.var, layer.value, layer.grid),
            "grid": None if layer.grid is None else grid_record(layer.grid), "at": dict(layer.at),
            "stated": self._put(layer.var, stated, None) if isinstance(stated, pd.Series) else float(stated),
            "native": layer.native_resolution, "types": _types(layer.value),
            "stated_types": _types(stated),
            "position": None if layer.position is None else asdict(layer.position),
            "mappings": [asdict(mapping) for mapping in layer.mappings],
        }  # fmt: skip

    def _put(self, var: Var, value: object, grid: Any) -> str:
        key = content_key(var, value, grid)
        self._store.put(key, value)
        return key

    def _layer(self, entry: Mapping[str, Any], target: Target) -> SourceLayer:
        var = _var(entry["on"], entry["var"])
        value, stated = _typed(self._store.get(entry["key"]), entry["types"]), entry["stated"]
        if isinstance(value, gpd.GeoSeries):  # readers return shapes in the target's CRS; restore its exact definition
            value = value.set_crs(parse_crs(target.crs, name=var.name), allow_override=True)
        position = entry["position"]
        return SourceLayer(
            var, value.rename(var.name) if isinstance(value, pd.Series) and var.kind != "geometry" else value,
            None if entry["grid"] is None else grid_of(entry["grid"]), entry["at"],
            _typed(self._store.get(stated), entry["stated_types"]).rename(None)
            if isinstance(stated, str) else float(stated),
            entry["native"],
            position=None if position is None else Position(**{**position, "bounds": tuple(position["bounds"])}),
            mappings=tuple(CodeMapping(**each) for each in entry["mappings"]),
        )  # fmt: skip


def _types(value: object) -> list[str]:
    """Return the dtypes of a column and of its index: Parquet returns strings as another dtype."""
    return [str(value.dtype), str(value.index.dtype)] if isinstance(value, pd.Series) else []


def _typed(value: Any, types: Sequence[str]) -> Any:
    """Return a column with its original dtypes."""
    if not isinstance(value, pd.Series):
        return value
    column, index = types
    values = value if str(value.dtype) == column else value.astype(column)  # type: ignore[call-overload]  # (a type by its name)
    return values.set_axis(value.index.astype(index))


def _key(job: Job) -> str:
    reader, target = reader_for(job.path), job.target
    grids = [target.base, *target.nested]
    leaf = leaf_key(job.path, reader, job.options)
    return digest("reading", VERSION, leaf, job.role, target.crs, target.cell, target.buffer, target.whole, grids,
                  job.path.name, job.limits)  # fmt: skip


def _is_complete(layer: SourceLayer) -> bool:
    """Tell whether a record can hold all fields of a layer."""
    plain = SourceLayer(layer.var, layer.value)
    more = [each.name for each in fields(layer) if each.name not in CACHED_FIELDS]
    coordinates = isinstance(layer.value, xr.DataArray) and bool(layer.value.coords)
    return not coordinates and all(getattr(layer, name) == getattr(plain, name) for name in more)


def _var(on: str, name: str) -> Var:
    """Return the Var of a table and a name, among them intermediate ones of intake outside the vocabulary."""
    passing = next((var for var in INTERMEDIATE if (var.on, var.name) == (on, name)), None)
    return passing if passing is not None else vocabulary()[name]
