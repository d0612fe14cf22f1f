"""One small case per model, with its version: a change of values without a version bump fails.

`CITYBRAID_GOLDEN=write` records cases of new models and of models whose version was raised; it never
overwrites values of the same version.
"""

import importlib.util
import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.discovered import AnyModel, fingerprint, models

HERE = Path(__file__).parent
CODE = HERE / "ast.json"
WRITE = os.environ.get("CITYBRAID_GOLDEN") == "write"
RELATIVE = 1e-5
ABSOLUTE = 1e-9


def case_file(model: AnyModel) -> Path:
    """Return the file of a model's case: named after its strand and itself."""
    strand = model.id.partition(".")[0]
    names = (f"{strand}_{model.name}", model.id.replace(".", "_"))
    return next(
        (file for name in names if (file := HERE / "cases" / f"{name}.py").is_file()), HERE / "cases" / names[0]
    )


def golden_case(model: AnyModel) -> Mapping[str, Any]:
    """Return the arguments of a model's case."""
    file = case_file(model)
    assert file.is_file(), f"{model.id} has no case {file.name}.py with a function golden_case()"
    spec = importlib.util.spec_from_file_location(f"golden_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[[], Mapping[str, Any]] = module.golden_case
    return function()


def plain(value: object) -> Any:
    """Return a value as JSON: rasters as rows, columns and series by id, no value as null."""
    if isinstance(value, xr.DataArray):
        return plain(value.to_numpy().tolist())
    if isinstance(value, gpd.GeoSeries):
        return {str(key): shape.wkt for key, shape in value.items()}
    if isinstance(value, pd.Series):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float | np.floating):
        return None if math.isnan(value) else float(f"{float(value):.9g}")
    return int(value) if isinstance(value, np.integer) else value


def differences(got: Any, want: Any, at: str = "") -> list[str]:
    """Return where two JSON values part by more than rounding."""
    if isinstance(got, dict) and isinstance(want, list):
        got = list(got.values())
    if isinstance(got, dict) and isinstance(want, dict) and got.keys() == want.keys():
        return [line for key in want for line in differences(got[key], want[key], f"{at}[{key}]")]
    if isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        return [
            line
            for number, pair in enumerate(zip(got, want, strict=True))
            for line in differences(*pair, f"{at}[{number}]")
        ]
    numbers = isinstance(got, int | float) and isinstance(want, int | float)
    same = math.isclose(got, want, rel_tol=RELATIVE, abs_tol=ABSOLUTE) if numbers else got == want
    return [] if same else [f"{at}: got {got!r}, recorded {want!r}"]


def test_there_are_models() -> None:
    assert models()


@pytest.mark.parametrize("model", models(), ids=lambda model: model.id)
def test_values(model: AnyModel) -> None:
    record = HERE / f"{model.id}.json"
    result = model(**golden_case(model))
    outputs = {name: plain(getattr(result, name)) for name in model.makes}
    stored = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    if WRITE and stored.get("version") != model.version:
        stored = {"model": model.id, "version": model.version, "outputs": outputs}
        record.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert stored, f"{model.id} has no record {record.name}: run once with CITYBRAID_GOLDEN=write"
    assert (stored["model"], stored["version"]) == (model.id, model.version), (
        "recorded for another version: record anew"
    )
    assert stored["outputs"].keys() == outputs.keys()
    assert not differences(outputs, stored["outputs"]), f"{model.id} changed its values: raise its version"


def test_code_changes_raise_the_version() -> None:
    stored = json.loads(CODE.read_text(encoding="utf-8")) if CODE.is_file() else {}
    now = {model.id: {"version": model.version, "code": fingerprint(model)} for model in models()}
    if WRITE:
        kept = {key: stored[key] for key in stored.keys() & now.keys() if stored[key]["version"] == now[key]["version"]}
        stored = {key: kept.get(key, now[key]) for key in sorted(now)}
        CODE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    assert stored.keys() == now.keys(), "record new models with CITYBRAID_GOLDEN=write"
    changed = [key for key in now if now[key] != stored[key]]
    assert not changed, (
        f"the code behind {changed} changed: raise their versions and record with CITYBRAID_GOLDEN=write"
    )
