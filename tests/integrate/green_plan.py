"""A small plan for measures of nature: fields, reserved land, a stream and buried rivers in the small plan's units."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
import xarray as xr

from citybraid.core.model import Model, Params
from citybraid.integrate.measures.siting import CODE
from tests.integrate.plan import GRID, arguments, box, centres, raster, table

PARCELS = table(
    {
        "homes": (box(0, 0, 45, 20), "070102"),
        "spare": (box(0, 20, 45, 45), "16"),
        "park": (box(0, 55, 45, 100), "1401"),
        "square": (box(55, 0, 100, 45), "1403"),
        "fields": (box(55, 55, 100, 100), "0101"),
    },
    ("land_use",),
)
RIVERS = table(
    {
        "brook": (shapely.LineString([(25, 90), (25, 2)]), 6.0, 1.5),
        "ditch": (shapely.LineString([(75, 90), (75, 5)]), 3.0, 1.0),
    },
    ("channel_width", "channel_depth"),
)


def cover() -> xr.DataArray:
    """Return a stream along the north, grass, fields, bare reserved land, paving, roads and one roof."""
    x, y = centres()
    values = np.full(GRID.shape, CODE["paved"], dtype=np.uint8)
    values[(y > 55) & (x < 45)] = CODE["grass"]
    values[(y > 55) & (x > 55)] = CODE["cropland"]
    values[(y > 20) & (y < 45) & (x < 45)] = CODE["bare"]
    values[(abs(y - 50) < 5) | (abs(x - 50) < 5)] = CODE["road"]
    values[y > 95] = CODE["water"]
    values[(x > 5) & (x < 35) & (y > 5) & (y < 17)] = CODE["roof"]
    return raster(values)


def green_arguments(model: Model[Any, Any], p: Params | None = None, **given: object) -> dict[str, Any]:
    """Return what a measure takes on this plan."""
    here: dict[str, object] = {"land_cover": cover()}
    for name, frame in (("parcels", PARCELS), ("buried_rivers", RIVERS)):
        if name in model.needs:
            here[name] = frame.copy()
    return arguments(model, p, **(here | given))


def green_run(model: Model[Any, Any], p: Params | None = None, **given: object) -> Any:
    return model(**green_arguments(model, p, **given))


def at(values: xr.DataArray, x: float, y: float) -> float:
    """Return the value of the cell that holds a point."""
    return float(values.to_numpy()[int((100 - y) // 5), int(x // 5)])


def codes(values: xr.DataArray, name: str) -> pd.Series:
    """Return which cells are of a cover, as a flat series."""
    return pd.Series(values.to_numpy().ravel() == CODE[name])
