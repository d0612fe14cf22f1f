"""Run: which keys answer a study, with residuals, gaps, factors, versions and seconds; and the tables made of them."""

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

from citybraid.core.currency import PLACE, currency_of, in_currency
from citybraid.core.errors import InputError, StoreError
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.step import Gap
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.quality.trust import Trust
from citybraid.store.store import Store
from citybraid.study.plan.homes import grid_of

MANIFEST = "manifest.json"
PARTS: Mapping[str, type] = {
    "study": dict, "asked": dict, "store": str, "grid": dict, "screening_grid": dict, "files": dict,
    "problems": list, "contradictions": list, "mappings": list, "trust": list,
    "findings": list, "homes": list, "completeness": dict, "origin": dict, "native": dict, "alternatives": dict,
    "steps": dict, "factors": dict, "versions": dict,
}  # fmt: skip
"""Parts that every manifest has."""
CHOSEN = {"budget", "cost", "build_cost", "carbon", "candidates", "left_out", "unpriced", "prices", "members"}
PRICED = {"build", "upkeep", "lifetime", "present", "status", "carbon", "unit", "low", "high", "source", "note"}
"""Parts of what a study chose, and of each price in it."""


@dataclass(frozen=True)
class Ran:
    """A Step as the manifest keeps it: what it read and made, and how it went."""

    key: str
    model: str
    version: int
    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    params: Mapping[str, Any]
    factors: Mapping[str, tuple[Mapping[str, Any], ...]]
    seconds: float
    residuals: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """The answer to a study: a manifest, tables, and the store that the keys lead to."""

    folder: Path
    store: Store
    manifest: Mapping[str, Any]
    _memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """Open a run's folder; raises InputError where there is no manifest."""
        path = folder / MANIFEST
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as fault:
            raise InputError("run.no_manifest", folder=folder.name) from fault
        _refuse_damaged(manifest, folder)
        return cls(folder, Store((folder / manifest["store"]).resolve()), manifest)

    @property
    def about(self) -> Mapping[str, Any]:
        """Name, titles, CRS, region, year, whether synthetic, note."""
        found: Mapping[str, Any] = self.manifest["study"]
        return found

    @property
    def currency(self) -> str:
        """Currency of prices, budget and damage; that of the region in runs that do not tell."""
        return str(self.about.get("currency") or currency_of(str(self.about["region"])))

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Names of the alternatives, in the order of the study."""
        return tuple(self.manifest["alternatives"])

    @property
    def synthetic(self) -> bool:
        """Whether the data are made, not observed."""
        return bool(self.about["synthetic"])

    @cached_property
    def grid(self) -> GeoBox:
        """The base grid."""
        return grid_of(self.manifest["grid"])

    def title(self, alternative: str) -> Mapping[str, str]:
        """Title of an alternative in both languages."""
        found: Mapping[str, str] = self.manifest["alternatives"][alternative]["title"]
        return found

    def layers(self, alternative: str) -> Mapping[str, Mapping[str, Layer]]:
        """Layers of an alternative: {Var name: {label: layer}}; the label is '' where there are no events."""
        found: dict[str, dict[str, Layer]] = {}
        for told in self.manifest["alternatives"][alternative]["layers"]:
            layer = _layer(told, self.currency)
            found.setdefault(layer.var.name, {})[layer.label] = layer
        return found

    @cached_property
    def homes(self) -> tuple[Layer, ...]:
        """What files and the study brought, before any alternative."""
        return tuple(_layer(told, self.currency) for told in self.manifest["homes"])

    def value(self, layer: Layer) -> Any:
        """Return a layer's value from the store."""
        if layer.key not in self._memory:
            self._memory[layer.key] = self.store.get(layer.key)
        return self._memory[layer.key]

    def native(self, layer: Layer) -> float | None:
        """Return the coarsest pixel of the files a raster rests on [m], None where no raster file is behind it."""
        found = self.manifest["native"].get(layer.key)
        return None if found is None else float(found)

    def steps(self, alternative: str) -> Iterator[Ran]:
        """Steps of an alternative, in an order that runs."""
        for key in self.manifest["alternatives"][alternative]["steps"]:
            told = self.manifest["steps"][key]
            factors = {
                name: tuple(self.manifest["factors"][row] for row in rows) for name, rows in told["factors"].items()
            }
            yield Ran(
                key=key, **{**told, "factors": factors, "reads": tuple(told["reads"]), "makes": tuple(told["makes"])}
            )

    def maker(self, alternative: str, layer: Layer) -> Ran | None:
        """Return the Step that made a layer, None for a home."""
        return next((step for step in self.steps(alternative) if layer.key in step.makes), None)

    def gaps(self, alternative: str) -> tuple[Gap, ...]:
        """Models of an alternative that could not run, and what they need."""
        told = self.manifest["alternatives"][alternative]["gaps"]
        return tuple(Gap(gap["model"], tuple(gap["makes"]), tuple(gap["needs"])) for gap in told)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Faults of shapes, where they lie."""
        return tuple(Problem.of(told) for told in self.manifest["problems"])

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Statements of the files that disagree."""
        return tuple(Contradiction(**told) for told in self.manifest["contradictions"])

    @property
    def mappings(self) -> tuple[CodeMapping, ...]:
        """What every code and word of the files was read as."""
        return tuple(CodeMapping(**told) for told in self.manifest["mappings"])

    @property
    def trust(self) -> tuple[Trust, ...]:
        """How far each layer can be trusted, part by part, the weakest first."""
        return tuple(Trust.of(told) for told in self.manifest["trust"])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What intake found, repaired, guessed and rejected."""
        return tuple(Finding(**told) for told in self.manifest["findings"])

    @property
    def choice(self) -> Mapping[str, Any] | None:
        """What was chosen: budget, cost, prices, members, left out; None where nothing was to be chosen."""
        found: Mapping[str, Any] | None = self.manifest.get("choice")
        return found

    def table(self, name: str) -> pd.DataFrame | None:
        """Return one of the run's tables, None where it was not made.

        Names: units/<alternative>, controls/<alternative>, scorecard, effects, interactions,
        front, adoption, installed, rerun, fixes, failing, grids.
        """
        path = self.folder / "tables" / f"{name}.parquet"
        if name not in self.manifest.get("tables", ()) and not path.exists():
            return None
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as fault:
            raise InputError("run.table_damaged", folder=self.folder.name, name=name) from fault

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that were made."""
        folder = self.folder / "tables"
        return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.parquet")))


