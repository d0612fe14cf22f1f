"""Catalogue of models, discovered in the strands; its JSON file serves help and forms without importing models.

The file comes with a built package. A checkout has none: it is written on first use and again after code is newer.
"""

import importlib
import json
import os
import pkgutil
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from citybraid.core.ensemble import BandDesign, EnsembleDesign
from citybraid.core.errors import InputError
from citybraid.core.event_design import ClimateDesign, EventDesign
from citybraid.core.group import When
from citybraid.core.model import STRANDS, Model, Need, optional_reads, reads, var_of
from citybraid.core.rows.quantities import Ceiling
from citybraid.core.var import Fact, Over, Table, Var

PACKAGE = "citybraid"
FILE = "catalogue.json"
DESCRIBED = (*STRANDS, "core")
"""Parts of the package that a catalogue is made of."""
MOST_NEAR = 5
"""Most ids named beside one that no model has."""
T = TypeVar("T")


@cache
def known() -> Mapping[str, Mapping[str, Any]]:
    """Return the catalogue: model id to description. Imports no model, unless the file has to be written first."""
    path = catalogue_path()
    text = path.read_text(encoding="utf-8") if path.is_file() and not _outdated(path) else write_catalogue(path)
    entries: Mapping[str, Mapping[str, Any]] = json.loads(text)["models"]
    return entries


def method_page(model_id: str, language: str) -> str:
    """Return the file of a model's method page in the documentation; '' for a Step of no model, as absent columns."""
    return f"{model_id}{page_ending(language)}" if model_id in known() else ""


def page_ending(language: str) -> str:
    """Return what the names of pages in a language end with."""
    return ".zh.md" if language == "zh" else ".md"


def catalogue_path() -> Path:
    """Return where the catalogue lies: in the package, beside its strands."""
    return Path(str(files(PACKAGE))) / FILE


def write_catalogue(path: Path) -> str:
    """Write a fresh catalogue and return its text; in a folder that cannot be written to nothing is kept."""
    text = catalogue_text()
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
    return text


def _outdated(path: Path) -> bool:
    """Tell whether code of models or a ceiling is newer than the catalogue of a checkout; never in an install."""
    package = path.parent
    if not (package.parents[1] / "pyproject.toml").is_file():
        return False
    written = path.stat().st_mtime_ns
    ceilings = package / f"{Ceiling.TABLE}.csv"
    if ceilings.is_file() and ceilings.stat().st_mtime_ns > written:
        return True
    return any(
        Path(folder, name).stat().st_mtime_ns > written
        for part in DESCRIBED
        for folder, _, names in os.walk(package / part)
        if not folder.endswith("__pycache__")
        for name in ("", *(name for name in names if name.endswith(".py")))
    )


def load(model_id: str) -> Model[Any, Any]:
    """Import one model by id, and only its module; raises InputError for an unknown id."""
    entry = known().get(model_id)
    if entry is None:
        raise InputError("catalogue.unknown", name=model_id, near=_near(model_id))
    model: Model[Any, Any] = getattr(importlib.import_module(entry["module"]), model_id.rpartition(".")[2])
    return model


def _near(name: str) -> list[str]:
    """Return ids of models that may be meant: spelt alike, or whose own name holds or lies in what was typed."""
    own = name.rpartition(".")[2]
    inside = sorted((each for each in known() if own and own in each), key=len)
    return list(dict.fromkeys([*get_close_matches(name, known(), n=MOST_NEAR, cutoff=0.7), *inside]))[:MOST_NEAR] or [
        "-"
    ]


@cache
def discover(package: str = PACKAGE) -> tuple[Model[Any, Any], ...]:
    """Import every model of the strands within a package, sorted by id; raises ValueError where two share an id.

    The package is looked through once in a process: opening a study asks twice, and packages do not change meanwhile.
    """
    models: dict[str, Model[Any, Any]] = {}
    for module in _modules(package):
        for value in vars(module).values():
            if not isinstance(value, Model) or value.function.__module__ != module.__name__:
                continue
            if value.id in models:
                message = f"two models are called '{value.id}': rename one"
                raise ValueError(message)
            models[value.id] = value
    return tuple(models[key] for key in sorted(models))


