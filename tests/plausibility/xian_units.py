"""The eleven units of the Xi'an pilot by another route: pixels of the files instead of overlays of shapes."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_origin

PIXEL = 5.0
OUT = 1.1
"""A use stands out in a unit from this much of its share of all units on."""


def profiles_by_pixels(units: gpd.GeoSeries, folder: Path) -> pd.Series:
    """Return the profile of each unit from shares of pixels: green and water, homes, and ground that no file tells."""
    west, south, east, north = units.total_bounds
    shape = (int(np.ceil((north - south) / PIXEL)), int(np.ceil((east - west) / PIXEL)))

    def burned(pairs: Iterable[tuple[Any, int]]) -> NDArray[np.int32]:
        grid = from_origin(west, north, PIXEL, PIXEL)
        return np.asarray(rasterize(pairs, out_shape=shape, transform=grid, fill=0, dtype="int32"))

    def areas(name: str) -> gpd.GeoDataFrame:
        frame = gpd.read_file(folder / "context" / f"xian_{name}.gpkg").to_crs(units.crs)
        return frame[frame.geom_type.isin(("Polygon", "MultiPolygon"))]

    label = burned((part, at) for at, part in enumerate(units, 1))
    homes = areas("landuse_residential")
    lived = homes["landuse"] == "residential"
    green = [areas(name).geometry for name in ("parks", "landuse_grass", "landuse_meadow", "water")]
    cover = {
        "residential": burned((part, 1) for part in homes.geometry[lived]) > 0,
        "ecological": burned((part, 1) for part in pd.concat([*green, homes.geometry[~lived]])) > 0,
    }
    waiting = burned((part, 1) for part in areas("landuse_greenfield").geometry) > 0
    cover["industrial"] = ~(cover["residential"] | cover["ecological"] | waiting)
    quotients = pd.DataFrame(
        {
            name: [float(cells[label == at].mean() / cells[label > 0].mean()) for at in range(1, len(units) + 1)]
            for name, cells in cover.items()
        },
        index=units.index,
    )
    return quotients.idxmax(axis=1).where(quotients.max(axis=1) >= OUT, "mixed")
