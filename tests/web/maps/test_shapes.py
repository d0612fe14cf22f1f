from pathlib import Path

import geopandas as gpd
import pyogrio
from shapely.geometry import LineString, Point, Polygon, box

from citybraid.web.maps.shapes import LAYER, MANY, ROW, coarsest, kind_of, shape_tiles

CRS = "EPSG:4549"


def test_shapes_keep_the_numbers_of_their_rows_where_some_are_empty(tmp_path: Path) -> None:
    shapes = gpd.GeoSeries(
        [box(500_000, 3_400_000, 500_050, 3_400_050), Polygon(), None, box(500_100, 3_400_000, 500_150, 3_400_050)],
        index=["a", "b", "c", "名 d"], crs=CRS,
    )  # fmt: skip
    path = shape_tiles(tmp_path, "key", shapes)
    assert path.read_bytes()[:7] == b"PMTiles"
    read = pyogrio.read_dataframe(path, layer=LAYER)
    assert sorted(set(read[ROW])) == [0, 3]
    drawn = read.to_crs(CRS).dissolve(by=ROW).geometry
    assert abs(drawn.loc[3].centroid.x - 500_125) < 1.0
    assert abs(drawn.loc[3].centroid.y - 3_400_025) < 1.0
    assert abs(drawn.loc[0].area / 2500 - 1) < 0.05


def test_shapes_are_drawn_as_what_they_are() -> None:
    assert kind_of(gpd.GeoSeries([Point(0, 0)])) == "point"
    assert kind_of(gpd.GeoSeries([LineString([(0, 0), (1, 1)]), None])) == "line"
    assert kind_of(gpd.GeoSeries([Point(0, 0), box(0, 0, 1, 1)])) == "area"


def test_many_shapes_begin_at_a_closer_zoom() -> None:
    assert coarsest(MANY + 1) > coarsest(MANY)
