"""Repairs and rules, each on layers of its own."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.sources.protocol.discovery import all_readers, all_repairs
from citybraid.sources.protocol.rules import STAGES, Neighbourhood
from citybraid.sources.protocol.target import Target
from citybraid.sources.raster.class_overlay import majority, overlay_classes, refined
from citybraid.sources.repairs.filling.building_use import uses_from_neighbours
from citybraid.sources.repairs.filling.planning_units import squares
from citybraid.sources.repairs.filling.year_built import years_from_neighbours
from tests.sources.planner_files import CRS

BASE = Target(CRS, 5.0).placed((0.0, 0.0, 50.0, 50.0)).base


def test_readers_and_repairs_are_found_in_order() -> None:
    assert {"sources.readers.dxf", "sources.readers.geotiff", "sources.readers.epw"} <= {
        each.id for each in all_readers()
    }
    suffixes = [suffix for reader in all_readers() for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))
    stages = [STAGES.index(each.STAGE) for each in all_repairs()]
    assert stages == sorted(stages)


@given(st.floats(50, 3000), st.floats(50, 3000), st.floats(100, 900))
def test_units_part_the_study_area_whole(width: float, height: float, side: float) -> None:
    shape = box(0, 0, width, height).difference(box(0, 0, width / 3, height / 3))
    cut, _ = squares(shape, side, 100)
    assert sum(piece.area for piece in cut.values()) == pytest.approx(shape.area)
    assert 1 <= len(cut) <= 100


def test_neighbours_vote_and_the_lonely_get_nothing() -> None:
    shapes = gpd.GeoSeries([box(x, 0, x + 1, 1) for x in (0, 10, 20, 30, 5000)], crs=CRS)
    uses = pd.Series(["office", "office", "retail", "", ""])
    answer, asked = uses_from_neighbours(shapes, uses, uses == "", Neighbourhood(100.0, 15))
    assert list(answer.value) == ["office", "other"]
    assert list(answer.method) == ["intake.how_vote", "intake.how_rest"]
    assert answer.share().iloc[0] == pytest.approx(2 / 3)
    assert asked == 1


def test_the_median_year_needs_three_of_the_same_use() -> None:
    centres = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0], [5.0, 0.0]])
    years = pd.Series([1990.0, 2000.0, 2004.0, 2020.0, np.nan, np.nan])
    uses = pd.Series(["residential"] * 3 + ["office"] * 2 + ["residential"])
    answer = years_from_neighbours(centres, years, uses, years.isna(), Neighbourhood(100.0, 15))
    assert list(answer.method) == ["intake.how_kind", "intake.how_near"]
    assert answer.value[5] == 2000.0
    assert [end[5] for end in answer.ends()] == [1990.0, 2004.0]


def test_later_shapes_lie_on_top_and_cells_take_the_commonest() -> None:
    assert BASE is not None
    lower = (gpd.GeoSeries([box(0, 0, 50, 50)], crs=CRS), [30])
    upper = (gpd.GeoSeries([box(0, 0, 12, 50)], crs=CRS), [80])
    cover = overlay_classes(BASE, [lower, upper], start=50)
    assert (cover[:, :2] == 80).all()
    assert (cover[:, 2:] == 30).all()
    assert (overlay_classes(BASE, [], start=50) == 50).all()


def test_majority_and_repetition() -> None:
    fine = np.array([[1, 1, 2, 2], [1, 3, 2, 3], [5, 5, 4, 4], [6, 6, 4, 4]], dtype=np.uint8)
    assert majority(fine, 2).tolist() == [[1, 2], [5, 4]]
    assert BASE is not None
    coarse = Target(CRS, 5.0, base=BASE).grid_for(10.0)
    wide = refined(np.arange(25.0).reshape(5, 5), coarse, BASE)
    assert wide.shape == BASE.shape
    assert wide[0, 0] == wide[1, 1] == 0.0
    assert wide[2, 0] == 5.0
