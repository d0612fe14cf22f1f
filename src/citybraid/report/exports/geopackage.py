"""Vector layers as a GeoPackage whose QGIS styles travel inside it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio

STYLE_TABLE = """
CREATE TABLE IF NOT EXISTS layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30),
  ui TEXT(30), update_time DATETIME DEFAULT '1970-01-01T00:00:00.000Z'
)
"""
REGISTER = """
INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', '1970-01-01T00:00:00.000Z', 0)
"""
ADD = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
  styleSLD, useAsDefault, description, owner)
VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', 'citybraid')
"""


@dataclass(frozen=True)
class StyledLayer:
    """A vector layer, its name in the file, and its QGIS style."""

    name: str
    frame: gpd.GeoDataFrame
    qml: str


def write_geopackage(path: Path, layers: Sequence[StyledLayer]) -> Path:
    """Write the layers with their styles as defaults and return the path; an older file is replaced.

    The index becomes the column `id`. All layers need a CRS.
    """
    path.unlink(missing_ok=True)
    for layer in layers:
        frame = layer.frame.copy()
        frame.insert(0, "id", frame.index.astype(str))
        pyogrio.write_dataframe(
            frame.reset_index(drop=True), path, layer=layer.name, driver="GPKG", append=path.exists(),
            layer_options={"GEOMETRY_NAME": "geom"}, promote_to_multi=True,
        )  # fmt: skip
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(STYLE_TABLE)
        base.execute(REGISTER)
        base.executemany(ADD, [(layer.name, layer.name, layer.qml) for layer in layers])
    return path
