"""The golden case of each model: its arguments, its outputs as JSON, and a digest of their very bits."""

import hashlib
import importlib.util
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from citybraid.core.group import flatten
from tests.discovered import AnyModel, own_test
from tests.integrate.plan import arguments

HERE = Path(__file__).parent
CODE = HERE / "ast.json"
READERS = HERE / "readers.json"
"""Versions and fingerprints of models, and of readers and repairs."""
CASE = "def golden_case("
DIGITS = 9
"""Digits of a recorded value: machines agree to fewer."""


def record_of(model: AnyModel) -> Path:
    """Return the file of a model's recorded values."""
    return HERE / f"{model.id}.json"


def case_file(model: AnyModel) -> Path:
    """Return the file of a model's case: named after its strand and itself, or its own test where that has one."""
    strand, own = model.id.partition(".")[0], own_test(model)
    names = (f"{strand}_{model.name}", model.id.replace(".", "_"))
    files = [HERE / "cases" / f"{name}.py" for name in names]
    if own is not None and CASE in own.read_text(encoding="utf-8"):
        files.append(own)
    return next((file for file in files if file.is_file()), files[0])


def golden_case(model: AnyModel) -> Mapping[str, Any]:
    """Return the arguments of a model's case; a bridge or measure without one takes the small plan."""
    file = case_file(model)
    if model.id.startswith("integrate.") and not file.is_file():
        return arguments(model)
    assert file.is_file(), f"{model.id} has no case {file.name}.py with a function golden_case()"
    spec = importlib.util.spec_from_file_location(f"golden_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[[], Mapping[str, Any]] = module.golden_case
    return function()


def golden_outputs(model: AnyModel, digits: int | None = DIGITS) -> dict[str, Any]:
    """Return a case's outputs by name as JSON, numbers to some digits or, with None, to the last bit."""
    made = flatten(model.of(golden_case(model)))
    return {name: plain(value, digits) for name, value in made.items()}


def golden_digest(model: AnyModel) -> str:
    """Return a digest of a case's outputs to the last bit."""
    text = json.dumps(golden_outputs(model, None), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: object, digits: int | None = DIGITS) -> Any:
    """Return a value as JSON: rasters as rows, columns and series by id, no value as null."""
    if isinstance(value, xr.DataArray):
        return plain(value.to_numpy().tolist(), digits)
    if isinstance(value, gpd.GeoSeries):
        return {str(key): shape.wkt for key, shape in value.items()}
    if isinstance(value, pd.Series):
        return {str(key): plain(one, digits) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one, digits) for one in value]
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number):
            return None
        return number if digits is None else float(f"{number:.{digits}g}")
    return int(value) if isinstance(value, np.integer) else value
