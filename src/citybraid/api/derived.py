"""What a study derives from rasters: a call derives it too, and warns of it; where a study mends, a call warns only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.api.telling import tell
from citybraid.core.model import Model
from citybraid.core.text import Phrase
from citybraid.core.var import Var
from citybraid.sources.fenced.repairing import apply_repairs
from citybraid.sources.protocol.discovery import all_repairs
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target
from citybraid.study.plan.beside import beside_roles

GROUND = "ground"
"""Stage of the repairs that work on rasters."""


def with_derived(
    model: Model[Any, Any], arguments: Mapping[str, Any], grid: GeoBox | None, beside: Sequence[SourceLayer] = ()
) -> dict[str, Any]:
    """Return arguments with the rasters that a study derives from those given, for inputs left out.

    As canopy cover from heights of trees. What is `beside` them is used as a study uses it: roofs of buildings stand in
    the land cover. Each is told by a warning; so is what a study would have mended in those given (small holes, ground
    without a cover), which a call takes as they are.
    """
    rasters = {
        name: need.what for name, need in model.needs.items() if isinstance(need.what, Var) and need.what.on == "grid"
    }
    given = {name: var for name, var in rasters.items() if arguments.get(name) is not None}
    if grid is None or grid.crs is None or not given:
        return dict(arguments)
    target = Target(crs=str(grid.crs), cell=abs(float(grid.resolution.x)), base=grid)
    layers = [SourceLayer(var, _own(arguments[name]), grid) for name, var in given.items()]
    alone = _made(layers, target, grid)
    made = _made([*beside, *layers], target, grid) if beside else alone
    whole, used = (
        dict(arguments),
        [*given, *sorted({role for each in beside for role in (each.var.on, each.var.name)} & {*beside_roles()})],
    )
    for name, var in rasters.items():
        if var.name not in made:
            continue
        kind = np.int32 if var.kind == "int" else np.float64
        if name not in given:
            whole[name] = xr.DataArray(made[var.name].astype(kind), dims=("y", "x"))
            _tell("api.derived", model.name, name, used)
            continue
        changed = ~_same(made[var.name], alone[var.name])
        if changed.any():
            held = np.where(changed, made[var.name], arguments[name].to_numpy()).astype(kind)
            whole[name] = arguments[name].copy(data=held)
            _tell("api.beside_used", model.name, name, used, count=int(changed.sum()))
        if not _same(alone[var.name], arguments[name].to_numpy()).all():
            _tell("api.not_mended", model.name, name, used)
    return whole


def _made(layers: Sequence[SourceLayer], target: Target, grid: GeoBox) -> dict[str, npt.NDArray[Any]]:
    """Return the rasters on the grid that a study makes of layers, by quantity."""
    repairs = [each for each in all_repairs() if each.STAGE == GROUND]
    mended = apply_repairs(repairs, Layers({layer_key(layer): layer for layer in layers}), Rules(target)).layers
    return {layer.var.name: layer.value.to_numpy() for layer in mended if layer.var.on == "grid" and layer.grid == grid}


def _same(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return where two rasters have the same value, or both none."""
    return np.asarray((one == other) | ((one != one) & (other != other)))  # noqa: PLR0124  (no value differs from itself)


def _own(value: xr.DataArray) -> xr.DataArray:
    """Return a raster that repairs may write to."""
    return value.copy(deep=True)


def _tell(text: str, model: str, name: str, given: Iterable[str], count: int = 1) -> None:
    about = {"where": f"{model}.{name}", "name": name, "given": sorted(given), "count": count}
    tell([Phrase(text, about)], above=4)
