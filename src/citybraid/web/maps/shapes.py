"""Shapes of a table as vector tiles in one PMTiles file, made once by GDAL; each shape carries its row's number."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from citybraid.web.maps.kept import kept

ROW = "n"
"""Attribute with the number of a shape's row."""
LAYER = "shapes"
MANY = 20_000
"""Shapes from which on they are drawn only where they can be told apart."""
CLOSEST, NEAR, FAR = 15, 13, 9
"""Zoom of the finest tiles; of the coarsest ones of many shapes, and of few."""
OPTIONS = {"MAX_SIZE": "1500000", "MAX_FEATURES": "300000", "EXTENT": "4096", "BUFFER": "32", "NAME": LAYER}
LATITUDE = 85.0
"""Web Mercator ends near it [degree]."""


def kind_of(shapes: gpd.GeoSeries) -> str:
    """Return what shapes are drawn as: area, line or point."""
    names = " ".join(str(name) for name in shapes.geom_type.dropna().unique())
    return "area" if "Polygon" in names else "line" if "Line" in names else "point"


def coarsest(count: int) -> int:
    """Return the smallest zoom at which so many shapes are drawn."""
    return NEAR if count > MANY else FAR


def shape_tiles(study: Path, key: str, shapes: gpd.GeoSeries) -> Path:
    """Return the file of a table's shapes; shapes without points are left out, rows keep their numbers."""

    def make(path: Path) -> None:
        world = shapes.to_crs("EPSG:4326").to_numpy()
        _, south, _, north = shapely.bounds(world).T
        within = (np.maximum(np.abs(south), np.abs(north)) < LATITUDE) & ~shapely.is_empty(world)
        rows = np.flatnonzero(within & ~shapely.is_missing(world))
        frame = gpd.GeoDataFrame({ROW: rows.astype(np.int32)}, geometry=world[rows], crs="EPSG:4326")
        options = OPTIONS | {"MINZOOM": str(coarsest(len(shapes))), "MAXZOOM": str(CLOSEST)}
        pyogrio.write_dataframe(frame, path, driver="PMTiles", layer=LAYER, geometry_type="Unknown",
                                dataset_options=options)  # fmt: skip

    return kept(study, f"{key}.pmtiles", make)
