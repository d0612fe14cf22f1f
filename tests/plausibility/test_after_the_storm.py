"""Streets, homes, parks and ways out in and after the storm: from the files of the demo by GDAL, ezdxf and SciPy.

The files are opened here again, not by the program's readers; of the run only water, residents and what the indicator
says are taken. Both numbers on the demo's own 5 m, as it is, in the storm of 50 years:

| indicator | by pencil | program |
|---|---|---|
| people in the water of an average year | 1 031.1 | 1 031.1 |
| collectors, branches under 0.15 m of water [m] | 540.2, 55.0 | 540.7, 54.5 |
| streets closed by 0.3 m [m] | 495.2 | 496.1 |
| waterlogging points | 36 | 36 |
| area within the control line [ha] | 52.6325 | 52.6325 |
| refuge among green parcels [%] | 82.2314 | 82.2314 |
| cooling capacity, from pixels of 2.5 m | 0.1757 | 0.1757 |
| roads fit for evacuation [m a person] | 0.4898 | 0.4898 |
| residents with one way out | 0 | 0 |
| homeless for a time | 114.6 | 114.6 |
| debris [t] | 3 140.6 | 3 140.6 |
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.filemanagement import readfile
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
STORM, PERIODS = "p50", {"p5": 5.0, "p20": 20.0, "p50": 50.0}
WET, CLOSED = 0.15, 0.3
CLASSES = {"主干路": "arterials", "次干路": "collectors", "支路": "branches"}
AROUND = np.ones((3, 3), np.bool_)
HECTARE, KILOMETRE = 1e4, 1e3
ALBEDO = {10: 0.18, 20: 0.18, 30: 0.16, 40: 0.20, 50: 0.20, 51: 0.18, 52: 0.18, 60: 0.25, 80: 0.05, 90: 0.12}
CROP = {10: 1.0, 20: 0.7, 30: 0.85, 40: 1.15, 50: 0.1, 51: 0.1, 52: 0.1, 60: 0.5, 80: 1.05, 90: 1.2}
SHORT_TON, SQUARE_FEET = 907.185, 92.90304
"""A short ton [kg] and 1 000 square feet [m²]."""


def value(ran: Run, name: str, event: str = "") -> pd.Series:
    column: pd.Series = ran.value(ran.layers("as_is")[name][event])
    return column


def raster(ran: Run, name: str, event: str = "") -> Floats:
    return np.nan_to_num(np.asarray(ran.value(ran.layers("as_is")[name][event]), np.float64))


def told(ran: Run, name: str) -> float:
    table = ran.table("units/as_is")
    assert table is not None
    return float(table[name][WHOLE_AREA])


def file(ran: Run, pattern: str) -> Path:
    """Return one of the demo's files; its folder lies beside that of the runs."""
    return next(path for folder in ran.folder.parents[:2] for path in (folder / "data").glob(pattern))


def cell(ran: Run) -> float:
    return float(ran.grid.resolution.x)


def in_plan(ran: Run) -> Mask:
    """Cells whose middle lies in the boundary of the plan."""
    outline = gpd.read_file(file(ran, "规划范围*.gpkg")).union_all()
    return np.asarray(shapely.contains_xy(outline, *middles(ran)))


def middles(ran: Run) -> tuple[Floats, Floats]:
    rows, columns = np.indices(tuple(ran.grid.shape))
    east, north = ran.grid.affine * (columns + 0.5, rows + 0.5)
    return np.asarray(east), np.asarray(north)


def streets(ran: Run) -> gpd.GeoDataFrame:
    return gpd.read_file(file(ran, "道路中心线*.gpkg"))


def test_people_in_the_water_of_an_average_year(ran: Run) -> None:
    """Half of the 5-year storm's times 1 - 1/5, two trapezoids, and the 50-year storm's for all rarer ones."""
    people = [float(value(ran, "residents")[value(ran, "building_depth", each) >= WET].sum()) for each in PERIODS]
    chance = [1.0, *(1.0 / years for years in PERIODS.values())]
    ends = [0.0, *people]
    mean = sum(0.5 * (ends[at] + ends[at + 1]) * (chance[at] - chance[at + 1]) for at in range(3))
    assert told(ran, "expected_annual_exposed") == pytest.approx(mean + people[-1] * chance[-1])
    assert told(ran, "people_unwarned") == pytest.approx(people[-1]), "nobody is warned as it is"


def under_water(ran: Run, depth: float) -> pd.Series:
    """Metres of street under more than a depth, every metre by the cell it lies in, none of them over open water."""
    water = np.where(raster(ran, "water_body") > 0.0, 0.0, raster(ran, "max_depth", STORM))
    table = streets(ran)
    lengths = []
    for line in table.geometry:
        at = np.arange(0.5, line.length, 1.0)
        points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
        columns, rows = (np.floor(each).astype(int) for each in ~ran.grid.affine * (points[:, 0], points[:, 1]))
        high, wide = water.shape
        deep = water[np.clip(rows, 0, high - 1), np.clip(columns, 0, wide - 1)] >= depth
        lengths.append(deep.mean() * line.length)
    return pd.Series(lengths).groupby(table["道路等级"].map(CLASSES)).sum()


