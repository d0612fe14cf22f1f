"""Run: the stored results of a study, with residuals, gaps, factors, versions and timings; and result tables."""

import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.currency import PLACEHOLDER, currency_of, in_currency
from citybraid.core.errors import InputError, StoreError
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.step import Gap
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.quality.trust import LayerQuality
from citybraid.store.store import Store
from citybraid.study.open.schema import StudyInfo
from citybraid.study.run.manifest import ChoiceRecord, FactorRow, LayerRecord, Manifest
from citybraid.study.run.migration import MANIFEST, migrate


@dataclass(frozen=True)
class StepRun:
    """A Step as recorded in the manifest: inputs, outputs, parameters, factors, time, residuals and facts."""

    key: str
    model: str
    version: int
    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    params: Mapping[str, Any]
    factors: Mapping[str, tuple[FactorRow, ...]]
    seconds: float
    residuals: Mapping[str, float]
    facts: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """The result of a study: a manifest, tables, and the store with the values."""

    folder: Path
    store: Store
    manifest: Manifest
    _memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _tables: dict[tuple[Path, int, int], pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """Open a run's folder.

        Raises InputError where there is no manifest, one that cannot be read (cut off, not UTF-8, no rights), or one of
        an earlier version whose quantities are not known any more.
        """
        path = folder / MANIFEST
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise InputError("run.no_manifest", folder=folder.name) from fault
        except (OSError, ValueError, RecursionError) as fault:
            raise InputError("run.damaged", folder=folder.name, part=MANIFEST) from fault
        manifest = migrate(content, folder.name)
        if gone := sorted(_quantities(manifest) - set(vocabulary())):
            raise InputError("run.quantities_gone", folder=folder.name, names=gone)
        return cls(folder, Store((folder / manifest.store).resolve()), manifest)

    @property
    def about(self) -> StudyInfo:
        """Name, titles, CRS, region, year, whether synthetic, note."""
        return self.manifest.study

    @property
    def currency(self) -> str:
        """Currency of prices, budget and damage; that of the region where the run does not record it."""
        return self.about.currency or currency_of(self.about.region)

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Names of the alternatives, in the order of the study."""
        return tuple(self.manifest.alternatives)

    @property
    def synthetic(self) -> bool:
        """Whether the data are made, not observed."""
        return self.about.synthetic

    @cached_property
    def grid(self) -> GeoBox:
        """The base grid."""
        return self.manifest.grid.box

    def title(self, alternative: str) -> Mapping[str, str]:
        """Title of an alternative in both languages."""
        return self.manifest.alternatives[alternative].title

    def layers(self, alternative: str) -> Mapping[str, Mapping[str, Layer]]:
        """Layers of an alternative: {Var name: {label: layer}}; the label is '' where there are no events."""
        by_name: dict[str, dict[str, Layer]] = {}
        for record in self.manifest.alternatives[alternative].layers:
            layer = _layer(record, self.currency)
            by_name.setdefault(layer.var.name, {})[layer.label] = layer
        return by_name

    @cached_property
    def homes(self) -> tuple[Layer, ...]:
        """Input layers from files and the study, before any alternative."""
        return tuple(_layer(record, self.currency) for record in self.manifest.homes)

    def value(self, layer: Layer) -> Any:
        """Return a layer's value from the store."""
        if layer.key not in self._memory:
            self._memory[layer.key] = self.store.get(layer.key)
        return self._memory[layer.key]

    def native(self, layer: Layer) -> float | None:
        """Return the coarsest pixel of the raster files that a value derives from [m], None where there is none."""
        return self.manifest.native.get(layer.key)

    def steps(self, alternative: str) -> Iterator[StepRun]:
        """Steps of an alternative in topological order."""
        return map(self._step, self.manifest.alternatives[alternative].steps)

    def _step(self, key: str) -> StepRun:
        record = self.manifest.steps[key]
        rows = {name: tuple(self.manifest.factors[row] for row in rows) for name, rows in record.factors.items()}
        return StepRun(key=key, **{**dict(record), "factors": rows})

    def models_run(self, alternative: str) -> frozenset[str]:
        """Ids of the models that an alternative has Steps of."""
        return frozenset(self.manifest.steps[key].model for key in self.manifest.alternatives[alternative].steps)

    def maker(self, alternative: str, layer: Layer) -> StepRun | None:
        """Return the Step that computed a layer, None for an input."""
        keys = self.manifest.alternatives[alternative].steps
        return next((self._step(key) for key in keys if layer.key in self.manifest.steps[key].makes), None)

    def gaps(self, alternative: str) -> tuple[Gap, ...]:
        """Models of an alternative that could not run, and what they need."""
        return self.manifest.alternatives[alternative].gaps

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Faults of shapes, with their location."""
        return tuple(Problem.of(dict(record)) for record in self.manifest.problems)

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Statements of the files that disagree."""
        return self.manifest.contradictions

    @property
    def mappings(self) -> tuple[CodeMapping, ...]:
        """Interpretation of every code and category of the files."""
        return self.manifest.mappings

    @property
    def trust(self) -> tuple[LayerQuality, ...]:
        """Trust rating of each layer, by part, the weakest first."""
        return self.manifest.trust

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of intake: facts, repairs, guesses and rejections."""
        return self.manifest.findings

    @property
    def choice(self) -> ChoiceRecord | None:
        """The chosen portfolio: budget, cost, prices, members, left out; None where no portfolio was requested."""
        return self.manifest.choice

    def table(self, name: str) -> pd.DataFrame | None:
        """Return one of the run's tables, None where it does not exist; read once, and each caller's to change.

        Names: units/<alternative>, controls/<alternative>, scorecard, effects, interactions,
        front, front_members, adoption, installed, rerun, rounds, round_adoption, refits, worth, fixes, failing, grids,
        plausibility.
        """
        path = self.folder / "tables" / f"{name}.parquet"
        if name not in self.manifest.tables and not path.exists():
            return None
        try:
            state = path.stat()
            key = (path, state.st_mtime_ns, state.st_size)
            if key not in self._tables:
                self._tables[key] = pd.read_parquet(path)
        except (OSError, ValueError) as fault:
            raise InputError("run.table_damaged", folder=self.folder.name, name=name) from fault
        return self._tables[key].copy(deep=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the run's tables."""
        folder = self.folder / "tables"
        return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.parquet")))


def _quantities(manifest: Manifest) -> set[str]:
    """Return the names of the quantities that a run holds."""
    records = [*manifest.homes, *(record for each in manifest.alternatives.values() for record in each.layers)]
    return {record.var for record in records}


def _layer(record: LayerRecord, currency: str) -> Layer:
    grid = None if record.grid is None else record.grid.box
    var = vocabulary()[record.var]
    if PLACEHOLDER in var.unit:
        var = replace(var, unit=in_currency(var.unit, currency))
    return Layer(var, record.key, grid, frozenset(record.at))


def next_folder(parent: Path) -> Path:
    """Return the folder of the next run: 001, 002 and so on."""
    numbers = [int(path.name) for path in parent.glob("[0-9][0-9][0-9]*") if path.name.isdigit()]
    return parent / f"{max(numbers, default=0) + 1:03d}"


def refuse_nonempty(folder: Path) -> None:
    """Raise InputError where the output folder of a run is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("run.folder_taken", folder=folder.name)


def write(parent: Path, out: Path | None, manifest: Manifest, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write a run and return its folder, `out` or the next number under `parent`.

    The folder is written atomically, by renaming; two runs that end at the same time get different numbers.
    """
    parent_folder = parent if out is None else out.parent
    draft = parent_folder / f".{uuid.uuid4().hex}.part"
    try:
        for name, table in tables.items():
            path = draft / "tables" / f"{name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            table.to_parquet(path)
        draft.mkdir(parents=True, exist_ok=True)
        content = manifest.model_copy(update={"tables": tuple(sorted(tables))}).model_dump(mode="json")
        text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
        (draft / MANIFEST).write_text(text, encoding="utf-8")
        return _move_into_place(draft, parent, out)
    except OSError as fault:
        raise StoreError("run.unwritable", folder=parent_folder.name, why=fault.strerror or str(fault)) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _move_into_place(draft: Path, parent: Path, out: Path | None) -> Path:
    if out is not None:
        refuse_nonempty(out)
        if out.is_dir():
            out.rmdir()
        return draft.rename(out)
    while True:
        folder = next_folder(parent)
        try:
            return draft.rename(folder)
        except OSError:
            if not folder.exists():
                raise
