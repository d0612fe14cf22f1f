"""Shelters and evacuation of the demo by another route: points in polygons, ends of streets, capacities added up.

On its 5 m the demo as planned, in the 50-year storm: 14 sites with 23 994 places, 0.87 m2 a person; 95 % of 55 296
people are out after 17 min by 35 streets of 37 000 cars an hour together, which 9 953 cars, those that must be out by
then, need 16 min to pass.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from citybraid.report.view import View
from citybraid.study.run.run import Run

STATE = "as_planned"
EFFECTIVE = {"1401": 0.4, "1403": 0.6, "0805": 0.5, "0804": 0.3, "0803": 0.2}
PLACE, RADIUS, LEAST, NEED = 2.0, 1000.0, 2000.0, 0.15
CARS_AN_HOUR = {"primary": 1800.0, "secondary": 1200.0, "tertiary": 700.0, "residential": 400.0}
MINUTES = 60.0


@pytest.fixture(scope="module")
def view(ran: Run) -> View:
    return View(ran)


def column(view: View, name: str) -> pd.Series:
    found = view.column(STATE, name)
    assert found is not None
    return found


def number(view: View, name: str) -> float:
    found = view.number(STATE, name)
    assert found is not None
    return found


def test_places_by_points_in_polygons(view: View) -> None:
    """Effective dry area by the middles of cells that lie in a parcel, counted as points."""
    land, shapes = column(view, "land_use"), view.shapes(STATE, "parcels")
    water = view.layer(STATE, "max_depth")
    assert shapes is not None
    assert water is not None
    grid, depth = view.run.grid, np.nan_to_num(view.raster(water))
    rows, columns = np.indices(grid.shape)
    x, y = grid.affine * (columns.ravel() + 0.5, rows.ravel() + 0.5)
    cells = gpd.GeoDataFrame({"wet": depth.ravel() >= 0.15}, geometry=gpd.points_from_xy(x, y), crs=shapes.crs)
    inside = gpd.sjoin(cells, gpd.GeoDataFrame(geometry=shapes), predicate="within")
    wet = inside.groupby(inside.columns[-1])["wet"].mean()
    expected = {}
    for parcel, code in land.items():
        share = EFFECTIVE.get(str(code)[:4], 0.0) * (code != "080404")
        if share == 0.0 or parcel not in wet:
            continue
        dry = shapes[parcel].area * share * (1.0 - wet[parcel])
        expected[parcel] = dry / PLACE if dry >= LEAST and wet[parcel] < 0.5 else 0.0
    places = column(view, "shelter_places")
    same = pd.Series(expected)
    np.testing.assert_allclose(places.loc[same.index], same, rtol=1e-9)
    residents = float(column(view, "residents").sum())
    assert number(view, "shelter_area_per_head") == pytest.approx(PLACE * float(places.sum()) / residents)


def test_people_with_and_without_a_place_add_up_and_none_walks_too_far(view: View) -> None:
    need, left = column(view, "shelter_need"), column(view, "people_unsheltered")
    assert float(need.sum()) == pytest.approx(NEED * float(column(view, "residents").sum()))
    assert float(left.sum() + column(view, "sheltered_here").sum()) == pytest.approx(float(need.sum()))
    shapes, homes = view.shapes(STATE, "parcels"), view.shapes(STATE, "buildings")
    assert shapes is not None
    assert homes is not None
    usable = shapes[column(view, "shelter_places") > 0.0].union_all()
    far = homes.distance(usable) > RADIUS
    np.testing.assert_allclose(left[far], need[far])
    way = column(view, "shelter_distance")
    assert (way[way.notna()] >= homes[way.notna()].distance(usable) - 1.0).all()


def test_the_area_empties_no_faster_than_its_ways_out_allow(view: View) -> None:
    """Ends of streets near the edge that no other street touches, and their capacities, from the streets alone."""
    streets, area = view.shapes(STATE, "streets"), view.shapes(STATE, "study_area")
    assert streets is not None
    assert area is not None
    edge = area.union_all().boundary
    ends = [(row, Point(at)) for row, line in streets.items() for at in (line.coords[0], line.coords[-1])]
    out = [row for row, end in ends if edge.distance(end) <= 100.0 and int((streets.distance(end) <= 1.0).sum()) == 1]
    assert number(view, "evacuation_exits") == len(out)
    hourly = sum(CARS_AN_HOUR[str(kind)] for kind in column(view, "road_class").loc[out])
    people = float(column(view, "residents").sum())
    least = (0.95 - 0.5) * people / 2.5 / hourly
    found = number(view, "clearance_time")
    assert least <= found <= least + 25.0 / MINUTES
    assert float(column(view, "people_left_behind").sum()) == 0.0
    course = column(view, "clearance_course")
    assert float(course.iloc[-1]) == pytest.approx(people, rel=1e-3)
