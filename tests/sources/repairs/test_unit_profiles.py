"""Units cut to equal areas, and their profiles from the land that stands out in them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from citybraid.core.rows.levels import UnitProfileLand, UnitProfileName
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.sources.land_use.land_use import guide
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.filling.planning_units import equal_areas
from citybraid.sources.repairs.filling.unit_profiles import outstanding, profile_areas, repair
from tests.sources.planner_files import CRS

UNITS = gpd.GeoSeries([box(0, 0, 100, 100), box(100, 0, 200, 100), box(200, 0, 300, 100)], list("abc"), crs=CRS)
ROWS = read_table(UnitProfileLand)


@given(count=st.integers(1, 23), width=st.floats(50, 5000), height=st.floats(50, 5000), notch=st.floats(0.05, 0.9))
def test_parts_are_equal_and_make_up_the_area(count: int, width: float, height: float, notch: float) -> None:
    shape = Polygon([(0, 0), (width, 0), (width, height * notch), (width * notch, height), (0, height)])
    cut = equal_areas(shape, count)
    areas = np.array([part.area for part in cut.values()])
    assert len(cut) == count
    assert areas == pytest.approx(shape.area / count, rel=1e-9)
    assert shapely.union_all(list(cut.values())).area == pytest.approx(shape.area, rel=1e-9)


def test_eleven_parts_of_a_square_are_named_from_the_north_west_and_always_the_same() -> None:
    square = box(0, 0, 10_000, 10_000)
    cut = equal_areas(square, 11)
    assert list(cut) == [f"U{at:02d}" for at in range(1, 12)]
    assert cut["U01"].bounds[3] == 10_000
    assert all(part.equals(equal_areas(square, 11)[name]) for name, part in cut.items())


def land(*pieces: tuple[str, float, float]) -> gpd.GeoDataFrame:
    """Land uses as strips of a unit's full height: code, from, to."""
    shapes = [box(left, 0, right, 100) for _, left, right in pieces]
    return gpd.GeoDataFrame({"land_use": [code for code, _, _ in pieces]}, geometry=shapes, crs=CRS)


def found(pieces: gpd.GeoDataFrame, *, undescribed: bool = False, least: float = 1.1) -> list[str]:
    areas = profile_areas(UNITS.to_numpy(), pieces, ROWS, undescribed=undescribed)
    return outstanding(areas, UNITS.area.to_numpy(), ROWS, least=least)


def test_a_unit_takes_the_use_that_it_has_most_of_against_all() -> None:
    # Green: 20, 5, 5 %; homes: 30, 30, 60 %; works: 10, 40, 10 %.
    pieces = land(("1401", 0, 20), ("0701", 20, 50), ("1001", 50, 60), ("1401", 100, 105), ("0701", 105, 135),
                  ("1001", 135, 175), ("1401", 200, 205), ("0701", 205, 265), ("1001", 265, 275))  # fmt: skip
    assert found(pieces) == ["ecological", "industrial", "residential"]


def test_where_nothing_stands_out_a_unit_is_mixed() -> None:
    both = (("07", 0), ("10", 30))
    pieces = land(*((code, left + at, left + at + 30) for left in (0, 100, 200) for code, at in both))
    assert found(pieces) == ["mixed"] * 3


def test_a_sliver_of_a_use_gives_no_profile() -> None:
    # A twentieth of a unit is the least: 4 % of land to renew are no unit of renewal, though no other unit has any.
    pieces = land(("2301", 0, 4), ("07", 4, 40), ("07", 100, 136), ("07", 200, 236))
    assert found(pieces)[0] == "mixed"
    assert found(land(("2301", 0, 6), ("07", 6, 40), ("07", 100, 136), ("07", 200, 236)))[0] == "renewal"


def test_ground_that_no_polygon_describes_is_business_where_no_file_tells_any() -> None:
    pieces = land(("1401", 0, 60), ("07", 100, 170), ("07", 200, 210))
    assert found(pieces, undescribed=True) == ["ecological", "residential", "industrial"]
    # A single plot of works is a statement of its own: the rest is then unknown, not business.
    told = gpd.GeoDataFrame(pd.concat([pieces, land(("1001", 60, 68))], ignore_index=True), crs=CRS)
    assert found(told, undescribed=True)[2] != "industrial"


@pytest.mark.parametrize(("ground", "area"), [(True, 7500.0), (False, 10_000.0)])
def test_overlapping_polygons_of_the_ground_count_once_and_parcels_each(ground: bool, area: float) -> None:
    areas = profile_areas(UNITS.to_numpy(), land(("07", 0, 50), ("07", 25, 75)), ROWS, undescribed=ground)
    assert areas["residential"].tolist() == pytest.approx([area, 0.0, 0.0])


def test_stated_profiles_stay_and_gaps_are_told() -> None:
    words = vocabulary()
    pieces = land(("07", 0, 90), ("1001", 100, 190), ("1401", 200, 290))
    layers = [
        SourceLayer(words["units"], UNITS),
        SourceLayer(words["unit_profile"], pd.Series(["更新", "", ""], index=UNITS.index, name="unit_profile")),
        SourceLayer(words["parcels"], pieces.geometry),
        SourceLayer(words["land_use"], pieces["land_use"]),
    ]
    result = repair(Layers({layer_key(each): each for each in layers}), Rules(Target(CRS, 5.0)))
    column = result.layers.get("unit_profile", on="units")
    assert column is not None
    assert column.value.tolist() == ["更新", "industrial", "ecological"]
    assert isinstance(column.stated, pd.Series)
    assert column.stated.tolist() == [True, False, False]
    assert [(each.text, each.count) for each in result.findings] == [("intake.unit_profiles", 2)]


def test_rows_name_known_uses_and_profiles_have_texts() -> None:
    assert {use for row in ROWS for use in row.uses.split()} <= set(guide())
    assert sum(not row.uses for row in ROWS) == 1
    for row in read_table(UnitProfileName):
        assert known(f"profile.{row.profile}")
