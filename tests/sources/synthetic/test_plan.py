"""The synthetic town is a plan: parcels do not overlap, buildings stand on them, controls mean something."""

from collections import defaultdict

import numpy as np
import pytest
import shapely

from citybraid.sources.synthetic.buildings import MASSING
from citybraid.sources.synthetic.frame import DOMAIN, SIDE, station_distance
from citybraid.sources.synthetic.streets import street_surface
from tests.sources.synthetic.conftest import Town


def _floor_area(town: Town) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for building in town.buildings:
        found[building.parcel] += building.floors * building.shape.area
    return found


def test_the_town_has_the_size_it_claims(town: Town) -> None:
    assert 380 <= len(town.parcels) <= 450
    assert 1300 <= len(town.buildings) <= 1700
    assert SIDE == 2000.0


def test_parcels_are_valid_disjoint_and_off_the_streets(town: Town) -> None:
    shapes = [parcel.shape for parcel in town.parcels]
    assert all(DOMAIN.buffer(0.02).covers(shape) for shape in shapes)
    whole = shapely.unary_union(shapes)
    assert sum(shape.area for shape in shapes) - whole.area < 5.0
    assert whole.intersection(street_surface(town.streets)).area < 100.0
    assert len({parcel.number for parcel in town.parcels}) == len(shapes)


def test_buildings_stand_apart_on_their_own_parcel(town: Town) -> None:
    homes = {parcel.number: parcel.shape for parcel in town.parcels}
    shapes = [building.shape for building in town.buildings]
    assert all(shape.is_valid and shape.area > 20.0 for shape in shapes)
    outside = [b.shape.difference(homes[b.parcel]).area for b in town.buildings]
    assert max(outside) < 0.5
    assert sum(shape.area for shape in shapes) - shapely.unary_union(shapes).area < 0.001 * sum(s.area for s in shapes)


def test_some_parcels_are_planned_but_empty(town: Town) -> None:
    standing = {building.parcel for building in town.buildings}
    empty = [p for p in town.parcels if p.controls is not None and p.number not in standing]
    assert 35 <= len(empty) <= 100
    assert sum(not parcel.built for parcel in empty) >= 35


def test_floor_area_ratio_falls_with_distance_from_the_station(town: Town) -> None:
    for code in ("070102", "0902"):
        rows = [p for p in town.parcels if p.code == code and p.controls is not None]
        away = [station_distance(p.shape.centroid.x, p.shape.centroid.y) for p in rows]
        ratio = [p.controls.floor_area_ratio for p in rows if p.controls is not None]
        assert np.corrcoef(away, ratio)[0, 1] < -0.6


def test_a_few_built_parcels_break_their_floor_area_ratio_and_most_do_not(town: Town) -> None:
    area = _floor_area(town)
    excess = [
        area[p.number] / p.shape.area - p.controls.floor_area_ratio
        for p in town.parcels
        if p.controls is not None and p.number in area
    ]
    broken = sum(over > 0.05 for over in excess)
    assert 5 <= broken <= 0.2 * len(excess)


def test_housing_keeps_under_80_m(town: Town) -> None:
    assert max(b.height for b in town.buildings if b.use == "住宅") <= 90.0
    assert all(p.controls.height_limit < 80.0 for p in town.parcels if p.code == "070102" and p.controls is not None)


def test_there_is_old_housing_to_renew(town: Town) -> None:
    old = [b for b in town.buildings if b.use in ("住宅", "民居") and b.year < 2000]
    assert sum(b.floors * b.shape.area for b in old) > 100_000.0


@pytest.mark.parametrize("code", sorted(MASSING))
def test_every_kind_of_building_land_is_there(town: Town, code: str) -> None:
    assert any(parcel.code == code for parcel in town.parcels)