def declared(kind: type[T], package: str = PACKAGE) -> tuple[T, ...]:
    """Import the strands within a package and return the distinct objects of a type that their modules declare."""
    instances = {
        id(value): value
        for module in _modules(package)
        for value in vars(module).values()
        for value in (value if isinstance(value, tuple) else (value,))
        if isinstance(value, kind)
    }
    return tuple(instances.values())


@cache
def ensemble_design() -> EnsembleDesign | None:
    """Return the ensemble that a strand declares, None where none does; raises ValueError where there are two.

    A study uses one: a second would need an entry of the study file to select it.
    """
    designs = declared(EnsembleDesign)
    if len(designs) > 1:
        message = f"two ensembles are declared: {sorted(design.quantity.name for design in designs)}"
        raise ValueError(message)
    return designs[0] if designs else None


@cache
def band_design() -> BandDesign | None:
    """Return the number with a band from factors that a strand declares, None where none does."""
    designs = declared(BandDesign)
    return designs[0] if designs else None


@cache
def event_design() -> EventDesign:
    """Return the event design that one strand declares."""
    (design,) = declared(EventDesign)
    return design


@cache
def climate_design() -> ClimateDesign:
    """Return the climate design that one strand declares."""
    (design,) = declared(ClimateDesign)
    return design


def _modules(package: str) -> Iterator[ModuleType]:
    for strand in STRANDS:
        subpackage = importlib.import_module(f"{package}.{strand}")
        for entry in pkgutil.walk_packages(subpackage.__path__, f"{subpackage.__name__}."):
            yield importlib.import_module(entry.name)


def catalogue_text() -> str:
    """Return the text of a fresh catalogue."""
    models = {model.id: describe(model) for model in discover()}
    return json.dumps({"models": models}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def describe(model: Model[Any, Any]) -> dict[str, Any]:
    """Return a model's declaration as plain data."""
    return {
        "module": model.function.__module__,
        "version": model.version,
        "doc": model.doc,
        "cite": model.cite,
        "validity": model.validity,
        "stage": model.stage,
        "quantity": model.quantity.name if model.quantity else None,
        "responsible": model.responsible,
        "build_years": model.build_years,
        "needs": {name: _need(need) for name, need in model.needs.items()},
        "makes": {name: _var(var) | _when(model.when.get(name)) for name, var in model.makes.items()},
        "params": model.params.model_json_schema() if model.params else None,
    }


def _need(need: Need) -> dict[str, Any]:
    what = need.what
    entry: dict[str, Any] = {"optional": need.optional}
    if isinstance(what, Var):
        return entry | {"kind": "var"} | _var(what)
    if isinstance(what, Over):
        return entry | {"kind": "over", "axis": what.axis} | _var(var_of(what.var))
    if isinstance(what, Table):
        columns = [_var(var_of(column)) for column in what.columns]
        return entry | {
            "kind": "table",
            "table": what.on,
            "columns": columns,
            "optional_columns": list(optional_reads(what)),
        }
    if isinstance(what, Fact):
        return entry | {"kind": "factor", "factor": what.name} | ({"by_year": True} if what.by_year else {})
    if isinstance(what, str):
        return entry | {"kind": what}
    return entry | {"kind": "grid" if not reads(what) and what.__name__ == "GeoBox" else "params"}


def _when(when: When | None) -> dict[str, Any]:
    """Return when an output is made, if not always."""
    if when is None:
        return {}
    return {"when": {"given": when.given} | ({"parameter": {when.param: when.value}} if when.param else {})}


def _var(var: Var) -> dict[str, Any]:
    low, high = (None if abs(bound) == float("inf") else bound for bound in (var.ge, var.le))
    return {
        "var": var.name,
        "unit": var.unit,
        "about": var.about,
        "on": var.on,
        "low": low,
        "high": high,
        "type": var.kind,
    }