def test_streets_under_water_by_class(ran: Run) -> None:
    """Pieces of streets and cells of 40 m end elsewhere: a cell's side for each class."""
    mine = under_water(ran, WET)
    for name, length in mine.items():
        assert KILOMETRE * told(ran, f"waterlogged_{name}") == pytest.approx(length, rel=0.1, abs=2.0 * cell(ran))
    closed = float(under_water(ran, CLOSED).sum())
    assert KILOMETRE * told(ran, "closed_streets") == pytest.approx(closed, rel=0.1, abs=2.0 * cell(ran))
    assert closed < float(mine.sum())


def test_people_cut_off_wait_as_long_as_their_street_is_closed(ran: Run) -> None:
    hours, people = value(ran, "isolated_hours", STORM), value(ran, "isolated_at_once", STORM)
    assert told(ran, "isolated_person_hours") == pytest.approx(float((hours * people).sum()))
    assert told(ran, "longest_isolation") == pytest.approx(float(hours.max()))
    longest = told(ran, "longest_closure")
    assert told(ran, "longest_isolation") <= longest + 1.0 / 6.0, "counted in steps of ten minutes at most"
    assert longest <= float(raster(ran, "flood_duration", STORM).max())
    assert told(ran, "late_people") <= told(ran, "residents")


def test_waterlogging_points_and_the_control_line(ran: Run) -> None:
    """Blobs of wet cells, eight neighbours; the line takes in water that they touch and fills islands of a row."""
    area = cell(ran) ** 2
    inside, water = in_plan(ran), raster(ran, "water_body") > 0.0
    wet = (raster(ran, "max_depth", STORM) >= WET) & ~water & inside
    places, count = ndimage.label(wet & (raster(ran, "flood_duration", STORM) >= 0.5), AROUND)
    sizes = area * np.bincount(places.ravel(), minlength=count + 1)[1:]
    assert told(ran, "waterlogging_points") == float((sizes >= 1000.0).sum())
    places, count = ndimage.label(wet, AROUND)
    large = 1 + np.flatnonzero(area * np.bincount(places.ravel(), minlength=count + 1)[1:] >= 400.0)
    risk = np.isin(places, large)
    waters, _ = ndimage.label(water & inside, AROUND)
    beside = np.unique(waters[ndimage.binary_dilation(risk, AROUND) & (waters > 0)])
    risk |= np.isin(waters, beside)
    dry, count = ndimage.label(~risk & inside)
    small = 1 + np.flatnonzero(area * np.bincount(dry.ravel(), minlength=count + 1)[1:] < 400.0)
    open_ended = np.unique(dry[ndimage.binary_dilation(~inside, AROUND) | rim(inside)])
    risk |= np.isin(dry, np.setdiff1d(small, open_ended))
    assert told(ran, "flood_risk_area") == pytest.approx(area * risk.sum() / HECTARE)


def rim(inside: Mask) -> Mask:
    """Cells at the edge of the raster."""
    edge = np.ones_like(inside)
    edge[1:-1, 1:-1] = False
    return edge


def test_green_parcels_of_the_drawing_fit_for_refuge(ran: Run) -> None:
    """Area of the drawing's green parcels of 600 m² and more of which less than half is under water.

    A parcel that holds no middle of a cell of 40 m has the water of the cell of its own point.
    """
    depth, at = raster(ran, "max_depth", STORM), middles(ran)
    areas: list[float] = []
    dry: list[bool] = []
    for entity in readfile(file(ran, "*.dxf")).modelspace().query("LWPOLYLINE"):
        if isinstance(entity, LWPolyline) and entity.dxf.layer.startswith("用地-14"):
            shape = shapely.Polygon([point[:2] for point in entity.get_points()])
            own = depth[shapely.contains_xy(shape, *at)]
            if not own.size:
                point = shape.representative_point()
                column, row = (int(each) for each in ~ran.grid.affine * (point.x, point.y))
                own = depth[row : row + 1, column : column + 1]
            areas.append(shape.area)
            dry.append(shape.area >= 600.0 and float((own >= WET).mean()) < 0.5)
    assert told(ran, "refuge_green_share") == pytest.approx(100.0 * np.average(dry, weights=areas), abs=0.5)


