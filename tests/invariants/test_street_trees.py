import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import TREE_COUNT, VERGE_LENGTH
from citybraid.core.vocabulary.surface import CANOPY_COVER
from citybraid.integrate.measures.street_trees import StreetTrees, StreetTreesParams, street_trees
from tests.integrate.plan import GRID, STREETS, ends, raster, run

SPACING = 6.0


def planted(verge: float, share: float = 1.0, canopy: float = 0.0, count: float = 0.0) -> StreetTrees:
    streets = STREETS[["geometry", "road_class"]].assign(verge_length=verge, tree_count=count)
    cover = raster(np.full(GRID.shape, canopy))
    found: StreetTrees = run(street_trees, StreetTreesParams(share=share), streets=streets, canopy_cover=cover)
    return found


@given(st.floats(0, 300), st.floats(0, 1))
def test_verge_pays_for_every_tree(verge: float, share: float) -> None:
    found = planted(verge, share)
    assert (found.tree_count * SPACING + found.verge_length).to_list() == pytest.approx([verge] * 2)
    assert found.street_trees_planted.sum() == found.tree_count.sum()
    assert (found.verge_length >= 0).all()


@given(st.floats(0, 300), st.floats(0, 1), st.floats(0, 1))
def test_more_share_plants_no_fewer(verge: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert planted(verge, less).tree_count.sum() <= planted(verge, more).tree_count.sum()


@given(st.floats(0, 300), st.floats(0, 1))
def test_canopy_only_grows(verge: float, canopy: float) -> None:
    found = np.asarray(planted(verge, canopy=canopy).canopy_cover)
    assert (found >= canopy - 1e-12).all()
    assert (found <= 1).all()


def corners() -> list[tuple[float, float, float]]:
    verges = (*ends(VERGE_LENGTH, most=1e4), float("nan"))
    return list(itertools.product(verges, (*ends(CANOPY_COVER), float("nan")), ends(TREE_COUNT)))


@pytest.mark.parametrize(("verge", "canopy", "count"), corners())
def test_corners(verge: float, canopy: float, count: float) -> None:
    found = planted(verge, canopy=canopy, count=count)
    assert found.tree_count["highway"] == count
    assert (found.tree_count["lane"] > count) == (verge > SPACING)