def _refuse_damaged(manifest: Any, folder: Path) -> None:
    """Raise InputError where a manifest lacks a part, so that no reader of a run meets half of one."""
    parts = manifest if isinstance(manifest, dict) else {}
    for name, kind in PARTS.items():
        if not isinstance(parts.get(name), kind):
            raise InputError("run.damaged", folder=folder.name, part=f"{MANIFEST}: {name}")
    for name, told in parts["alternatives"].items():
        if not isinstance(told, dict) or not {"title", "layers", "steps", "gaps"} <= set(told):
            raise InputError("run.damaged", folder=folder.name, part=f"{MANIFEST}: {name}")
    choice = parts.get("choice")
    if choice is None:
        return
    prices = choice.get("prices") if isinstance(choice, dict) and set(choice) >= CHOSEN else None
    if not isinstance(prices, dict) or not all(
        isinstance(each, dict) and set(each) >= PRICED for each in prices.values()
    ):
        raise InputError("run.damaged", folder=folder.name, part=f"{MANIFEST}: choice")


def _layer(told: Mapping[str, Any], currency: str) -> Layer:
    var = vocabulary()[told["var"]]
    if PLACE in var.unit:
        var = replace(var, unit=in_currency(var.unit, currency))
    grid = grid_of(told["grid"]) if told["grid"] else None
    return Layer(var, told["key"], grid, frozenset((axis, label) for axis, label in told["at"]))


def next_folder(parent: Path) -> Path:
    """Return the folder of the next run: 001, 002 and so on."""
    numbers = [int(path.name) for path in parent.glob("[0-9][0-9][0-9]*") if path.name.isdigit()]
    return parent / f"{max(numbers, default=0) + 1:03d}"


def refuse_taken(folder: Path) -> None:
    """Raise InputError where a folder that a run is to be written to holds something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("run.folder_taken", folder=folder.name)


def write(parent: Path, out: Path | None, manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write a run and return its folder, `out` or the next number under `parent`.

    The folder appears whole, by renaming, or not at all; of two runs that end at once each gets its own number.
    """
    beside = parent if out is None else out.parent
    draft = beside / f".{uuid.uuid4().hex}.part"
    try:
        for name, table in tables.items():
            path = draft / "tables" / f"{name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            table.to_parquet(path)
        draft.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**manifest, "tables": sorted(tables)}, ensure_ascii=False, indent=1, allow_nan=False)
        (draft / MANIFEST).write_text(text, encoding="utf-8")
        return _placed(draft, parent, out)
    except OSError as fault:
        raise StoreError("run.unwritable", folder=beside.name, why=fault.strerror or str(fault)) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _placed(draft: Path, parent: Path, out: Path | None) -> Path:
    if out is not None:
        refuse_taken(out)
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
