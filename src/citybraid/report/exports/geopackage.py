"""Vector layers as a GeoPackage with embedded QGIS styles."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pyogrio

from citybraid.report.exports.disk import disk_faults

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
SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"
"""GDAL's option for when SQLite waits for the disk."""
COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
)
"""
EXTENSION = """
INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)
VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write')
"""
EXTENSIONS = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
)
"""
ADD_COLUMN = "INSERT INTO gpkg_data_columns (table_name, column_name, title, description) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True)
class StyledLayer:
    """A vector layer, its name in the file, its QGIS style, and what its columns hold: name and unit."""

    name: str
    frame: gpd.GeoDataFrame
    qml: str
    columns: Mapping[str, str] = field(default_factory=dict)


def write_geopackage(path: Path, layers: Sequence[StyledLayer]) -> Path:
    """Write the layers with their styles as defaults and what their columns hold; an older file is replaced.

    The index becomes the column `id`. All layers need a CRS.
    """
    path.unlink(missing_ok=True)
    with disk_faults(path), _unsynchronised():
        for layer in layers:
            frame = layer.frame.copy()
            frame.insert(0, "id", frame.index.astype(str))
            pyogrio.write_dataframe(
                frame.reset_index(drop=True), path, layer=layer.name, driver="GPKG", append=path.exists(),
                layer_options={"GEOMETRY_NAME": "geom"}, promote_to_multi=True,
            )  # fmt: skip
    with disk_faults(path), closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(STYLE_TABLE)
        connection.execute(REGISTER)
        connection.executemany(ADD, [(layer.name, layer.name, layer.qml) for layer in layers])
        _describe_columns(connection, layers)
    return path


@contextmanager
def _unsynchronised() -> Iterator[None]:
    """Leave it to the system when a new file reaches the disk: SQLite else waits for it several times a layer."""
    usual = pyogrio.get_gdal_config_option(SYNCHRONOUS)
    pyogrio.set_gdal_config_options({SYNCHRONOUS: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({SYNCHRONOUS: usual})


def _describe_columns(connection: sqlite3.Connection, layers: Sequence[StyledLayer]) -> None:
    """Describe each column by the schema extension of GeoPackage (OGC 12-128r18, annex F.9)."""
    descriptions = [
        (layer.name, column, text, text)
        for layer in layers
        for column, text in layer.columns.items()
        if column in layer.frame
    ]
    if descriptions:
        connection.execute(COLUMNS)
        connection.execute(EXTENSIONS)
        connection.execute(EXTENSION)
        connection.executemany(ADD_COLUMN, descriptions)
