"""What a study derives from rasters: a call derives it too, and warns of it; where a study mends, a call warns only."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.model import Model
from citybraid.core.var import Var
from citybraid.sources.fenced.repairing import apply_repairs
from citybraid.sources.protocol.discovery import all_repairs
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target

GROUND = "ground"
"""Stage of the repairs that work on rasters."""


def with_derived(model: Model[Any, Any], arguments: Mapping[str, Any], grid: GeoBox | None) -> dict[str, Any]:
    """Return arguments with the rasters that a study derives from those given, for optional inputs left out.

    As canopy cover from heights of trees. Each is told by a warning; so is what a study would have mended in those
    given (small holes, ground without a cover), which a call takes as they are.
    """
    rasters = {
        name: need.what for name, need in model.needs.items() if isinstance(need.what, Var) and need.what.on == "grid"
    }
    given = {name: var for name, var in rasters.items() if arguments.get(name) is not None}
    if grid is None or grid.crs is None or not given:
        return dict(arguments)
    target = Target(crs=str(grid.crs), cell=abs(float(grid.resolution.x)), base=grid)
    layers = [SourceLayer(var, _own(arguments[name]), grid) for name, var in given.items()]
    mended = apply_repairs(
        [each for each in all_repairs() if each.STAGE == GROUND],
        Layers({layer_key(layer): layer for layer in layers}), Rules(target),
    ).layers  # fmt: skip
    made = {layer.var.name: layer.value for layer in mended if layer.var.on == "grid" and layer.grid == grid}
    whole = dict(arguments)
    for name, var in rasters.items():
        if var.name not in made:
            continue
        if name not in given:
            kind = np.int32 if var.kind == "int" else np.float64
            whole[name] = xr.DataArray(made[var.name].to_numpy().astype(kind), dims=("y", "x"))
            _tell("api.derived", model.name, name, given)
        elif not np.array_equal(made[var.name].to_numpy(), arguments[name].to_numpy(), equal_nan=var.kind != "int"):
            _tell("api.not_mended", model.name, name, given)
    return whole


def _own(value: xr.DataArray) -> xr.DataArray:
    """Return a raster that repairs may write to."""
    return value.copy(deep=True)


def _tell(text: str, model: str, name: str, given: Mapping[str, Var]) -> None:
    about = InputError(text, where=f"{model}.{name}", name=name, given=sorted(given))
    warnings.warn(f"{about.say('en')} {about.say('zh')}", UserWarning, stacklevel=4)
