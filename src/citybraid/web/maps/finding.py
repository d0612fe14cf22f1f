"""Find shapes of a run by id, plot number or name."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from citybraid.core.wording.names import ENDINGS, in_own_language
from citybraid.web.maps.catalogue import Chart
from citybraid.web.maps.extent import degrees
from citybraid.web.maps.places import FIRST
from citybraid.web.maps.shapes import kind_of

PARCELS, LONGEST, DIGITS = "parcels", 40, 6
"""Table whose shapes are written with their ids where they have no number; most letters of a name on the map, and
decimals of its place [degree]."""
MOST = 30
"""Shapes that one search returns."""
FIRST_NAMES = ("plot_number", "parcel_name", "building_name", "unit_name", "street_name", "facility_name")
NAMES = (*FIRST_NAMES, *(f"{name}{ending}" for name in FIRST_NAMES for ending in ENDINGS.values()))
"""Columns whose words are searched beside the ids: names as the data have them, then those in other languages."""


class Hit(NamedTuple):
    """A shape that was found: table, id, name, number of its row, and a place inside it [degree]."""

    table: str
    id: str
    name: str
    row: int
    place: tuple[float, float]


def find(chart: Chart, alternative: str, text: str) -> list[Hit]:
    """Return the shapes whose id or name holds a text, whole matches first; at most MOST."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    tables = [table for table in FIRST if table in chart.tables]
    tables += [table for table in chart.tables if table not in tables]
    hits = [hit for table in tables for hit in _in_table(chart, alternative, table, wanted)]
    return sorted(hits, key=lambda hit: wanted not in (hit.id.casefold(), hit.name.casefold()))[:MOST]


class Written(NamedTuple):
    """What a map writes at the shapes of a table, by row: plot number or name, '' for none; of areas the place [°].

    `others` are the words by language, of those languages that the data have names in.
    """

    texts: list[str]
    places: list[tuple[float, float]]
    others: Mapping[str, list[str]]


def written_of(chart: Chart, table: str, shapes: str) -> Written:
    """Return what a map writes at the shapes of a table, whose id is `shapes`."""
    alternative = next(each for each, layer in chart.tables[table].items() if layer.key == shapes)
    rows = chart.shapes(alternative, table)
    index = pd.Index([]) if rows is None else rows.index
    name = next(_columns(chart, alternative, table), "")
    column = chart.view.column(alternative, name) if name else None
    rows_of = [""] * len(index) if column is None else column.reindex(index)
    names = [each if isinstance(each, str) else "" for each in rows_of]
    if table == PARCELS:
        names = [each or str(row) for each, row in zip(names, index, strict=True)]
    texts = [each[:LONGEST] for each in names]
    spoken = {language: [in_own_language(each, language)[:LONGEST] for each in names] for language in ENDINGS}
    others = {language: words for language, words in spoken.items() if words != texts}
    if rows is None or kind_of(rows) != "area" or not any(texts):
        return Written(texts, [], others)
    inside = gpd.GeoSeries(rows.representative_point(), crs=rows.crs).to_crs("EPSG:4326")
    places = zip(inside.x.round(DIGITS).fillna(0.0), inside.y.round(DIGITS).fillna(0.0), strict=True)
    return Written(texts, [(float(lon), float(lat)) for lon, lat in places], others)


def _in_table(chart: Chart, alternative: str, table: str, wanted: str) -> Iterator[Hit]:
    shapes = chart.shapes(alternative, table)
    if shapes is None:
        return
    ids = pd.Series([str(each) for each in shapes.index])
    values: dict[int, str] = {}
    for words in (*_names(chart, alternative, table, shapes.index), ids):
        holding = words.str.casefold().str.contains(wanted, regex=False, na=False)
        for row in holding[holding].index[: MOST - len(values)]:
            values.setdefault(int(row), str(words.iloc[int(row)]))
    for row, name in values.items():
        shape = shapes.iloc[row]
        if shape is not None and not shape.is_empty:
            inside = shape.representative_point()
            yield Hit(table, str(ids.iloc[row]), name, row, degrees(chart, inside.x, inside.y))


def _names(chart: Chart, alternative: str, table: str, index: pd.Index) -> Iterator[pd.Series]:
    """Yield the words that name a table's shapes."""
    for name in _columns(chart, alternative, table):
        layer = chart.view.layers[alternative][name][""]
        yield chart.value(layer).reindex(index).astype("string").reset_index(drop=True)


def _columns(chart: Chart, alternative: str, table: str) -> Iterator[str]:
    """Yield the columns of words that name a table's shapes."""
    for name in NAMES:
        layer = chart.view.layers[alternative].get(name, {}).get("")
        if layer is not None and layer.var.on == table and layer.var.kind == "text":
            yield name
