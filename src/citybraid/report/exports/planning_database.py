"""Layers of the planning database of master plans with its field names, and the mandatory fields that stay empty."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from citybraid.core.rows.levels import DatabaseField, ListedLayer
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.core.text import known, say
from citybraid.planning.boundaries import coded
from citybraid.planning.regions import holds_in
from citybraid.report.drawing.palettes import code_names
from citybraid.report.exports import qml
from citybraid.report.exports.geopackage import StyledLayer
from citybraid.report.view import View

LANGUAGE = "zh"
COLOURS = ("#e9dd9a", "#8fbf8a", "#f2c572", "#e08a74", "#7fb2d9", "#5b9e6f")
NAMES = ("jurisdiction_name",)
"""Columns that are read at the place of a feature from the areas of another table."""
ZONE, NOW = "zone_code", "now"
"""Column whose words are those of control boundaries, and the state of the first alternative."""


class DatabaseLayer(NamedTuple):
    """A layer of the database, its features, and its mandatory fields that hold nothing."""

    name: str
    frame: gpd.GeoDataFrame
    titles: Mapping[str, str]
    missing: tuple[str, ...]


@cached_with_tables
def database_fields() -> Mapping[str, tuple[DatabaseField, ...]]:
    """Return the fields of each layer, in the order of the table."""
    layers: dict[str, list[DatabaseField]] = {}
    for row in read_table(DatabaseField):
        layers.setdefault(row.layer, []).append(row)
    return {name: tuple(rows) for name, rows in layers.items()}


def database_layers(view: View, alternative: str) -> list[DatabaseLayer]:
    """Return the layers of the region's planning database that an alternative can fill, empty ones left out."""
    region = view.run.about.region
    return [
        layer
        for rows in database_fields().values()
        if holds_in(rows[0].region, region) and (layer := _layer(view, alternative, rows)) is not None
    ]


@cached_with_tables
def listed_layers() -> tuple[ListedLayer, ...]:
    """Return every layer that a database standard asks for, in its order."""
    return tuple(read_table(ListedLayer))


def styled(layers: Sequence[DatabaseLayer]) -> list[StyledLayer]:
    """Return the layers ready for a GeoPackage."""
    return [
        StyledLayer(
            each.name, each.frame,
            qml.single(COLOURS[at % len(COLOURS)], shape="line" if _lines(each.frame) else "fill"), each.titles,
        )
        for at, each in enumerate(layers)
    ]  # fmt: skip


def _lines(frame: gpd.GeoDataFrame) -> bool:
    return bool(frame.geom_type.isin(("LineString", "MultiLineString")).any())


def _layer(view: View, alternative: str, rows: Sequence[DatabaseField]) -> DatabaseLayer | None:
    first = rows[0]
    table = view.frame(view.base if first.state == NOW else alternative, first.table)
    if table is None or table.empty or (first.by and first.by not in table):
        return None
    if first.by:
        words = coded(table[first.by]) if first.by == ZONE else table[first.by].fillna("").astype(str)
        table = table[words.str.startswith(tuple(first.codes.split())).to_numpy()]
        if table.empty:
            return None
    columns = {row.field: _values(view, table, row) for row in rows}
    frame = gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), index=table.index, crs=table.crs)
    missing = tuple(row.field for row in rows if row.mandatory and not frame[row.field].notna().all())
    titles = {row.field: f"{row.title_zh} {row.title_en}" for row in rows}
    return DatabaseLayer(first.layer, frame, titles, missing)


def _values(view: View, table: gpd.GeoDataFrame, row: DatabaseField) -> pd.Series:
    """Return what fills a field: the number of a feature, its size, a name of its code, or a column."""
    values: pd.Series = pd.Series(None, index=table.index, dtype=object)
    if row.value == "number":
        values = pd.Series(range(1, len(table) + 1), index=table.index)
    elif row.value in ("area", "length"):
        values = (table.area if row.value == "area" else table.length).round(2)
    elif row.value == "use_name" and "land_use" in table:
        values = table["land_use"].astype(str).map(code_names("land_use", LANGUAGE))
    elif row.value == "boundary_name":
        values = coded(table[row.by]).map(_boundary_name)
    elif row.value in NAMES:
        values = _name_at(view, table, row.value)
    elif row.value in table:
        values = table[row.value]
    return values


def _boundary_name(code: str) -> str | None:
    text = f"control_boundary.{code}"
    return say(text, LANGUAGE) if known(text) else None


def _name_at(view: View, table: gpd.GeoDataFrame, column: str) -> pd.Series:
    """Return the name of the area that holds each feature, None where the plan has none."""
    names, layer = view.column(view.base, column), view.layer(view.base, column)
    shapes = None if layer is None else view.shapes(view.base, layer.var.on)
    name_column = pd.Series(None, index=table.index, dtype=object)
    if names is None or shapes is None:
        return name_column
    points = shapely.point_on_surface(table.geometry.to_numpy())
    which, area = shapely.STRtree(shapes.to_numpy()).query(points, predicate="within")
    name_column.iloc[which] = names.reindex(shapes.index).to_numpy()[area]
    return name_column
