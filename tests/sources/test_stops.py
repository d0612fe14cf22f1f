"""Stops from a planner's file: kinds, headways, and the role of a file of stops."""

from pathlib import Path

import geopandas as gpd
from shapely.geometry import Point

from citybraid.lowcarbon.travel.stops import of_kind
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target

CRS = "EPSG:32651"


def taken(path: Path) -> Intake:
    return take_in({"stops": FileSpec(path=path.name)}, Target(CRS, 10.0), root=path.parent)


def test_kinds_and_headways_in_the_planners_words(tmp_path: Path) -> None:
    kinds, points = (
        ["地铁站", "公交站", "bus_station", "有轨电车"],
        [Point(351000 + 100 * k, 3460000) for k in range(4)],
    )
    table = gpd.GeoDataFrame({"站点类型": kinds, "发车间隔": [4.0, 8.0, 12.0, 10.0]}, geometry=points, crs=CRS)
    table.to_file(path := tmp_path / "公交站点.gpkg")
    columns = {layer.var.name: layer.value for layer in taken(path).layers}
    assert columns["stop_kind"].tolist() == kinds
    assert columns["headway"].tolist() == [4.0, 8.0, 12.0, 10.0]
    stops = gpd.GeoDataFrame({name: columns[name] for name in ("stop_kind", "headway")}, geometry=columns["stops"])
    buses, metros = of_kind("bus", stops), of_kind("metro", stops)
    assert buses is not None
    assert metros is not None
    assert buses["headway"].tolist() == [8.0, 12.0]
    assert metros["headway"].tolist() == [4.0, 10.0]
