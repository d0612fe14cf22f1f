"""Growth and survival: sizes by hand, the published half-life, and street trees and woodland at an age."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.integrate.measures.nature.growth import standing, taller
from citybraid.integrate.measures.street_trees import StreetTreesParams, street_trees
from citybraid.integrate.measures.woodland import WoodlandParams, woodland
from tests.integrate.plan import CELL, GRID, raster, run

GROWTH, SURVIVAL = (shipped().resolve(name, region="CN-ZJ", year=2025) for name in ("plant_growth", "plant_survival"))
TREES = 20
"""Trees that find room along the lane."""


def tree(age: float | None) -> tuple[float, float, float, float]:
    return standing("tree", age, crown=5.0, height=8.0, growth=GROWTH, survival=SURVIVAL)


def test_a_tree_of_ten_years() -> None:
    """1.5 m and 10 x 0.25 m wide, 4 m and 10 x 0.3 m high; 0.957^10 = 64.4 % alive."""
    assert tree(10.0) == pytest.approx((4.0, 7.0, 0.6443, 5.0), abs=1e-4)
    assert tree(40.0)[:2] == (5.0, 8.0)
    assert tree(None) == (5.0, 8.0, 1.0, 5.0)


def test_half_of_a_planting_is_gone_when_the_paper_says() -> None:
    """Roman and Scatena (2011): half-life 13 to 20 years; life expectancy 19 to 28."""
    half_life = math.log(0.5) / math.log(SURVIVAL["tree"])
    assert 13.0 <= half_life <= 20.0
    assert 19.0 <= -1.0 / math.log(SURVIVAL["tree"]) <= 28.0


def test_street_trees_of_ten_years() -> None:
    """20 crowns of 4 m with 64.4 % alive: 162 of the 393 m2 of grown ones."""
    grown, young = run(street_trees), run(street_trees, StreetTreesParams(age=10.0))
    assert float(grown.canopy_cover.sum()) * CELL == pytest.approx(TREES * math.pi * 2.5**2, rel=1e-3)
    assert float(young.canopy_cover.sum()) * CELL == pytest.approx(TREES * math.pi * 2.0**2 * 0.957**10, rel=1e-3)
    assert young.street_trees_planted.sum() == TREES
    assert young.tree_count["lane"] == pytest.approx(2.0 + TREES * 0.957**10)
    assert float(young.canopy_height.max()) == pytest.approx(7.0)


def test_woodland_of_ten_years_is_planted_whole_and_covers_less() -> None:
    young = run(woodland, WoodlandParams(age=10.0))
    assert young.woodland_area.to_dict() == run(woodland).woodland_area.to_dict()
    assert float(young.canopy_cover.max()) == pytest.approx(0.5 * 0.64 * 0.957**10)


def test_heights_that_no_file_tells_stay_unknown_but_where_trees_are_planted() -> None:
    planted = np.zeros(GRID.shape, dtype=np.bool_)
    planted[1, 1] = True
    found = taller(None, planted, height=6.0, like=raster(np.zeros(GRID.shape))).to_numpy()
    assert found[1, 1] == 6.0
    assert np.isnan(found[~planted]).all()


def test_an_age_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="age"):
        StreetTreesParams(age=-1.0)
    with pytest.raises(InputError, match="south"):
        run(street_trees, StreetTreesParams(age=3.0, where=("south",)))


@given(st.floats(0, 200), st.floats(0, 200))
def test_trees_grow_and_die(one: float, other: float) -> None:
    young, old = (
        standing("tree", age, crown=5.0, height=8.0, growth=GROWTH, survival=SURVIVAL) for age in sorted((one, other))
    )
    assert young.crown <= old.crown <= 5.0
    assert young.height <= old.height <= 8.0
    assert 0.0 <= old.alive <= young.alive <= 1.0
    assert 0.0 <= old.cover <= 1.0