def test_cooling_capacity_from_pixels_of_a_quarter_of_a_cell(ran: Run) -> None:
    """0.6 shade + 0.2 albedo + 0.2 crop coefficient (InVEST), crowns over what grows below; files of 2.5 m."""
    with rasterio.open(file(ran, "地表覆盖*.tif")) as source:
        cover = source.read(1)
    with rasterio.open(file(ran, "树冠覆盖*.tif")) as source:
        crowns = source.read(1).clip(min=0.0)
    codes = sorted(ALBEDO)
    albedo, crop = (np.interp(cover, codes, [table[code] for code in codes]) for table in (ALBEDO, CROP))
    ground, trees = albedo + crop, ALBEDO[10] + CROP[10]
    crowns = np.where(cover == 52, 0.0, crowns)
    mean = float((0.6 * crowns + 0.2 * (ground * (1.0 - crowns) + trees * crowns)).mean())
    assert told(ran, "cooling_capacity") == pytest.approx(mean, rel=0.02)


def test_roads_for_evacuation_and_those_without_a_second_service(ran: Run) -> None:
    """Arterials and collectors of the file over residents; the town has one fire station and one hospital."""
    table, people = streets(ran), told(ran, "residents")
    wide = table[table["道路等级"].isin(["主干路", "次干路"])]
    assert told(ran, "evacuation_road_per_head") == pytest.approx(float(wide.length.sum()) / people, rel=1e-6)
    assert len(gpd.read_file(file(ran, "救援设施*.gpkg"))) == 2
    for service in ("station", "hospital"):
        assert told(ran, f"people_without_second_{service}") == pytest.approx(people)
    assert told(ran, "people_reached_in_time") == pytest.approx(0.9 * people), "nine of ten hear the order"


def test_ways_out_by_largest_flows_between_ends_of_streets(ran: Run) -> None:
    """Junctions are ends of lines within half a metre; ways out are ends of one street within 100 m of the edge."""
    table = streets(ran)
    edge = gpd.read_file(file(ran, "规划范围*.gpkg")).union_all().boundary
    number: dict[tuple[float, float], int] = {}
    pairs = [
        [number.setdefault((round(2.0 * x) / 2.0, round(2.0 * y) / 2.0), len(number)) for x, y in ends]
        for ends in ((line.coords[0][:2], line.coords[-1][:2]) for line in table.geometry)
    ]
    met = np.bincount(np.array(pairs).ravel())
    outlets = [at for place, at in number.items() if met[at] == 1 and edge.distance(shapely.Point(place)) <= 100.0]
    links = np.zeros((len(number) + 1, len(number) + 1), np.int32)
    for first, last in pairs:
        links[first, last] += 1
        links[last, first] += 1
    links[outlets, -1] = len(table)
    network = csr_array(links)
    ways = np.array([maximum_flow(network, at, len(number)).flow_value for at in range(len(number))])
    homes = value(ran, "buildings").representative_point().to_numpy()
    nearest = shapely.STRtree(table.geometry.to_numpy()).nearest(homes)
    mine = []
    for home, row in zip(homes, nearest, strict=True):
        line, (first, last) = table.geometry.iloc[row], pairs[row]
        mine.append(min(int(ways[first if line.project(home) <= 0.5 * line.length else last]), 4))
    found, people = value(ran, "routes_out").to_numpy(), value(ran, "residents").fillna(0.0).to_numpy()
    assert told(ran, "people_one_way_out") == pytest.approx(float(people[np.array(mine) == 1].sum()))
    assert (found == np.array(mine)).mean() > 0.9, "some homes front another of two streets about as near"


def test_homes_lost_for_a_time_and_debris_by_storeys_in_the_water(ran: Run) -> None:
    """Floors 0.15 m up, storeys of 3 m; finishes on 1 000 square feet 4.1 short tons, 6.8 above 1.5 m."""
    depth = value(ran, "building_depth", STORM).fillna(0.0)
    storeys = np.maximum(np.ceil(value(ran, "floors").reindex(depth.index)).fillna(1.0), 1.0)
    area, people = value(ran, "buildings").area, value(ran, "residents").reindex(depth.index).fillna(0.0)
    above = depth - 0.15
    most = int(np.ceil(above.max() / 3.0))
    rooms = [np.clip(above - 3.0 * each, 0.0, 3.0).where(each < storeys, 0.0) for each in range(most)]
    away = sum(people * (room >= 0.3) / storeys for room in rooms)
    assert told(ran, "temporary_housing") == pytest.approx(float(np.sum(away)))
    light, heavy = (SHORT_TON * tons / SQUARE_FEET for tons in (4.1, 6.8))
    waste = sum(area * np.select([room > 1.5, room > 0.0], [heavy, light], 0.0) for room in rooms)
    assert told(ran, "flood_debris") == pytest.approx(float(np.sum(waste)) / 1e3, rel=2e-3)
    assert told(ran, "debris_carbon") == pytest.approx(0.27 * told(ran, "flood_debris")), "burned in Zhejiang"
    assert told(ran, "temporary_housing") < told(ran, "people_exposed")
