"""Two files of one role under unlike names are both used; that is told by name, with how far they share an area."""

import geopandas as gpd
import numpy as np
from shapely.geometry import Point, box

from citybraid.core.text import LANGUAGES
from citybraid.sources.intake.several_files import several_files
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer

CRS = "EPSG:4549"


def reading(table: str, shapes: list[object]) -> Reading:
    index = [f"{at}" for at in range(len(shapes))]
    return Reading((SourceLayer(vocabulary()[table], gpd.GeoSeries(shapes, index=index, crs=CRS)),))


def houses(count: int, east: float = 0.0) -> list[object]:
    return [box(east + 20 * at, 0, east + 20 * at + 10, 10) for at in range(count)]


def test_two_surveys_of_the_same_houses_are_told_with_both_names() -> None:
    """Unlike names were both used without a word: floor area and residents counted twice."""
    (told,) = several_files(
        [("房屋普查.shp", reading("buildings", houses(4))), ("blds.gpkg", reading("buildings", houses(8, 2.0)))]
    )
    assert (told.kind, told.layer, told.count, told.values["shared"]) == ("warning", "buildings", 12, 100)
    for language in LANGUAGES:
        assert "房屋普查.shp (4)" in told.say(language)
        assert "blds.gpkg (8)" in told.say(language)


def test_districts_beside_each_other_and_one_file_are_no_warning() -> None:
    (told,) = several_files(
        [("east.shp", reading("buildings", houses(3, 500.0))), ("west.shp", reading("buildings", houses(3)))]
    )
    assert (told.kind, told.values["shared"]) == ("found", 0)
    apart = [("a.shp", reading("buildings", houses(3))), ("b.shp", reading("parcels", houses(3)))]
    assert several_files(apart) == ()


def test_shapes_that_are_missing_or_nowhere_stop_nothing() -> None:
    odd: list[object] = [None, box(0, 0, 0, 0), Point(np.nan, np.nan), Point(2, 2)]
    (told,) = several_files([("a", reading("facilities", odd)), ("b", reading("facilities", [Point(2, 2), *odd]))])
    assert told.kind == "warning"
