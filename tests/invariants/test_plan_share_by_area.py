import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.vocabulary.lowcarbon.downscaling import CITY_BUILT_AREA
from citybraid.lowcarbon.accounts.plan_share import plan_share_by_area
from tests.ranges import ends


def share(side: float, city: float) -> float:
    area = gpd.GeoSeries([box(0, 0, side, side)], index=["all"], crs="EPSG:32651")
    return plan_share_by_area(study_area=area, city_built_area=city).plan_share


@given(st.floats(1, 1e4), st.floats(1, 1e3))
def test_the_share_leads_back_to_the_area(side: float, times: float) -> None:
    city = side * side * times * (1 + 1e-9)
    assert share(side, city) * city == pytest.approx(side * side, rel=1e-6)


def corners() -> list[float]:
    return [min(end, 1e12) for end in ends(CITY_BUILT_AREA)]


@pytest.mark.parametrize("city", corners())
def test_corners(city: float) -> None:
    assert share((city * (1 - 1e-9)) ** 0.5, city) == pytest.approx(1.0)
