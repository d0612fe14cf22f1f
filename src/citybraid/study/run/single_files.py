"""Files of a single run, read by the readers of intake, with everything that intake finds in them."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import FactorBook, shipped
from citybraid.core.finding import Finding
from citybraid.core.layer import digest
from citybraid.core.model import optional_reads, reads
from citybraid.core.text import Phrase
from citybraid.core.var import Table, Var
from citybraid.sources.fenced.intake_run import IntakeOptions, cached_reading
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.intake.placed_guesses import SWAPPED
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.protocol.dataset import is_dataset
from citybraid.sources.protocol.discovery import Reader, exclusive_roles, kind_of, reader_for, sole_roles
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.sources.protocol.filespec import FileSpec, options_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import columns_of, geometry_of, vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target, union
from citybraid.sources.raster.own_grid import grid_of_tiles, own_grid
from citybraid.sources.text.columns import headers_named, match_columns
from citybraid.sources.text.whole_text import whole_text
from citybraid.sources.vector.preview import LayerPreview
from citybraid.study.open.control_edits import PARCELS, edited_columns, read_edits
from citybraid.study.plan.beside import idle_beside
from citybraid.study.plan.regrid import refine
from citybraid.study.plan.tiles import Tiles
from citybraid.study.run.computed_field import computed_field, computed_rows, document_text
from citybraid.study.run.single_findings import IntakeFindings, as_typed
from citybraid.study.run.single_region import metric_crs

SHOWN = 12
NONE: Mapping[str, Path] = MappingProxyType({})
PLACES = ("", "grid", "time", "field")
"""Domains of quantities that are no rows of a table."""
CELL = 10.0
"""Cell where nothing tells one [m]."""
DEGREES, ANY_METRES = "EPSG:4490", "EPSG:3857"
"""CRS where a file carries none, which intake refuses by name; and any in metres, for tables without a place."""

FAR_FROM_PLAN = "intake.weather_far"
"""Finding that compares a place of a table with that of the plan, which a table alone does not tell."""
TOGETHER = ("shapes", "raster", "sheet")
"""Kinds of files that a run takes in together, as a study does."""


class _Reading(NamedTuple):
    """How a file is read for an input: the role, and the quantities there that another model computed."""

    role: str
    computed: tuple[str, ...]


class Derived(NamedTuple):
    """What intake made of the files for an input that none is named for, and the names of those files."""

    value: Any
    files: tuple[str, ...]


@dataclass
class SingleFiles:
    """The files of one run: read onto its grid, else in the CRS that is given; findings are collected."""

    sandbox: Sandbox
    crs: str = ""
    cell: float | None = None
    grid: GeoBox | None = None
    currency: str = ""
    """Currency of the run's region, '' where it has none."""
    rates: Mapping[str, float] = field(default_factory=dict)
    """What a unit of another currency costs in that of the region, as the user states."""
    edits: Path | None = None
    """A file of edits of parcels' controls, put over what files of parcels state."""
    findings: IntakeFindings = field(default_factory=IntakeFindings)
    crs_of_shapes: str = ""
    """CRS of the run where it has no grid: the one that is given, else that of the first file with shapes."""
    key: str = ""
    """Key of the content and the reader of the file read last."""

    book: FactorBook = field(default_factory=shipped)
    region: str = ""
    year: int = 2025
    tiles: Tiles = field(default_factory=dict)
    """Tiles of a raster that lies in several files, by the first of them."""
    brought: dict[str, Path] = field(default_factory=dict)
    """Tables that model files of other programs brought beside their text, and the file of each."""
    apart: tuple[PlanError, ...] = ()
    """Why the files could not be taken in together."""
    timed: list[Reading] = field(default_factory=list)
    """Series as they were read, which may have a clock in common."""
    _joint: tuple[SourceLayer, ...] = ()
    _keys: dict[tuple[Path, str], str] = field(default_factory=dict)
    """Keys of the files that were taken in together, by path and role."""
    _held: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    """Inputs that no file is named for, by the files that hold them."""
    _known: dict[Path, tuple[LayerPreview, ...]] = field(default_factory=dict)
    _read: dict[tuple[str, str, Target], Intake] = field(default_factory=dict)
    """What intake made of files by role, entry and target: a weather file is read once for its six quantities."""

    def grid_of(self, path: Path) -> GeoBox:
        """Return the grid of a raster of any format and its tiles; raises InputError where none is square in metres."""
        grids = list[GeoBox]()
        for each in self.tiles.get(path, (path,)):
            previews = self._previews(each)
            if len({(preview.shape, preview.affine) for preview in previews}) != 1:
                raise InputError("single.no_raster", name=each.name)
            grids.append(own_grid(previews[0], crs=self.crs, name=each.name))
        return grid_of_tiles(grids)

    def named(self, path: Path) -> str:
        """Return the name of a file, of the first of several tiles those of all."""
        return ", ".join(each.name for each in self.tiles.get(path, (path,)))

    def grid_over(self, paths: Iterable[Path]) -> GeoBox | None:
        """Return a grid of the cell that is given over the shapes of files; None without a cell or a place."""
        if self.cell is None:
            return None
        previews = [each for path in paths for each in self._previews(path) if each.bounds is not None]
        crs = self.crs or metric_crs(previews)
        if not crs:
            return None
        plane = parse_crs(crs, name=crs)
        bounds = union(
            transformer(parse_crs(each.crs or crs, name=each.layer), plane).transform_bounds(*each.bounds)
            for each in previews if each.bounds is not None
        )  # fmt: skip
        return None if bounds is None else Target(crs=crs, cell=self.cell).placed(bounds).base

    def value(self, var: Var, path: Path) -> Any:
        """Return a quantity from a file; raises InputError where the file is absent or does not hold it."""
        if not is_dataset(path):
            raise InputError("intake.file_missing", name=var.name, path=str(path))
        if var.kind == "listing":
            text, self.key, found = whole_text(path, layer=var.name)
            self.findings.take(found)
            return text
        own_role = _own_role(var, path)
        if var.on == "time" and not own_role:
            return self._series(var, path)
        if var.on == "field" and kind_of(var.name) != "field":
            reader = reader_for(path)
            self.key = leaf_key(path, reader, reader.options())
            return computed_field(path, var, self.grid)
        if not own_role and _by_label(var):
            self.key = leaf_key(path, reader_for(path), reader_for(path).options())
            return document_text(path, var) if var.kind == "document" else computed_rows(path, var)
        role, computed = _reading(var, path)
        layers = [each for each in self._layers(path, role, computed=computed) if each.var.name == var.name]
        if not layers:
            raise InputError("single.not_in_file", name=var.name, path=path.name)
        if var.on == "time":
            self.timed.append(Reading((layers[0],), self.findings.of_file(path.name)))
        return self._on_grid(layers[0], path)

    def _on_grid(self, layer: SourceLayer, path: Path) -> Any:
        """Return a layer's value; a raster read onto coarser cells is brought to the run's grid, and that is told."""
        if self.grid is None or layer.grid is None or layer.grid == self.grid:
            return layer.value
        wide, own = abs(layer.grid.resolution.x), abs(self.grid.resolution.x)
        details = {"name": path.name, "wide": float(wide), "cell": float(own)}
        self.findings.take([Finding("advice", "single.interpolated", layer.var.name, 1, details)])
        return refine(layer.value, factor=round(wide / own), how=layer.var.coarsen, grid=self.grid)

    def view(self, table: Table, path: Path) -> gpd.GeoDataFrame:
        """Return a table with the columns that a model reads; those it does not use are reported.

        Raises InputError where the file is absent or lacks a required column.
        """
        if not is_dataset(path):
            raise InputError("intake.file_missing", name=table.on, path=str(path))
        wanted = (*reads(table)[1:], *optional_reads(table))
        layers = self._layers(path, table.on, computed=_reading(table, path).computed)
        values = {each.var.name: each.value for each in layers}
        columns = {name: values[name] for name in wanted if name in values}
        if self.edits is not None and table.on == PARCELS and table.on in values:
            columns |= self._edited(self.edits, columns, values[table.on].index, wanted)
        default = {name: vocabulary()[name].absent for name in reads(table)[1:] if name not in columns}
        if missing := [name for name, value in default.items() if value is None]:
            raise InputErrors(self._lacking(table.on, path, missing))
        stated = {each.var.name for each in layers if each.var.on == table.on and each.completeness > 0.0}
        if idle := sorted(stated - {*wanted, table.on}):
            details = {"name": path.name, "columns": idle[:SHOWN]}
            self.findings.take([Finding("found", "single.columns_idle", table.on, len(idle), details)])
        if table.on not in values:
            raise InputError("single.not_in_file", name=table.on, path=path.name)
        geometry = values[table.on]
        if default:
            parts = {"name": path.name, "columns": [f"{name} = {value}" for name, value in default.items()]}
            self.findings.take([Finding("found", "single.columns_absent", table.on, len(default), parts)])
        return gpd.GeoDataFrame({**default, **columns}, geometry=geometry, index=geometry.index, crs=geometry.crs)

    def _lacking(self, table: str, path: Path, missing: Sequence[str]) -> list[PlanError]:
        """Return why quantities of a table have no value: no such column, an empty one, or all cells are refused."""
        named = match_columns(_columns(self._known.get(path, ()), table, path), missing, {}, layer=table, cut=True)
        refused = self.findings.rejected(missing)
        findings = self.findings.rejected_names(missing)
        absent = [name for name in missing if name not in findings and name not in named.headers]
        empty = [named.headers[name] for name in missing if name not in findings and name in named.headers]
        about = {"name": table, "path": path.name}
        problems = [InputError("single.columns", **about, lacking=absent)] if absent else []
        problems += [InputError("single.columns_empty", **about, lacking=empty)] if empty else []
        problems += [InputError("single.columns_refused", **about, lacking=findings)] if findings else []
        return [*problems, *refused]

    def _edited(
        self, path: Path, columns: Mapping[str, pd.Series], index: pd.Index, wanted: Sequence[str]
    ) -> dict[str, pd.Series]:
        """Return the columns that the model reads and edits change; edits of others are told."""
        changed, edits = edited_columns(columns, index, read_edits(path), file=path.name)
        self.findings.take([each for each in edits if each.layer in wanted])
        if idle := sorted(set(changed) - set(wanted)):
            details = {"name": path.name, "columns": idle[:SHOWN]}
            self.findings.take([Finding("found", "single.columns_idle", PARCELS, len(idle), details)])
        return {name: column for name, column in changed.items() if name in wanted}

    def _series(self, var: Var, path: Path) -> pd.Series:
        """Return a series of times and values; raises InputError where the file holds several of them."""
        reader = reader_for(path)
        options = reader.options()
        self.key = leaf_key(path, reader, options)
        job = Job(reader.module_name, path.resolve(), var.name, options, self._target(var.name), Limits())
        reading = cached_reading(job, self.sandbox, IntakeOptions())
        self.findings.take(reading.findings, reading.problems)
        self.timed.append(reading)
        if len(reading.layers) > 1:
            raise InputError("single.several_series", name=var.name, path=path.name, got=len(reading.layers))
        value: pd.Series = reading.layers[0].value
        return value

    def _layers(self, path: Path, role: str, *, computed: Iterable[str]) -> tuple[SourceLayer, ...]:
        """Return a file's layers as intake reads and repairs them.

        `computed` names quantities that another model computed: intake reads them only where they are named. A file
        that was not taken in with the others is read by itself: what a study derives from it is left out.
        """
        role = reader_for(path).role or role
        if (path, role) in self._keys:
            self.key = self._keys[path, role]
            return self._joint
        spec, previews, self.key = self._entry(path, role, computed)
        target = self._target(role, previews)
        key = (role, spec.model_dump_json(), target)
        if key not in self._read:
            self._read[key] = self._read_one(spec, role, path, target)
        taken = self._read[key]
        if kind_of(role) == "document":
            self.brought |= {each.var.name: path for each in taken.layers if each.var.kind == "geometry"}
        self._tell(taken, target, (role,))
        return taken.layers

    def read_together(
        self, inputs: Iterable[tuple[Var | Table, Path]], wanted: Collection[str], beside: Mapping[str, Path] = NONE
    ) -> None:
        """Take in the files of all inputs at once, as a study does, so that what they tell of each other is used.

        `wanted` names the quantities and tables that the model reads beside them: what intake derives of these is kept
        (`derived`), and its findings are told. Files `beside` them are taken in too, by role, for what they tell of
        the others. Files that cannot be taken in together are read one by one; `apart` says why.

        Raises InputErrors where that is so and some are `beside`.
        """
        inputs_asked = dict[str, tuple[Path, tuple[str, ...]]]()
        try:
            for what, path in inputs:
                role, computed = _reading(what, path) if is_dataset(path) else _Reading("", ())
                if kind_of(role) in TOGETHER and inputs_asked.get(role, (path,))[0] == path:
                    inputs_asked[role] = (path, (*inputs_asked.get(role, (path, ()))[1], *computed))
            given = tuple(inputs_asked)
            inputs_asked |= {role: (path, ()) for role, path in beside.items() if role not in inputs_asked}
            entries = {role: self._entry(path, role, computed) for role, (path, computed) in inputs_asked.items()}
            places = [(role, entries[role][1]) for role in inputs_asked if entries[role][1]]
            target = self._target(*places[0]) if places else self._anywhere() if entries else None
            if target is None:
                return
            rules = Rules(target, book=self.book, region=self.region, currency=self.currency, year=self.year)
            files = [each for path, _ in inputs_asked.values() for each in self.tiles.get(path, (path,))]
            root = Path(os.path.commonpath([each.resolve().parent for each in files]))
            specs = {role: spec for role, (spec, _, _) in entries.items()}
            taken = self._in_order(specs, target, root, rules)
            alone = (
                self._in_order({role: specs[role] for role in given}, target, root, rules) if beside and given else None
            )
        except InputError as fault:
            if beside:
                raise
            self.apart = tuple(_problems(fault))
            return
        self._joint, held = taken.layers, {each.var.on for each in taken.layers}
        kept = [role for role in entries if geometry_of(role) is None or role in held]
        self._keys = {(inputs_asked[role][0], role): entries[role][2] for role in kept}
        self._tell(taken, target, (*kept, *wanted))
        if alone is not None:
            self.findings.take(idle_beside(beside, taken.layers, alone.layers, {*given, *wanted}))

    def _in_order(self, specs: Mapping[str, FileSpec], target: Target, root: Path, rules: Rules) -> Intake:
        """Return what intake makes of files; coordinates that fit in the other order only are exchanged, and told."""
        conduct = IntakeOptions(sandbox=self.sandbox)
        try:
            return take_in(specs, target, root=root, rules=rules, conduct=conduct)
        except InputError as fault:
            problems = _problems(fault)
            swapped = {str(dict(each.values).get("name")) for each in problems if each.text in SWAPPED}
            turned = [role for role, spec in specs.items() if not spec.axes and Path(spec.paths[0]).name in swapped]
            if not turned or len(problems) > len(turned):
                raise
        for role in turned:
            details = {"name": Path(specs[role].paths[0]).name}
            self.findings.take([Finding("guessed", "draft.axes_swapped", role, 1, details)])
        entries = {
            role: spec.model_copy(update={"axes": "yx"}) if role in turned else spec for role, spec in specs.items()
        }
        return self._in_order(entries, target, root, rules)

    def derived(self, what: Var | Table, *, option: str) -> Derived | None:
        """Return what the files hold or tell for an input that is not given, as a study has it; None where nothing.

        A finding tells it: found where a file states it, guessed where a rule made it.
        """
        name = what.on if isinstance(what, Table) else what.name
        layers = {each.var.name: each for each in self._joint if not each.at and each.var.kind != "document"}
        if isinstance(what, Table):
            layers = {key: each for key, each in layers.items() if each.var.on == name}
        lead = layers.get(name)
        if lead is None or (lead.var.on == "grid" and self.grid is None):
            return None
        if isinstance(what, Table) and not {*reads(what)[1:]} <= {*layers}:
            return None
        paths = {role: path for path, role in self._keys}
        files = tuple(paths[role].name for role in sorted({*paths} & lead.origin or {*paths}))
        if isinstance(what, Table):
            names = [each for each in (*reads(what)[1:], *optional_reads(what)) if each in layers]
            columns = {name: layers[name].value for name in names}
            value = gpd.GeoDataFrame(columns, geometry=lead.value, index=lead.value.index, crs=lead.value.crs)
        else:
            value = self._on_grid(lead, Path(files[0])) if lead.var.on == "grid" else lead.value
        if lead.completeness > 0.0:
            self._held.setdefault(files, []).append(option)
        else:
            details = {"name": ", ".join(files), "option": option}
            self.findings.take([Finding("guessed", "single.derived", lead.var.name, 1, details)])
        return Derived(value, files)

    def key_of(self, path: Path, role: str) -> str:
        """Return the key of a file that was taken in with the others; '' where it was not."""
        return self._keys.get((path, role), "")

    def tell_held(self) -> None:
        """Tell which inputs were read from files that are named for others, and why files were read one by one."""
        for why in self.apart[:1]:
            cause = {"why": Phrase(why.text, dict(why.values))}
            self.findings.take([Finding("warning", "single.read_apart", "study", len(self.apart), cause)])
        for files, options in self._held.items():
            details = {"name": ", ".join(files), "options": options}
            self.findings.take([Finding("found", "single.also_held", "", len(options), details)])

    def _tell(self, taken: Intake, target: Target, layers: Collection[str]) -> None:
        """Keep what intake found about these layers, and what concerns no table or raster."""
        about = [each for each in taken.findings if each.layer in layers or not _derived(each.layer)]
        if target.crs == ANY_METRES:
            about = [each for each in about if each.text != FAR_FROM_PLAN]
        self.findings.take(about, taken.problems, taken.contradictions)

    def _entry(self, path: Path, role: str, computed: Iterable[str]) -> tuple[FileSpec, tuple[LayerPreview, ...], str]:
        """Return a file's entry as a study would have it, what its head tells, and the key of its content."""
        reader = reader_for(path)
        previews = () if kind_of(role) in ("sheet", "field") else self._previews(path)
        columns = _columns(previews, role, path)
        named = dict(headers_named(columns, computed, cut=True)) if kind_of(role) == "shapes" else {}
        rates = self.rates if "rates" in reader.options.model_fields else {}
        tiles = self.tiles.get(path, (path,))
        files = tuple(str(each.resolve()) for each in tiles)
        crs = self._crs_of(reader, previews)
        spec = FileSpec(path=files if len(files) > 1 else files[0], role=role, crs=crs, columns=named, rates=rates)
        options = options_of(spec, reader.options, name=role)
        keys = [leaf_key(each, reader_for(each), options) for each in tiles]
        return spec, previews, keys[0] if len(keys) == 1 else digest(keys)

    def _read_one(self, spec: FileSpec, role: str, path: Path, target: Target) -> Intake:
        """Return what intake makes of one file; coordinates that fit in the other order only are exchanged, and told.

        Raises InputErrors whose advice names options of the command, or says that there is no study file.
        """
        rules = Rules(target, book=self.book, region=self.region, currency=self.currency, year=self.year)
        root = Path(os.path.commonpath([each.resolve().parent for each in self.tiles.get(path, (path,))]))
        try:
            return take_in({role: spec}, target, root=root, rules=rules, conduct=IntakeOptions(sandbox=self.sandbox))
        except InputError as fault:
            problems = _problems(fault)
            if spec.axes or {each.text for each in problems} - SWAPPED:
                shapeless = all(each.kind == "table" for each in self._known.get(path, ()))
                raise InputErrors(as_typed(problems, path, shapeless=shapeless)) from fault
        self.findings.take([Finding("guessed", "draft.axes_swapped", role, 1, {"name": path.name})])
        return self._read_one(spec.model_copy(update={"axes": "yx"}), role, path, target)

    def _crs_of(self, reader: Reader, previews: Sequence[LayerPreview]) -> str:
        """Return the CRS that is given, for a file that carries none; '' for others."""
        carried = any(each.crs for each in previews)
        return "" if carried or "crs" not in reader.options.model_fields else self.crs

    def _anywhere(self) -> Target:
        """Return the grid of the run, else a cell that stands for any place: for files without one."""
        if self.grid is not None:
            return Target(crs=str(self.grid.crs), cell=float(self.grid.resolution.x), base=self.grid)
        cell = self.cell or CELL
        placeholder = GeoBox.from_bbox((0.0, 0.0, cell, cell), crs=ANY_METRES, resolution=cell)
        return Target(crs=ANY_METRES, cell=cell, base=placeholder)

    def _target(self, role: str, previews: Sequence[LayerPreview] = ()) -> Target:
        placeless = kind_of(role) == "document" and not any(each.bounds for each in previews)
        if self.grid is not None or placeless or kind_of(role) == "sheet":
            return self._anywhere()
        self.crs_of_shapes = self.crs_of_shapes or self.crs or metric_crs(previews)
        return Target(crs=self.crs_of_shapes or DEGREES, cell=self.cell or CELL)

    def _previews(self, path: Path) -> tuple[LayerPreview, ...]:
        if not is_dataset(path):
            raise InputError("intake.file_missing", name=path.stem, path=str(path))
        if path not in self._known:
            reader = reader_for(path)
            job = Job(reader.module_name, path.resolve(), "", reader.options(), Target(ANY_METRES, CELL), Limits())
            self._known[path] = self.sandbox.peek(job)
        return self._known[path]


