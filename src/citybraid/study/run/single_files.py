"""Files of a single run, read by the readers of intake, with everything that intake finds in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.model import optional_reads, reads
from citybraid.core.var import Table, Var
from citybraid.sources.fenced.intake_run import IntakeOptions, cached_reading
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.dataset import is_dataset
from citybraid.sources.protocol.discovery import Reader, exclusive_roles, kind_of, reader_for, sole_roles
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.sources.protocol.filespec import FileSpec, options_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import columns_of, geometry_of
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.sources.text.columns import headers_named
from citybraid.sources.vector.preview import LayerPreview
from citybraid.study.run.computed_field import computed_field
from citybraid.study.run.single_findings import IntakeFindings

SHOWN = 12


@dataclass
class SingleFiles:
    """The files of one run: read onto its grid, else in the CRS that is given; findings are collected."""

    sandbox: Sandbox
    crs: str = ""
    cell: float | None = None
    grid: GeoBox | None = None
    findings: IntakeFindings = field(default_factory=IntakeFindings)
    key: str = ""
    """Key of the content and the reader of the file read last."""

    def value(self, var: Var, path: Path) -> Any:
        """Return a quantity from a file; raises InputError where the file is absent or does not hold it."""
        if not is_dataset(path):
            raise InputError("intake.file_missing", name=var.name, path=str(path))
        own_role = reader_for(path).role or sole_roles().get(var.name, "")
        if var.on == "time" and not own_role:
            return self._series(var, path)
        if var.on == "field" and kind_of(var.name) != "field":
            reader = reader_for(path)
            self.key = leaf_key(path, reader, reader.options())
            return computed_field(path, var, self.grid)
        role = own_role or exclusive_roles().get(var.name, var.name)
        if geometry_of(var.on) is not None and var.kind != "geometry":
            role = var.on
        layers = [each for each in self._layers(path, role, computed=(var.name,)) if each.var.name == var.name]
        if not layers:
            raise InputError("single.not_in_file", name=var.name, path=path.name)
        return layers[0].value

    def view(self, table: Table, path: Path) -> gpd.GeoDataFrame:
        """Return a table with the columns that a model reads; those it does not use are reported.

        Raises InputError where the file is absent or lacks a required column.
        """
        if not is_dataset(path):
            raise InputError("intake.file_missing", name=table.on, path=str(path))
        wanted = (*reads(table)[1:], *optional_reads(table))
        layers = self._layers(path, table.on, computed=[name for name in wanted if name not in columns_of(table.on)])
        values = {each.var.name: each.value for each in layers}
        columns = {name: values[name] for name in wanted if name in values}
        if missing := [name for name in reads(table)[1:] if name not in columns]:
            raise InputError("single.columns", name=table.on, path=path.name, lacking=missing)
        stated = {each.var.name for each in layers if each.var.on == table.on and each.completeness > 0.0}
        if idle := sorted(stated - {*wanted, table.on}):
            details = {"name": path.name, "columns": idle[:SHOWN]}
            self.findings.take([Finding("found", "single.columns_idle", table.on, len(idle), details)])
        geometry = values[table.on]
        return gpd.GeoDataFrame(columns, geometry=geometry, index=geometry.index, crs=geometry.crs)

    def _series(self, var: Var, path: Path) -> pd.Series:
        """Return a series of times and values; raises InputError where the file holds several of them."""
        reader = reader_for(path)
        options = reader.options()
        self.key = leaf_key(path, reader, options)
        job = Job(reader.module_name, path.resolve(), var.name, options, self._target(var.name), Limits())
        reading = cached_reading(job, self.sandbox, IntakeOptions())
        self.findings.take(reading.findings, reading.problems)
        if len(reading.layers) > 1:
            raise InputError("single.several_series", name=var.name, path=path.name, got=len(reading.layers))
        value: pd.Series = reading.layers[0].value
        return value

    def _layers(self, path: Path, role: str, *, computed: Iterable[str]) -> tuple[SourceLayer, ...]:
        """Return a file's layers as intake reads and repairs them.

        `computed` names quantities that another model computed: intake reads them only where they are named. What
        intake derives for a study from this file alone, as planning units, is left out with its findings.
        """
        reader = reader_for(path)
        role = reader.role or role
        target = self._target(role)
        named = self._headers(path, role, reader, target, computed) if kind_of(role) == "shapes" else {}
        crs = self.crs if reader.role and "crs" in reader.options.model_fields else ""
        spec = FileSpec(path=str(path.resolve()), role=role, crs=crs, columns=named)
        self.key = leaf_key(path, reader, options_of(spec, reader.options, name=role))
        conduct = IntakeOptions(sandbox=self.sandbox)
        taken = take_in({role: spec}, target, root=path.resolve().parent, conduct=conduct)
        about = [each for each in taken.findings if each.layer == role or geometry_of(each.layer) is None]
        self.findings.take(about, taken.problems, taken.contradictions)
        return taken.layers

    def _target(self, role: str) -> Target:
        if self.grid is not None:
            return Target(crs=str(self.grid.crs), cell=float(self.grid.resolution.x), base=self.grid)
        crs, cell = self.crs or "EPSG:4490", self.cell or 10.0
        placeholder = (
            GeoBox.from_bbox((0.0, 0.0, cell, cell), crs=crs, resolution=cell) if kind_of(role) == "sheet" else None
        )
        return Target(crs=crs, cell=cell, base=placeholder)

    def _headers(
        self, path: Path, role: str, reader: Reader, target: Target, quantities: Iterable[str]
    ) -> dict[str, str]:
        """Return the columns of a file that bear the name of one of these quantities, by quantity."""
        job = Job(reader.module_name, path.resolve(), role, reader.options(), target, Limits())
        columns = _columns(self.sandbox.peek(job), role, path)
        return dict(headers_named(columns, quantities, cut=True))


def _columns(previews: Sequence[LayerPreview], role: str, path: Path) -> tuple[str, ...]:
    """Return the columns of the layer that a reader chooses: named like the role or the file, else the only one."""
    for name in (role, path.stem):
        if chosen := [each for each in previews if each.layer == name]:
            return chosen[0].columns
    return previews[0].columns if len(previews) == 1 else ()
