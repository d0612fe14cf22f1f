"""Weights on homes: the unit's total stays, shares move, and buildings that stay keep theirs when others are built."""

import geopandas as gpd
import pytest

from citybraid.integrate.bridges.building_residents import building_residents
from citybraid.integrate.measures.built_form import BuiltFormParams, built_form
from tests.integrate.plan import BUILDINGS, run


def test_weights_move_people_within_their_unit_and_equal_ones_move_nobody() -> None:
    plain = run(building_residents)
    homes = plain.residents.index[plain.residents > 0]
    for weight in (1.0, 3.0):
        same = run(building_residents, buildings=_weighed(weight))
        assert same.residents.to_numpy() == pytest.approx(plain.residents.to_numpy())
    buildings = _weighed(1.0)
    buildings.loc[homes[0], "living_weight"] = 2.0
    moved = run(building_residents, buildings=buildings)
    assert float(moved.residents.sum()) == pytest.approx(float(plain.residents.sum()))
    assert moved.residents[homes[0]] >= plain.residents[homes[0]]
    assert moved.residents_error == pytest.approx(0.0, abs=1e-12)


def test_a_home_without_weight_counts_as_the_others() -> None:
    buildings = _weighed(1.0)
    buildings["living_weight"] = float("nan")
    plain = run(building_residents)
    assert run(building_residents, buildings=buildings).residents.to_numpy() == pytest.approx(
        plain.residents.to_numpy()
    )


def test_buildings_that_stay_keep_their_weight_and_new_ones_have_one() -> None:
    buildings = BUILDINGS.copy()
    buildings["living_weight"] = 1.7
    found = run(built_form, BuiltFormParams(year=2030), buildings=buildings)
    stay = found.buildings.index.intersection(buildings.index)
    assert len(stay)
    assert (found.living_weight[stay] == 1.7).all()
    assert (found.living_weight.drop(stay) == 1.0).all()


def _weighed(weight: float) -> gpd.GeoDataFrame:
    buildings = BUILDINGS.copy()
    buildings["living_weight"] = weight
    buildings["floor_area"] = buildings["floors"].astype(float) * buildings.geometry.area
    return buildings