def _problems(fault: InputError) -> Sequence[PlanError]:
    """Return the problems of an error."""
    return fault.problems if isinstance(fault, InputErrors) else (fault,)


def _own_role(var: Var, path: Path) -> str:
    """Return the role that a file or a quantity has whatever it is named for; '' where it has none."""
    return reader_for(path).role or sole_roles().get(var.name, "")


def _reading(what: Var | Table, path: Path) -> _Reading:
    """Return how a file is read for an input; the role is '' where it is no file of layers: a series, rows by label."""
    if isinstance(what, Table):
        wanted = (*reads(what)[1:], *optional_reads(what))
        computed = tuple(name for name in wanted if name not in columns_of(what.on))
        return _Reading(reader_for(path).role or what.on, computed)
    own_role = _own_role(what, path)
    if not own_role and (what.on == "time" or _by_label(what)):
        return _Reading("", ())
    if what.on == "field" and kind_of(what.name) != "field":
        return _Reading("", ())
    if geometry_of(what.on) is not None and what.kind != "geometry":
        return _Reading(what.on, (what.name,))
    return _Reading(own_role or exclusive_roles().get(what.name, what.name), (what.name,))


def _by_label(var: Var) -> bool:
    """Tell whether a quantity has a row a label, as lines of an inventory or years have, and no file of its own.

    A text that is read as a whole has none either.
    """
    return var.kind == "document" or (
        var.on not in PLACES and geometry_of(var.on) is None and not kind_of(exclusive_roles().get(var.name, var.name))
    )


def _derived(layer: str) -> bool:
    """Tell whether a finding's layer is a table or a raster: beside the file's own role, one that intake would add."""
    var = vocabulary().get(layer)
    return geometry_of(layer) is not None or (var is not None and var.on == "grid")


def _columns(previews: Sequence[LayerPreview], role: str, path: Path) -> tuple[str, ...]:
    """Return the columns of the layer that a reader chooses: named like the role or the file, else the only one."""
    for name in (role, path.stem):
        if chosen := [each for each in previews if each.layer == name]:
            return chosen[0].columns
    return previews[0].columns if len(previews) == 1 else ()
